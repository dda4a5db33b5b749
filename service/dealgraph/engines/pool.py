"""The worker processes of one release: taken by one query, given back, replaced when spoilt."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from dealgraph.engines.process import WorkerProcess
from dealgraph.errors import EngineBusy

# Seconds between looks at taken workers, while someone waits for one.
_LOOK: Final = 0.25


class Pool:
    """Thread-safe; *size* processes made by *start*; *patience* in seconds."""

    def __init__(self, start: Callable[[], WorkerProcess], size: int, patience: float) -> None:
        self._start = start
        self._patience = patience
        self._changed = threading.Condition()
        self._closed = False
        self._taken: set[WorkerProcess] = set()
        self._idle = deque(start() for _ in range(size))

    def take(self) -> WorkerProcess:
        """A worker that is ready, for the caller alone until :meth:`give_back`.

        :raises EngineBusy: when none is free within the patience of the pool, or it is closed.
        :raises WorkspaceError: when the worker can't open the release.
        """
        worker = self._next()
        try:
            worker.wait_ready()
        except BaseException:
            self.give_back(worker, sound=False)
            if self._closed:
                raise out_of_service() from None
            raise
        return worker

    def give_back(self, worker: WorkerProcess, *, sound: bool) -> None:
        """Ends the caller's use; a worker that isn't sound is killed and another started.

        The new one opens the release while the caller goes on.
        """
        with self._changed:
            if worker not in self._taken:  # closed, or found dead by another
                sound = False
                ours = False
            else:
                self._taken.remove(worker)
                ours = not self._closed
            if sound and ours:
                self._idle.append(worker)
                self._changed.notify()
        if sound and ours:
            return
        worker.kill()
        if ours:
            self._replace()

    def close(self) -> None:
        """Ends every worker; queries that are running fail. May be called twice."""
        with self._changed:
            self._closed = True
            idle, taken = list(self._idle), list(self._taken)
            self._idle.clear()
            self._changed.notify_all()
        for worker in taken:
            worker.interrupt()  # whoever has it sees it die, and gives it back
        for worker in idle:
            worker.kill()

    @property
    def closed(self) -> bool:
        """Whether its release is out of service."""
        return self._closed

    def pids(self) -> list[int]:
        """The process ids of all workers."""
        with self._changed:
            return sorted(worker.pid for worker in (*self._idle, *self._taken))

    def _next(self) -> WorkerProcess:
        until = time.monotonic() + self._patience
        with self._changed:
            while True:
                if self._closed:
                    raise out_of_service()
                if self._idle:
                    # The one that was used last has the warmest caches.
                    worker = self._idle.pop()
                    self._taken.add(worker)
                    return worker
                left = until - time.monotonic()
                if left <= 0:
                    raise EngineBusy(
                        f"All {len(self._taken)} workers have been busy for "
                        f"{self._patience:g} seconds.",
                        "Ask again in a moment; a query of your own may be the one that runs.",
                    )
                self._changed.wait(min(left, _LOOK))
                if not self._idle:
                    self._bury()

    def _bury(self) -> None:
        """Replaces workers that died while whoever took them has stopped looking."""
        for worker in [each for each in self._taken if each.gone()]:
            self._taken.remove(worker)
            self._idle.append(self._start())

    def _replace(self) -> None:
        fresh = self._start()
        with self._changed:
            if not self._closed:
                self._idle.append(fresh)
                self._changed.notify()
                return
        fresh.kill()


def out_of_service() -> EngineBusy:
    """The error of a query whose engine is closed: its release is out of service."""
    return EngineBusy(
        "The release that was asked has been closed.", "Ask again: a newer one may be current."
    )
