"""What a request gets by its Accept header and ?format=, at the door of the service.

The choice among formats itself is in test_formats.py.
"""

import http.client
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from rdflib.plugins.stores.sparqlconnector import SPARQLConnector
from SPARQLWrapper import CSV, JSON, N3, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from dealgraph.engines.accept import parse_accept, quality
from dealgraph.engines.formats import Format, GraphFormat, ResultFormat, choose, formats_of
from dealgraph.web.accept import wants_page
from queries import ASK, CONSTRUCT, SELECT, get_query

# As these browsers ask for a page.
BROWSERS = {
    "chromium": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "firefox 128": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/png,image/svg+xml,*/*;q=0.8",
    "firefox 132": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "safari": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "lynx": "text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01",
}
# As these clients ask for rows and for graphs.
PROGRAMS = {
    "curl": "*/*",
    "nothing": "",
    "fetch of a script": "*/*",
    "yasqe": "application/sparql-results+json,*/*;q=0.9",
    "yasqe for graphs": "text/turtle,*/*;q=0.9",
    "jena": "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
    "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, "
    "application/xml;q=0.2, */*;q=0.1",
    "jena for graphs": "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
    "application/rdf+xml;q=0.7,application/n-quads,application/trig;q=0.9,*/*;q=0.3",
    "rdf4j": "application/x-binary-rdf-results-table;q=0.8, application/sparql-results+json, "
    "application/json;q=0.8, application/sparql-results+xml;q=0.8, application/xml;q=0.8, "
    "text/tab-separated-values;q=0.8, text/csv;q=0.8",
    "rdf4j for graphs": "application/rdf+xml;q=0.4, text/turtle;q=0.8, application/trig;q=0.8, "
    "application/ld+json;q=0.8, text/n3;q=0.8, application/x-binary-rdf, "
    "application/n-quads;q=0.8, application/n-triples;q=0.8, application/trix;q=0.8",
    "comunica": "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,"
    "application/sparql-results+json;q=0.4,text/html;q=0.2",
    "axios": "application/json, text/plain, */*",
}


@pytest.mark.parametrize("accept", BROWSERS.values(), ids=BROWSERS)
def test_browsers_get_a_page(client: FlaskClient, accept: str) -> None:
    assert wants_page(accept)
    for address in ("/sparql", "/questions/suppliers", "/search?q=open"):
        response = client.get(address, headers={"Accept": accept})
        assert response.mimetype == "text/html", address


@pytest.mark.parametrize("accept", PROGRAMS.values(), ids=PROGRAMS)
def test_programs_get_data(client: FlaskClient, accept: str) -> None:
    assert not wants_page(accept)
    for query, kind in ((SELECT, ResultFormat), (CONSTRUCT, GraphFormat)):
        response = get_query(client, query, accept)
        if response.status_code == 406:  # one that reads graphs only, or rows only
            continue
        assert response.status_code == 200
        assert response.mimetype in {each.media_type for each in kind}


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html", True),
        ("TEXT/HTML", True),
        ("application/xhtml+xml", True),
        ("text/html;charset=utf-8", True),
        ("text/html;q=0", False),
        ("text/html;q=0, application/xhtml+xml", True),
        ("text/*", False),
        # Which comes first counts where both weigh the same; else the weight.
        ("text/html, application/json", True),
        ("application/json, text/html", False),
        ("application/json;q=0.9, text/html", True),
        ("text/html;q=0.5, application/json", False),
        ("text/html, application/json;q=0", True),
        ("application/json;q=0, text/html;q=0.1", True),
        # A wildcard is no wish for data; images are none either.
        ("*/*, text/html;q=0.1", True),
        ("image/png, text/html;q=0.9", True),
        # What can't be read is passed over.
        ("text/html;q=high", False),
        ("html, application/json", False),
        (";;;, text/html", True),
        ('application/json;a=", text/html"', False),
    ],
)
def test_a_page_or_data(accept: str, page: bool) -> None:
    assert wants_page(accept) is page


@pytest.mark.parametrize(
    ("accept", "weight"),
    [
        ("text/csv", 1.0),
        ("text/csv;q=0.3, text/*, */*", 0.3),
        ("text/*;q=0.2, */*", 0.2),
        ("*/*;q=0.1", 0.1),
        ("text/csv;header=absent;q=0.9, text/csv;q=0.4", 0.4),
        ("text/csv;header=absent;q=0.9", 0.9),
        ("text/csv;q=0.2, text/csv;q=0.6", 0.6),
        ("text/csv;q=0, */*", 0.0),
        ("text/turtle", None),
        ("", None),
        ("text/csv;q=1.5", None),
        ("text/csv;q=-1", None),
        ("text/csv;q=0.1234", None),
        ("text / csv", None),
        ("/csv, text/", None),
    ],
)
def test_the_most_exact_range_decides(accept: str, weight: float | None) -> None:
    found = quality("text/csv", parse_accept(accept))
    assert (None if found is None else found[0]) == weight


def test_several_headers_are_one_list(served: str) -> None:
    place = urlsplit(served)
    assert place.hostname is not None
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.putrequest("GET", f"/sparql?{urlencode({'query': SELECT})}")
    for accept in ("text/turtle", "text/csv;q=0.4", "text/tab-separated-values;q=0.5"):
        connection.putheader("Accept", accept)
    connection.endheaders()
    response = connection.getresponse()
    assert response.headers.get_content_type() == "text/tab-separated-values"
    response.read()
    connection.close()


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT])
def test_what_can_not_be_had_lists_what_can(client: FlaskClient, query: str) -> None:
    kinds = formats_of("SELECT" if query == SELECT else "CONSTRUCT")
    unacceptable = get_query(client, query, "image/png")
    unknown = get_query(client, query, "*/*", format="docx")
    assert (unacceptable.status_code, unknown.status_code) == (406, 400)
    for response in (unacceptable, unknown):
        cure = response.get_json(force=True)["cure"]
        for each in kinds:
            assert each.media_type in cure and each.names[0] in cure
    assert "Accept" in unacceptable.headers["Vary"]


@pytest.mark.parametrize("parameter", ["format", "output"])
def test_a_name_wins_over_the_header(client: FlaskClient, parameter: str) -> None:
    for query, kinds in ((ASK, ResultFormat), (CONSTRUCT, GraphFormat)):
        for each in kinds:
            for name in (*each.names, each.media_type):
                response = get_query(client, query, "text/html", **{parameter: name})
                assert response.mimetype == each.media_type, name


def test_an_export_is_of_the_usual_kind_where_nothing_else_is_wished(client: FlaskClient) -> None:
    for accept in ("", "*/*", "*/*;q=0.5", BROWSERS["chromium"]):
        whole = client.get("/export/release", headers={"Accept": accept})
        assert whole.mimetype == "application/trig", accept
    turtle = client.get("/export/release", headers={"Accept": "text/turtle, */*;q=0.1"})
    assert turtle.mimetype == "text/turtle"


@pytest.mark.parametrize(
    ("wish", "query", "wanted"),
    [
        (JSON, SELECT, ResultFormat.JSON),
        (XML, SELECT, ResultFormat.XML),
        (CSV, SELECT, ResultFormat.CSV),
        (TSV, SELECT, ResultFormat.TSV),
        (TURTLE, CONSTRUCT, GraphFormat.TURTLE),
        (N3, CONSTRUCT, GraphFormat.TURTLE),
        (RDFXML, CONSTRUCT, GraphFormat.RDFXML),
    ],
)
def test_the_header_of_sparqlwrapper(wish: str, query: str, wanted: Format) -> None:
    wrapper = SPARQLWrapper("http://127.0.0.1/", returnFormat=wish)
    wrapper.setQuery(query.replace("org:openai", "<http://example.org/a>").replace("dg:", "rdf:"))
    accept = wrapper._createRequest().headers["Accept"]
    assert choose("SELECT" if query == SELECT else "CONSTRUCT", accept) is wanted
    assert not wants_page(accept)


def test_the_header_of_the_store_of_rdflib() -> None:
    for wish, wanted in (("xml", ResultFormat.XML), ("json", ResultFormat.JSON)):
        accept = SPARQLConnector("http://127.0.0.1/", returnFormat=wish).response_mime_types()
        assert choose("SELECT", accept) is wanted
        assert not wants_page(accept)
