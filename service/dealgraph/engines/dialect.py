"""Where Oxigraph 0.5 departs from SPARQL, and what is done about it before it sees a query.

It takes some texts that the grammar forbids, refuses one that it allows, and gives a language to
what GROUP_CONCAT makes. Each rule here is shown by tests of the W3C suite (tests/test_w3c.py);
one that the engine has learnt can go.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dealgraph.engines.lexer import Token, syntax_error

_AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_OPERANDS: Final = ("iri", "pname", "variable", "string", "number", "blank")
# Characters that a rewritten expression may have.
_LONGEST: Final = 4_096
_CURE: Final = "See the grammar: https://www.w3.org/TR/sparql11-query/#sparqlGrammar"

# A piece of the source, from start to end, and what is written instead.
Replacement = tuple[int, int, str]


def refuse_malformed(text: str, tokens: Sequence[Token]) -> None:
    """Lets a query pass that has none of the mistakes that the engine doesn't see.

    :raises QuerySyntax: with line and column.
    """
    brackets: list[str] = []
    for number, token in enumerate(tokens):
        if token.is_sign("(") or token.is_sign("{"):
            brackets.append(_opened(tokens, number, brackets))
        elif (token.is_sign(")") or token.is_sign("}")) and brackets:
            brackets.pop()
        _refuse(text, tokens, number, brackets)


def _refuse(text: str, tokens: Sequence[Token], number: int, brackets: Sequence[str]) -> None:
    token, before = tokens[number], tokens[number - 1] if number else None
    # https://www.w3.org/TR/sparql12-query/#codepointEscape; 1.1 allowed them everywhere.
    if token.kind not in ("string", "iri") and text[token.start : token.end] != token.text:
        what = "an escape stands outside strings and IRIs"
        raise syntax_error(text, token.start, what, "Write the character itself.")
    if before is None:
        return
    # https://www.w3.org/TR/sparql12-query/#rExprTripleTerm: a subject is an IRI or a variable.
    # In an expression, that is: a pattern may have a reifier there.
    expression = len(brackets) > 1 and brackets[-2] in ("expression", "aggregate")
    triple = before.is_sign("(") and number > 1 and _follows(tokens[number - 2], before, "<<")
    if expression and triple:
        literal = token.kind in ("string", "number") or token.is_word("TRUE", "FALSE")
        if literal or token.is_sign("<<"):
            what = "a literal or triple term can't be the subject of a triple term"
            raise syntax_error(text, token.start, what, _CURE)
    # The longest token counts (19.8): ?x<?a&&?b> is a variable and an IRI, and no operator.
    if token.kind == "iri" and brackets and brackets[-1] in ("expression", "aggregate"):
        operand = before.kind in _OPERANDS or before.is_sign(")")
        if operand and token.start == before.end:
            what = f"an IRI follows {before.text[:30]!r} in an expression"
            raise syntax_error(text, token.start, what, "Put a blank behind the <.")
    # https://www.w3.org/TR/sparql11-query/#aggregateRestrictions
    nested = "aggregate" in brackets[_scope(brackets) : -1]
    if nested and token.is_sign("(") and before.is_word(*_AGGREGATES):
        what = f"{before.text} stands inside another aggregate"
        raise syntax_error(text, before.start, what, "Aggregate in a SELECT of its own first.")


def _scope(brackets: Sequence[str]) -> int:
    """Where the innermost group in braces begins: a query in it has aggregates of its own."""
    return max((n + 1 for n, kind in enumerate(brackets) if kind == "group"), default=0)


def _follows(first: Token, second: Token, sign: str) -> bool:
    return first.is_sign(sign) and first.end == second.start


def _opened(tokens: Sequence[Token], number: int, brackets: Sequence[str]) -> str:
    """What the bracket opens: a group, the arguments of an aggregate, an expression, or a list."""
    if tokens[number].is_sign("{"):
        return "group"
    before = tokens[number - 1] if number else None
    if before is not None and before.is_word(*_AGGREGATES):
        return "aggregate"
    inside = bool(brackets) and brackets[-1] in ("expression", "aggregate")
    word = before is not None and before.kind == "word" and not before.is_word("A", "VALUES")
    return "expression" if inside or word else "list"


def adapted(source: str, tokens: Sequence[Token]) -> list[Replacement]:
    """What has to be replaced in a query for the engine to give the answer of the standard."""
    found = [*_booleans(tokens), *_concatenations(tokens)]
    return sorted(found) or _reused(source, tokens)


def _booleans(tokens: Sequence[Token]) -> Iterator[Replacement]:
    """TRUE and False are true and false: keywords have no case (19.8)."""
    for token in tokens:
        if token.is_word("TRUE", "FALSE") and not token.text.islower():
            yield token.start, token.end, token.text.lower()


def _concatenations(tokens: Sequence[Token]) -> Iterator[Replacement]:
    """GROUP_CONCAT gives a simple literal: https://www.w3.org/TR/sparql11-query/#defn_aggGroupConcat"""
    for number, token in enumerate(tokens):
        if token.is_word("GROUP_CONCAT") and number + 1 < len(tokens):
            end = _closing(tokens, number + 1)
            if end is not None:
                yield token.start, token.start, "STR("
                yield tokens[end].end, tokens[end].end, ")"


def _reused(source: str, tokens: Sequence[Token]) -> list[Replacement]:
    """In SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) the ?n of the second is the first.

    https://www.w3.org/TR/sparql11-query/#assignment: a variable may be used in an expression later
    in the same SELECT clause. The engine doesn't know that where it aggregates.
    """
    changes: list[Replacement] = []
    for number, token in enumerate(tokens):
        if token.is_word("SELECT"):
            changes += _reused_in(source, tokens, number + 1)
    return changes


def _reused_in(source: str, tokens: Sequence[Token], number: int) -> Iterator[Replacement]:
    aliases: dict[str, str] = {}
    while number < len(tokens) and not tokens[number].is_word("WHERE", "FROM"):
        if tokens[number].is_sign("{"):
            return
        end = _closing(tokens, number) if tokens[number].is_sign("(") else None
        if end is None:
            number += 1
            continue
        inner, name = tokens[number + 1 : end - 2], tokens[end - 1]
        if any(token.is_sign("{") for token in inner):
            return  # a group in EXISTS has variables of its own
        parts: list[str] = []
        position, aggregates = tokens[number].end, False
        for token in inner:
            aggregates = aggregates or token.is_word(*_AGGREGATES)
            if token.kind == "variable" and token.text[1:] in aliases:
                written = f"({aliases[token.text[1:]]})"
                if sum(map(len, parts)) > _LONGEST:
                    return
                yield token.start, token.end, written
                parts += [source[position : token.start], written]
                position, aggregates = token.end, True
        # Each may hold the one before it twice: 30 of them would be gigabytes.
        if sum(map(len, parts)) > _LONGEST:
            return
        if aggregates and inner and name.kind == "variable":
            aliases[name.text[1:]] = "".join((*parts, source[position : inner[-1].end]))
        number = end + 1


def _closing(tokens: Sequence[Token], number: int) -> int | None:
    """The number of the bracket that closes the one at *number*; None where it isn't one."""
    depth = 0
    for at in range(number, len(tokens)):
        if tokens[at].is_sign("("):
            depth += 1
        elif tokens[at].is_sign(")"):
            depth -= 1
        if depth == 0:
            return at if at > number else None
    return None
