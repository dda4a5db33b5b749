"""A body that is made while it is sent; what is told of it where it can't be sent in chunks."""

import tempfile
from collections.abc import Iterator
from typing import Final

from flask import Response, request

from dealgraph.engines.formats import Format
from dealgraph.web.held import Held
from dealgraph.web.opened import OpenRelease

_IN_MEMORY: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024


def streamed(chunks: Iterator[bytes], form: Format, release: OpenRelease) -> Response:
    """The response with *chunks* as its body, in the media type of *form*.

    Whatever fails before the first byte is raised here, so it is told as an error of its own.
    """
    body = Held(next(chunks, b""), chunks, release)
    if request.method == "HEAD":
        response = Response(headers={"Content-Length": str(body.measured())})
    elif request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        # Without chunks a broken-off body looks whole to the client, so it is sent whole or not.
        response = _whole(body)
    else:
        response = Response(body)
    response.headers["Content-Type"] = content_type(form)
    return response


def content_type(form: Format) -> str:
    """The Content-Type of a body in that format: a text says its charset."""
    text = form.media_type.startswith("text/")
    return form.media_type + ("; charset=utf-8" if text else "")


def _whole(body: Held) -> Response:
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - sent later
    size = sum(spool.write(chunk) for chunk in body)
    spool.seek(0)

    def chunks() -> Iterator[bytes]:
        with spool:
            while chunk := spool.read(_CHUNK):
                yield chunk

    response = Response(chunks())
    response.content_length = size
    return response
