"""Names of firms that no register knows yet: proposed to the editor, never made firms here."""

from collections.abc import Iterator, Sequence

from dealgraph.extraction.document import Sentence, Span, Token
from dealgraph.extraction.found import Mention
from dealgraph.extraction.grammar import Grammar
from dealgraph.extraction.words import is_word

_LONGEST = 5
_SHORTEST = 3


def new_names(
    sentence: Sentence, known: Sequence[Mention], text: str, grammar: Grammar, language: str
) -> Iterator[Mention]:
    """Runs of capitalised words that are no known name, no place, month or person's title.

    A place before a noun for a firm ("the Burbank company") is none, and "Lindqvist & Dahl" is one.
    A word that opens the sentence counts only with a corporate word in its run ("Capital",
    "Labs"), or where the language has no such word. A headline, in which most words are
    capitalised, gives none.
    """
    words = [token for token in sentence.tokens if token.text[0].isalpha()]
    capitals = sum(token.text[0].isupper() for token in words)
    if len(words) > 3 and capitals > 0.6 * len(words):
        return
    for run in _runs(sentence, known, grammar):
        span = Span(run[0].span.start, run[-1].span.end)
        corporate = any(token.text.lower() in grammar.corporate for token in run)
        opens = run[0] is sentence.tokens[0] and is_word(run[0].text, language)
        if (corporate and len(run) > 1) or (not opens and span.end - span.start >= _SHORTEST):
            yield Mention(span, text[span.start : span.end], "firm", None, "unknown")


def _runs(sentence: Sentence, known: Sequence[Mention], grammar: Grammar) -> Iterator[list[Token]]:
    run: list[Token] = []
    described = grammar.generic | grammar.traits.keys()
    for token in sentence.tokens:
        lower = token.text.lower()
        capital = token.text[0].isupper() and lower not in grammar.nobody
        plain = lower in grammar.determiners or lower in grammar.prepositions
        taken = any(each.span.meets(token.span) for each in known)
        if (capital and not plain and not taken) or (run and token.text == "&"):
            run.append(token)
            continue
        if 0 < len(run) <= _LONGEST and lower not in described:
            yield run
        run = []
    if 0 < len(run) <= _LONGEST:
        yield run
