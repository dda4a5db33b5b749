"""Whether a person or a program asks.

https://www.rfc-editor.org/rfc/rfc9110#field.accept
"""

from flask import Request

from dealgraph.engines.accept import parse_accept


def prefers_html(asked: Request) -> bool:
    """Whether the Accept header of a request is that of a browser: see :func:`wants_page`."""
    return wants_page(asked.headers.get("Accept", ""))


def wants_page(accept: str) -> bool:
    """Whether a page is named, and no type that a program would want is ranked above it.

    A browser names text/html first; ``*/*`` alone (curl, most clients) is a program. Of types
    that weigh the same the first counts; images don't count, since browsers list them too.

    >>> wants_page("text/html, application/xml;q=0.9, */*;q=0.8"), wants_page("*/*")
    (True, False)
    """
    ranges = [each for each in parse_accept(accept) if each.weight > 0]
    pages = [place for place, each in enumerate(ranges) if _is_page(each.media_type)]
    if not pages:
        return False
    best = max(pages, key=lambda place: ranges[place].weight)
    return not any(
        (each.weight, best) > (ranges[best].weight, place)
        for place, each in enumerate(ranges)
        if not _is_page(each.media_type) and _is_data(each.media_type)
    )


def _is_page(kind: str) -> bool:
    return kind in ("text/html", "application/xhtml+xml")


def _is_data(kind: str) -> bool:
    return "*" not in kind and not kind.startswith("image/")
