"""Words and their lemmas. The only module that knows simplemma."""

import re
from functools import lru_cache

from simplemma import lemmatize

from dealgraph.extraction.document import Span, Token

# A figure with its separators, a word (inner apostrophes and hyphens only between letters: the
# English possessive is a word of its own, so that "Nvidia's" holds the name Nvidia), or a mark.
_WORD = re.compile(
    r"\d+(?:[.,]\d+)*|(?:'s|'S)(?!\w)|[^\W\d_]+(?:[-'](?!s\b)[^\W\d_]+|\d+)*|[^\w\s]|_", re.UNICODE
)


def tokens_of(text: str, within: Span, language: str) -> tuple[Token, ...]:
    """The words of a stretch of text, in its order."""
    return tuple(
        Token(Span(found.start(), found.end()), found.group(), lemma_of(found.group(), language))
        for found in _WORD.finditer(text, within.start, within.end)
    )


@lru_cache(maxsize=65_536)
def lemma_of(word: str, language: str) -> str:
    """The dictionary form of a word in lower case; marks and figures are their own."""
    lower = word.lower()
    return lemmatize(lower, lang=language).lower() if word[0].isalpha() else lower
