"""What is found in a text before any claim is made of it: names and values, each with its span."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dealgraph.extraction.document import Span

How = Literal["name", "owner", "description", "pronoun", "unknown"]
Thing = Literal["firm", "outlet", "offering", "group"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text. ``key`` is of the register, or None for a name it doesn't hold.

    ``how`` says what the identity rests on: a name, "the maker of X" (owner), a description ("the
    chipmaker"), a pronoun; ``unknown`` for new names.
    """

    span: Span
    text: str
    thing: Thing
    key: str | None
    how: How


@dataclass(frozen=True, slots=True)
class Bounds:
    """A figure with its uncertainty: ``value`` as printed, or ``low`` and ``high`` of a range.

    ``qualifier`` is a concept of scheme/qualifier: exact, about, at-least, more-than, up-to,
    less-than.
    """

    value: Decimal | None
    qualifier: str
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: units of ``currency`` (ISO 4217), ``assumed`` where the text prints a bare sign.

    ``per`` is what one such amount is for (year, month, share, chip), or None. ``hint`` is the
    basis that the words next to the amount give (a concept of scheme/amount-basis), or None.
    """

    span: Span
    text: str
    bounds: Bounds
    currency: str
    assumed: bool = False
    per: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that isn't money: GW, MW, percent, chips, shares …"""

    span: Span
    text: str
    bounds: Bounds
    unit: str


@dataclass(frozen=True, slots=True)
class Duration:
    """When something holds: ``years`` and/or partial dates as the records print them (203X)."""

    span: Span
    text: str
    years: Decimal | None = None
    start: str | None = None
    end: str | None = None
    relation: Literal["until", "through"] = "until"


@dataclass(frozen=True, slots=True)
class Values:
    """All values of a document, in the order of the text."""

    money: tuple[Money, ...] = ()
    measures: tuple[Measure, ...] = ()
    durations: tuple[Duration, ...] = ()
