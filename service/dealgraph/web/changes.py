"""What changed from one release to another: a page, JSON, or an RDF patch."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.tables import Term
from dealgraph.errors import BadInput, NotFound
from dealgraph.exports import terms
from dealgraph.exports.differences import Difference, differences
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.workspace import Release
from dealgraph.vocab import DG
from dealgraph.web.accept import prefers_html
from dealgraph.web.cells import EMPTY, Cell, cell
from dealgraph.web.conditional import marked, release_tag, unchanged
from dealgraph.web.language import language
from dealgraph.web.opened import opened_numbered, releases_of

blueprint = Blueprint("changes", __name__)

_FORMATS = ("html", "json", "patch")


@dataclass(frozen=True)
class Line:
    """One change of belief or of a verdict, as a reader sees it; ``sign`` is -, + or ~."""

    sign: str
    thing: Cell
    says: Cell
    value: Cell
    before: Cell = EMPTY


@blueprint.get("/releases/<number>/changes")
def changes(number: str) -> ResponseReturnValue:
    """What the release of that number says and the one *since* doesn't, and the other way round."""
    asked = opened_numbered(number)
    older = _since(asked.release)
    form = request.args.get("format") or ("html" if prefers_html(request) else "json")
    if form not in _FORMATS:
        raise BadInput(f"format is {form[:40]!r}.", f"Give one of {', '.join(_FORMATS)}.")
    etag = release_tag(asked.release, older.number, older.content_sha256, form, language())
    response = unchanged(etag)
    if response is None:
        found = differences(older, asked.release)
        if form == "patch":
            response = Response(found.patch(), mimetype="application/rdf-patch")
        elif form == "json":
            response = jsonify(found.plain())
        else:
            lines = _lines(found, asked.labels)
            page = render_template("changes.html", found=found, lines=lines)
            response = Response(page, mimetype="text/html")
        marked(response, etag)
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    return response


def _since(release: Release) -> Release:
    """The older release that the address names; without one, the one before that is kept.

    :raises NotFound: when there is none.
    :raises BadInput: for what is no number.
    """
    workspace = releases_of(current_app).workspace
    text = request.args.get("since")
    if text is None:
        before = [each for each in workspace.releases() if each.number < release.number]
        if not before:
            raise NotFound(
                f"No release before {release.number} is kept.", "Name another as ?since=…"
            )
        return before[-1]
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(
            f"since is {text[:40]!r}, which is no number of a release.", "See /releases."
        )
    return workspace.release(int(text))


def _lines(found: Difference, labels: LabelIndex) -> list[Line]:
    def shown(term: terms.Term | None) -> Cell:
        if term is None:
            return EMPTY
        if isinstance(term, terms.Iri):
            name = cell(Term("iri", term.value), labels)
            words = found.fields(term)
            return Cell(words, href=name.href, title=term.value) if words else name
        return cell(Term("literal", term.value, term.datatype, term.language or None), labels)

    lines = [
        Line(sign, *map(shown, triple))
        for sign, triples in (("-", found.no_longer_believed), ("+", found.newly_believed))
        for triple in triples
    ]
    verdict = cell(Term("iri", str(DG.hasVerdict)), labels)
    lines += [
        Line("~", shown(claim), verdict, shown(after), shown(before))
        for claim, before, after in found.verdicts
    ]
    return lines
