"""An answer as a table for the reader: columns with labels, rows with what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dealgraph.engines.rows import Term
from dealgraph.questions.asking import Answer
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Column as AskedColumn
from dealgraph.web.cells import Cell, cell
from dealgraph.web.figures import figure_cell, shown_columns, takes_parts
from dealgraph.web.language import language
from dealgraph.web.opened import OpenRelease
from dealgraph.web.sources import Source, evidence_of, sources

_FIGURES: Final = frozenset({"money", "number"})


@dataclass(frozen=True)
class Column:
    """A heading; ``figure`` columns are aligned to the right."""

    label: str
    figure: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table; ``disputed`` when reports contradict each other on it."""

    cells: Sequence[Cell]
    evidence: Sequence[Source] = ()
    disputed: bool = False


def answer_columns(answer: Answer) -> list[Column]:
    """The headings of an answer, in the reader's language."""
    return [
        Column(each.label[language()], each.kind in _FIGURES)
        for each in shown_columns(answer.columns)
    ]


def answer_rows(answer: Answer, opened: OpenRelease, most: int) -> list[Row]:
    """The first *most* rows, each with the sentences behind it."""
    subjects = answer.evidence_subjects[:most]
    found = evidence_of(opened, (subject for several in subjects for subject in several))
    shown = shown_columns(answer.columns)
    rows = []
    for cells, several in zip(answer.rows[:most], subjects, strict=True):
        terms = {
            column.name: each.term if each else None
            for column, each in zip(answer.columns, cells, strict=True)
        }
        behind = sources(one for subject in several for one in found[subject])
        rows.append(
            Row(
                cells=[_cell(column, terms, opened.labels) for column in shown],
                evidence=behind,
                disputed=any(one.disputed for one in behind),
            )
        )
    return rows


def _cell(column: AskedColumn, terms: Mapping[str, Term | None], labels: LabelIndex) -> Cell:
    term = terms[column.name]
    return figure_cell(term, terms, labels) if takes_parts(column) else cell(term, labels)
