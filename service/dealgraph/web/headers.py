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
# What a script of another origin may read beside the few headers that each may read, and what it
# may send. https://fetch.spec.whatwg.org/#http-cors-protocol
EXPOSED: Final = (
    "Accept-Query, Allow, Content-Disposition, ETag, Location, Retry-After, WWW-Authenticate, "
    "X-Cache, X-Dealgraph-Release, X-Dealgraph-Truncated, X-Request-Id"
)
# On a page that leaves out rows or text, and says so in words; what it shows, as in rows=500.
TRUNCATED: Final = "X-Dealgraph-Truncated"
_SENT: Final = "Accept, Authorization, Content-Type, If-Match, If-None-Match"


def _begin() -> None:
    g.request_id = exchange().id


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-Id"] = g.request_id
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = _POLICY
    # A page of any origin may read it, and a script that holds a token may send it: a token is
    # never sent by a browser on its own, as cookies are, so no page can act in another's name.
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = EXPOSED
    # What the route answers, writing included, is what a script may send to it.
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        headers["Access-Control-Allow-Headers"] = _SENT
        headers["Access-Control-Max-Age"] = "86400"
    release = release_in_use()
    if release is not None:
        headers["X-Dealgraph-Release"] = str(release.number)
    return response


def init_headers(app: Flask) -> None:
    """Puts them on every response, errors included."""
    app.before_request(_begin)
    app.after_request(_finish)
