"""Reading an Accept header: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*")
_PARAMETER: Final = re.compile(rf';\s*(?:({_TOKEN})=({_TOKEN}|"(?:[^"\\]|\\.)*")\s*)?')
_WEIGHT: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
# Between elements: a comma outside quotes. A quote that nobody closes goes to the end: looking for
# its end again from each place after it would take quadratic time, minutes for a long header.
_ELEMENT: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+', re.DOTALL)


@dataclass(frozen=True)
class Range:
    """One media range in lower case, its weight from 0 to 1, and whether it has parameters."""

    media_type: str
    weight: float
    narrowed: bool


def parse_accept(header: str) -> list[Range]:
    """The media ranges of a header, in its order; an element that can't be read is left out."""
    return [found for element in _ELEMENT.findall(header) if (found := _range(element)) is not None]


def quality(media_type: str, ranges: Sequence[Range]) -> tuple[float, int] | None:
    """The weight of a media type, and how exactly it is matched: 3 itself, 1 type/*, 0 any.

    The most exact range decides, also when it says 0. None where no range matches.
    """
    wildcard = media_type.split("/")[0] + "/*"
    for wanted, exactness in ((media_type, 3), (wildcard, 1), ("*/*", 0)):
        matching = [each for each in ranges if each.media_type == wanted]
        # What we send has no parameters: a range without any speaks of it more exactly than one
        # with (charset, profile), which is taken as a wish.
        plain = [each for each in matching if not each.narrowed] or matching
        if plain:
            return max(each.weight for each in plain), exactness
    return None


def _range(element: str) -> Range | None:
    kind = _RANGE.match(element)
    if kind is None:
        return None
    weight, narrowed, position = 1.0, False, kind.end()
    while position < len(element):
        parameter = _PARAMETER.match(element, position)
        if parameter is None:
            return None
        position = parameter.end()
        name, value = parameter.groups()
        if name is None:  # an empty parameter is allowed
            continue
        if name.lower() != "q":
            narrowed = True
        elif _WEIGHT.fullmatch(value):
            weight = float(value)
        else:
            return None
    return Range(f"{kind[1]}/{kind[2]}".lower(), weight, narrowed)
