"""What the service says of itself: service description, VoID, DCAT."""

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, XSD

from conftest import REPOSITORY
from dealgraph.releases.workspace import Release, Workspace
from dealgraph.settings import Settings
from dealgraph.vocab import DEFAULT_GRAPHS, DG, ID
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of
from queries import get_query
from stores import EX, iri, numbered, publish

# rdflib 7.6 reads JSON-LD into a class of its own that it warns of.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")

# Every term that a description may use, with the place that defines it. A namespace in angle
# brackets, then its terms.
TERMS = {
    str(SD): {
        # https://www.w3.org/TR/sparql11-service-description/
        "2.2.1 classes": "Service Language Function Dataset Graph NamedGraph",
        "2.2.2 instances": "SPARQL11Query SPARQL11Update BasicFederatedQuery",
        "2.2.3 properties": (
            "endpoint feature defaultEntailmentRegime supportedLanguage extensionFunction "
            "resultFormat inputFormat defaultDataset defaultGraph namedGraph name graph"
        ),
    },
    str(VOID): {
        # https://www.w3.org/TR/void/
        "1.2 datasets": "Dataset",
        "2.3 technical features": "feature",
        "3.1, 3.2 access": "sparqlEndpoint dataDump",
        "4.1 examples and names": "uriSpace",
        "4.3 vocabularies": "vocabulary",
        "4.5 partitions": "classPartition propertyPartition class property",
        "4.6 statistics": ("triples entities classes properties distinctSubjects distinctObjects"),
        "6.1 the description itself": "DatasetDescription",
    },
    str(DCAT): {
        # https://www.w3.org/TR/vocab-dcat-3/
        "6.3 catalogue": "Catalog dataset service",
        "6.4 resource": "version hasVersion hasCurrentVersion previousVersion",
        "6.6 dataset": "Dataset distribution",
        "6.8 distribution": "Distribution accessURL downloadURL mediaType",
        "6.9 data service": "DataService endpointURL endpointDescription servesDataset",
        "7 inverse properties": "isVersionOf",
    },
    # https://www.w3.org/TR/vocab-dcat-3/#Property:distribution_checksum and #Class:Checksum
    str(SPDX): {"6.17": "checksum Checksum algorithm checksumValue checksumAlgorithm_sha256"},
    # https://www.w3.org/TR/vocab-dcat-3/#Property:resource_version_notes
    "http://www.w3.org/ns/adms#": {"6.4": "versionNotes"},
    # https://www.dublincore.org/specifications/dublin-core/dcmi-terms/
    str(DCTERMS): {
        "3": "title description license modified issued publisher identifier conformsTo hasPart"
    },
    # http://xmlns.com/foaf/0.1/
    "http://xmlns.com/foaf/0.1/": {"terms": "primaryTopic homepage Agent name"},
    # https://www.w3.org/ns/formats/
    "http://www.w3.org/ns/formats/": {
        "formats": (
            "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
            "Turtle N-Triples RDF_XML JSON-LD TriG N-Quads"
        )
    },
    # https://www.w3.org/TR/sparql11-entailment/
    "http://www.w3.org/ns/entailment/": {"1.3": "Simple"},
}
DEFINED = {
    space + name
    for space, sections in TERMS.items()
    for names in sections.values()
    for name in names.split()
}

ADDRESSES = ("/sparql", "/void", "/catalog")
PARSERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


def described(client: FlaskClient, address: str, accept: str = "") -> Graph:
    """The description at *address*, as it is read by a client."""
    response = client.get(address, headers={"Accept": accept} if accept else {})
    assert response.status_code == 200, response.text
    return Graph().parse(data=response.data, format=PARSERS[response.mimetype])


def moment(release: Release) -> str:
    """When a release was made, as rdflib writes it once it has read it."""
    return str(Literal(release.created, datatype=XSD.dateTime))


def only(graph: Graph, subject: object, predicate: URIRef) -> str:
    """The one value, as text."""
    [value] = graph.objects(subject, predicate)  # type: ignore[arg-type]
    return str(value)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., FlaskClient]]:
    """A client of a service over a workspace of its own, with the settings that are given."""
    apps: list[Flask] = []

    def serve(workspace: Workspace, **flags: object) -> FlaskClient:
        apps.append(create_app(workspace, Settings.load({}, flags)))
        return apps[-1].test_client()

    yield serve
    for app in apps:
        releases_of(app).close()


@pytest.fixture
def small(serving: Callable[..., FlaskClient], mini_release: Release) -> FlaskClient:
    """A client of a service over invented firms, whose files are written at once."""
    return serving(Workspace(mini_release.folder.parent.parent))


# ---- all of them ----


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_term_is_one_that_a_standard_defines(
    client: FlaskClient,
    serving: Callable[..., FlaskClient],
    mini_release: Release,
    address: str,
) -> None:
    graph = described(client, address)
    # Once more with everything that settings and a message can add.
    workspace = Workspace(mini_release.folder.parent.parent)
    graph += described(serving(workspace, writes="yes", allow="https://example.org/"), address)
    spaces = tuple(TERMS)
    used = {
        str(term)
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and str(term).startswith(spaces)
    }
    # Partitions and vocabularies name what the data uses: those are data here.
    data = {
        str(name)
        for term in ("class", "property", "vocabulary")
        for name in graph.objects(None, VOID[term])
    }
    assert used - data <= DEFINED, used - data - DEFINED
    predicates = {str(predicate) for predicate in graph.predicates()} - {str(RDF.type)}
    assert predicates <= DEFINED


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_format_says_the_same(client: FlaskClient, address: str) -> None:
    turtle = described(client, address, "text/turtle")
    for accept in PARSERS:
        graph = described(client, address, accept)
        assert len(graph) == len(turtle), accept
        assert set(graph.predicates()) == set(turtle.predicates()), accept
    for accept, parser in (("application/trig", "trig"), ("application/n-quads", "nquads")):
        response = client.get(address, headers={"Accept": accept})
        assert response.mimetype == accept
        dataset = Dataset().parse(data=response.data, format=parser)
        assert len(dataset.default_graph) == len(turtle)


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_wish_it_is_turtle_and_is_not_sent_twice(
    client: FlaskClient, address: str
) -> None:
    first = client.get(address, headers={"Accept": "*/*"})
    assert first.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert "Accept" in first.headers["Vary"]
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    # Names of its own service stand in it, so at another address it is another document.
    elsewhere = client.get(
        address, headers={"If-None-Match": first.headers["ETag"]}, base_url="https://deals.example"
    )
    assert elsewhere.status_code == 200
    assert "https://deals.example/sparql" in elsewhere.text
    assert client.get(address).data == first.data


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_rdf_is_refused_with_the_formats_there_are(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address, headers={"Accept": "text/csv"})
    assert response.status_code == 406
    problem = response.get_json(force=True)
    assert "text/csv" in problem["detail"]
    assert "text/turtle" in problem["cure"]


# ---- the endpoint ----


def test_the_endpoint_says_what_it_can(client: FlaskClient) -> None:
    graph = described(client, "/sparql")
    [service] = graph.subjects(RDF.type, SD.Service)
    assert only(graph, service, SD.endpoint) == "http://localhost/sparql"
    assert only(graph, service, SD.supportedLanguage) == str(SD.SPARQL11Query)
    # No literal is the value of a property of its vocabulary.
    values = [value for _, name, value in graph if name.startswith(SD)]
    assert values
    assert not [value for value in values if isinstance(value, Literal)]
    # Neither federation nor dereferencing is there unless it is switched on.
    assert list(graph.objects(service, SD.feature)) == []


def test_the_graphs_of_the_endpoint_are_those_that_a_query_finds(client: FlaskClient) -> None:
    graph = described(client, "/sparql")
    [dataset] = graph.subjects(RDF.type, SD.Dataset)
    [default] = graph.objects(dataset, SD.defaultGraph)
    rows = get_query(client, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", "text/csv").text
    assert int(only(graph, default, VOID.triples)) == int(rows.split()[1])
    # It is the union of these and not of all, which is why sd:UnionDefaultGraph isn't claimed.
    assert set(graph.objects(default, DCTERMS.hasPart)) == set(DEFAULT_GRAPHS)
    told = {
        only(graph, entry, SD.name): int(
            only(graph, next(graph.objects(entry, SD.graph)), VOID.triples)
        )
        for entry in graph.objects(dataset, SD.namedGraph)
    }
    query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    found = [line.split(",") for line in get_query(client, query, "text/csv").text.split()[1:]]
    assert told == {name: int(count) for name, count in found}
    assert len(told) > 200


def test_every_result_format_that_is_told_is_given(client: FlaskClient) -> None:
    names = {
        "SPARQL_Results_JSON": "json", "SPARQL_Results_XML": "xml", "SPARQL_Results_CSV": "csv",
        "SPARQL_Results_TSV": "tsv", "Turtle": "ttl", "N-Triples": "nt", "RDF_XML": "rdf",
        "JSON-LD": "jsonld", "TriG": "trig", "N-Quads": "nq",
    }  # fmt: skip
    graph = described(client, "/sparql")
    told = {str(form).rsplit("/", 1)[-1] for form in graph.objects(None, SD.resultFormat)}
    assert told == set(names)
    for name in told:
        query = "SELECT * WHERE {}" if "Results" in name else "CONSTRUCT {} WHERE {}"
        assert get_query(client, query, format=names[name]).status_code == 200


def test_every_extension_function_that_is_told_works(client: FlaskClient) -> None:
    geometry = '"POLYGON((0 0,2 0,2 2,0 2,0 0))"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    metre = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
    point = '"POINT(1 1)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    functions = sorted(described(client, "/sparql").objects(None, SD.extensionFunction))
    assert functions
    for function in functions:
        tries = (
            geometry,
            f"{geometry}, {geometry}",
            f"{geometry}, {metre}",
            f"{point}, {point}, {metre}",
        )
        answers = [
            get_query(client, f"SELECT (<{function}>({tried}) AS ?x) WHERE {{}}", "text/csv")
            for tried in tries
        ]
        assert any(answer.text.split("\r\n", 1)[1].strip() for answer in answers), function


def test_settings_show_in_the_description(
    serving: Callable[..., FlaskClient], mini_release: Release
) -> None:
    workspace = Workspace(mini_release.folder.parent.parent)
    graph = described(serving(workspace, writes="yes", allow="https://example.org/"), "/sparql")
    services = {only(graph, each, SD.endpoint): each for each in graph.subjects(None, SD.Service)}
    assert set(services) == {"http://localhost/sparql", "http://localhost/update"}
    query, update = services["http://localhost/sparql"], services["http://localhost/update"]
    assert only(graph, query, SD.feature) == str(SD.BasicFederatedQuery)
    assert only(graph, query, SD.supportedLanguage) == str(SD.SPARQL11Query)
    assert only(graph, update, SD.supportedLanguage) == str(SD.SPARQL11Update)
    assert only(graph, query, SD.defaultDataset) == only(graph, update, SD.defaultDataset)


def test_a_plain_store_names_its_graphs_and_counts_nothing(
    serving: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, [*numbered(20), *numbered(20, "other")])
    graph = described(serving(workspace, plain="yes"), "/sparql")
    assert {str(name) for name in graph.objects(None, SD.name)} == {EX + "main", EX + "other"}
    assert not list(graph.triples((None, VOID.triples, None)))
    assert not list(graph.triples((None, DCTERMS.hasPart, None)))
    assert list(graph.objects(None, SD.defaultGraph))


def test_a_list_of_graphs_that_would_be_cut_is_left_out(
    serving: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    many = (ox.Quad(iri("s"), iri("p"), ox.Literal(n), iri(f"g{n}")) for n in range(1001))
    publish(workspace, many)
    graph = described(serving(workspace, plain="yes"), "/sparql")
    assert not list(graph.objects(None, SD.namedGraph))
    [told] = graph.objects(None, DCTERMS.description)
    assert "too many" in told


def test_a_get_without_a_query_is_the_only_thing_that_is_answered_so(client: FlaskClient) -> None:
    assert client.get("/sparql?query=").status_code == 400
    assert client.post("/sparql", data={"format": "csv"}).status_code == 400
    assert client.get("/sparql", headers={"Accept": "text/html"}).mimetype == "text/html"
    head = client.head("/sparql")
    assert (head.status_code, head.data) == (200, b"")


# ---- VoID ----


def test_void_is_found_where_programs_look(client: FlaskClient) -> None:
    response = client.get("/.well-known/void")
    assert (response.status_code, response.headers["Location"]) == (303, "/void")


def test_void_counts_what_there_is(client: FlaskClient, workspace: Workspace) -> None:
    graph = described(client, "/void")
    [dataset] = graph.subjects(RDF.type, VOID.Dataset)
    assert only(graph, dataset, VOID.sparqlEndpoint) == "http://localhost/sparql"
    assert only(graph, dataset, DCTERMS.modified) == moment(workspace.current())
    # What the file of merged triples holds, read by another library.
    merged = Graph().parse(data=client.get("/export/release.nt").data, format="nt")
    counted = {
        VOID.triples: len(merged),
        VOID.distinctSubjects: len(set(merged.subjects())),
        VOID.distinctObjects: len(set(merged.objects())),
        VOID.properties: len(set(merged.predicates())),
        VOID.classes: len(set(merged.objects(None, RDF.type))),
        VOID.entities: sum(str(each).startswith(ID) for each in set(merged.subjects())),
    }
    for term, count in counted.items():
        assert int(only(graph, dataset, term)) == count, term
    parts = {
        only(graph, part, VOID["class"]): int(only(graph, part, VOID.entities))
        for part in graph.objects(dataset, VOID.classPartition)
    }
    assert len(parts) == counted[VOID.classes]
    assert parts[str(DG.Deal)] == len(set(merged.subjects(RDF.type, DG.Deal)))
    properties = {
        only(graph, part, VOID.property): int(only(graph, part, VOID.triples))
        for part in graph.objects(dataset, VOID.propertyPartition)
    }
    assert sum(properties.values()) == counted[VOID.triples]
    assert properties[str(DG.hasStatus)] == len(set(merged.subject_objects(DG.hasStatus)))
    vocabularies = set(map(str, graph.objects(dataset, VOID.vocabulary)))
    assert {"https://w3id.org/dealgraph/ontology", "http://www.w3.org/ns/prov"} <= vocabularies


def test_the_licence_is_that_of_the_data(client: FlaskClient) -> None:
    text = (REPOSITORY / "LICENSE-DATA").read_text(encoding="utf-8")
    for address in ("/void", "/catalog"):
        [licence] = set(described(client, address).objects(None, DCTERMS.license))
        assert f"{licence}legalcode" in text


# ---- DCAT ----


def test_every_link_of_a_description_leads_somewhere(small: FlaskClient) -> None:
    links = {
        str(link)
        for address, terms in (
            ("/void", (VOID.dataDump, VOID.sparqlEndpoint)),
            (
                "/catalog",
                (DCAT.downloadURL, DCAT.accessURL, DCAT.endpointURL, DCAT.endpointDescription),
            ),
        )
        for term in terms
        for link in described(small, address).objects(None, term)
    }
    assert len(links) == 8  # six formats, the endpoint, the page of exports
    for link in links:
        assert small.head(link).status_code == 200, link


def test_each_distribution_is_of_the_type_that_is_told(small: FlaskClient) -> None:
    graph = described(small, "/catalog")
    files = set(graph.objects(None, DCAT.distribution))
    assert len(files) == 6
    for file in files:
        response = small.head(only(graph, file, DCAT.downloadURL))
        assert only(graph, file, DCAT.mediaType).endswith(f"/media-types/{response.mimetype}")


def test_the_checksum_is_that_of_the_file(small: FlaskClient) -> None:
    graph = described(small, "/catalog")
    [(file, checksum)] = graph.subject_objects(SPDX.checksum)
    assert only(graph, checksum, SPDX.algorithm) == str(SPDX.checksumAlgorithm_sha256)
    body = small.get(only(graph, file, DCAT.downloadURL)).data
    assert only(graph, checksum, SPDX.checksumValue) == hashlib.sha256(body).hexdigest()


def test_every_release_that_is_kept_is_a_version(
    serving: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    for count in (5, 6, 7):
        publish(workspace, numbered(count), f"{count} quads")
    client = serving(workspace)
    before = client.get("/catalog").headers["ETag"]
    workspace.prune(2)
    response = client.get("/catalog", headers={"If-None-Match": before})
    assert response.status_code == 200  # the list of releases is another
    graph = described(client, "/catalog")
    versions = {
        only(graph, version, DCAT.version): version
        for version in graph.objects(None, DCAT.hasVersion)
    }
    assert set(versions) == {"2", "3"}
    for release in workspace.releases():
        version = versions[str(release.number)]
        assert only(graph, version, DCTERMS.issued) == moment(release)
        assert only(graph, version, DCTERMS.identifier) == f"sha256:{release.content_sha256}"
        assert (None, DCAT.dataset, version) in graph
    [current] = graph.objects(None, DCAT.hasCurrentVersion)
    assert current == versions["3"]
    assert set(graph.objects(versions["3"], DCAT.previousVersion)) == {versions["2"]}
    # Only the current one can be fetched, and the files are of it.
    assert set(graph.subjects(DCAT.distribution, None)) == {current}


# ---- through a real server ----


def test_curl_is_told_by_the_endpoint_itself(served: str) -> None:
    def curl(*arguments: str) -> str:
        command = ["curl", "--silent", "--fail", "--max-time", "60", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    graph = Graph().parse(data=curl(f"{served}/sparql"), format="turtle")
    [service] = graph.subjects(RDF.type, SD.Service)
    assert only(graph, service, SD.endpoint) == f"{served}/sparql"
    void = Graph().parse(data=curl("--location", f"{served}/.well-known/void"), format="turtle")
    [dataset] = void.subjects(RDF.type, VOID.Dataset)
    catalog = Graph().parse(data=curl(f"{served}/catalog"), format="turtle")
    assert (None, DCAT.hasCurrentVersion, dataset) in catalog
