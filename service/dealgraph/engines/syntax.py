"""Where a text is no SPARQL, as the engine tells it, said of the text that was sent."""

import re
from typing import Final

from dealgraph.engines.lexer import Lexer, syntax_error
from dealgraph.errors import QuerySyntax

# How Oxigraph begins its complaint; line and column count from 1, in characters.
_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CURE: Final = "Look there and just before: a missing part, bracket, dot or quote."
_LINE_END: Final = re.compile("\r\n|\r|\n")


def syntax_failure(what: str, source: str, text: str, message: str) -> QuerySyntax:
    """The error for a *source* that the engine, which was given *text*, complains of.

    *what* is "query" or "update"; the text is the source with its escapes decoded.
    """
    found = _PLACE.match(message)
    if found is None:
        return QuerySyntax(f"The {what} is not well-formed: {message}.")
    expected = _readable(found[3])
    position = _offset(text, int(found[1]), int(found[2]))
    position = Lexer(source).origin(position)
    # The engine goes as far as it can by any of its rules: the mistake may be before that.
    before = " ".join(source[:position].split())[-30:]
    told = f"the {what} can't be read any further, after {before!r}"
    return syntax_error(source, position, told + expected, _CURE)


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
