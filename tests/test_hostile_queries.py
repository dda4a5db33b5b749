"""Hostile queries: the guard answers or refuses each, soon, and lets no call out.

The judge is Oxigraph itself, with its network on: what the guard lets through is evaluated, and a
socket that a call would reach must never be reached. It answers, so that a query goes on after a
first call.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import REPOSITORY
from dealgraph.engines.guard import LIMIT, Inspected, inspect
from dealgraph.errors import BadInput, DealgraphError, QueryRefused, QuerySyntax, TooLarge
from hostile import SIGNS, UNHURRIED, Outside, dice, rounds, spoilt
from stores import iri
from test_guard import ALLOWED, REFUSED

QUERIES = [path.read_text() for path in sorted((REPOSITORY / "queries").rglob("*.rq"))]
X = "http://127.0.0.1:9/"
# More places and neighbours of a call than tests/test_guard.py has.
CALLS = (
    *REFUSED,
    *(
        text.format(call=f"SERVICE <{X}> {{}}")
        for text in (
            "SELECT * {{ {call} }}",
            "SELECT (1 AS ?x) {{ BIND(1<2 AS ?y) {call} FILTER(?y>1) }}",
            "SELECT * {{ GRAPH ?g {{ {call} }} }}",
            "SELECT * {{ {{ {call} }} UNION {{ ?s ?p ?o }} }}",
            "SELECT * {{ VALUES ?x {{ 1 'a' \"b\" <c#d> e:f }} {call} }}",
            "PREFIX e: <a:> SELECT * {{ BIND(e:f AS ?x) {call} }}",
            "ASK {{ MINUS {{ {call} }} {call} }}",
            "SELECT * {{ FILTER NOT EXISTS {{ {call} }} }}",
            "SELECT * {{ BIND('''a\n''' AS ?s) {call} # '''\n }}",
            "SELECT (EXISTS {{ {call} }} AS ?e) {{}} GROUP BY ?e HAVING(1<2) ORDER BY ?e LIMIT 1",
            "CONSTRUCT {{ <a:b> <a:c> 1.5e3 }} {{ {call} }}",
            "SELECT ?x {{ BIND(?x<?y&&?z>?w AS ?v) {call} }}",
        )
    ),
)


@pytest.fixture
def outside() -> Iterator[Outside]:
    """A service that a query could call."""
    outside = Outside()
    yield outside
    outside.close()


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """A few quads: enough that every part of a pattern is reached, few enough for any join."""
    store = ox.Store()
    for object_ in (iri("a"), ox.Literal(1), ox.Literal("a", language="en")):
        store.add(ox.Quad(iri("a"), iri("a"), object_))
        store.add(ox.Quad(iri("a"), iri("a"), object_, iri("a")))
    return store


def evaluate(store: ox.Store, text: str) -> str:
    """What comes of evaluating a query: nothing, or the error."""
    try:
        found = store.query(text)
        if not isinstance(found, ox.QueryBoolean):
            for number, _ in enumerate(found):
                if number > 20:
                    break
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        return str(error)
    return ""


def judged(text: str) -> Inspected | None:
    """What the guard makes of a text: the query, or None where it is refused as it should be."""
    try:
        inspected = inspect(text)
    except DealgraphError as error:
        assert isinstance(error, QueryRefused | QuerySyntax | TooLarge | BadInput)
        assert error.detail
        assert error.cure
        return None
    assert isinstance(inspected, Inspected)
    return inspected


def test_no_spoilt_call_gets_past_the_guard(outside: Outside, store: ox.Store) -> None:
    """The proof that the judge hears calls is the count of those that it heard unguarded."""
    throws = dice()
    seeds = tuple(text.replace(X, outside.url) for text in (*CALLS, *ALLOWED))
    passed = refused_calls = 0
    for _ in range(rounds(6_000)):
        text = spoilt(throws, throws.choice(seeds), seeds)
        inspected = judged(text)
        before = outside.calls
        if inspected is None:
            if outside.alone_in(text):
                evaluate(store, text)
            refused_calls += outside.calls > before
        else:
            passed += 1
            error = evaluate(store, inspected.text)
            assert outside.calls == before, text
            assert "service name" not in error, text
    print(f"{rounds(6_000)} tried, {passed} let through, {refused_calls} calls heard unguarded")
    assert refused_calls > rounds(6_000) // 50
    assert passed > rounds(6_000) // 20


def test_no_spoilt_question_gets_past_the_guard_with_a_call(
    outside: Outside, store: ox.Store
) -> None:
    throws = dice()
    call = f" SERVICE <{outside.url}> {{ ?s ?p ?o }} "
    seeds = tuple(QUERIES)
    passed = 0
    for _ in range(rounds(600)):
        text = throws.choice(seeds)
        braces = [place for place, sign in enumerate(text) if sign in "{}"]
        place = throws.choice(braces) + throws.randrange(2)
        text = spoilt(throws, text[:place] + call + text[place:], seeds)
        inspected = judged(text)
        if inspected is not None:
            passed += 1
            evaluate(store, inspected.text)
            assert outside.calls == 0, text
    assert passed, "some calls were spoilt, or fell into a comment"


def test_nothing_that_passes_is_an_update(store: ox.Store) -> None:
    throws = dice()
    seeds = tuple(text for text in (*REFUSED, *ALLOWED) if "SERVICE" not in text.upper())
    for _ in range(rounds(4_000)):
        inspected = judged(spoilt(throws, throws.choice(seeds), seeds))
        if inspected is not None:
            with pytest.raises(SyntaxError):
                ox.Store().update(inspected.text)


@UNHURRIED
@given(st.lists(st.sampled_from((*SIGNS, "SELECT", "ASK", "SERVICE", "FROM", "PREFIX", "BASE"))))
def test_soup_is_read_or_refused(pieces: list[str]) -> None:
    for join in ("", " "):
        judged("ASK {" + join.join(pieces) + "}")
        judged(join.join(pieces))


@UNHURRIED
@given(st.text(st.characters()))
def test_any_text_is_read_or_refused(text: str) -> None:
    judged(text)
    judged("SELECT * {" + text)


def test_spoilt_questions_are_read_or_refused() -> None:
    throws = dice()
    seeds = tuple(QUERIES)
    read = sum(
        judged(spoilt(throws, throws.choice(seeds), seeds)) is not None
        for _ in range(rounds(1_500))
    )
    assert read > rounds(1_500) // 10


LONG = [
    "a", " ", "\n", "(", "{", "<", "<a", "<a#", "<#'> ", "<a>", "<<", '"', "'''", "''", "'a' ",
    "#", "# a\n", "\\u0041", "\\", "_:", "_:a.", ":", "a:", "a.a", "a:b ", "é", "\u00a0",
    "?a<?b#>'", "?x ", "1.", "1e", ".", "@en", "SERVICE", "SERVICE:", "SERVICE:x ",
    "<a> SERVICE ", "%41", "a:%41", "&&", "<'#>", "\r",
]  # fmt: skip


@pytest.mark.parametrize("head", ["", "ASK {", "PREFIX SERVICE: <a:> ASK { ", "ASK { ?a<?b#>'''"])
@pytest.mark.parametrize("part", LONG)
def test_a_megabyte_is_judged_soon(part: str, head: str) -> None:
    """A guard that can be kept busy is a way to stop the service."""
    text = head + part * ((LIMIT - len(head)) // len(part.encode()))
    begun = time.process_time()
    judged(text)
    # About a second at worst where this was written; the limit is for slow machines.
    assert time.process_time() - begun < 5


def test_a_megabyte_of_soup_is_judged_soon() -> None:
    throws = dice()
    for _ in range(rounds(4)):
        pieces = [throws.choice((*SIGNS, *LONG)) for _ in range(200)]
        text = "ASK {" + "".join(throws.choices(pieces, k=LIMIT // 8))
        begun = time.process_time()
        judged(text.encode("utf-8")[:LIMIT].decode("utf-8", errors="ignore"))
        assert time.process_time() - begun < 5


def test_nothing_is_written_by_a_query(tmp_path: Path) -> None:
    """file: is an address, too."""
    for scheme in ("file:", "file://", "ftp://127.0.0.1/", "//127.0.0.1/"):
        with pytest.raises(QueryRefused):
            inspect(f"SELECT * {{ SERVICE <{scheme}{tmp_path}/x> {{}} }}")
