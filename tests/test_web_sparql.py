"""The SPARQL endpoint: the protocol, formats, caching, other methods.

https://www.w3.org/TR/sparql11-protocol/
"""

import csv
import io
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from dealgraph.errors import EngineBusy
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.vocab import CURRENT_GRAPH, ENTITIES_GRAPH
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of
from queries import ASK, CONSTRUCT, SELECT, get_query

# ---- the three ways to ask ----


def test_the_three_ways_to_ask_give_one_answer(client: FlaskClient) -> None:
    by_get = get_query(client, SELECT)
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
            response = get_query(client, query, "text/tab-separated-values")
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
        rows = get_query(client, count, "text/csv", **graphs).text.splitlines()
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
    response = get_query(client, query, accept, **({"format": name} if name else {}))
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == told
    assert "Accept" in response.headers["Vary"]
    assert response.data


def test_numbers_stay_numbers_in_csv(client: FlaskClient) -> None:
    query = "SELECT ?value WHERE { ?a dg:pointValue ?value } ORDER BY ?value LIMIT 5"
    [head, *rows] = csv.reader(io.StringIO(get_query(client, query, "text/csv").text))
    assert head == ["value"]
    assert len(rows) == 5
    assert all(float(value) > 0 for [value] in rows)


# ---- caching ----


def test_an_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first = get_query(client, SELECT)
    etag = first.headers["ETag"]
    again = client.get("/sparql", query_string={"query": SELECT}, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert again.headers["X-Dealgraph-Release"] == "1"
    # Another format, and another query, are other answers.
    assert get_query(client, SELECT, "text/csv").headers["ETag"] != etag
    assert get_query(client, SELECT + " OFFSET 1").headers["ETag"] != etag


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_is_new_each_time_is_not_cached(client: FlaskClient, call: str) -> None:
    response = get_query(client, f"SELECT ({call} AS ?x) WHERE {{}}")
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
        early = get_query(client, count)
        assert early.status_code == 503
        assert "dealgraph build" in early.get_json(force=True)["cure"]
        build(workspace, mini_folder, ontology)
        first = get_query(client, count, "text/csv")
        assert first.headers["X-Dealgraph-Release"] == "1"
        next((mini_folder / "articles").glob("herald*.yaml")).unlink()
        # What an article of that outlet said may be referred to by decisions: none here.
        (mini_folder / "assessments" / "decisions.yaml").unlink()
        old_workers = releases_of(app).borrow()
        releases_of(app).give_back(old_workers)
        build(workspace, mini_folder, ontology)
        second = get_query(client, count, "text/csv")
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
        newer = get_query(app.test_client(), ASK)
        assert newer.headers["X-Dealgraph-Release"] == "2"
        assert sending.headers["X-Dealgraph-Release"] == "1"
        assert json.loads(sending.data)["results"]["bindings"]
        sending.close()
    finally:
        releases_of(app).close()


def test_a_reader_who_was_late_does_not_bring_the_release_before_back(
    tmp_path: Path, mini_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    ontology = Path(__file__).parent.parent / "ontology"
    old, _ = build(workspace, mini_folder, ontology)
    (mini_folder / "assessments" / "decisions.yaml").unlink()
    new, _ = build(workspace, mini_folder, ontology)
    releases = releases_of(create_app(workspace, Settings(workers=1)))
    try:
        releases.give_back(releases.borrow())
        # CURRENT as it was when the late reader looked, and as it is by now.
        read = iter([old])
        monkeypatch.setattr(workspace, "current", lambda: next(read, new))
        late = releases.borrow()
        assert late.release == new
        releases.give_back(late)
    finally:
        releases.close()


def test_what_has_ended_opens_no_release(workspace: Workspace) -> None:
    releases = releases_of(create_app(workspace, Settings(workers=1)))
    releases.close()
    with pytest.raises(EngineBusy, match="The service is ending"):
        releases.borrow()


# ---- other methods ----


def test_head_says_what_get_would_send(client: FlaskClient) -> None:
    told = client.head("/sparql", query_string={"query": SELECT})
    sent = get_query(client, SELECT)
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
    answer = get_query(client, ASK)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Dealgraph-Release" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
