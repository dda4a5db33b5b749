"""Hostile content: what a query, a form or an address says is shown on pages, and never obeyed."""

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealgraph.web.cells import leads_out, page_of, read_figure
from hostile import UNHURRIED, dice, rounds, spoilt
from pages import PAGE, Elements
from queries import get_query

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--", "]]>", "{{ 7*7 }}", "{% raw %}", "${7*7}", "&lt;script&gt;", "\u202egnp.exe",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "\x00<script>",
    "<a href=javascript:alert(1)>x</a>", "%3Cscript%3E", "\\u003cscript\\u003e", "＜script＞",
]  # fmt: skip

# Pages that show what the address says.
PLACES = [
    "/search?q={}", "/search?kind={}", "/questions/suppliers?firm={}", "/questions/{}",
    "/questions/rights-in-force?on={}", "/sparql?query={}", "/sparql?example={}",
    "/sparql?query=ASK{{}}&timeout={}", "/sparql?query=ASK{{}}&default-graph-uri={}",
    "/entity/org/{}", "/entity/{}/x", "/id/org/{}", "/about?iri={}", "/evidence?subject={}",
    "/export/graph/{}", "/export/id/org/{}", "/export/release.{}", "/{}", "/questions?lang={}",
    "/questions/suppliers?{}=1", "/releases?{}",
]  # fmt: skip

HANDLER = re.compile(r"on[a-z]+$")


def assert_tame(text: str) -> Elements:
    """Nothing on the page runs, and no link leads to anything but pages."""
    page = Elements(text)
    for tag, attributes in page.tags:
        assert not any(map(HANDLER.fullmatch, attributes)), (tag, attributes)
        assert "style" not in attributes
        assert tag not in {"svg", "iframe", "object", "embed", "base"}
        if tag == "script":
            assert attributes["src"].startswith("/static/")
        if tag == "img":
            assert attributes["src"].startswith("/static/")
        for name in ("href", "src", "action", "formaction"):
            if name in attributes and tag != "script":
                assert re.match(r"(/(?!/)|#|\?|https?://)", attributes[name]), attributes[name]
    return page


@pytest.mark.parametrize("place", PLACES)
def test_the_address_is_shown_as_text(client: FlaskClient, place: str) -> None:
    for attack in ATTACKS:
        answer = client.get(place.format(quote(attack, safe="")), headers=PAGE)
        assert answer.status_code < 500, (place, attack)
        if answer.mimetype == "text/html" and answer.status_code not in (303, 308):
            assert_tame(answer.text)
            assert "49" not in answer.text or "7*7" not in attack or "7*7" in unescape(answer.text)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def sparql_string(text: str) -> str:
    """A string of SPARQL that says it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\r", "\\r") + '"'


@pytest.mark.parametrize("attack", ATTACKS)
def test_results_are_shown_as_text(client: FlaskClient, attack: str) -> None:
    literal = sparql_string(attack)
    query = (
        f'SELECT ({literal} AS ?plain) (STRLANG({literal}, "en") AS ?text) '
        f"(STRDT({literal}, xsd:anyURI) AS ?address) (STRDT({literal}, xsd:integer) AS ?number) "
        f"(STRDT({literal}, xsd:date) AS ?day) (STRDT({literal}, xsd:boolean) AS ?truth) {{}}"
    )
    answer = client.get("/sparql", query_string={"query": query}, headers=PAGE)
    assert answer.status_code == 200, answer.text
    page = assert_tame(answer.text)
    shown = unescape(answer.text)
    assert attack in shown or "\x00" in attack
    assert not any(
        "alert" in href and href.startswith("javascript") for href in page.having("href")
    )
    graph = f"CONSTRUCT {{ org:openai dg:subjectText {literal} }} {{}}"
    answer = client.get("/sparql", query_string={"query": graph}, headers=PAGE)
    assert answer.status_code == 200
    assert_tame(answer.text)


@pytest.mark.parametrize(
    "iri",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "vbscript:x", "blob:x", "mailto:a@example.org", "tel:1", "urn:x", "//evil.example/",
     "https:javascript:alert(1)", "HTTP://example.org/", "x-https://a"],
)  # fmt: skip
def test_only_the_web_is_linked(client: FlaskClient, iri: str) -> None:
    query = f'SELECT (IRI({sparql_string(iri)}) AS ?a) (STRDT("{iri}", xsd:anyURI) AS ?b) {{}}'
    answer = client.get("/sparql", query_string={"query": query}, headers=PAGE)
    assert answer.status_code == 200, answer.text
    assert_tame(answer.text)
    links = Elements(answer.text).having("href")
    assert all(link.startswith(("/", "#", "?")) for link in links if iri in link)


@UNHURRIED
@given(st.text())
def test_a_link_is_of_ours_or_of_the_web(text: str) -> None:
    for iri in (text, f"javascript:{text}", f"https://w3id.org/dealgraph/id/{text}"):
        address = page_of(iri)
        assert address == "" or address.startswith(("/entity/", "/about?", "http://", "https://"))
        assert leads_out(address) or "\n" not in address


LONG_NUMBERS = [
    "1E+999999999", "1E-999999999", "1e999999999999999999", "-1E+99999999", "0E+999999999",
    "9" * 100_000, "0." + "0" * 100_000 + "1", "1_0", "١٢٣", "NaN", "sNaN", "Infinity", "", " 1 ",
]  # fmt: skip


@pytest.mark.parametrize("number", LONG_NUMBERS, ids=[number[:12] for number in LONG_NUMBERS])
def test_numbers_that_would_fill_the_memory(client: FlaskClient, number: str) -> None:
    """One such query made the service write out a gigabyte of noughts."""
    kinds = ("integer", "decimal", "double", "int")
    cells = " ".join(f"(STRDT({sparql_string(number)}, xsd:{kind}) AS ?{kind})" for kind in kinds)
    answer = client.post("/sparql", data={"query": f"SELECT {cells} {{}}"}, headers=PAGE)
    assert answer.status_code == 200, answer.text[:400]
    assert len(answer.text) < 100_000 + 12 * len(number) * len(kinds)


@UNHURRIED
@given(st.from_regex(r"[-+]?[0-9]{0,30}\.?[0-9]{0,30}([eE][-+]?[0-9]{1,12})?", fullmatch=True))
def test_every_figure_that_is_read_can_be_written(text: str) -> None:
    value = read_figure(text)
    assert value is None or len(f"{value:,f}") < 2_000


FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://a","b")',
    "\r=1+1", 'a"b', "a,b", "a\nb", "a\r\nb", "", " ", "=1+1\n=2+2", "﻿=1", "'=1",
]  # fmt: skip


def test_cells_of_a_csv_are_the_data(client: FlaskClient) -> None:
    """Also one that a spreadsheet would take for a formula: docs/http.md says what to do there.

    https://www.w3.org/TR/sparql11-results-csv-tsv/#csv: "the lexical form", quoted where needed.
    """
    rows = " ".join(map(sparql_string, FORMULAS))
    answer = get_query(client, f"SELECT ?x {{ VALUES ?x {{ {rows} }} }}", "text/csv")
    assert answer.mimetype == "text/csv"
    read = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8"), newline="")))
    assert [row[0] if row else "" for row in read] == ["x", *FORMULAS]


def test_the_csv_of_a_question_is_a_download(client: FlaskClient) -> None:
    answer = client.get("/questions/suppliers.csv?firm=openai")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.text(max_size=60))
def test_any_text_in_a_form_is_answered(client: FlaskClient, text: str) -> None:
    for address, name in (
        ("/search", "q"), ("/questions/suppliers", "firm"), ("/questions/rights-in-force", "on"),
        ("/questions/investments-over", "least"), ("/about", "iri"), ("/evidence", "subject"),
        ("/questions", "lang"), ("/sparql", "timeout"), ("/sparql", "format"),
        ("/sparql", "default-graph-uri"),
    ):  # fmt: skip
        answer = client.get(address, query_string={name: text, "query": "ASK {}"}, headers=PAGE)
        assert answer.status_code < 500, (address, text)
        if answer.mimetype == "text/html":
            assert_tame(answer.text)


def test_spoilt_attacks_stay_text(client: FlaskClient) -> None:
    throws = dice()
    seeds = tuple(ATTACKS)
    for _ in range(rounds(150)):
        literal = sparql_string(spoilt(throws, throws.choice(seeds), seeds).replace("\0", ""))
        answer = client.get(
            "/sparql",
            query_string={
                "query": f"SELECT ({literal} AS ?x) (IRI(CONCAT('a:', {literal})) AS ?y) {{}}"
            },
            headers=PAGE,
        )
        assert answer.status_code in (200, 400), answer.text
        assert_tame(answer.text)
