"""The compiled rules: what they are made of, and what a triple follows from."""

import pytest
from rdflib import RDF, Dataset
from rdflib.term import Node

from dealgraph import vocab
from dealgraph.graph.dataset import select
from dealgraph.graph.inference import infer
from dealgraph.vocab import DG, concept, identity
from deductions import good, rules, store_of, term


@pytest.fixture(scope="module")
def store() -> Dataset:
    dataset = store_of(good())
    infer(dataset, rules())
    return dataset


def reasons(store: Dataset, triple: tuple[Node, Node, Node]) -> dict[str, set[tuple[Node, ...]]]:
    """The names of the rules by which a triple follows, each with the premises of all its rows."""
    found: dict[str, set[tuple[Node, ...]]] = {}
    for rule in rules():
        question = rule.premises_query(triple)
        if question is not None:
            for row in select(store, question.text.replace("WHERE", _FROM)):
                found.setdefault(rule.name, set()).update(question.premises(row))
    return found


_FROM = " ".join(
    f"FROM <{vocab.GRAPH}{name}>" for name in ("entities", "current", "inferred", "schemes")
)
_FROM += " WHERE"


def test_every_rule_speaks_of_data_only_and_says_what_it_does() -> None:
    assert len(rules()) > 300
    for rule in rules():
        for pattern in (*rule.heads, *rule.body):
            assert not any(str(node).startswith(vocab.SKOLEM) for node in pattern), rule
        assert rule.notes["en"].endswith("."), rule.name
        assert rule.notes["pt"].endswith("."), rule.name
        assert not rule.whole, rule.name


def test_a_defined_class_is_one_rule() -> None:
    exclusive = term("ExclusiveRightGrant")
    (rule,) = (each for each in rules() if each.heads[0][2] == exclusive)
    assert rule.name == "cax-eqc2"
    assert {pattern[1:] for pattern in rule.body} == {
        (RDF.type, DG.RightGrant),
        (DG.hasExclusivity, concept("exclusivity", "exclusive")),
    }


def test_what_a_triple_follows_from_is_there(store: Dataset) -> None:
    everything = set(store.triples((None, None, None)))
    explained = 0
    for triple in list(store.graph(vocab.INFERRED_GRAPH))[::7]:
        found = reasons(store, triple)
        assert found, triple
        assert all(premise in everything for many in found.values() for premise in many)
        explained += 1
    assert explained > 50


def test_a_money_flow_is_explained_by_its_component_and_parties(store: Dataset) -> None:
    flow = identity("flow", "cloud/purchase/openai/oracle")
    premises = reasons(store, (flow, RDF.type, term("MoneyFlow")))["money-flow"]
    component = identity("component", "cloud")
    assert (component, RDF.type, DG.CloudSupply) in premises
    assert (component, DG.hasSupplier, identity("org", "oracle-cloud")) in premises
    assert (
        identity("org", "oracle-cloud"),
        term("groupRoot"),
        identity("org", "oracle"),
    ) in premises


def test_what_must_not_be_there_is_told(store: Dataset) -> None:
    flow = identity("flow", "backstop/contingent/nvidia/coreweave")
    triple = (flow, term("grade"), concept("flow-grade", "unknown"))
    (question,) = filter(None, (rule.premises_query(triple) for rule in rules()))
    (row,) = select(store, question.text.replace("WHERE", _FROM))
    (((subject, predicate, _),),) = question.absences(row)
    assert (subject, predicate) == (identity("component", "backstop"), DG.hasStatus)
