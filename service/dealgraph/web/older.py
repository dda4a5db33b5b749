"""Releases that are open: their count of users, and those that are no longer the current one."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dealgraph.engines.rows import RowsEngine
from dealgraph.errors import EngineBusy
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.workspace import Release

# Each has a worker process of its own, with as much memory as any other may take.
MOST: Final = 2


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


class OlderReleases:
    """Keeps the :data:`MOST` older releases open that were asked last.

    *changed* guards every ``users`` and is notified when one has gone down; *opener* opens a
    release; *patience* is how many seconds to wait while all that may be open are in use.
    """

    def __init__(
        self,
        changed: threading.Condition,
        opener: Callable[[Release], OpenRelease],
        patience: float,
    ) -> None:
        self._changed = changed
        self._opener = opener
        self._patience = patience
        self._door = threading.Lock()
        self._open: OrderedDict[tuple[int, str], OpenRelease] = OrderedDict()
        self._closed = False

    def borrow(self, release: Release) -> OpenRelease:
        """*release*, opened if need be, for one user more.

        :raises EngineBusy: when as many as may be open stay in use, or the service is ending.
        """
        with self._changed:
            found = self._found(release)
            if found is not None:
                return found
        # One at a time, or two would open the same. Who finds theirs open does not wait here.
        with self._door:
            with self._changed:
                found = self._found(release)
                if found is not None:
                    return found
                self._make_room()
            fresh = self._opener(release)
            with self._changed:
                if self._closed:
                    fresh.engine.close()  # nobody else would
                    raise ending()
                # Another workspace may have come to stand in this place, with the same numbers.
                stale = self._open.pop(_key(release), None)
                if stale is not None:
                    stale.retired = True
                    if stale.users == 0:
                        stale.engine.close()
                fresh.users += 1
                self._open[_key(release)] = fresh
                return fresh

    def close(self) -> None:
        """Ends their worker processes; call it with *changed* held."""
        self._closed = True
        while self._open:
            self._open.popitem()[1].engine.close()

    def _found(self, release: Release) -> OpenRelease | None:
        if self._closed:
            raise ending()
        found = self._open.get(_key(release))
        if found is None or found.release != release:
            return None
        self._open.move_to_end(_key(release))
        found.users += 1
        return found

    def _make_room(self) -> None:
        until = time.monotonic() + self._patience
        while len(self._open) >= MOST:
            idle = [key for key, each in self._open.items() if each.users == 0]
            if idle:  # the first is the one that was asked longest ago
                self._open.pop(idle[0]).engine.close()
            elif not self._changed.wait(until - time.monotonic()):
                raise EngineBusy(
                    f"{MOST} older releases are being asked, and no more are kept open.",
                    "Ask again in a moment, or ask the current release.",
                )


def _key(release: Release) -> tuple[int, str]:
    return release.number, release.known


def ending() -> EngineBusy:
    """The error of who comes after the service has begun to end."""
    return EngineBusy("The service is ending.", "Ask again when it has been started anew.")
