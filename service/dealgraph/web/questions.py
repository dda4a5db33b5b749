"""The questions: the list, the form with its answer, the answer as CSV and JSON, the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.accept import parse_accept, quality
from dealgraph.errors import BadInput, NotAcceptable, NotFound
from dealgraph.questions import rendering
from dealgraph.questions.asking import Answer, ask
from dealgraph.questions.model import Question
from dealgraph.web.accept import prefers_html
from dealgraph.web.cells import page_of, shortened
from dealgraph.web.conditional import same_until_next_release
from dealgraph.web.exchange import exchange
from dealgraph.web.forms import LANGUAGE_NAME, RESERVED, fields, key_of, read_form
from dealgraph.web.headers import TRUNCATED
from dealgraph.web.known import NAME as KNOWN_NAME
from dealgraph.web.known import known_shown
from dealgraph.web.language import language
from dealgraph.web.listing import grouped, listed
from dealgraph.web.opened import OpenRelease, opened, releases_of
from dealgraph.web.running import asker
from dealgraph.web.sources import Source, evidence_of, sources
from dealgraph.web.sparql_request import read_timeout
from dealgraph.web.tables import Table, answer_table
from dealgraph.web.templating import with_query
from dealgraph.web.thing_address import our_iri

blueprint = Blueprint("questions", __name__)

_TYPES: Final = {
    "html": "text/html",
    "json": rendering.JSON_MEDIA_TYPE,
    "csv": rendering.CSV_MEDIA_TYPE,
}
_MOST_SUBJECTS: Final = 50


@dataclass(frozen=True)
class Shown:
    """An answer on a page: ``total`` rows, of which ``table`` has the first, and where else."""

    total: int
    table: Table
    with_evidence: bool
    sparql: str
    csv: str
    json: str
    permalink: str
    query_page: str


@dataclass(frozen=True)
class Subject:
    """A thing with the sentences behind it."""

    iri: str
    label: str
    page: str
    evidence: Sequence[Source]


@blueprint.get("/questions")
@same_until_next_release
def index() -> str:
    """Every question, in groups."""
    return render_template("questions.html", groups=grouped(releases_of(current_app).questions))


@blueprint.get("/questions/<name>")
@same_until_next_release
def question(name: str) -> ResponseReturnValue:
    """A question: its form and answer, or the answer alone by suffix, ?format= or Accept."""
    name, form = _wanted(name)
    known = releases_of(current_app).questions
    if name not in known:
        raise NotFound(f"There is no question {name!r}.", f"There are: {', '.join(sorted(known))}.")
    if form == "html":
        return _page(known[name])
    return _data(known[name], form)


@blueprint.get("/evidence")
@same_until_next_release
def evidence_page() -> str:
    """The sentences behind the things that ?subject= names."""
    subjects = request.args.getlist("subject")
    if len(subjects) > _MOST_SUBJECTS:
        raise BadInput(f"There are {len(subjects)} subjects.", f"Give {_MOST_SUBJECTS} at most.")
    subjects = [our_iri(iri, "subject") for iri in subjects]
    release = opened()
    found = evidence_of(release, subjects)
    shown = [
        Subject(
            iri=iri,
            label=release.labels.label(iri, language()) or shortened(iri),
            page=page_of(iri),
            evidence=sources(found[iri]),
        )
        for iri in dict.fromkeys(subjects)
    ]
    return render_template("evidence.html", subjects=shown)


def _wanted(name: str) -> tuple[str, str]:
    """The name of the question, and html, json or csv."""
    bare, dot, suffix = name.rpartition(".")
    asked = suffix if dot else request.args.get("format", "")
    if asked:
        if asked not in _TYPES:
            raise BadInput(
                f"{asked!r} is no format of an answer.", f"Give one of {', '.join(_TYPES)}."
            )
        return (bare if dot else name), asked
    return name, _accepted(request.headers.get("Accept", ""))


def _accepted(accept: str) -> str:
    """The form that an Accept header wants: the page, where it has no wish."""
    if accept.strip() in ("", "*/*") or prefers_html(request):
        return "html"
    ranges = parse_accept(accept)
    ranked = {form: quality(_TYPES[form], ranges) or (0.0, 0) for form in ("json", "csv", "html")}
    best = max(ranked, key=lambda form: ranked[form])
    if ranked[best][0] == 0:
        raise NotAcceptable(
            f"An answer can't be written as {accept[:80]}.",
            f"Ask for one of: {', '.join(_TYPES.values())}.",
        )
    return best


def _page(wanted: Question) -> ResponseReturnValue:
    release = opened()
    form = read_form(wanted, request.args, release.labels)
    shown = None if form.errors else _shown(wanted, form.values, release)
    page = render_template(
        "question.html",
        question=listed(wanted),
        fields=fields(wanted, form, release.labels),
        answer=shown,
    )
    headers = {}
    if shown is not None and shown.total > len(shown.table.rows):
        headers[TRUNCATED] = f"rows={len(shown.table.rows)}"
    return page, (400 if form.errors else 200), headers


def _shown(wanted: Question, values: Mapping[str, Sequence[str]], release: OpenRelease) -> Shown:
    answer = _answer(wanted, values, release)
    pairs = _pairs(wanted, answer)
    most = current_app.config["DEALGRAPH_SETTINGS"].page_rows
    return Shown(
        total=len(answer.rows),
        table=answer_table(answer, release, most),
        with_evidence=wanted.evidence is not None,
        sparql=answer.sparql,
        csv=with_query(f"/questions/{wanted.name}.csv", pairs),
        json=with_query(f"/questions/{wanted.name}.json", pairs),
        permalink=with_query(f"/questions/{wanted.name}", pairs),
        query_page=with_query("/sparql", [("query", answer.sparql), *_known()]),
    )


def _data(wanted: Question, form: str) -> Response:
    # Left to ask(): a program is told of a bad value by an error, not by a form.
    given = {name: texts for name, texts in request.args.lists() if name not in RESERVED}
    answer = _answer(wanted, given, opened())
    if form == "csv":
        response = Response(
            b"".join(rendering.csv_chunks(answer)), content_type="text/csv; charset=utf-8"
        )
        file = f"dealgraph-{answer.release}-{wanted.name}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        return response
    return Response(rendering.to_json(answer), mimetype=rendering.JSON_MEDIA_TYPE)


def _answer(wanted: Question, values: Mapping[str, Sequence[str]], release: OpenRelease) -> Answer:
    timeout = read_timeout(request.args.get("timeout"))
    answer = ask(wanted, values, release.engine, release.labels, language(), timeout, asker())
    exchange().rows = len(answer.rows)
    return answer


def _pairs(wanted: Question, answer: Answer) -> list[tuple[str, str]]:
    """The values that were used, as they are written in an address: keys instead of names."""
    labels = opened().labels
    pairs = []
    for name, terms in answer.parameters.items():
        if name == LANGUAGE_NAME:
            continue
        kind = wanted.parameters[name].type
        values = [
            key_of(term.value, kind, labels) if term.kind == "iri" else term.value for term in terms
        ]
        # A field left open is named too, or the address would mean its default.
        pairs += [(name, value) for value in values or [""]]
    return [*pairs, *_known(), (LANGUAGE_NAME, language())]


def _known() -> list[tuple[str, str]]:
    day = known_shown()
    return [] if day is None else [(KNOWN_NAME, day.isoformat())]
