"""The Graph Store HTTP Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/

A graph is named by ``?graph=<IRI>``, is the default graph by ``?default``, or is the one whose
IRI is the address itself, below ``/store/``.
"""

import uuid
from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.formats import GraphFormat, choose
from dealgraph.engines.rows import absolute_iris
from dealgraph.engines.tables import Term
from dealgraph.errors import BadInput, NotFound
from dealgraph.questions.internal import internal_query
from dealgraph.questions.slots import filled
from dealgraph.web.conditional import tag
from dealgraph.web.exchange import counted
from dealgraph.web.fields import read_fields
from dealgraph.web.opened import opened
from dealgraph.web.running import asker
from dealgraph.web.streaming import streamed
from dealgraph.web.upload import received_graph
from dealgraph.web.writing import commit, none_match, told, writer

blueprint = Blueprint("graph_store", __name__)

_DEFAULT: Final = ""
_METHODS: Final = ("GET", "PUT", "POST", "DELETE")


@blueprint.route("/store", methods=_METHODS)
@blueprint.route("/store/", methods=_METHODS)
def indirect() -> ResponseReturnValue:
    """A graph that the query string names; POST without a name makes a new one."""
    graph = _named_graph()
    if graph is None and request.method == "POST":
        graph = f"{request.url_root}store/{uuid.uuid4()}"
        response = _write(graph)
        if response.status_code == 201:
            response.headers["Location"] = graph
        return response
    if graph is None:
        raise BadInput("No graph is named.", "Give ?graph=<IRI> or ?default.")
    return _serve(graph)


@blueprint.route("/store/<path:name>", methods=_METHODS)
def direct(name: str) -> ResponseReturnValue:
    """The graph whose IRI is this address."""
    del name  # the address is taken as it was sent, percent signs and all
    if "graph" in request.args or "default" in request.args:
        raise BadInput("The graph is named twice.", "Give ?graph= and ?default to /store only.")
    return _serve(absolute_iris([request.base_url])[0])


def _named_graph() -> str | None:
    fields = read_fields(request.query_string, "the query string")
    names = [_DEFAULT] * len(fields.get("default", ())) + [*fields.get("graph", ())]
    if len(names) > 1:
        raise BadInput("More than one graph is named.", "Give ?graph=<IRI> or ?default, once.")
    if not names or not fields.get("graph"):
        return names[0] if names else None
    if not names[0]:
        raise BadInput("graph is empty.", "Give an absolute IRI, or ?default.")
    return absolute_iris(names)[0]


def _serve(graph: str) -> ResponseReturnValue:
    return _read(graph) if request.method in ("GET", "HEAD") else _write(graph)


def _write(graph: str) -> Response:
    token = writer()
    if request.method == "DELETE":
        return told(commit(token, kind="delete", graph=graph, **none_match()), 200)
    kind = request.method.lower()
    with received_graph() as parts:
        # What relative IRIs in a graph are relative to: its name, or the address of the request.
        base = graph or request.base_url
        outcome = commit(token, kind=kind, graph=graph, parts=parts, base=base, **none_match())
    # A graph without triples is none: nothing was made by sending one.
    return told(outcome, 201 if outcome.published and not outcome.existed else 200)


def _read(graph: str) -> Response:
    release = opened()
    if graph:
        query = filled(internal_query("graph-exists"), {"graph": (Term("iri", graph),)})
        if not release.engine.table(query).rows:
            raise NotFound(
                f"There is no graph <{graph[:200]}>.", "GET /sparql lists those there are."
            )
    name, accept = request.args.get("format"), request.headers.get("Accept")
    form = choose("CONSTRUCT", accept, name)
    assert isinstance(form, GraphFormat)
    number = release.release.number
    etag = f"r{number}-{tag(release.release.content_sha256, graph, form.name)[:12]}"
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        graphs = (graph,) if graph else None
        query = internal_query("graph-triples")
        answer = release.engine.answer(query, form, default_graphs=graphs, **asker())
        response = streamed(counted(answer), form, release)
    # A strong tag, unlike those of queries: it is what If-Match of a write is compared with.
    response.set_etag(etag)
    response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response
