"""Terms: for how long, from when, until when, as partial dates that the records print."""

import re
from collections.abc import Iterator
from decimal import Decimal

from dealgraph.extraction.document import Span
from dealgraph.extraction.figures import Figures
from dealgraph.extraction.found import Duration
from dealgraph.extraction.lexicon import Lexicon, any_of

_MOST = 60  # A contract of more years is a story about history.


class DurationFinder:
    """Finds terms by the words of one lexicon."""

    def __init__(self, lexicon: Lexicon, figures: Figures) -> None:
        self._lexicon = lexicon
        self._figures = figures
        word = any_of(lexicon.numbers)
        number = rf"(?P<number>\d{{1,2}}(?:[.,]5)?|{word})"
        years = any_of(lexicon.years)
        last = any_of(lexicon.last)
        self._years = re.compile(
            rf"(?:\b(?P<lead>{any_of(lexicon.durations)})\s+)?"
            rf"(?:(?:the|os|as|its|seus|a|um|uma|next|próximos|first|primeiros|about|cerca de|at"
            rf" least|pelo menos|mais de|more than|up to|até)\s+)*?"
            rf"(?<!\w)(?P<lastly>(?:{last})\s+)?{number}(?P<dash>[\s-])(?:{years})\b",
            re.I,
        )
        self._ago = re.compile(rf"\s+(?:{any_of(lexicon.ago)})\b|-old", re.I)
        date = self._date()
        self._until = re.compile(
            rf"\b(?P<word>{any_of((*lexicon.until, *lexicon.through))})\s+{date}", re.I
        )
        self._since = re.compile(rf"\b(?P<word>{any_of(lexicon.since)})\s+{date}", re.I)
        self._through = {word.lower() for word in lexicon.through}

    def _date(self) -> str:
        """A year with a month, half or quarter before it, or a decade."""
        lexicon = self._lexicon
        parts = [*lexicon.halves, *lexicon.quarters]
        decade = "|".join(
            re.escape(each).replace(r"\{d\}", rf"(?P<decade{number}>(?:20)?\d0)")
            for number, each in enumerate(lexicon.decade)
        )
        return (
            rf"(?:(?:{any_of(lexicon.skip)})\s*)*"
            rf"(?:(?:the|a|o)\s+)?(?:(?P<part>{any_of(parts)})\s+(?:of\s+|de\s+)?)?"
            rf"(?:(?P<month>{any_of(lexicon.months)})\s+(?:of\s+|de\s+)?(?:\d{{1,2}},?\s+)?)?"
            rf"(?:{decade}|(?P<year>20\d\d)(?![\d%s]))"
        )

    def find(self, text: str) -> Iterator[Duration]:
        """Every term; years, start and end that stand apart are terms of their own."""
        found = [*self._in_years(text), *self._bounded(text)]
        yield from sorted(found, key=lambda each: each.span)

    def _in_years(self, text: str) -> Iterator[Duration]:
        for match in self._years.finditer(text):
            if match["lastly"] or self._ago.match(text, match.end()):
                continue
            if not match["lead"] and match["dash"] != "-":
                continue
            number = self._figures.value(match["number"])
            if Decimal(1) <= number <= _MOST:
                span = Span(match.start(), match.end())
                yield Duration(span, match.group(), years=number)

    def _bounded(self, text: str) -> Iterator[Duration]:
        ends = list(self._until.finditer(text))
        for match in self._since.finditer(text):
            start = self._printed(match)
            span = Span(match.start(), match.end())
            yield Duration(span, match.group(), start=start)
        for match in ends:
            word = re.sub(r"\s+", " ", match["word"].lower())
            span = Span(match.start(), match.end())
            end = self._printed(match)
            if word in self._through and word not in self._lexicon.until:
                yield Duration(span, match.group(), end=end, relation="through")
            else:
                yield Duration(span, match.group(), end=end)

    def _printed(self, match: re.Match[str]) -> str:
        """The partial date as the records print it: 2026-07, 2026-H2, 203X."""
        groups = match.groupdict()
        decade = next((v for k, v in groups.items() if k.startswith("decade") and v), None)
        if decade:
            return f"{decade[:3] if len(decade) == 4 else '20' + decade[0]}X"
        year = groups["year"]
        if groups["month"]:
            return f"{year}-{int(self._lexicon.months[groups['month'].lower()]):02d}"
        part = re.sub(r"\s+", " ", (groups["part"] or "").lower())
        if part in self._lexicon.halves:
            return f"{year}-H{int(self._lexicon.halves[part])}"
        if part in self._lexicon.quarters:
            return f"{year}-Q{int(self._lexicon.quarters[part])}"
        return str(year)
