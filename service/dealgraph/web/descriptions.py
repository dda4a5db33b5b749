"""What the service says of itself to programs: the endpoint, the release, the catalogue."""

from typing import Final

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.rows import RowsEngine
from dealgraph.questions.internal import internal_query
from dealgraph.settings import Settings
from dealgraph.vocab import DEFAULT_GRAPHS
from dealgraph.web.catalog_graph import catalog_graph
from dealgraph.web.opened import opened, releases_of
from dealgraph.web.rdf_answer import rdf_answer
from dealgraph.web.service_graph import Contents, GraphSize, service_graph
from dealgraph.web.void_graph import Statistics, void_graph

blueprint = Blueprint("descriptions", __name__)

# Named graphs that a service description lists; graph-names.rq looks for one more.
_MOST_GRAPHS: Final = 1000


def service_description(endpoint: str, plain: bool) -> Response:
    """What the endpoint at the address *endpoint* can do, as RDF.

    https://www.w3.org/TR/sparql11-service-description/#accessing

    :raises NotAcceptable: when Accept allows no RDF.
    """
    settings: Settings = current_app.config["DEALGRAPH_SETTINGS"]
    engine = opened().engine
    return rdf_answer(
        "There is no query, and the description of the endpoint",
        lambda: service_graph(endpoint, _contents(engine, plain), settings),
        "service", plain, settings.allow, settings.writes, bool(settings.write_token_file),
    )  # fmt: skip


@blueprint.get("/.well-known/void")
def well_known_void() -> ResponseReturnValue:
    """Where programs look first: https://www.w3.org/TR/void/#well-known"""
    return redirect("/void", 303)


@blueprint.get("/void")
def void() -> Response:
    """The served release: its size, its classes and properties, and where to get it."""
    release = opened()
    return rdf_answer(
        "The description of the release",
        lambda: void_graph(request.url_root, release.release, _statistics(release.engine)),
    )


@blueprint.get("/catalog")
def catalog() -> Response:
    """Every release there is, and how to get the current one."""
    release = opened().release
    # One that was published since this request began is for the next one.
    kept = [
        each
        for each in releases_of(current_app).workspace.releases()
        if each.number <= release.number
    ]
    response = rdf_answer(
        "The catalogue",
        lambda: catalog_graph(request.url_root, kept, release),
        *(each.number for each in kept),
    )
    # Older releases go without a new one coming: it isn't for the cache of answers, which goes by
    # the current one. Whoever else keeps it asks each time (no-cache), and the tag tells.
    response.cache_control.public = False
    return response


def _contents(engine: RowsEngine, plain: bool) -> Contents:
    if not plain:
        sizes = [GraphSize(name, count) for name, count in _counts(engine, "graph-sizes")]
        [default] = engine.table(internal_query("default-size")).rows[0]
        assert default is not None
        return Contents(int(default.value), list(map(str, DEFAULT_GRAPHS)), sizes)
    # A plain store may be of any size: counting could take longer than a query is allowed to.
    names = [row[0].value for row in engine.table(internal_query("graph-names")).rows if row[0]]
    listed = None if len(names) > _MOST_GRAPHS else [GraphSize(name, None) for name in names]
    return Contents(None, (), listed)


def _statistics(engine: RowsEngine) -> Statistics:
    [totals] = engine.table(internal_query("totals")).rows
    triples, subjects, objects, entities = (int(term.value) for term in totals if term)
    return Statistics(
        triples, subjects, objects, entities,
        classes=dict(_counts(engine, "class-sizes")),
        properties=dict(_counts(engine, "property-sizes")),
    )  # fmt: skip


def _counts(engine: RowsEngine, query: str) -> list[tuple[str, int]]:
    """The rows of an internal query that counts something for each IRI."""
    rows = engine.table(internal_query(query)).rows
    return [(name.value, int(count.value)) for name, count in rows if name and count]
