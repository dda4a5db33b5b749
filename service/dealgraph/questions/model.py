"""A canned question as its header declares it; docs/questions.md describes the header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

Text = Mapping[str, str]

TypeName = Literal[
    "firm", "product", "deal", "component", "date", "amount", "status", "kind", "activity",
    "channel", "exclusivity", "language", "number", "text",
]  # fmt: skip
TYPE_NAMES: tuple[str, ...] = get_args(TypeName)

ColumnKind = Literal["entity", "concept", "money", "number", "date", "text", "link"]
COLUMN_KINDS: tuple[str, ...] = get_args(ColumnKind)

# Columns whose cells are IRIs that have a name: tables of them get a second column with it.
NAMED_KINDS = frozenset({"entity", "concept"})


@dataclass(frozen=True)
class Parameter:
    """What a question can be asked with; ``name`` is its variable, ``default`` as a user writes it.

    One that isn't ``required`` and has neither value nor default is left open: any value fits.
    """

    name: str
    type: TypeName
    label: Text
    default: tuple[str, ...] = ()
    required: bool = False
    multiple: bool = False


@dataclass(frozen=True)
class Column:
    """A variable of the answer that is shown."""

    name: str
    label: Text
    kind: ColumnKind


@dataclass(frozen=True)
class Question:
    """A canned question; ``text`` is its SPARQL without the header.

    ``evidence`` is the variable whose value says what a row rests on: the IRI of a component,
    valuation, deal, claim or belief, or several with blanks between them. ``samples`` are values
    that the tests ask it with.
    """

    name: str
    title: Text
    description: Text
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Column]
    evidence: str | None
    text: str
    samples: Sequence[Mapping[str, Sequence[str]]] = field(default=())
