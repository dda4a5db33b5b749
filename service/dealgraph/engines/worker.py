"""The process that evaluates queries: opens one store read-only, answers one query at a time.

Started by ``process``, with its frames on standard input and output. It owns nothing, so it may
be killed at any moment. It imports as little as it can, because its start is waited for.
"""

import json
import os
import queue
import resource
import signal
import threading
from contextlib import suppress
from typing import Any, BinaryIO, Final, cast

import pyoxigraph as ox

from dealgraph.engines.frames import DATA, END, HEAD_SIZE, READY, frame, read_head

# Bytes of an answer that travel in one frame.
_CHUNK: Final = 64 * 1024

_RESULTS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


class Sink:
    """Takes what a serialiser writes and sends it on in frames.

    With *prefixes*, the declarations at the top are put in order: the serialiser writes them in
    another one each time.
    """

    def __init__(self, out: BinaryIO, prefixes: bool) -> None:
        self._out = out
        self._waiting = bytearray()
        self._prefixes = prefixes

    def write(self, data: bytes) -> int:
        """Takes bytes; sends a frame once there are enough."""
        self._waiting += data
        if len(self._waiting) >= _CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Sends what is there."""
        if self._prefixes:
            self._prefixes = False
            self._waiting = _ordered(self._waiting)
        if self._waiting:
            _send(self._out, DATA, bytes(self._waiting))
            self._waiting.clear()


def _ordered(document: bytearray) -> bytearray:
    """The beginning of a Turtle document, its declarations in the order of the alphabet."""
    lines = document.splitlines(keepends=True)
    count = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), 0)
    return bytearray(b"".join((*sorted(lines[:count]), *lines[count:])))


def main() -> None:
    """Serves queries until standard input ends."""
    # Ctrl-C in a terminal reaches the whole group; it is for the parent to end us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not land between the frames.
    os.dup2(2, 1)
    setup = _read()
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    try:
        store = ox.Store.read_only(setup["store"])
    except (OSError, RuntimeError) as error:
        _send(out, END, json.dumps({"error": "store", "message": str(error)}).encode())
        return
    meter = _Meter()
    idle = meter.size()
    _confine(idle, setup["memory"])
    _send(out, READY, b"")
    while True:
        request = requests.get()
        # If all else fails: the default action of SIGALRM ends the process, whatever it is in.
        signal.setitimer(signal.ITIMER_REAL, request["alarm"])
        sink = Sink(out, prefixes=request["format"] in ("turtle", "trig"))
        end = _answer(store, request, setup["prefixes"], sink)
        signal.setitimer(signal.ITIMER_REAL, 0)
        # Memory that the allocator keeps would be missing from the next query's share.
        end["retire"] = meter.size() - idle > setup["memory"] / 4
        _send(out, END, json.dumps(end).encode())


def _answer(
    store: ox.Store, request: dict[str, Any], prefixes: dict[str, str], sink: Sink
) -> dict[str, Any]:
    """Evaluates one query into *sink* and says how it ended."""
    name = request["format"]
    # All that a serialiser needs of a file is write() and flush().
    file = cast(BinaryIO, sink)
    try:
        found = store.query(
            request["query"],
            prefixes=prefixes,
            default_graph=_nodes(request["default"]),
            named_graphs=_nodes(request["named"]),
        )
        if not isinstance(found, ox.QueryTriples):
            found.serialize(file, format=_RESULTS[name])
        elif name in ("turtle", "trig", "rdfxml"):
            ox.serialize(found, file, format=_GRAPHS[name], prefixes=prefixes)
        else:
            found.serialize(file, format=_GRAPHS[name])
        sink.flush()
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}
    except MemoryError:
        return {"error": "memory", "message": ""}
    except BrokenPipeError:
        os._exit(0)
    except OSError as error:
        return {"error": "store", "message": str(error)}
    except (RuntimeError, ValueError) as error:
        # Damage to the files comes as a RuntimeError too; only its text tells.
        kind = "store" if str(error).startswith("Corruption") else "evaluation"
        return {"error": kind, "message": str(error)}
    return {}


def _nodes(graphs: list[str] | None) -> list[Any] | None:
    if graphs is None:
        return None
    return [ox.NamedNode(graph) if graph else ox.DefaultGraph() for graph in graphs]


def _listen(requests: "queue.SimpleQueue[dict[str, Any]]") -> None:
    """Passes queries on, and ends the process with its parent, in the middle of a query too.

    PR_SET_PDEATHSIG would not do: it fires when the thread ends that started us.
    """
    while True:
        requests.put(_read())


def _send(out: BinaryIO, kind: bytes, payload: bytes) -> None:
    out.write(frame(kind, payload))
    out.flush()


def _read() -> dict[str, Any]:
    _, length = read_head(_bytes(HEAD_SIZE))
    message: dict[str, Any] = json.loads(_bytes(length))
    return message


def _bytes(count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = os.read(0, count - len(parts))
        if not part:
            os._exit(0)
        parts += part
    return bytes(parts)


def _confine(idle: int, memory: int) -> None:
    """Bounds the memory (bytes, on top of *idle*) and takes away the network.

    What a store and its threads reserve at the start is several hundred MiB of addresses, hardly
    any of it used, so the bound counts from there. A worker out of it aborts.
    """
    with suppress(ValueError, OSError):  # not every system has these limits
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if idle:
            resource.setrlimit(resource.RLIMIT_AS, (idle + memory, idle + memory))
    # No file descriptor is left for a socket, should a query get past the guard. The files of
    # the store are all open by now.
    with suppress(ValueError, OSError):
        most = max(int(name) for name in os.listdir("/dev/fd")) + 1  # noqa: PTH208
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        with suppress(OSError):
            while True:  # the gaps below the limit
                os.dup(2)


class _Meter:
    """Measures this process; holds its file open, since later none can be opened."""

    def __init__(self) -> None:
        self._file = -1
        with suppress(OSError):
            self._file = os.open("/proc/self/statm", os.O_RDONLY)

    def size(self) -> int:
        """Bytes of addresses that this process has; 0 where the system doesn't say."""
        if self._file < 0:
            return 0
        return int(os.pread(self._file, 64, 0).split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    main()
