"""A real server of one's own, in a process of its own, and what that costs the system."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from conftest import REPOSITORY

_SERVE = """
import json, sys
from pathlib import Path
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.server import serve
settings = Settings.load({}, json.loads(sys.argv[2]))
serve(create_app(Workspace(Path(sys.argv[1])), settings), port=0, threads=settings.threads,
      ready=lambda address: print(address, flush=True))
"""


@dataclass(frozen=True)
class Server:
    """Where it listens on 127.0.0.1, and its process."""

    port: int
    pid: int

    def processes(self) -> list[int]:
        """Its process and all below it, as /proc has them."""
        parents: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                parent = _parent(entry)
                if parent is not None:
                    parents.setdefault(parent, []).append(int(entry.name))
        found, todo = [], [self.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            todo += parents.get(pid, [])
        return found

    def files(self) -> int:
        """The files that the service itself has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def memory(self) -> int:
        """Bytes of memory in use by it and all processes below it; shared pages count each time."""
        return sum(map(resident, self.processes()))


def resident(pid: int) -> int:
    """Bytes of memory that a process has in use; 0 when it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _parent(entry: Path) -> int | None:
    try:
        # The name in brackets may hold blanks and brackets of its own.
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


@contextmanager
def serving(workspace: Path, **settings: object) -> Iterator[Server]:
    """Serves that workspace with those settings; ends it at the end."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(workspace), json.dumps(settings)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            found = re.fullmatch(r"http://127\.0\.0\.1:([0-9]+)/", address)
            assert found, address
            yield Server(int(found[1]), process.pid)
        finally:
            process.terminate()
            assert process.wait(timeout=60) == 0


def until(true: Callable[[], bool], seconds: float = 20) -> float:
    """Waits for what another process or thread does; the seconds that it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it never came to that"
        time.sleep(0.02)
    return time.monotonic() - begun


def asking(server: Server, query: str, **parameters: str) -> socket.socket:
    """A connection on which a query has been sent by POST; nothing has been read."""
    body = urlencode({"query": query, **parameters}).encode()
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    return connection
