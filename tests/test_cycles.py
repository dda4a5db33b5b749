"""Circles of money: against brute force on random graphs, and on the shipped records."""

import shutil
from decimal import Decimal
from itertools import permutations, product
from pathlib import Path

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Dataset, Graph, Literal, URIRef

from conftest import REPOSITORY
from dealgraph import vocab
from dealgraph.engines.rows import RowsEngine
from dealgraph.graph.analyses import analyse
from dealgraph.graph.bands import component_bands
from dealgraph.graph.cycles import SEARCH, find_cycles
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.inference import infer
from dealgraph.graph.money_edges import CAPITAL, PURCHASE, MoneyEdge, money_edges
from dealgraph.graph.ontology import load_ontology
from dealgraph.graph.rules import compile_rules
from dealgraph.graph.simple_cycles import simple_cycles
from dealgraph.questions.asking import ask
from dealgraph.questions.catalog import load
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.vocab import DG, concept, identity

FAMILIES = [
    concept("money-family", name) for name in ("capital", "purchase", "transfer", "in-kind")
]
NODES = [identity("org", name) for name in "abcdef"]

EDGES = st.dictionaries(
    st.sampled_from([pair for pair in product(NODES, NODES) if pair[0] != pair[1]]),
    st.dictionaries(st.sampled_from(FAMILIES), st.integers(0, 5), min_size=1),
    max_size=14,
)
PAIRS = st.sets(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=24)


def brute(ranks: dict[tuple[URIRef, URIRef], dict[URIRef, int]]) -> dict[tuple[URIRef, ...], int]:
    """Every ordering of every set of nodes, every choice of one flow for each edge."""
    found: dict[tuple[URIRef, ...], int] = {}
    for size in range(2, len(NODES) + 1):
        for members in permutations(NODES, size):
            ring = zip(members, members[1:] + members[:1], strict=True)
            steps = [ranks.get(pair) for pair in ring]
            if members[0] != min(members) or None in steps:
                continue
            grades = [
                max(rank for _, rank in chosen)
                for chosen in product(*(step.items() for step in steps if step is not None))
                if any(family in CAPITAL for family, _ in chosen)
                and any(family == PURCHASE for family, _ in chosen)
            ]
            if grades:
                found[members] = min(grades)
    return found


@settings(max_examples=150, deadline=None)
@given(EDGES)
def test_the_analysis_finds_what_brute_force_finds(
    ranks: dict[tuple[URIRef, URIRef], dict[URIRef, int]],
) -> None:
    edges = {ends: MoneyEdge(*ends, ranks=dict(families)) for ends, families in ranks.items()}
    found = find_cycles(edges)
    assert found.bound is None
    assert dict(found.cycles) == brute(ranks)


@settings(max_examples=150, deadline=None)
@given(PAIRS, st.integers(0, 12))
def test_a_budget_shortens_the_search_and_says_to_what(
    pairs: set[tuple[str, str]], budget: int
) -> None:
    graph = networkx.DiGraph([pair for pair in pairs if pair[0] != pair[1]])
    every = {
        (*cycle[(at := cycle.index(min(cycle))) :], *cycle[:at])
        for cycle in networkx.simple_cycles(graph)
    }
    found, bound = simple_cycles(pairs, budget)
    assert len(found) == len(set(found))
    assert set(found) == {cycle for cycle in every if bound is None or len(cycle) <= bound}
    if bound is not None:
        assert bound == 2 or len(found) <= budget
        assert len([cycle for cycle in every if len(cycle) <= bound + 1]) > budget


def test_effort_that_runs_out_shortens_the_search_too() -> None:
    everyone = {pair for pair in product("abcdefghij", repeat=2) if pair[0] != pair[1]}
    found, bound = simple_cycles(everyone, 10**9, effort=3000)
    assert bound is not None
    assert 2 <= bound < 10
    expected = networkx.simple_cycles(networkx.DiGraph(everyone), length_bound=bound)
    assert len(found) == len(list(expected))


# Bands and maxima


def part(key: str) -> URIRef:
    return identity("component", key)


def store() -> Dataset:
    """A store with the ontology, and nothing else yet."""
    dataset = open_dataset(None)
    loaded = load_ontology(REPOSITORY / "ontology")
    for name, graph in (
        (vocab.ONTOLOGY_GRAPH, loaded.ontology),
        (vocab.SCHEMES_GRAPH, loaded.schemes),
    ):
        target = dataset.graph(name)
        dataset.addN((*triple, target) for triple in graph)
    return dataset


def pay(
    dataset: Dataset, key: str, *sums: tuple[str, str, int], joint: bool = False, **ties: str
) -> URIRef:
    """A signed investment of Acme in Bolt with *sums* of (basis, qualifier, value)."""
    entities, current = (
        dataset.graph(name) for name in (vocab.ENTITIES_GRAPH, vocab.CURRENT_GRAPH)
    )
    component = part(key)
    entities.add((component, RDF.type, DG.EquityInvestment))
    for name, other in ties.items():
        entities.add((component, DG[name], part(other)))
    for firm in ("acme", "bolt"):
        entities.add((identity("org", firm), RDF.type, DG.Firm))
    current.add((component, DG.hasInvestor, identity("org", "acme")))
    current.add((component, DG.hasInvestee, identity("org", "bolt")))
    current.add((component, DG.hasStatus, concept("status", "signed")))
    for basis, qualifier, value in sums:
        amount = identity("amount", f"{key}/{basis}-{qualifier}-{value}")
        field = {"at-least": DG.minValue, "up-to": DG.maxValue}.get(qualifier, DG.pointValue)
        current.add((component, DG.hasAmount, amount))
        current.add((amount, DG.basis, concept("amount-basis", basis)))
        current.add((amount, DG.qualifier, concept("qualifier", qualifier)))
        current.add((amount, DG.currencyCode, Literal("USD")))
        current.add((amount, DG.isJoint, Literal(joint)))
        current.add((amount, field, Literal(Decimal(value))))
    return component


def maximum(dataset: Dataset) -> int | None:
    infer(dataset, compile_rules(REPOSITORY / "ontology"))
    (edge,) = money_edges(dataset).values()
    return None if edge.maximum is None else int(edge.maximum.value)


def test_a_band_goes_from_the_lowest_to_the_highest_that_is_believed() -> None:
    dataset = store()
    component = pay(dataset, "c", ("investment", "exact", 10), ("investment", "up-to", 12))
    pay(
        dataset, "t", ("tranche", "exact", 3), ("tranche", "about", 10), ("share-price", "exact", 6)
    )
    pay(dataset, "open", ("investment", "at-least", 5))
    infer(dataset, compile_rules(REPOSITORY / "ontology"))
    found = component_bands(dataset)
    assert [(band.low, band.high) for band in found[component]] == [(0, 12)]
    # Tranches are apart, "about" allows a tenth each way, and the price of a share is no flow.
    assert sorted((band.low, band.high) for band in found[part("t")]) == [(3, 3), (9, 11)]
    assert [(band.low, band.high) for band in found[part("open")]] == [(5, None)]
    assert part("share") not in found


def test_separate_components_are_added() -> None:
    dataset = store()
    pay(dataset, "one", ("investment", "exact", 10))
    pay(dataset, "two", ("investment", "up-to", 5))
    assert maximum(dataset) == 15


def test_a_tranche_counts_in_its_whole() -> None:
    dataset = store()
    pay(dataset, "whole", ("investment", "exact", 10), ("tranche", "exact", 4))
    pay(dataset, "tranche", ("tranche", "exact", 4), isPartOfComponent="whole")
    assert maximum(dataset) == 10


def test_of_a_round_only_the_cheque_counts() -> None:
    dataset = store()
    pay(dataset, "round", ("round", "exact", 122), joint=True)
    assert maximum(dataset) == 122
    pay(dataset, "cheque", ("investment", "exact", 30), isPartOfComponent="round")
    assert maximum(dataset) == 30


def test_a_total_stands_for_what_overlaps_with_it() -> None:
    dataset = store()
    pay(dataset, "one", ("investment", "exact", 4))
    pay(dataset, "two", ("investment", "exact", 5), overlapsWith="total")
    pay(dataset, "total", ("cumulative-investment", "exact", 13), overlapsWith="one")
    assert maximum(dataset) == 13


def test_an_unclear_overlap_or_an_unknown_sum_leaves_the_maximum_open() -> None:
    dataset = store()
    pay(dataset, "one", ("investment", "exact", 4))
    pay(dataset, "two", ("investment", "exact", 5), overlapsWith="one")
    assert maximum(dataset) is None
    dataset = store()
    pay(dataset, "one", ("investment", "exact", 4))
    pay(dataset, "silent")
    assert maximum(dataset) is None


def test_two_currencies_leave_the_maximum_open() -> None:
    dataset = store()
    pay(dataset, "dollars", ("investment", "exact", 4))
    euros = pay(dataset, "euros", ("investment", "exact", 5))
    assert maximum(dataset) == 9
    current = dataset.graph(vocab.CURRENT_GRAPH)
    amount = current.value(euros, DG.hasAmount)
    assert amount is not None
    current.set((amount, DG.currencyCode, Literal("EUR")))
    assert maximum(dataset) is None


def test_unnamed_groups_are_on_no_circle_and_one_edge_alone_is_none() -> None:
    dataset = store()
    money = Graph().parse(REPOSITORY / "ontology" / "fixtures" / "good" / "money.ttl")
    for triple in money:
        name = vocab.ENTITIES_GRAPH if triple[1] == RDF.type else vocab.CURRENT_GRAPH
        dataset.graph(name).add(triple)
    infer(dataset, compile_rules(REPOSITORY / "ontology"))
    assert identity("org", "founders") not in {end for pair in money_edges(dataset) for end in pair}
    analyse(dataset, REPOSITORY / "ontology")
    found = dataset.graph(vocab.ANALYSES_GRAPH)
    circles = {
        str(found.value(cycle, SKOS.prefLabel)): found.value(cycle, DG.grade)
        for cycle in found.subjects(RDF.type, DG.FlowCycle)
    }
    # The lease in the longer one was terminated; the warrant in it is shares.
    assert circles == {
        "nvidia → openai → oracle → nvidia": concept("flow-grade", "rumoured"),
        "coreweave → nvidia → openai → oracle → coreweave": concept("flow-grade", "historic"),
    }
    assert (SEARCH, DG.cyclesFound, Literal(2)) in found
    assert found.value(SEARCH, DG.cycleLengthBound) is None


# The shipped records


@pytest.fixture(scope="module")
def census(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """(length, grade) of each circle of the shipped records, by the families that it needs."""
    query = (Path(__file__).parent / "fixtures" / "cycle-census.rq").read_text("utf-8")
    with RowsEngine(workspace.current(), workers=1) as engine:
        rows = engine.table(query).rows
    found: dict[str, list[str]] = {"money": [], "shares": []}
    for row in rows:
        length, grade, shares = (term.value for term in row if term is not None)
        found["shares" if shares == "true" else "money"].append(
            f"{length} {grade.rsplit('/', 1)[-1]}"
        )
    return found


def test_the_circles_of_the_brief_are_among_those_of_the_shipped_records(
    census: dict[str, list[str]],
) -> None:
    """Counted by hand, without steps that are shares only: 7 of two, 1 of three, 9 of four.

    Of what is signed: 5, 0 and 3.
    """
    money = census["money"]
    lengths = [int(each.split()[0]) for each in money]
    assert [lengths.count(size) for size in (2, 3, 4)] == [7, 1, 9]
    actual = [int(each.split()[0]) for each in money if each.endswith(" actual")]
    assert [actual.count(size) for size in (2, 3, 4)] == [5, 0, 3]


def test_steps_that_are_shares_only_add_three_circles_of_two_and_some_longer(
    census: dict[str, list[str]],
) -> None:
    lengths = sorted(int(each.split()[0]) for each in census["shares"])
    assert lengths == [2, 2, 2, 4, 6, 6, 6, 6, 6]


def test_the_seed_article_alone_has_one_circle_and_one_supplier_with_a_sum(tmp_path: Path) -> None:
    """Amazon invests, in talks; OpenAI buys from AWS, signed. Others name no sum."""
    shutil.copytree(REPOSITORY / "data" / "register", tmp_path / "records" / "register")
    (tmp_path / "records" / "articles").mkdir()
    (tmp_path / "records" / "assessments").mkdir()
    seed = "f4351270cf73a1fc.yaml"
    shutil.copy(REPOSITORY / "data" / "articles" / seed, tmp_path / "records" / "articles" / seed)
    build(Workspace(tmp_path / "workspace"), tmp_path / "records", REPOSITORY / "ontology")
    questions = load(REPOSITORY / "queries")
    with RowsEngine(Workspace(tmp_path / "workspace").current(), workers=1) as engine:
        labels = LabelIndex.from_engine(engine)
        circles = ask(questions["money-cycles"], {}, engine, labels, "en").cells()
        (index,) = ask(questions["concentration"], {}, engine, labels, "en").cells()
    assert [row[:3] for row in circles] == [["Amazon → OpenAI → Amazon", "2", "prospective"]]
    assert index == ["USD", "1", "3", "1", "1", "1", "1"]


def test_every_circle_of_the_real_store_is_one(workspace: Workspace) -> None:
    dataset = open_dataset(workspace.current().store)
    edges = money_edges(dataset)
    found = find_cycles(edges)
    assert found.bound is None
    graph = networkx.DiGraph(list(edges))
    assert set(found.cycles) <= {
        (*cycle[(at := cycle.index(min(cycle))) :], *cycle[:at])
        for cycle in networkx.simple_cycles(graph)
    }
    assert len(found.cycles) == 28
