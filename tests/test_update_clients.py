"""Clients that write, against a real server of a plain store that takes writes by token."""

import json
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import JSON, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

from test_clients_npm import run_script
from writable import Writable, serve_writable

EX = "http://example.org/"
SUBJECT, PREDICATE = URIRef(EX + "a"), URIRef(EX + "p")


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A plain store with nothing in it."""
    with serve_writable(tmp_path_factory.mktemp("writable")) as served:
        yield served


@pytest.fixture
def graph(writable: Writable, request: pytest.FixtureRequest) -> Iterator[URIRef]:
    """The name of a graph that no other test writes to; it is dropped in the end."""
    # The name of a test that has parameters is no part of an IRI as it is.
    name = URIRef(f"{EX}graph/{re.sub('[^a-z_]', '-', request.node.name)}")
    yield name
    _update(writable, f"DROP SILENT GRAPH <{name}>")


def _update(writable: Writable, text: str) -> None:
    wrapper = SPARQLWrapper(f"{writable.address}/update")
    wrapper.addCustomHttpHeader("Authorization", f"Bearer {writable.token}")
    wrapper.setMethod(POST)
    wrapper.setQuery(text)
    wrapper.query()


def _values(writable: Writable, graph: URIRef) -> list[str]:
    """The objects in a graph, in order, as SPARQLWrapper reads them."""
    wrapper = SPARQLWrapper(f"{writable.address}/sparql")
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(f"SELECT ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} ORDER BY ?o")
    answer = wrapper.query().convert()
    return [row["o"]["value"] for row in answer["results"]["bindings"]]


@pytest.mark.parametrize("way", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_updates(writable: Writable, graph: URIRef, way: str) -> None:
    wrapper = SPARQLWrapper(f"{writable.address}/update")
    wrapper.addCustomHttpHeader("Authorization", f"Bearer {writable.token}")
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(way)
    wrapper.setQuery(f"INSERT DATA {{ GRAPH <{graph}> {{ <{SUBJECT}> <{PREDICATE}> 'één' }} }}")
    wrapper.query()
    assert _values(writable, graph) == ["één"]
    wrapper.setQuery(f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    wrapper.query()
    assert _values(writable, graph) == []


def test_nobody_writes_without_the_token(writable: Writable, graph: URIRef) -> None:
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <{SUBJECT}> <{PREDICATE}> 1 }} }}"
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        request = urllib.request.Request(
            f"{writable.address}/update",
            data=text.encode(),
            headers={"Content-Type": "application/sparql-update", **headers},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=60)
        with refused.value as response:
            assert response.code == 401
            assert response.headers["WWW-Authenticate"].startswith("Bearer")
            assert json.load(response)["type"].endswith("/unauthorized")
    assert _values(writable, graph) == []


def test_rdflib_updates_through_a_store(writable: Writable, graph: URIRef) -> None:
    store = SPARQLUpdateStore(
        f"{writable.address}/sparql",
        f"{writable.address}/update",
        headers=writable.headers,
        autocommit=True,
    )
    remote = Graph(store, identifier=graph)
    remote.add((SUBJECT, PREDICATE, Literal("one")))
    remote.add((SUBJECT, PREDICATE, Literal("two")))
    assert _values(writable, graph) == ["one", "two"]
    assert set(remote.objects(SUBJECT, PREDICATE)) == {Literal("one"), Literal("two")}
    remote.remove((SUBJECT, PREDICATE, Literal("one")))
    assert _values(writable, graph) == ["two"]
    remote.update("DELETE { ?s ?p ?o } INSERT { ?s ?p 'three' } WHERE { ?s ?p ?o }")
    assert _values(writable, graph) == ["three"]
    remote.remove((None, None, None))
    assert _values(writable, graph) == []


def test_rdflib_sends_its_edits_at_once(writable: Writable, graph: URIRef) -> None:
    store = SPARQLUpdateStore(
        f"{writable.address}/sparql",
        f"{writable.address}/update",
        headers=writable.headers,
        autocommit=False,
    )
    remote = Graph(store, identifier=graph)
    remote.addN((SUBJECT, PREDICATE, Literal(f"{number}"), remote) for number in range(3))
    store.rollback()
    remote.addN((SUBJECT, PREDICATE, Literal(f"{number}"), remote) for number in range(5, 7))
    store.commit()
    assert _values(writable, graph) == ["5", "6"]


def test_sparql_http_client_writes(writable: Writable, graph: URIRef) -> None:
    answers = run_script("updates.mjs", writable.address, writable.token, str(graph))
    for step, values in (
        ("updated", ["one"]), ("posted", ["one", "two"]), ("put", ["three"])
    ):  # fmt: skip
        assert answers[step] == {"asked": values, "read": values}, step
    assert answers["deleted"]["status"] in (200, 204)
    assert answers["after"]["status"] == 404


def test_curl_puts_and_fetches_a_graph(writable: Writable, graph: URIRef, tmp_path: Path) -> None:
    address = f"{writable.address}/store?graph={quote(graph, safe='')}"
    file = tmp_path / "graph.ttl"
    file.write_text(f"<{SUBJECT}> <{PREDICATE}> 'from a file' .\n", encoding="utf-8")

    def curl(*arguments: str) -> str:
        command = ["curl", "--silent", "--show-error", "--max-time", "60", *arguments, address]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    token = ("--header", f"Authorization: Bearer {writable.token}")
    status = ("--output", str(tmp_path / "said"), "--write-out", "%{http_code}")
    put = curl("-T", str(file), "--header", "Content-Type: text/turtle", *token, *status)
    assert put == "201"
    assert _values(writable, graph) == ["from a file"]
    fetched = Graph().parse(data=curl("--header", "Accept: text/turtle"), format="turtle")
    assert set(fetched) == {(SUBJECT, PREDICATE, Literal("from a file"))}
    assert curl("--request", "DELETE", *token, *status) in ("200", "204")
    assert curl(*status) == "404"
