"""The served release as VoID: https://www.w3.org/TR/void/"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD

from dealgraph.engines.formats import GraphFormat
from dealgraph.releases.workspace import Release
from dealgraph.vocab import ID
from dealgraph.web.rdf_answer import GRAPH_FORMATS, VOID, empty_graph

# The licence of LICENSE-DATA; a test compares the two.
LICENCE: Final = URIRef("https://creativecommons.org/licenses/by/4.0/")
TITLE: Final = (
    Literal("Dealgraph: deals of the AI industry", lang="en"),
    Literal("Dealgraph: acordos da indústria de IA", lang="pt"),
)
# Everything up to the last # or / is the namespace of a term.
_NAMESPACE: Final = re.compile(r".*[#/]")


class Statistics(NamedTuple):
    """The release as one set of triples; ``classes`` count things, ``properties`` triples."""

    triples: int
    subjects: int
    objects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]


def dataset_iri(root: str, release: Release) -> URIRef:
    """The name of a release as a dataset, in VoID and in DCAT; *root* is the service's address."""
    return URIRef(f"{root}catalog#release-{release.number}")


def dump_address(root: str, form: GraphFormat) -> URIRef:
    """Where the whole current release can be fetched in a format."""
    return URIRef(f"{root}export/release{form.extension}")


def void_graph(root: str, release: Release, found: Statistics) -> Graph:
    """The description of *release* as served at *root*, an address with a slash at its end."""
    graph = empty_graph()
    document, dataset = URIRef(f"{root}void"), dataset_iri(root, release)
    modified = Literal(release.created, datatype=XSD.dateTime, normalize=False)
    graph.add((document, RDF.type, VOID.DatasetDescription))
    graph.add((document, FOAF.primaryTopic, dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    for title in TITLE:
        graph.add((dataset, DCTERMS.title, title))
    graph.add((dataset, DCTERMS.license, LICENCE))
    graph.add((dataset, DCTERMS.modified, modified))
    graph.add((dataset, FOAF.homepage, URIRef(root)))
    graph.add((dataset, VOID.uriSpace, Literal(ID)))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(f"{root}sparql")))
    for form, iri in GRAPH_FORMATS.items():
        graph.add((dataset, VOID.feature, iri))
        graph.add((dataset, VOID.dataDump, dump_address(root, form)))
    for term, count in (
        (VOID.triples, found.triples),
        (VOID.entities, found.entities),
        (VOID.distinctSubjects, found.subjects),
        (VOID.distinctObjects, found.objects),
        (VOID.classes, len(found.classes)),
        (VOID.properties, len(found.properties)),
    ):
        graph.add((dataset, term, Literal(count)))
    for vocabulary in _vocabularies(found):
        graph.add((dataset, VOID.vocabulary, URIRef(vocabulary)))
    _add_partitions(graph, dataset, found)
    return graph


def _add_partitions(graph: Graph, dataset: URIRef, found: Statistics) -> None:
    for position, (name, count) in enumerate(sorted(found.classes.items())):
        part = BNode(f"class{position:05}")
        graph.add((dataset, VOID.classPartition, part))
        graph.add((part, VOID["class"], URIRef(name)))
        graph.add((part, VOID.entities, Literal(count)))
    for position, (name, count) in enumerate(sorted(found.properties.items())):
        part = BNode(f"property{position:05}")
        graph.add((dataset, VOID.propertyPartition, part))
        graph.add((part, VOID.property, URIRef(name)))
        graph.add((part, VOID.triples, Literal(count)))


def _vocabularies(found: Statistics) -> list[str]:
    """The namespaces of what is used, without the # at the end (VoID, section 2.4)."""
    spaces = {_NAMESPACE.match(name) for name in (*found.classes, *found.properties)}
    return sorted({space[0].rstrip("#") for space in spaces if space is not None})
