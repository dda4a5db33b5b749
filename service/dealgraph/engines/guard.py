"""The guard in front of every engine: a query reads its release and nothing else.

Federation (https://www.w3.org/TR/sparql11-federated-query/) would make the service call any
address that a stranger writes down; updates (https://www.w3.org/TR/sparql11-update/) have no
place in a release, which never changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Final, get_args

from dealgraph.engines.dialect import Replacement, adapted, refuse_malformed
from dealgraph.engines.formats import Form
from dealgraph.engines.lexer import Lexer, Token, place, syntax_error
from dealgraph.engines.reach import NOWHERE, Reach
from dealgraph.engines.syntax import replaced
from dealgraph.errors import QueryRefused, QuerySyntax, TooLarge

# Bytes in UTF-8. The longest query that people write by hand has some thousand.
LIMIT: Final = 1024 * 1024

# Functions whose value is another each time: such an answer is never the same for a release.
_VOLATILE: Final = ("NOW", "RAND", "UUID", "STRUUID", "BNODE")
_FORMS: Final[dict[str, Form]] = {form: form for form in get_args(Form)}
_FEDERATION: Final = (
    "SERVICE would call another service",
    "Ask the other service yourself and join the answers.",
)
_UPDATES: Final = (
    "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH",
)  # fmt: skip


@dataclass(frozen=True)
class Inspected:
    """A query that may be run.

    ``has_dataset``: it names its own graphs by FROM; ``text`` is what to give to the engine: the
    query with ``changes`` (see ``dialect``); ``prefixes`` are those that it
    declares; ``volatile`` is whether it calls NOW, RAND and the like, so that its answer changes.
    """

    form: Form
    has_dataset: bool
    text: str
    prefixes: frozenset[str]
    volatile: bool = False
    changes: Sequence[Replacement] = ()


def inspect(text: str, reach: Reach = NOWHERE) -> Inspected:
    """Reads a query without running it; *reach* says which services it may call.

    >>> inspect("PREFIX : <http://example.org/> ASK { :a :b ?c }").form
    'ASK'

    :raises TooLarge: when it has more than 1 MiB.
    :raises QueryRefused: for SERVICE, anywhere and in any spelling.
    :raises QuerySyntax: when it can't be read as tokens, begins with no form of a query, or is an
        update.
    """
    size = len(text.encode("utf-8", errors="replace"))
    if size > LIMIT:
        raise TooLarge(
            f"The query has {size} bytes; the limit is {LIMIT}.",
            "Shorten it: long lists of values are better joined on your side.",
        )
    lexer = Lexer(text)
    tokens = lexer.tokens()
    refuse_federation(text, tokens, lexer.other_readings(), reach)
    start = _after_prologue(tokens)
    form = _form(text, tokens, start)
    for token in tokens[start:]:
        if token.is_word(*_UPDATES):
            raise _no_query(text, token)
    refuse_malformed(text, tokens)
    changes = tuple(adapted(text, tokens))
    return Inspected(
        form=form,
        has_dataset=any(token.is_word("FROM") for token in tokens[start:]),
        text=replaced(text, changes),
        changes=changes,
        prefixes=frozenset(
            after.text.removesuffix(":")
            for before, after in pairwise(tokens[:start])
            if before.is_word("PREFIX")
        ),
        volatile=any(token.is_word(*_VOLATILE) for token in tokens),
    )


def refuse_federation(
    text: str, tokens: Sequence[Token], readings: Sequence[Sequence[Token]], reach: Reach
) -> None:
    """Refuses SERVICE, also where only a parser that doesn't split words would see it.

    A service that *reach* allows has to be written as SERVICE, blank, its whole IRI; one that is
    chosen by a variable never is allowed. Oxigraph's grammar works on characters: it takes
    ``trueSERVICE<…>`` and ``SERVICESILENT<…>`` for what they sound like, and ``SERVICE:x {`` for
    a call of ``:x``.
    """
    depth = 0
    before: Token | None = None
    for number, token in enumerate(tokens):
        depth += {"{": 1, "{|": 1, "}": -1, "|}": -1}.get(token.text, 0)
        after = next(iter(tokens[number + 1 : number + 2]), None)
        # GRAPH SERVICE:x { can be read in one way only.
        graph = before is not None and before.is_word("GRAPH")
        calls = _has_service(token) and not _is_allowed(tokens[number : number + 3], reach)
        if calls or (depth and not graph and _sounds_like_service(token, after)):
            raise refused(text, token, *_FEDERATION)
        before = token
    for reading in readings:
        _refuse_hidden(text, reading)


def _is_allowed(call: Sequence[Token], reach: Reach) -> bool:
    """Whether a call that begins so is written plainly, and goes where it may."""
    if not (reach and call[0].is_word("SERVICE") and len(call) == 3):
        return False
    place = call[2] if call[1].is_word("SILENT") else call[1]
    return place.kind == "iri" and reach.allows(place.text[1:-1])


def _refuse_hidden(text: str, reading: Sequence[Token]) -> None:
    """Refuses SERVICE in a reading that is unlikely: only where a call could follow the word."""
    for token, after in zip_longest(reading, reading[1:]):
        called = after is None or after.kind in ("iri", "variable", "pname", "word")
        if (_has_service(token) and called) or _sounds_like_service(token, after):
            raise refused(text, token, *_FEDERATION)


def _has_service(token: Token) -> bool:
    """Whether it is the keyword, or has it in it: no other word does."""
    return token.kind == "word" and "SERVICE" in token.text.upper()


def _sounds_like_service(token: Token, after: Token | None) -> bool:
    """Whether it is a prefixed name that begins with SERVICE, and a group follows."""
    if token.kind != "pname" or "SERVICE" not in token.text.split(":")[0].upper():
        return False
    return after is None or after.is_sign("{")


def _after_prologue(tokens: Sequence[Token]) -> int:
    """The number of the first token after BASE, PREFIX and (SPARQL 1.2) VERSION declarations."""
    number = 0
    while number < len(tokens):
        if tokens[number].is_word("BASE", "VERSION"):
            number += 2
        elif tokens[number].is_word("PREFIX"):
            number += 3
        else:
            break
    return number


def _form(text: str, tokens: Sequence[Token], start: int) -> Form:
    if start >= len(tokens):
        raise syntax_error(
            text, len(text), "the query ends before it has asked anything", _CURE_FORM
        )
    token = tokens[start]
    if token.is_word(*_UPDATES):
        raise _no_query(text, token)
    if not token.is_word(*_FORMS):
        what = f"there is {token.text[:40]!r} where the form of the query belongs"
        raise syntax_error(text, token.start, what, _CURE_FORM)
    return _FORMS[token.text.upper()]


_CURE_FORM: Final = "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE, after any PREFIX and BASE."


def _no_query(text: str, token: Token) -> QuerySyntax:
    return syntax_error(
        text,
        token.start,
        f"there is {token.text.upper()}, which is of an update and no query",
        "Only queries are answered here; updates go to /update, with a token.",
    )


def refused(text: str, token: Token, why: str, cure: str) -> QueryRefused:
    """The error that says where the guard stopped, and why."""
    line, column = place(text, token.start)
    return QueryRefused(f"At line {line}, column {column}: {why}.", cure)
