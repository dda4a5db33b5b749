"""The bytes of one answer, as its worker makes them."""

import json
import time
from collections import deque
from collections.abc import Iterator
from typing import Final, NoReturn

from dealgraph.engines.failures import Asked
from dealgraph.engines.frames import DATA
from dealgraph.engines.pool import Pool, out_of_service
from dealgraph.engines.process import Died, OutOfTime, Request, WorkerProcess
from dealgraph.errors import DealgraphError

# Bytes that are fetched before the answer is handed out: most answers are whole by then, so a
# failure can still be told as one, and the worker is free for others while the reader reads.
_HEAD: Final = 1024 * 1024


class Chunks(Iterator[bytes]):
    """Made when the first bytes are there, or all. For one reader at a time.

    The deadline counts the time in which the worker is waited for, not that of a slow reader;
    that one is bounded by the worker's own alarm. A failure is raised again at each further
    attempt to read.
    """

    def __init__(self, pool: Pool, request: Request, asked: Asked) -> None:
        self._worker: WorkerProcess | None = None
        self._fetched: deque[bytes] = deque()
        self._failure: DealgraphError | None = None
        self._pool = pool
        self._asked = asked
        self._left = asked.limit
        self._worker = pool.take()
        try:
            self._worker.send(request)
            size = 0
            while size < _HEAD and self._worker is not None:
                self._fetch()
                size += len(self._fetched[-1]) if self._fetched else 0
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
        worker, self._worker = self._worker, None
        if worker is not None:
            self._pool.give_back(worker, sound=False)
            if self._failure is None:
                self._fetched.clear()

    def __del__(self) -> None:
        self.close()

    def _fetch(self) -> None:
        """Takes one frame from the worker; at the last one the worker is given back."""
        worker = self._worker
        assert worker is not None
        begun = time.monotonic()
        try:
            kind, payload = worker.receive(self._left)
        except OutOfTime:
            self._fail(self._asked.out_of_time())
        except Died as died:
            self._fail(out_of_service() if self._pool.closed else self._asked.died(died))
        self._left -= time.monotonic() - begun
        if kind == DATA:
            self._fetched.append(payload)
            return
        end = json.loads(payload)
        self._worker = None
        self._pool.give_back(worker, sound=not end["retire"])
        if "error" in end:
            self._fail(self._asked.failed(end))

    def _fail(self, failure: DealgraphError) -> NoReturn:
        self._failure = failure
        self.close()
        raise failure
