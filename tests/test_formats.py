"""Which format a client gets, by the headers that clients really send."""

import pytest

from dealgraph.engines.formats import (
    Form,
    Format,
    GraphFormat,
    ResultFormat,
    choose,
    formats_of,
    named,
)
from dealgraph.errors import BadInput, NotAcceptable

JSON, XML, CSV, TSV = ResultFormat
TURTLE, NTRIPLES, RDFXML, JSONLD, TRIG, NQUADS = GraphFormat

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
# As the libraries of these names send them.
WRAPPER_JSON = (
    "application/sparql-results+json,application/json,text/javascript,application/javascript"
)
WRAPPER_ANY = (
    "application/sparql-results+xml,application/rdf+xml,text/turtle,application/n-triples,"
    "text/n3,*/*"
)
RDFLIB_SELECT = "application/sparql-results+xml, application/rdf+xml"
JENA_SELECT = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
    "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, "
    "application/xml;q=0.2, */*;q=0.1"
)
JENA_GRAPH = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,"
    "*/*;q=0.3"
)
YASGUI = "application/sparql-results+json,*/*;q=0.9"
YASGUI_GRAPH = "text/turtle,*/*;q=0.9"
RDF4J = (
    "text/tab-separated-values;q=0.8, application/sparql-results+xml;q=0.8, "
    "application/x-binary-rdf-results-table, text/csv;q=0.8, application/sparql-results+json;q=0.8"
)
EDITOR = (
    "application/sparql-results+json, text/turtle, application/n-triples;q=0.8, application/json"
)
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,"
    "application/sparql-results+json;q=0.3,text/html;q=0.2,application/xml;q=0.15"
)
AXIOS = "application/json, text/plain, */*"

CASES: list[tuple[Form, str | None, Format]] = [
    # nothing, and everything
    ("SELECT", None, JSON), ("ASK", None, JSON),
    ("CONSTRUCT", None, TURTLE), ("DESCRIBE", None, TURTLE),
    ("SELECT", "", JSON), ("SELECT", " , ,", JSON),
    ("SELECT", "*/*", JSON), ("CONSTRUCT", "*/*", TURTLE),
    # each by its own name
    *(("SELECT", each.media_type, each) for each in ResultFormat),
    *(("CONSTRUCT", each.media_type, each) for each in GraphFormat),
    # wildcards and how exact they are
    ("SELECT", "text/*", CSV), ("CONSTRUCT", "text/*", TURTLE),
    ("SELECT", "application/*", JSON), ("CONSTRUCT", "application/*", NTRIPLES),
    ("SELECT", "text/csv, */*", CSV),
    ("SELECT", "text/csv;q=0.5, */*;q=0.6", JSON),
    ("SELECT", "*/*;q=0.9, text/csv", CSV),
    ("SELECT", "text/*;q=0.3, text/csv;q=0.7, text/tab-separated-values", TSV),
    ("SELECT", "application/*, application/sparql-results+json;q=0.1", XML),
    # q=0 rules out
    ("SELECT", "*/*, application/sparql-results+json;q=0", XML),
    ("SELECT", "*/*;q=0.1, application/*;q=0", CSV),
    ("CONSTRUCT", "text/turtle;q=0, */*", NTRIPLES),
    ("CONSTRUCT", "text/turtle;q=0.0, text/*, application/*;q=0.1", NTRIPLES),
    # spelling
    ("SELECT", "TEXT/CSV", CSV), ("SELECT", "text/csv ; Q=0.4", CSV),
    ("SELECT", "text/csv;charset=utf-8", CSV),
    ("SELECT", "text/csv; charset=\"utf-8\"; header=present", CSV),
    ("CONSTRUCT", 'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded, x"', JSONLD),
    ("CONSTRUCT", "text/turtle;version=1.2;q=0, text/turtle;q=0.5", TURTLE),
    ("SELECT", "text/csv;q=2, text/tab-separated-values", TSV),
    ("SELECT", "nonsense, text/csv", CSV), ("SELECT", "text/csv;;q=1", CSV),
    ("SELECT", "text/csv;q=0.001", CSV),
    # the other names of a format
    ("SELECT", "application/json", JSON), ("SELECT", "text/xml", XML),
    ("CONSTRUCT", "application/json", JSONLD), ("CONSTRUCT", "application/xml", RDFXML),
    ("CONSTRUCT", "text/n3", TURTLE), ("CONSTRUCT", "text/plain", NTRIPLES),
    ("CONSTRUCT", "application/x-trig", TRIG), ("CONSTRUCT", "text/x-nquads", NQUADS),
    ("SELECT", "application/json;q=0, text/csv;q=0.1", CSV),
    # clients
    ("SELECT", BROWSER, JSON), ("CONSTRUCT", BROWSER, TURTLE),
    ("SELECT", WRAPPER_JSON, JSON), ("SELECT", WRAPPER_ANY, XML),
    ("CONSTRUCT", WRAPPER_ANY, TURTLE),
    ("SELECT", RDFLIB_SELECT, XML), ("CONSTRUCT", RDFLIB_SELECT, RDFXML),
    ("SELECT", JENA_SELECT, JSON), ("CONSTRUCT", JENA_GRAPH, TURTLE),
    ("SELECT", YASGUI, JSON), ("CONSTRUCT", YASGUI_GRAPH, TURTLE),
    ("SELECT", RDF4J, JSON),
    ("SELECT", EDITOR, JSON), ("CONSTRUCT", EDITOR, TURTLE),
    ("SELECT", COMUNICA, JSON), ("CONSTRUCT", COMUNICA, NQUADS),
    ("SELECT", AXIOS, JSON), ("CONSTRUCT", AXIOS, NTRIPLES),
]  # fmt: skip


@pytest.mark.parametrize(("form", "accept", "expected"), CASES)
def test_accept(form: Form, accept: str | None, expected: Format) -> None:
    assert choose(form, accept) is expected


@pytest.mark.parametrize(
    ("form", "accept"),
    [
        ("SELECT", "text/turtle"),
        ("CONSTRUCT", "text/csv"),
        ("CONSTRUCT", "application/sparql-results+json"),
        ("SELECT", "*/*;q=0"),
        ("SELECT", "text/*;q=0"),
        ("ASK", "image/png, text/html"),
        ("SELECT", "application/json;q=0"),
        ("CONSTRUCT", "application/trig;q=0, application/n-quads;q=0.000"),
    ],
)
def test_nothing_acceptable(form: Form, accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose(form, accept)
    for each in formats_of(form):
        assert each.media_type in caught.value.cure
        assert each.names[0] in caught.value.cure


def test_there_are_enough_cases() -> None:
    assert len(CASES) > 60


@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
def test_names(form: Form) -> None:
    for each in formats_of(form):
        for name in (*each.names, each.media_type):
            assert choose(form, "image/png", name) is each
            assert named(form, f" {name.upper()} ") is each


def test_names_as_clients_write_them() -> None:
    assert named("CONSTRUCT", "rdf xml") is RDFXML  # a plus sign that was not encoded
    assert named("CONSTRUCT", "text/turtle; charset=utf-8") is TURTLE
    assert named("SELECT", "xml") is XML
    assert named("CONSTRUCT", "xml") is RDFXML
    assert named("CONSTRUCT", "json") is JSONLD


@pytest.mark.parametrize(("form", "name"), [("SELECT", "ttl"), ("CONSTRUCT", "csv"), ("ASK", "?")])
def test_a_name_that_does_not_fit(form: Form, name: str) -> None:
    with pytest.raises(BadInput, match=r"Give one of: (json|ttl)"):
        choose(form, None, name)


def test_no_two_formats_of_a_form_share_a_name_or_extension() -> None:
    for form in ("SELECT", "CONSTRUCT"):
        names = [name for each in formats_of(form) for name in (*each.names, each.media_type)]  # type: ignore[arg-type]
        extensions = [each.extension for each in formats_of(form)]  # type: ignore[arg-type]
        assert len(names) == len(set(names))
        assert len(extensions) == len(set(extensions))
