"""What tests of the SPARQL endpoint share: a query of each form, and asking by GET."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SELECT = "SELECT ?deal WHERE { ?deal a dg:Deal } ORDER BY ?deal LIMIT 3"
ASK = "ASK { org:openai a dg:Firm }"
CONSTRUCT = "CONSTRUCT { org:openai a ?class } WHERE { org:openai a ?class }"
# More rows than there is time for.
ENDLESS = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def get_query(client: FlaskClient, query: str, accept: str = "*/*", **others: str) -> TestResponse:
    return client.get(
        "/sparql", query_string={"query": query, **others}, headers={"Accept": accept}
    )
