"""Where Oxigraph 0.5 departs from SPARQL, and what is done about it before it sees a text.

It takes some texts that the grammar forbids, refuses one that it allows, and gives a language to
what GROUP_CONCAT makes. Each rule here is shown by tests of the W3C suite (tests/test_w3c.py);
one that the engine has learnt can go.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dealgraph.engines.brackets import AGGREGATES, DEEPEST, closings, is_triple
from dealgraph.engines.lexer import Token, syntax_error
from dealgraph.engines.reuse import Reuse

_OPERANDS: Final = ("iri", "pname", "variable", "string", "number", "blank")
_CURE: Final = "See the grammar: https://www.w3.org/TR/sparql11-query/#sparqlGrammar"

# A piece of the source, from start to end, and what is written instead.
Replacement = tuple[int, int, str]


class _Bracket(NamedTuple):
    """A bracket that is open: what it holds, and whether it stands in an aggregate.

    ``kind`` is "group", "aggregate" (its arguments), "expression", "triple" (a triple term in an
    expression) or "list". A group begins anew: a query in it has aggregates of its own.
    """

    kind: str
    aggregated: bool

    @property
    def of_expression(self) -> bool:
        return self.kind in ("expression", "aggregate", "triple")


_OUTSIDE: Final = _Bracket("group", aggregated=False)


def refuse_malformed(text: str, tokens: Sequence[Token]) -> None:
    """Lets a text pass that has none of the mistakes that the engine doesn't see.

    :raises QuerySyntax: with line and column; for brackets that are nested too deeply, too.
    """
    brackets: list[_Bracket] = [_OUTSIDE, _OUTSIDE]
    for number, token in enumerate(tokens):
        if token.is_sign("(") or token.is_sign("{"):
            brackets.append(_opened(tokens, number, brackets[-1]))
            if len(brackets) - 2 > DEEPEST:
                what = f"more than {DEEPEST} brackets are open"
                cure = "Take out brackets that nothing needs; split the rest in several texts."
                raise syntax_error(text, token.start, what, cure)
        elif (token.is_sign(")") or token.is_sign("}")) and len(brackets) > 2:
            brackets.pop()
        _refuse(text, tokens, number, brackets[-2], brackets[-1])


def _refuse(
    text: str, tokens: Sequence[Token], number: int, around: _Bracket, bracket: _Bracket
) -> None:
    token, before = tokens[number], tokens[number - 1] if number else None
    # https://www.w3.org/TR/sparql12-query/#codepointEscape; 1.1 allowed them everywhere.
    if token.kind not in ("string", "iri") and text[token.start : token.end] != token.text:
        what = "an escape stands outside strings and IRIs"
        raise syntax_error(text, token.start, what, "Write the character itself.")
    if before is None:
        return
    # https://www.w3.org/TR/sparql12-query/#rExprTripleTerm: a subject is an IRI or a variable.
    # In an expression, that is: a pattern may have a reifier there.
    if around.of_expression and is_triple(tokens, number - 1):
        literal = token.kind in ("string", "number") or token.is_word("TRUE", "FALSE")
        if literal or token.is_sign("<<"):
            what = "a literal or triple term can't be the subject of a triple term"
            raise syntax_error(text, token.start, what, _CURE)
    # The longest token counts (19.8): ?x<?a&&?b> is a variable and an IRI, and no operator.
    if token.kind == "iri" and bracket.kind in ("expression", "aggregate"):
        operand = before.kind in _OPERANDS or before.is_sign(")")
        if operand and token.start == before.end:
            what = f"an IRI follows {before.text[:30]!r} in an expression"
            raise syntax_error(text, token.start, what, "Put a blank behind the <.")
    # https://www.w3.org/TR/sparql11-query/#aggregateRestrictions
    if bracket.aggregated and token.is_sign("(") and before.is_word(*AGGREGATES):
        what = f"{before.text} stands inside another aggregate"
        raise syntax_error(text, before.start, what, "Aggregate in a SELECT of its own first.")


def _opened(tokens: Sequence[Token], number: int, around: _Bracket) -> _Bracket:
    """What the bracket opens."""
    if tokens[number].is_sign("{"):
        return _Bracket("group", aggregated=False)
    aggregated = around.aggregated or around.kind == "aggregate"
    before = tokens[number - 1] if number else None
    if before is not None and before.is_word(*AGGREGATES):
        return _Bracket("aggregate", aggregated)
    if around.of_expression and is_triple(tokens, number):
        return _Bracket("triple", aggregated)
    word = before is not None and before.kind == "word" and not before.is_word("A", "VALUES")
    return _Bracket("expression" if around.of_expression or word else "list", aggregated)


def adapted(source: str, tokens: Sequence[Token]) -> list[Replacement]:
    """What has to be replaced for the engine to give the answer of the standard.

    *tokens* are those of a query, or of an operation of an update; what is replaced are tokens.
    """
    closed = closings(tokens)
    changed: dict[int, str] = {}
    for number, token in enumerate(tokens):
        # TRUE and False are true and false: keywords have no case (19.8).
        if token.is_word("TRUE", "FALSE") and not token.text.islower():
            changed[number] = token.text.lower()
        # https://www.w3.org/TR/sparql11-query/#defn_aggGroupConcat: it gives a simple literal.
        elif token.is_word("GROUP_CONCAT") and number + 1 in closed:
            changed[number] = f"STR({token.text}"
            changed[closed[number + 1]] = "))"
    Reuse(source, tokens, closed, changed).apply()
    return [(tokens[at].start, tokens[at].end, changed[at]) for at in sorted(changed)]
