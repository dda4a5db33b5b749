"""The SPARQL endpoint: https://www.w3.org/TR/sparql11-protocol/ for programs, a page for people."""

import tempfile
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.formats import Format
from dealgraph.engines.guard import inspect
from dealgraph.engines.lexer import Lexer
from dealgraph.errors import BadInput
from dealgraph.web.accept import prefers_html
from dealgraph.web.conditional import marked, tag, unchanged
from dealgraph.web.opened import Held, OpenRelease, opened
from dealgraph.web.query_page import query_page
from dealgraph.web.sparql_request import QueryRequest, chosen_format, read_query

blueprint = Blueprint("sparql", __name__)

# Functions whose value is another each time: such an answer is never the same for a release.
_VOLATILE: Final = ("NOW", "RAND", "UUID", "STRUUID", "BNODE")
_IN_MEMORY: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> ResponseReturnValue:
    """A query operation; a browser without a format gets the query page."""
    asked = read_query(request)
    if prefers_html(request) and not asked.format_names:
        return query_page(asked)
    if not asked.query:
        raise BadInput(
            "There is no query.",
            "Send one as ?query=…, as a form, or as a body of the type application/sparql-query.",
        )
    return _answer(asked, asked.query)


def _answer(asked: QueryRequest, query: str) -> Response:
    release = opened()
    accept = request.headers.get("Accept")
    form = chosen_format(inspect(query).form, asked.format_names, accept)
    etag = _etag(asked, query, form, release)
    held = unchanged(etag) if etag else None
    response = held or _streamed(asked, query, form, release)
    if held is None:
        response.headers["Content-Type"] = _content_type(form)
        if etag:
            marked(response, etag)
        else:
            response.cache_control.no_store = True
    response.vary.add("Accept")
    return response


def _etag(asked: QueryRequest, query: str, form: Format, release: OpenRelease) -> str | None:
    if any(token.is_word(*_VOLATILE) for token in Lexer(query).tokens()):
        return None
    return tag(
        release.release.content_sha256,
        release.release.dealgraph_version,
        query,
        *asked.default_graphs,
        "named",
        *asked.named_graphs,
        form.name,
    )


def _streamed(asked: QueryRequest, query: str, form: Format, release: OpenRelease) -> Response:
    answer = release.engine.answer(
        query,
        format=form,
        default_graphs=asked.default_graphs or None,
        named_graphs=asked.named_graphs or None,
        timeout=asked.timeout,
    )
    chunks = iter(answer.chunks)
    # Whatever fails before the first byte is still told as an error of its own.
    body = Held(next(chunks, b""), chunks, release)
    if request.method == "HEAD":
        return Response(headers={"Content-Length": str(body.measured())})
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        # Without chunks a broken-off body looks whole to the client, so it is sent whole or not.
        return _whole(body)
    return Response(body)


def _whole(body: Held) -> Response:
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - sent later
    size = sum(spool.write(chunk) for chunk in body)
    spool.seek(0)

    def chunks() -> Iterator[bytes]:
        with spool:
            while chunk := spool.read(_CHUNK):
                yield chunk

    response = Response(chunks())
    response.content_length = size
    return response


def _content_type(form: Format) -> str:
    text = form.media_type.startswith("text/")
    return f"{form.media_type}; charset=utf-8" if text else form.media_type
