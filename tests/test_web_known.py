"""Answers as known on a day, over HTTP, from a real server."""

import json
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

LAST = "SELECT (MAX(?d) AS ?last) { GRAPH ?g { ?c dg:reportedLatest ?d } }"


def get(address: str, body: bytes | None = None, kind: str = "") -> tuple[dict[str, str], bytes]:
    accept = {"Accept": "application/sparql-results+json, application/json;q=0.9"}
    asked = Request(address, data=body, headers=accept)
    if kind:
        asked.add_header("Content-Type", kind)
    with urlopen(asked, timeout=300) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def last(body: bytes) -> str:
    return str(json.loads(body)["results"]["bindings"][0]["last"]["value"])


def test_sparql_sees_nothing_that_was_reported_later(served: str) -> None:
    day = "2025-12-17"
    now, body = get(f"{served}/sparql?query={quote(LAST)}")
    assert last(body) == "2026-06-30"
    assert "dealgraph-known" not in now
    tags = {now["etag"]}
    for path in ("/sparql", "/releases/1/sparql"):
        headers, body = get(f"{served}{path}?query={quote(LAST)}&known={day}")
        assert last(body) == day
        assert headers["dealgraph-known"] == day
        assert headers["x-dealgraph-release"] == "1"
        tags.add(headers["etag"])
    assert len(tags) == 2
    form = urlencode({"query": LAST, "known": day}).encode()
    for path in ("/sparql", "/releases/1/sparql"):
        headers, body = get(f"{served}{path}", form, "application/x-www-form-urlencoded")
        assert last(body) == day


def test_a_question_tells_of_an_exclusive_right_that_is_over_now(served: str) -> None:
    address = f"{served}/questions/rights-in-force.json?firm=microsoft"
    days = ("&on=2025-12-17&known=2025-12-17", "&on=2026-06-01")
    then, now = (json.loads(get(f"{address}{asked}")[1]) for asked in days)
    licence = "microsoft-openai-ip-licence-2025"
    assert licence in json.dumps(then["rows"])
    assert licence not in json.dumps(now["rows"])


def test_what_is_no_day_is_a_problem_and_the_future_is_today(served: str) -> None:
    with pytest.raises(HTTPError) as refused:
        get(f"{served}/sparql?query={quote(LAST)}&known=yesterday")
    with refused.value as answer:
        assert answer.code == 400
        assert "known is 'yesterday', which is no day" in json.load(answer)["detail"]
    assert last(get(f"{served}/sparql?query={quote(LAST)}&known=2999-01-01")[1]) == "2026-06-30"
