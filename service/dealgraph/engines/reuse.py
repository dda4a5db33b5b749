"""In SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) the ?n of the second is the first.

https://www.w3.org/TR/sparql11-query/#assignment: a variable may be used in an expression later
in the same SELECT clause. Oxigraph 0.5 doesn't know that where it aggregates ("a variable that is
unbound"), so the expression is put in its place.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dealgraph.engines.brackets import AGGREGATES, is_triple
from dealgraph.engines.lexer import Token

# Written twice, these would give two values where one is meant.
_VOLATILE: Final = ("RAND", "UUID", "STRUUID", "BNODE")
# Characters that a rewritten expression may have: each may hold the one before it twice, and 30 of
# them would be gigabytes.
_LONGEST: Final = 4_096
# Characters that may be written in place of variables, in all.
_MOST: Final = 64 * 1024


class Reuse:
    """Writes expressions in place of their variables, in one text.

    *changed* is what stands instead of a token already; those of this are added to it.
    """

    def __init__(
        self,
        source: str,
        tokens: Sequence[Token],
        closings: Mapping[int, int],
        changed: dict[int, str],
    ) -> None:
        self._source = source
        self._tokens = tokens
        self._closings = closings
        self._changed = changed
        self._left = _MOST

    def apply(self) -> None:
        """Goes through each SELECT clause."""
        for number, token in enumerate(self._tokens):
            if token.is_word("SELECT"):
                self._clause(number + 1)

    def _clause(self, number: int) -> None:
        """One clause, up to what follows it or can't be in it: no token is looked at twice."""
        aliases: dict[str, str] = {}
        while number < len(self._tokens):
            if self._ends_clause(number):
                return
            end = self._closings.get(number)
            if end is None:
                number += 1
                continue
            if any(self._ends_clause(at) for at in range(number + 1, end)):
                return  # a group in EXISTS has variables of its own
            named = end - number > 3 and self._tokens[end - 2].is_word("AS")
            if named and self._tokens[end - 1].kind == "variable":
                self._expression(number + 1, end - 2, aliases)
            number = end + 1

    def _ends_clause(self, number: int) -> bool:
        token = self._tokens[number]
        return token.is_sign("{") or token.is_word("WHERE", "FROM", "SELECT")

    def _expression(self, start: int, end: int, aliases: dict[str, str]) -> None:
        """Rewrites the tokens from *start* to before *end*, and notes them for the name behind."""
        changes: dict[int, str] = {}
        parts: list[str] = []
        length, position, left_to_engine = 0, self._tokens[start].start, start
        aggregates = volatile = False
        for number in range(start, end):
            token = self._tokens[number]
            left_to_engine = max(left_to_engine, self._own_variables(number))
            aggregates = aggregates or token.is_word(*AGGREGATES)
            volatile = volatile or token.is_word(*_VOLATILE)
            written = self._changed.get(number, self._source[token.start : token.end])
            known = token.kind == "variable" and number >= left_to_engine
            if known and token.text[1:] in aliases:
                written = changes[number] = f"({aliases[token.text[1:]]})"
                aggregates = True
            parts += [self._source[position : token.start], written]
            length += len(parts[-1]) + len(parts[-2])
            position = token.end
        added = sum(map(len, changes.values()))
        if (changes and length > _LONGEST) or added > self._left:
            return
        self._left -= added
        self._changed.update(changes)
        if aggregates and not volatile and length <= _LONGEST:
            aliases[self._tokens[end + 1].text[1:]] = "".join(parts)

    def _own_variables(self, number: int) -> int:
        """Where what begins at the token ends, if its variables have to stay variables; else 0.

        BOUND takes nothing else, and the engine does know what it is given there; nor does a
        triple term. In an aggregate the name is that of a variable of the group.
        """
        if is_triple(self._tokens, number):
            return self._closings.get(number, 0)
        if self._tokens[number].is_word("BOUND", *AGGREGATES):
            return self._closings.get(number + 1, 0)
        return 0
