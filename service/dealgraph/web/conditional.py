"""ETags and 304: what was answered from one release stays true as long as that release is asked.

https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Final

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from dealgraph.releases.workspace import Release
from dealgraph.version import __version__
from dealgraph.web.accept import prefers_html
from dealgraph.web.language import language
from dealgraph.web.opened import opened, release_is_named

# Seconds for which the answer of a numbered release is not asked for again. It never changes as
# long as this version of the software answers; the next may write it otherwise, and whoever keeps
# the workspace may begin a new one at 1, so that neither should stay for a year.
_DAY: Final = 24 * 3600


def tag(*parts: object) -> str:
    """An opaque tag of everything that an answer depends on.

    >>> tag("release", "query") == tag("release", "query"), tag("a", "bc") == tag("ab", "c")
    (True, False)
    """
    digest = hashlib.sha256()
    for part in parts:
        text = str(part).encode()
        # The length keeps ("a", "bc") and ("ab", "c") apart.
        digest.update(f"{len(text)}:".encode() + text)
    return digest.hexdigest()[:32]


def release_tag(release: Release, *parts: object) -> str:
    """The tag of what this version of the software makes of a release and *parts*."""
    return tag(__version__, release.number, release.content_sha256, release.known, *parts)


def unchanged(etag: str) -> Response | None:
    """An empty 304 when the client holds the answer of that tag, else None."""
    # QUERY is conditional, too: https://www.rfc-editor.org/rfc/rfc10008.html
    if request.method not in ("GET", "HEAD", "QUERY") or not request.if_none_match.contains_weak(
        etag
    ):
        return None
    return marked(Response(status=304), etag)


def marked(response: Response, etag: str) -> Response:
    """The response with its tag, and for how long caches may keep it without asking.

    What the current release answers has to be asked for each time; what a release named by its
    number answers is kept a day. The tag is weak: it promises the same answer, not the same bytes
    (row order is free in SPARQL).
    """
    response.set_etag(etag, weak=True)
    if current_app.config["DEALGRAPH_SETTINGS"].private:
        response.cache_control.private = True
    else:
        response.cache_control.public = True
    if release_is_named():
        response.cache_control.max_age = _DAY
        response.cache_control.immutable = True  # https://www.rfc-editor.org/rfc/rfc8246
    else:
        response.cache_control.no_cache = True
    return response


def same_until_next_release(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """Tags what a view gives by release, software, address, language and page length."""

    @wraps(view)
    def answer(**values: str) -> ResponseReturnValue:
        release = opened().release
        etag = release_tag(
            release,
            current_app.config["DEALGRAPH_EDITION"],
            current_app.config["DEALGRAPH_SETTINGS"].page_rows,
            request.full_path,
            "page" if prefers_html(request) else request.headers.get("Accept", ""),
            language(),
        )
        response = unchanged(etag)
        if response is None:
            response = make_response(view(**values))
            if response.status_code == 200:
                marked(response, etag)
        response.vary.update(["Accept", "Accept-Language", "Cookie"])
        return response

    return answer
