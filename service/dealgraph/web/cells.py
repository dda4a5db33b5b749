"""One value of an answer as a reader sees it: a name instead of an IRI, a figure, a day."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import quote

from dealgraph.engines.rows import Term
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.prefixes import prefixed
from dealgraph.vocab import BASE, ID
from dealgraph.web.language import language, number, told
from dealgraph.web.written_dates import date_in_words

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = frozenset(
    _XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "short")
)
# Dates as printed: a year, a month or a day.
_PARTIAL_DAY: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")
_DAYS: Final = frozenset(_XSD + name for name in ("date", "dateTime"))


@dataclass(frozen=True)
class Cell:
    """``style`` is figure, day or empty; ``href`` a page of ours or of the web.

    ``title`` is what a pointer that rests on it is told: the IRI, or the figure in full.
    """

    text: str
    style: str = ""
    href: str = ""
    title: str = ""
    lang: str = ""


EMPTY: Final = Cell("")


def cell(term: Term | None, labels: LabelIndex) -> Cell:
    """The value as it is shown to the reader of this request."""
    if term is None:
        return EMPTY
    if term.kind == "iri":
        return named(term.value, labels)
    if term.kind != "literal":
        return Cell(f"_:{term.value}" if term.kind == "blank" else term.value)
    datatype = term.datatype or ""
    if datatype in _NUMBERS:
        value = read_figure(term.value)
        return Cell(term.value if value is None else written_figure(value), "figure")
    if datatype in _DAYS:
        return Cell(term.value, "day")
    if datatype == _XSD + "boolean":
        return Cell(told("answer.yes" if term.value in ("true", "1") else "answer.no"))
    if datatype == _XSD + "anyURI" and leads_out(term.value):
        return Cell(term.value, href=term.value)
    if _PARTIAL_DAY.fullmatch(term.value):
        return Cell(term.value, "day")
    in_words = "" if term.language else date_in_words(term.value)
    if in_words and in_words != term.value:
        return Cell(in_words, title=term.value)
    foreign = term.language if term.language and term.language != language() else ""
    return Cell(term.value, lang=foreign)


def named(iri: str, labels: LabelIndex) -> Cell:
    """The name of a thing, leading to its page."""
    text = labels.label(iri, language()) or shortened(iri)
    return Cell(text, href=page_of(iri), title=iri)


def page_of(iri: str) -> str:
    """The address of the page about an IRI; one that isn't ours leads out, or nowhere."""
    if iri.startswith(ID):
        return "/entity/" + quote(iri.removeprefix(ID))
    if iri.startswith(BASE):
        return "/about?iri=" + quote(iri, safe="")
    return iri if leads_out(iri) else ""


def leads_out(address: str) -> bool:
    """Whether a reader may be sent there: no javascript:, no file:, no data:."""
    return address.startswith(("https://", "http://"))


def shortened(iri: str) -> str:
    """The IRI with its prefix where there is one; a thing of ours without one as kind/key."""
    return prefixed(iri) or iri.removeprefix(ID)


# Digits before or after the point of a figure that is written out; a double has 309 at most.
_MOST_DIGITS: Final = 400


def read_figure(text: str) -> Decimal | None:
    """The number; None for what is none, not finite, or too long to be written out.

    A literal can claim to be a number and be anything: 1E+999999999 would fill the memory.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, str) or -exponent > _MOST_DIGITS or value.adjusted() > _MOST_DIGITS:
        return None
    return value


def written_figure(value: Decimal) -> str:
    """All digits of a number, with the thousands marked."""
    plain = f"{value:,f}"
    return number(plain.rstrip("0").rstrip(".") if "." in plain else plain)
