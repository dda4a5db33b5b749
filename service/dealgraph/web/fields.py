"""Form fields, query strings and bodies as they were sent, or an error: nothing is replaced."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl

from dealgraph.errors import BadInput, UnsupportedMediaType

# Names that clients write for the one encoding that SPARQL has.
_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

Fields = Mapping[str, Sequence[str]]


def read_charset(parameters: Mapping[str, str]) -> None:
    """Lets a body pass whose Content-Type has these parameters.

    :raises UnsupportedMediaType: when it is in another encoding than UTF-8.
    """
    charset = parameters.get("charset", "utf-8").lower()
    if charset not in _UTF8:
        raise UnsupportedMediaType(
            f"The body is in the charset {charset[:40]}.", "Send it in UTF-8."
        )


def read_text(raw: bytes, where: str) -> str:
    """The text of bytes that were sent.

    :raises BadInput: when they are not UTF-8.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"In {where}, byte {error.start} is not UTF-8.", "Send the query in UTF-8."
        ) from None


def read_fields(raw: bytes, where: str) -> Fields:
    """The fields of a form or query string, each with its values in order.

    :raises BadInput: when they are not UTF-8.
    """
    # Werkzeug's own reading replaces what is no UTF-8 by U+FFFD: a query would run, changed.
    try:
        pairs = parse_qsl(read_text(raw, where), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise BadInput(
            f"A percent-encoded value in {where} is not UTF-8.", "Encode it as UTF-8."
        ) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def single(fields: Fields, name: str) -> str | None:
    """The value of a field; None where it isn't there.

    :raises BadInput: when it is there more than once.
    """
    values = fields.get(name, ())
    if len(values) > 1:
        raise BadInput(f"{name} is given {len(values)} times.", "Give it once.")
    return values[0] if values else None
