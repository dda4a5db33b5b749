"""Who asks: tokens in the Authorization header, and what they allow.

``Bearer <token>`` (https://www.rfc-editor.org/rfc/rfc6750) counts for every method. ``Basic``
(https://www.rfc-editor.org/rfc/rfc7617, the token as password) counts for methods that change
nothing: a browser asks its user once and then sends it along with everything, also with a form
that a stranger's page has made it send.
"""

import base64
import binascii
from typing import Final, cast

from flask import Flask, Response, current_app, g, request

from dealgraph.errors import DealgraphError, Forbidden, Unauthorized
from dealgraph.releases.tokens import Token, Tokens

_EXTENSION: Final = "dealgraph.tokens"
# QUERY: https://httpwg.org/http-extensions/draft-ietf-httpbis-safe-method-w-body.html
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
# What a private service tells everybody: that it runs, how it is called, how it looks.
_OPEN: Final = frozenset({"/healthz", "/readyz", "/version"})
_OPEN_STARTS: Final = ("/openapi.", "/static/")
_REALM: Final = 'realm="dealgraph"'


def holder() -> Token | None:
    """The token of this request; None where it has no Authorization header.

    :raises Unauthorized: when the header can't be read, or its token is not known, revoked or
        expired.
    """
    if "token" not in g:
        header = request.headers.get("Authorization")
        g.token = None if header is None else _known(header)
    return cast(Token | None, g.token)


def require(scope: str) -> Token:
    """The token of this request, which has that scope; any token may read.

    :raises Unauthorized: when there is none.
    :raises Forbidden: when it doesn't have the scope.
    """
    token = holder()
    if token is None:
        raise Unauthorized(
            f"{request.method} {request.path} needs a token with the scope {scope}.",
            "Send the header Authorization: Bearer <token>; who runs the service makes tokens.",
        )
    if scope != "read" and scope not in token.scopes:
        raise Forbidden(
            f"The token {token.name} doesn't have the scope {scope}.",
            "Take another token, or have one made that has it.",
        )
    return token


def owner() -> str:
    """Who this request belongs to: ``token:<id>``, or ``address:<ip>`` where it has no token.

    A token that is not known makes no difference here: reading a public service needs none, and
    the header may be meant for a proxy in front.
    """
    try:
        token = holder()
    except DealgraphError:
        token = None
    return f"token:{token.id}" if token is not None else f"address:{request.remote_addr}"


def _known(header: str) -> Token:
    scheme, _, given = header.partition(" ")
    secret = given.strip()
    if scheme.lower() == "basic":
        if request.method not in _SAFE:
            raise Unauthorized(
                f"A password is not enough for {request.method}.",
                "Send the token in the header Authorization: Bearer <token>.",
            )
        secret = _password(secret)
    elif scheme.lower() != "bearer":
        raise Unauthorized(
            f"The Authorization header has the scheme {scheme[:40]!r}, which isn't known here.",
            "Send the header Authorization: Bearer <token>.",
        )
    token = cast(Tokens, current_app.extensions[_EXTENSION]).find(secret)
    if token is None:
        raise Unauthorized(
            "The token is not known, or it has expired or been revoked.",
            "See that it is whole; who runs the service can make a new one.",
        )
    return token


def _password(given: str) -> str:
    try:
        pair = base64.b64decode(given, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise Unauthorized(
            "The Authorization header has no name and password that can be read.",
            "Give any name, and the token as password.",
        ) from None
    return pair.partition(":")[2]


def _keep_private() -> None:
    """Asks for a token before anything else is told, also whether there is such an address."""
    if request.path in _OPEN or request.path.startswith(_OPEN_STARTS):
        return
    # A browser asks without credentials whether it may ask with some; it is told no content.
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return
    require("read")


def _challenge(response: Response) -> Response:
    if response.status_code == 401:
        invalid = ', error="invalid_token"' if "Authorization" in request.headers else ""
        response.headers["WWW-Authenticate"] = f"Bearer {_REALM}{invalid}"
        if request.method in _SAFE:
            response.headers.add("WWW-Authenticate", f'Basic {_REALM}, charset="UTF-8"')
    return response


def _no_shared_cache(response: Response) -> Response:
    """What needed a token is kept by nobody but its reader."""
    if not request.path.startswith(_OPEN_STARTS):
        cache = response.cache_control
        cache.public = False
        cache.s_maxage = None
        cache.private = True
        response.vary.add("Authorization")
    return response


def init_authentication(app: Flask, tokens: Tokens) -> None:
    """Makes :func:`holder` work, and keeps a private service private.

    Belongs after init_headers: the id of the request must be known when one is refused.
    """
    app.extensions[_EXTENSION] = tokens
    app.after_request(_challenge)
    if app.config["DEALGRAPH_SETTINGS"].private:
        app.before_request(_keep_private)
        app.after_request(_no_shared_cache)
