"""The SHACL shapes: good data fit them, broken data get the message that belongs to the break."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import SH, SKOS, Graph, Literal, URIRef

from conftest import REPOSITORY
from dealgraph import vocab
from dealgraph.articles.model import Records
from dealgraph.graph.assemble import assemble
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.ontology import Ontology, load_ontology, load_turtle
from dealgraph.vocab import DG

FOLDER = REPOSITORY / "ontology"
GOOD = sorted((FOLDER / "fixtures" / "good").glob("*.ttl"))


@pytest.fixture(scope="module")
def loaded() -> Ontology:
    return load_ontology(FOLDER)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return load_turtle(FOLDER / "shapes")


def _complaints(loaded: Ontology, shapes: Graph, data: Graph) -> set[str]:
    """The English messages of what breaks the shapes."""
    _, report, _ = validate(loaded.ontology + loaded.schemes + data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    # A constraint in SPARQL has its message on itself; pySHACL copies that without its language.
    said = {*report.objects(None, SH.resultMessage), *report.objects(None, SH.message)}
    return {str(each) for each in said if isinstance(each, Literal) and each.language == "en"}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_fixtures_fit_the_shapes(loaded: Ontology, shapes: Graph, path: Path) -> None:
    assert _complaints(loaded, shapes, Graph().parse(path)) == set()


def test_what_the_loader_makes_of_records_fits_the_shapes(
    loaded: Ontology, shapes: Graph, mini: Records
) -> None:
    dataset = open_dataset(None)
    assemble(dataset, mini, FOLDER, lambda *_: None)
    data = Graph()
    for subject, predicate, value, _ in dataset.quads():
        data.add((subject, predicate, value))
    assert _complaints(loaded, shapes, data) == set()


def test_broken_data_break_the_shapes_each_with_its_message(
    loaded: Ontology, shapes: Graph
) -> None:
    data = Graph().parse(FOLDER / "fixtures" / "good" / "seed.ttl")
    claim = URIRef(vocab.ID + "claim/seed/talks/status")
    amount = URIRef(vocab.ID + "amount/amazon-openai-equity-2025/10bn")
    evidence = URIRef(vocab.ID + "evidence/seed/talks")
    party = URIRef(vocab.ID + "claim/seed/no-models/party/restricted-party/amazon")
    data.remove((claim, DG.hasEvidence, None))
    data.remove((party, DG.statesRole, None))
    data.remove((claim, DG.hasReportingStep, URIRef(vocab.ID + "step/seed/talks/0")))
    data.set((amount, DG.currencyCode, Literal("dollars")))
    data.remove((amount, DG.pointValue, None))
    data.set((evidence, DG.endOffset, Literal(3)))
    data.remove((vocab.identity("org", "openai"), SKOS.prefLabel, Literal("OpenAI", lang="pt")))
    data.add(
        (
            vocab.identity("component", "aws-openai-servers"),
            DG.hasNonParticipant,
            vocab.identity("org", "aws"),
        )
    )
    data.add(
        (
            vocab.identity("component", "aws-openai-servers"),
            DG.hasParty,
            vocab.identity("org", "aws"),
        )
    )
    data.add((claim, DG.statesOpinion, Literal("worried", lang="en")))
    assert _complaints(loaded, shapes, data) == {
        "A claim has evidence.",
        "A claim states exactly one facet.",
        "A claim that someone takes part says in which role.",
        "The reporter chain of a claim starts at hop 0, the outlet of the article.",
        "An amount has one currency, in three capitals.",
        "A figure is a point, or has bounds; not both and not neither.",
        "A quote starts before it ends.",
        "A thing has one label in English and one in Portuguese.",
        "Who is reported not to take part is a party all the same: one of the two reports is "
        "wrong.",
    }


_BROKEN_BELIEF = f"""
@prefix dg: <{vocab.BASE}ontology#> .
@prefix component: <{vocab.ID}component/> .
@prefix claim: <{vocab.ID}claim/seed/talks/> .
@prefix exclusivity: <{vocab.SCHEME}exclusivity/> .
@prefix org: <{vocab.ID}org/> .
@prefix status: <{vocab.SCHEME}status/> .
@prefix verdict: <{vocab.SCHEME}verdict/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .

component:aws-openai-servers dg:hasStatus status:signed , status:ended ;
    dg:hasSupplier org:aws ; dg:hasCustomer org:aws .
<urn:one> a dg:Belief ; prov:wasDerivedFrom claim:status ;
    rdf:subject component:aws-openai-servers ; rdf:predicate dg:hasStatus ;
    rdf:object status:ended .
component:amazon-openai-equity-2025 dg:hasInvestor org:openai ; dg:hasInvestee org:openai ;
    dg:hasStatus exclusivity:exclusive ; dg:replaces component:aws-openai-servers .
component:aws-openai-servers dg:replaces component:amazon-openai-equity-2025 .
component:microsoft-openai-models dg:hasGrantor org:microsoft ; dg:hasHolder org:microsoft .
component:amazon-openai-no-models dg:hasHolder org:amazon ; dg:restrictsAgent org:amazon .
claim:status dg:updates claim:modality ; dg:conflictsWith claim:modality ;
    dg:hasVerdict verdict:accepted , verdict:suspect .
claim:modality dg:updates claim:status .
"""


def test_broken_belief_breaks_the_shapes_each_with_its_message(
    loaded: Ontology, shapes: Graph
) -> None:
    data = Graph().parse(FOLDER / "fixtures" / "good" / "seed.ttl")
    data.parse(data=_BROKEN_BELIEF, format="turtle")
    assert _complaints(loaded, shapes, data) == {
        "A claim or assessment has one verdict, a concept of its scheme.",
        "A claim that updates another is not in conflict with it: the world moved on.",
        "A status is a concept of its scheme.",
        "A thing has one status, unless reports dispute it.",
        "No claim is updated by what it updates itself.",
        "Nobody gives a right to itself.",
        "Nobody invests in itself.",
        "Nobody supplies itself.",
        "Nothing takes the place of itself.",
        "Who is kept from a right doesn't hold it.",
    }


def test_every_shape_speaks_both_languages(shapes: Graph) -> None:
    message = URIRef("http://www.w3.org/ns/shacl#message")
    speaking = set(shapes.subjects(message))
    assert len(speaking) > 30
    for each in speaking:
        languages = sorted(
            str(text.language)
            for text in shapes.objects(each, message)
            if isinstance(text, Literal)
        )
        assert languages == ["en", "pt"], each
