"""The ontology as a product: labels, versions, and every term earning its place."""

import re
from collections import Counter

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from conftest import REPOSITORY
from dealgraph import kinds, vocab
from dealgraph.analysis_terms import AnalysisTerms
from dealgraph.articles.schema import schema
from dealgraph.graph.belief import STATUS_ORDER
from dealgraph.graph.ontology import Ontology, load_ontology, load_turtle
from dealgraph.vocab import DG

FOLDER = REPOSITORY / "ontology"
NAMESPACE = vocab.BASE + "ontology#"
ABSTRACT = URIRef(NAMESPACE + "abstractBecause")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def loaded() -> Ontology:
    return load_ontology(FOLDER)


@pytest.fixture(scope="module")
def terms(loaded: Ontology) -> set[URIRef]:
    found = {
        subject
        for kind in KINDS
        for subject in loaded.ontology.subjects(RDF.type, kind)
        if isinstance(subject, URIRef) and subject.startswith(NAMESPACE)
    }
    assert len(found) > 240
    return found


@pytest.fixture(scope="module")
def concepts(loaded: Ontology) -> set[URIRef]:
    found = set(loaded.schemes.subjects(RDF.type, SKOS.Concept))
    assert len(found) > 180
    return {each for each in found if isinstance(each, URIRef)}


def _name(term: URIRef) -> str:
    return term.removeprefix(NAMESPACE)


def _languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    values = graph.objects(subject, predicate)
    return sorted(str(each.language) for each in values if isinstance(each, Literal))


def test_every_term_has_one_label_and_definition_in_each_language(
    loaded: Ontology, terms: set[URIRef]
) -> None:
    for term in terms:
        for predicate in (RDFS.label, SKOS.definition):
            assert _languages(loaded.ontology, term, predicate) == ["en", "pt"], (term, predicate)


def test_every_concept_and_scheme_has_one_label_and_definition_in_each_language(
    loaded: Ontology, concepts: set[URIRef]
) -> None:
    schemes = set(loaded.schemes.subjects(RDF.type, SKOS.ConceptScheme))
    for each in concepts | {scheme for scheme in schemes if isinstance(scheme, URIRef)}:
        for predicate in (SKOS.prefLabel, SKOS.definition):
            assert _languages(loaded.schemes, each, predicate) == ["en", "pt"], (each, predicate)


def test_no_two_terms_share_a_label(loaded: Ontology, terms: set[URIRef]) -> None:
    labels = Counter(label for term in terms for label in loaded.ontology.objects(term, RDFS.label))
    assert [label for label, count in labels.items() if count > 1] == []


def test_no_two_concepts_of_a_scheme_share_a_label(loaded: Ontology, concepts: set[URIRef]) -> None:
    labels = Counter(
        (loaded.schemes.value(each, SKOS.inScheme), label)
        for each in concepts
        for label in loaded.schemes.objects(each, SKOS.prefLabel)
    )
    assert [label for label, count in labels.items() if count > 1] == []


def test_texts_have_no_stray_blanks_and_definitions_end_as_sentences(loaded: Ontology) -> None:
    for graph in loaded:
        for _, predicate, text in graph:
            if isinstance(text, Literal) and text.language is not None:
                assert str(text) == " ".join(text.split()), text
                if predicate == SKOS.definition:
                    assert text.endswith("."), text


def test_names_are_upper_camel_for_classes_and_lower_camel_for_properties(
    loaded: Ontology, terms: set[URIRef]
) -> None:
    for term in terms:
        is_class = (term, RDF.type, OWL.Class) in loaded.ontology
        form = r"([A-Z][a-z]+)+" if is_class else r"[a-z]+([A-Z][a-z0-9]*)*"
        assert re.fullmatch(form, _name(term)), term


def test_the_version_is_that_of_the_changelog(loaded: Ontology) -> None:
    changes = (FOLDER / "CHANGELOG.md").read_text("utf-8")
    head = next(line for line in changes.splitlines() if re.match(r"## \d", line))
    version = head.removeprefix("## ").split()[0]
    graph = loaded.ontology
    assert str(graph.value(vocab.ONTOLOGY, OWL.versionInfo)) == version
    assert str(graph.value(vocab.ONTOLOGY, OWL.versionIRI)) == f"{vocab.ONTOLOGY}/{version}"


def test_every_term_that_python_spells_is_defined(terms: set[URIRef]) -> None:
    pages = (DG.__annotations__, AnalysisTerms.__annotations__)
    spelt = {name for page in pages for name in page if not name.startswith("_")}
    assert spelt - {_name(term) for term in terms} == set()


def _used() -> set[str]:
    """Names of terms in Python, rules, shapes, concepts and questions."""
    tables = (
        kinds.ROLE_PROPERTY,
        kinds.COMPONENT_CLASS,
        kinds.ORGANIZATION_CLASS,
        kinds.OFFERING_CLASS,
        kinds.ARTICLE_CLASS,
    )
    found = {_name(term) for table in tables for term in table.values()}
    for path in (REPOSITORY / "service").rglob("*.py"):
        if path.name != "vocab.py":
            found |= set(re.findall(r"\bDG\.(\w+)", path.read_text("utf-8")))
    for pattern in (
        "ontology/rules/**/*.rq",
        "ontology/shapes/*.ttl",
        "ontology/schemes/*.ttl",
        "queries/**/*.rq",
    ):
        for path in REPOSITORY.glob(pattern):
            found |= set(re.findall(r"\bdg:(\w+)", path.read_text("utf-8")))
    return found


def test_every_term_is_used_or_says_why_it_is_there(loaded: Ontology, terms: set[URIRef]) -> None:
    excused = {
        _name(each) for each in loaded.ontology.subjects(ABSTRACT) if isinstance(each, URIRef)
    }
    names = {_name(term) for term in terms}
    used = _used()
    assert names - used - excused == set(), "nothing uses these: add dg:abstractBecause"
    assert excused & used == set(), "these are used now: take dg:abstractBecause off"
    assert used - names == set(), "these are used and not defined"


@pytest.mark.parametrize("relation", [RDFS.subClassOf, RDFS.subPropertyOf])
def test_nothing_is_narrower_than_itself(loaded: Ontology, relation: URIRef) -> None:
    for term in set(loaded.ontology.subjects(relation)):
        for wider in loaded.ontology.objects(term, relation):
            assert term not in set(loaded.ontology.transitive_objects(wider, relation)), term


def test_nothing_points_at_a_term_that_is_not_there(loaded: Ontology, terms: set[URIRef]) -> None:
    for graph in loaded:
        for triple in graph:
            for node in triple:
                if isinstance(node, URIRef) and node.startswith(NAMESPACE):
                    assert node in terms, triple


def test_the_alignments_are_not_loaded_at_run_time(loaded: Ontology) -> None:
    alignments = load_turtle(FOLDER / "align")
    assert len(alignments) > 30
    assert set(loaded.ontology) & set(alignments) == set()
    assert set(loaded.ontology.objects(None, OWL.imports)) == set()


def test_the_alignments_speak_of_terms_that_are_there(terms: set[URIRef]) -> None:
    subjects = {str(each) for each in load_turtle(FOLDER / "align").subjects()}
    ours = {each for each in subjects if each.startswith(NAMESPACE)}
    assert ours - {str(term) for term in terms} == set()


def test_every_concept_is_in_one_scheme_and_named_after_it(
    loaded: Ontology, concepts: set[URIRef]
) -> None:
    for each in concepts:
        (scheme,) = loaded.schemes.objects(each, SKOS.inScheme)
        assert str(each).rpartition("/")[0] == str(scheme)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in loaded.schemes
        assert _name(URIRef(str(scheme))).startswith(vocab.SCHEME)


def _scheme(loaded: Ontology, name: str) -> set[str]:
    scheme = URIRef(vocab.SCHEME + name)
    return {str(each).rsplit("/", 1)[-1] for each in loaded.schemes.subjects(SKOS.inScheme, scheme)}


def _choices(*path: str | int) -> set[str]:
    """The values that the schema of article records allows at a place."""
    node = schema("article")["properties"]
    for step in path:
        node = node[step]
    return set(node["enum"])


def _scopes(name: str) -> set[str]:
    """The values that the schema of the register allows in the scope of a component."""
    deal = schema("register")["properties"]["deals"]["items"]["properties"]
    scope = deal["components"]["items"]["properties"]["scope"]
    return set(scope["properties"][name]["items"]["enum"])


def test_schemes_hold_just_what_records_may_say(loaded: Ontology) -> None:
    claim = ("claims", "items", "properties")
    amount = (*claim, "amounts", "items", "properties")
    quantity = (*claim, "quantities", "items", "properties")
    right = (*claim, "right", "anyOf", 0, "properties")
    for name, choices in {
        "role": set(kinds.ROLE_PROPERTY),
        "component-kind": set(kinds.COMPONENT_CLASS),
        "status": _choices(*claim, "status"),
        "modality": _choices(*claim, "modality"),
        "polarity": _choices(*claim, "polarity"),
        "qualifier": _choices(*amount, "qualifier"),
        "amount-basis": _choices(*amount, "basis"),
        "unit": _choices(*quantity, "unit"),
        "quantity-measure": _choices(*quantity, "measure"),
        "exclusivity": _choices(*right, "type"),
        "activity": _scopes("activities"),
        "channel": _scopes("channels"),
        "evidence-kind": _choices(*claim, "evidence"),
        "confidence": _choices(*claim, "confidence"),
        "title-basis": _choices("title_basis"),
        "published-basis": _choices("published_basis"),
        "date-kind": {"announced", "signed", "effective", "completed", "terminated"},
        "reported-basis": {"stated", "article", "event", "none"},
    }.items():
        assert _scheme(loaded, name) == choices, name


def test_statuses_have_the_order_that_belief_goes_by(loaded: Ontology) -> None:
    order = URIRef(NAMESPACE + "order")
    ranks = {
        str(each).rsplit("/", 1)[-1]: int(rank)
        for each, rank in loaded.schemes.subject_objects(order)
        if isinstance(rank, Literal)
    }
    assert sorted(ranks, key=ranks.__getitem__) == sorted(
        STATUS_ORDER, key=STATUS_ORDER.__getitem__
    )
    assert len(set(ranks.values())) == len(ranks)
