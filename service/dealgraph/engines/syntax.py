"""Where a text is no SPARQL, as the engine tells it, said of the text that was sent."""

import re
from collections.abc import Sequence
from typing import Final

from dealgraph.engines.dialect import Replacement
from dealgraph.engines.lexer import syntax_error
from dealgraph.errors import QuerySyntax

# How Oxigraph begins its complaint; line and column count from 1, in characters.
_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CURE: Final = "Look there and just before: a missing part, bracket, dot or quote."
_LINE_END: Final = re.compile("\r\n|\r|\n")


def replaced(source: str, changes: Sequence[Replacement]) -> str:
    """The source with the *changes* made, which are in ascending order and don't overlap."""
    parts, position = [], 0
    for start, end, written in changes:
        parts += [source[position:start], written]
        position = end
    return "".join((*parts, source[position:]))


def syntax_failure(
    what: str, source: str, changes: Sequence[Replacement], message: str
) -> QuerySyntax:
    """The error for a *source* that the engine complains of, which was given it with *changes*.

    *what* is "query" or "update".
    """
    text = replaced(source, changes)
    found = _PLACE.match(message)
    if found is None:
        return QuerySyntax(f"The {what} is not well-formed: {message}.")
    expected = _readable(found[3])
    position = _offset(text, int(found[1]), int(found[2]))
    position = _origin(position, changes)
    # The engine goes as far as it can by any of its rules: the mistake may be before that.
    before = " ".join(source[:position].split())[-30:]
    told = f"the {what} can't be read any further, after {before!r}"
    return syntax_error(source, position, told + expected, _CURE)


def _origin(position: int, changes: Sequence[Replacement]) -> int:
    """The place in the source of a place in the text with the changes."""
    grown = 0
    for start, end, written in changes:
        if position < start + grown:
            break
        if position < start + grown + len(written):
            return start
        grown += len(written) - (end - start)
    return position - grown


def _readable(expected: str) -> str:
    """What the engine would have wanted, where it says it in words and not by its own rules."""
    said = [part for part in expected.split(", ") if " " in part.strip() and "[" not in part]
    return f" ({'; '.join(said)})" if said else ""


def _offset(text: str, line: int, column: int) -> int:
    """The place in *text* of a line and column, which may be at its very end."""
    start = 0
    for _ in range(line - 1):
        end = _LINE_END.search(text, start)
        if end is None:
            break
        start = end.end()
    return min(start + column - 1, len(text))
