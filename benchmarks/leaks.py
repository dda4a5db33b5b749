"""Whether ten thousand queries leave anything behind: processes, open files, memory.

Run ``python benchmarks/leaks.py [COUNT]``; Linux only, as it looks into /proc. A real server over
the shipped records answers ordinary queries, mistakes, ones that time out or ask for too much, and
ones whose client goes away. What it has is printed before, in the middle and after: processes and
files must not grow, memory must not grow from the middle on.
"""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder

COUNT = 10_000
CLIENTS = 4
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ROWS = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
ORDINARY = "SELECT ?deal WHERE {{ ?deal a dg:Deal }} ORDER BY ?deal LIMIT {}"
GRAPH = "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c } LIMIT 100"


def ask(port: int, query: str, **fields: str) -> int:
    """The status of an answer that was read to its end; 0 when it was broken off."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/sparql", urlencode({"query": query, **fields}), head)
        response = connection.getresponse()
        response.read()
    except http.client.IncompleteRead:
        return 0
    finally:
        connection.close()
    return response.status


def leave(port: int, query: str) -> int:
    """Asks and goes away at once."""
    path = "/sparql?" + urlencode({"query": query})
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return -1


def one(port: int, number: int) -> int:
    """The query of that number; of a hundred, two time out, two are left, one is too large."""
    match number % 100:
        case 0 | 50:
            return ask(port, CROSS, timeout="0.1")
        case 1:
            return leave(port, CROSS)
        case 51:
            return leave(port, ROWS)
        case 2:
            return ask(port, ROWS)
        case 3 | 53:
            return ask(port, "SELECT * WHERE {")
        case kind if kind % 10 == 4:
            return ask(port, GRAPH)
    return ask(port, ORDINARY.format(1 + number % 50))


def state(pid: int, size: int) -> str:
    """Processes, files of the service, MiB of the service and of its workers."""
    parents = {}
    for entry in Path("/proc").iterdir():
        try:
            parents[int(entry.name)] = int(
                (entry / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except (ValueError, OSError):
            continue
    workers = [child for child, parent in parents.items() if parent == pid]
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    own, theirs = resident(pid), sum(map(resident, workers))
    return f"{size:>7} {1 + len(workers):>10} {files:>6} {own:>12.0f} {theirs:>12.0f}\n"


def resident(pid: int) -> float:
    """MiB that a process has in use."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(count: int) -> None:
    """Ask *count* queries, print a table."""
    write = sys.stdout.write
    with tempfile.TemporaryDirectory() as place:
        build(Workspace(Path(place)), folder("data"), folder("ontology"))
        command = [sys.executable, "-m", "dealgraph", "serve", "--workspace", place, "--port", "0"]
        limits = {"DEALGRAPH_ROWS": "100000", "DEALGRAPH_TIMEOUT": "5"}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **limits, "PYTHONUNBUFFERED": "1"},
        ) as server:  # fmt: skip
            assert server.stdout is not None
            found = re.search(r":([0-9]+)/", server.stdout.readline())
            assert found, "the server has not said where it is"
            port = int(found[1])
            write(f"{'queries':>7} {'processes':>10} {'files':>6} {'service MiB':>12} ")
            write(f"{'workers MiB':>12}\n")
            begun, statuses = time.monotonic(), []
            # The first hundred bring up what comes with the first use.
            marks = [100, count // 4, count // 2, 3 * count // 4, count]
            with ThreadPoolExecutor(CLIENTS) as clients:
                for first, last in zip([0, *marks], marks, strict=False):
                    statuses += clients.map(lambda each: one(port, each), range(first, last))
                    time.sleep(2)  # queries whose clients have left end by now
                    write(state(server.pid, last))
                    sys.stdout.flush()
            counts = {each: statuses.count(each) for each in sorted(set(statuses))}
            write(f"{time.monotonic() - begun:.0f} s; statuses {counts} (-1 left, 0 broken off)\n")
            server.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
