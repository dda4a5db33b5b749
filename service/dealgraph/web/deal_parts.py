"""The parts of a deal as a table: what each is, how far it has got, between whom, for how much."""

from collections import defaultdict
from collections.abc import Iterable

from dealgraph.engines.rows import Term
from dealgraph.questions.internal import internal_query
from dealgraph.questions.slots import filled
from dealgraph.vocab import ID
from dealgraph.web.cells import Cell, named
from dealgraph.web.language import told
from dealgraph.web.opened import OpenRelease
from dealgraph.web.tables import Column, Row
from dealgraph.web.written_values import written_values


def part_columns() -> list[Column]:
    """The headings of the table, in the reader's language."""
    return [
        Column(told("entity.part"), wide=True),
        Column(told("entity.kind")),
        Column(told("entity.status")),
        Column(told("entity.parties")),
        Column(told("entity.amounts")),
    ]


def parts_of(opened: OpenRelease, iri: str) -> list[Row]:
    """The parts of a deal and what relates to it, by kind and name; none for any other thing."""
    if not iri.startswith(ID + "deal/"):
        return []
    text = filled(internal_query("deal-parts"), {"thing": [Term("iri", iri, None, None)]})
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    fields: list[tuple[Term | None, ...]] = []
    for part, role, value, field, content in opened.engine.table(text).rows:
        if part is None or role is None or value is None:
            continue
        found[part.value][role.value].append(value.value)
        if field is not None:
            fields.append((value, field, content))
    amounts = written_values(opened, fields)
    rows = [
        Row(
            cells=[
                named(part, opened.labels),
                _names(opened, roles["kind"]),
                _names(opened, roles["status"]),
                _names(opened, roles["party"]),
                _joined(amounts.get(each, "") for each in roles["amount"]),
            ]
        )
        for part, roles in found.items()
    ]
    return sorted(rows, key=lambda row: (row.cells[1].text, row.cells[0].text.casefold()))


def _names(opened: OpenRelease, iris: Iterable[str]) -> Cell:
    return _joined(named(iri, opened.labels).text for iri in iris)


def _joined(texts: Iterable[str]) -> Cell:
    """The different ones of several texts in one cell; commas stand inside some of them."""
    return Cell("; ".join(dict.fromkeys(filter(None, texts))))
