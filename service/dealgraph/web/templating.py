"""What every template may use: links that keep the language, assets, the current release."""

from typing import Final
from urllib.parse import urlencode

from flask import Flask, current_app, request

from dealgraph.engines.formats import Format
from dealgraph.errors import DealgraphError
from dealgraph.releases.workspace import Release
from dealgraph.version import __version__
from dealgraph.web.known import NAME as KNOWN_NAME
from dealgraph.web.known import known_shown
from dealgraph.web.language import language
from dealgraph.web.opened import opened
from dealgraph.web.written_dates import date_in_words

_FORMAT_LABELS: Final = {
    "TURTLE": "Turtle",
    "NTRIPLES": "N-Triples",
    "RDFXML": "RDF/XML",
    "JSONLD": "JSON-LD",
    "TRIG": "TriG",
    "NQUADS": "N-Quads",
}


def format_label(form: Format) -> str:
    """The name of a format as its specification spells it."""
    return _FORMAT_LABELS.get(form.name, form.name)


def link(path: str, **values: str) -> str:
    """A path of ours, with the language and the day as known in it where the reader's own address
    names them."""
    if "lang" in request.args:
        values = {**values, "lang": language()}
    day = known_shown()
    if day is not None:
        values = {**values, KNOWN_NAME: day.isoformat()}
    return with_query(path, list(values.items()))


def with_query(path: str, pairs: list[tuple[str, str]]) -> str:
    """A path with a query string of *pairs*, in their order."""
    if not pairs:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode(pairs)}"


def as_known_now() -> str:
    """The address of this very page, as known today."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != KNOWN_NAME]
    return with_query(request.path, kept)


def in_language(code: str) -> str:
    """The address of this very page, query string and all, in another language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return with_query(request.path, [*kept, ("lang", code)])


def asset(name: str) -> str:
    """The address of a file of ours; it changes with the file, so it may be cached for good."""
    return f"/static/{name}?v={current_app.config['DEALGRAPH_EDITION']}"


def current_release() -> Release | None:
    """The release in the foot of the page; None where none can be opened: no page fails by it.

    Pages of errors open none, since that may be what failed: see :func:`failures.answer_failure`.
    """
    try:
        return opened().release
    except DealgraphError:
        return None


def init_templates(app: Flask) -> None:
    """Makes these the globals of every template."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        link=link,
        in_language=in_language,
        as_known_now=as_known_now,
        known_shown=known_shown,
        asset=asset,
        date_in_words=date_in_words,
        format_label=format_label,
        current_release=current_release,
        version=__version__,
    )
