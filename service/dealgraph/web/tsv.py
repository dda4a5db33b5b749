"""Reading the first rows of a SPARQL answer while it streams, and no further.

https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv: a row is a line, a value a term of Turtle.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from dealgraph.engines.rows import Term

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?')
_BARE: Final = (
    ("integer", re.compile(r"[+-]?\d+")),
    ("decimal", re.compile(r"[+-]?\d*\.\d+")),
    ("double", re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+")),
    ("boolean", re.compile(r"true|false")),
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def read_rows(
    chunks: Iterable[bytes], most: int
) -> tuple[list[str], list[list[Term | None]], bool]:
    """The variables, at most *most* rows, and whether there are more."""
    lines = _lines(chunks)
    head = next(lines, "")
    names = [name.removeprefix("?") for name in head.split("\t")] if head else []
    rows: list[list[Term | None]] = []
    for line in lines:
        if len(rows) == most:
            return names, rows, True
        # No variable at all: each solution is an empty line.
        rows.append([_term(field) for field in line.split("\t")] if names else [])
    return names, rows, False


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    waiting = b""
    for chunk in chunks:
        *whole, waiting = (waiting + chunk).split(b"\n")
        yield from (line.decode("utf-8") for line in whole)
    if waiting:
        yield waiting.decode("utf-8")


def _term(field: str) -> Term | None:
    if not field:
        return None
    if field.startswith("<"):
        return Term("iri", _plain(field[1:-1]), None, None)
    literal = _LITERAL.fullmatch(field)
    if literal is not None:
        return Term("literal", _plain(literal[1]), literal[3], literal[2])
    for name, form in _BARE:
        if form.fullmatch(field):
            return Term("literal", field, _XSD + name, None)
    return Term("literal", field, None, None)


def _plain(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPED.get(code, code)
