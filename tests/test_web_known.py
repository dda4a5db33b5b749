"""Answers as known on a day, over HTTP, from a real server."""

import json
import re
from datetime import date
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from dealgraph.client import Client

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


def test_pages_say_as_known_on_which_day_and_keep_it(served: str) -> None:
    address = f"{served}/questions/rights-in-force?lang=pt"
    asked = "on=2025-12-17&firm=microsoft&known=2025-12-17"
    page = urlopen(f"{address}&{asked}", timeout=300).read().decode()
    assert "Como se sabia ao fim de 2025-12-17" in page
    assert 'name="known" type="date" value="2025-12-17"' in page
    assert "/questions/rights-in-force.csv?on=2025-12-17" in page
    assert page.count("known=2025-12-17") > 5, "links of the page keep the day"
    today = re.search(r'href="([^"]+)">Mostrar como se sabe hoje', page)
    assert today is not None and "known" not in today[1]
    now = urlopen(address, timeout=300).read().decode()
    assert "Como se sabia ao fim" not in now


def test_the_client_asks_as_known_on_a_day(served: str) -> None:
    then = Client(served, known=date(2025, 12, 31))
    equity = "SELECT ?s { component:amazon-openai-equity dg:hasStatus/skos:prefLabel ?s }"
    known = {row["s"] for row in then.query(equity)}
    assert "advanced talks" in known and "signed" not in known
    assert "signed" in {row["s"] for row in Client(served).query(equity)}
    rights = then.ask("rights-in-force", on=date(2025, 12, 31), firm="microsoft")
    assert any("exclusive" in str(row["rightLabel"]) for row in rights)


def test_json_names_the_day(served: str) -> None:
    address = f"{served}/questions/articles.json?source=financial-times"
    assert "known" not in json.loads(get(address)[1])
    assert json.loads(get(f"{address}&known=2025-12-17")[1])["known"] == "2025-12-17"
