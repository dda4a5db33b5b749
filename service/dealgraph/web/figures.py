"""Figures as people write them: "about 400 billion USD" in one cell instead of three columns.

Only the page does this; CSV, JSON and SPARQL keep each part in a column of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from dealgraph.engines.rows import Term
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Column
from dealgraph.vocab import concept
from dealgraph.web.cells import EMPTY, Cell, cell, read_figure, written_figure
from dealgraph.web.language import language, number, told

# Columns that only say how to read a figure beside them.
_PARTS: Final = ("qualifier", "currency", "unit")
# What a claim states is a thing, a figure, a day or words: one column on a page, not four.
_STATED: Final = ("value", "figure", "day", "words")
_EXACT: Final = str(concept("qualifier", "exact"))
_SCALES: Final = (("trillion", 12), ("billion", 9), ("million", 6))

Row = Mapping[str, Term | None]


def takes_parts(column: Column) -> bool:
    """Whether currency, unit and qualifier of a row belong to this column."""
    return column.kind == "money" or (column.kind == "number" and column.name == "figure")


def shown_columns(columns: Sequence[Column]) -> list[Column]:
    """The columns of a page: without those that a figure or the stated value takes in."""
    taken: set[str] = set()
    if any(takes_parts(column) for column in columns):
        taken.update(_PARTS)
    if {column.name for column in columns}.issuperset(_STATED):
        taken.update(_STATED[1:])
    return [column for column in columns if column.name not in taken]


def takes_stated(column: Column, row: Row) -> bool:
    """Whether whatever is stated in a row belongs to this column."""
    return column.name == _STATED[0] and row.keys() >= set(_STATED)


def stated_cell(row: Row, labels: LabelIndex) -> Cell:
    """What a row states, be it a thing, a figure, a day or words."""
    thing, figure, day, words = (row[name] for name in _STATED)
    cells = [
        cell(thing, labels),
        replace(figure_cell(figure, row, labels), style=""),
        cell(day, labels),
        cell(words, labels),
    ]
    given = [each for each in cells if each.text]
    if len(given) > 1:
        return Cell("; ".join(each.text for each in given))
    return given[0] if given else EMPTY


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
    # Beyond 28 digits decimal arithmetic is no longer exact, and % raises; no amount comes near.
    if value is None or value.adjusted() > 27:
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
