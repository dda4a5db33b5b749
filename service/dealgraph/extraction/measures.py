"""Figures that are no money: percent, gigawatts, chips, shares."""

import re
from collections.abc import Iterator

from dealgraph.extraction.document import Span
from dealgraph.extraction.figures import Figures
from dealgraph.extraction.found import Measure
from dealgraph.extraction.lexicon import Lexicon, any_of

# What may stand between the figure and its unit: "100,000 of Nvidia's newest chips".
_BETWEEN = r"(?:(?:of|de|dos|das)\s+)?(?:[\w'&.-]+\s+){0,3}?"
_LOOSE = ("chips", "shares")


class MeasureFinder:
    """Finds measures by the units of one lexicon."""

    def __init__(self, lexicon: Lexicon, figures: Figures) -> None:
        self._figures = figures
        range_ = figures.range_of("")
        self._patterns = {
            unit: re.compile(
                rf"(?<![\w.,$€£]){range_}[\s-]?"
                + (
                    rf"(?=\s?{_BETWEEN}(?:{any_of(words)})(?!\w))"
                    if unit in _LOOSE
                    else rf"(?:{any_of(words)})(?!\w)"
                ),
                re.I,
            )
            for unit, words in lexicon.units.items()
        }

    def find(self, text: str) -> Iterator[Measure]:
        """Every measure, in the order of the text."""
        found = [
            (match.start(), unit, match)
            for unit, pattern in self._patterns.items()
            for match in pattern.finditer(text)
        ]
        end = -1
        for place, unit, match in sorted(found, key=lambda each: (each[0], -each[2].end())):
            if place < end:
                continue
            end = match.end()
            start, bounds = self._figures.bounds(text, match)
            span = Span(start, start + len(text[start:end].rstrip(" -")))
            yield Measure(span, text[span.start : span.end], bounds, unit)
