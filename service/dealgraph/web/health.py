"""Whether the service is up, whether it can answer, and what it is: for probes and operators.

None of these needs a token, also where reading does: they tell nothing of the data.
"""

import platform
import threading
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, jsonify

from dealgraph.errors import EngineBusy, WorkspaceError
from dealgraph.questions.internal import internal_query
from dealgraph.releases.workspace import Release
from dealgraph.version import __version__
from dealgraph.web.opened import opened, releases_of

blueprint = Blueprint("health", __name__)

_EXTENSION: Final = "dealgraph.ending"
# Seconds for a query that reads nothing; it takes some milliseconds.
_ANSWERS_WITHIN: Final = 5.0


@dataclass(frozen=True)
class ReleaseState:
    """Which release answers, which is the newest on disk, and how the change between them goes.

    ``reload`` is ``done``, ``opening``, or ``pending``: the next request opens the newest.
    """

    loaded: int | None
    available: int | None
    reload: str


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process is up; nothing else is looked at."""
    return _fresh({"status": "up"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """The current release is open and a worker has just answered from it; else a 503.

    One that can't be opened is told although the one before it goes on answering.
    """
    if ending(current_app).is_set():
        raise EngineBusy("The service is ending.", "Ask again when it has been started anew.")
    release = opened()
    releases_of(current_app).unopened.raise_any()
    release.engine.ask(internal_query("alive"), timeout=_ANSWERS_WITHIN)
    return _fresh({"status": "ready", **asdict(release_state())})


@blueprint.get("/version")
def version_() -> Response:
    """The versions of the software and of the graph."""
    state = release_state()
    loaded = releases_of(current_app).loaded()
    told: dict[str, Any] = {
        "dealgraph": __version__,
        "release": _told(loaded),
        "available_release": state.available,
        "python": platform.python_version(),
        "pyoxigraph": version("pyoxigraph"),
        "rdflib": version("rdflib"),
    }
    return _fresh(told)


def release_state() -> ReleaseState:
    """The releases of this app; opens none."""
    releases = releases_of(current_app)
    loaded = releases.loaded()
    try:
        available = releases.workspace.current().number
    except WorkspaceError:
        available = None
    if loaded is not None and loaded.number == available:
        reload = "done"
    else:
        reload = "opening" if releases.opening() else "pending"
    return ReleaseState(loaded.number if loaded else None, available, reload)


def ending(app: Flask) -> threading.Event:
    """Set once the service has been told to stop."""
    event: threading.Event = app.extensions.setdefault(_EXTENSION, threading.Event())
    return event


def _told(release: Release | None) -> dict[str, Any] | None:
    if release is None:
        return None
    return {
        "number": release.number,
        "content_sha256": release.content_sha256,
        "created": release.created,
    }


def _fresh(body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.cache_control.no_store = True
    return response
