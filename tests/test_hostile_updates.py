"""Hostile updates, and queries of a service that may reach some addresses: no others are reached.

As in tests/test_hostile_queries.py Oxigraph is the judge, with its network on.
"""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

import pyoxigraph as ox
import pytest

from dealgraph.engines.guard import inspect
from dealgraph.engines.reach import Reach
from dealgraph.engines.syntax import replaced
from dealgraph.engines.update_guard import Using, inspect_update
from dealgraph.errors import DealgraphError
from hostile import Outside, dice, rounds, spoilt
from stores import iri
from test_guard import REFUSED
from test_hostile_queries import CALLS, X, evaluate

UPDATES = (
    f"LOAD <{X}>",
    f"LOAD SILENT <{X}> INTO GRAPH <a:b>",
    f"PREFIX : <{X}> LOAD :x",
    f"PREFIX : <{X}> LOAD SILENT :x",
    f"BASE <{X}> LOAD <x>",
    f"CLEAR ALL ; LOAD <{X}> ; CLEAR DEFAULT",
    f"INSERT DATA {{ <a:a> <a:b> 'a;b' }} ; # ;\nLOAD <{X}> INTO GRAPH <a:g>",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{X}> {{ ?s ?p ?o }} }}",
    f"DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o SERVICE SILENT <{X}> {{}} }}",
    f"WITH <a:g> DELETE {{ ?s ?p ?o }} INSERT {{}} WHERE {{ SERVICE <{X}> {{}} ?s ?p ?o }}",
    f"INSERT {{ <a:a> <a:b> 1 }} WHERE {{ BIND(1<2 AS ?x){{ SELECT * {{ SERVICE <{X}> {{}}}}}}}}",
    f"DELETE WHERE {{ ?s ?p ?o }} ; LOAD <{X}>",
    f"PREFIX LOAD: <a:> INSERT DATA {{ LOAD:x <a:b> LOAD:LOAD }} ; LOAD <{X}>",
    f"PREFIX: <{X}> LOAD :x",
    f"CLEAR ALL;PREFIXa:<{X}>LOAD a:x",
    f"PREFIX x: <{X}> INSERT DATA {{}} ; PREFIX y: <{X}> LOAD y:a INTO GRAPH x:b",
)
ALLOWED = "ok/"


@pytest.fixture
def outside() -> Iterator[Outside]:
    """A service that an update could call."""
    outside = Outside()
    yield outside
    outside.close()


def carry_out(text: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(iri("a"), iri("a"), ox.Literal(1), iri("g")))
    with suppress(SyntaxError, ValueError, RuntimeError, OSError):
        store.update(text)


def let_through(text: str, reach: Reach, using: Using = Using()) -> str | None:  # noqa: B008
    try:
        inspected = inspect_update(text, reach, using)
        kept = replaced(text, inspected.changes)
        if inspected.refusal is not None:
            # It is tried on an empty store, to tell what is malformed as well.
            carry_out(kept)
            return None
        return kept
    except DealgraphError as error:
        assert error.detail
        assert error.cure
        return None


def test_no_spoilt_update_reaches_anything(outside: Outside) -> None:
    throws = dice()
    updates = tuple(text.replace(X, outside.url) for text in UPDATES)
    seeds = (*updates, *updates, *(text.replace(X, outside.url) for text in REFUSED))
    graphs = Using(["http://example.org/a"], ["http://example.org/b"])
    passed = heard = 0
    for number in range(rounds(4_000)):
        text = spoilt(throws, throws.choice(seeds), seeds)
        before = outside.calls
        kept = let_through(text, Reach(), graphs if number % 4 == 0 else Using())
        assert outside.calls == before, text
        if kept is None:
            if outside.alone_in(text):
                carry_out(text)
            heard += outside.calls > before
        else:
            passed += 1
            carry_out(kept)
            assert outside.calls == before, text
    print(f"{rounds(4_000)} tried, {passed} let through, {heard} calls heard unguarded")
    assert heard > rounds(4_000) // 50
    assert passed > rounds(4_000) // 50


def test_only_what_is_allowed_is_reached(outside: Outside) -> None:
    """The allowed address is a beginning, so much may follow it; nothing may lead out of it."""
    throws = dice()
    reach = Reach.read(outside.url + ALLOWED)
    store = ox.Store()
    store.add(ox.Quad(iri("a"), iri("a"), ox.Literal(1)))
    pieces = (
        outside.url,
        outside.url + ALLOWED,
        "../",
        "%2e%2e/",
        "..",
        "/./",
        "\\u002e",
        "@",
        "//",
    )
    seeds = tuple(
        text.replace(X, outside.url + path)
        for text in (*UPDATES, *CALLS)
        for path in (ALLOWED, ALLOWED + "a", "", "no/", ALLOWED + "../no", ALLOWED + "%2e%2e/no")
    )
    for _ in range(rounds(4_000)):
        text = spoilt(throws, throws.choice(seeds), (*seeds, *pieces * 40))
        kept = let_through(text, reach)
        if kept is not None:
            carry_out(kept)
        try:
            asked = inspect(text, reach).text
        except DealgraphError:
            continue
        evaluate(store, asked)
    astray = [path for path in outside.paths if not is_allowed(path)]
    assert not astray
    assert len(outside.paths) > rounds(4_000) // 200


def is_allowed(path: str) -> bool:
    """Whether a server that resolves dots in a path would stay in what is allowed."""
    plain = unquote(path)
    dots = {"..", "."} & set(plain.split("?")[0].replace("\\", "/").split("/"))
    return plain.startswith("/" + ALLOWED) and not dots


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX: <http://a/> LOAD :x",
        "PREFIXa: <http://a/> LOAD a:x",
        "CLEAR ALL ; PREFIX: <http://a/> LOADa:x",
        "CLEAR ALL LOAD <http://a/>",
        "INSERT DATA {|} ; LOAD <http://a/> ; CLEAR ALL",
    ],
)
def test_a_load_in_disguise(text: str) -> None:
    """Oxigraph, which reads characters and not words, has carried out the first two."""
    try:
        inspected = inspect_update(text, Reach())
    except DealgraphError:
        return
    # It is read by words: it is refused once the engine has said that it isn't malformed.
    assert inspected.refusal is not None
    assert "http://a/" not in replaced(text, inspected.changes)


@pytest.mark.parametrize(
    "rest", ["../no", "..", ".", "a/..", "%2e%2e/no", "%2E./no", ".%2e", "a/%2e%2E", "..?x", "..#x"]
)
def test_dots_lead_out_of_nothing(rest: str) -> None:
    assert not Reach.read("http://example.org/ok/").allows("http://example.org/ok/" + rest)
    assert Reach.read("http://example.org/ok/").allows("http://example.org/ok/a..b/.c/...")
