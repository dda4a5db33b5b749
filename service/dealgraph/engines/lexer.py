"""SPARQL text as tokens: https://www.w3.org/TR/sparql11-query/#sparqlGrammar

It knows where strings, IRIs, comments and names begin and end, so that what is inside them is
never taken for a keyword; it does not know the grammar above the tokens.
"""

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final, Literal, NamedTuple, cast

from dealgraph.engines import terminals
from dealgraph.engines.escapes import MASK, BadEscape, decode
from dealgraph.errors import QuerySyntax, TooLarge

Kind = Literal[
    "iri", "pname", "blank", "variable", "string", "language", "number", "word", "punctuation"
]


class Token(NamedTuple):
    """A terminal: ``text`` with codepoint escapes decoded, ``start`` and ``end`` in the source.

    A pname is a prefixed name, also one with no local part; a word is a keyword, the name of a
    built-in, ``a``, ``true`` or ``false``.
    """

    kind: Kind
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, which are given in upper case."""
        return self.kind == "word" and self.text.upper() in words

    def is_sign(self, sign: str) -> bool:
        """Whether it is this punctuation."""
        return self.kind == "punctuation" and self.text == sign


# Tokens that a text may have: more would keep the service itself busy for seconds.
LIMIT: Final = 100_000

# A terminal by its place in the decoded text.
_Span = tuple[Kind, int, int]

# One pattern is several times faster than one after another; the groups are named for the kind.
_SIMPLE: Final = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern.pattern})"
        for kind, pattern in (
            ("variable", terminals.VARIABLE),
            ("iri", terminals.IRI),
            ("string", terminals.STRING),
            ("number", terminals.NUMBER),
            ("blank", terminals.BLANK),
            ("language", terminals.LANGUAGE),
            ("punctuation", terminals.PUNCTUATION),
        )
    )
)


class Lexer:
    """Reads one text.

    :raises QuerySyntax: for a codepoint escape that stands for no character.
    """

    def __init__(self, source: str, most: int = LIMIT) -> None:
        self.source = source
        self._most = most
        self._read: list[_Span] | None = None
        self._comment = (0, 0)
        try:
            self._decoded = decode(source)
        except BadEscape as error:
            raise syntax_error(
                source, error.position, "there is an escape that stands for no character"
            ) from None

    def tokens(self) -> list[Token]:
        """Every token; comments and white space are left out.

        :raises QuerySyntax: where no token can begin; gives line and column.
        :raises TooLarge: when there are too many.
        """
        return [self._token(span) for span in self._spans()]

    def other_readings(self) -> list[list[Token]]:
        """The readings in which a ``<`` that could open an IRI is an operator.

        ``?a<?b#c>`` is an IRI after ``?a`` to one parser, a comparison and a comment to another.
        The readings part only where a comment or a string could begin inside the IRI; each ends
        with the token at which it meets one that is known. A place where nothing can begin is
        stepped over: another parser may be more lenient than this.

        :raises QuerySyntax: where no token can begin; gives line and column.
        :raises TooLarge: when there are too many tokens.
        """
        spans = self._spans()
        # In ascending order, so that comments are measured once (see _after_blanks).
        waiting = deque(span[1] + 1 for span in spans if self._may_part(*span))
        seen = {start for _, start, _ in spans} if waiting else set()
        readings = []
        while waiting:
            reading = []
            for span in self._scan(waiting.popleft(), strict=False):
                reading.append(self._token(span))
                if span[1] in seen:
                    break
                seen.add(span[1])
                if self._may_part(*span):
                    waiting.append(span[1] + 1)
            readings.append(reading)
        return readings

    def _spans(self) -> list[_Span]:
        if self._read is None:
            self._read = list(islice(self._scan(), self._most + 1))
            if len(self._read) > self._most:
                raise TooLarge(
                    f"The text has more than {self._most} words and signs.",
                    "Shorten it: join long lists on your side, send data to /store.",
                )
        return self._read

    def _token(self, span: _Span) -> Token:
        kind, start, end = span
        origin = self._decoded.origin
        return Token(kind, self._decoded.text[start:end], origin(start), origin(end))

    def _scan(self, position: int = 0, strict: bool = True) -> Iterator[_Span]:
        text = self._decoded.masked
        # Up to here it is known that the run of name characters ends without a colon: looking
        # again at each dot in it would take quadratic time.
        no_colon = 0
        while True:
            position = self._after_blanks(text, position)
            if position == len(text):
                return
            span: _Span | None = None
            if position >= no_colon:
                span, no_colon = _prefixed_name(text, position)
            span = span or _word(text, position) or _simple(text, position)
            if span is not None:
                yield span
                position = span[2]
            elif strict:
                raise self._stray(position)
            else:
                position += 1

    def _after_blanks(self, text: str, position: int) -> int:
        """Where white space and comments that begin here end."""
        while True:
            blank = terminals.SPACE.match(text, position)
            position = blank.end() if blank else position
            if text[position : position + 1] != "#":
                return position
            start, end = self._comment
            # A line full of IRIs with fragments is a comment from any of them to its end.
            if not start <= position < end:
                comment = terminals.COMMENT.match(text, position)
                end = comment.end() if comment else position
                self._comment = (position, end)
            position = end

    def _may_part(self, kind: Kind, start: int, end: int) -> bool:
        """Whether the IRI could be an operator, and a comment or string would then begin in it.

        An absolute IRI with ``//`` can't: no expression has two slashes in a row.
        """
        if kind != "iri":
            return False
        text = self._decoded.masked[start:end]
        head = re.split("[#']", text, maxsplit=1)
        return len(head) == 2 and "//" not in head[0]

    def _stray(self, position: int) -> QuerySyntax:
        character = self._decoded.text[position]
        if character in "\"'":
            what = "a string begins that doesn't end, or has an escape that SPARQL doesn't know"
        elif self._decoded.masked[position] == MASK:
            what = "there is an escape for a character that can't stand here"
        else:
            what = f"no token can begin with {character!r}"
        return syntax_error(self.source, self._decoded.origin(position), what)


def _prefixed_name(text: str, position: int) -> tuple[_Span | None, int]:
    """The prefixed name that begins here, and how far it is known that none does."""
    prefix = terminals.PREFIX.match(text, position)
    end = prefix.end() if prefix else position
    if text[end : end + 1] != ":" or (text[end - 1 : end] == "." and end > position):
        return None, end
    local = terminals.LOCAL.match(text, end + 1)
    return ("pname", position, local.end() if local else end + 1), 0


def _word(text: str, position: int) -> _Span | None:
    found = terminals.WORD.match(text, position)
    # _:b1 is a blank node.
    if found is None or text.startswith("_:", position):
        return None
    return "word", position, found.end()


def _simple(text: str, position: int) -> _Span | None:
    found = _SIMPLE.match(text, position)
    # The groups have no other names than kinds.
    return (cast(Kind, found.lastgroup), position, found.end()) if found else None


def place(text: str, position: int) -> tuple[int, int]:
    """Line and column of a place in a text, both from 1; columns are characters."""
    before = re.split("\r\n|\r|\n", text[:position])
    return len(before), len(before[-1]) + 1


_CURE: Final = "Look there and just before: a missing or stray sign, bracket or quote."


def syntax_error(source: str, position: int, what: str, cure: str = _CURE) -> QuerySyntax:
    """The error that says what is wrong at a place of the source."""
    line, column = place(source, position)
    return QuerySyntax(f"At line {line}, column {column}, {what}.", cure, line, column)
