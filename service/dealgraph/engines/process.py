"""One worker process as its engine sees it: start, send, receive, kill."""

import fcntl
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from dealgraph.engines.frames import HEAD_SIZE, QUERY, READY, SETUP, frame, read_head
from dealgraph.errors import WorkspaceError

# Seconds in which a worker must have opened its store. It takes some 0.1; a machine may be busy.
_START: Final = 60.0
# Bytes that the pipe from the worker holds, where the system lets us choose.
_PIPE: Final = 1024 * 1024


class OutOfTime(Exception):
    """The worker has said nothing in the time that it had."""


class Died(Exception):
    """The worker has ended by itself; ``signal`` is what ended it, ``last`` what it printed."""

    def __init__(self, status: int, last: str) -> None:
        super().__init__(status, last)
        self.signal = -status if status < 0 else 0
        self.last = last


@dataclass(frozen=True)
class Request:
    """A query as a worker takes it.

    The graph lists are None where the query has its own or all are meant; ``alarm`` is the
    number of seconds after which the worker ends itself if nobody has done it; ``rows`` and
    ``bytes`` are what the answer may have, None for any number; ``base`` is what its relative
    IRIs are relative to, ``unknown_functions`` lets it call functions that the engine lacks.
    """

    query: str
    format: str
    default_graphs: Sequence[str] | None
    named_graphs: Sequence[str] | None
    alarm: float
    rows: int | None = None
    bytes: int | None = None
    base: str | None = None
    unknown_functions: bool = False


def child_environment() -> dict[str, str]:
    """The environment of a Python process that imports this package as this one does."""
    # It may be imported from a checkout that isn't installed.
    root = str(Path(__file__).resolve().parent.parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "RUST_BACKTRACE": "0"}


class WorkerProcess:
    """A child process that has one store open. Not thread-safe: one thread at a time.

    It is ready some time after it was made: :meth:`wait_ready`.
    """

    def __init__(
        self, store: Path, memory: int, prefixes: Mapping[str, str], network: bool = False
    ) -> None:
        # A file, not a pipe: nobody need read it while the worker runs.
        self._printed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            # -P: a json.py in the current folder is not the one we mean.
            [sys.executable, "-P", "-m", "dealgraph.engines.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
            bufsize=0,
            env=child_environment(),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        with suppress(OSError, AttributeError):
            fcntl.fcntl(self._from.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
        self._poll = select.poll()
        self._poll.register(self._from.fileno(), select.POLLIN)
        self._buffer = bytearray()
        self._ready = False
        setup = {
            "store": str(store),
            "memory": memory,
            "prefixes": dict(prefixes),
            "network": network,
        }
        self._send(SETUP, setup)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Returns once the store is open.

        :raises WorkspaceError: when it can't be opened, or the process doesn't start.
        """
        if self._ready:
            return
        try:
            kind, payload = self.receive(_START)
        except OutOfTime:
            detail = f"the worker process did not start in {_START:g} seconds"
        except Died as death:
            detail = f"the worker process ended at its start: {death.last or death.signal}"
        else:
            if kind == READY:
                self._ready = True
                return
            detail = str(json.loads(payload)["message"])
        raise WorkspaceError(
            f"The release can't be opened: {detail}.",
            "Run: dealgraph releases verify; or build a new release from the records.",
        )

    def send(self, request: Request) -> None:
        """Hands over a query; the worker must be ready and idle.

        A worker that is gone is noticed at the next :meth:`receive`.
        """
        self._send(
            QUERY,
            {
                "query": request.query,
                "format": request.format,
                "default": None if request.default_graphs is None else [*request.default_graphs],
                "named": None if request.named_graphs is None else [*request.named_graphs],
                "alarm": request.alarm,
                "limits": {"rows": request.rows, "bytes": request.bytes},
                "base": request.base,
                "unknown_functions": request.unknown_functions,
            },
        )

    def receive(self, timeout: float) -> tuple[bytes, bytes]:
        """The next frame, waiting for *timeout* seconds at most: its kind and payload.

        :raises OutOfTime: when it isn't there by then.
        :raises Died: when the process has ended.
        """
        until = time.monotonic() + timeout
        self._fill(HEAD_SIZE, until)
        kind, length = read_head(bytes(self._buffer[:HEAD_SIZE]))
        self._fill(HEAD_SIZE + length, until)
        payload = bytes(self._buffer[HEAD_SIZE : HEAD_SIZE + length])
        del self._buffer[: HEAD_SIZE + length]
        return kind, payload

    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Ends the process, whatever it is doing, and leaves no trace of it."""
        self._process.kill()
        self._process.wait()
        for file in (self._to, self._from, self._printed):
            with suppress(OSError):
                file.close()

    def interrupt(self) -> None:
        """Ends the process while another thread may be reading from it: that one sees Died."""
        self._process.kill()
        self._process.wait()

    def _send(self, kind: bytes, message: Mapping[str, Any]) -> None:
        data = memoryview(frame(kind, json.dumps(message).encode()))
        with suppress(BrokenPipeError):
            while data:
                data = data[self._to.write(data) :]

    def _fill(self, count: int, until: float) -> None:
        while len(self._buffer) < count:
            left = until - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise OutOfTime
            data = os.read(self._from.fileno(), _PIPE)
            if not data:
                status = self._process.wait()
                self._printed.seek(0)
                last = self._printed.read().decode(errors="replace").strip()
                raise Died(status, last[-500:])
            self._buffer += data
