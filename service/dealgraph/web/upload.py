"""The body of a write, put into files: it may be larger than memory."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from flask import current_app, request

from dealgraph.engines.formats import named
from dealgraph.errors import BadInput, UnsupportedMediaType
from dealgraph.settings import Settings
from dealgraph.web.fields import read_charset
from dealgraph.writes.change import Part

_MULTIPART: Final = "multipart/form-data"


@contextmanager
def received_graph() -> Iterator[tuple[Part, ...]]:
    """The graph or graphs in the body, for as long as the context lasts.

    Without Content-Type it is RDF/XML
    (https://www.w3.org/TR/sparql11-http-rdf-update/#http-put).

    :raises UnsupportedMediaType: for a format that isn't one of graphs.
    :raises RequestEntityTooLarge: when it has more bytes than write_body.
    """
    _widen()
    with _folder() as folder:
        if request.mimetype != _MULTIPART:
            form = _form(request.mimetype or "application/rdf+xml")
            read_charset(request.mimetype_params)
            yield (Part(_stored(request.stream, folder / "0"), form, _packed()),)
            return
        files = [file for _, file in request.files.items(multi=True)]
        if not files:
            raise BadInput(
                "The form has no file in it.", "Send each graph as a file with its Content-Type."
            )
        yield tuple(
            Part(_stored(file.stream, folder / str(number)), _form(file.mimetype))
            for number, file in enumerate(files)
        )


@contextmanager
def received_update(text: str | None) -> Iterator[tuple[Part, ...]]:
    """The update in the body, or the *text* of a form, for as long as the context lasts."""
    _widen()
    with _folder() as folder:
        path = folder / "update"
        if text is None:
            yield (Part(_stored(request.stream, path), packed=_packed()),)
        else:
            path.write_text(text, encoding="utf-8")
            yield (Part(path),)


def _widen() -> None:
    """Bodies of writes have a limit of their own; what is over it is refused as it is read."""
    settings: Settings = current_app.config["DEALGRAPH_SETTINGS"]
    request.max_content_length = settings.write_body


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dealgraph-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stored(stream: IO[bytes], path: Path) -> Path:
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)
    return path


def _packed() -> bool:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise UnsupportedMediaType(
            f"The body is encoded as {encoding[:40]}.", "Send it as it is, or as gzip."
        )
    return encoding != "identity"


def _form(media_type: str) -> str:
    try:
        return named("CONSTRUCT", media_type).name.lower()
    except BadInput as error:
        raise UnsupportedMediaType(
            f"A graph of the type {media_type[:80] or '(none)'} isn't read here.", error.cure
        ) from None
