"""Amounts of money in a text, with what the words beside them say they measure."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from dealgraph.extraction.document import Span
from dealgraph.extraction.figures import Figures
from dealgraph.extraction.found import Money
from dealgraph.extraction.lexicon import Lexicon, any_of

_SAME = 120  # Letters within which a figure goes on in the currency of the one before it.
_LARGE = 10**6  # Smaller bare figures count other things.
_BASIS_PER = {"year": "yearly", "share": "share-price"}
_NEAR = 30  # Letters beside an amount within which words tell its basis.


class MoneyFinder:
    """Finds amounts by the words of one lexicon; nothing is converted or added up."""

    def __init__(self, lexicon: Lexicon, figures: Figures) -> None:
        self._lexicon = lexicon
        self._figures = figures

    def find(self, text: str) -> Iterator[Money]:
        """Every amount with a currency, in the order of the text."""
        found = [
            *self._signed.finditer(text),
            *self._worded.finditer(text),
        ]
        with_currency: list[Money] = []
        end = -1
        for match in sorted(found, key=lambda each: (each.start(), -each.end())):
            if match.start() >= end:
                end = match.end()
                sign = match["sign"]
                currency = self._signs[sign.lower()] if sign else self._words[_plain(match["word"])]
                assumed = bool(sign) and sign in self._lexicon.assumed
                with_currency.append(self._money(text, match, currency, assumed=assumed))
        bare = self._bare_ones(text, with_currency)
        yield from sorted([*with_currency, *bare], key=lambda each: each.span)

    def _bare_ones(self, text: str, known: Sequence[Money]) -> Iterator[Money]:
        """Figures that go on in the currency before them: "$6.6bn, at 500 billion"."""
        for match in self._bare.finditer(text):
            span = Span(match.start(), match.end())
            scale = match["scale2"] or match["scale1"]
            if not scale or self._figures.power(scale) < _LARGE:
                continue
            before = [each for each in known if each.span.end <= span.start]
            if not before or any(each.span.meets(span) for each in known):
                continue
            last = before[-1]
            if span.start - last.span.end <= _SAME and "\n" not in text[last.span.end : span.start]:
                yield self._money(text, match, last.currency, assumed=True)

    def _money(self, text: str, match: re.Match[str], currency: str, *, assumed: bool) -> Money:
        start, bounds = self._figures.bounds(text, match)
        span = Span(start, match.end())
        per = self._per_what(text, span)
        return Money(
            span,
            text[span.start : span.end],
            bounds,
            currency,
            assumed=assumed,
            per=per,
            hint=_BASIS_PER.get(per or "") or self._hint(text, span),
        )

    @cached_property
    def _signs(self) -> dict[str, str]:
        return {sign.lower(): code for sign, code in self._lexicon.signs.items()}

    @cached_property
    def _words(self) -> dict[str, str]:
        return {word.lower(): code for word, code in self._lexicon.currencies.items()}

    @cached_property
    def _signed(self) -> re.Pattern[str]:
        """A currency sign, then the figure: "US$ 10 bilhões", "$8bn to $10bn"."""
        signs = any_of(self._lexicon.signs)
        range_ = self._figures.range_of(rf"(?:(?:{signs})\s?)?")
        return re.compile(rf"(?<![\w$])(?P<sign>{signs})\s?{range_}", re.I)

    @cached_property
    def _worded(self) -> re.Pattern[str]:
        """The figure, then the currency: "ten billion dollars", "1,7 mil milhões de euros"."""
        of, words = any_of(self._lexicon.of), any_of(self._lexicon.currencies)
        signs = any_of(sign for sign in self._lexicon.signs if len(sign) == 1 and sign != "$")
        range_ = self._figures.range_of("")
        name = rf"[\s-]+(?:(?:{of})\s+)?(?P<word>{words})\b|\s?(?P<sign>{signs})"
        return re.compile(rf"(?<![\w.,$]){range_}(?:{name})", re.I)

    @cached_property
    def _bare(self) -> re.Pattern[str]:
        """A figure with a scale word, where a clause ends or goes on with a small word."""
        small = r"(?:in|at|to|from|by|with|and|or|for|em|a|de|da|do|e|ou|para|com)\b"
        range_ = self._figures.range_of("")
        return re.compile(rf"(?<![\w.,$€£-]){range_}(?=\s*(?:[.,;:)]|$)|\s+{small})", re.I)

    def _per_what(self, text: str, span: Span) -> str | None:
        after = text[span.end : span.end + _NEAR].lower().lstrip(" ,-")
        for what, words in self._lexicon.per.items():
            if any(after.startswith(word) for word in words):
                return what
        return None

    def _hint(self, text: str, span: Span) -> str | None:
        before = text[max(0, span.start - _NEAR) : span.start].lower().rstrip()
        after = text[span.end : span.end + _NEAR].lower().lstrip(" -")
        for basis, (preceding, following) in self._lexicon.hints.items():
            if any(before.endswith(word) for word in preceding):
                return basis
            if any(re.match(rf"{re.escape(word)}\b", after) for word in following):
                return basis
        return None


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words.lower())
