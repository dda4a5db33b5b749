"""The pages of things, and the redirect from the address of a thing to what can be read of it."""

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.formats import GraphFormat
from dealgraph.errors import NotFound
from dealgraph.vocab import ID
from dealgraph.web.accept import prefers_html
from dealgraph.web.conditional import same_until_next_release
from dealgraph.web.deal_parts import part_columns
from dealgraph.web.language import told
from dealgraph.web.listing import asks_about
from dealgraph.web.opened import opened, releases_of
from dealgraph.web.tables import Column
from dealgraph.web.templating import link
from dealgraph.web.thing_address import our_iri, thing_iri
from dealgraph.web.things import thing_of

blueprint = Blueprint("entities", __name__)


@blueprint.get("/id/<kind>/<path:key>")
def dereference(kind: str, key: str) -> ResponseReturnValue:
    """303 from the thing to its page or its data (https://www.w3.org/TR/cooluris/#r303gendocument)."""
    thing_iri(ID, f"{kind}/{key}")
    to = "entity" if prefers_html(request) else "export/id"
    response = redirect(link(f"/{to}/{kind}/{key}"), 303)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/entity/<kind>/<path:key>")
@same_until_next_release
def entity(kind: str, key: str) -> str:
    """The page of a thing that has an address of its own."""
    return _page(thing_iri(ID, f"{kind}/{key}"))


@blueprint.get("/about")
@same_until_next_release
def about() -> str:
    """The page of a concept, class, property or graph, by its IRI."""
    return _page(our_iri(request.args.get("iri", ""), "iri"))


def _page(iri: str) -> str:
    thing = thing_of(opened(), iri)
    if thing is None:
        raise NotFound(
            f"This release says nothing of <{iri}>.", "Search for its name at /search?q=…"
        )
    asks = asks_about(releases_of(current_app).questions, iri, opened().labels)
    columns = [
        Column(told("entity.from")),
        Column(told("entity.as")),
        Column(told("entity.status")),
    ]
    return render_template(
        "entity.html",
        entity=thing,
        mention_columns=columns,
        part_columns=part_columns(),
        formats=list(GraphFormat),
        asks=asks,
    )
