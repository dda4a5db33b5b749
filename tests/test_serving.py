"""The life of the service as a process: requests in flight at its end, and new releases."""

import csv
import http.client
import io
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from dealgraph.releases.workspace import Release, Workspace
from services import DEADLINE, Running, service
from stores import numbered, publish

ROWS = 600_000
# Some 32 MB: more than the server and the sockets hold, so it is in flight until it is read.
LONG = "/sparql?format=csv&query=" + quote(
    "SELECT ?s ?o ?s2 ?o2 { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s2 ?p2 ?o2 } } LIMIT " + str(ROWS)
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with 1,000 quads; read, never changed."""
    workspace = Workspace(tmp_path_factory.mktemp("plain") / "workspace")
    publish(workspace, numbered(1000), plain=True)
    return workspace.root


def begun(running: Running) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """A long answer of which the first bytes have come."""
    connection = running.connect()
    connection.request("GET", LONG)
    response = connection.getresponse()
    assert response.status == 200
    assert response.read(10) == b"s,o,s2,o2\r"
    return connection, response


def test_a_stream_in_flight_is_sent_whole_and_then_the_service_ends(
    plain: Path, tmp_path: Path
) -> None:
    with service(plain, tmp_path / "log", "--plain", "--log", "json") as running:
        early = running.connect()
        early.request("GET", "/readyz")
        assert early.getresponse().read()
        connection, response = begun(running)
        running.process.send_signal(signal.SIGTERM)
        assert running.refuses(), "no new connection is taken"
        # A connection from before is told, and closed after its answer.
        early.request("GET", "/readyz")
        told = early.getresponse()
        assert told.status == 503
        assert "ending" in json.loads(told.read())["detail"]
        assert told.headers["Connection"] == "close"
        rest = b"s,o,s2,o2\r" + response.read()
        assert len(list(csv.reader(io.StringIO(rest.decode())))) == ROWS + 1
        assert running.process.wait(DEADLINE) == 0
        connection.close()
        last = running.lines(2)[-1]
    assert (last["path"], last["status"], last["bytes"]) == ("/sparql", 200, len(rest))
    assert "aborted" not in last


def test_the_workers_end_with_the_service(plain: Path, tmp_path: Path) -> None:
    with service(plain, tmp_path / "log", "--plain") as running:
        assert running.get("/readyz")[0] == 200
        children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
        workers = [int(pid) for pid in children.read_text().split()]
        assert workers
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(DEADLINE) == 0
        for pid in workers:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


def test_after_its_grace_a_stream_is_cut_and_never_looks_whole(plain: Path, tmp_path: Path) -> None:
    arguments = ("--plain", "--grace", "0.2", "--log", "json")
    with service(plain, tmp_path / "log", *arguments) as running:
        connection, response = begun(running)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(DEADLINE) == 0
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()
        connection.close()
        warning, *requests = running.lines(2)
    assert "1 requests were cut off" in warning["message"]
    assert [(each["path"], each["aborted"]) for each in requests] == [("/sparql", True)]


def test_a_second_signal_ends_at_once(plain: Path, tmp_path: Path) -> None:
    with service(plain, tmp_path / "log", "--plain", "--grace", "3600") as running:
        connection, response = begun(running)
        running.process.send_signal(signal.SIGTERM)
        assert running.refuses()
        assert running.process.poll() is None
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(DEADLINE) == 0
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()
        connection.close()


def test_no_request_fails_while_a_new_release_is_taken_up(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, numbered(3), plain=True)
    path = "/sparql?format=csv&query=" + quote("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    answers: list[list[tuple[int, str, str]]] = [[] for _ in range(4)]
    with service(workspace.root, tmp_path / "log", "--plain") as running:
        stop = threading.Event()

        def ask(mine: list[tuple[int, str, str]]) -> None:
            while not stop.is_set():
                status, body, headers = running.get(path)
                mine.append((status, headers["X-Dealgraph-Release"], body.decode().split()[-1]))

        clients = [threading.Thread(target=ask, args=(mine,)) for mine in answers]
        for client in clients:
            client.start()
        published: list[Release] = []
        try:
            for count in (4, 5):
                _wait(answers, str(len(published) + 1))
                published.append(publish(workspace, numbered(count), plain=True)[0])
            _wait(answers, "3")
        finally:
            stop.set()
            for client in clients:
                client.join(DEADLINE)
        assert json.loads(running.get("/version")[1])["release"]["number"] == 3
    for mine in answers:
        assert {status for status, _, _ in mine} == {200}
        # Each answer is of one release, and no client is led back to an older one.
        assert {(release, rows) for _, release, rows in mine} <= {
            ("1", "3"),
            ("2", "4"),
            ("3", "5"),
        }
        assert [release for _, release, _ in mine] == sorted(release for _, release, _ in mine)


def _wait(answers: list[list[tuple[int, str, str]]], release: str) -> None:
    """Returns once every client has been answered from that release."""
    done = threading.Event()
    for _ in range(int(DEADLINE / 0.02)):
        if all(any(each[1] == release for each in mine) for mine in answers):
            return
        done.wait(0.02)
    raise AssertionError(f"release {release} was not taken up")


@pytest.fixture(params=[0, 1])
def proxied(request: pytest.FixtureRequest, plain: Path, tmp_path: Path) -> Iterator[Running]:
    """A service behind that many proxies."""
    number = str(request.param)
    arguments = ("--plain", "--proxies", number, "--log", "json")
    with service(plain, tmp_path / "log", *arguments) as running:
        running.proxies = request.param  # type: ignore[attr-defined]
        yield running


def test_only_proxies_that_are_ours_are_believed(proxied: Running) -> None:
    proxied.get("/nowhere", {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    [line] = proxied.lines(1)
    believed = proxied.proxies == 1  # type: ignore[attr-defined]
    # Of a longer list only what our own proxy has added counts: the last.
    assert line["client"] == ("203.0.113.9" if believed else "127.0.0.1")
