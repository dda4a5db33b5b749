"""The query page: what a browser gets at the SPARQL endpoint."""

import pytest
from flask.testing import FlaskClient

from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of
from pages import PAGE
from queries import ASK, CONSTRUCT, SELECT, get_query


def test_a_browser_gets_the_query_page(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": PAGE["Accept"]})
    assert page.mimetype == "text/html"
    assert "PREFIX dg:" in page.text
    assert "<textarea" in page.text
    # Each question is an example, and opens with its values in it.
    example = client.get("/sparql?example=suppliers", headers={"Accept": PAGE["Accept"]})
    assert "id/org/openai&gt;" in example.text


def test_the_page_shows_names_instead_of_iris(client: FlaskClient) -> None:
    page = get_query(client, "SELECT ?firm WHERE { VALUES ?firm { org:aws } }", PAGE["Accept"])
    assert 'href="/entity/org/aws"' in page.text
    assert "Amazon Web Services" in page.text
    assert "1 row" in page.text
    assert "format=csv" in page.text


def test_the_page_says_when_it_does_not_show_all(workspace: Workspace) -> None:
    app = create_app(workspace, Settings(workers=1, page_rows=5))
    try:
        page = get_query(app.test_client(), "SELECT * WHERE { ?s ?p ?o }", PAGE["Accept"])
        assert "More than 5 rows" in page.text
        assert "The first 5 rows are shown here" in page.text
        assert page.text.count('role="row"') == 1 + 5
        # A program that reads pages need not read the words.
        assert page.headers["X-Dealgraph-Truncated"] == "rows=5"
        assert "X-Dealgraph-Truncated" in page.headers["Access-Control-Expose-Headers"]
        graph = "CONSTRUCT WHERE { ?s ?p ?o }"
        page = get_query(app.test_client(), graph, PAGE["Accept"])
        assert page.headers["X-Dealgraph-Truncated"] == "characters=200000"
        whole = get_query(app.test_client(), "SELECT * { ?s ?p ?o } LIMIT 5", PAGE["Accept"])
        assert "X-Dealgraph-Truncated" not in whole.headers
    finally:
        releases_of(app).close()


def test_a_wrong_query_stays_in_the_page_with_what_is_wrong(client: FlaskClient) -> None:
    page = get_query(client, "SELECT <script>alert(1)</script>", PAGE["Accept"])
    assert page.status_code == 400
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert 'role="alert"' in page.text


def test_a_named_format_beats_the_browser(client: FlaskClient) -> None:
    assert get_query(client, SELECT, PAGE["Accept"], format="csv").mimetype == "text/csv"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (ASK, "Yes"),
        ("ASK { org:openai a dg:Deal }", "No"),
        (CONSTRUCT, "org:openai"),
        ("SELECT ?x WHERE { BIND(1 / 0 AS ?x) }", "1 row"),
        ('SELECT ("a\\tb\\nc" AS ?x) ("é"@pt AS ?y) (true AS ?z) WHERE {}', "é"),
        ("SELECT * WHERE {}", "1 row"),
        ("SELECT ?x WHERE { VALUES ?x { } }", "0 rows"),
    ],
)
def test_every_form_has_a_page(client: FlaskClient, query: str, shown: str) -> None:
    page = get_query(client, query, PAGE["Accept"])
    assert page.status_code == 200
    assert shown in page.text


def test_the_page_of_a_numbered_release_names_it_and_stays_with_it(client: FlaskClient) -> None:
    page = client.get("/releases/1/sparql?lang=en", headers={"Accept": PAGE["Accept"]})
    assert "SPARQL 1.1 over release 1." in page.text
    assert 'href="/releases/1/sparql?example=suppliers' in page.text
    example = "/releases/1/sparql?example=suppliers"
    assert "id/org/openai&gt;" in client.get(example, headers={"Accept": PAGE["Accept"]}).text
