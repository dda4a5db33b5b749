"""Methods of HTTP and pages of other origins: QUERY, HEAD, OPTIONS, CORS."""

import http.client
import json
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from queries import ASK, CONSTRUCT, SELECT, get_query

DIRECT = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("address", ["/sparql", "/releases/1/sparql"])
@pytest.mark.parametrize(("kind", "body"), [(DIRECT, SELECT), (FORM, urlencode({"query": SELECT}))])
def test_query_is_a_get_with_a_body(
    client: FlaskClient, address: str, kind: str, body: str
) -> None:
    by_get = get_query(client, SELECT)
    response = client.open(address, method="QUERY", data=body, content_type=kind)
    assert response.status_code == 200, response.text
    assert response.data == by_get.data
    assert response.headers["ETag"] == by_get.headers["ETag"]
    # It is safe, so what has not changed is not sent.
    again = client.open(
        address,
        method="QUERY",
        data=body,
        content_type=kind,
        headers={"If-None-Match": response.headers["ETag"]},
    )
    assert (again.status_code, again.data) == (304, b"")


def test_query_takes_the_format_as_the_others_do(client: FlaskClient) -> None:
    response = client.open(
        "/sparql",
        method="QUERY",
        data=CONSTRUCT,
        content_type=DIRECT,
        headers={"Accept": "application/n-triples"},
    )
    assert response.mimetype == "application/n-triples"
    response = client.open("/sparql?format=csv", method="QUERY", data=SELECT, content_type=DIRECT)
    assert response.mimetype == "text/csv"


@pytest.mark.parametrize(
    ("kind", "status"),
    [("", 400), ("application/json", 415), ("application/sparql-update", 403)],
)
def test_a_body_that_is_no_query_is_refused(client: FlaskClient, kind: str, status: int) -> None:
    response = client.open("/sparql", method="QUERY", data="ASK {}", content_type=kind or None)
    assert response.status_code == status


def test_query_over_a_real_connection(served: str) -> None:
    place = urlsplit(served)
    assert place.hostname is not None
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    try:
        for _ in range(2):
            connection.request("QUERY", "/sparql", ASK.encode(), {"Content-Type": DIRECT})
            response = connection.getresponse()
            assert response.status == 200
            assert json.loads(response.read())["boolean"] is True
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        ("/sparql", {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}),
        ("/releases/1/sparql", {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}),
        ("/export/release.ttl", {"GET", "HEAD", "OPTIONS"}),
        ("/questions", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_options_lists_the_methods_there_are(
    client: FlaskClient, address: str, methods: set[str]
) -> None:
    response = client.options(address)
    assert response.status_code in (200, 204)
    assert set(response.headers["Allow"].split(", ")) == methods
    refused = client.delete(address)
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == methods
    # OPTIONS without the question of a browser is no preflight.
    assert "Access-Control-Allow-Methods" not in response.headers
    preflight = client.options(
        address, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    )
    assert set(preflight.headers["Access-Control-Allow-Methods"].split(", ")) == methods


def test_the_types_of_queries_are_told(client: FlaskClient) -> None:
    for response in (
        client.options("/sparql"),
        get_query(client, ASK),
        client.get("/sparql"),
        client.post("/sparql", data="{}", content_type="application/json"),
    ):
        told = response.headers["Accept-Query"]
        assert [kind.strip() for kind in told.split(",")] == [DIRECT, FORM]
    assert "Accept-Query" not in client.get("/questions").headers


def test_a_script_may_send_what_it_needs(client: FlaskClient) -> None:
    preflight = client.options(
        "/sparql",
        headers={
            "Origin": "https://notebook.example",
            "Access-Control-Request-Method": "QUERY",
            "Access-Control-Request-Headers": "authorization,content-type,if-none-match",
        },
    )
    headers = preflight.headers
    allowed = {name.strip() for name in headers["Access-Control-Allow-Headers"].lower().split(",")}
    assert {"authorization", "content-type", "accept", "if-match", "if-none-match"} <= allowed
    assert headers["Access-Control-Allow-Origin"] == "*"
    # With credentials a browser would send cookies, and the star would not do.
    assert "Access-Control-Allow-Credentials" not in headers
    exposed = get_query(client, ASK).headers["Access-Control-Expose-Headers"]
    for name in ("ETag", "X-Request-Id", "X-Dealgraph-Release", "X-Cache", "Accept-Query"):
        assert name in exposed


@pytest.mark.parametrize(
    "address",
    [
        "/sparql?" + urlencode({"query": SELECT}),
        "/export/graph/schemes.nt",
        "/questions",
        "/sparql",
    ],
)
def test_head_has_the_headers_of_get(client: FlaskClient, address: str) -> None:
    sent, told = client.get(address), client.head(address)
    assert (told.status_code, told.data) == (sent.status_code, b"")
    own = {"X-Request-Id", "X-Cache", "Date"}
    for name, value in sent.headers:
        if name not in own:
            # The id of the request is in the body of an error, too, and of the same length.
            assert told.headers.get(name) == value, name
