"""What the SPARQL endpoint can do: https://www.w3.org/TR/sparql11-service-description/"""

from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import urljoin

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, Namespace

from dealgraph.engines.formats import GraphFormat
from dealgraph.settings import Settings
from dealgraph.web.rdf_answer import FORMATS, GRAPH_FORMATS, SD, VOID, empty_graph

# https://www.w3.org/TR/sparql11-entailment/: what is inferred is stored, nothing is inferred later.
_SIMPLE: Final = URIRef("http://www.w3.org/ns/entailment/Simple")
_RESULTS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"
)  # fmt: skip
# What a graph can be loaded from: formats that hold one graph.
_INPUTS: Final = (
    GraphFormat.TURTLE, GraphFormat.NTRIPLES, GraphFormat.RDFXML, GraphFormat.JSONLD
)  # fmt: skip

# The functions of GeoSPARQL (https://docs.ogc.org/is/22-047r1/22-047r1.html) that the engine has;
# a test calls each of them.
_GEO: Final = Namespace("http://www.opengis.net/def/function/geosparql/")
_FUNCTIONS: Final = (
    "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "dimension", "distance",
    "envelope", "getSRID", "isEmpty", "isSimple", "length", "perimeter", "spatialDimension",
    "sfContains", "sfCrosses", "sfDisjoint", "sfEquals", "sfIntersects", "sfOverlaps", "sfTouches",
    "sfWithin", "ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals", "ehInside",
    "ehMeet", "ehOverlap", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi", "rcc8po",
    "rcc8tpp", "rcc8tppi",
)  # fmt: skip


class GraphSize(NamedTuple):
    """A named graph and its number of triples, None where it was not counted."""

    name: str
    triples: int | None


class Contents(NamedTuple):
    """What the endpoint answers from; ``graphs`` is None where they are too many to list.

    ``union_of`` are the graphs whose union the default graph is; none where it is one of its own.
    """

    default_triples: int | None
    union_of: Sequence[str]
    graphs: Sequence[GraphSize] | None


def service_graph(endpoint: str, contents: Contents, settings: Settings) -> Graph:
    """The description of the endpoint at the address *endpoint*.

    The default graph of Dealgraph is the union of some graphs, not of all, so the feature
    sd:UnionDefaultGraph is not claimed: the default graph names its parts instead. Updates have an
    address of their own, so they are a service of their own over the same dataset.
    """
    graph = empty_graph()
    service, dataset = URIRef(f"{endpoint}#service"), URIRef(f"{endpoint}#dataset")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, URIRef(endpoint)))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.defaultEntailmentRegime, _SIMPLE))
    if settings.allow:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    for form in (*(FORMATS[name] for name in _RESULTS), *GRAPH_FORMATS.values()):
        graph.add((service, SD.resultFormat, form))
    for name in _FUNCTIONS:
        function = _GEO[name]
        graph.add((service, SD.extensionFunction, function))
        graph.add((function, RDF.type, SD.Function))
    graph.add((service, SD.defaultDataset, dataset))
    _add_dataset(graph, dataset, contents)
    if settings.writes or settings.write_token_file:
        update = URIRef(f"{endpoint}#update")
        graph.add((update, RDF.type, SD.Service))
        graph.add((update, SD.endpoint, URIRef(urljoin(endpoint, "update"))))
        graph.add((update, SD.supportedLanguage, SD.SPARQL11Update))
        graph.add((update, SD.defaultDataset, dataset))
        for each in _INPUTS:
            graph.add((update, SD.inputFormat, GRAPH_FORMATS[each]))
    return graph


def _add_dataset(graph: Graph, dataset: URIRef, contents: Contents) -> None:
    default = URIRef(f"{dataset}-default")
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    if contents.default_triples is not None:
        graph.add((default, VOID.triples, Literal(contents.default_triples)))
    for name in contents.union_of:
        graph.add((default, DCTERMS.hasPart, URIRef(name)))
    if contents.graphs is None:
        told = "There are too many named graphs to list here: ask the endpoint for them."
        graph.add((dataset, DCTERMS.description, Literal(told, lang="en")))
    for position, (name, triples) in enumerate(contents.graphs or ()):
        entry = BNode(f"named{position:05}")
        graph.add((dataset, SD.namedGraph, entry))
        graph.add((entry, RDF.type, SD.NamedGraph))
        graph.add((entry, SD.name, URIRef(name)))
        if triples is not None:
            body = BNode(f"graph{position:05}")
            graph.add((entry, SD.graph, body))
            graph.add((body, RDF.type, SD.Graph))
            graph.add((body, VOID.triples, Literal(triples)))
