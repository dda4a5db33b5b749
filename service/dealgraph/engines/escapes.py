"""Codepoint escapes: https://www.w3.org/TR/sparql11-query/#codepointEscape

``\\u0053ERVICE`` is SERVICE. An escape may stand only for a character that is legal where it
stands, so one that stands for a quote, a bracket, a blank and the like is masked: inside a
string or an IRI it is content, anywhere else no token can hold it. Read any other way, a query
could mean one thing to the guard and another to the engine.
"""

import re
from dataclasses import dataclass
from typing import Final

# A noncharacter: no terminal but strings, IRIs and comments can hold it.
MASK: Final = "\uffff"

# Two backslashes come first: inside a string they are an escaped backslash, and what follows
# them is text.
_ESCAPE: Final = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class BadEscape(ValueError):
    """An escape that stands for no character; ``position`` is where it begins."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


@dataclass(frozen=True)
class Decoded:
    """A text after decoding, its masked twin of the same length, and the way back.

    ``origins[i]`` is the place in the source of character *i*, with one more for the end; None
    where nothing was decoded.
    """

    text: str
    masked: str
    origins: list[int] | None

    def origin(self, position: int) -> int:
        """The place in the source of a place in the decoded text."""
        return position if self.origins is None else self.origins[position]


def decode(source: str) -> Decoded:
    """Decodes every escape.

    :raises BadEscape: for one that is a surrogate or beyond Unicode.
    """
    if "\\u" not in source and "\\U" not in source:
        return Decoded(source, source, None)
    text: list[str] = []
    masked: list[str] = []
    origins: list[int] = []
    position = 0
    for match in _ESCAPE.finditer(source):
        code = match[1] or match[2]
        if code is None:
            continue
        plain = source[position : match.start()]
        number = int(code, 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise BadEscape(match.start())
        text += (plain, chr(number))
        masked += (plain, chr(number) if _harmless(chr(number)) else MASK)
        origins += (*range(position, match.start()), match.start())
        position = match.end()
    text.append(source[position:])
    masked.append(source[position:])
    origins.extend(range(position, len(source) + 1))
    return Decoded("".join(text), "".join(masked), origins)


def _harmless(character: str) -> bool:
    """Whether it is one of those that names and numbers are made of."""
    return character.isalnum() or character in "_-.:" or ord(character) > 0x7F
