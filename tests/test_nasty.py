"""Queries that are meant to break a service, on a real one: they end, and the others go on.

``tests/nasty`` holds them, one a file; what is too long for a file is made here. All of them come
from 127.0.0.1, ordinary queries from 127.0.0.2, which is another owner.
"""

import http.client
import itertools
import json
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from dealgraph.releases.workspace import Workspace
from serving import Server, asking, serving, until

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="memory and files are looked at in /proc"
)

MIB = 2**20
TIMEOUT, PATIENCE, MEMORY = 3.0, 10.0, 512
# Seconds that a long query waits for others to be read (engines/reading.py).
READING = 5.0
# Where 100 threads of a test and a service share few cores, seconds that are nobody's fault.
SLACK = 5.0
DEEP = 10_000
LONG = 1_000_000

NASTY = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent / "nasty").glob("*.rq"))
} | {
    "deep-brackets": f"SELECT ({'(' * DEEP}1{')' * DEEP} AS ?x) WHERE {{}}",
    "deep-groups": f"SELECT * WHERE {'{' * DEEP}{'}' * DEEP}",
    "deep-optionals": f"SELECT * WHERE {{ {'OPTIONAL {' * DEEP}{'}' * DEEP} }}",
    "deep-not": f"SELECT ({'!' * DEEP}true AS ?x) WHERE {{}}",
    "deep-paths": f"SELECT * WHERE {{ ?a {'(' * DEEP}!<x:a>{')*' * DEEP} ?b }}",
    "deep-collections": f"SELECT * WHERE {{ ?a ?b {'(' * DEEP}{')' * DEEP} }}",
    "deep-triple-terms": f"SELECT ({'<<( <x:a> <x:b> ' * DEEP}1{' )>>' * DEEP} AS ?x) WHERE {{}}",
    "long-string": f'SELECT (REGEX("{"a" * LONG}", "^(a+)+b$") AS ?x) WHERE {{ ?a ?b ?c }}',
    "long-sum": f"SELECT ({'+'.join(['1'] * 40_000)} AS ?x) WHERE {{}}",
    "long-pattern": "SELECT (COUNT(*) AS ?n) WHERE {"
    + " ".join(f"?s{n} ?p{n} ?s{n + 1} ." for n in range(20_000))
    + "}",
    "long-in": f"SELECT * WHERE {{ ?a ?b ?c FILTER(?c IN ({','.join(map(str, range(45_000)))})) }}",
    "long-comment": f"SELECT * WHERE {{ #{'x' * LONG}\n ?a ?b ?c . ?d ?e ?f }}",
}

# What they may end in, besides an answer and one that is broken off.
ENDS = {
    400: {"query-syntax", "bad-input"},
    413: {"too-large"},
    503: {"engine-busy"},
    504: {"query-timeout"},
    507: {"query-out-of-memory", "result-too-large"},
}
ORDINARY = (
    ("SELECT ?deal WHERE { ?deal a dg:Deal } ORDER BY ?deal LIMIT 3", 3),
    ("SELECT * WHERE { org:openai ?p ?o } LIMIT 5", 5),
    ("SELECT (COUNT(*) AS ?n) WHERE { ?part dg:hasStatus ?status }", 1),
)


@dataclass(frozen=True)
class End:
    """How a request ended: ``status`` 0 is an answer that was broken off."""

    status: int
    slug: str
    seconds: float
    body: bytes


@pytest.fixture(scope="module")
def started(workspace: Workspace) -> Iterator[tuple[Server, int]]:
    """Over the shipped records, with both workers started; the files that it has open then."""
    with serving(
        workspace.root,
        timeout=TIMEOUT,
        workers=2,
        memory=MEMORY,
        queue=100,
        patience=PATIENCE,
        threads=128,
    ) as server:
        with asking(server, NASTY["cross-count"]):
            assert ask(server, "ASK {}", "127.0.0.2").status == 200
            until(lambda: len(server.processes()) == 3)
        settled(server)
        yield server, server.files()


@pytest.fixture(scope="module")
def server(started: tuple[Server, int]) -> Server:
    """The server of this module."""
    return started[0]


@pytest.fixture(scope="module")
def files(started: tuple[Server, int]) -> int:
    """The files that it had open when nothing had been asked yet."""
    return started[1]


def ask(server: Server, query: str, source: str = "127.0.0.1", timeout: float = 0) -> End:
    """Asks by POST for JSON, or for what a graph is written in."""
    fields = {"query": query, **({"timeout": str(timeout)} if timeout else {})}
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=120, source_address=(source, 0)
    )
    begun = time.monotonic()
    try:
        connection.request(
            "POST",
            "/sparql",
            urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        response = connection.getresponse()
        status = response.status
        try:
            body = response.read()
        except (http.client.IncompleteRead, ConnectionError):
            status, body = 0, b""
    finally:
        connection.close()
    slug = json.loads(body)["type"].rpartition("/")[2] if status >= 400 else ""
    return End(status, slug, time.monotonic() - begun, body)


def settled(server: Server) -> None:
    """Returns once nothing runs, and the service has at most its two workers."""

    def quiet() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/queries")
        listed = json.loads(connection.getresponse().read())
        connection.close()
        return listed == [] and len(server.processes()) <= 3

    until(quiet)


def allowed(end: End) -> bool:
    return end.status in (0, 200) or end.slug in ENDS.get(end.status, ())


@pytest.mark.parametrize("name", NASTY)
def test_each_ends_in_its_time(server: Server, name: str) -> None:
    """Alone: an answer or a problem, a second after its deadline at the latest."""
    # The first time it is read, too; the second time that is remembered: it is only evaluated.
    assert allowed(ask(server, NASTY[name], timeout=0.1))
    settled(server)
    end = ask(server, NASTY[name], timeout=1)
    assert allowed(end), end
    assert end.seconds < 1 + 1
    if end.slug == "query-timeout":
        assert "after 1 s" in json.loads(end.body)["detail"]


def test_a_hundred_at_once_while_others_go_on(server: Server, files: int) -> None:
    """Each ends within waiting and evaluation; memory is bounded; ordinary queries all succeed."""
    crowd = [text for text, _ in zip(itertools.cycle(NASTY.values()), range(100), strict=False)]
    settled(server)
    idle = server.memory()
    over = threading.Event()
    most: list[int] = [idle]

    def ordinary(number: int) -> list[float]:
        times = []
        while not over.is_set() or len(times) < 30:
            query, rows = ORDINARY[(number + len(times)) % len(ORDINARY)]
            end = ask(server, query, "127.0.0.2")
            assert end.status == 200, end
            assert len(json.loads(end.body)["results"]["bindings"]) == rows
            times.append(end.seconds)
        return times

    def watch() -> None:
        while not over.wait(0.05):
            most.append(server.memory())

    with ThreadPoolExecutor(100) as nasty, ThreadPoolExecutor(4) as others:
        measuring = others.submit(watch)
        going_on = [others.submit(ordinary, number) for number in range(3)]
        try:
            ends = list(nasty.map(lambda text: ask(server, text), crowd))
        finally:
            over.set()
        measuring.result()
        times = [seconds for each in going_on for seconds in each.result(120)]
    slowest = max(end.seconds for end in ends)
    print(f"{Counter((end.status, end.slug) for end in ends)}, the slowest {slowest:.1f} s")
    print(f"{len(times)} ordinary queries, p95 {statistics.quantiles(times, n=20)[18]:.3f} s")
    print(f"memory {idle / MIB:.0f} MiB before, {max(most) / MIB:.0f} MiB at most")
    assert all(allowed(end) for end in ends), ends
    assert sum(end.slug != "engine-busy" for end in ends) >= PATIENCE / (TIMEOUT + SLACK)
    assert slowest < READING + PATIENCE + TIMEOUT + SLACK
    # Each worker may take its memory on top; what the service holds of 100 requests is little.
    assert max(most) < idle + 2 * MEMORY * MIB + 256 * MIB
    settled(server)
    until(lambda: server.files() <= files)


def test_nothing_is_left_behind(server: Server, files: int) -> None:
    """600 requests: answered, refused, timed out, and given up by their clients."""

    def one(number: int) -> None:
        match number % 20:
            case 0:
                assert ask(server, NASTY["cross-count"], timeout=0.1).status == 504
            case 1:
                asking(server, NASTY["cross-rows"]).close()
            case 2:
                assert ask(server, "SELECT * WHERE {").status == 400
            case 3:
                assert ask(server, "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c } LIMIT 9").body
            case kind:
                query, _ = ORDINARY[kind % len(ORDINARY)]
                assert ask(server, query).status == 200

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(600)))
    settled(server)
    until(lambda: server.files() <= files)
    assert ask(server, "ASK {}").status == 200
