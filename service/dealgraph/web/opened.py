"""The release that requests are answered from: opened once, reopened when CURRENT has moved.

A request keeps the release that it began with. When another one has been published, the old
engine is closed after the last request that uses it has ended, streamed bodies included.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

from flask import Flask, current_app, g

from dealgraph.engines.rows import RowsEngine
from dealgraph.engines.running import RunningQueries
from dealgraph.errors import EngineBusy
from dealgraph.questions.catalog import Question
from dealgraph.questions.catalog import load as load_questions
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.workspace import Release, Workspace
from dealgraph.resources import folder
from dealgraph.settings import Settings

_MIB: Final = 1024 * 1024
_EXTENSION: Final = "dealgraph.releases"
# A plain store has the dataset of the standard: its own default graph, and no prefixes of ours.
_PLAIN: Final[dict[str, Any]] = {"default_graphs": None, "prefixes": {}}


@dataclass
class OpenRelease:
    """A release with its engine and its names; ``users`` counts who still needs it."""

    release: Release
    engine: RowsEngine
    users: int = 0
    retired: bool = False

    @cached_property
    def labels(self) -> LabelIndex:
        """The names in it, read when they are first needed: a plain store has none."""
        return LabelIndex.from_engine(self.engine)


class Releases:
    """Hands out the current release, and closes the ones before it when nobody uses them."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self._settings = settings
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._open: OpenRelease | None = None
        self._closed = False
        self.running = RunningQueries()
        self.questions: Mapping[str, Question] = load_questions(folder("queries"))

    def borrow(self) -> OpenRelease:
        """The current release; :meth:`give_back` it once.

        :raises WorkspaceError: when there is no release.
        :raises EngineBusy: when the service is ending.
        """
        release = self.workspace.current()
        with self._lock:
            ready = self._open is not None and self._open.release == release
        # While one request opens a new release, the others go on with the one before it.
        if not ready and self._opening.acquire(blocking=self._open is None):
            try:
                self._reopen()
            finally:
                self._opening.release()
        with self._lock:
            if self._open is None:
                raise _ending()
            self._open.users += 1
            return self._open

    def _reopen(self) -> None:
        # Read again: who waited to get here may know of a release before the one that is open.
        release = self.workspace.current()
        with self._lock:
            if self._closed:
                raise _ending()
            if self._open is not None and self._open.release == release:
                return  # another request was quicker
        fresh = self._opened(release)
        with self._lock:
            if self._closed:
                fresh.engine.close()  # nobody else would
                raise _ending()
            retired, self._open = self._open, fresh
            if retired is not None:
                retired.retired = True
                if retired.users == 0:
                    retired.engine.close()

    def share(self, opened: OpenRelease) -> OpenRelease:
        """The same release for one user more."""
        with self._lock:
            opened.users += 1
        return opened

    def give_back(self, opened: OpenRelease) -> None:
        """Ends one use."""
        with self._lock:
            opened.users -= 1
            if opened.retired and opened.users == 0:
                opened.engine.close()

    def close(self) -> None:
        """Ends the worker processes; no release is opened after that."""
        with self._lock:
            self._closed = True
            if self._open is not None:
                self._open.engine.close()
                self._open = None

    def _opened(self, release: Release) -> OpenRelease:
        engine = RowsEngine(
            release,
            workers=self._settings.workers,
            deadline=self._settings.timeout,
            memory=self._settings.memory * _MIB,
            patience=self._settings.patience,
            sending=self._settings.sending,
            queue=self._settings.queue,
            rows=self._settings.rows,
            bytes=self._settings.bytes,
            running=self.running,
            **(_PLAIN if self._settings.plain else {}),
        )
        opened = OpenRelease(release, engine)
        try:
            if not self._settings.plain:
                _ = opened.labels  # the first visitor of a page should not wait for them
        except BaseException:
            engine.close()
            raise
        return opened


def _ending() -> EngineBusy:
    return EngineBusy("The service is ending.", "Ask again when it has been started anew.")


class Held(Iterator[bytes]):
    """A streamed body that keeps its release open until it has been sent or given up."""

    def __init__(self, first: bytes, rest: Iterator[bytes], opened: OpenRelease) -> None:
        self._first: bytes | None = first
        self._rest = rest
        self._releases = releases_of(current_app)
        self._opened: OpenRelease | None = self._releases.share(opened)

    def __next__(self) -> bytes:
        if self._first is not None:
            chunk, self._first = self._first, None
            return chunk
        try:
            return next(self._rest)
        except BaseException:
            self.close()
            raise

    def measured(self) -> int:
        """The bytes that the body has, which are then gone: what a HEAD request is told."""
        return sum(len(chunk) for chunk in self)

    def close(self) -> None:
        """Ends the query behind the body; may be called twice."""
        end = getattr(self._rest, "close", None)
        if end is not None:
            end()
        if self._opened is not None:
            opened, self._opened = self._opened, None
            self._releases.give_back(opened)


def releases_of(app: Flask) -> Releases:
    """The releases that *app* answers from."""
    return cast(Releases, app.extensions[_EXTENSION])


def opened() -> OpenRelease:
    """The release of this request.

    :raises WorkspaceError: when there is none yet.
    """
    if "opened" not in g:
        g.opened = releases_of(current_app).borrow()
    return cast(OpenRelease, g.opened)


def release_in_use() -> Release | None:
    """The release that this request has read, None where it read none; opens nothing."""
    return cast(OpenRelease, g.opened).release if "opened" in g else None


def _give_back(_error: BaseException | None) -> None:
    if "opened" in g:
        releases_of(current_app).give_back(g.pop("opened"))


def init_releases(app: Flask, workspace: Workspace, settings: Settings) -> None:
    """Makes :func:`opened` work in every request."""
    app.extensions[_EXTENSION] = Releases(workspace, settings)
    app.teardown_request(_give_back)
