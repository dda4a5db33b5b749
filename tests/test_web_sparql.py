"""The SPARQL endpoint as clients meet it: the protocol, formats, caching, limits, real clients.

https://www.w3.org/TR/sparql11-protocol/
"""

import csv
import io
import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from werkzeug.test import TestResponse

from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.vocab import CURRENT_GRAPH, ENTITIES_GRAPH, identity
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of

SELECT = "SELECT ?deal WHERE { ?deal a dg:Deal } ORDER BY ?deal LIMIT 3"
ASK = "ASK { org:openai a dg:Firm }"
CONSTRUCT = "CONSTRUCT { org:openai a ?class } WHERE { org:openai a ?class }"
# More rows than there is time for.
ENDLESS = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def get(client: FlaskClient, query: str, accept: str = "*/*", **others: str) -> TestResponse:
    return client.get(
        "/sparql", query_string={"query": query, **others}, headers={"Accept": accept}
    )


# ---- the three ways to ask ----


def test_the_three_ways_to_ask_give_one_answer(client: FlaskClient) -> None:
    by_get = get(client, SELECT)
    by_form = client.post("/sparql", data={"query": SELECT})
    by_body = client.post(
        "/sparql", data=SELECT, content_type="application/sparql-query; charset=UTF-8"
    )
    assert by_get.status_code == by_form.status_code == by_body.status_code == 200
    assert by_get.data == by_form.data == by_body.data
    assert len(by_get.get_json(force=True)["results"]["bindings"]) == 3


@pytest.mark.parametrize("word", ["50% + 1", "a&b=c", "é ñ ç 𝔘", "%25", "#", "a;b"])
@pytest.mark.parametrize("way", ["get", "form", "body"])
def test_text_arrives_as_it_was_sent(client: FlaskClient, word: str, way: str) -> None:
    query = f'SELECT ("{word}" AS ?word) WHERE {{}}'
    match way:
        case "get":
            response = get(client, query, "text/tab-separated-values")
        case "form":
            response = client.post("/sparql?format=tsv", data={"query": query})
        case _:
            response = client.post(
                "/sparql?format=tsv", data=query.encode(), content_type="application/sparql-query"
            )
    assert response.text.splitlines()[1] == f'"{word}"'


def test_a_form_with_a_charset_is_a_form(client: FlaskClient) -> None:
    response = client.post(
        "/sparql",
        data=urlencode({"query": ASK}),
        content_type="application/x-www-form-urlencoded; charset=utf-8",
    )
    assert response.get_json(force=True)["boolean"] is True


def test_the_graphs_of_the_request_are_the_dataset(client: FlaskClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s dg:hasStatus ?o }"

    def counted(**graphs: str) -> int:
        rows = get(client, count, "text/csv", **graphs).text.splitlines()
        return int(rows[1])

    assert counted() > 0
    assert counted(**{"default-graph-uri": str(CURRENT_GRAPH)}) == counted()
    # The register never says how far a deal has got.
    assert counted(**{"default-graph-uri": str(ENTITIES_GRAPH)}) == 0


# ---- formats ----


@pytest.mark.parametrize(
    ("query", "accept", "name", "told"),
    [
        (SELECT, "*/*", "", "application/sparql-results+json"),
        (SELECT, "", "", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "", "application/sparql-results+xml"),
        (SELECT, "text/csv", "", "text/csv; charset=utf-8"),
        (SELECT, "*/*", "tsv", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/turtle, text/csv;q=0.3", "", "text/csv; charset=utf-8"),
        (ASK, "*/*", "xml", "application/sparql-results+xml"),
        (CONSTRUCT, "*/*", "", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "", "application/rdf+xml"),
        (CONSTRUCT, "application/ld+json", "", "application/ld+json"),
        (CONSTRUCT, "*/*", "trig", "application/trig"),
        (CONSTRUCT, "*/*", "nq", "application/n-quads"),
        ("DESCRIBE org:openai", "*/*", "ttl", "text/turtle; charset=utf-8"),
    ],
)
def test_formats(client: FlaskClient, query: str, accept: str, name: str, told: str) -> None:
    response = get(client, query, accept, **({"format": name} if name else {}))
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == told
    assert "Accept" in response.headers["Vary"]
    assert response.data


def test_numbers_stay_numbers_in_csv(client: FlaskClient) -> None:
    query = "SELECT ?value WHERE { ?a dg:pointValue ?value } ORDER BY ?value LIMIT 5"
    [head, *rows] = csv.reader(io.StringIO(get(client, query, "text/csv").text))
    assert head == ["value"]
    assert len(rows) == 5
    assert all(float(value) > 0 for [value] in rows)


# ---- caching ----


def test_an_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first = get(client, SELECT)
    etag = first.headers["ETag"]
    again = client.get("/sparql", query_string={"query": SELECT}, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert again.headers["X-Dealgraph-Release"] == "1"
    # Another format, and another query, are other answers.
    assert get(client, SELECT, "text/csv").headers["ETag"] != etag
    assert get(client, SELECT + " OFFSET 1").headers["ETag"] != etag


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_is_new_each_time_is_not_cached(client: FlaskClient, call: str) -> None:
    response = get(client, f"SELECT ({call} AS ?x) WHERE {{}}")
    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_a_new_release_is_answered_from_at_once(tmp_path: Path, mini_folder: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    ontology = Path(__file__).parent.parent / "ontology"
    app = create_app(workspace, Settings(workers=1))
    client = app.test_client()
    count = "SELECT (COUNT(?article) AS ?n) WHERE { GRAPH graph:catalog { ?article dg:outlet ?o } }"
    try:
        early = get(client, count)
        assert early.status_code == 503
        assert "dealgraph build" in early.get_json(force=True)["cure"]
        build(workspace, mini_folder, ontology)
        first = get(client, count, "text/csv")
        assert first.headers["X-Dealgraph-Release"] == "1"
        next((mini_folder / "articles").glob("herald*.yaml")).unlink()
        # What an article of that outlet said may be referred to by decisions: none here.
        (mini_folder / "assessments" / "decisions.yaml").unlink()
        old_workers = releases_of(app).borrow()
        releases_of(app).give_back(old_workers)
        build(workspace, mini_folder, ontology)
        second = get(client, count, "text/csv")
        assert second.headers["X-Dealgraph-Release"] == "2"
        assert second.headers["ETag"] != first.headers["ETag"]
        assert int(second.text.split()[1]) == int(first.text.split()[1]) - 1
        # Nobody reads the first release any more, so its workers have ended.
        assert old_workers.engine.pids() == []
    finally:
        releases_of(app).close()


def test_a_release_stays_open_while_it_is_being_sent(tmp_path: Path, mini_folder: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    ontology = Path(__file__).parent.parent / "ontology"
    build(workspace, mini_folder, ontology)
    app = create_app(workspace, Settings(workers=1))
    try:
        sending = app.test_client().get(
            "/sparql", query_string={"query": "SELECT * WHERE { ?s ?p ?o }"}, buffered=False
        )
        (mini_folder / "assessments" / "decisions.yaml").unlink()
        build(workspace, mini_folder, ontology)
        newer = get(app.test_client(), ASK)
        assert newer.headers["X-Dealgraph-Release"] == "2"
        assert sending.headers["X-Dealgraph-Release"] == "1"
        assert json.loads(sending.data)["results"]["bindings"]
        sending.close()
    finally:
        releases_of(app).close()


# ---- other methods ----


def test_head_says_what_get_would_send(client: FlaskClient) -> None:
    told = client.head("/sparql", query_string={"query": SELECT})
    sent = get(client, SELECT)
    assert told.status_code == 200
    assert told.data == b""
    assert int(told.headers["Content-Length"]) == len(sent.data)
    assert told.headers["ETag"] == sent.headers["ETag"]


def test_a_page_of_another_origin_may_ask(client: FlaskClient) -> None:
    preflight = client.options(
        "/sparql",
        headers={
            "Origin": "https://notebook.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    answer = get(client, ASK)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Dealgraph-Release" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


# ---- the query page ----


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_the_query_page(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    assert "PREFIX dg:" in page.text
    assert "<textarea" in page.text
    # Each question is an example, and opens with its values in it.
    example = client.get("/sparql?example=suppliers", headers={"Accept": BROWSER})
    assert "id/org/openai&gt;" in example.text


def test_the_page_shows_names_instead_of_iris(client: FlaskClient) -> None:
    page = get(client, "SELECT ?firm WHERE { VALUES ?firm { org:aws } }", BROWSER)
    assert 'href="/entity/org/aws"' in page.text
    assert "Amazon Web Services" in page.text
    assert "1 row" in page.text
    assert "format=csv" in page.text


def test_the_page_says_when_it_does_not_show_all(workspace: Workspace) -> None:
    app = create_app(workspace, Settings(workers=1, page_rows=5))
    try:
        page = get(app.test_client(), "SELECT * WHERE { ?s ?p ?o }", BROWSER)
        assert "More than 5 rows" in page.text
        assert "The first 5 rows are shown here" in page.text
        assert page.text.count('role="row"') == 1 + 5
    finally:
        releases_of(app).close()


def test_a_wrong_query_stays_in_the_page_with_what_is_wrong(client: FlaskClient) -> None:
    page = get(client, "SELECT <script>alert(1)</script>", BROWSER)
    assert page.status_code == 400
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert 'role="alert"' in page.text


def test_a_named_format_beats_the_browser(client: FlaskClient) -> None:
    assert get(client, SELECT, BROWSER, format="csv").mimetype == "text/csv"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (ASK, "Yes"),
        ("ASK { org:openai a dg:Deal }", "No"),
        (CONSTRUCT, "org:openai"),
        ("SELECT ?x WHERE { BIND(1 / 0 AS ?x) }", "1 row"),
        ('SELECT ("a\\tb\\nc" AS ?x) ("é"@pt AS ?y) (true AS ?z) WHERE {}', "é"),
        ("SELECT * WHERE {}", "1 row"),
        ("SELECT ?x WHERE { VALUES ?x { } }", "0 rows"),
    ],
)
def test_every_form_has_a_page(client: FlaskClient, query: str, shown: str) -> None:
    page = get(client, query, BROWSER)
    assert page.status_code == 200
    assert shown in page.text


# ---- a real server and real clients ----


def curl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["curl", "--silent", "--max-time", "60", *arguments],
        capture_output=True,
        text=True,
        timeout=90,
    )


def test_curl_without_any_option(served: str) -> None:
    done = curl("--get", "--data-urlencode", f"query={SELECT}", f"{served}/sparql")
    assert len(json.loads(done.stdout)["results"]["bindings"]) == 3


def test_curl_head_ends_where_it_should(served: str) -> None:
    done = curl("--head", "--get", "--data-urlencode", f"query={ASK}", f"{served}/sparql")
    assert done.returncode == 0
    assert "200 OK" in done.stdout


def test_a_query_past_its_deadline_is_an_error_in_time(served: str) -> None:
    begun = time.monotonic()
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    done = curl("--get", "--data-urlencode", f"query={query}", f"{served}/sparql?timeout=0.5")
    problem = json.loads(done.stdout)
    assert (problem["status"], problem["type"].rsplit("/", 1)[-1]) == (504, "query-timeout")
    assert time.monotonic() - begun < 5
    # And the service is as quick as before.
    assert json.loads(curl("--get", "--data-urlencode", f"query={ASK}", f"{served}/sparql").stdout)


def test_a_broken_off_answer_does_not_look_whole(served: str, tmp_path: Path) -> None:
    body = tmp_path / "body"
    asked = ("--get", "--data-urlencode", f"query={ENDLESS}", "--output", str(body))
    done = curl(*asked, f"{served}/sparql?timeout=2&format=csv")
    assert body.stat().st_size > 0
    assert done.returncode == 18  # transfer closed with data outstanding
    # An HTTP/1.0 client could not tell, so it is given an error instead.
    older = curl("--http1.0", *asked, f"{served}/sparql?timeout=2&format=csv")
    assert older.returncode == 0
    assert json.loads(body.read_text())["status"] == 504


def test_a_reader_who_leaves_frees_the_worker(served: str) -> None:
    address = f"{served}/sparql?{urlencode({'query': ENDLESS, 'format': 'csv', 'timeout': '10'})}"
    readers = [
        subprocess.Popen(
            ["curl", "--silent", "--limit-rate", "1k", address], stdout=subprocess.DEVNULL
        )
        for _ in range(2)  # as many as there are workers
    ]
    time.sleep(1)
    for reader in readers:
        reader.kill()
        reader.wait()
    answer = curl("--get", "--data-urlencode", f"query={ASK}", f"{served}/sparql")
    assert json.loads(answer.stdout).get("boolean") is True, answer.stdout


@pytest.mark.parametrize(
    ("form", "query"),
    [
        *[(form, SELECT) for form in (JSON, XML, CSV, TSV)],
        *[(form, ASK) for form in (JSON, XML)],
        *[(form, CONSTRUCT) for form in (N3, RDFXML, JSONLD, TURTLE)],
        (XML, "DESCRIBE org:openai"),
    ],
)
# SPARQLWrapper 2.0 makes a ConjunctiveGraph of what it converts.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper(served: str, form: str, query: str, method: str) -> None:
    wrapper = SPARQLWrapper(f"{served}/sparql")
    # It declares the prefixes of what it sends itself.
    wrapper.setQuery(_declared(query))
    wrapper.setMethod(method)
    wrapper.setReturnFormat(form)
    assert wrapper.query().convert()


def _declared(query: str) -> str:
    prefixes = {
        "dg": "https://w3id.org/dealgraph/ontology#",
        "org": "https://w3id.org/dealgraph/id/org/",
    }
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items()) + query


def test_rdflib_reads_it_as_a_store(served: str) -> None:
    graph = Graph(store=SPARQLStore(f"{served}/sparql"))
    name = URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    labels = set(graph.objects(identity("org", "aws"), name))
    assert "Amazon Web Services" in {str(label) for label in labels}


def test_accept_headers_of_well_known_clients(app: Flask) -> None:
    """Each of them names several kinds at once; the answer is of the kind that fits the query."""
    clients: Mapping[str, str] = {
        "jena": "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
        "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, "
        "application/xml;q=0.2, */*;q=0.1",
        "rdf4j": "application/x-binary-rdf-results-table, application/sparql-results+xml;q=0.8, "
        "application/sparql-results+json;q=0.8, text/turtle, application/rdf+xml",
        "comunica": "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
        "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,"
        "application/sparql-results+json;q=0.4,text/html;q=0.2",
        "yasgui": "application/sparql-results+json,*/*;q=0.9",
    }
    for name, accept in clients.items():
        rows = get(app.test_client(), SELECT, accept)
        assert rows.status_code == 200, name
        assert "sparql-results" in rows.mimetype, name
    graph = get(app.test_client(), CONSTRUCT, clients["comunica"])
    assert graph.mimetype == "application/n-quads"
    dataset = Dataset()
    dataset.parse(data=graph.data, format="nquads")
    assert len(dataset)
