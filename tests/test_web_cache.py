"""The cache of answers: the same as without it, at once new, never a part, never another's."""

import gzip
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.cache import AnswerCache
from dealgraph.web.cache_store import CacheStore, Collected
from dealgraph.web.exchange import Exchange, on_end
from dealgraph.web.opened import releases_of
from stores import numbered, publish

ALL = "SELECT ?s ?v WHERE { ?s ?p ?v } ORDER BY ?v"
MAIN = "http://example.org/main"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def small(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, numbered(200))
    return workspace


def _app(workspace: Workspace, **chosen: Any) -> Iterator[Flask]:
    app = create_app(workspace, Settings(**{"workers": 1, "plain": True, **chosen}))
    yield app
    releases_of(app).close()


@pytest.fixture
def app(small: Workspace) -> Iterator[Flask]:
    yield from _app(small)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ask(
    client: FlaskClient,
    query: str = ALL,
    method: str = "GET",
    path: str = "/sparql",
    **headers: str,
) -> TestResponse:
    graph = {"default-graph-uri": MAIN}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    match method:
        case "GET" | "HEAD":
            return client.open(
                path,
                method=method,
                query_string={"query": query, **graph},
                headers=headers,
                buffered=True,
            )
        case "form":
            return client.post(path, data={"query": query, **graph}, headers=headers, buffered=True)
    return client.open(
        path,
        method=method,
        query_string=graph,
        data=query,
        content_type="application/sparql-query",
        headers=headers,
        buffered=True,
    )


def cached(response: TestResponse) -> str | None:
    return response.headers.get("X-Cache")


@pytest.mark.parametrize("method", ["GET", "POST", "QUERY", "form"])
@pytest.mark.parametrize("path", ["/sparql", "/releases/1/sparql"])
@pytest.mark.parametrize("coding", ["", "gzip", "zstd"])
def test_a_hit_is_the_same_as_a_miss(
    client: FlaskClient, method: str, path: str, coding: str
) -> None:
    first = ask(client, method=method, path=path, Accept_Encoding=coding)
    again = ask(client, method=method, path=path, Accept_Encoding=coding)
    assert (cached(first), cached(again)) == ("miss", "hit")
    assert first.status_code == again.status_code == 200
    assert again.data == first.data
    differing = {"X-Cache", "X-Request-Id", "Content-Length"}
    assert {name: value for name, value in again.headers if name not in differing} == {
        name: value for name, value in first.headers if name not in differing
    }
    # Each request has an id of its own.
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert again.headers["Content-Length"] == str(len(first.data))


def test_a_hit_answers_conditions_and_head(client: FlaskClient) -> None:
    first = ask(client)
    for method in ("GET", "HEAD"):
        same = ask(client, method=method, If_None_Match=first.headers["ETag"])
        assert (same.status_code, same.data, cached(same)) == (304, b"", "hit")
        assert same.headers["ETag"] == first.headers["ETag"]
        assert "Content-Type" not in same.headers and "Content-Length" not in same.headers
        other = ask(client, method=method, If_None_Match='W/"other", "another"')
        assert (other.status_code, cached(other)) == (200, "hit")
    told = ask(client, method="HEAD")
    assert (told.data, cached(told)) == (b"", "hit")
    assert told.headers["Content-Length"] == str(len(first.data))
    assert ask(client, If_None_Match="*").status_code == 304


def test_head_alone_keeps_nothing(client: FlaskClient) -> None:
    assert cached(ask(client, method="HEAD")) == "miss"
    whole = ask(client)
    assert cached(whole) == "miss" and whole.data


def test_a_new_release_is_answered_from_at_once(small: Workspace, client: FlaskClient) -> None:
    rows = len(ask(client, Accept="text/csv").data.splitlines())
    assert cached(ask(client, Accept="text/csv")) == "hit"
    publish(small, numbered(201))
    newer = ask(client, Accept="text/csv")
    assert cached(newer) == "miss"
    assert newer.headers["X-Dealgraph-Release"] == "2"
    assert len(newer.data.splitlines()) == rows + 1
    # What a numbered release says is kept beyond that, and refused once it is pruned.
    old = [ask(client, path="/releases/1/sparql", Accept="text/csv") for _ in range(2)]
    assert [cached(each) for each in old] == ["miss", "hit"]
    publish(small, numbered(202))
    assert cached(ask(client, path="/releases/1/sparql", Accept="text/csv")) == "hit"
    small.prune(keep=1)
    assert ask(client, path="/releases/1/sparql", Accept="text/csv").status_code == 404


def test_the_catalogue_forgets_a_release_that_was_pruned(small: Workspace) -> None:
    publish(small, numbered(201))
    for app in _app(small, plain=False):
        client = app.test_client()
        first = client.get("/catalog", headers={"Accept": "text/turtle"})
        assert "release-1" in first.text
        known = {"Accept": "text/turtle", "If-None-Match": first.headers["ETag"]}
        assert client.get("/catalog", headers=known).status_code == 304
        small.prune(keep=1)
        again = client.get("/catalog", headers=known)
        assert (again.status_code, again.headers["Cache-Control"]) == (200, "no-cache")
        assert "release-1" not in again.text
        assert "release-2" in again.text


def test_what_differs_is_kept_apart(client: FlaskClient) -> None:
    kinds = ["application/sparql-results+json", "text/csv", "application/sparql-results+xml"]
    for outcome in ("miss", "hit"):
        for kind in kinds:
            for coding in ("", "gzip", "br"):
                response = ask(client, Accept=kind, Accept_Encoding=coding)
                assert response.mimetype == kind
                assert response.headers.get("Content-Encoding", "") == coding
                assert cached(response) == outcome
    assert cached(ask(client, ALL + " LIMIT 3")) == "miss"
    assert cached(ask(client, Host="other.example")) == "miss"


def test_pages_are_kept_apart_by_language(small: Workspace, tmp_path: Path) -> None:
    for app in _app(small, plain=False):
        for outcome in ("miss", "hit"):
            for lang in ("en", "pt"):
                page = app.test_client().get("/export", headers={"Accept-Language": lang})
                assert page.status_code == 200
                assert f'<html lang="{lang}">' in page.text
                assert cached(page) == outcome
        reader = app.test_client()
        # A choice sets a cookie: that answer is for nobody else.
        assert "Set-Cookie" in reader.get("/export?lang=pt").headers
        assert cached(reader.get("/export?lang=pt")) != "hit"
        assert '<html lang="pt">' in reader.get("/export").text


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?t) WHERE {}", "SELECT (RAND() AS ?t) WHERE {}", "SELECT nonsense"]
)
def test_what_may_not_be_kept_is_not(app: Flask, client: FlaskClient, query: str) -> None:
    for _ in range(2):
        assert cached(ask(client, query)) is None
    assert len(app.extensions["dealgraph.cache"].store) == 0


def test_a_page_of_the_query_is_not_kept(client: FlaskClient) -> None:
    for _ in range(2):
        assert cached(ask(client, Accept="text/html")) is None


def test_who_shows_a_token_neither_gets_nor_leaves_anything(
    app: Flask, client: FlaskClient
) -> None:
    store = app.extensions["dealgraph.cache"].store
    for _ in range(2):
        assert cached(ask(client, Authorization="Bearer something")) is None
        assert len(store) == 0
    ask(client)
    assert cached(ask(client, Authorization="Bearer something")) is None


def test_private_services_and_those_without_a_cache_keep_nothing(small: Workspace) -> None:
    for chosen in ({"private": True}, {"cache": 0}):
        for app in _app(small, **chosen):
            for _ in range(2):
                response = ask(app.test_client())
                assert cached(response) is None
            assert len(app.extensions["dealgraph.cache"].store) == 0
            if "private" in chosen and response.status_code == 200:
                assert response.cache_control.private and not response.cache_control.public


def test_a_client_may_ask_for_a_new_one(client: FlaskClient) -> None:
    ask(client)
    assert cached(ask(client, Cache_Control="no-cache")) == "miss"
    assert cached(ask(client)) == "hit"


def test_a_hit_is_watched_as_any_other_request(app: Flask, client: FlaskClient) -> None:
    seen: list[Exchange] = []
    on_end(app, seen.append)
    first = ask(client)
    again = ask(client)
    assert [(each.cache, each.status, each.bytes) for each in seen] == [
        ("miss", 200, len(first.data)),
        ("hit", 200, len(first.data)),
    ]
    assert seen[1].id == again.headers["X-Request-Id"]
    assert seen[1].release == int(again.headers["X-Dealgraph-Release"])


# ---- a body that does not come to its end ----


class Source:
    """An app that gives *chunks*, and *fails* after them if that is said."""

    def __init__(self, chunks: list[bytes], fails: bool = False, length: int | None = None) -> None:
        self.chunks, self.fails, self.length = chunks, fails, length
        self.calls = self.closed = 0

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.calls += 1
        headers = [
            ("Content-Type", "text/csv"),
            ("ETag", 'W/"a"'),
            ("Cache-Control", "public, no-cache"),
            ("X-Dealgraph-Release", "1"),
        ]
        if self.length is not None:
            headers.append(("Content-Length", str(self.length)))
        start_response("200 OK", headers)
        return Body(self)


class Body(Iterator[bytes]):
    def __init__(self, source: Source) -> None:
        self.source = source
        self.chunks = iter(source.chunks)

    def __next__(self) -> bytes:
        try:
            return next(self.chunks)
        except StopIteration:
            if self.source.fails:
                raise RuntimeError("the worker has died") from None
            raise

    def close(self) -> None:
        self.source.closed += 1


def _around(source: Source, workspace: Workspace, mib: int = 1) -> AnswerCache:
    return AnswerCache(source, workspace, Settings(cache=mib))


def test_an_answer_that_fails_is_not_kept(small: Workspace) -> None:
    source = Source([b"a", b"b"], fails=True)
    cache = _around(source, small)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="died"):
            Client(cache).get("/x", buffered=True)
    assert (source.calls, len(cache.store), cache.store.used) == (2, 0, 0)
    source.fails = False
    assert [Client(cache).get("/x").data for _ in range(2)] == [b"ab", b"ab"]
    assert source.calls == 3


def test_an_answer_that_is_given_up_is_not_kept(small: Workspace) -> None:
    source = Source([b"a", b"b", b"c"])
    cache = _around(source, small)
    for read in range(3):
        response = Client(cache).get("/x")
        parts = response.iter_encoded()
        for _ in range(read):
            next(parts)
        response.close()
        assert len(cache.store) == 0
    assert (source.closed, cache.store.used) == (3, 0)


def test_an_answer_shorter_than_it_said_is_not_kept(small: Workspace) -> None:
    cache = _around(Source([b"a"], length=2), small)
    Client(cache).get("/x", buffered=True)
    assert (len(cache.store), cache.store.used) == (0, 0)


def test_an_answer_that_is_too_large_passes_through(small: Workspace) -> None:
    source = Source([b"x" * 50_000] * 3)
    cache = _around(source, small)
    for _ in range(2):
        assert len(Client(cache).get("/x").data) == 150_000
    assert (source.calls, len(cache.store), cache.store.used) == (2, 0, 0)


def test_an_answer_of_another_release_is_not_kept(small: Workspace) -> None:
    """While a new release is opened, the one before it goes on answering."""
    publish(small, numbered(1))
    cache = _around(Source([b"old"]), small)
    Client(cache).get("/x", buffered=True)
    assert len(cache.store) == 0


# ---- the store ----

Steps = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 12_000), st.sampled_from("pkdg")), max_size=80
)


@settings(max_examples=150, deadline=None)
@given(budget=st.integers(0, 120_000), steps=Steps)
def test_the_bound_is_kept(budget: int, steps: list[tuple[int, int, str]]) -> None:
    store = CacheStore(budget)
    open_: list[Collected] = []
    for name, size, step in steps:
        key = bytes([name])
        match step:
            case "p":
                open_.append(Collected(store, key, [("A", "b")], "e"))
                open_[-1].add(bytes([name]) * size)
            case "k" if open_:
                open_.pop().keep(None)
            case "d" if open_:
                open_.pop(0).drop()
            case _:
                found = store.get(key)
                # Whatever is found is what was put under that key, and whole.
                assert found is None or set(found.body) <= {name}
                assert found is None or ("Content-Length", str(len(found.body))) in found.headers
        assert store.used <= budget
    for each in open_:
        each.drop()
    assert (store.used == 0) == (len(store) == 0)


def test_the_least_recently_used_goes_first() -> None:
    store = CacheStore(1024 * 1024)
    most = (1024 * 1024) // 8 - 8192

    def put(name: bytes) -> None:
        collected = Collected(store, name, [], "e")
        collected.add(b"x" * most)
        collected.keep(most)

    for name in (b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h"):
        put(name)
    assert store.get(b"a") is not None
    put(b"i")
    assert store.get(b"a") is not None
    assert store.get(b"b") is None


def test_many_at_once(app: Flask) -> None:
    def content(response: TestResponse) -> bytes:
        coded = response.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(response.data) if coded else response.data

    expected = {
        limit: ask(app.test_client(), f"{ALL} LIMIT {limit}", Cache_Control="no-cache").data
        for limit in range(20, 200, 30)
    }
    wrong: list[bytes] = []
    limits = list(expected)

    def read(start: int) -> None:
        client = app.test_client()
        for step in range(40):
            limit = limits[(start + step) % len(limits)]
            coding = ("", "gzip")[step % 2]
            response = ask(client, f"{ALL} LIMIT {limit}", Accept_Encoding=coding)
            if content(response) != expected[limit]:
                wrong.append(response.data)

    threads = [threading.Thread(target=read, args=(start,)) for start in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not wrong
    assert cached(ask(app.test_client(), f"{ALL} LIMIT {limits[0]}")) == "hit"
