"""The releases there are as a catalogue: https://www.w3.org/TR/vocab-dcat-3/"""

from collections.abc import Sequence
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD

from dealgraph.engines.formats import GraphFormat
from dealgraph.releases.workspace import Release
from dealgraph.web.rdf_answer import ADMS, DCAT, SPDX, empty_graph, media_type_iri
from dealgraph.web.void_graph import LICENCE, TITLE, dataset_iri, dump_address

_DESCRIPTION: Final = (
    Literal(
        "Firms, deals and their parts, what articles claim of them with the sentence that says "
        "so, and what is believed.",
        lang="en",
    ),
    Literal(
        "Empresas, acordos e as suas partes, o que os artigos afirmam deles com a frase que o "
        "diz, e aquilo em que se acredita.",
        lang="pt",
    ),
)
_PROTOCOL: Final = URIRef("https://www.w3.org/TR/sparql11-protocol/")


def catalog_graph(root: str, releases: Sequence[Release], current: Release) -> Graph:
    """The catalogue of the service at *root* (with a slash at its end): *releases*, ascending.

    Only *current* can be fetched, so only it has distributions. The digest of a release is that
    of its sorted N-Quads: it identifies every release, and is the checksum of the N-Quads file.
    """
    graph = empty_graph()
    catalog, dataset = URIRef(f"{root}catalog#catalog"), URIRef(f"{root}catalog#dataset")
    service, publisher = URIRef(f"{root}catalog#sparql"), BNode("publisher")
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal("Dealgraph contributors")))
    graph.add((catalog, RDF.type, DCAT.Catalog))
    graph.add((catalog, FOAF.homepage, URIRef(root)))
    graph.add((dataset, DCAT.hasCurrentVersion, dataset_iri(root, current)))
    for resource in (catalog, dataset):
        graph.add((resource, DCTERMS.publisher, publisher))
        graph.add((resource, DCTERMS.modified, _moment(current)))
        graph.add((resource, DCTERMS.license, LICENCE))
        _add_texts(graph, resource)
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((catalog, DCAT.dataset, dataset))
    before: Release | None = None
    for release in releases:
        version = dataset_iri(root, release)
        graph.add((catalog, DCAT.dataset, version))
        graph.add((dataset, DCAT.hasVersion, version))
        graph.add((version, DCAT.isVersionOf, dataset))
        _add_release(graph, version, release)
        if before is not None:
            graph.add((version, DCAT.previousVersion, dataset_iri(root, before)))
        before = release
    for form in GraphFormat:
        _add_distribution(graph, root, current, form)
    graph.add((catalog, DCAT.service, service))
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.title, Literal("SPARQL", lang="en")))
    graph.add((service, DCTERMS.conformsTo, _PROTOCOL))
    graph.add((service, DCAT.endpointURL, URIRef(f"{root}sparql")))
    # A GET without a query is answered by the service description.
    graph.add((service, DCAT.endpointDescription, URIRef(f"{root}sparql")))
    graph.add((service, DCAT.servesDataset, dataset_iri(root, current)))
    return graph


def _moment(release: Release) -> Literal:
    return Literal(release.created, datatype=XSD.dateTime, normalize=False)


def _add_texts(graph: Graph, resource: URIRef) -> None:
    for title in TITLE:
        graph.add((resource, DCTERMS.title, title))
    for text in _DESCRIPTION:
        graph.add((resource, DCTERMS.description, text))


def _add_release(graph: Graph, version: URIRef, release: Release) -> None:
    graph.add((version, RDF.type, DCAT.Dataset))
    graph.add((version, DCTERMS.title, Literal(f"Dealgraph, release {release.number}", lang="en")))
    graph.add((version, DCTERMS.title, Literal(f"Dealgraph, versão {release.number}", lang="pt")))
    graph.add((version, DCAT.version, Literal(str(release.number))))
    graph.add((version, DCTERMS.issued, _moment(release)))
    graph.add((version, DCTERMS.license, LICENCE))
    graph.add((version, DCTERMS.identifier, Literal(f"sha256:{release.content_sha256}")))
    if release.message:
        graph.add((version, ADMS.versionNotes, Literal(release.message)))


def _add_distribution(graph: Graph, root: str, release: Release, form: GraphFormat) -> None:
    version, name = dataset_iri(root, release), form.extension.lstrip(".")
    file = URIRef(f"{version}-{name}")
    graph.add((version, DCAT.distribution, file))
    graph.add((file, RDF.type, DCAT.Distribution))
    graph.add((file, DCTERMS.license, LICENCE))
    graph.add((file, DCAT.mediaType, URIRef(media_type_iri(form))))
    graph.add((file, DCAT.downloadURL, dump_address(root, form)))
    graph.add((file, DCAT.accessURL, URIRef(f"{root}export")))
    if form is GraphFormat.NQUADS:
        checksum = BNode("checksum")
        digest = Literal(release.content_sha256, datatype=XSD.hexBinary)
        graph.add((file, SPDX.checksum, checksum))
        graph.add((checksum, RDF.type, SPDX.Checksum))
        graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
        graph.add((checksum, SPDX.checksumValue, digest))
