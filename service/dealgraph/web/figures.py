"""Figures as people write them: "about 400 billion USD" in one cell instead of three columns.

Only the page does this; CSV, JSON and SPARQL keep each part in a column of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dealgraph.engines.rows import Term
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Column
from dealgraph.vocab import concept
from dealgraph.web.cells import EMPTY, Cell, cell, read_figure, written_figure
from dealgraph.web.language import language, number, told

# Columns that only say how to read a figure beside them.
_PARTS: Final = ("qualifier", "currency", "unit")
_EXACT: Final = str(concept("qualifier", "exact"))
_SCALES: Final = (("trillion", 12), ("billion", 9), ("million", 6))

Row = Mapping[str, Term | None]


def takes_parts(column: Column) -> bool:
    """Whether currency, unit and qualifier of a row belong to this column."""
    return column.kind == "money" or (column.kind == "number" and column.name == "figure")


def shown_columns(columns: Sequence[Column]) -> list[Column]:
    """The columns of a page: without those that a figure takes in."""
    if not any(takes_parts(column) for column in columns):
        return list(columns)
    return [column for column in columns if column.name not in _PARTS]


def figure_cell(term: Term | None, row: Row, labels: LabelIndex) -> Cell:
    """The figure of a row with its currency or unit, and how exact it is."""
    if term is None:
        return EMPTY
    exactness = row.get("qualifier")
    how = None if exactness is None or exactness.value == _EXACT else exactness
    parts = [
        _name(how, labels),
        amount_text(term),
        _name(row.get("currency"), labels),
        _name(row.get("unit"), labels),
    ]
    return Cell(" ".join(filter(None, parts)), "figure", title=cell(term, labels).text)


def amount_text(term: Term) -> str:
    """A number in words where that is exact to three places: 38000000000 is 38 billion."""
    value = read_figure(term.value)
    if value is None:
        return term.value
    for scale, power in _SCALES:
        if value >= 10**power and value % 10 ** (power - 3) == 0:
            scaled = value / 10**power
            form = "one" if scaled < 2 else "many"
            return told(f"scale.{scale}.{form}", count=number(f"{scaled.normalize():f}"))
    return written_figure(value)


def _name(term: Term | None, labels: LabelIndex) -> str:
    if term is None:
        return ""
    return labels.label(term.value, language()) or term.value
