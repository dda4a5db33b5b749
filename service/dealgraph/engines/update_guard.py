"""The guard in front of SPARQL updates: https://www.w3.org/TR/sparql11-update/

An update changes the copy of a release and reaches nothing else: SERVICE is refused as in
queries, LOAD unless its document is on the list of the operator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dealgraph.engines.dialect import Replacement, refuse_malformed
from dealgraph.engines.guard import refuse_federation, refused
from dealgraph.engines.lexer import Lexer, Token, syntax_error
from dealgraph.engines.reach import Reach
from dealgraph.errors import BadInput

# Tokens that an update may have: reading a million takes some seconds and half a GiB.
_MOST: Final = 1_000_000
_BEGINNINGS: Final = (
    "INSERT", "DELETE", "WITH", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY",
)  # fmt: skip
_LOAD: Final = "LOAD would fetch a document"
# What Oxigraph can't fetch, so that a LOAD SILENT that is refused does nothing, as SILENT says.
_NOWHERE: Final = "<x:>"


@dataclass(frozen=True)
class Using:
    """The dataset of an update that its request gives, as absolute IRIs.

    https://www.w3.org/TR/sparql11-protocol/#update-operation
    """

    default: Sequence[str] = ()
    named: Sequence[str] = ()


def inspect_update(text: str, reach: Reach, using: Using = Using()) -> list[Replacement]:
    """What has to be replaced in an update before it may be given to the engine.

    Nothing, as a rule; the dataset of its request is put in.

    >>> inspect_update("CLEAR ALL", Reach())
    []

    :raises QueryRefused: for SERVICE and LOAD, anywhere and in any spelling; LOAD SILENT does
        nothing instead.
    :raises BadInput: when both the request and the update choose a dataset.
    :raises QuerySyntax: when it can't be read as tokens.
    :raises TooLarge: when it has too many.
    """
    lexer = Lexer(text, most=_MOST)
    tokens = lexer.tokens()
    refuse_federation(text, lexer, tokens, reach)
    for reading in lexer.other_readings():
        for token in reading:
            if _sounds_like_load(token):
                raise refused(text, token, _LOAD)
    refuse_malformed(text, tokens)
    changes: list[Replacement] = []
    for operation in _operations(tokens):
        changes.extend(_loads(text, operation, reach))
        if using.default or using.named:
            changes.extend(_datasets(text, operation, using))
    return changes


def _operations(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The operations, without the prologues before them."""
    start = depth = number = 0
    prologue = True
    while number <= len(tokens):
        token = tokens[number] if number < len(tokens) else None
        if token is not None and prologue:
            step = 3 if token.is_word("PREFIX") else 2 if token.is_word("BASE", "VERSION") else 0
            if step:
                number += step
                start = number
                continue
            prologue = False
        if token is None or (token.is_sign(";") and depth == 0):
            if number > start:
                yield tokens[start:number]
            start, prologue = number + 1, True
        elif token.text in ("{", "}"):
            depth += 1 if token.text == "{" else -1
        number += 1


def _sounds_like_load(token: Token) -> bool:
    """Whether Oxigraph, which works on characters, could read it as LOAD and what follows."""
    return token.kind in ("word", "pname") and token.text.upper().startswith("LOAD")


def _loads(text: str, operation: Sequence[Token], reach: Reach) -> Iterator[Replacement]:
    first = operation[0]
    for token in operation[1:]:
        if token.kind == "word" and _sounds_like_load(token):
            raise refused(text, token, _LOAD)
    if not _sounds_like_load(first):
        # Oxigraph takes "PREFIX: <…> LOAD :x" for a prologue before a LOAD.
        if not first.is_word(*_BEGINNINGS):
            what = f"no operation of an update begins with {first.text[:40]!r}"
            raise syntax_error(text, first.start, what)
        return
    silent = len(operation) > 1 and operation[1].is_word("SILENT")
    place = operation[2 if silent else 1] if len(operation) > (2 if silent else 1) else None
    # Any other spelling (LOADSILENT, LOAD:x) is nothing that people write.
    if not first.is_word("LOAD") or place is None or place.kind not in ("iri", "pname"):
        raise refused(text, first, _LOAD)
    if place.kind == "iri" and reach.allows(place.text[1:-1]):
        return
    if not silent:
        raise refused(text, first, _LOAD)
    yield place.start, place.end, _NOWHERE


def _datasets(text: str, operation: Sequence[Token], using: Using) -> Iterator[Replacement]:
    """Puts USING before the WHERE of an operation that has one."""
    clause = "".join(f"USING <{graph}> " for graph in using.default)
    clause += "".join(f"USING NAMED <{graph}> " for graph in using.named)
    depth = 0
    for number, token in enumerate(operation):
        if token.text in ("{", "}"):
            depth += 1 if token.text == "{" else -1
        if depth:
            continue
        if token.is_word("USING", "WITH"):
            raise BadInput(
                f"The request chooses a dataset, and so does {token.text.upper()} in the update.",
                "Use one of them.",
            )
        if token.is_word("WHERE"):
            if number == 1 and operation[0].is_word("DELETE"):
                # DELETE WHERE {…} is short for DELETE {…} WHERE {…}, which can have USING.
                pattern = (
                    text[operation[2].start : operation[-1].end]
                    if number + 1 < len(operation)
                    else ""
                )
                yield token.start, token.start, f"{pattern} {clause}"
            else:
                yield token.start, token.start, clause
