"""A real server and real clients: curl, SPARQLWrapper, rdflib, and clients that leave."""

import json
import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from dealgraph.vocab import DG, identity
from queries import ASK, CONSTRUCT, ENDLESS, SELECT, get_query


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


def test_an_older_client_is_told_the_size_of_a_file(served: str, tmp_path: Path) -> None:
    for address in ("/export/graph/schemes.nt", "/sparql?query=ASK{}&format=json"):
        head, body = tmp_path / "head", tmp_path / "body"
        asked = ("--http1.0", "--globoff", "--dump-header", str(head), "--output", str(body))
        assert curl(*asked, served + address).returncode == 0
        size = re.search(r"(?i)^content-length: ([0-9]+)", head.read_text(), re.MULTILINE)
        assert size is not None and int(size[1]) == body.stat().st_size > 0


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


def test_rdflib_asks_through_a_store(served: str) -> None:
    store = SPARQLStore(f"{served}/sparql", returnFormat="json")
    graph = Graph(store)
    kind = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert (identity("org", "openai"), kind, DG.Firm) in graph
    [(triple, _)] = store.triples((identity("org", "openai"), kind, DG.Firm))
    assert triple == (identity("org", "openai"), kind, DG.Firm)
    deals = set(graph.subjects(kind, DG.Deal))
    rows = graph.query("SELECT ?deal WHERE { ?deal a dg:Deal }", initNs={"dg": str(DG)})
    assert {row[0] for row in rows} == deals
    assert len(deals) > 50
    # A variable that is bound from outside arrives as part of the query.
    bound = graph.query(
        "ASK { ?firm a dg:Firm }",
        initNs={"dg": str(DG)},
        initBindings={"firm": identity("org", "openai")},
    )
    assert bound.askAnswer is True
    # rdflib asks for no kind of RDF once it is told to ask for JSON; left alone it does.
    made = Graph(SPARQLStore(f"{served}/sparql")).query(_declared(CONSTRUCT))
    assert made.graph is not None and len(made.graph) > 0


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
        rows = get_query(app.test_client(), SELECT, accept)
        assert rows.status_code == 200, name
        assert "sparql-results" in rows.mimetype, name
    graph = get_query(app.test_client(), CONSTRUCT, clients["comunica"])
    assert graph.mimetype == "application/n-quads"
    dataset = Dataset()
    dataset.parse(data=graph.data, format="nquads")
    assert len(dataset)
