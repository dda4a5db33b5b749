"""Numbers as they are printed: digits or words, with a scale word, alone or as a range."""

import re
from decimal import Decimal

from dealgraph.extraction.found import Bounds
from dealgraph.extraction.lexicon import Lexicon, Words, any_of

# Digits in groups of three, or plain ones with at most one separator.
_DIGITS = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_BEFORE = 34  # Letters before a figure within which its qualifier is sought.


class Figures:
    """How the figures of a lexicon are found and read."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        scales = any_of(lexicon.scales)
        self._scale = rf"(?:{scales})\b"
        # A word is a figure only before a scale: "a billion", but not "a chip".
        word = rf"\b(?:{any_of(lexicon.numbers)})(?=[\s-]+(?:{scales})\b)"
        self._number = rf"(?:{_DIGITS}|{word})"
        self._joins = any_of(lexicon.joins)
        articles = r"(?:(?:a|an|the|o|os|as|um|uma|de|of)\s+)?"
        before = _groups(lexicon.qualifiers)
        self._qualifier = re.compile(rf"(?<!\w)(?:{before})\s*{articles}$", re.I)
        self._after = re.compile(rf"\s*(?:{_groups(lexicon.after)})(?!\w)", re.I)

    def range_of(self, again: str) -> str:
        """An expression for one figure or two joined ones; ``again`` may open the second."""
        join = rf"(?:\s+(?:{self._joins})\s+|\s?[-–]\s?)"
        return (
            rf"(?P<first>{self._number})(?:[\s-]?(?P<scale1>{self._scale}))?"
            rf"(?:{join}{again}(?P<second>{self._number})(?:[\s-]?(?P<scale2>{self._scale}))?)?"
        )

    def bounds(self, text: str, match: re.Match[str]) -> tuple[int, Bounds]:
        """Where the figure begins with its qualifier, and what it says.

        Of a range the first takes the scale of the second where it has none: "8 to 10 billion".
        """
        scale1, scale2 = match["scale1"], match["scale2"]
        low = self.value(match["first"]) * self.power(scale1 or scale2)
        start = match.start()
        before = self._qualifier.search(text[max(0, start - _BEFORE) : start])
        after = self._after.match(text, match.end())
        name = _named(before) or _named(after) or "exact"
        if before is not None:
            start -= before.end() - before.start()
        if match["second"]:
            high = self.value(match["second"]) * self.power(scale2 or scale1)
            if high != low:
                return start, Bounds(None, name, min(low, high), max(low, high))
        return start, Bounds(low, name)

    def value(self, text: str) -> Decimal:
        """The value of digits or of a number word."""
        word = re.sub(r"\s+", " ", text.lower())
        if word in self._lexicon.numbers:
            return self._lexicon.numbers[word]
        marks = [letter for letter in text if letter in ".,"]
        if len(set(marks)) == 2:
            text = text.replace("." if marks[-1] == "," else ",", "").replace(marks[-1], ".")
        elif marks:
            # One mark before three digits is a thousand, save where it is the decimal mark.
            grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", text) is not None
            thousands = len(marks) > 1 or (grouped and marks[0] != self._lexicon.decimal)
            text = text.replace(marks[0], "" if thousands else ".")
        return Decimal(text)

    def power(self, scale: str | None) -> Decimal:
        """Ten to the power that a scale word means; one where there is none."""
        if not scale:
            return Decimal(1)
        return Decimal(10) ** int(self._lexicon.scales[re.sub(r"\s+", " ", scale.lower())])


def _groups(words: Words) -> str:
    return "|".join(
        rf"(?P<{name.replace('-', '_')}>{any_of(phrases)})" for name, phrases in words.items()
    )


def _named(found: re.Match[str] | None) -> str | None:
    return found.lastgroup.replace("_", "-") if found and found.lastgroup else None
