"""What something rests on: the sentences, their articles, who reported, and what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dealgraph.engines.rows import Term
from dealgraph.questions.internal import internal_query
from dealgraph.questions.labels import Engine
from dealgraph.questions.slots import filled

# The facets of a statement; the first that has a verdict stands for it: most telling first.
FACETS = (
    "status", "amount", "exclusivity", "quantity", "period", "date", "party", "offering",
    "condition", "assessment",
)  # fmt: skip


class Named(NamedTuple):
    """A text with the language that it is in, empty for none."""

    text: str
    language: str


@dataclass(frozen=True)
class Evidence:
    """One sentence behind something: what one article says in one statement.

    ``claim`` is the claim whose ``verdict`` stands for all ``claims`` of the statement; the
    verdict of each facet is in ``verdicts``. ``kind``, ``verdict`` and ``reported_basis`` are
    names of concepts. ``published`` and ``reported`` are as printed (EDTF), None where nobody
    knows. ``reporters`` are the names of those the article had it from, in order; empty where it
    names none.
    """

    claim: str
    claims: tuple[str, ...]
    statement: str
    about: str
    article: str
    title: Named
    address: str | None
    outlet: str
    sentence: Named
    kind: str
    confidence: str
    published: str | None
    reported: str | None
    reported_basis: str
    verdict: str
    verdicts: tuple[tuple[str, str], ...]
    note: Named | None
    reporters: tuple[str, ...]


# The variables that are bound in a row.
_Row = Mapping[str, Term]


def evidence(engine: Engine, subjects: Sequence[str], lang: str) -> dict[str, list[Evidence]]:
    """The evidence of each subject, in order of reporting; an empty list for one that has none.

    A subject is the IRI of a component, valuation or event, of a deal (then that of all its
    parts), of a claim, of a belief or a value node.

    :raises BadInput: when a subject is no IRI.
    """
    links = _rows(engine, "claims", "subject", subjects, lang)
    claims = sorted({link["claim"].value for link in links})
    rows = _by("claim", _rows(engine, "evidence", "claim", claims, lang))
    articles = sorted({row["article"].value for several in rows.values() for row in several})
    context = _Context(
        articles=_by("article", _rows(engine, "articles", "article", articles, lang)),
        reporters=_by("claim", _rows(engine, "reporters", "claim", claims, lang)),
        notes=_by("claim", _rows(engine, "notes", "claim", claims, lang)),
        lang=lang,
    )
    groups: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for link in links:
        for row in rows.get(link["claim"].value, ()):
            groups[link["subject"].value, row["evidence"].value].append(row)
    found: dict[str, list[tuple[tuple[bool, str], Evidence]]] = {each: [] for each in subjects}
    for (subject, _), group in groups.items():
        group.sort(key=lambda row: (FACETS.index(_facet(row)), row["claim"].value))
        found[subject].append((_order(group[0]), _evidence(group, context)))
    return {
        subject: [one for _, one in sorted(several, key=lambda pair: (pair[0], pair[1].claim))]
        for subject, several in found.items()
    }


class _Context(NamedTuple):
    """What is known of the articles and claims, each by its IRI."""

    articles: Mapping[str, list[_Row]]
    reporters: Mapping[str, list[_Row]]
    notes: Mapping[str, list[_Row]]
    lang: str


def _rows(engine: Engine, query: str, variable: str, iris: Sequence[str], lang: str) -> list[_Row]:
    if not iris:
        return []
    things = [Term("iri", iri, None, None) for iri in dict.fromkeys(iris)]
    language = [Term("literal", lang, None, None)]
    table = engine.table(filled(internal_query(query), {variable: things, "lang": language}))
    return [
        {name: term for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]


def _by(name: str, rows: Iterable[_Row]) -> Mapping[str, list[_Row]]:
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row[name].value].append(row)
    return groups


def _evidence(group: Sequence[_Row], context: _Context) -> Evidence:
    first = group[0]
    article = context.articles[first["article"].value]
    steps = sorted(
        context.reporters.get(first["claim"].value, ()), key=lambda step: int(step["hop"].value)
    )
    verdict = _local(first, "verdict") or "pending"
    return Evidence(
        claim=first["claim"].value,
        claims=tuple(row["claim"].value for row in group),
        statement=first["statement"].value,
        about=first["about"].value,
        article=first["article"].value,
        title=_named(article, "title", context.lang),
        address=_text(article[0], "address"),
        outlet=_named(article, "outlet", context.lang).text,
        sentence=_named([first], "exact" if "exact" in first else "sentence", context.lang),
        kind=_local(first, "kind"),
        confidence=_local(first, "confidence"),
        published=_text(article[0], "published"),
        reported=_text(first, "reported"),
        reported_basis=_local(first, "basis"),
        verdict=verdict,
        verdicts=tuple(dict.fromkeys((_facet(row), _local(row, "verdict")) for row in group)),
        note=_note(group, verdict, context),
        reporters=tuple(step["name"].value for step in steps),
    )


def _note(group: Sequence[_Row], verdict: str, context: _Context) -> Named | None:
    """Why it is not simply believed; the reviewer's word on it before that on a pair."""
    if verdict == "accepted":
        return None
    notes = [note for row in group for note in context.notes.get(row["claim"].value, ())]
    notes.sort(key=lambda note: "rule" in note)
    return _named(notes, "note", context.lang) if notes else None


def _named(rows: Sequence[_Row], name: str, lang: str) -> Named:
    """The text in the language that is asked for, else in another."""
    terms = [row[name] for row in rows if name in row]
    terms.sort(key=lambda term: term.language != lang)
    return Named(terms[0].value, terms[0].language or "") if terms else Named("", "")


def _text(row: _Row, name: str) -> str | None:
    return row[name].value if name in row else None


def _local(row: _Row, name: str) -> str:
    """The last part of an IRI: the name of a concept."""
    return row[name].value.rsplit("/", 1)[-1] if name in row else ""


def _facet(row: _Row) -> str:
    """StatusClaim is the class of claims of a status."""
    return row["class"].value.rsplit("#", 1)[-1].removesuffix("Claim").lower()


def _order(row: _Row) -> tuple[bool, str]:
    # What nobody dated comes last: it can't be ordered.
    return "reported" not in row, _text(row, "by") or ""
