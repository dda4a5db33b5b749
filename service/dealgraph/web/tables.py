"""An answer as a table for the reader: columns with labels, rows with what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dealgraph.engines.rows import Term
from dealgraph.questions.asking import Answer
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Column as AskedColumn
from dealgraph.web.cells import Cell, cell
from dealgraph.web.figures import (
    figure_cell,
    shown_columns,
    stated_cell,
    takes_parts,
    takes_stated,
)
from dealgraph.web.language import language
from dealgraph.web.opened import OpenRelease
from dealgraph.web.sources import Source, count_articles, evidence_of, sources
from dealgraph.web.why_address import why_address

_FIGURES: Final = frozenset({"money", "number"})
# Letters of a text that would make a narrow column tall.
_LONG: Final = 24
_SENTENCE: Final = 80


@dataclass(frozen=True)
class Column:
    """A heading; ``figure`` columns are aligned to the right, ``wide`` ones hold long texts.

    ``prose`` ones hold whole sentences.
    """

    label: str
    figure: bool = False
    wide: bool = False
    prose: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table; ``disputed`` when reports contradict each other on it; ``why`` is the
    address of an explanation, or empty."""

    cells: Sequence[Cell]
    evidence: Sequence[Source] = ()
    disputed: bool = False
    why: str = ""

    @property
    def article_count(self) -> int:
        """How many articles tell what the row rests on."""
        return count_articles(self.evidence)


@dataclass(frozen=True)
class Table:
    """Columns with a value in some row, the rows cut to them, the labels of the other columns."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    left_out: Sequence[str]


def answer_table(answer: Answer, opened: OpenRelease, most: int) -> Table:
    """The first *most* rows under the columns that have something to show in them."""
    rows = _answer_rows(answer, opened, most)
    asked = shown_columns(answer.columns)
    longest = [
        max((len(row.cells[at].text) for row in rows), default=0) for at in range(len(asked))
    ]
    kept = [at for at, length in enumerate(longest) if length]
    columns = [_column(asked[at], longest[at]) for at in kept]
    left_out = [each.label[language()] for at, each in enumerate(asked) if at not in kept]
    return Table(
        columns=columns,
        rows=[replace(row, cells=[row.cells[at] for at in kept]) for row in rows],
        left_out=left_out,
    )


def _column(asked: AskedColumn, longest: int) -> Column:
    figure = asked.kind in _FIGURES
    return Column(
        asked.label[language()],
        figure,
        wide=longest > _LONG and not figure,
        prose=longest > _SENTENCE and not figure,
    )


def _answer_rows(answer: Answer, opened: OpenRelease, most: int) -> list[Row]:
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
                why=why_address(*dict.fromkeys(several)) if several else "",
            )
        )
    return rows


def _cell(column: AskedColumn, terms: Mapping[str, Term | None], labels: LabelIndex) -> Cell:
    term = terms[column.name]
    if takes_stated(column, terms):
        return stated_cell(terms, labels)
    return figure_cell(term, terms, labels) if takes_parts(column) else cell(term, labels)
