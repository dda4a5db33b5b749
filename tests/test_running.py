"""``/queries`` on a real server: listed, stopped, and ended with the client that asked."""

import http.client
import json
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from dealgraph.releases.workspace import Workspace
from serving import Server, asking, serving, until

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ROWS = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PAGE = "text/html,application/xhtml+xml"

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are looked at in /proc"
)


@pytest.fixture(scope="module")
def server(workspace: Workspace) -> Iterator[Server]:
    """Over the shipped records, with two workers and a minute for each query."""
    with serving(workspace.root, workers=2, timeout=60, queue=10, patience=60) as server:
        yield server


def request(
    server: Server, method: str, path: str, source: str = "127.0.0.1", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request from *source*, which is some address of this machine."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=60, source_address=(source, 0)
    )
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=names)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def running(server: Server, source: str = "127.0.0.1") -> list[dict[str, Any]]:
    status, headers, body = request(server, "GET", "/queries", source)
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    listed: list[dict[str, Any]] = json.loads(body)
    return listed


def listed_as(server: Server, *states: str) -> bool:
    return sorted(each["state"] for each in running(server)) == sorted(states)


def answered(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, json.loads(response.read())


@pytest.mark.parametrize("way", ["delete", "post"])
def test_a_query_is_listed_and_stopped(server: Server, way: str) -> None:
    with asking(server, COUNT) as connection:
        until(lambda: listed_as(server, "evaluating"))
        [query] = running(server)
        assert set(query) == {"id", "digest", "form", "started", "seconds", "state", "release"}
        assert (query["form"], query["release"]) == ("SELECT", 1)
        method, path = ("DELETE", "") if way == "delete" else ("POST", "/stop")
        assert request(server, method, f"/queries/{query['id']}{path}")[0] == 204
        status, problem = answered(connection)
        assert (status, problem["type"].rpartition("/")[2]) == (503, "query-stopped")
        assert problem["request_id"] == query["id"]
    assert running(server) == []


def test_an_answer_that_is_being_sent_is_left_unfinished(server: Server) -> None:
    with asking(server, ROWS, format="csv") as connection:
        until(lambda: listed_as(server, "sending"))
        [query] = running(server)
        assert request(server, "DELETE", f"/queries/{query['id']}")[0] == 204
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 200
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()


def test_others_neither_see_nor_stop_it(server: Server) -> None:
    with asking(server, COUNT):
        until(lambda: listed_as(server, "evaluating"))
        [query] = running(server)
        assert running(server, "127.0.0.2") == []
        path = f"/queries/{query['id']}"
        status, _, body = request(server, "DELETE", path, "127.0.0.2")
        assert (status, json.loads(body)["type"].rpartition("/")[2]) == (404, "not-found")
        assert listed_as(server, "evaluating")
    until(lambda: running(server) == [])


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_page_of_another_site_stops_nothing(server: Server, headers: dict[str, str]) -> None:
    with asking(server, COUNT):
        until(lambda: listed_as(server, "evaluating"))
        [query] = running(server)
        path = f"/queries/{query['id']}"
        assert request(server, "POST", path + "/stop", **headers)[0] == 403
        assert request(server, "DELETE", path, **headers)[0] == 403
        assert listed_as(server, "evaluating")
    until(lambda: running(server) == [])


def test_the_page_has_a_button_that_stops_it(server: Server) -> None:
    with asking(server, COUNT) as connection:
        until(lambda: listed_as(server, "evaluating"))
        [query] = running(server)
        status, _, page = request(server, "GET", "/queries", Accept=PAGE)
        assert status == 200
        button = f'action="/queries/{query["id"]}/stop"'
        assert button in page.decode()
        status, headers, _ = request(
            server,
            "POST",
            f"/queries/{query['id']}/stop",
            Accept=PAGE,
            Origin=f"http://127.0.0.1:{server.port}",
            Sec_Fetch_Site="same-origin",
        )
        assert (status, headers["Location"]) == (303, "/queries")
        assert answered(connection)[0] == 503
    for language, words in (("en", "None is running"), ("pt", "Não há nenhuma em andamento")):
        page = request(server, "GET", f"/queries?lang={language}", Accept=PAGE)[2]
        assert words in page.decode()


@pytest.mark.parametrize("query", [COUNT, ROWS])
def test_a_client_that_goes_away_ends_its_query(server: Server, query: str) -> None:
    """Before the first byte, and while the answer is being sent; nobody else has to wait."""
    with asking(server, query):
        until(lambda: len(running(server)) == 1 and not listed_as(server, "waiting"))
        before = set(server.processes())
    took = until(lambda: running(server) == [])
    print(f"the query ended {took:.1f} s after its client")
    # The worker that had it has been killed.
    until(lambda: bool(before - set(server.processes())))


def test_a_client_that_goes_away_gives_up_its_turn(server: Server) -> None:
    """One address has one of the two workers: its second query waits, and so does its third."""
    with asking(server, COUNT):
        until(lambda: listed_as(server, "evaluating"))
        with asking(server, COUNT):
            until(lambda: listed_as(server, "evaluating", "waiting"))
            assert request(server, "GET", "/sparql?query=ASK+%7B%7D", "127.0.0.2")[0] == 200
        until(lambda: listed_as(server, "evaluating"))
    until(lambda: running(server) == [])


def asking_a_question(server: Server, source: str = "127.0.0.1") -> socket.socket:
    connection = socket.create_connection(
        ("127.0.0.1", server.port), timeout=60, source_address=(source, 0)
    )
    # A value that no other test asks for: the cache has no answer.
    connection.sendall(
        b"GET /questions/suppliers.csv?firm=anthropic&timeout=55 HTTP/1.1\r\n"
        b"Host: localhost\r\nConnection: close\r\n\r\n"
    )
    return connection


def test_a_question_has_the_share_of_who_asks_it(server: Server) -> None:
    """Listed, waiting for the share of its address, and given up with its client or by it."""
    with asking(server, COUNT):
        until(lambda: listed_as(server, "evaluating"))
        with asking_a_question(server):
            until(lambda: listed_as(server, "evaluating", "waiting"))
        until(lambda: listed_as(server, "evaluating"))
        with asking_a_question(server) as connection:
            until(lambda: listed_as(server, "evaluating", "waiting"))
            [waiting] = [each for each in running(server) if each["state"] == "waiting"]
            assert request(server, "DELETE", f"/queries/{waiting['id']}")[0] == 204
            status, problem = answered(connection)
            assert (status, problem["type"].rpartition("/")[2]) == (503, "query-stopped")
        # Another address has a share of its own.
        with asking_a_question(server, "127.0.0.2") as connection:
            response = http.client.HTTPResponse(connection)
            response.begin()
            assert response.status == 200
            assert b"Label" in response.read()
    until(lambda: running(server) == [])
