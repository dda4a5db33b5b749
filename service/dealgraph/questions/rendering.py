"""Answers as CSV and JSON; docs/questions.md describes both."""

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from dealgraph.engines.rows import Term
from dealgraph.questions.asking import Answer, Cell
from dealgraph.questions.model import NAMED_KINDS
from dealgraph.questions.written import XSD

CSV_MEDIA_TYPE = "text/csv"
JSON_MEDIA_TYPE = "application/json"

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# What makes spreadsheets take a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_chunks(answer: Answer) -> Iterator[bytes]:
    """The answer as CSV in UTF-8, by line (https://www.rfc-editor.org/rfc/rfc4180).

    A column of things is two: the IRI, and ``<name>Label`` with the name.
    """
    names: list[str] = []
    for column in answer.columns:
        names.append(column.name)
        if column.kind in NAMED_KINDS:
            names.append(f"{column.name}Label")
    yield _csv_line(names)
    for row in answer.rows:
        values: list[str] = []
        for column, cell in zip(answer.columns, row, strict=True):
            values.append("" if cell is None else _csv_value(cell.term))
            if column.kind in NAMED_KINDS:
                values.append(_no_formula((cell and cell.label) or ""))
        yield _csv_line(values)


def _csv_line(values: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue().encode()


def _csv_value(term: Term) -> str:
    number = _number(term)
    if number is not None:
        return number
    return term.value if term.kind == "iri" else _no_formula(term.value)


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(term: Term) -> str | None:
    if term.datatype in (XSD + "integer", XSD + "decimal") and _PLAIN.fullmatch(term.value):
        return term.value
    return None


def to_csv(answer: Answer) -> str:
    """The answer as CSV in one piece; its lines end in CR LF."""
    return b"".join(csv_chunks(answer)).decode()


def to_json(answer: Answer) -> str:
    """The answer as one JSON object, with a newline at its end."""
    return json.dumps(_plain(answer), ensure_ascii=False, indent=1) + "\n"


def _plain(answer: Answer) -> dict[str, Any]:
    lang = answer.lang
    return {
        "question": answer.question.name,
        "title": answer.question.title[lang],
        "lang": lang,
        "release": answer.release,
        **({"known": answer.known} if answer.known else {}),
        "parameters": {
            name: [term.value for term in terms] for name, terms in answer.parameters.items()
        },
        "columns": [
            {"name": column.name, "label": column.label[lang], "kind": column.kind}
            for column in answer.columns
        ],
        "rows": [
            {
                column.name: None if cell is None else _json_cell(cell)
                for column, cell in zip(answer.columns, row, strict=True)
            }
            for row in answer.rows
        ],
        "evidence": [list(subjects) for subjects in answer.evidence_subjects],
    }


def _json_cell(cell: Cell) -> dict[str, Any]:
    """``type`` is iri, string, or the name of an XML Schema datatype."""
    term = cell.term
    if term.kind == "iri":
        named = {} if cell.label is None else {"label": cell.label}
        return {"type": "iri", "value": term.value, **named}
    if term.language:
        return {"type": "string", "value": term.value, "lang": term.language}
    kind = (term.datatype or XSD + "string").removeprefix(XSD)
    return {"type": kind, "value": _json_value(term, kind)}


def _json_value(term: Term, kind: str) -> str | int | float | bool:
    if kind == "boolean" and term.value in ("true", "false"):
        return term.value == "true"
    number = _number(term)
    if number is None:
        return term.value
    if "." not in number:
        return int(number)
    # JSON readers take a number for a double: one that would change on the way stays text.
    return float(number) if Decimal(repr(float(number))) == Decimal(number) else number
