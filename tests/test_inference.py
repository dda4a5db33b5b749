"""What follows from identity and belief, on a real store; owlrl is the oracle."""

from pathlib import Path
from random import Random

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from dealgraph import vocab
from dealgraph.articles.model import Records
from dealgraph.errors import BadInput, Inconsistent, NotFound
from dealgraph.graph.assemble import assemble
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.inference import infer
from dealgraph.graph.ontology import Ontology
from dealgraph.graph.rule import Rule
from dealgraph.graph.rules import compile_rules
from dealgraph.vocab import DG, concept, identity
from deductions import FOLDER, good, rules, shipped, store_of, term


def org(key: str) -> URIRef:
    return identity("org", key)


def part(key: str) -> URIRef:
    return identity("component", key)


@pytest.fixture(scope="module")
def loaded() -> Ontology:
    return shipped()


def inferred(dataset: Dataset) -> Graph:
    count = infer(dataset, rules())
    result = Graph()
    for triple in dataset.graph(vocab.INFERRED_GRAPH):
        result.add(triple)
    assert len(result) == count
    return result


@pytest.fixture(scope="module")
def data() -> Graph:
    return good()


@pytest.fixture(scope="module")
def closure(data: Graph) -> Graph:
    return inferred(store_of(data))


DERIVED = {"groupRoot", "payer", "payee", "family", "fromComponent", "grade", "paysTo"}


def telling(graph: Graph, known: Graph) -> set[tuple[Node, Node, Node]]:
    """Triples about data: no literals as subjects, no schema, nothing that is true of anything."""
    found: set[tuple[Node, Node, Node]] = set()
    for subject, predicate, value in graph:
        if not isinstance(subject, URIRef) or not isinstance(value, URIRef | Literal):
            continue
        if not str(subject).startswith((vocab.ID, vocab.SCHEME)):
            continue
        if str(value).startswith(vocab.SKOLEM) or value in (OWL.Thing, RDFS.Resource):
            continue
        if predicate == OWL.sameAs and subject == value:
            continue
        name = str(predicate).rsplit("#", 1)[-1]
        if name in DERIVED or value == term("MoneyFlow"):
            continue
        if (subject, predicate, value) not in known:
            found.add((subject, predicate, value))
    return found


def by_owlrl(known: Graph) -> set[tuple[Node, Node, Node]]:
    """What owlrl derives, the oracle."""
    oracle = Graph()
    for triple in known:
        oracle.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(oracle)
    return telling(oracle, known)


def test_the_rules_derive_what_owlrl_derives_and_nothing_else(
    loaded: Ontology, data: Graph, closure: Graph
) -> None:
    known = loaded.ontology + loaded.schemes + data
    expected = by_owlrl(known)
    assert len(expected) > 300
    assert telling(closure, known) == expected


Fact = tuple[URIRef, URIRef, URIRef]
PART_KINDS = ("EquityInvestment", "FundingRound", "CloudSupply", "RightGrant", "Loan")
ROLES = (
    *("hasInvestor", "hasLeadInvestor", "hasInvestee", "hasSupplier", "hasCloudProvider"),
    *("hasCustomer", "hasHolder", "hasGrantor", "hasIssuer", "hasOptionHolder", "hasBuyer"),
)


def random_worlds(count: int, size: int) -> Graph:
    """Small random graphs side by side, each with firms, components and roles of its own."""
    random = Random(20261201)
    world = Graph()
    for number in range(count):
        orgs = [org(f"world-{number}-{name}") for name in "abcd"]
        parts = [part(f"world-{number}-{name}") for name in "pqr"]
        facts = possible_facts(orgs, parts, identity("deal", f"world-{number}"))
        for _ in range(size):
            # One sort of fact is as likely as another, however many there are of each.
            world.add(random.choice(random.choice(facts)))
    return world


def possible_facts(orgs: list[URIRef], parts: list[URIRef], deal: URIRef) -> list[list[Fact]]:
    """All that can be said of some firms, components and a deal, by sort."""
    kinds = ("Firm", "AgentGroup", "OrganizationalUnit", "FinancingVehicle")
    statuses = [concept("status", name) for name in ("signed", "rumoured", "in-force")]
    return [
        [(one, RDF.type, term(kind)) for one in orgs for kind in kinds],
        [(one, DG.isUnitOf, other) for one in orgs for other in orgs],
        [(one, RDF.type, term(kind)) for one in parts for kind in PART_KINDS],
        [(one, term(role), other) for one in parts for role in ROLES for other in orgs],
        [(one, term("isPartOfComponent"), other) for one in parts for other in parts],
        [(one, DG.replaces, other) for one in parts for other in parts],
        [(one, DG.overlapsWith, other) for one in parts for other in parts],
        [(one, DG.isPartOfDeal, deal) for one in parts],
        [(deal, term("hasComponent"), one) for one in parts],
        [(one, DG.hasStatus, status) for one in parts for status in statuses],
        [(one, DG.hasExclusivity, concept("exclusivity", "exclusive")) for one in parts],
    ]


def test_the_rules_derive_what_owlrl_derives_on_random_worlds(loaded: Ontology) -> None:
    # In one graph, since owlrl takes seconds for the ontology alone; the worlds don't touch.
    data = random_worlds(count=25, size=25)
    known = loaded.ontology + loaded.schemes + data
    expected = by_owlrl(known)
    assert len(expected) > 900
    assert telling(inferred(store_of(data)), known) == expected


# Constructs that no rule carries out: clashes are for HermiT, and functional properties would
# only make owl:sameAs, of which the data has none.
ONLY_FOR_HERMIT = {
    OWL.AllDisjointClasses,
    OWL.members,
    OWL.disjointWith,
    OWL.propertyDisjointWith,
    OWL.FunctionalProperty,
}
WITH_A_RULE = {
    OWL.TransitiveProperty,
    OWL.SymmetricProperty,
    OWL.inverseOf,
    OWL.propertyChainAxiom,
    OWL.equivalentClass,
    OWL.intersectionOf,
    OWL.Restriction,
    OWL.onProperty,
    OWL.someValuesFrom,
    OWL.hasValue,
}
DECLARATIONS = {
    OWL.Ontology,
    OWL.versionIRI,
    OWL.versionInfo,
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
}


def test_every_construct_of_the_ontology_has_a_rule(loaded: Ontology) -> None:
    met = {
        node for triple in loaded.ontology for node in triple[1:] if str(node).startswith(str(OWL))
    }
    assert met - WITH_A_RULE - ONLY_FOR_HERMIT - DECLARATIONS == set()
    for chain in loaded.ontology.objects(None, OWL.propertyChainAxiom):
        assert len(list(loaded.ontology.items(chain))) == 2, "prp-spo2 is written for two steps"


def test_chains_inverses_and_transitivity(closure: Graph) -> None:
    deal = identity("deal", "amazon-openai-investment")
    assert (deal, DG.hasParty, org("amazon")) in closure
    assert (org("openai"), term("isPartyTo"), deal) in closure
    assert (org("google-cloud"), DG.isUnitOf, org("alphabet")) in closure
    first, round_ = part("google-cheque-first"), part("anthropic-round")
    assert (first, DG.isPartOfComponent, round_) in closure
    assert (part("licence-2026"), DG.replaces, part("licence-2023")) in closure
    assert (part("google-tpus"), DG.overlapsWith, part("google-cloud-for-anthropic")) in closure


def test_defined_classes(closure: Graph) -> None:
    exclusive = set(closure.subjects(RDF.type, term("ExclusiveRightGrant")))
    assert {part("licence-2023"), part("licence-2025")} <= exclusive
    assert part("licence-2026") not in exclusive
    assert part("amazon-openai-no-models") not in exclusive
    binding = set(closure.subjects(RDF.type, term("BindingArrangement")))
    assert part("aws-openai-servers") in binding
    assert not {part("amazon-openai-equity-2025"), part("licence-2025")} & binding
    assert set(closure.subjects(RDF.type, term("InvestorSupplier"))) >= {org("google")}


def test_nothing_known_and_no_class_expression_is_repeated(
    closure: Graph, data: Graph, loaded: Ontology
) -> None:
    for triple in closure:
        assert triple not in data
        assert triple not in loaded.schemes
        assert not any(str(node).startswith(vocab.SKOLEM) for node in triple)


def flows(closure: Graph) -> set[tuple[str, str, str, str, str]]:
    """(component, family, payer, payee, grade) of every money flow, by key."""
    found = set()
    for flow in closure.subjects(RDF.type, term("MoneyFlow")):
        row = [
            str(closure.value(flow, term(name))).rsplit("/", 1)[-1]
            for name in ("fromComponent", "family", "payer", "payee", "grade")
        ]
        found.add((row[0], row[1], row[2], row[3], row[4]))
    return found


def test_money_flows_from_payer_to_payee_by_kind_and_status() -> None:
    money = Graph().parse(FOLDER / "fixtures" / "good" / "money.ttl")
    closure = inferred(store_of(money))
    assert flows(closure) == {
        ("stake", "capital", "nvidia", "openai", "prospective"),
        ("cloud", "purchase", "openai", "oracle", "actual"),
        ("chips", "purchase", "oracle", "nvidia", "rumoured"),
        ("lease", "purchase", "oracle", "coreweave", "historic"),
        ("loan", "capital", "bank", "coreweave", "actual"),
        ("backstop", "contingent", "nvidia", "coreweave", "unknown"),
        ("share", "purchase", "openai", "microsoft", "actual"),
        ("penny-warrant", "in-kind", "coreweave", "nvidia", "actual"),
        ("purchase", "transfer", "openai", "founders", "actual"),
        ("shares", "transfer", "bank", "microsoft", "actual"),
    }
    pays = {
        (str(a).rsplit("/", 1)[-1], str(b).rsplit("/", 1)[-1])
        for a, b in closure.subject_objects(term("paysTo"))
    }
    assert pays == {(payer, payee) for _, _, payer, payee, _ in flows(closure)} - {
        ("openai", "founders")
    }


def test_a_flow_is_named_after_what_it_is(closure: Graph) -> None:
    flow = identity("flow", "aws-openai-servers/purchase/openai/amazon")
    assert (flow, RDF.type, term("MoneyFlow")) in closure


def test_disputed_statuses_give_a_flow_a_grade_each() -> None:
    money = Graph().parse(FOLDER / "fixtures" / "good" / "money.ttl")
    money.add((part("stake"), DG.hasStatus, concept("status", "signed")))
    closure = inferred(store_of(money))
    flow = identity("flow", "stake/capital/nvidia/openai")
    grades = {str(each).rsplit("/", 1)[-1] for each in closure.objects(flow, term("grade"))}
    assert grades == {"prospective", "actual"}


def test_the_root_of_a_group_is_its_top_and_of_a_lone_firm_itself(closure: Graph) -> None:
    root = term("groupRoot")
    assert closure.value(org("google-cloud"), root) == org("alphabet")
    assert closure.value(org("alphabet"), root) == org("alphabet")
    assert closure.value(org("co-investors"), root) == org("co-investors")


def test_claims_are_never_closed_over(data: Graph) -> None:
    dataset = store_of(Graph())
    rumour = dataset.graph(vocab.article_graph("rumour"))
    for triple in data:
        rumour.add(triple)
    infer(dataset, rules())
    about = {subject for subject, _, _ in dataset.graph(vocab.INFERRED_GRAPH)}
    assert not {subject for subject in about if str(subject).startswith(vocab.ID)}


def test_a_second_run_gives_the_same_and_forgets_what_no_longer_follows(
    data: Graph, closure: Graph
) -> None:
    dataset = store_of(data)
    assert set(inferred(dataset)) == set(closure)
    assert set(inferred(dataset)) == set(closure)
    dataset.graph(vocab.CURRENT_GRAPH).remove((part("stake"), None, None))
    again = inferred(dataset)
    assert identity("flow", "stake/capital/nvidia/openai") not in set(again.subjects())


def test_a_release_has_its_inferences(mini: Records) -> None:
    dataset = open_dataset(None)
    counts = assemble(dataset, mini, FOLDER, lambda *_: None)
    assert counts["inferred"] == len(dataset.graph(vocab.INFERRED_GRAPH)) > 50


def rules_of(folder: Path, **files: str) -> tuple[Rule, ...]:
    """The rules in files of these names, over the shipped ontology."""
    (folder / "rules").mkdir()
    for name, text in files.items():
        prologue = f"PREFIX dg: <{DG._NS}> PREFIX graph: <{vocab.GRAPH}>"
        (folder / "rules" / f"{name}.rq").write_text(f"{prologue} {text}", "utf-8")
    return compile_rules(folder, shipped().ontology)


def test_rules_that_never_end_are_stopped(data: Graph, tmp_path: Path) -> None:
    endless = rules_of(
        tmp_path, endless="CONSTRUCT { ?new a dg:Firm } WHERE { ?x a dg:Firm BIND(UUID() AS ?new) }"
    )
    with pytest.raises(Inconsistent, match="endless do not come to rest") as stopped:
        infer(store_of(data), endless, rounds=3)
    assert "new IRI" in stopped.value.cure


def test_a_rule_that_forbids_what_it_leads_to_is_refused(tmp_path: Path) -> None:
    rules = rules_of(
        tmp_path,
        one="CONSTRUCT { ?x dg:paysTo ?y } WHERE { ?x dg:replaces ?y }",
        two="""CONSTRUCT { ?x dg:replaces ?y }
        WHERE { ?x dg:overlapsWith ?y FILTER NOT EXISTS { ?x dg:paysTo ?y } }""",
    )
    with pytest.raises(Inconsistent, match=r"The rule two forbids .* through one"):
        infer(store_of(Graph()), rules)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { ?x a dg:Firm }",
        "CONSTRUCT { ?x a [] } WHERE { ?x a dg:Firm }",
        "CONSTRUCT { ?x a dg:Firm } WHERE { ?x a }",
    ],
)
def test_what_is_no_rule_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"wrong\.rq is no rule"):
        rules_of(tmp_path, wrong=text)


def test_a_folder_without_rules_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no rules"):
        compile_rules(tmp_path, ())
