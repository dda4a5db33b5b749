"""The release that requests are answered from: opened once, reopened when CURRENT has moved.

A request keeps the release that it began with. When another one has been published, the old
engine is closed after the last request that uses it has ended, streamed bodies included. A
request that names a release by its number is answered from that one: see :mod:`web.older`.
"""

import threading
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from flask import Flask, current_app, g

from dealgraph.engines.reach import Reach
from dealgraph.engines.rows import RowsEngine
from dealgraph.engines.running import RunningQueries
from dealgraph.engines.viewing import Viewer
from dealgraph.errors import NotFound
from dealgraph.questions.catalog import Question
from dealgraph.questions.catalog import load as load_questions
from dealgraph.questions.internal import internal_query
from dealgraph.releases.workspace import Release, Workspace
from dealgraph.resources import folder
from dealgraph.settings import Settings
from dealgraph.web.known import known_asked, tell_known
from dealgraph.web.older import OlderReleases, OpenRelease, ending
from dealgraph.web.unopened import Unopened

__all__ = ["OpenRelease", "Releases", "init_releases", "opened", "releases_of"]

_MIB: Final = 1024 * 1024
_EXTENSION: Final = "dealgraph.releases"
# A plain store has the dataset of the standard: its own default graph, no prefixes of ours,
# and functions that nobody knows are errors of expressions.
_PLAIN: Final[dict[str, Any]] = {
    "default_graphs": None,
    "prefixes": {},
    "unknown_functions": True,
}


class Releases:
    """Hands out releases, and closes the ones before the current when nobody uses them."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self._settings = settings
        self._lock = threading.Condition()
        self._opening = threading.Lock()
        self._open: OpenRelease | None = None
        self._closed = False
        self._least = 0
        # One worker each: most is asked of the current release.
        self._older = OlderReleases(
            self._lock, lambda release: self._opened(release, 1), settings.patience
        )
        self._viewer = Viewer(
            workspace.root,
            ontology=folder("ontology"),
            memory=settings.memory * _MIB,
            seconds=settings.write_timeout,
            patience=settings.patience,
        )
        self.unopened = Unopened()
        self.running = RunningQueries()
        self.reach = Reach.read(settings.allow)
        self.questions: Mapping[str, Question] = load_questions(folder("queries"))

    def borrow(self) -> OpenRelease:
        """The current release; :meth:`give_back` it once.

        When it can't be opened the one before it goes on answering, unless :meth:`expect` rules
        that out.

        :raises WorkspaceError: when there is no release, or none that may answer can be opened.
        :raises EngineBusy: when the service is ending.
        """
        release = None
        try:
            release = self.workspace.current()
            self._follow(release)
        except Exception as error:
            if self._closed or self._open is None:
                raise
            told = self.unopened.note(release, error)
            if self._is_too_old():
                raise told from None
        with self._lock:
            if self._open is None:
                raise ending()
            self._open.users += 1
            return self._open

    def _follow(self, release: Release) -> None:
        """Opens *release*; where another request does, the one before it is good enough."""
        with self._lock:
            ready = self._open is not None and self._open.release == release
        if ready:
            self.unopened.clear()
        elif self._opening.acquire(blocking=self._is_too_old()):
            try:
                self._reopen()
            finally:
                self._opening.release()

    def _is_too_old(self) -> bool:
        return self._open is None or self._open.release.number < self._least

    def expect(self, number: int) -> None:
        """From now on answers are from that release or a later one: who wrote reads it."""
        with self._lock:
            self._least = max(self._least, number)

    def borrow_numbered(self, number: int) -> OpenRelease:
        """The release of that number, current or not; :meth:`give_back` it once.

        :raises NotFound: when there is no such release.
        :raises EngineBusy: when too many older ones are in use, or the service is ending.
        """
        release = self.workspace.release(number)
        with self._lock:
            if self._open is not None and self._open.release == release:
                self._open.users += 1
                return self._open
        if number == self.workspace.current().number:
            opened = self.borrow()
            if opened.release == release:
                return opened
            self.give_back(opened)
        return self._older.borrow(release)

    def borrow_known(self, number: int | None, known: date | None) -> OpenRelease:
        """That release, or the current one, as known on a day; :meth:`give_back` it once.

        :raises DealgraphError: as the two above, and as :meth:`Viewer.view`.
        """
        if known is None:
            return self.borrow() if number is None else self.borrow_numbered(number)
        release = self.workspace.current() if number is None else self.workspace.release(number)
        view = self._viewer.view(release, known)
        return self._older.borrow(view) if view.known else self.borrow_numbered(view.number)

    def _reopen(self) -> None:
        # Read again: who waited to get here may know of a release before the one that is open.
        release = self.workspace.current()
        with self._lock:
            if self._closed:
                raise ending()
            if self._open is not None and self._open.release == release:
                return  # another request was quicker
        self.unopened.check(release)
        fresh = self._opened(release, self._settings.workers)
        self._try(fresh)
        with self._lock:
            if self._closed:
                fresh.engine.close()  # nobody else would
                raise ending()
            retired, self._open = self._open, fresh
            if retired is not None:
                retired.retired = True
                if retired.users == 0:
                    retired.engine.close()

    def loaded(self) -> Release | None:
        """The release that requests are answered from now; None before the first is open."""
        with self._lock:
            return self._open.release if self._open is not None else None

    def opening(self) -> bool:
        """Whether a release is being opened right now."""
        return self._opening.locked()

    def pids(self) -> list[int]:
        """The process ids of the workers of that release."""
        with self._lock:
            return self._open.engine.pids() if self._open is not None else []

    def share(self, opened: OpenRelease) -> OpenRelease:
        """The same release for one user more."""
        with self._lock:
            opened.users += 1
        return opened

    def give_back(self, opened: OpenRelease) -> None:
        """Ends one use."""
        with self._lock:
            opened.users -= 1
            self._lock.notify_all()
            if opened.retired and opened.users == 0:
                opened.engine.close()

    def close(self) -> None:
        """Ends the worker processes; no release is opened after that."""
        with self._lock:
            self._closed = True
            self._older.close()
            if self._open is not None:
                self._open.engine.close()
                self._open = None

    def _opened(self, release: Release, workers: int) -> OpenRelease:
        engine = RowsEngine(
            release,
            workers=workers,
            deadline=self._settings.timeout,
            memory=self._settings.memory * _MIB,
            patience=self._settings.patience,
            sending=self._settings.sending,
            queue=self._settings.queue,
            rows=self._settings.rows,
            bytes=self._settings.bytes,
            running=self.running,
            reach=self.reach,
            **(_PLAIN if self._settings.plain else {}),
        )
        return OpenRelease(release, engine)

    def _try(self, fresh: OpenRelease) -> None:
        """Lets it answer once, before anybody depends on it."""
        try:
            if self._settings.plain:
                fresh.engine.ask(internal_query("alive"))
            else:
                _ = fresh.labels  # the first visitor of a page should not wait for them
        except BaseException:
            fresh.engine.close()
            raise


def releases_of(app: Flask) -> Releases:
    """The releases that *app* answers from."""
    return cast(Releases, app.extensions[_EXTENSION])


def opened() -> OpenRelease:
    """The release of this request.

    :raises WorkspaceError: when there is none yet.
    """
    if "opened" not in g:
        g.opened = releases_of(current_app).borrow_known(None, known_asked())
    return cast(OpenRelease, g.opened)


def opened_numbered(text: str) -> OpenRelease:
    """The release that the address names by its number; :func:`opened` gives it from then on.

    :raises NotFound: when there is none of that number.
    """
    # One address for each release: no zeros in front, and no number that takes long to read.
    if not (text.isascii() and text.isdigit() and len(text) < 10) or text.startswith("0"):
        raise NotFound(f"{text[:40]!r} is no number of a release.", "See the list at /releases.")
    if "opened" not in g:
        try:
            g.opened = releases_of(current_app).borrow_known(int(text), known_asked())
        except NotFound as error:  # whoever asks from afar need not know the folder
            raise NotFound(f"There is no release {text}.", error.cure) from None
        g.release_is_named = True
    return cast(OpenRelease, g.opened)


def release_is_named() -> bool:
    """Whether the address of this request names the release: then its answer never changes."""
    return bool(g.get("release_is_named", False))


def release_in_use() -> Release | None:
    """The release that this request has read, None where it read none; opens nothing."""
    return cast(OpenRelease, g.opened).release if "opened" in g else None


def _give_back(_error: BaseException | None) -> None:
    if "opened" in g:
        releases_of(current_app).give_back(g.pop("opened"))


def init_releases(app: Flask, workspace: Workspace, settings: Settings) -> None:
    """Makes :func:`opened` work in every request."""
    app.extensions[_EXTENSION] = Releases(workspace, settings)
    app.after_request(tell_known)
    app.teardown_request(_give_back)
