"""Reading a query operation out of an HTTP request.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Request

from dealgraph.engines.formats import Form, Format, choose, named
from dealgraph.errors import (
    BadInput,
    DealgraphError,
    NotAcceptable,
    QueryRefused,
    UnsupportedMediaType,
)
from dealgraph.web.fields import Fields, read_charset, read_fields, read_text, single

_FORM: Final = "application/x-www-form-urlencoded"
_DIRECT: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
# The types of bodies that carry a query.
BODIES: Final = (_DIRECT, _FORM)


@dataclass(frozen=True)
class QueryRequest:
    """A query as it was asked; ``query`` is None where none was sent, ``timeout`` in seconds.

    ``format_names`` are the short names and media types of ?format= and ?output=;
    ``known`` is the day as known on which it is asked.
    """

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format_names: tuple[str, ...]
    timeout: float | None
    known: str | None = None


def read_query(asked: Request) -> QueryRequest:
    """The query operation that *asked* carries.

    :raises BadInput: for a parameter that is doubled, unreadable or contradicts another, and for
        a QUERY without Content-Type.
    :raises UnsupportedMediaType: for a body that is neither a form nor a query.
    :raises QueryRefused: for an update.
    """
    url = read_fields(asked.query_string, "the query string")
    if asked.method not in ("POST", "QUERY"):
        return _assemble(url, url, single(url, "query"))
    kind = asked.mimetype
    if asked.method == "QUERY" and not kind:
        # https://www.rfc-editor.org/rfc/rfc10008.html: what the body is has to be said.
        raise BadInput("The body has no Content-Type.", f"Send it as {_DIRECT} or {_FORM}.")
    read_charset(asked.mimetype_params)
    if kind == _UPDATE:
        raise _no_updates()
    if kind == _DIRECT:
        if "query" in url:
            raise BadInput(
                "There is a query in the address and another in the body.", "Send one of them."
            )
        return _assemble(url, url, read_text(asked.get_data(cache=False), "the body"))
    if kind == _FORM:
        form = read_fields(asked.get_data(cache=False), "the form")
        # The format and the deadline are ours, not the protocol's: they may stay in the address.
        return _assemble(form, {**url, **form}, single(form, "query"))
    raise UnsupportedMediaType(
        f"A body of the type {kind or '(none)'} isn't read here.",
        f"Send {_DIRECT} or {_FORM}, or ask by GET.",
    )


def _assemble(protocol: Fields, ours: Fields, query: str | None) -> QueryRequest:
    if "update" in protocol:
        raise _no_updates()
    return QueryRequest(
        query=query,
        default_graphs=tuple(protocol.get("default-graph-uri", ())),
        named_graphs=tuple(protocol.get("named-graph-uri", ())),
        format_names=_format_names(ours),
        timeout=read_timeout(single(ours, "timeout")),
        known=single(ours, "known") or None,
    )


def _no_updates() -> QueryRefused:
    return QueryRefused(
        "This address takes no updates.", "Send it to /update, with a token that may write."
    )


def _format_names(fields: Fields) -> tuple[str, ...]:
    given = (value for name in ("format", "output") for value in fields.get(name, ()))
    return tuple(dict.fromkeys(filter(None, given)))


def chosen_format(form: Form, names: Sequence[str], accept: str | None) -> Format:
    """The format that the names agree on, else the best that *accept* allows.

    SPARQLWrapper says what it wants in several ways at once, some of them no names of ours
    (``format=json-ld&format=application/ld+json,application/x-json+ld``).

    :raises BadInput: when no name is known, or they stand for different formats.
    :raises NotAcceptable: when *accept* allows none.
    """
    if not names:
        return choose(form, accept)
    found: list[Format] = []
    problems: list[DealgraphError] = []
    for name in names:
        try:
            listed = "/" in name and ("," in name or ";" in name)
            found.append(choose(form, name) if listed else named(form, name))
        except (BadInput, NotAcceptable) as error:
            problems.append(error)
    if not found:
        raise problems[0]
    if len(set(found)) > 1:
        raise BadInput(
            f"More than one format is asked for: {', '.join(names)}.", "Give one of them."
        )
    return found[0]


def read_timeout(text: str | None) -> float | None:
    """The seconds that a ?timeout= asks for; it may only lower the limit of the service.

    :raises BadInput: when it is no number above 0.
    """
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise BadInput(
            f"timeout is {text[:40]!r}, which is no number of seconds above 0.",
            "Give seconds, as in timeout=5; more than the service allows is cut to what it allows.",
        )
    return seconds
