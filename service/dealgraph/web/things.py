"""What is known of one thing: names, facts, where it appears, what the reports say of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dealgraph.engines.rows import Term
from dealgraph.explaining.listing import is_held
from dealgraph.questions.internal import internal_query
from dealgraph.questions.slots import filled
from dealgraph.vocab import DG, ID, INFERRED_GRAPH
from dealgraph.web.cells import Cell, cell, named, shortened
from dealgraph.web.deal_parts import parts_of
from dealgraph.web.language import language, told
from dealgraph.web.opened import OpenRelease
from dealgraph.web.sources import Source, evidence_of, sources
from dealgraph.web.tables import Row
from dealgraph.web.why_address import why_triple
from dealgraph.web.written_values import written_values

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NAMES: Final = frozenset({_SKOS + "prefLabel", _SKOS + "altLabel"})
_ALIAS: Final = _SKOS + "altLabel"
_OF_DEAL: Final = frozenset({str(DG.isPartOfDeal), str(DG.relatesToDeal)})
# Values of one property that a page shows; the export has all of them.
_MOST_VALUES: Final = 40
_MOST_MENTIONS: Final = 300

Found = Sequence[tuple[Term | None, ...]]


@dataclass(frozen=True)
class Name:
    """A name in a language, which is empty where it is the page's own."""

    text: str
    lang: str


@dataclass(frozen=True)
class FactValue:
    """A value of a property, and the address that explains it: empty for what only a claim says."""

    shown: Cell
    disputed: bool
    why: str


@dataclass(frozen=True)
class Fact:
    """A property with its values; ``more`` counts those that the page leaves out."""

    predicate: str
    label: str
    objects: Sequence[FactValue]
    more: int


@dataclass(frozen=True)
class Thing:
    """All that the page of a thing shows.

    ``facts`` are stated or believed, ``inferred`` follows from them; ``export`` is the address of
    its files, or empty.
    """

    iri: str
    label: str
    kind: str
    aliases: Sequence[Name]
    facts: Sequence[Fact]
    inferred: Sequence[Fact]
    parts: Sequence[Row]
    mentions: Sequence[Row]
    mentions_more: int
    evidence: Sequence[Source]
    export: str


def thing_of(opened: OpenRelease, iri: str) -> Thing | None:
    """What the release has on an IRI; None when it has nothing."""
    facts = _ask(opened, "entity-facts", iri)
    mentions = _ask(opened, "entity-mentions", iri)
    if not facts and not mentions:
        return None
    parts = parts_of(opened, iri)
    if parts:
        # The table of parts says more of them.
        mentions = [row for row in mentions if row[0] is None or row[0].value not in _OF_DEAL]
    rows = _mentions(opened, mentions)
    return Thing(
        iri=iri,
        label=opened.labels.label(iri, language()) or shortened(iri),
        kind=_kind(opened, iri, facts),
        aliases=_aliases(facts),
        facts=_facts(opened, iri, facts, inferred=False),
        inferred=_facts(opened, iri, facts, inferred=True),
        parts=parts,
        mentions=rows[:_MOST_MENTIONS],
        mentions_more=max(0, len(rows) - _MOST_MENTIONS),
        evidence=_evidence(opened, iri),
        export="/export/id/" + iri.removeprefix(ID) if iri.startswith(ID) else "",
    )


def _ask(opened: OpenRelease, query: str, iri: str) -> Found:
    text = filled(internal_query(query), {"thing": [Term("iri", iri, None, None)]})
    return opened.engine.table(text).rows


def _kind(opened: OpenRelease, iri: str, facts: Found) -> str:
    """The classes that were stated, not those that follow."""
    stated = [
        object_.value
        for predicate, object_, graph, _ in facts
        if predicate and object_ and graph
        and predicate.value == _RDF_TYPE and graph.value != str(INFERRED_GRAPH)
        and object_.value != str(DG.DisputedValue)
    ]  # fmt: skip
    labels = [opened.labels.label(each, language()) or shortened(each) for each in stated]
    return ", ".join(dict.fromkeys(labels)) or told("entity.thing")


def _aliases(facts: Found) -> list[Name]:
    found = {
        object_.value: object_.language or ""
        for predicate, object_, _, _ in facts
        if predicate and object_ and predicate.value == _ALIAS
    }
    names = [Name(text, "" if lang == language() else lang) for text, lang in found.items()]
    return sorted(names, key=lambda name: (name.lang, name.text.casefold()))


def _facts(opened: OpenRelease, iri: str, facts: Found, *, inferred: bool) -> list[Fact]:
    written = {} if inferred else written_values(opened, _ask(opened, "entity-values", iri))
    groups: dict[str, dict[Term, FactValue]] = defaultdict(dict)
    for predicate, object_, graph, disputed in facts:
        if predicate is None or object_ is None or graph is None or predicate.value in _NAMES:
            continue
        if (graph.value == str(INFERRED_GRAPH)) != inferred:
            continue
        if object_.language and object_.language != language():
            continue  # the same text in the other language
        text = written.get(object_.value)
        shown = Cell(text, title=object_.value) if text else cell(object_, opened.labels)
        marked = disputed is not None and disputed.value == "true"
        why = why_triple(iri, predicate.value, object_) if is_held(graph.value) else ""
        groups[predicate.value][object_] = FactValue(shown, marked, why)
    return sorted(
        (_fact(opened, predicate, list(values.values())) for predicate, values in groups.items()),
        key=lambda fact: (fact.predicate != _RDF_TYPE, fact.label.casefold()),
    )


def _fact(opened: OpenRelease, predicate: str, values: list[FactValue]) -> Fact:
    values.sort(key=lambda value: value.shown.text.casefold())
    return Fact(
        predicate=predicate,
        label=_property(opened, predicate),
        objects=values[:_MOST_VALUES],
        more=max(0, len(values) - _MOST_VALUES),
    )


def _property(opened: OpenRelease, predicate: str) -> str:
    label = opened.labels.label(predicate, language())
    if label:
        return label
    # The few properties of others that the graph uses have no label of ours.
    texts = _FOREIGN.get(predicate)
    return told(texts) if texts else shortened(predicate)


_FOREIGN: Final[Mapping[str, str]] = {
    _RDF_TYPE: "property.type",
    _SKOS + "closeMatch": "property.close_match",
    _SKOS + "definition": "property.definition",
    _SKOS + "inScheme": "property.in_scheme",
    _SKOS + "broader": "property.broader",
    "http://purl.org/dc/terms/identifier": "property.identifier",
    "http://purl.org/dc/terms/title": "property.title",
    "http://purl.org/dc/terms/language": "property.language",
    "http://www.w3.org/ns/prov#wasDerivedFrom": "property.derived_from",
    "http://www.w3.org/2000/01/rdf-schema#label": "property.label",
}


def _mentions(opened: OpenRelease, found: Found) -> list[Row]:
    groups: dict[tuple[str, str], list[Term]] = {}
    for role, source, status in found:
        if role is not None and source is not None:
            statuses = groups.setdefault((role.value, source.value), [])
            if status is not None:
                statuses.append(status)
    rows = [
        Row(
            cells=[
                named(source, opened.labels),
                Cell(_property(opened, role)),
                Cell(", ".join(cell(each, opened.labels).text for each in statuses)),
            ]
        )
        for (role, source), statuses in groups.items()
    ]
    return sorted(rows, key=lambda row: (row.cells[1].text, row.cells[0].text.casefold()))


def _evidence(opened: OpenRelease, iri: str) -> list[Source]:
    """What the reports say of it; of an article, all that it says itself."""
    if iri.startswith((ID + "org/", ID + "offering/")):
        return []
    if not iri.startswith(ID + "article/"):
        return sources(evidence_of(opened, [iri])[iri])
    topics = [topic.value for [topic] in _ask(opened, "article-topics", iri) if topic]
    found = evidence_of(opened, topics)
    return sources(one for topic in topics for one in found[topic] if one.article == iri)
