"""What tests of rules share: the shipped ones, and a real store that they run on."""

from functools import cache

from rdflib import RDF, Dataset, Graph, URIRef

from conftest import REPOSITORY
from dealgraph import vocab
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.ontology import Ontology, load_ontology
from dealgraph.graph.rule import Rule
from dealgraph.graph.rules import compile_rules

FOLDER = REPOSITORY / "ontology"
GOOD = sorted((FOLDER / "fixtures" / "good").glob("*.ttl"))


def term(name: str) -> URIRef:
    """A term of the ontology."""
    return URIRef(f"{vocab.ONTOLOGY}#{name}")


@cache
def shipped() -> Ontology:
    """The shipped ontology; it is read, never changed."""
    return load_ontology(FOLDER)


@cache
def rules() -> tuple[Rule, ...]:
    """The shipped rules."""
    return compile_rules(FOLDER, shipped().ontology)


def good() -> Graph:
    """All good fixtures in one graph."""
    graph = Graph()
    for path in GOOD:
        graph.parse(path)
    return graph


def store_of(data: Graph) -> Dataset:
    """A real store with the ontology and *data*, types as identity and the rest as belief."""
    dataset = open_dataset(None)
    for name, graph in (
        (vocab.ONTOLOGY_GRAPH, shipped().ontology),
        (vocab.SCHEMES_GRAPH, shipped().schemes),
    ):
        target = dataset.graph(name)
        dataset.addN((*triple, target) for triple in graph)
    entities, current = (
        dataset.graph(name) for name in (vocab.ENTITIES_GRAPH, vocab.CURRENT_GRAPH)
    )
    for triple in data:
        (entities if triple[1] == RDF.type else current).add(triple)
    return dataset
