"""What was believed when: graph/history against belief weighed afresh for each day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import PROV, RDF, XSD
from rdflib.term import Node

from conftest import REPOSITORY
from dealgraph.articles.model import Records
from dealgraph.articles.reader import read_records
from dealgraph.graph.belief import believe
from dealgraph.graph.current import plain_triples
from dealgraph.graph.endings import end
from dealgraph.graph.facets import FacetClaim, facet_claims
from dealgraph.graph.history import history_triples
from dealgraph.graph.relations import edges, reviewed_claims
from dealgraph.vocab import DG, identity

# (subject, predicate, object, whether disputed) -> the claims behind it.
Beliefs = dict[tuple[Node, Node, Node, bool], frozenset[Node]]
Told = tuple[Beliefs, dict[Node, str]]


def doubts(records: Records, claims: Sequence[FacetClaim]) -> dict[URIRef, str]:
    return {
        claim.iri: records.verdicts[key].verdict
        for key, members in reviewed_claims(records, claims).items()
        for claim in members
    }


def afresh(records: Records, claims: Sequence[FacetClaim], when: date) -> Told:
    """Belief and verdicts of all that is known on a day, weighed in one go."""
    known = [claim for claim in claims if claim.known <= when]
    there = {claim.iri for claim in known}
    found = [
        edge
        for edge in edges(records, claims)
        if edge.left.iri in there and edge.right.iri in there
    ]
    believed = believe(known, found, doubts(records, known))
    endings = end(believed, records, found)
    beliefs: Beliefs = {
        (*triple, why.disputed): frozenset(why.claims)
        for triple, why in plain_triples(believed.beliefs, endings).items()
    }
    return beliefs, dict(believed.verdicts.items())


class History:
    """graph/history, read as its definition says."""

    def __init__(self, graph: Graph, known: Mapping[Node, date]) -> None:
        self.graph = graph
        self._known = known

    def at(self, when: date) -> Told:
        beliefs: Beliefs = {}
        for held in self._holding(DG.HeldBelief, when):
            triple = [
                self.graph.value(held, part) for part in (RDF.subject, RDF.predicate, RDF.object)
            ]
            subject, predicate, value = (part for part in triple if part is not None)
            disputed = (held, RDF.type, DG.DisputedValue) in self.graph
            key = (subject, predicate, value, disputed)
            assert key not in beliefs, "two intervals of one belief overlap"
            beliefs[key] = frozenset(self._behind(held, when))
        verdicts: dict[Node, str] = {}
        for held in self._holding(DG.HeldVerdict, when):
            claim, verdict = (self.graph.value(held, each) for each in (DG.assesses, DG.hasVerdict))
            assert claim is not None and claim not in verdicts
            verdicts[claim] = str(verdict).rsplit("/", 1)[-1]
        return beliefs, verdicts

    def _holding(self, kind: URIRef, when: date) -> list[Node]:
        return [
            node
            for node in self.graph.subjects(RDF.type, kind)
            if self._day(node, DG.knownFrom, date.min) <= when
            and when < self._day(node, DG.knownUntil, date.max)
        ]

    def _behind(self, held: Node, when: date) -> list[Node]:
        excepted: dict[Node, bool] = {}
        holding = set(self._holding(DG.HeldSupport, when))
        for support in self.graph.subjects(DG.supportsBelief, held):
            claim = self.graph.value(support, PROV.wasDerivedFrom)
            assert claim is not None
            excepted[claim] = excepted.get(claim, False) or support in holding
        return [
            claim
            for claim in self.graph.objects(held, PROV.wasDerivedFrom)
            if excepted.get(claim, self._known[claim] <= when)
        ]

    def _day(self, node: Node, predicate: URIRef, missing: date) -> date:
        value = self.graph.value(node, predicate)
        return missing if value is None else date.fromisoformat(str(value))


def history(records: Records, claims: Sequence[FacetClaim]) -> History:
    graph = Graph()
    found = edges(records, claims)
    for triple in history_triples(records, claims, found, doubts(records, claims)):
        graph.add(triple)
    return History(graph, {claim.iri: claim.known for claim in claims})


@pytest.fixture(scope="module")
def shipped() -> tuple[Records, list[FacetClaim]]:
    records = read_records(REPOSITORY / "data")
    return records, facet_claims(records)


@pytest.fixture(scope="module")
def told(shipped: tuple[Records, list[FacetClaim]]) -> History:
    return history(*shipped)


def test_each_day_has_the_belief_of_what_was_known_by_then(
    shipped: tuple[Records, list[FacetClaim]], told: History
) -> None:
    days = sorted({claim.known for claim in shipped[1]})
    assert len(days) > 100
    for when in (*days[::15], date(2025, 12, 17), date(2025, 12, 31), days[-1], date(9999, 1, 1)):
        assert told.at(when) == afresh(*shipped, when), when
    before = told.at(days[0] - timedelta(days=1))
    assert before == ({}, {})


def status(told: History, component: str, when: date) -> set[str]:
    subject = identity("component", component)
    return {
        str(value).rsplit("/", 1)[-1]
        for about, predicate, value, _ in told.at(when)[0]
        if about == subject and predicate == DG.hasStatus
    }


def amounts(told: History, component: str, when: date) -> list[Node]:
    subject = identity("component", component)
    return [
        value
        for about, predicate, value, _ in told.at(when)[0]
        if about == subject and predicate == DG.hasAmount
    ]


def test_last_december_amazons_cheque_was_ten_billion_in_talks(
    shipped: tuple[Records, list[FacetClaim]], told: History
) -> None:
    """Reports of 2026 must not decide what was believed in 2025."""
    cheque, december, june = "amazon-openai-equity", date(2025, 12, 31), date(2026, 6, 30)
    # The seed article has it furthest: "negociações avançadas".
    assert status(told, cheque, december) == {"advanced-talks"}
    then = amounts(told, cheque, december)
    assert then
    for node in then:
        figures = {
            value
            for field in (DG.pointValue, DG.minValue, DG.maxValue)
            for value in told.graph.objects(node, field)
        }
        assert figures == {Literal("10000000000", datatype=XSD.decimal)}, node
    verdicts = told.at(december)[1]
    known = [
        claim
        for claim in shipped[1]
        if claim.component == cheque and claim.facet == "amount" and claim.known <= december
    ]
    assert len(known) > 2
    assert "superseded" not in {verdicts[claim.iri] for claim in known}
    assert status(told, cheque, june) == {"signed"}
    assert not set(amounts(told, cheque, june)) & set(then)
    superseded = {told.at(june)[1][claim.iri] for claim in known}
    assert superseded <= {"superseded", "corrected"}


def test_what_nobody_dated_is_not_known_before_it_was_retrieved(
    shipped: tuple[Records, list[FacetClaim]],
) -> None:
    undated = [claim for claim in shipped[1] if claim.reported_basis == "none"]
    assert undated
    assert {claim.known for claim in undated} == {date(2026, 6, 30)}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_order_of_reports_gives_the_belief_of_each_day(
    mini: Records, data: st.DataObject
) -> None:
    start = date(2026, 1, 1)
    claims = facet_claims(mini)
    days = data.draw(
        st.lists(st.integers(0, 4), min_size=len(claims), max_size=len(claims)), label="known"
    )
    claims = [
        replace(claim, known=start + timedelta(days=at))
        for claim, at in zip(claims, days, strict=True)
    ]
    told = history(mini, claims)
    for at in range(-1, 6):
        when = start + timedelta(days=at)
        assert told.at(when) == afresh(mini, claims, when), when
