"""SPARQL results as Python values: https://www.w3.org/TR/sparql11-results-json/"""

import json
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Term:
    """An RDF term: ``value`` is the IRI, the lexical form, or the label of a blank node.

    ``datatype`` is None for plain strings and texts with a language. A triple term (RDF 1.2) has
    its parts in ``value`` as JSON.
    """

    kind: Literal["iri", "literal", "blank", "triple"]
    value: str
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Table:
    """The solutions of a SELECT: one row each, in the order of ``columns``; None is unbound."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


def parse_table(document: bytes) -> Table:
    """The table in a SPARQL JSON results document."""
    plain = json.loads(document)
    columns = tuple(plain["head"]["vars"])
    rows = [
        tuple(_term(solution[name]) if name in solution else None for name in columns)
        for solution in plain["results"]["bindings"]
    ]
    return Table(columns, rows)


def _term(plain: dict[str, Any]) -> Term:
    match plain["type"]:
        case "uri":
            return Term("iri", plain["value"])
        case "bnode":
            return Term("blank", plain["value"])
        case "triple":
            return Term("triple", json.dumps(plain["value"], ensure_ascii=False))
    return Term("literal", plain["value"], plain.get("datatype"), plain.get("xml:lang"))
