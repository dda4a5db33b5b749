"""The worker processes of one release: shared fairly, given back, replaced when spoilt."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dealgraph.engines.process import WorkerProcess
from dealgraph.errors import EngineBusy

# Seconds between looks at taken workers, and at whether the caller still waits for one.
_LOOK: Final = 0.25


@dataclass(eq=False)
class _Waiting:
    """A caller without a worker yet; ``turn`` is given once it may have one.

    ``worker`` is then one that stands ready, or None: start one.
    """

    owner: str
    noticed: threading.Condition
    turn: bool = False
    refused: EngineBusy | None = None
    worker: WorkerProcess | None = None


class Pool:
    """Thread-safe; up to *size* processes made by *start*, one at once, others when needed.

    Up to *queue* callers wait, each for *patience* seconds at most; where more want to, the owner
    with the most is refused. Of those who wait, the owner with the fewest workers is served next,
    then whoever has waited longest; one owner never holds all workers where there are several.
    The owner "" is the service itself: no such bound.
    """

    def __init__(
        self, start: Callable[[], WorkerProcess], size: int, patience: float, queue: int = 32
    ) -> None:
        self._start = start
        self._size = size
        self._share = max(1, size - 1)
        self._patience = patience
        self._queue = queue
        self._lock = threading.Lock()
        self._closed = False
        self._waiting: list[_Waiting] = []
        self._taken: dict[WorkerProcess, str] = {}
        self._held: Counter[str] = Counter()
        self._starting = 0
        self._idle = [start()]

    def take(self, owner: str = "", check: Callable[[], None] | None = None) -> WorkerProcess:
        """A worker that is ready, for the caller alone until :meth:`give_back`.

        *check* is called now and then while the caller waits; what it raises ends the waiting.

        :raises EngineBusy: when too many wait, none is free within the patience of the pool, or
            it is closed.
        :raises WorkspaceError: when the worker can't open the release.
        """
        worker = self._next(owner, check or _nothing)
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
        if not sound:
            worker.kill()  # before its place is free: more than size would take too much memory
        with self._lock:
            ours = self._untake(worker)  # not when closed, or found dead by another
            kept = sound and ours and not self._closed
            if kept:
                self._idle.append(worker)
            self._assign()
            spare = ours and not kept and not self._closed and self._free()
            self._starting += spare
        if sound and not kept:
            worker.kill()
        if spare:
            self._add_spare()

    def close(self) -> None:
        """Ends every worker; queries that are running fail. May be called twice."""
        with self._lock:
            self._closed = True
            idle, taken = list(self._idle), list(self._taken)
            self._idle.clear()
            for waiting in self._waiting:
                waiting.noticed.notify()
        for worker in taken:
            worker.interrupt()  # whoever has it sees it die, and gives it back
        for worker in idle:
            worker.kill()

    @property
    def closed(self) -> bool:
        """Whether its release is out of service."""
        return self._closed

    def pids(self) -> list[int]:
        """The process ids of all workers there are now."""
        with self._lock:
            return sorted(worker.pid for worker in (*self._idle, *self._taken))

    def waiting(self) -> int:
        """How many callers wait for a worker."""
        with self._lock:
            return len(self._waiting)

    def _next(self, owner: str, check: Callable[[], None]) -> WorkerProcess:
        until = time.monotonic() + self._patience
        with self._lock:
            mine = _Waiting(owner, threading.Condition(self._lock))
            self._waiting.append(mine)
            try:
                self._bury()
                if not mine.turn and len(self._waiting) > self._queue:
                    self._refuse_one()
                while not mine.turn:
                    if self._closed:
                        raise out_of_service()
                    if mine.refused is not None:
                        raise mine.refused
                    left = until - time.monotonic()
                    if left <= 0:
                        raise self._too_long(owner)
                    check()
                    mine.noticed.wait(min(left, _LOOK))
                    if not mine.turn:
                        self._bury()
            except BaseException:
                self._withdraw(mine)
                raise
        return self._given(mine)

    def _withdraw(self, mine: _Waiting) -> None:
        """Takes back what a caller was given who does not want it any more, or the waiting."""
        if not mine.turn:
            if mine in self._waiting:
                self._waiting.remove(mine)
            return
        if mine.worker is not None:
            self._untake(mine.worker)
            self._idle.append(mine.worker)
        else:
            self._starting -= 1
            self._release(mine.owner)
        self._assign()

    def _given(self, mine: _Waiting) -> WorkerProcess:
        """The worker of a caller whose turn it is, started where none stood ready."""
        if mine.worker is not None:
            return mine.worker
        try:
            worker = self._start()
        except BaseException:
            with self._lock:
                self._withdraw(mine)
            raise
        with self._lock:
            self._starting -= 1
            self._taken[worker] = mine.owner
            closed = self._closed
        if closed:
            self.give_back(worker, sound=False)
            raise out_of_service()
        return worker

    def _assign(self) -> None:
        """Gives workers, or the right to start one, to those whose turn it is."""
        while not self._closed and (self._idle or self._free()):
            able = [each for each in self._waiting if self._may(each.owner)]
            if not able:
                return
            # min() takes the first of equals: whoever has waited longest.
            best = min(able, key=lambda each: self._held[each.owner])
            self._waiting.remove(best)
            self._held[best.owner] += 1
            if self._idle:
                # The one that was used last has the warmest caches.
                best.worker = self._idle.pop()
                self._taken[best.worker] = best.owner
            else:
                self._starting += 1
            best.turn = True
            best.noticed.notify()

    def _refuse_one(self) -> None:
        """Takes one off the queue: the newest of the owner with the most, so nobody can fill it."""
        count = Counter(each.owner for each in self._waiting)
        newest = self._waiting[-1]
        worst = max(self._waiting, key=lambda each: count[each.owner]).owner
        if count[worst] > count[newest.owner]:
            newest = [each for each in self._waiting if each.owner == worst][-1]
        self._waiting.remove(newest)
        newest.refused = self._full(newest.owner)
        newest.noticed.notify()

    def _may(self, owner: str) -> bool:
        return owner == "" or self._held[owner] < self._share

    def _free(self) -> bool:
        return len(self._idle) + len(self._taken) + self._starting < self._size

    def _untake(self, worker: WorkerProcess) -> bool:
        owner = self._taken.pop(worker, None)
        if owner is not None:
            self._release(owner)
        return owner is not None

    def _release(self, owner: str) -> None:
        self._held[owner] -= 1
        if not self._held[owner]:
            del self._held[owner]  # else every address that ever asked would stay in memory

    def _bury(self) -> None:
        """Forgets workers that died while nobody was looking at them, and gives what is free."""
        for worker in [each for each in self._taken if each.gone()]:
            self._untake(worker)
        for worker in [each for each in self._idle if each.gone()]:
            self._idle.remove(worker)
            worker.kill()
        self._assign()

    def _add_spare(self) -> None:
        """Starts a worker for whoever comes next."""
        fresh = None
        try:
            fresh = self._start()
        finally:
            with self._lock:
                self._starting -= 1
                if fresh is not None and not self._closed:
                    self._idle.append(fresh)
                    fresh = None
                self._assign()
        if fresh is not None:
            fresh.kill()

    def _full(self, owner: str) -> EngineBusy:
        return EngineBusy(
            f"{self._busy(owner)}, and {len(self._waiting)} queries wait already, as many as the "
            "setting queue allows.",
            "Ask again in a moment, with fewer queries at once.",
        )

    def _too_long(self, owner: str) -> EngineBusy:
        return EngineBusy(
            f"{self._busy(owner)} for {self._patience:g} seconds, as long as the setting patience "
            "lets a query wait.",
            "Ask again in a moment; a query of your own may be the one that runs.",
        )

    def _busy(self, owner: str) -> str:
        if not self._may(owner) and (self._idle or self._free()):
            return f"{self._held[owner]} of {self._size} workers, all that you may have, are busy"
        return f"All {self._size} workers are busy"


def out_of_service() -> EngineBusy:
    """The error of a query whose engine is closed: its release is out of service."""
    return EngineBusy(
        "The release that was asked has been closed.", "Ask again: a newer one may be current."
    )


def _nothing() -> None:
    pass
