"""The types of parameters: how what a user writes becomes a term."""

import re
from collections.abc import Callable
from datetime import date

from dealgraph.engines.rows import Term
from dealgraph.errors import BadInput
from dealgraph.questions.amounts import parse_amount
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import TypeName
from dealgraph.questions.written import XSD
from dealgraph.settings import LANGUAGES

# More than any name or search text; a longer one is a mistake or an attack.
LONGEST = 10_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")


def read_value(kind: TypeName, text: str, labels: LabelIndex) -> Term:
    """The term that *text* means as a value of a type.

    :raises BadInput: with what is wrong with it and what is accepted.
    """
    if len(text) > LONGEST:
        raise BadInput(
            f"The value that begins with '{text[:40]}' has {len(text)} characters.",
            f"Give {LONGEST} at most.",
        )
    return _READERS[kind](text, labels)


def _named(kind: str) -> Callable[[str, LabelIndex], Term]:
    def read(text: str, labels: LabelIndex) -> Term:
        return Term("iri", labels.resolve(text, kind), None, None)

    return read


def _date(text: str, _labels: LabelIndex) -> Term:
    day = text.strip()
    try:
        if not _DAY.fullmatch(day):
            raise ValueError
        date.fromisoformat(day)
    except ValueError:
        raise BadInput(f"'{text}' is no day.", "Write it like 2026-03-17.") from None
    return Term("literal", day, XSD + "date", None)


def _amount(text: str, _labels: LabelIndex) -> Term:
    try:
        value = parse_amount(text)
    except ValueError as error:
        raise BadInput(str(error)) from None
    return Term("literal", f"{value:f}", XSD + "decimal", None)


def _number(text: str, _labels: LabelIndex) -> Term:
    number = text.strip()
    if not _NUMBER.fullmatch(number):
        raise BadInput(f"'{text}' is no whole number.", "Write it like 12, in 18 digits at most.")
    return Term("literal", str(int(number)), XSD + "integer", None)


def _language(text: str, _labels: LabelIndex) -> Term:
    language = text.strip()
    if language not in LANGUAGES:
        raise BadInput(f"'{text}' is no language of the graph.", f"Give {' or '.join(LANGUAGES)}.")
    return Term("literal", language, None, None)


def _text(text: str, _labels: LabelIndex) -> Term:
    return Term("literal", text, None, None)


_READERS: dict[TypeName, Callable[[str, LabelIndex], Term]] = {
    "firm": _named("firm"),
    "product": _named("product"),
    "deal": _named("deal"),
    "component": _named("component"),
    "status": _named("status"),
    "kind": _named("kind"),
    "activity": _named("activity"),
    "channel": _named("channel"),
    "exclusivity": _named("exclusivity"),
    "date": _date,
    "amount": _amount,
    "number": _number,
    "language": _language,
    "text": _text,
}
