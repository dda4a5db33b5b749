"""Writes as a service asks for them: one after another, each with a deadline, in a process."""

import json
import os
import select
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dealgraph import errors
from dealgraph.engines.process import child_environment
from dealgraph.errors import DealgraphError, EngineBusy, QueryOutOfMemory, QueryTimeout
from dealgraph.releases.workspace import Workspace
from dealgraph.writes.change import Change, Outcome

_CURE: Final = "Send less at once: POST adds to a graph, an update may be split."
# Bytes of addresses that Python and an open store reserve, hardly any of it used.
_RESERVED: Final = 2 * 1024**3


class Committer:
    """Thread-safe. *limits* are seconds for one write, waiting included, and how many may wait.

    ``memory`` and ``most`` in bytes; ``reach`` the addresses that LOAD and SERVICE may name.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        ontology: Path,
        reach: tuple[str, ...] = (),
        memory: int,
        most: int,
        keep: int,
        seconds: float,
        queue: int,
    ) -> None:
        self._workspace = workspace
        self._setup = {
            "workspace": str(workspace.root),
            "ontology": str(ontology),
            "reach": list(reach),
            "memory": memory + _RESERVED,
            "most": most,
            "keep": keep,
        }
        self._memory = memory
        self._seconds = seconds
        self._room = threading.BoundedSemaphore(queue + 1)
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def commit(self, change: Change) -> Outcome:
        """Carries *change* out; when this returns it is on the disk.

        :raises EngineBusy: when too many writes wait, or its turn doesn't come in time.
        :raises QueryTimeout: when it takes too long; nothing is changed then.
        :raises DealgraphError: as :func:`dealgraph.writes.commit.commit`.
        """
        until = time.monotonic() + self._seconds
        if not self._room.acquire(blocking=False):
            raise EngineBusy("Too many writes are waiting (queue).", "Send it again in a moment.")
        try:
            if not self._turn.acquire(timeout=self._seconds):
                raise EngineBusy(
                    f"Other writes have taken {self._seconds:g} s (write_timeout).",
                    "Send it again in a moment.",
                )
            try:
                return self._carried_out(change, until)
            finally:
                self._turn.release()
        finally:
            self._room.release()

    def close(self) -> None:
        """Ends the process; a write that is under way fails, or is done."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()  # whoever waits for it sees it end
        with self._turn:
            self._end()

    def _carried_out(self, change: Change, until: float) -> Outcome:
        if self._closed:
            raise EngineBusy("The service is ending.", "Send it again when it is back.")
        # Not the id of the request: a client may choose that, and send the same again.
        change = replace(change, nonce=uuid.uuid4().hex)
        before = self._workspace.current_number()
        asked = {"change": change.plain(), "patience": max(0.0, until - time.monotonic() - 1)}
        process = self._running()
        answer = _exchange(process, asked, until)
        if answer is None:
            ended = process.poll() is not None
            self._end()
            # Killed after the flip it has been published all the same: that is no failure.
            number = self._published_since(before, change.nonce)
            if number:
                return Outcome(number, True, existed=change.kind != "put")
            raise self._ended() if ended else self._late()
        if "error" in answer:
            raise _failure(answer, self._memory)
        return Outcome(answer["release"], answer["published"], answer["existed"])

    def _published_since(self, before: int, nonce: str) -> int:
        """The release after *before* that has the nonce, 0 for none; others may have come since."""
        with suppress(DealgraphError):
            for number in range(before + 1, self._workspace.current_number() + 1):
                with suppress(DealgraphError):  # thinned out meanwhile, or broken
                    if self._workspace.release(number).by.nonce == nonce:
                        return number
        return 0

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "dealgraph.writes.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env=child_environment(),
            )
            _send(self._process, self._setup)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _late(self) -> QueryTimeout:
        return QueryTimeout(
            f"The write was stopped after {self._seconds:g} s (write_timeout); "
            "nothing was changed.",
            _CURE,
        )

    def _ended(self) -> QueryOutOfMemory:
        return QueryOutOfMemory(
            "The process that writes has ended, most likely for want of memory; "
            "nothing was changed.",
            _CURE,
        )


def _send(process: "subprocess.Popen[bytes]", message: dict[str, Any]) -> None:
    assert process.stdin is not None
    data = memoryview(json.dumps(message).encode() + b"\n")
    with suppress(BrokenPipeError):
        while data:
            data = data[process.stdin.write(data) or 0 :]


def _exchange(
    process: "subprocess.Popen[bytes]", asked: dict[str, Any], until: float
) -> dict[str, Any] | None:
    """What the process answers; None when it ends or says nothing in time."""
    _send(process, asked)
    assert process.stdout is not None
    said = b""
    while not said.endswith(b"\n"):
        left = until - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            return None
        part = os.read(process.stdout.fileno(), 64 * 1024)
        if not part:
            process.wait()
            return None
        said += part
    answer: dict[str, Any] = json.loads(said)
    return answer


def _failure(answer: dict[str, Any], memory: int) -> DealgraphError:
    """The error that was raised in the process."""
    if answer["error"] == "MemoryError":
        return QueryOutOfMemory(
            f"The write needed more than the {memory / 2**20:.0f} MiB that one may take (memory).",
            _CURE,
        )
    kind = getattr(errors, answer["error"])
    extra = [answer[name] for name in ("line", "column") if name in answer]
    extra += [answer["report"]] if "report" in answer else []
    failure: DealgraphError = kind(answer["detail"], answer["cure"], *extra)
    return failure
