"""Answers that were given before, given again without asking the app.

A middleware between the server and the app: it keeps what the app marks as cacheable by all, and
nothing outlives its release, since the release is part of every key. What is held is sent with
the rules of https://www.rfc-editor.org/rfc/rfc9111, for which this is the origin: an answer is
as good as new, so there is no Age.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from flask import Request
from werkzeug.datastructures import Headers, ResponseCacheControl
from werkzeug.http import (
    parse_cache_control_header,
    parse_etags,
    parse_options_header,
    unquote_etag,
)

from dealgraph.errors import DealgraphError
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.cache_store import CacheStore, Collected, Stored
from dealgraph.web.codings import chosen_coding, identity_allowed
from dealgraph.web.exchange import Exchange, exchange_of
from dealgraph.web.language import choose_language
from dealgraph.web.sparql_request import BODIES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_MIB: Final = 1024 * 1024
_HEADER: Final = "X-Cache"
# Each request has its own, or an answer has it for a reason that does not last.
_OWN: Final = frozenset({"x-request-id", "x-cache", "date", "connection", "transfer-encoding"})
# A 304 speaks of no body: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
_OF_BODY: Final = frozenset({"content-length", "content-type", "content-encoding"})
# What the key tells apart; an answer that varies by anything else is not kept.
_KNOWN: Final = frozenset({"accept", "accept-encoding", "accept-language", "cookie"})
_NUMBERED: Final = re.compile(r"/releases/([1-9][0-9]{0,8})/")


class AnswerCache:
    """Wraps *app*; holds ``settings.cache`` MiB of answers, none if that is 0.

    Whether an answer was held is noted in the exchange of its request.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        workspace: Workspace,
        settings: Settings,
    ) -> None:
        self.store = CacheStore(settings.cache * _MIB)
        self._app = app
        self._workspace = workspace
        self._settings = settings
        self._on = settings.cache > 0 and not settings.private

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The answer: https://peps.python.org/pep-3333/"""
        if not self._on or not _may_be_held(environ, self._settings.body):
            return self._app(environ, start_response)
        release = self._release(environ.get("PATH_INFO", ""))
        if release is None:
            return self._app(environ, start_response)
        number, mark = release
        key = self._key(environ, number, mark)
        # A client that asks for no-cache wants it made anew.
        wish = parse_cache_control_header(environ.get("HTTP_CACHE_CONTROL"))
        held = None if wish.no_cache or wish.no_store else self.store.get(key)
        if held is not None:
            return self._again(held, environ, start_response)
        return self._first(key, number, environ, start_response)

    def _release(self, path: str) -> tuple[int, object] | None:
        """The number of the release that a path is answered from, and a mark of its content."""
        named = _NUMBERED.match(path)
        if named is None:
            return self._workspace.current_mark()
        try:
            release = self._workspace.release(int(named[1]))
        except DealgraphError:
            return None  # the app tells it
        return release.number, release.content_sha256

    def _key(self, environ: "WSGIEnvironment", number: int, mark: object) -> bytes:
        method = environ["REQUEST_METHOD"]
        digest = hashlib.sha256()
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        parts: tuple[object, ...] = (
            number,
            mark,
            "GET" if method == "HEAD" else method,
            environ.get("wsgi.url_scheme"),
            environ.get("HTTP_HOST"),
            environ.get("SERVER_PROTOCOL"),
            environ.get("SCRIPT_NAME"),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING"),
            environ.get("HTTP_ACCEPT"),
            # Many headers say the same: what comes of them is told apart.
            chosen_coding(accepted),
            identity_allowed(accepted),
            self._language(environ),
        )
        for part in parts:
            text = str(part).encode("utf-8", "surrogateescape")
            digest.update(b"%d:" % len(text) + text)
        if method in ("POST", "QUERY"):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = BytesIO(body)
            digest.update(environ["CONTENT_TYPE"].encode("latin-1") + b"\n" + body)
        return digest.digest()

    def _language(self, environ: "WSGIEnvironment") -> str:
        # ?lang= is in the key with the query string. Most programs name no language otherwise.
        if "HTTP_ACCEPT_LANGUAGE" in environ or "HTTP_COOKIE" in environ:
            return choose_language(Request(environ), self._settings.language)
        return self._settings.language

    def _again(
        self, held: Stored, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        conditional = environ.get("HTTP_IF_NONE_MATCH") if method != "POST" else None
        unchanged = _matches(conditional, held.etag)
        noted = exchange_of(environ)
        headers = [(_HEADER, "hit"), ("X-Request-Id", noted.id)]
        headers += [
            pair for pair in held.headers if not unchanged or pair[0].lower() not in _OF_BODY
        ]
        noted.cache, noted.query = "hit", held.query
        noted.rows = None if unchanged else held.rows
        body = b"" if unchanged or method == "HEAD" else held.body
        start_response("304 NOT MODIFIED" if unchanged else "200 OK", headers)
        return [body] if body else []

    def _first(
        self,
        key: bytes,
        number: int,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        exchange_of(environ).cache = "miss"
        collected: list[Collected] = []
        announced: list[int | None] = [None]

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            collected.clear()
            fields = Headers(headers)
            if _is_cacheable(status, fields, number):
                headers = [*headers, (_HEADER, "miss")]
                if environ["REQUEST_METHOD"] != "HEAD":
                    kept = [pair for pair in fields if pair[0].lower() not in _OWN]
                    announced[0] = fields.get("Content-Length", type=int)
                    collected.append(Collected(self.store, key, kept, fields["ETag"]))
            if exc_info is not None:
                return start_response(status, headers, exc_info)
            return start_response(status, headers)

        body = self._app(environ, started)
        return _Watched(body, collected, announced, exchange_of(environ)) if collected else body


class _Watched(Iterator[bytes]):
    """A body on its way to the client, which is kept when it has come to its end."""

    def __init__(
        self,
        body: Iterable[bytes],
        collected: list[Collected],
        announced: list[int | None],
        noted: Exchange,
    ) -> None:
        self._body = body
        self._chunks = iter(body)
        self._collected = collected
        self._announced = announced
        self._noted = noted

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            for each in self._collected:
                each.keep(self._announced[0], self._noted.rows, self._noted.query)
            self._collected.clear()
            raise
        except BaseException:
            self._drop()
            raise
        for each in self._collected:
            each.add(chunk)
        return chunk

    def close(self) -> None:
        """Ends the body; what has not come to its end by now is not kept."""
        self._drop()
        end = getattr(self._body, "close", None)
        if end is not None:
            end()

    def _drop(self) -> None:
        for each in self._collected:
            each.drop()
        self._collected.clear()


def _may_be_held(environ: "WSGIEnvironment", most: int) -> bool:
    """Whether a request is one whose answer others may get, too."""
    if "HTTP_AUTHORIZATION" in environ or "HTTP_RANGE" in environ:
        return False
    match environ["REQUEST_METHOD"]:
        case "GET" | "HEAD":
            return True
        case "POST" | "QUERY":
            kind = parse_options_header(environ.get("CONTENT_TYPE"))[0].lower()
            length = str(environ.get("CONTENT_LENGTH") or "")
            return kind in BODIES and length.isascii() and length.isdigit() and int(length) <= most
    return False


def _is_cacheable(status: str, headers: Headers, number: int) -> bool:
    """Whether the app says that this answer, of that release, is the same for all."""
    control = parse_cache_control_header(headers.get("Cache-Control"), None, ResponseCacheControl)
    vary = {name.strip().lower() for name in headers.get("Vary", "").split(",") if name.strip()}
    return (
        status.startswith("200")
        and "ETag" in headers
        and bool(control.public)
        and not control.no_store
        and "Set-Cookie" not in headers
        and headers.get("X-Dealgraph-Release") == str(number)
        and vary <= _KNOWN
    )


def _matches(if_none_match: str | None, etag: str) -> bool:
    return if_none_match is not None and parse_etags(if_none_match).contains_weak(
        unquote_etag(etag)[0] or ""
    )
