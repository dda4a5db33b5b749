"""``dealgraph serve`` in a process of its own, for tests of what happens to the process."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import REPOSITORY

DEADLINE = 60.0


class Running:
    """A service that runs; ``port`` is where it listens on 127.0.0.1."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, errors: Path) -> None:
        self.process = process
        self.port = port
        self._errors = errors

    def connect(self) -> http.client.HTTPConnection:
        """A connection of its own."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)

    def get(
        self, path: str, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Status, body and headers of one GET over a connection of its own."""
        connection = self.connect()
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()

    def printed(self) -> str:
        """What it has written to standard error so far."""
        return self._errors.read_text(encoding="utf-8")

    def lines(self, count: int) -> list[dict[str, Any]]:
        """The first *count* lines of its JSON log; waits until they are there."""
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            lines = self.printed().splitlines()
            if len(lines) >= count:
                return [json.loads(line) for line in lines]
            time.sleep(0.02)
        raise AssertionError(f"not {count} lines: {self.printed()}")

    def refuses(self) -> bool:
        """Whether it comes to refuse new connections."""
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
            except ConnectionRefusedError:
                return True
            except ConnectionResetError:
                pass  # it was in the queue of the kernel when the door was shut
            time.sleep(0.02)
        return False


@contextmanager
def service(workspace: Path, errors: Path, *arguments: str) -> Iterator[Running]:
    """A service on *workspace*; what it prints as errors is kept in the file *errors*."""
    kept = {name: value for name, value in os.environ.items() if "DEALGRAPH" not in name}
    options = ["--workspace", str(workspace), "--port", "0", *arguments]
    with errors.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "dealgraph", "serve", *options],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**kept, "PYTHONPATH": str(REPOSITORY / "service")},
        )
    assert process.stdout is not None
    with process, process.stdout:
        try:
            told = re.search(r":([0-9]+)/", process.stdout.readline())
            assert told, errors.read_text(encoding="utf-8")
            yield Running(process, int(told[1]), errors)
        finally:
            process.kill()
