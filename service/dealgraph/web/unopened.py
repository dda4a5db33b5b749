"""A newest release that can't be opened, while one before it goes on answering."""

import logging
import threading
import time
from typing import Final, NoReturn

from dealgraph.errors import DealgraphError, WorkspaceError
from dealgraph.releases.workspace import Release

# Seconds before it is tried again: each attempt starts a process, and somebody waits for it.
_AGAIN: Final = 5.0

_log: Final = logging.getLogger(__name__)


class Unopened:
    """Which release could not be opened last, and why; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._release: Release | None = None
        self._error: DealgraphError | None = None
        self._until = 0.0

    def note(self, release: Release | None, error: Exception) -> DealgraphError:
        """What to tell of it; logged when it is news. *release* is None where CURRENT is broken."""
        with self._lock:
            before = self._error
            if error is before:
                return before
            told = _told(release, error)
            news = before is None or (self._release, str(before)) != (release, str(told))
            self._release, self._error = release, told
            self._until = time.monotonic() + _AGAIN
        if news:
            name = f"release {release.number}" if release else "the current release"
            _log.error("%s can't be opened, the one before it goes on answering: %s", name, told)
        return told

    def clear(self) -> None:
        """The current release is open."""
        with self._lock:
            self._release, self._error = None, None

    def check(self, release: Release) -> None:
        """Raises what opening that release has just failed by; nothing when it may be tried."""
        with self._lock:
            error = self._error if self._release == release else None
            if error is not None and time.monotonic() < self._until:
                _again(error)

    def raise_any(self) -> None:
        """Raises what opening the newest release fails by, if it does."""
        error = self._error
        if error is not None:
            _again(error)


def _again(error: DealgraphError) -> NoReturn:
    # Without the trace of whoever was told before, which would grow with each.
    raise error.with_traceback(None)


def _told(release: Release | None, error: Exception) -> DealgraphError:
    """The error as one that says: not your fault, try again (503)."""
    if isinstance(error, DealgraphError) and error.status == WorkspaceError.status:
        return error
    name = f"Release {release.number}" if release else "The current release"
    return WorkspaceError(
        f"{name} can't be opened: {type(error).__name__}: {error}",
        "Restore its folder from a backup, or build a new release from the records.",
    )
