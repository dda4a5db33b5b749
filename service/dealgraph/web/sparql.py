"""The SPARQL endpoint: https://www.w3.org/TR/sparql11-protocol/ for programs, a page for people."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.formats import Format
from dealgraph.engines.reading import read
from dealgraph.errors import BadInput
from dealgraph.web.accept import prefers_html
from dealgraph.web.conditional import marked, release_tag, unchanged
from dealgraph.web.opened import OpenRelease, opened
from dealgraph.web.query_page import query_page
from dealgraph.web.running import asker
from dealgraph.web.sparql_request import QueryRequest, chosen_format, read_query
from dealgraph.web.streaming import streamed

blueprint = Blueprint("sparql", __name__)


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
    form = chosen_format(read(query).form, asked.format_names, accept)
    etag = _etag(asked, query, form, release)
    held = unchanged(etag) if etag else None
    response = held or _answered(asked, query, form, release)
    if held is None:
        if etag:
            marked(response, etag)
        else:
            response.cache_control.no_store = True
    response.vary.add("Accept")
    return response


def _etag(asked: QueryRequest, query: str, form: Format, release: OpenRelease) -> str | None:
    if read(query).volatile:
        return None
    return release_tag(
        release.release,
        query,
        *asked.default_graphs,
        "named",
        *asked.named_graphs,
        form.name,
    )


def _answered(asked: QueryRequest, query: str, form: Format, release: OpenRelease) -> Response:
    answer = release.engine.answer(
        query,
        format=form,
        default_graphs=asked.default_graphs or None,
        named_graphs=asked.named_graphs or None,
        timeout=asked.timeout,
        **asker(),
    )
    return streamed(iter(answer.chunks), form, release)
