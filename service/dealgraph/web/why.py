"""Explanations over HTTP: why a triple holds, why a claim is not believed."""

import json
from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from dealgraph.errors import BadInput, NotFound
from dealgraph.explaining.as_json import explained_json, listed_json
from dealgraph.explaining.listing import held_of
from dealgraph.explaining.naming import Namer, read_statement, read_term
from dealgraph.explaining.tree import Explained
from dealgraph.explaining.why import believed_statement, why, why_claim
from dealgraph.explaining.words import word
from dealgraph.resources import folder
from dealgraph.vocab import ID
from dealgraph.web.accept import prefers_html
from dealgraph.web.conditional import same_until_next_release
from dealgraph.web.language import language
from dealgraph.web.opened import OpenRelease, opened
from dealgraph.web.templating import link
from dealgraph.web.why_view import Listing, listing_view, section_view

blueprint = Blueprint("why", __name__)

_MOST: Final = 20
_LONGEST: Final = 2_000


@blueprint.get("/why")
@same_until_next_release
def page() -> ResponseReturnValue:
    """The explanation of a triple or claim as a page, or as JSON for a program."""
    if not prefers_html(request):
        return _json()
    found = _wanted()
    query = request.query_string.decode("latin-1")
    return render_template(
        "why.html",
        sections=[
            each if isinstance(each, Listing) else section_view(opened(), each) for each in found
        ],
        word=lambda key, **values: word(key, language(), **values),
        json=link(f"/why.json?{query}") if query else "",
    )


@blueprint.get("/why.json")
@same_until_next_release
def data() -> ResponseReturnValue:
    """The explanation as JSON, whatever the client accepts."""
    return _json()


def _json() -> Response:
    release = opened()
    namer = Namer(release.labels, language())
    found: list[dict[str, Any]] = [
        listed_json(each.iri, each.held, namer)
        if isinstance(each, Listing)
        else explained_json(each, namer)
        for each in _wanted()
    ]
    document = {"release": release.release.number, "explanations": found}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return Response(text, mimetype="application/json")


def _wanted() -> Sequence[Explained | Listing]:
    """What the address asks for: an explanation for each claim, triple or subject.

    :raises BadInput: when it asks for nothing, for too much, or by a name that nothing has.
    :raises NotFound: when the release has no such triple or claim.
    """
    given = {name: _values(name) for name in ("claim", "subject", "predicate", "object")}
    release = opened()
    if given["predicate"] or given["object"]:
        if [len(given[name]) for name in ("subject", "predicate")] != [1, 1]:
            raise BadInput(
                "A triple has one subject and one predicate.",
                "Give ?subject=, &predicate= and &object=, or a subject alone.",
            )
        return [_triple(release, given["subject"][0], given["predicate"][0], given["object"])]
    found: list[Explained | Listing] = []
    for text in given["claim"]:
        found.append(why_claim(release.engine, _iri(release, text), language()))
    for text in given["subject"]:
        found.append(_subject(release, _iri(release, text)))
    if not found:
        raise BadInput(
            "The address names nothing to explain.",
            "Give ?claim=, or ?subject= with &predicate= and &object=.",
        )
    return found


def _values(name: str) -> list[str]:
    values = [text for text in request.args.getlist(name) if text.strip()]
    if len(values) > _MOST:
        raise BadInput(f"There are {len(values)} values of {name}.", f"Give {_MOST} at most.")
    for text in values:
        if len(text) > _LONGEST:
            raise BadInput(
                f"{name} has {len(text)} characters.", f"Give {_LONGEST} at most: an IRI or a name."
            )
    return values


def _iri(release: OpenRelease, text: str) -> str:
    return read_term(text, "subject", release.labels).value


def _triple(
    release: OpenRelease, subject: str, predicate: str, objects: Sequence[str]
) -> Explained | Listing:
    if len(objects) > 1:
        raise BadInput(f"There are {len(objects)} objects.", "Give one: a triple has one.")
    if objects:
        statement = read_statement(subject, predicate, objects[0], release.labels)
        return why(release.engine, statement, language(), folder("ontology"))
    iri = _iri(release, subject)
    of = read_term(predicate, "predicate", release.labels).value
    return _listing(release, iri, of)


def _subject(release: OpenRelease, iri: str) -> Explained | Listing:
    if iri.startswith(f"{ID}claim/"):
        return why_claim(release.engine, iri, language())
    if iri.startswith(f"{ID}belief/"):
        statement = believed_statement(release.engine, iri)
        if statement is not None:
            return why(release.engine, statement, language(), folder("ontology"))
    return _listing(release, iri, None)


def _listing(release: OpenRelease, iri: str, predicate: str | None) -> Listing:
    held = held_of(release.engine, iri, language(), predicate)
    if not held:
        raise NotFound(
            f"This release holds nothing of <{iri[:200]}> that would need an explanation.",
            "Search for a firm, a deal or a part of one at /search?q=…",
        )
    return listing_view(release, iri, held)
