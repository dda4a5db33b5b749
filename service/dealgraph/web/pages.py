"""The pages without a question: home, search by name, the list of releases."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from dealgraph.errors import BadInput
from dealgraph.questions.labels import Match
from dealgraph.releases.workspace import Release
from dealgraph.web.accept import prefers_html
from dealgraph.web.cells import page_of
from dealgraph.web.conditional import same_until_next_release
from dealgraph.web.language import language
from dealgraph.web.listing import grouped
from dealgraph.web.opened import opened, releases_of

blueprint = Blueprint("pages", __name__)

_KINDS: Final = ("firm", "product", "deal", "component", "valuation", "article")
_MOST_FOUND: Final = 30
_LONGEST: Final = 200  # no name is longer; each word more costs time over all names


@dataclass(frozen=True)
class Count:
    """How many of one kind a release holds."""

    label: str
    value: int


@dataclass(frozen=True)
class Found:
    """A thing found by name, with the address of its page."""

    key: str
    iri: str
    label: str
    matched: str
    kind: str
    page: str


@blueprint.get("/")
@same_until_next_release
def home() -> str:
    """What this is, a search, the questions, and how much the release holds."""
    groups = grouped(releases_of(current_app).questions)
    return render_template("home.html", groups=groups, counts=_counts(opened().release))


@blueprint.get("/releases")
def releases() -> str:
    """Every release there is, newest first."""
    kept = releases_of(current_app).workspace.releases()
    rows = [(release, _counts(release)) for release in reversed(kept)]
    return render_template("releases.html", releases=rows, current=opened().release)


@blueprint.get("/search")
@same_until_next_release
def search() -> ResponseReturnValue:
    """Firms, products, deals and the rest by the beginning of a word of a name or alias."""
    text = request.args.get("q", "").strip()
    kind = request.args.get("kind") or None
    if kind is not None and kind not in _KINDS:
        raise BadInput(f"kind is {kind!r}, which is none.", f"Give one of {', '.join(_KINDS)}.")
    if len(text) > _LONGEST:
        raise BadInput(f"The text has {len(text)} characters.", f"Give {_LONGEST} at most.")
    matches = opened().labels.search(text, kind, language(), _MOST_FOUND)
    results = [_found(match) for match in matches]
    if prefers_html(request):
        return render_template("search.html", text=text, kind=kind or "", results=results)
    return jsonify(results=results)


def _found(match: Match) -> Found:
    return Found(match.key, match.iri, match.label, match.matched, match.kind, page_of(match.iri))


def _counts(release: Release) -> list[Count]:
    texts = current_app.config["DEALGRAPH_MESSAGES"][language()]
    return [
        Count(texts.get(f"count.{name}", name), value) for name, value in release.counts.items()
    ]
