"""The log: one line for each request, which says what became of it and betrays nothing.

``buffered=True`` makes the test client close the body, as a server does.
"""

import io
import json
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dealgraph.web.logs import Lines, configure
from services import DEADLINE, service

ASK = "/sparql?query=" + quote("ASK { ?secret a dg:Deal }")

# Past the cache, which other tests have filled.
ANEW = {"Cache-Control": "no-cache"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the log of this process says, as JSON; everything as before afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    configure("json", stream)
    yield stream
    root.handlers[:], root.level = before


def lines(log: io.StringIO) -> list[dict[str, object]]:
    """Every line of the log so far."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line_with_what_became_of_it(
    client: FlaskClient, log: io.StringIO
) -> None:
    answer = client.get(ASK, headers={"X-Request-Id": "probe-7.a_b", **ANEW}, buffered=True)
    [line] = lines(log)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("time")))
    assert float(str(line.pop("ms"))) > 0
    assert re.fullmatch("[0-9a-f]{16}", str(line.pop("query")))
    assert line == {
        "level": "info",
        "request_id": "probe-7.a_b",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "bytes": len(answer.data),
        "rows": 0,
        "release": 1,
        "cache": "miss",
        "client": "127.0.0.1",
    }
    assert answer.headers["X-Request-Id"] == "probe-7.a_b"


@pytest.mark.parametrize("given", ["a b", "a\tb", "é", "", "x" * 65, "a;b", "<script>"])
def test_an_id_that_could_do_harm_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": given}, buffered=True)
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_neither_query_nor_token_is_written(client: FlaskClient, log: io.StringIO) -> None:
    headers = {"Authorization": "Bearer hush-hush"}
    client.get(ASK, headers=headers, buffered=True)
    client.post("/sparql", data={"query": "SELECT ?secret {"}, headers=headers, buffered=True)
    client.get("/search?q=secret", headers=headers, buffered=True)
    assert len(lines(log)) == 3
    for word in ("secret", "hush", "Bearer", "q="):
        assert word not in log.getvalue()
    assert lines(log)[1]["problem"] == "query-syntax"


def test_the_same_query_has_the_same_digest(client: FlaskClient, log: io.StringIO) -> None:
    for text in ("ASK {}", "ASK { }", "ASK {}"):
        client.get("/sparql?query=" + quote(text), headers=ANEW, buffered=True)
    one, other, again = (line["query"] for line in lines(log))
    assert one == again != other


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_path_cannot_forge_a_line(client: FlaskClient, form: str) -> None:
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    configure(form, stream)
    try:
        hostile = "/x\r\n2026-01-01 status=200\x1b[2J\x7f\x85\u2028 request_id=1 é"
        client.get(quote(hostile), buffered=True)
    finally:
        root.handlers[:], root.level = before
    written = stream.getvalue()
    assert written.count("\n") == len(written.splitlines()) == 1
    assert written[:-1].isprintable()
    assert written.isascii()
    if form == "json":
        assert json.loads(written)["path"] == hostile
    else:
        # Blanks within a value stand in quotes: no field can be made up.
        assert re.search(r' path="/x\\r\\n2026-01-01 status=200\\u001b', written)
        assert " status=404 " in written


def test_healthy_probes_are_not_logged(client: FlaskClient, log: io.StringIO) -> None:
    for path in ("/healthz", "/readyz", "/version", "/metrics"):
        assert client.get(path, buffered=True).status_code == 200
        assert client.post(path, buffered=True).status_code == 405
    told = [(line["path"], line["status"]) for line in lines(log)]
    assert told == [(path, 405) for path in ("/healthz", "/readyz", "/version", "/metrics")]


def test_off_leaves_out_requests_but_no_fault(client: FlaskClient, log: io.StringIO) -> None:
    configure("off", log)
    client.get("/", buffered=True)
    logging.getLogger("dealgraph.web").error("broken")
    assert "broken" in log.getvalue()
    assert "path" not in log.getvalue()


def test_a_fault_is_logged_with_its_trace_under_the_id_of_the_request(
    log: io.StringIO,
) -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 1, "request %s failed", ("a\nb",), None)
    try:
        raise ValueError("first\nstatus=200 \x1b[2J")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    text = Lines(as_json=False).format(record)
    head, *trace = text.split("\n")
    assert head.endswith('logger=x message="request a\\nb failed"')
    assert all(line.startswith("    ") and line.isprintable() for line in trace)
    assert "ValueError: first" in json.loads(Lines(as_json=True).format(record))["trace"]


def test_a_client_that_leaves_and_one_that_stays(app: Flask, tmp_path: Path, workspace) -> None:  # type: ignore[no-untyped-def]
    text = "SELECT * { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?a ?b ?c } } LIMIT 900000"
    with service(workspace.root, tmp_path / "log", "--log", "json") as running:
        with socket.create_connection(("127.0.0.1", running.port), DEADLINE) as gone:
            target = "/sparql?format=csv&query=" + quote(text)
            gone.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert gone.recv(12) == b"HTTP/1.1 200"
        [line] = running.lines(1)
        assert (line["status"], line["aborted"]) == (200, True)
        assert running.get("/healthz")[0] == 200
        assert running.get("/", {"X-Request-Id": "stays"})[0] == 200
        last = running.lines(2)[-1]
    assert last["request_id"] == "stays"
    assert "aborted" not in last
    assert "Traceback" not in running.printed()


@pytest.mark.parametrize("protocol", ["HTTP/1.1", "HTTP/1.0"])
def test_rows_are_told_also_of_what_the_cache_gives(
    client: FlaskClient, log: io.StringIO, protocol: str
) -> None:
    text = f"SELECT ?s {{ ?s ?p ?o }} LIMIT 7 # {protocol}"
    for _ in range(2):
        address = "/sparql?format=csv&query=" + quote(text)
        environ = {"SERVER_PROTOCOL": protocol}
        answer = client.get(address, environ_overrides=environ, buffered=True)
        assert len(answer.data.splitlines()) == 1 + 7
    first, again = lines(log)
    assert [first["cache"], again["cache"]] == ["miss", "hit"]
    assert first["rows"] == again["rows"] == 7
    assert first["query"] == again["query"]
    held = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(address, headers=held, buffered=True).status_code == 304
    assert "rows" not in lines(log)[-1]
    figures = client.get("/metrics", buffered=True).text
    assert 'dealgraph_http_rows_total{route="/sparql"}' in figures


def test_rows_of_triples_questions_and_pages_are_told(
    client: FlaskClient, log: io.StringIO
) -> None:
    graph = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 5"
    client.get("/sparql?format=nt&query=" + quote(graph), headers=ANEW, buffered=True)
    answer = client.get("/questions/suppliers.csv", headers=ANEW, buffered=True)
    page = {"Accept": "text/html", **ANEW}
    shown_rows = "/sparql?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 3")
    client.get(shown_rows, headers=page, buffered=True)
    triples, question, shown = lines(log)
    assert 1 <= int(str(triples["rows"])) <= 5
    assert question["rows"] == answer.text.count("\r\n") - 1 > 0
    assert shown["rows"] == 3


def test_an_answer_that_breaks_off_has_no_rows(client: FlaskClient, log: io.StringIO) -> None:
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    answer = client.get("/sparql?format=csv&query=" + quote(text), headers=ANEW)
    next(answer.iter_encoded())
    answer.close()
    [line] = lines(log)
    assert line["aborted"] is True
    assert "rows" not in line
