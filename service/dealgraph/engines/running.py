"""The queries that run now: who asked them, how far they are, and how they are stopped."""

import hashlib
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from dealgraph.errors import NotFound

State = Literal["waiting", "evaluating", "sending"]


class Asker(TypedDict):
    """Who asks a query, as ``RowsEngine.answer`` and ``table`` take it."""

    owner: str
    id: str
    gone: Callable[[], bool] | None


@dataclass
class Running:
    """A query from the moment it waits for a worker until its last row has left the worker.

    ``started`` is in seconds since the epoch, ``release`` the number of the release that is
    asked, ``digest`` the first 16 hex digits of the SHA-256 of the text.
    """

    id: str
    owner: str
    form: str
    text: str
    release: int
    digest: str = ""
    started: float = field(default_factory=time.time)
    state: State = "waiting"

    def __post_init__(self) -> None:
        self.digest = self.digest or query_digest(self.text)

    @property
    def seconds(self) -> float:
        """How long it has been running, waiting included."""
        return max(0.0, time.time() - self.started)


def query_digest(text: str) -> str:
    """What names a query without telling it: the first 16 hex digits of its SHA-256."""
    # A query may hold what is no Unicode: it is refused later, and must be listed till then.
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:16]


class RunningQueries:
    """All of a service, whichever release they ask. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[str, tuple[Running, Callable[[], None]]] = {}

    def register(self, running: Running, stop: Callable[[], None]) -> None:
        """Lists a query; *stop* is called at most once, by another thread, to end it.

        An id that is missing or taken (a request may ask several queries) is replaced.
        """
        with self._lock:
            if not running.id or running.id in self._all:
                running.id = uuid.uuid4().hex
            self._all[running.id] = (running, stop)

    def finish(self, running: Running) -> None:
        """Takes a query off the list; may be called twice."""
        with self._lock:
            self._all.pop(running.id, None)

    def list(self, owner: str | None = None) -> "list[Running]":
        """The queries of *owner*, or all where that is None, the oldest first."""
        with self._lock:
            every = [running for running, _ in self._all.values()]
        every.sort(key=lambda running: running.started)
        return [running for running in every if owner in (None, running.owner)]

    def stop(self, id: str, owner: str | None = None) -> None:
        """Ends a query of *owner*, or of anybody where that is None; its reader is told so.

        :raises NotFound: when no such query of theirs runs.
        """
        with self._lock:
            found = self._all.get(id)
            if found is None or owner not in (None, found[0].owner):
                raise NotFound(
                    f"No query of yours with the id {id[:64]!r} is running.",
                    "It may have ended; GET /queries lists those that run.",
                )
            del self._all[id]
        found[1]()
