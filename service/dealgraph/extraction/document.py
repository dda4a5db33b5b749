"""An article's text cut into sentences and words: what all later stages look at."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

Role = Literal["headline", "bullet", "prose"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points ``start`` (included) to ``end`` (not included) of the normalised text."""

    start: int
    end: int

    def covers(self, other: "Span") -> bool:
        """Whether ``other`` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark; ``lemma`` is lower case, for words only."""

    span: Span
    text: str
    lemma: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, headline or bullet with its words; ``paragraph`` counts from 0."""

    span: Span
    role: Role
    paragraph: int
    tokens: tuple[Token, ...]

    def at(self, position: int) -> int:
        """The number of the token that holds ``position``, or of the one before it."""
        return max(0, bisect_right([token.span.start for token in self.tokens], position) - 1)


@dataclass(frozen=True, slots=True)
class Document:
    """One article: ``stored`` is the text that was kept and hashed, ``text`` the normalised one.

    ``offsets[i]`` is the place in ``stored`` of code point ``i`` of ``text``; it has one entry
    more than ``text`` has code points, so that ends can be looked up too.
    """

    stored: str
    text: str
    offsets: tuple[int, ...]
    language: str
    published: str | None
    sentences: tuple[Sentence, ...]

    def quote(self, span: Span) -> tuple[int, int, str]:
        """Start, end and exact words of a span, in the stored text."""
        start, end = self.offsets[span.start], self.offsets[span.end - 1] + 1
        return start, end, self.stored[start:end]
