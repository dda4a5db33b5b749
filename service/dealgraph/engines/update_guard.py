"""The guard in front of SPARQL updates: https://www.w3.org/TR/sparql11-update/

An update changes the copy of a release and reaches nothing else: SERVICE is refused as in
queries, LOAD unless its document is on the list of the operator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dealgraph.engines.dialect import Replacement, adapted, refuse_malformed
from dealgraph.engines.guard import refuse_federation, refused
from dealgraph.engines.lexer import Lexer, Token, syntax_error
from dealgraph.engines.reach import Reach
from dealgraph.engines.syntax import replaced
from dealgraph.errors import BadInput, QueryRefused

# Tokens that an update may have: reading a million takes some seconds and half a GiB.
_MOST: Final = 1_000_000
_BEGINNINGS: Final = (
    "INSERT", "DELETE", "WITH", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY",
)  # fmt: skip
_LOAD: Final = ("LOAD would fetch a document", "Fetch it yourself and send it to /store.")
# What Oxigraph can't fetch, so that a LOAD SILENT that is refused does nothing, as SILENT says.
_NOWHERE: Final = "<x:>"


@dataclass(frozen=True)
class Using:
    """The dataset of an update that its request gives, as absolute IRIs.

    https://www.w3.org/TR/sparql11-protocol/#update-operation
    """

    default: Sequence[str] = ()
    named: Sequence[str] = ()


@dataclass(frozen=True)
class InspectedUpdate:
    """An update that reaches nothing once the ``changes`` are made: the dataset of its request is
    in it, no LOAD that may not be names its document, and the engine understands it (``dialect``).

    ``refusal`` is the error for such a LOAD, to be raised unless the text is malformed anyway.
    """

    changes: Sequence[Replacement]
    refusal: QueryRefused | None


def inspect_update(text: str, reach: Reach, using: Using = Using()) -> InspectedUpdate:
    """Reads an update without running it. LOAD SILENT of what may not be loaded does nothing.

    >>> inspect_update("CLEAR ALL", Reach()).changes
    ()

    :raises QueryRefused: for SERVICE, and for LOAD in a spelling that only Oxigraph understands.
    :raises BadInput: when both the request and the update choose a dataset.
    :raises QuerySyntax: when it can't be read as tokens.
    :raises TooLarge: when it has too many.
    """
    lexer = Lexer(text, most=_MOST)
    tokens = lexer.tokens()
    readings = lexer.other_readings()
    refuse_federation(text, tokens, readings, reach)
    for reading in readings:
        for token in reading:
            if _sounds_like_load(token):
                raise refused(text, token, *_LOAD)
    refuse_malformed(text, tokens)
    changes: list[Replacement] = []
    forbidden: list[Token] = []
    for operation in _operations(tokens):
        own = adapted(text, operation)
        made = [*own, *_loads(text, operation, reach, forbidden)]
        if using.default or using.named:
            made.extend(_datasets(text, operation, own, using))
        changes.extend(sorted(made))
    refusal = refused(text, forbidden[0], *_LOAD) if forbidden else None
    return InspectedUpdate(tuple(changes), refusal)


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


def _loads(
    text: str, operation: Sequence[Token], reach: Reach, forbidden: list[Token]
) -> Iterator[Replacement]:
    """Takes their documents from the LOADs that may not be; notes those that are not silent."""
    first = operation[0]
    for number, token in enumerate(operation):
        # In the middle of an operation there are names that begin so.
        if not _sounds_like_load(token) or (number and token.kind != "word"):
            continue
        following = operation[number + 1 : number + 3]
        silent = bool(following) and following[0].is_word("SILENT")
        place = next(iter(following[silent:]), None)
        # Any other spelling (LOADSILENT, LOAD:x) is nothing that people write.
        if not token.is_word("LOAD"):
            raise refused(text, token, *_LOAD)
        if place is None:
            forbidden.append(token)  # it names nothing: malformed, as the engine will say
            continue
        if place.kind not in ("iri", "pname"):
            raise refused(text, token, *_LOAD)
        if place.kind == "iri" and reach.allows(place.text[1:-1]):
            continue
        if number or not silent:
            forbidden.append(token)
        yield place.start, place.end, _NOWHERE
    # Oxigraph takes "PREFIX: <…> LOAD :x" for a prologue before a LOAD.
    if not first.is_word("LOAD", *_BEGINNINGS):
        what = f"no operation of an update begins with {first.text[:40]!r}"
        raise syntax_error(text, first.start, what)


def _datasets(
    text: str, operation: Sequence[Token], made: Sequence[Replacement], using: Using
) -> Iterator[Replacement]:
    """Puts USING before the WHERE of an operation that has one, in which *made* is replaced."""
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
                first = token.end
                moved = [(start - first, end - first, new) for start, end, new in made]
                pattern = replaced(text[first : operation[-1].end], moved)
                yield token.start, token.start, f"{pattern} {clause}"
            else:
                yield token.start, token.start, clause
