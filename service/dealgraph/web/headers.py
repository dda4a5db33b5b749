"""Headers of every response: an id, what a browser may do with it, and who may read it."""

from typing import Final

from flask import Flask, Response, g, request

from dealgraph.web.exchange import exchange
from dealgraph.web.opened import release_in_use

# Nothing but our own files, no inline script or style, never inside a frame.
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_EXPOSED: Final = "ETag, X-Dealgraph-Release, X-Request-Id, Content-Disposition, Retry-After"


def _begin() -> None:
    g.request_id = exchange().id


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-Id"] = g.request_id
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = _POLICY
    # All of it is public reading without credentials, so a page of any origin may read it.
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
    release = release_in_use()
    if release is not None:
        headers["X-Dealgraph-Release"] = str(release.number)
    return response


def init_headers(app: Flask) -> None:
    """Puts them on every response, errors included."""
    app.before_request(_begin)
    app.after_request(_finish)
