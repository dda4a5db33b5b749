"""Comparing names as people type them: accents, capitals and doubled blanks don't count."""

import re
import unicodedata
from typing import NamedTuple

_EXACT, _BEGINS, _HOLDS = range(3)


class Name(NamedTuple):
    """A name as it is shown, folded, and its words."""

    shown: str
    folded: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Name":
        """The name that *text* is."""
        folded = fold(text)
        return cls(text, folded, tuple(re.findall(r"\w+", folded)))


class Rank(NamedTuple):
    """How well a name fits, best first: exactly, from its beginning, or by words inside it."""

    fit: int
    length: int
    shown: str


def clipped(text: str) -> str:
    """A text for a message: whatever somebody sent, no more than 60 characters of it."""
    return text if len(text) <= 60 else f"{text[:60]}…"


def fold(text: str) -> str:
    """What names are compared by.

    >>> fold("Bilhões  da OpenAI")
    'bilhoes da openai'
    """
    # Twice: a compatibility form may stand for a capital, and a small letter for several.
    plain = text
    for _ in range(2):
        plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def rank(wanted: Name, name: Name) -> Rank | None:
    """How well *name* fits what is *wanted*; None where a word of it begins no word of the name."""
    if not all(any(word.startswith(each) for word in name.words) for each in wanted.words):
        return None
    if name.folded == wanted.folded:
        fit = _EXACT
    else:
        fit = _BEGINS if name.folded.startswith(wanted.folded) else _HOLDS
    return Rank(fit, len(name.folded), name.shown)
