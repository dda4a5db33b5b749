"""Words and their lemmas. The only module that knows simplemma."""

import re
from functools import lru_cache

from simplemma import is_known, lemmatize

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
    if not lower[0].isalpha():
        return lower
    lemma: str = lemmatize(lower, lang=language).lower()
    return _verb_of_gerund(lower) or lemma if language == "en" and lemma == lower else lemma


def _verb_of_gerund(word: str) -> str | None:
    """The verb of an English form in -ing: the lemmatiser takes "leasing" for a noun."""
    if not word.endswith("ing") or len(word) < 6:
        return None
    stem = word[:-3]
    doubled = stem[:-1] if stem[-1] == stem[-2] else stem
    for verb in (f"{stem}e", stem, doubled):
        if is_known(verb, lang="en") and lemmatize(verb, lang="en") == verb:
            return verb
    return None


@lru_cache(maxsize=65_536)
def is_word(word: str, language: str) -> bool:
    """Whether a language has the word: what opens a sentence and is none is most likely a name."""
    return bool(is_known(word.lower(), lang=language))


@lru_cache(maxsize=65_536)
def infinitive_of(word: str, language: str) -> str:
    """The verb of a Portuguese participle; empty for what is none.

    The lemmatiser gives "avaliada" the lemma "avaliado". Words that only look like participles
    ("mercado") get a verb too: it counts where a verb is looked for, and there alone.
    """
    if language != "pt":
        return ""
    lemma = lemma_of(word, language)
    for ending, verbs in (("ado", ("ar",)), ("ido", ("er", "ir"))):
        if lemma.endswith(ending) and len(lemma) > len(ending) + 1:
            for verb in verbs:
                whole = lemma.removesuffix(ending) + verb
                if is_known(whole, lang="pt"):
                    return whole
    return ""
