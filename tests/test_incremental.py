"""What follows after a change is what a full run gives, whatever the graph and the change."""

import shutil
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, Dataset, Graph, URIRef
from rdflib.term import Node

from dealgraph import vocab
from dealgraph.graph.incremental import update_inferred
from dealgraph.graph.inference import infer
from dealgraph.graph.rule import Rule
from dealgraph.graph.rules import compile_rules
from dealgraph.vocab import DG, concept, identity
from deductions import FOLDER, good, rules, shipped, store_of, term

Triple = tuple[Node, Node, Node]
Quad = tuple[URIRef, Triple]

ORGS = [identity("org", name) for name in "abcd"]
PARTS = [identity("component", name) for name in "pqr"]
DEAL = identity("deal", "d")
FLOW = identity("flow", "p/capital/a/b")


def pool() -> list[Triple]:
    """Triples that act on one another: units, kinds, parties, statuses, and what rules conclude."""
    kinds = ("Firm", "AgentGroup", "OrganizationalUnit", "InvestorSupplier", "Agent")
    found: list[Triple] = [(org, RDF.type, term(kind)) for org in ORGS for kind in kinds]
    found += [(one, DG.isUnitOf, other) for one in ORGS for other in ORGS]
    found += [(one, term("paysTo"), other) for one in ORGS[:2] for other in ORGS[:2]]
    found += [(org, term("groupRoot"), ORGS[0]) for org in ORGS[:2]]
    statuses = [concept("status", name) for name in ("rumoured", "signed", "ended", "exploring")]
    roles = ("hasInvestor", "hasInvestee", "hasLeadInvestor", "hasSupplier", "hasCustomer")
    roles += ("hasCloudProvider", "hasIssuer", "hasOptionHolder", "hasBeneficiary", "hasGuarantor")
    for part in PARTS:
        found += [
            (part, RDF.type, term(kind))
            for kind in ("EquityInvestment", "FundingRound", "CloudSupply", "RightGrant")
        ]
        found += [(part, term(role), org) for role in roles for org in ORGS]
        found += [(part, DG.hasStatus, status) for status in statuses]
        found += [(part, DG.isPartOfDeal, DEAL), (DEAL, term("hasComponent"), part)]
        found += [(part, term("isPartOfComponent"), other) for other in PARTS]
        found += [(part, DG.overlapsWith, other) for other in PARTS]
        found += [(part, DG.hasExclusivity, concept("exclusivity", "exclusive"))]
        found += [(part, RDF.type, term("ExclusiveRightGrant"))]
    found += [(FLOW, RDF.type, term("MoneyFlow")), (FLOW, term("fromComponent"), PARTS[0])]
    return found


TRIPLES = st.sampled_from(pool())
QUADS = st.tuples(st.sampled_from([vocab.ENTITIES_GRAPH, vocab.CURRENT_GRAPH]), TRIPLES)
GRAPHS = st.sets(QUADS, max_size=30)
CHANGES = st.lists(
    st.tuples(st.sets(QUADS, max_size=6), st.sets(st.integers(0, 40), max_size=6)),
    min_size=1,
    max_size=3,
)


@cache
def store() -> Dataset:
    """One store for all examples: only what changes is put in and taken out."""
    return store_of(Graph())


def inferred() -> set[Triple]:
    return set(store().graph(vocab.INFERRED_GRAPH))


def fill(quads: set[Quad]) -> None:
    for name in (vocab.ENTITIES_GRAPH, vocab.CURRENT_GRAPH):
        store().graph(name).remove((None, None, None))
    store().addN((*triple, store().graph(name)) for name, triple in quads)


def holds(
    quads: set[Quad], changes: list[tuple[set[Quad], set[int]]], by: tuple[Rule, ...]
) -> None:
    """Carries the changes out one after the other and compares each time with a full run."""
    fill(quads)
    infer(store(), by)
    for adding, leaving in changes:
        ordered = sorted(quads)
        going = {ordered[number] for number in leaving if number < len(ordered)} - adding
        before = inferred()
        for name, triple in going:
            store().graph(name).remove(triple)
        store().addN((*triple, store().graph(name)) for name, triple in adding)
        quads = (quads - going) | adding
        came, went = update_inferred(
            store(), by, [triple for _, triple in adding], [triple for _, triple in going]
        )
        found = inferred()
        assert (came, went) == (len(found - before), len(before - found))
        assert not set(store().graph(URIRef(f"{vocab.GRAPH}gone")))
        infer(store(), by)
        assert found == inferred()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(quads=GRAPHS, changes=CHANGES)
def test_an_update_gives_what_a_full_run_gives(
    quads: set[Quad], changes: list[tuple[set[Quad], set[int]]]
) -> None:
    holds(quads, changes, rules())


WHOLE = {
    "count": """CONSTRUCT { ?org dg:ticker ?many } WHERE {
        ?org a dg:Agent
        { SELECT ?org (STR(COUNT(?part)) AS ?many) WHERE { ?part dg:hasParty ?org } GROUP BY ?org }
    }""",
    "either": """CONSTRUCT { ?x dg:overlapsWith ?y } WHERE {
        { ?x dg:hasInvestor ?a . ?y dg:hasSupplier ?a }
        UNION { ?x dg:isPartOfComponent/dg:replaces ?y }
    }""",
    "maybe": """CONSTRUCT { ?part dg:country ?word } WHERE {
        ?part a dg:DealComponent
        OPTIONAL { ?part dg:hasStatus ?status }
        BIND(IF(BOUND(?status), STR(?status), "none") AS ?word)
    }""",
    "nested": """CONSTRUCT { ?x dg:replaces ?y } WHERE {
        ?x dg:hasCustomer ?a . ?y dg:hasSupplier ?a
        FILTER NOT EXISTS { ?x dg:paysTo ?z FILTER NOT EXISTS { ?z dg:ticker "1" } }
    }""",
    "two": """CONSTRUCT { ?x dg:relatesToDeal ?y } WHERE {
        ?x dg:isPartOfDeal ?y
        FILTER NOT EXISTS { ?x dg:hasParty ?a . ?a dg:isUnitOf ?b FILTER(?a != ?b) }
    }""",
}


@cache
def with_whole_rules(folder: Path) -> tuple[Rule, ...]:
    shutil.copytree(FOLDER / "rules", folder / "rules")
    for name, text in WHOLE.items():
        prologue = f"PREFIX dg: <{vocab.ONTOLOGY}#>"
        (folder / "rules" / f"{name}.rq").write_text(f"{prologue} {text}", "utf-8")
    return compile_rules(folder, shipped().ontology)


@pytest.fixture(scope="module")
def richer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    found = with_whole_rules(tmp_path_factory.mktemp("richer"))
    assert {rule.name for rule in found if rule.whole} == {"count", "either", "maybe", "nested"}
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(quads=GRAPHS, changes=CHANGES)
def test_also_with_rules_that_can_only_be_run_as_a_whole(
    richer: tuple[Rule, ...], quads: set[Quad], changes: list[tuple[set[Quad], set[int]]]
) -> None:
    holds(quads, changes, richer)


def test_each_triple_of_the_fixtures_can_go_and_come_back() -> None:
    """Everything at once goes, then everything comes."""
    data = [(vocab.CURRENT_GRAPH, triple) for triple in good()]
    half = set(data[::2])
    holds(set(data), [(set(), set(range(0, len(data), 3))), (half, set())], rules())
