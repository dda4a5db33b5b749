"""Where the engine departs from SPARQL: what is refused, what rewritten, where errors are."""

import pytest

from dealgraph.engines.dialect import adapted
from dealgraph.engines.guard import inspect
from dealgraph.engines.lexer import Lexer
from dealgraph.engines.rows import RowsEngine
from dealgraph.engines.syntax import replaced
from dealgraph.errors import QuerySyntax
from dealgraph.releases.workspace import Release

MALFORMED = [
    ("SELECT * { FILTER(?x<?a&&?b>?y) }", "an IRI follows"),
    ("SELECT * { BIND(<<( <<(<a:s> <a:p> <a:o>)>> <a:q> <a:z> )>> AS ?x) }", "triple term"),
    ("SELECT * { BIND(<<( 'text' <a:q> <a:z> )>> AS ?x) }", "triple term"),
    ("SELECT (COUNT(COUNT(*)) AS ?n) {}", "inside another aggregate"),
    ("SELECT (SUM(1 + MAX(?x)) AS ?n) {}", "inside another aggregate"),
    ("\\u0053ELECT * {}", "outside strings and IRIs"),
]
WELL_FORMED = [
    "SELECT * { ?s ?p (?x<a:b>) }",
    "SELECT * { FILTER(?x < <a:b>) }",
    "SELECT * { FILTER(?x IN (<a:b>, <a:c>)) }",
    "SELECT * { FILTER(?x = '1'^^<a:b>) }",
    "SELECT * { FILTER(EXISTS { ?s ?p<a:b> }) }",
    "SELECT * { VALUES (?x ?y) { (<a:b><a:c>) } }",
    "SELECT (COUNT(?x) AS ?n) (MAX(?x) AS ?m) {}",
    "SELECT (SUM(?n) AS ?m) { { SELECT (COUNT(*) AS ?n) {} } }",
    "SELECT (COUNT(EXISTS { SELECT (COUNT(*) AS ?n) {} }) AS ?m) {}",
    "SELECT * { BIND(<<( <a:s> <a:p> <<(<a:s> <a:p> 1)>> )>> AS ?x) }",
    "SELECT * { <a:\\u0062> ?p '\\u0041' }",
]


@pytest.mark.parametrize(("text", "told"), MALFORMED)
def test_what_the_grammar_forbids_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(QuerySyntax, match=told) as caught:
        inspect(text)
    assert (caught.value.line, caught.value.cure != "") == (1, True)


@pytest.mark.parametrize("text", WELL_FORMED)
def test_what_the_grammar_allows_passes(text: str) -> None:
    assert inspect(text).text == text


def rewritten(text: str) -> str:
    return replaced(text, adapted(text, Lexer(text).tokens()))


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("SELECT (TRUE AS ?t) {}", "SELECT (true AS ?t) {}"),
        (
            "SELECT (GROUP_CONCAT(DISTINCT ?o; SEPARATOR=')') AS ?g) {}",
            "SELECT (STR(GROUP_CONCAT(DISTINCT ?o; SEPARATOR=')')) AS ?g) {}",
        ),
        (
            "SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) (?m + ?n AS ?k) {}",
            "SELECT (COUNT(?v) AS ?n) ((COUNT(?v)) + 1 AS ?m) "
            "(((COUNT(?v)) + 1) + (COUNT(?v)) AS ?k) {}",
        ),
        ("SELECT (1 AS ?n) (?n + 1 AS ?m) {}", "SELECT (1 AS ?n) (?n + 1 AS ?m) {}"),
        (
            "SELECT (COUNT(?v) AS ?n) (EXISTS { SELECT ?n { ?s ?p ?n } } AS ?m) {}",
            "SELECT (COUNT(?v) AS ?n) (EXISTS { SELECT ?n { ?s ?p ?n } } AS ?m) {}",
        ),
    ],
)
def test_what_the_engine_is_given(text: str, given: str) -> None:
    assert rewritten(text) == given


def test_the_answers_are_those_of_the_standard(mini_release: Release) -> None:
    with RowsEngine(mini_release, workers=1) as engine:
        assert engine.ask(
            "ASK { { SELECT (GROUP_CONCAT(?o) AS ?g) { VALUES ?o { '1'@en } } } FILTER(?g = '1') }"
        )
        table = engine.table("SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) { VALUES ?v { 0 1 2 3 } }")
        assert [[term and term.value for term in row] for row in table.rows] == [["4", "5"]]


def test_an_error_after_a_rewritten_part_is_told_where_it_stands(mini_release: Release) -> None:
    text = "SELECT (GROUP_CONCAT(?o) AS ?g) { ?s ?p ?o . ?s }"
    with RowsEngine(mini_release, workers=1) as engine, pytest.raises(QuerySyntax) as caught:
        engine.table(text)
    # The engine goes as far as it can, here to the end; its own text is five characters longer.
    assert caught.value.column == len(text) + 1


def test_a_function_that_nobody_knows(mini_release: Release) -> None:
    """An error to us, who can say which it was; to a plain store a value that isn't there."""
    text = "SELECT (<http://example.org/f>(1) AS ?x) {}"
    with RowsEngine(mini_release, workers=1, unknown_functions=True) as engine:
        assert engine.answer(text, "csv").read() == b"x\r\n\r\n"
