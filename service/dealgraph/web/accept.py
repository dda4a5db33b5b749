"""Whether a person or a program asks.

https://www.rfc-editor.org/rfc/rfc9110#field.accept
"""

from flask import Request


def prefers_html(asked: Request) -> bool:
    """Whether text/html is named, and no type that a program would want is ranked above it.

    A browser names text/html first; ``*/*`` alone (curl, most clients) is a program.
    """
    named = [(kind.lower(), quality) for kind, quality in asked.accept_mimetypes]
    html = [place for place, (kind, quality) in enumerate(named) if _is_page(kind) and quality > 0]
    if not html:
        return False
    best = named[html[0]][1]
    # werkzeug keeps the list sorted by quality; an equal one that is named first wins.
    return not any(
        quality > best or (quality == best and place < html[0])
        for place, (kind, quality) in enumerate(named)
        if not _is_page(kind) and "*" not in kind
    )


def _is_page(kind: str) -> bool:
    return kind in ("text/html", "application/xhtml+xml")
