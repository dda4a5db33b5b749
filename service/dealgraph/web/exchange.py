"""One request and its answer, watched until the last byte has been handed over or given up.

A streamed answer fails, or its client leaves, long after Flask is done with the request. So the
WSGI body is wrapped, and whoever wants to know (log, metrics) is told when that one has ended.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Flask, Response, g, request

from dealgraph.engines.answers import Answer
from dealgraph.engines.running import query_digest
from dealgraph.errors import DealgraphError
from dealgraph.web.opened import release_in_use

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ENVIRON: Final = "dealgraph.exchange"
_EXTENSION: Final = "dealgraph.exchanges"
# What a client may choose as the id of its request: nothing that could break a line or a header.
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass
class Exchange:
    """What log and metrics may know of a request; never a token, never the text of a query.

    ``began`` is in seconds since the epoch, ``seconds`` how long it took, ``bytes`` what the
    body had when it went out, ``rows`` the rows or triples of an answer that has been read to
    its end, else None. ``query`` is the digest of a SPARQL text, ``token`` the id of a token,
    ``problem`` the slug of the error that it ended in. ``aborted`` says that the body broke off.
    """

    id: str
    method: str
    path: str
    address: str
    began: float
    route: str = ""
    status: int = 0
    seconds: float = 0.0
    bytes: int = 0
    rows: int | None = None
    release: int | None = None
    cache: str = ""
    token: str = ""
    query: str = ""
    problem: str = ""
    aborted: bool = False
    _clock: float = field(default_factory=time.monotonic)

    def asked(self, text: str) -> None:
        """Notes which query was asked, by its digest; an empty text is none."""
        self.query = text and query_digest(text)


def exchange() -> Exchange:
    """The exchange of this request."""
    return exchange_of(request.environ)


def counted(answer: Answer) -> Iterator[bytes]:
    """The bytes of an answer; once they have ended the exchange of this request has its rows."""
    return _counted(answer, exchange())


def _counted(answer: Answer, noted: Exchange) -> Iterator[bytes]:
    # Flask's request is gone by the time that a streamed answer ends.
    try:
        yield from answer.chunks
    finally:
        noted.rows = answer.rows


def on_end(app: Flask, listener: Callable[[Exchange], None]) -> None:
    """Tells *listener* of every exchange of *app* that has ended; in the thread that served it."""
    app.extensions[_EXTENSION].append(listener)


def init_exchanges(app: Flask) -> None:
    """Watches every request of *app*."""
    listeners: list[Callable[[Exchange], None]] = []
    app.extensions[_EXTENSION] = listeners
    app.wsgi_app = _Watch(app.wsgi_app, listeners)  # type: ignore[method-assign]
    app.after_request(_note)


def exchange_of(environ: "WSGIEnvironment") -> Exchange:
    """The exchange of the request with that environ."""
    if _ENVIRON not in environ:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        environ[_ENVIRON] = Exchange(
            id=given if _ID.fullmatch(given) else uuid.uuid4().hex,
            method=environ["REQUEST_METHOD"],
            # WSGI hands over bytes as Latin-1 (PEP 3333).
            path=environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace"),
            address=environ.get("REMOTE_ADDR", ""),
            began=time.time(),
        )
    return cast(Exchange, environ[_ENVIRON])


def _note(response: Response) -> Response:
    """What only Flask knows, noted while the request is at hand."""
    noted = exchange()
    noted.route = request.url_rule.rule if request.url_rule else ""
    release = release_in_use()
    noted.release = release.number if release else None
    token = g.get("token")  # left there by whoever has asked for it
    noted.token = token.id if token is not None else ""
    return response


class _Watch:
    """The WSGI application around *app* that sees each body end."""

    def __init__(
        self, app: Callable[..., Iterable[bytes]], listeners: list[Callable[[Exchange], None]]
    ) -> None:
        self._app = app
        self._listeners = listeners

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        noted = exchange_of(environ)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            noted.status = int(status[:3])
            if noted.release is None:  # Flask was not asked: the cache had it
                number = dict(headers).get("X-Dealgraph-Release", "")
                noted.release = int(number) if number.isdigit() else None
            return start_response(status, headers, *rest)

        return _Body(self._app(environ, start), noted, self._listeners)


class _Body(Iterator[bytes]):
    """The bytes of a body, counted; the listeners are told once, however it ends."""

    def __init__(
        self, body: Iterable[bytes], noted: Exchange, listeners: list[Callable[[Exchange], None]]
    ) -> None:
        self._body = body
        self._chunks = iter(body)
        self._noted = noted
        self._listeners = listeners
        self._whole = False
        self._told = False

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            self._whole = True
            raise
        except Exception as error:
            slug = error.slug if isinstance(error, DealgraphError) else "internal"
            self._noted.problem = self._noted.problem or slug
            raise
        self._noted.bytes += len(chunk)
        return chunk

    def close(self) -> None:
        """Ends the body and tells the listeners; the server calls it whatever has happened."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._tell()

    def _tell(self) -> None:
        if self._told:
            return
        self._told = True
        noted = self._noted
        noted.aborted = not self._whole
        noted.seconds = time.monotonic() - noted._clock
        for listener in self._listeners:
            listener(noted)
