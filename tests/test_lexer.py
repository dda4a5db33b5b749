"""Tokens of SPARQL text: where strings, IRIs, comments and names begin and end."""

import re
import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealgraph.engines.lexer import Lexer, Token
from dealgraph.errors import QuerySyntax, TooLarge


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in Lexer(text).tokens()]


CASES = [
    ("SELECT * {}", ["word", "punctuation", "punctuation", "punctuation"]),
    ("?a $b", ["variable", "variable"]),
    ("<http://example.org/a#b>", ["iri"]),
    ("<>", ["iri"]),
    ("dg:Deal", ["pname"]),
    (":a", ["pname"]),
    ("a:", ["pname"]),
    (":", ["pname"]),
    ("ex:a.b", ["pname"]),
    ("ex:a.", ["pname", "punctuation"]),
    ("ex:a..b", ["pname"]),
    ("a.b:c", ["pname"]),
    ("a.:c", ["word", "punctuation", "pname"]),
    (r"ex:a\-b\'c", ["pname"]),
    ("ex:%41", ["pname"]),
    ("ex:a:b", ["pname"]),
    ("ex:1", ["pname"]),
    ("ex:-1", ["pname", "punctuation", "number"]),
    ("é:é", ["pname"]),
    ("_:b1", ["blank"]),
    ("_:b.", ["blank", "punctuation"]),
    ("'a' \"b\"", ["string", "string"]),
    ("'' \"\"", ["string", "string"]),
    ("'''a'b''c''' '''d'''", ["string", "string"]),
    ('"""a\n"b""c"""', ["string"]),
    (r'"a\"b" "c\\"', ["string", "string"]),
    (r'"a \u0022 b"', ["string"]),
    (r'"\\u0022"', ["string"]),
    ("'a'@en-GB", ["string", "language"]),
    ("'a'@en--ltr", ["string", "language"]),
    ("'a'^^xsd:date", ["string", "punctuation", "pname"]),
    ("1 1.5 .5 1e3 1.e3 .5E-2", ["number"] * 6),
    ("1.", ["number", "punctuation"]),
    ("-1", ["punctuation", "number"]),
    ("?a<?b", ["variable", "punctuation", "variable"]),
    ("?a < ?b && ?c > ?d", ["variable", "punctuation"] * 3 + ["variable"]),
    ("?a<=?b", ["variable", "punctuation", "variable"]),
    ("?s <p> ?o", ["variable", "iri", "variable"]),
    ("# a < comment ' with \" all\n?a", ["variable"]),
    ("?a # to the end", ["variable"]),
    ("<a#b> # c", ["iri"]),
    ("ex:a#b\n1", ["pname", "number"]),
    ("# one\r?a", ["variable"]),
    ("<< ?a ?b ?c >> {| |} ~", ["punctuation", *["variable"] * 3, *["punctuation"] * 4]),
    (r"\u0053ELECT", ["word"]),
    (r"ex:caf\u00E9", ["pname"]),
    (r"?\u0061\U00000062", ["variable"]),
    ("a.b.c", ["word", "punctuation", "word", "punctuation", "word"]),
    ("(ex:p?)", ["punctuation", "pname", "punctuation", "punctuation"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_kinds(text: str, expected: list[str]) -> None:
    assert [kind for kind, _ in kinds(text)] == expected


def test_there_are_enough_cases() -> None:
    assert len(CASES) > 40


def test_places_are_those_of_the_source() -> None:
    text = "SELECT \\u003a\\u0061 # \\u0041\n'\\u0041' ?x"
    tokens = Lexer(text).tokens()
    assert tokens[1] == Token("pname", ":a", 7, 19)
    assert [text[token.start : token.end] for token in tokens] == [
        "SELECT", "\\u003a\\u0061", "'\\u0041'", "?x",
    ]  # fmt: skip


BROKEN = [
    ("SELECT 'a", 1, 8),
    ("SELECT\n  'a\nb'", 2, 3),
    ('"""a""', 1, 1),
    (r"'\q'", 1, 1),
    (r"'\u12'", 1, 1),
    (r"'\uD800'", 1, 2),
    (r"'\U00110000'", 1, 2),
    (r"?a \u0022b\u0022", 1, 4),
    (r"?a\u0020?b", 1, 3),
    (r"\u003Ca>", 1, 1),
    ("?a @", 1, 4),
    ("?a\u00a0?b", 1, 3),
    ("\ufeff?a", 1, 1),
    ("?a\x00", 1, 3),
    ("`", 1, 1),
    ("é", 1, 1),
    ("a\r\nb\r\n\\", 3, 1),
]


@pytest.mark.parametrize(("text", "line", "column"), BROKEN, ids=[repr(t) for t, *_ in BROKEN])
def test_the_place_of_what_is_no_token(text: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntax, match=f"line {line}, column {column}") as caught:
        Lexer(text).tokens()
    assert (caught.value.line, caught.value.column) == (line, column)


@given(st.text(st.characters(exclude_characters='"\\\n\r', exclude_categories=["Cs"])))
def test_anything_may_stand_in_a_string(inside: str) -> None:
    assert kinds(f'?a "{inside}" ?b') == [
        ("variable", "?a"), ("string", f'"{inside}"'), ("variable", "?b"),
    ]  # fmt: skip


@given(st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs"])))
def test_every_text_is_read_or_refused(text: str) -> None:
    try:
        tokens = Lexer(text).tokens()
    except QuerySyntax as error:
        assert error.line is not None
        return
    for token in tokens:
        assert text[token.start : token.end] == token.text
    between = " ".join(text[one.end : two.start] for one, two in pairwise(tokens))
    outside = re.sub(r"#[^\r\n]*", "", between)
    assert outside.strip(" \t\r\n") == "", "only white space and comments are left out"


@pytest.mark.parametrize(
    "part",
    ["a.a", "<#a> ", "<'a>", ".", '"', "''", "\\u0041", "_:a.", "1.", "a-", "<a", "ex:a%41", "é:"],
)
def test_long_texts_take_no_longer_than_they_are_long(part: str) -> None:
    """A stranger's text must not keep the service busy."""
    text = part * (1_000_000 // len(part))
    begun = time.process_time()
    with suppress(QuerySyntax, TooLarge):
        Lexer(text).other_readings()
    assert time.process_time() - begun < 10
