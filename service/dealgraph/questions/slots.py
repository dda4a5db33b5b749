"""Where a query takes its values, and which variables it answers with; seen by tokens, not text.

A parameter's slot is the body of a block ``VALUES ?name { … }``: valid SPARQL as it stands, with
UNDEF for "any". https://www.w3.org/TR/sparql11-query/#inline-data
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dealgraph.engines.lexer import Lexer, Token
from dealgraph.engines.rows import Term
from dealgraph.questions.written import written


@dataclass(frozen=True)
class Slot:
    """The body of a VALUES block over one variable: ``text[start:end]`` of the query."""

    name: str
    start: int
    end: int
    is_open: bool


def tokens_of(text: str) -> list[Token]:
    """The tokens of a query.

    :raises QuerySyntax: where no token can begin.
    """
    return Lexer(text).tokens()


def slots(tokens: Sequence[Token]) -> list[Slot]:
    """Every VALUES block over one variable; ``is_open`` when its body is UNDEF alone."""
    found = []
    for at, token in enumerate(tokens[:-2]):
        name, brace = tokens[at + 1], tokens[at + 2]
        if not (token.is_word("VALUES") and name.kind == "variable" and brace.is_sign("{")):
            continue
        close = next((i for i in range(at + 3, len(tokens)) if tokens[i].is_sign("}")), None)
        if close is not None:
            body = tokens[at + 3 : close]
            is_open = len(body) == 1 and body[0].is_word("UNDEF")
            found.append(Slot(name.text[1:], brace.end, tokens[close].start, is_open))
    return found


def projection(tokens: Sequence[Token]) -> list[str] | None:
    """The variables that a SELECT answers with, in order; None for any other form and for ``*``.

    https://www.w3.org/TR/sparql11-query/#selectproject
    """
    start = next((at for at, token in enumerate(tokens) if token.is_word("SELECT")), None)
    if start is None:
        return None
    names: list[str] = []
    depth = 0
    inside = ""
    for token in tokens[start + 1 :]:
        if token.is_sign("*") and depth == 0:
            return None
        if token.is_sign("{") or token.is_word("WHERE", "FROM"):
            return names
        if token.is_sign("("):
            depth += 1
        elif token.is_sign(")"):
            depth -= 1
            if depth == 0:
                names.append(inside)
        elif token.kind == "variable":
            # In (… AS ?x) the last variable is the one that is answered.
            inside = token.text[1:]
            if depth == 0:
                names.append(inside)
    return names


def filled(text: str, values: Mapping[str, Sequence[Term]]) -> str:
    """The query with each slot of a name in *values* filled; no value leaves it open.

    Nothing else of the text changes: what is put in is a term, whatever it says.

    :raises BadInput: when a value holds what no query can hold.
    """
    parts = []
    position = 0
    for slot in slots(tokens_of(text)):
        if slot.name in values:
            body = " ".join(map(written, values[slot.name])) or "UNDEF"
            parts += [text[position : slot.start], f" {body} "]
            position = slot.end
    return "".join([*parts, text[position:]])
