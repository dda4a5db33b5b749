"""RDF literals as Python values.

Exact where Python can be: decimals stay ``Decimal``. A literal whose text is no value of its
datatype comes back as that text.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

Value = str | int | float | bool | Decimal | date | datetime

XSD = "http://www.w3.org/2001/XMLSchema#"


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


# https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes: integer and what is derived from it.
_SIZED = ("int", "long", "short", "byte")
_SIGNED = ("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger")
_UNSIGNED = ("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte")
_INTEGERS = ("integer", *_SIZED, *_SIGNED, *_UNSIGNED)

_READERS: dict[str, Callable[[str], Value]] = {
    **{XSD + name: int for name in _INTEGERS},
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": _boolean,
    XSD + "date": date.fromisoformat,
    XSD + "dateTime": datetime.fromisoformat,
}


def python_value(text: str, datatype: str | None) -> Value:
    """The Python value of a literal; text without a known datatype stays ``str``.

    >>> python_value("38000000000", "http://www.w3.org/2001/XMLSchema#decimal")
    Decimal('38000000000')
    """
    read = _READERS.get(datatype or "")
    if read is None:
        return text
    try:
        return read(text)
    except (ValueError, ArithmeticError, KeyError):
        return text
