"""The form of a question and its answer: values, what is wrong with them, rows, evidence."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dealgraph.engines.rows import Term
from dealgraph.questions.written import XSD
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.figures import amount_text
from dealgraph.web.language import load_groups, package_folder
from dealgraph.web.opened import releases_of
from pages import PAGE, QUESTIONS, Elements, read_page


def test_every_question_stands_under_a_heading(client: FlaskClient) -> None:
    listed = [name for names in load_groups(package_folder("messages")).values() for name in names]
    assert sorted(listed) == QUESTIONS
    text = read_page(client, "/questions")
    assert all(f'href="/questions/{name}"' in text for name in QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_bare_address_is_an_answer(client: FlaskClient, name: str) -> None:
    text = read_page(client, f"/questions/{name}")
    told = client.get(f"/questions/{name}.json").get_json()
    count = len(told["rows"])
    assert f"{count:,} row" in text
    rows = list(csv.reader(io.StringIO(client.get(f"/questions/{name}.csv").text)))
    assert len(rows) == count + 1
    # Each row that rests on something says on what.
    assert text.count('<ul class="evidence-list">') == sum(map(bool, told["evidence"][:500]))


def test_answers_by_accept_header(client: FlaskClient) -> None:
    def kind(accept: str) -> str:
        return client.get("/questions/suppliers", headers={"Accept": accept}).mimetype

    assert kind("application/json") == "application/json"
    assert kind("text/csv") == "text/csv"
    assert kind("*/*") == "text/html"
    assert kind("text/html,application/json;q=0.9") == "text/html"
    assert kind("application/json,text/html") == "application/json"
    assert kind("application/xml,*/*;q=0.5") == "application/json"
    assert client.get("/questions/suppliers?format=csv").mimetype == "text/csv"


@pytest.mark.parametrize(
    "text",
    ["openai", "OpenAI", "dona do ChatGPT", "DONA DO CHATGPT", "  openai ",
     "https://w3id.org/dealgraph/id/org/openai"],
)  # fmt: skip
def test_without_a_script_a_name_is_resolved_by_the_server(client: FlaskClient, text: str) -> None:
    asked = client.get("/questions/suppliers", query_string={"firm": text}, headers=PAGE)
    assert asked.status_code == 200
    found = Elements(asked.text)
    link = next(a["href"] for t, a in found.tags if a.get("rel") == "bookmark")
    # Whatever was typed, the link that is passed on has the key.
    assert parse_qs(urlsplit(link).query)["firm"] == ["openai"]
    fields = [a for t, a in found.tags if t == "input" and a.get("name") == "firm"]
    assert [field["value"] for field in fields] == ["OpenAI", ""]


def test_several_values_and_a_link_that_keeps_them(client: FlaskClient) -> None:
    both = client.get("/questions/suppliers.json?firm=openai&firm=anthropic").get_json()
    one = client.get("/questions/suppliers.json?firm=openai").get_json()
    other = client.get("/questions/suppliers.json?firm=anthropic").get_json()
    assert len(both["rows"]) == len(one["rows"]) + len(other["rows"])


def test_a_cleared_field_is_open_and_stays_so_in_the_link(client: FlaskClient) -> None:
    text = read_page(client, "/questions/rights-in-force?on=2026-06-30&firm=")
    link = next(a["href"] for t, a in Elements(text).tags if a.get("rel") == "bookmark")
    asked = parse_qs(urlsplit(link).query, keep_blank_values=True)
    assert asked == {"on": ["2026-06-30"], "firm": [""], "lang": ["en"]}


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "Nothing of this release is called “opnai”. Did you mean OpenAI?"),
        ("pt", "Nada nesta versão se chama “opnai”. Quis dizer OpenAI?"),
    ],
)
def test_a_bad_value_is_told_beside_its_field(client: FlaskClient, lang: str, told: str) -> None:
    text = read_page(client, "/questions/suppliers?firm=opnai&status=signed", lang, 400)
    assert told in text
    found = Elements(text)
    [field] = [a for t, a in found.tags if a.get("aria-invalid") == "true" and a["value"]]
    assert field["value"] == "opnai"
    assert "field-firm-error" in field["aria-describedby"]
    # What was right is kept.
    assert [a["value"] for t, a in found.tags if "checked" in a] == ["signed"]
    assert 'role="alert"' in text
    assert "<table" not in text


@pytest.mark.parametrize(
    "text",
    ["'", '"', "\\", "}", "{", "> <x>", "\n", "a\tb", "𝔘𝔫𝔦", "</script><script>alert(1)</script>",
     '" onfocus="alert(1)', "\\u0022", "?x", "x" * 5000, "{{ 7 * 7 }}", "UNDEF } } #"],
)  # fmt: skip
@pytest.mark.parametrize(
    "field",
    ["suppliers?firm", "rights-in-force?on", "deal-history?deal", "deals-by-amount?minimum"],
)
def test_whatever_is_typed_is_a_value_and_no_more(
    client: FlaskClient, field: str, text: str
) -> None:
    name, parameter = field.split("?")
    response = client.get(f"/questions/{name}", query_string={parameter: text}, headers=PAGE)
    assert response.status_code == 400
    Elements(response.text)
    assert "alert(1)</script>" not in response.text
    assert 'onfocus="alert' not in response.text
    assert "49" not in re.findall(r'value="([^"]*)"', response.text)
    data = client.get(f"/questions/{name}.json", query_string={parameter: text})
    assert data.status_code == 400


def test_a_required_field_that_is_empty(client: FlaskClient) -> None:
    assert "Give a value here" in read_page(client, "/questions/suppliers?firm=", status=400)
    assert "Give one value here; there are 2." in read_page(
        client, "/questions/rights-in-force?on=2026-01-01&on=2026-01-02", status=400
    )


def test_the_sparql_shown_gives_the_same_rows(client: FlaskClient) -> None:
    text = read_page(client, "/questions/suppliers?firm=anthropic")
    link = next(
        a["href"] for t, a in Elements(text).tags if a.get("href", "").startswith("/sparql?query=")
    )
    sparql = parse_qs(urlsplit(link).query)["query"][0]
    rows = client.get("/sparql", query_string={"query": sparql}).get_json(force=True)
    asked = client.get("/questions/suppliers.json?firm=anthropic").get_json()
    assert len(rows["results"]["bindings"]) == len(asked["rows"]) > 0


def test_a_row_shows_what_it_rests_on(client: FlaskClient) -> None:
    text = read_page(client, "/questions/investors?firm=openai")
    assert "our words, not a quote" in text
    assert "superseded by a newer report" in text
    assert ">disputed<" in text
    assert "undated" in text
    assert "reported by" in text
    assert "open the article" in text
    portuguese = read_page(client, "/questions/investors?firm=openai", "pt")
    assert "em nossas palavras, não é citação" in portuguese
    assert "our words" not in portuguese
    told = client.get("/questions/investors.json?firm=openai").get_json()
    assert len(told["evidence"]) == len(told["rows"])


def test_a_page_that_shows_not_all_rows_says_so(workspace: Workspace) -> None:
    app = create_app(workspace, Settings(workers=1, page_rows=3))
    try:
        client = app.test_client()
        count = len(client.get("/questions/suppliers.json").get_json()["rows"])
        assert count > 3
        text = read_page(client, "/questions/suppliers")
        headers = {"Accept": "text/html"}
        page = client.get("/questions/suppliers", headers=headers)
        data = client.get("/questions/suppliers.csv", headers=headers)
    finally:
        releases_of(app).close()
    assert page.headers["X-Dealgraph-Truncated"] == "rows=3"
    assert "X-Dealgraph-Truncated" not in data.headers
    assert f"{count} rows" in text
    assert "The first 3 are shown here; the CSV and JSON hold all of them." in text
    assert text.count('class="evidence-row"') == 3


def test_columns_without_a_value_are_left_out_of_the_page(client: FlaskClient) -> None:
    address = "/questions/rights-in-force?on=2026-06-30"
    text = read_page(client, address)
    told = re.search(r"Columns without a value are not shown: ([^<]+)\.</p>", text)
    assert told is not None
    heads = re.findall(r'<th role="columnheader"[^>]*>([^<]+)</th>', text)
    for label in told[1].split(", "):
        assert label not in heads
    assert "Component" in heads
    lines = client.get(address.replace("?", ".csv?")).text.splitlines()
    for name in ("holder", "restrictedLabel", "from", "until", "ended"):
        assert name in lines[0].split(",")


def test_a_sentence_stands_once_with_all_its_articles(client: FlaskClient) -> None:
    text = read_page(client, "/questions/suppliers?firm=openai")
    folded = re.findall(r'<details class="evidence">.*?</details>', text, re.DOTALL)
    assert len(folded) > 10
    grouped = 0
    for each in folded:
        count = re.search(r"Evidence: (\d+) articles?<", each)
        assert count is not None
        entries = re.split(r'<li class="(?!source)', each)[1:]
        seen = [re.search(r'class="sentence"[^>]*>(.*?)</', entry, re.DOTALL) for entry in entries]
        marks = [re.findall(r'<span class="mark [^>]*>([^<]*)', entry) for entry in entries]
        texts = [(one[1], *mark) for one, mark in zip(seen, marks, strict=True) if one]
        assert len(texts) == len(set(texts)) == len(entries)
        articles = set(re.findall(r'<a href="(/entity/article/[^"]+)"', each))
        assert len(articles) == int(count[1])
        grouped += any(entry.count('<li class="source">') > 1 for entry in entries)
        for entry in entries:
            days = re.findall(r"<time>([^<]+)</time>|(undated)", entry)
            assert [day for day, _ in days] == sorted(
                (d for d, _ in days), key=lambda d: (not d, d)
            )
    assert grouped > 0


@pytest.mark.parametrize("text", ["INF", "-INF", "NaN", "Infinity", "many"])
def test_a_figure_that_is_no_number_is_shown_as_it_is(app: Flask, text: str) -> None:
    with app.test_request_context("/"):
        assert amount_text(Term("literal", text, XSD + "double", None)) == text


def test_figures_are_written_for_people_and_kept_for_machines(client: FlaskClient) -> None:
    address = "/questions/suppliers?firm=openai&status=signed"
    assert "38 billion USD" in read_page(client, address)
    assert "38 bilhões USD" in read_page(client, address, "pt")
    assert ",38000000000," in client.get(address.replace("?", ".csv?")).text
