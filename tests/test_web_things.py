"""The pages of things, search by name, exports and the list of releases."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Dataset, Graph

from dealgraph.releases.workspace import Workspace
from dealgraph.web.cells import leads_out
from pages import PAGE, Elements, read_page

# ---- things ----


def test_a_thing_is_redirected_to_what_can_be_read(client: FlaskClient) -> None:
    person = client.get("/id/org/openai", headers=PAGE)
    program = client.get("/id/org/openai", headers={"Accept": "text/turtle"})
    assert (person.status_code, person.headers["Location"]) == (303, "/entity/org/openai")
    assert (program.status_code, program.headers["Location"]) == (303, "/export/id/org/openai")
    assert "Accept" in person.headers["Vary"]
    followed = client.get(
        "/id/org/openai", headers={"Accept": "text/turtle"}, follow_redirects=True
    )
    assert len(Graph().parse(data=followed.text, format="turtle")) > 5


def test_the_page_of_a_firm(client: FlaskClient) -> None:
    text = read_page(client, "/entity/org/aws", "pt")
    assert "Amazon Web Services" in text
    assert "https://w3id.org/dealgraph/id/org/aws" in text
    assert "Onde aparece" in text
    assert 'href="/export/id/org/aws.ttl"' in text
    assert "contrato" in text.lower()


def test_the_page_of_a_part_of_a_deal(client: FlaskClient) -> None:
    text = read_page(client, "/entity/component/amazon-openai-equity")
    assert "50 billion USD" in text
    assert "has investor" in text
    assert "What follows from it" in text
    assert "superseded by a newer report" in text


def test_the_page_of_a_deal_shows_its_parts(client: FlaskClient) -> None:
    text = read_page(client, "/entity/deal/amazon-openai-investment")
    table = text[text.index("Parts of the deal") : text.index("Claims and their evidence")]
    row = next(row for row in table.split("<tbody") if "amazon-openai-equity" in row)
    for told in ("equity investment", "signed", "Amazon; OpenAI", "50 billion USD (investment)"):
        assert told in row, told
    assert "Where it appears" not in text
    # By day; what nobody dated comes last.
    first = re.findall(
        r'<ul class="reports">\s*<li[^>]*>.*?(?:<time>([^<]+)|undated)', text, re.DOTALL
    )
    assert first == sorted(first, key=lambda day: (not day, day))
    assert first[0]
    assert not first[-1]


def test_every_kind_of_thing_has_a_page(app: Flask, client: FlaskClient) -> None:
    query = (
        "SELECT ?class (SAMPLE(?thing) AS ?one) WHERE { GRAPH ?g { ?thing a ?class } "
        "FILTER(STRSTARTS(STR(?thing), 'https://w3id.org/dealgraph/')) } GROUP BY ?class"
    )
    rows = client.get("/sparql", query_string={"query": query, "format": "csv"}).text
    things = [line.split(",")[1] for line in rows.splitlines()[1:]]
    assert len(things) > 30
    for iri in things:
        path = iri.removeprefix("https://w3id.org/dealgraph/")
        own = path.startswith("id/")
        address = f"/entity/{path[3:]}" if own else "/about"
        asked = client.get(address, query_string={} if own else {"iri": iri}, headers=PAGE)
        assert asked.status_code == 200, iri
        Elements(asked.text)


@pytest.mark.parametrize(
    ("text", "key"),
    [("dona do chat", "openai"), ("CHATGPT MAKER", "openai"), ("amazon web", "aws")],
)
def test_search_as_one_types(client: FlaskClient, text: str, key: str) -> None:
    found = client.get("/search", query_string={"q": text, "kind": "firm"}).get_json()["results"]
    assert found[0]["key"] == key
    assert found[0]["page"] == f"/entity/org/{key}"
    # The same without a script.
    listed = client.get("/search", query_string={"q": text}, headers=PAGE)
    assert f'href="/entity/org/{key}"' in listed.text


def test_search_finds_what_is_written_without_accents(client: FlaskClient) -> None:
    plain = client.get("/search?q=avaliacao&lang=pt").get_json()["results"]
    accented = client.get("/search?q=avalia%C3%A7%C3%A3o&lang=pt").get_json()["results"]
    assert plain == accented != []


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        " https://x",
        "//x",
        "ftp://x",
    ],
)
def test_no_address_of_an_article_can_run_anything(address: str) -> None:
    assert not leads_out(address)


# ---- exports and releases ----

FORMATS = {
    "ttl": "turtle",
    "nt": "nt",
    "rdf": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nq": "nquads",
}


# rdflib 7.6 makes a ConjunctiveGraph of its own to read these.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_thing_as_a_file(client: FlaskClient, suffix: str) -> None:
    file = client.get(f"/export/id/deal/amazon-openai-investment.{suffix}")
    assert file.status_code == 200
    name = f"dealgraph-1-deal-amazon-openai-investment.{suffix}"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    dataset = Dataset(default_union=True)
    dataset.parse(data=file.data, format=FORMATS[suffix])
    asserted = {str(subject) for subject in dataset.subjects()}
    assert "https://w3id.org/dealgraph/id/component/amazon-openai-equity" in asserted
    assert any("/id/claim/" in subject for subject in asserted)
    assert any("/id/evidence/" in subject for subject in asserted)


def test_a_file_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    address = "/export/graph/current.nt"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address).data == first.data
    told = client.head(address)
    assert int(told.headers["Content-Length"]) == len(first.data)


def test_the_format_by_accept_and_by_name(client: FlaskClient) -> None:
    def kind(path: str, accept: str = "*/*") -> str:
        return client.head(path, headers={"Accept": accept}).mimetype

    assert kind("/export/graph/schemes") == "text/turtle"
    assert kind("/export/graph/schemes", "application/n-quads") == "application/n-quads"
    assert kind("/export/graph/schemes?format=jsonld", "text/turtle") == "application/ld+json"
    # A whole release has graphs, so the format that is taken when none is asked for has, too.
    assert kind("/export/release") == "application/trig"


def test_the_export_page_lists_every_graph(client: FlaskClient) -> None:
    text = read_page(client, "/export")
    for name in ("current", "entities", "inferred", "schemes", "ontology", "catalog"):
        assert f'href="/export/graph/{name}.ttl"' in text
    # Those of the articles are folded away.
    assert "/export/graph/article/" not in re.sub(r"<details>.*?</details>", "", text, flags=re.S)
    article = re.search(r'href="(/export/graph/article/[^"]+\.nq)"', text)
    assert article is not None
    assert client.get(article[1]).data.count(b"\n") > 10


def test_the_list_of_releases(client: FlaskClient, workspace: Workspace) -> None:
    text = read_page(client, "/releases")
    release = workspace.current()
    assert release.content_sha256 in text
    assert release.created in text
    assert f"{release.counts['claims']:,}" in text
