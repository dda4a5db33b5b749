"""Compressing bodies on their way out, as they are made.

https://www.rfc-editor.org/rfc/rfc9110#field.content-encoding
"""

import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from flask import Flask, Response, request

from dealgraph.web.codings import CODERS, IDENTITY, chosen_coding, identity_allowed

# A body below this many bytes fits into one packet as it is.
SMALL: Final = 1024
# A reader has what was made this long ago, in seconds, or this many bytes of it before coding.
_PATIENCE: Final = 0.1
_PENDING: Final = 64 * 1024
_TEXTS: Final = frozenset(
    {
        "application/json",
        "application/n-quads",
        "application/n-triples",
        "application/javascript",
        "application/trig",
        "application/xml",
    }
)


class Compressed(Iterator[bytes]):
    """A body in a coding, made from *body* while it is read.

    When *body* fails, nothing is finished: the coded body lacks its end, so no reader takes it
    for whole. :meth:`close` closes *body*.
    """

    def __init__(self, body: Iterable[bytes], coding: str, first: Iterable[bytes] = ()) -> None:
        self._body = body
        self._chunks = chain(first, body)
        self._coder = CODERS[coding]()
        self._pending = 0
        self._flushed = time.monotonic()
        self._ended = False

    def __next__(self) -> bytes:
        while not self._ended:
            try:
                chunk = next(self._chunks)
            except StopIteration:
                self._ended = True
                return self._coder.finish()
            except BaseException:
                self._ended = True
                raise
            coded = self._coder.feed(chunk)
            self._pending += len(chunk)
            now = time.monotonic()
            if self._pending >= _PENDING or now - self._flushed >= _PATIENCE:
                coded += self._coder.flush()
                self._pending, self._flushed = 0, now
            if coded:
                return coded
        raise StopIteration

    def close(self) -> None:
        """Gives the body up; may be called twice."""
        self._ended = True
        end = getattr(self._body, "close", None)
        if end is not None:
            end()


class _Begun(Iterator[bytes]):
    """*body* after its first chunks, *first*, have been read to see how long it is."""

    def __init__(self, first: Iterable[bytes], body: Iterable[bytes]) -> None:
        self._chunks = chain(first, body)
        self._body = body

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        end = getattr(self._body, "close", None)
        if end is not None:
            end()


def compress(response: Response) -> Response:
    """The response in the coding that the client likes best, where that is of use."""
    if response.status_code == 304:
        response.vary.add("Accept-Encoding")
        return response
    if response.status_code != 200 or not _is_text(response) or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    accepted = request.headers.get("Accept-Encoding")
    coding = chosen_coding(accepted)
    # Without chunks the end of the connection is the end of the body, which then has no size.
    if coding == IDENTITY or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return response
    least = SMALL if identity_allowed(accepted) else 0
    if not _coded(response, coding, least):
        return response
    response.content_encoding = coding
    response.headers.pop("Accept-Ranges", None)
    etag, _ = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)  # the bytes are others than those of no coding
    return response


def _coded(response: Response, coding: str, least: int) -> bool:
    """Puts the coded body into the response, unless it is shorter than *least* bytes."""
    if response.is_sequence:
        body = response.get_data()
        # What HEAD is told of a body that was measured, not kept.
        size = max(len(body), response.content_length or 0)
        if size < least:
            return False
        if body:
            response.set_data(b"".join(Compressed([body], coding)))
        else:
            _without_length(response, iter(()))
        return True
    if response.content_length is not None and response.content_length < least:
        return False
    body_chunks = iter(response.response)  # type: ignore[arg-type]
    first: list[bytes] = []
    size = 0
    while size < least:
        # Nothing fails here: whatever makes a body has made its first chunks by now.
        chunk = next(body_chunks, None)
        if chunk is None:
            response.response = _Begun(first, response.response)  # type: ignore[arg-type]
            return False
        first.append(chunk)  # type: ignore[arg-type]
        size += len(chunk)
    _without_length(response, Compressed(response.response, coding, first))  # type: ignore[arg-type]
    return True


def _without_length(response: Response, body: Iterator[bytes]) -> None:
    response.direct_passthrough = False
    response.response = body
    response.headers.pop("Content-Length", None)


def _is_text(response: Response) -> bool:
    kind = response.mimetype
    return kind in _TEXTS or kind.startswith("text/") or kind.endswith(("+json", "+xml"))


def init_compression(app: Flask) -> None:
    """Compresses every response; call it first, since what is registered first comes last."""
    app.after_request(compress)
