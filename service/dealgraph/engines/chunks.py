"""The bytes of one answer, as its worker makes them."""

import json
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

from dealgraph.engines.failures import Asked, client_gone, stopped
from dealgraph.engines.frames import DATA
from dealgraph.engines.pool import Pool, out_of_service
from dealgraph.engines.process import Died, OutOfTime, Request, WorkerProcess
from dealgraph.engines.running import Running, RunningQueries
from dealgraph.errors import DealgraphError

# Bytes that are fetched before the answer is handed out: most answers are whole by then, so a
# failure can still be told as one, and the worker is free for others while the reader reads.
_HEAD: Final = 1024 * 1024
# Seconds between looks at whether somebody still wants the answer.
_LOOK: Final = 0.25


class Chunks(Iterator[bytes]):
    """Made when the first bytes are there, or all. For one reader at a time.

    The deadline counts the time in which the worker is waited for, not that of a slow reader;
    that one is bounded by the worker's own alarm. A failure is raised again at each further
    attempt to read. ``rows`` and ``bytes`` say what the whole answer has, once it has ended.
    *gone* tells whether the reader has gone away: the query is then stopped.
    """

    def __init__(
        self,
        pool: Pool,
        request: Request,
        asked: Asked,
        running: Running,
        registry: RunningQueries,
        gone: Callable[[], bool] | None = None,
    ) -> None:
        self.rows: int | None = None
        self.bytes: int | None = None
        self._worker: WorkerProcess | None = None
        self._fetched: deque[bytes] = deque()
        self._failure: DealgraphError | None = None
        self._pool = pool
        self._asked = asked
        self._left = asked.limit
        self._running = running
        self._registry = registry
        self._gone = gone
        self._stopped = False
        # Whoever stops the query must not end the worker when it has gone on to another.
        self._mine = threading.Lock()
        # Weakly: an answer that is forgotten ends its query, listed or not.
        stop = weakref.WeakMethod(self._stop)
        registry.register(running, lambda: _call(stop()))
        try:
            self._worker = pool.take(running.owner, self._check)
            running.state = "evaluating"
            self._check()
            self._worker.send(request)
            size = 0
            while size < _HEAD and self._worker is not None:
                self._fetch()
                size += len(self._fetched[-1]) if self._fetched else 0
            running.state = "sending"
        except BaseException:
            self.close()
            raise

    def __next__(self) -> bytes:
        if not self._fetched and self._failure is None and self._worker is not None:
            self._fetch()
        if self._fetched:
            return self._fetched.popleft()
        if self._failure is not None:
            raise self._failure
        raise StopIteration

    def close(self) -> None:
        """Gives the answer up: a worker that is still at it is killed. May be called twice."""
        if self._released(sound=False) and self._failure is None:
            self._fetched.clear()

    def __del__(self) -> None:
        self.close()

    def _stop(self) -> None:
        """Ends the query from another thread; its reader is told when it looks next."""
        with self._mine:
            self._stopped = True
            if self._worker is not None:
                self._worker.interrupt()

    def _check(self) -> None:
        """Ends the query when nobody wants it any more."""
        if self._stopped:
            self._fail(stopped())
        if self._gone is not None and self._gone():
            self._fail(client_gone())

    def _fetch(self) -> None:
        """Takes one frame from the worker; at the last one the worker is given back."""
        kind, payload = self._received()
        if kind == DATA:
            self._fetched.append(payload)
            return
        end = json.loads(payload)
        self.rows, self.bytes = end.get("rows"), end.get("bytes")
        self._released(sound=not end["retire"])
        if "error" in end:
            self._fail(self._asked.failed(end))

    def _received(self) -> tuple[bytes, bytes]:
        worker = self._worker
        assert worker is not None
        while True:
            begun = time.monotonic()
            try:
                return worker.receive(min(self._left, _LOOK))
            except OutOfTime:
                self._check()
                if self._left <= _LOOK:
                    self._fail(self._asked.out_of_time())
            except Died as died:
                self._fail(self._told(died))
            finally:
                self._left -= time.monotonic() - begun

    def _told(self, died: Died) -> DealgraphError:
        if self._stopped:
            return stopped()
        return out_of_service() if self._pool.closed else self._asked.died(died)

    def _fail(self, failure: DealgraphError) -> NoReturn:
        self._failure = failure
        self.close()
        raise failure

    def _released(self, *, sound: bool) -> bool:
        """Gives the worker back, if it is still held."""
        with self._mine:
            worker, self._worker = self._worker, None
            sound = sound and not self._stopped
        self._registry.finish(self._running)
        if worker is not None:
            self._pool.give_back(worker, sound=sound)
        return worker is not None


def _call(stop: Callable[[], None] | None) -> None:
    if stop is not None:
        stop()
