"""Round brackets of a query and what they hold, found in one pass.

Reading holds up every thread of the service: a text of n words must cost n steps, not n².
"""

from collections.abc import Sequence
from typing import Final

from dealgraph.engines.lexer import Token

AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
# Brackets that may stand in one another. Oxigraph goes down a level of its stack with each.
DEEPEST: Final = 200


def closings(tokens: Sequence[Token]) -> dict[int, int]:
    """For the number of each ``(`` that of the ``)`` that closes it; those left open are missing.

    >>> from dealgraph.engines.lexer import Lexer
    >>> closings(Lexer("((1) (").tokens())
    {1: 3}
    """
    found: dict[int, int] = {}
    opened: list[int] = []
    for number, token in enumerate(tokens):
        if token.is_sign("("):
            opened.append(number)
        elif token.is_sign(")") and opened:
            found[opened.pop()] = number
    return found


def is_triple(tokens: Sequence[Token], number: int) -> bool:
    """Whether the ``(`` of that number is part of ``<<(``, which opens a triple term.

    https://www.w3.org/TR/sparql12-query/#rTripleTerm
    """
    if number == 0 or not tokens[number].is_sign("("):
        return False
    before = tokens[number - 1]
    return before.is_sign("<<") and before.end == tokens[number].start
