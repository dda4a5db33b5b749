"""Where the engine departs from SPARQL: what is refused, what rewritten, where errors are."""

import time
from contextlib import suppress

import pytest

from dealgraph.engines.brackets import DEEPEST
from dealgraph.engines.dialect import adapted
from dealgraph.engines.guard import inspect
from dealgraph.engines.lexer import Lexer
from dealgraph.engines.reach import Reach
from dealgraph.engines.rows import RowsEngine
from dealgraph.engines.syntax import replaced
from dealgraph.engines.update_guard import Using, inspect_update
from dealgraph.errors import QuerySyntax
from dealgraph.releases.workspace import Release

MALFORMED = [
    ("SELECT * { FILTER(?x<?a&&?b>?y) }", "an IRI follows"),
    ("SELECT * { BIND(<<( <<(<a:s> <a:p> <a:o>)>> <a:q> <a:z> )>> AS ?x) }", "triple term"),
    ("SELECT * { BIND(<<( 'text' <a:q> <a:z> )>> AS ?x) }", "triple term"),
    ("SELECT (COUNT(COUNT(*)) AS ?n) {}", "inside another aggregate"),
    ("SELECT (SUM(1 + MAX(?x)) AS ?n) {}", "inside another aggregate"),
    ("SELECT * { BIND(<<( <a:s> <a:p> <<( 1 <a:q> 2 )>> )>> AS ?x) }", "triple term"),
    ("SELECT (COUNT((((MAX(?x))))) AS ?n) {}", "inside another aggregate"),
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
    "SELECT (<<(?s<http://p>?o)>> AS ?x) { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o FILTER(?x = <<(<a:s><a:p><<(?s<http://p>?o)>>)>>) }",
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


@pytest.mark.parametrize("brackets", ["()", "{}"])
def test_brackets_may_be_nested_so_deep_and_no_deeper(brackets: str) -> None:
    opened, closed = brackets

    def nested(depth: int) -> str:
        # As every query of this form has one bracket around.
        inner = opened * (depth - 1) + closed * (depth - 1)
        return f"SELECT * {{ ?s ?p {inner} }}"

    assert inspect(nested(DEEPEST)).changes == ()
    with pytest.raises(QuerySyntax, match=f"more than {DEEPEST} brackets") as caught:
        inspect(nested(DEEPEST + 1))
    assert "Take out brackets" in caught.value.cure
    assert caught.value.column == len("SELECT * { ?s ?p ") + DEEPEST
    with pytest.raises(QuerySyntax, match=f"more than {DEEPEST} brackets"):
        inspect_update(f"INSERT DATA {{ <a:s> <a:p> {nested(DEEPEST + 1)} }}", Reach())


@pytest.mark.parametrize(
    "unit",
    [
        "{GROUP_CONCAT(", "SELECT ", "(", "GROUP_CONCAT(?x ", "SELECT(", "SELECT(1 ", "{}(",
        "SELECT (COUNT(?v) AS ?n) (?n AS ?m) ", "(?n AS ?n)", "(COUNT(?n) AS ?n)", "<<(",
        "SELECT ((1) AS ?x) ", "BOUND(?n) ",
    ],
)  # fmt: skip
def test_reading_takes_steps_as_there_are_words(unit: str) -> None:
    """60 KB of each, which in quadratic time was half a minute while nobody else was served."""
    text = "SELECT (COUNT(?v) AS ?n) " + unit * (60_000 // len(unit))
    begun = time.monotonic()
    with suppress(QuerySyntax):
        inspect(text)
    with suppress(QuerySyntax):
        inspect_update("INSERT {} WHERE {" + text, Reach())
    adapted(text, Lexer(text).tokens())
    assert time.monotonic() - begun < 5


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
        (
            "SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) (TRUE AS ?t) {}",
            "SELECT (COUNT(?v) AS ?n) ((COUNT(?v)) + 1 AS ?m) (true AS ?t) {}",
        ),
        (
            "SELECT (GROUP_CONCAT(?v) AS ?g) (IF(FALSE, 1, STRLEN(?g)) AS ?m) (?m AS ?k) {}",
            "SELECT (STR(GROUP_CONCAT(?v)) AS ?g)"
            " (IF(false, 1, STRLEN((STR(GROUP_CONCAT(?v))))) AS ?m)"
            " ((IF(false, 1, STRLEN((STR(GROUP_CONCAT(?v)))))) AS ?k) {}",
        ),
        # BOUND takes a variable and nothing else; so does a triple term.
        (
            "SELECT (COUNT(?v) AS ?n) (IF(BOUND(?n), ?n, 0) AS ?m) {}",
            "SELECT (COUNT(?v) AS ?n) (IF(BOUND(?n), (COUNT(?v)), 0) AS ?m) {}",
        ),
        (
            "SELECT (COUNT(?v) AS ?n) (<<(<a:s> <a:p> ?n)>> AS ?m) {}",
            "SELECT (COUNT(?v) AS ?n) (<<(<a:s> <a:p> ?n)>> AS ?m) {}",
        ),
        # In an aggregate it is a variable of the group.
        (
            "SELECT (COUNT(?v) AS ?n) (SUM(?n) AS ?m) {}",
            "SELECT (COUNT(?v) AS ?n) (SUM(?n) AS ?m) {}",
        ),
        # Evaluated twice, it would be two values.
        (
            "SELECT (COUNT(?v) + RAND() AS ?n) (?n AS ?m) {}",
            "SELECT (COUNT(?v) + RAND() AS ?n) (?n AS ?m) {}",
        ),
        (
            "SELECT (CONCAT(STRUUID(), STR(COUNT(?v))) AS ?n) (?n AS ?m) {}",
            "SELECT (CONCAT(STRUUID(), STR(COUNT(?v))) AS ?n) (?n AS ?m) {}",
        ),
        # Nothing else is a boolean.
        (
            "PREFIX TRUE: <a:> SELECT ?TRUE { TRUE:TRUE a:TRUE 'TRUE'@TRUE, _:TRUE, <TRUE> } #TRUE",
            "PREFIX TRUE: <a:> SELECT ?TRUE { TRUE:TRUE a:TRUE 'TRUE'@TRUE, _:TRUE, <TRUE> } #TRUE",
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


def test_a_name_that_stays_a_name_is_answered(mini_release: Release) -> None:
    with RowsEngine(mini_release, workers=1) as engine:
        table = engine.table(
            "SELECT (COUNT(?v) AS ?n) (BOUND(?n) AS ?b) (IF(BOUND(?n), ?n + 1, 0) AS ?m)"
            " { VALUES ?v { 0 1 2 3 } }"
        )
        assert [[term and term.value for term in row] for row in table.rows] == [["4", "true", "5"]]
        # The engine can't do it; two different values in one row would be worse.
        with pytest.raises(QuerySyntax, match="unbound"):
            engine.table("SELECT (COUNT(?v) + RAND() AS ?n) (?n AS ?m) { VALUES ?v { 0 1 } }")


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (
            "INSERT DATA { <a:s> <a:p> TRUE } ; DELETE DATA { <a:s> <a:p> False }",
            "INSERT DATA { <a:s> <a:p> true } ; DELETE DATA { <a:s> <a:p> false }",
        ),
        (
            "DELETE WHERE { ?s ?p TRUE } ; DELETE WHERE { ?s ?p FALSE }",
            "DELETE  { ?s ?p true } USING <a:g> WHERE { ?s ?p true } ;"
            " DELETE  { ?s ?p false } USING <a:g> WHERE { ?s ?p false }",
        ),
        (
            "LOAD SILENT <http://a/> ; INSERT { ?s ?p TRUE } WHERE { ?s ?p TRUE } ;"
            " PREFIX TRUE: <a:> DELETE DATA { TRUE:TRUE a 'TRUE' }",
            "LOAD SILENT <x:> ; INSERT { ?s ?p true } USING <a:g> WHERE { ?s ?p true } ;"
            " PREFIX TRUE: <a:> DELETE DATA { TRUE:TRUE a 'TRUE' }",
        ),
        (
            "INSERT { <a:s> <a:p> ?g } WHERE { { SELECT (GROUP_CONCAT(?o) AS ?g) {} } }",
            "INSERT { <a:s> <a:p> ?g } USING <a:g>"
            " WHERE { { SELECT (STR(GROUP_CONCAT(?o)) AS ?g) {} } }",
        ),
    ],
)
def test_what_the_engine_is_given_of_an_update(text: str, given: str) -> None:
    assert replaced(text, inspect_update(text, Reach(), Using(["a:g"])).changes) == given


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
