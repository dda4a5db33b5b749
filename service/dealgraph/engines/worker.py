"""The process that evaluates queries: opens one store read-only, answers one query at a time.

Started by ``process``, with its frames on standard input and output. It owns nothing, so it may
be killed at any moment. It imports as little as it can, because its start is waited for.
"""

import json
import os
import queue
import re
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import pyoxigraph as ox

from dealgraph.engines.counting import COUNTERS, Rows
from dealgraph.engines.frames import DATA, END, HEAD_SIZE, READY, frame, read_head
from dealgraph.engines.isolation import leave_network

# How Oxigraph says that it doesn't have a function; one at a time.
_UNKNOWN: Final = re.compile(r"The custom function <(.*)> is not supported")
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


class Exceeded(Exception):
    """The answer has more than it may; ``what`` is ``rows`` or ``bytes``."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Sink:
    """Takes what a serialiser writes, counts it, and sends it on in frames.

    Raises :class:`Exceeded` for more rows or bytes than *limits* has; None is no limit. With
    *prefixes*, the declarations at the top are put in order: the serialiser writes them in
    another one each time.
    """

    def __init__(self, out: BinaryIO, prefixes: bool, limits: dict[str, int | None]) -> None:
        self._out = out
        self._waiting = bytearray()
        self._prefixes = prefixes
        self._limits = limits
        self._counter: Rows | None = None
        self._triples = 0
        self.bytes = 0

    @property
    def rows(self) -> int:
        """The rows or triples so far; 0 for the answer to an ASK."""
        return self._triples if self._counter is None else max(0, self._counter.rows)

    def counting(self, format: str) -> None:
        """From here on the rows of a table in *format* are counted in the bytes."""
        self._counter = COUNTERS[format]()

    def counted(self, triples: ox.QueryTriples) -> Iterator[ox.Triple]:
        """The same triples, counted."""
        most = self._limits["rows"]
        for triple in triples:
            self._triples += 1
            if most is not None and self._triples > most:
                raise Exceeded("rows")
            yield triple

    def write(self, data: bytes) -> int:
        """Takes bytes; sends a frame once there are enough."""
        self.bytes += len(data)
        self._check("bytes", self.bytes)
        self._waiting += data
        if len(self._waiting) >= _CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Sends what is there."""
        if self._counter is not None:
            self._counter.feed(bytes(self._waiting))
            self._check("rows", self._counter.rows)
        if self._prefixes:
            self._prefixes = False
            self._waiting = _ordered(self._waiting)
        if self._waiting:
            _send(self._out, DATA, bytes(self._waiting))
            self._waiting.clear()

    def _check(self, what: str, count: int) -> None:
        most = self._limits[what]
        if most is not None and count > most:
            raise Exceeded(what)


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
    settled = setup["network"] or leave_network()
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
    if not settled:
        _close_door(Path(setup["store"]))
    _send(out, READY, b"")
    while True:
        request = requests.get()
        # If all else fails: the default action of SIGALRM ends the process, whatever it is in.
        signal.setitimer(signal.ITIMER_REAL, request["alarm"])
        sink = Sink(out, request["format"] in ("turtle", "trig"), request["limits"])
        end = _answer(store, request, setup["prefixes"], sink)
        signal.setitimer(signal.ITIMER_REAL, 0)
        end.update(rows=sink.rows, bytes=sink.bytes)
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
        found = _found(store, request, prefixes)
        if isinstance(found, ox.QueryTriples):
            named = prefixes if name in ("turtle", "trig", "rdfxml") else None
            ox.serialize(sink.counted(found), file, format=_GRAPHS[name], prefixes=named)
        else:
            if isinstance(found, ox.QuerySolutions):
                sink.counting(name)
            found.serialize(file, format=_RESULTS[name])
        sink.flush()
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}
    except MemoryError:
        return {"error": "memory", "message": ""}
    except Exceeded as exceeded:
        return {"error": exceeded.what, "message": ""}
    except BrokenPipeError:
        os._exit(0)
    except OSError as error:
        return {"error": "store", "message": str(error)}
    except (RuntimeError, ValueError) as error:
        # Damage to the files comes as a RuntimeError too; only its text tells.
        kind = "store" if str(error).startswith("Corruption") else "evaluation"
        return {"error": kind, "message": str(error)}
    return {}


def _found(store: ox.Store, request: dict[str, Any], prefixes: dict[str, str]) -> Any:
    """What the engine finds; where functions may be unknown, a call of one is an error in SPARQL:
    an expression without a value (https://www.w3.org/TR/sparql11-query/#extensionFunctions)."""
    unknown: dict[ox.NamedNode, Any] = {}
    while True:
        try:
            return store.query(
                request["query"],
                base_iri=request["base"],
                prefixes=prefixes,
                default_graph=_nodes(request["default"]),
                named_graphs=_nodes(request["named"]),
                custom_functions=unknown,
            )
        except RuntimeError as error:
            named = _UNKNOWN.fullmatch(str(error))
            if named is None or not request["unknown_functions"]:
                raise
            unknown[ox.NamedNode(named[1])] = lambda *_: None


def _nodes(graphs: list[str] | None) -> list[Any] | None:
    return None if graphs is None else [ox.NamedNode(graph) for graph in graphs]


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
    """Bounds the memory (bytes, on top of *idle*).

    What a store and its threads reserve at the start is several hundred MiB of addresses, hardly
    any of it used, so the bound counts from there. A worker out of it aborts.
    """
    with suppress(ValueError, OSError):  # not every system has these limits
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if idle:
            resource.setrlimit(resource.RLIMIT_AS, (idle + memory, idle + memory))


def _close_door(store: Path) -> None:
    """Leaves no file descriptor for a socket, should a query get past the guard.

    RocksDB opens most tables of a store with it, the others when it needs them: as many
    descriptors as there are tables not open yet stay free.
    """
    with suppress(ValueError, OSError):
        numbers = [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208
        opened = [
            os.readlink(f"/dev/fd/{number}")  # noqa: PTH115
            for number in numbers[:-1]
        ]
        later = len(list(store.glob("*.sst"))) - sum(name.endswith(".sst") for name in opened)
        most = max(numbers) + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (most + later, most + later))
        filled = []
        with suppress(OSError):
            while True:  # the gaps below the limit
                filled.append(os.dup(2))
        for number in filled[:later]:
            os.close(number)


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
