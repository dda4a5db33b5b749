"""The SPARQL endpoint: https://www.w3.org/TR/sparql11-protocol/ for programs, a page for people."""

from typing import Final

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.formats import Format
from dealgraph.engines.reading import read
from dealgraph.errors import BadInput
from dealgraph.web.accept import prefers_html
from dealgraph.web.conditional import marked, release_tag, unchanged
from dealgraph.web.descriptions import service_description
from dealgraph.web.exchange import counted, exchange
from dealgraph.web.known import note_known
from dealgraph.web.opened import OpenRelease, opened, opened_numbered, releases_of
from dealgraph.web.query_page import query_page
from dealgraph.web.running import asker
from dealgraph.web.sparql_request import BODIES, QueryRequest, chosen_format, read_query
from dealgraph.web.streaming import streamed

blueprint = Blueprint("sparql", __name__)

# A list of structured fields (https://www.rfc-editor.org/rfc/rfc9651.html): each is a token there.
_ACCEPT_QUERY: Final = ", ".join(BODIES)


@blueprint.route("/sparql", methods=["GET", "POST", "QUERY"])
def sparql() -> ResponseReturnValue:
    """A query operation; a browser without a format gets the query page.

    QUERY is that of https://www.rfc-editor.org/rfc/rfc10008.html: as safe as GET, with a body.
    A GET without a query is answered by the description of the endpoint.
    """
    return _operation(None)


@blueprint.route("/releases/<number>/sparql", methods=["GET", "POST", "QUERY"])
def numbered_sparql(number: str) -> ResponseReturnValue:
    """The same on the release of that number, for as long as it is kept."""
    return _operation(number)


def _operation(number: str | None) -> ResponseReturnValue:
    asked = read_query(request)
    note_known(asked.known)
    if number is not None:
        opened_numbered(number)
    exchange().asked(asked.query or "")
    if prefers_html(request) and not asked.format_names:
        return query_page(asked)
    if asked.query is None and request.method != "POST":
        plain = current_app.config["DEALGRAPH_SETTINGS"].plain
        return service_description(request.base_url, plain)
    if not asked.query:
        raise BadInput(
            "There is no query.",
            "Send one as ?query=…, as a form, or as a body of the type application/sparql-query.",
        )
    return _answer(asked, asked.query)


@blueprint.after_request
def tell_bodies(response: Response) -> Response:
    """Says which bodies are read: https://www.rfc-editor.org/rfc/rfc10008.html"""
    response.headers["Accept-Query"] = _ACCEPT_QUERY
    return response


def _answer(asked: QueryRequest, query: str) -> Response:
    release = opened()
    accept = request.headers.get("Accept")
    inspected = read(query, releases_of(current_app).reach)
    form = chosen_format(inspected.form, asked.format_names, accept)
    etag = None if inspected.volatile else _etag(asked, query, form, release)
    held = unchanged(etag) if etag else None
    response = held or _answered(asked, query, form, release)
    if held is None:
        if etag:
            marked(response, etag)
        else:
            response.cache_control.no_store = True
    response.vary.add("Accept")
    return response


def _base() -> str:
    """What relative IRIs are relative to: the endpoint, whichever release is asked."""
    return f"{request.url_root}sparql"


def _etag(asked: QueryRequest, query: str, form: Format, release: OpenRelease) -> str:
    return release_tag(
        release.release,
        query,
        _base(),
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
        base=_base(),
        **asker(),
    )
    return streamed(counted(answer), form, release)
