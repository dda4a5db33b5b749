"""Asking a question: values in, a table with names and what each row rests on out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dealgraph.engines.rows import Table, Term
from dealgraph.engines.running import Asker
from dealgraph.questions.binding import terms_of
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Column, Question
from dealgraph.questions.slots import filled
from dealgraph.releases.workspace import Release


class Engine(Protocol):
    """What answers queries on one release."""

    @property
    def release(self) -> Release:
        """The release that it answers from."""

    def table(
        self,
        text: str,
        timeout: float | None = None,
        *,
        owner: str = "",
        id: str = "",
        gone: Callable[[], bool] | None = None,
    ) -> Table:
        """The answer to a SELECT query; *timeout* in seconds, the rest is who asks it."""


@dataclass(frozen=True)
class Cell:
    """A value of an answer; ``label`` is its name where it is an IRI that has one."""

    term: Term
    label: str | None


@dataclass(frozen=True)
class Answer:
    """The answer to a question on one release.

    ``parameters`` are the values that were used, ``sparql`` the query as it was run; each row has
    a cell or None for each of ``columns``, and ``evidence_subjects`` has for each row the IRIs
    that its evidence is found by. ``known`` is the day (ISO 8601) as known on which it is, empty
    where that is the day of the release.
    """

    question: Question
    parameters: Mapping[str, tuple[Term, ...]]
    sparql: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    evidence_subjects: tuple[tuple[str, ...], ...]
    release: int
    lang: str
    known: str = ""

    def headings(self) -> list[str]:
        """The labels of the columns, for people."""
        return [column.label[self.lang] for column in self.columns]

    def cells(self) -> list[list[str]]:
        """The rows as text for people: names instead of IRIs, nothing for what is unknown."""
        return [
            ["" if cell is None else cell.label or cell.term.value for cell in row]
            for row in self.rows
        ]


def ask(
    question: Question,
    values: Mapping[str, Sequence[str]],
    engine: Engine,
    labels: LabelIndex,
    lang: str,
    timeout: float | None = None,
    asker: Asker | None = None,
) -> Answer:
    """The whole answer to a question, however many rows it has.

    A parameter of type language that isn't given is the language that is asked in. The query is
    listed, and stopped, as one of *asker*; without it as one of the service itself.

    :raises BadInput: for a parameter or value that can't be used.
    :raises QueryTimeout: when it takes longer than *timeout*, or than the engine allows.
    """
    spoken = {
        name: [lang]
        for name, parameter in question.parameters.items()
        if parameter.type == "language"
    }
    terms = terms_of(question, {**spoken, **values}, labels)
    sparql = filled(question.text, terms)
    table = engine.table(sparql, timeout, **(asker or Asker(owner="", id="", gone=None)))
    columns = tuple(question.columns.values())
    places = [table.columns.index(column.name) for column in columns]
    source = None if question.evidence is None else table.columns.index(question.evidence)
    return Answer(
        question=question,
        parameters=terms,
        sparql=sparql,
        columns=columns,
        rows=tuple(tuple(_cell(row[at], labels, lang) for at in places) for row in table.rows),
        evidence_subjects=tuple(
            () if source is None else _subjects(row[source]) for row in table.rows
        ),
        release=engine.release.number,
        lang=lang,
        known=engine.release.known,
    )


def _cell(term: Term | None, labels: LabelIndex, lang: str) -> Cell | None:
    if term is None:
        return None
    return Cell(term, labels.label(term.value, lang) if term.kind == "iri" else None)


def _subjects(term: Term | None) -> tuple[str, ...]:
    # A row that sums up several things has their IRIs in one text, with blanks between them.
    return () if term is None else tuple(dict.fromkeys(term.value.split()))
