"""/why as readers and programs see it, and the ways that lead there."""

import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from dealgraph.vocab import ID
from pages import Elements, read_page

TALKS = "f4351270cf73a1fc/seed-advanced-talks/amount/investment-exact-10000000000-USD"
SUPPLIER = "/why?subject=coreweave-meta-combined&predicate=hasSupplier&object=CoreWeave"


def test_a_page_tells_rule_axiom_sentence_article_and_reporters(client: FlaskClient) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", unescape(read_page(client, SUPPLIER)))
    text = " ".join(text.split())
    for told in (
        "follows by the rule prp-spo1 : What a property says, every wider property says.",
        "the ontology says: has cloud provider is a sub-property of has supplier",
        "believed; 2 independent origins",
        "In April 2026 Meta committed another 21 billion dollars",
        "The Daily Scout, undated; reported by CoreWeave ← Reuters",
    ):
        assert told in text
    page = unescape(read_page(client, SUPPLIER, "pt"))
    assert "decorre pela regra" in page
    assert "é subpropriedade de" in page
    assert "2 origens independentes" in page


@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize(
    "query",
    [
        "subject=Alphabet&predicate=paysTo&object=Anthropic",
        "subject=amazon-openai-equity",
        "subject=amazon-openai-equity&subject=org:openai",
        "subject=amazon-openai-equity&predicate=hasAmount",
        f"claim=claim:{TALKS}",
        f"subject={ID}claim/{TALKS}",
    ],
)
def test_every_page_is_whole_and_all_it_leads_to_is_there(
    client: FlaskClient, query: str, lang: str
) -> None:
    elements = Elements(read_page(client, f"/why?{query}", lang))
    reasons = [each for each in elements.having("href") if each.startswith("/why?")]
    assert reasons or "paysTo" in query
    for address in list(dict.fromkeys(reasons))[:12]:
        read_page(client, address, lang)


def test_what_is_not_believed_says_so(client: FlaskClient) -> None:
    amount = f"{ID}amount/amazon-openai-equity/investment-exact-10000000000-USD"
    query = f"subject=amazon-openai-equity&predicate=hasAmount&object={quote(amount)}"
    page = read_page(client, f"/why?{query}")
    assert "This is not believed" in page
    assert "50 billion USD (investment)" in page
    assert "The talks ended in a signed investment of 50 billion dollars." in page
    found = client.get(f"/why?{query}").json["explanations"][0]
    assert found["holds"] is False
    assert found["claims"][0]["because_of"][0]["verdict"] == "accepted"


def test_a_program_gets_the_tree(client: FlaskClient) -> None:
    for address in (SUPPLIER, SUPPLIER.replace("/why", "/why.json")):
        response = client.get(address)
        assert response.mimetype == "application/json"
        assert response.headers["ETag"]
        document = json.loads(response.text)
        assert document["release"] == 1
        [ground] = document["explanations"][0]["because"]["grounds"]
        assert ground["rule"] == "prp-spo1"
        assert ground["axioms"][0]["predicate"]["value"].endswith("#subPropertyOf")
        [belief] = ground["premises"][0]["grounds"]
        assert belief["origins"] == 2
        assert belief["evidence"][0]["reporters"][0] == "CoreWeave"
    # A browser may ask for the data too.
    response = client.get("/why.json?subject=org:openai", headers={"Accept": "text/html"})
    assert response.mimetype == "application/json"


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 400, "names nothing to explain"),
        ("subject=OpenIA", 400, "Did you mean OpenAI?"),
        ("subject=OpenAI&predicate=paysToo&object=Microsoft", 400, "Did you mean pays to?"),
        ("predicate=paysTo&object=Microsoft", 400, "one subject and one predicate"),
        ("subject=OpenAI&predicate=paysTo&object=OpenAI&object=AWS", 400, "a triple has one"),
        ("subject=OpenAI&predicate=paysTo&object=OpenAI", 404, "does not say so"),
        ("claim=claim:none/none/status", 404, "no claim"),
        ("subject=https://example.org/x", 404, "holds nothing"),
        ("subject=<a b>", 400, "no IRI"),
        ("subject=" + "x" * 2001, 400, "2001 characters"),
        ("subject=org:a&" * 21, 400, "21 values"),
        ("subject=OpenAI&predicate=country&object=%221%22%5E%5Ejunk", 400, "no datatype"),
    ],
)
def test_mistakes_are_problems_with_a_cure(
    client: FlaskClient, query: str, status: int, told: str
) -> None:
    response = client.get(f"/why?{query}")
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    problem = response.json
    assert told in problem["detail"] + problem["cure"]
    assert problem["cure"]
    read_page(client, f"/why?{query}", "pt", status)


@pytest.mark.parametrize("name", ["suppliers", "few-sources", "contradictions", "money-cycles"])
def test_every_row_of_an_answer_has_its_reasons(client: FlaskClient, name: str) -> None:
    page = read_page(client, f"/questions/{name}")
    rows = page.count('class="evidence-row"')
    links = re.findall(r'<a class="why-link" href="([^"]+)"', page)
    assert rows > 3
    assert len(links) == rows
    for address in links[:3]:
        assert "<h2>" in read_page(client, unescape(address))


def test_statements_of_a_thing_lead_to_their_reasons(client: FlaskClient) -> None:
    page = read_page(client, "/entity/component/amazon-openai-equity")
    links = re.findall(r'<a class="why-link" href="([^"]+)"', page)
    assert len(links) > 8
    for address in links:
        read_page(client, unescape(address))
    # What a claim says of itself need not hold.
    assert 'class="why-link"' not in read_page(client, f"/entity/claim/{TALKS}")
