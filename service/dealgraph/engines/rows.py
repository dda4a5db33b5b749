"""SPARQL on a release, evaluated by Oxigraph in worker processes that can be killed."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from dealgraph.engines.answers import Answer
from dealgraph.engines.chunks import Chunks
from dealgraph.engines.failures import Asked
from dealgraph.engines.formats import Form, Format, ResultFormat, choose, formats_of, named
from dealgraph.engines.guard import Inspected
from dealgraph.engines.pool import Pool
from dealgraph.engines.process import Request, WorkerProcess
from dealgraph.engines.reach import NOWHERE, Reach
from dealgraph.engines.reading import read
from dealgraph.engines.running import Running, RunningQueries
from dealgraph.engines.tables import Table, Term, parse_table
from dealgraph.errors import BadInput, TooLarge
from dealgraph.releases.workspace import Release
from dealgraph.vocab import DEFAULT_GRAPHS, PREFIXES

__all__ = ["Answer", "RowsEngine", "Table", "Term"]

GIB: Final = 1024**3
# Bytes of a results document that table() takes into the memory of the service.
_TABLE: Final = 64 * 1024 * 1024

# A scheme, a colon, and none of what an IRI can't hold (https://www.rfc-editor.org/rfc/rfc3987).
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f]*")


class RowsEngine:
    """Answers queries on *release*; thread-safe; close it, or use it in a ``with``.

    As many queries run at once as there are *workers*; up to *queue* others wait, each for
    *patience* seconds at most. *deadline* is the number of seconds that evaluation may take,
    *sending* how long a reader may take to fetch the rest, *memory* the bytes that a query may
    use; *rows* and *bytes* are what an :meth:`answer` may have, None for any number. The default
    graph of a query that names none is the union of *default_graphs*, or that of the store where
    that is None. The *prefixes* are declared for every query; its own PREFIX wins. Queries are
    listed in *running* while they run.
    """

    def __init__(
        self,
        release: Release,
        *,
        workers: int = 2,
        deadline: float = 30.0,
        memory: int = 2 * GIB,
        default_graphs: Sequence[str] | None = DEFAULT_GRAPHS,
        prefixes: Mapping[str, str] = PREFIXES,
        patience: float = 5.0,
        sending: float = 300.0,
        queue: int = 32,
        rows: int | None = None,
        bytes: int | None = None,
        running: RunningQueries | None = None,
        reach: Reach = NOWHERE,
        unknown_functions: bool = False,
    ) -> None:
        self.release = release
        self.deadline = deadline
        self.running = RunningQueries() if running is None else running
        self._reach = reach
        self._unknown_functions = unknown_functions
        self._rows = rows
        self._bytes = bytes
        self._memory = memory
        self._sending = sending
        self._default_graphs = None if default_graphs is None else tuple(map(str, default_graphs))

        def start() -> WorkerProcess:
            return WorkerProcess(release.store, memory, prefixes, network=bool(reach))

        self._pool = Pool(start, workers, patience, queue)

    def answer(
        self,
        text: str,
        format: Format | str | None = None,
        accept: str | None = None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
        owner: str = "",
        id: str = "",
        gone: Callable[[], bool] | None = None,
        base: str | None = None,
    ) -> Answer:
        """The answer to a query, in *format* (also a short name) or what *accept* prefers.

        Graphs given here are the whole dataset of the query and win over FROM, which wins over
        the default (https://www.w3.org/TR/sparql11-protocol/#dataset). *timeout* in seconds may
        lower the deadline. Workers are shared fairly among owners; the *owner* may list and stop
        the query by its *id*. *gone* tells whether nobody wants the answer any more: the query is
        then stopped. *base* is what relative IRIs are relative to, where the query doesn't say.

        :raises QuerySyntax: with line and column.
        :raises QueryRefused: for SERVICE and updates.
        :raises NotAcceptable: when *accept* allows no format of this form.
        :raises BadInput: for a format that doesn't fit, a graph that is no IRI, a query that can
            be read but not evaluated.
        :raises QueryTimeout: when it runs past its deadline.
        :raises QueryOutOfMemory: when it needs too much memory.
        :raises ResultTooLarge: when the answer has more rows or bytes than it may.
        :raises QueryStopped: when somebody has stopped it.
        :raises EngineBusy: when too many wait for a worker, or none is free for some seconds.
        """
        limit = self._limit(timeout)
        inspected = read(text, self._reach)
        chosen = _format(inspected.form, format, accept)
        request = self._request(inspected, chosen, default_graphs, named_graphs, limit)
        request = replace(
            request,
            rows=self._rows,
            bytes=self._bytes,
            base=base,
            unknown_functions=self._unknown_functions,
        )
        asked = Asked(text, inspected, limit, self._memory, self._rows, self._bytes)
        return self._run(asked, chosen, request, owner, id, gone)

    def table(
        self,
        text: str,
        timeout: float | None = None,
        *,
        owner: str = "",
        id: str = "",
        gone: Callable[[], bool] | None = None,
    ) -> Table:
        """The rows of a SELECT; *owner*, *id* and *gone* as in :meth:`answer`.

        :raises BadInput: when the query is of another form.
        :raises TooLarge: when the answer is too much to hold.
        :raises DealgraphError: as :meth:`answer`.
        """
        return parse_table(self._document(text, "SELECT", timeout, owner, id, gone))

    def ask(self, text: str, timeout: float | None = None) -> bool:
        """The answer to an ASK.

        :raises BadInput: when the query is of another form.
        :raises DealgraphError: as :meth:`answer`.
        """
        return bool(json.loads(self._document(text, "ASK", timeout))["boolean"])

    def pids(self) -> list[int]:
        """The process ids of the workers."""
        return self._pool.pids()

    def close(self) -> None:
        """Ends every worker; queries that are running fail. May be called twice."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _document(
        self,
        text: str,
        form: Form,
        timeout: float | None,
        owner: str = "",
        id: str = "",
        gone: Callable[[], bool] | None = None,
    ) -> bytes:
        """An answer for the service itself: what it asks is not bounded by rows."""
        limit = self._limit(timeout)
        inspected = read(text)
        if inspected.form != form:
            raise BadInput(f"This is a {inspected.form}.", f"A {form} is needed here.")
        request = self._request(inspected, ResultFormat.JSON, None, None, limit)
        asked = Asked(text, inspected, limit, self._memory)
        answer = self._run(asked, ResultFormat.JSON, request, owner, id, gone)
        try:
            parts, size = [], 0
            for chunk in answer.chunks:
                parts.append(chunk)
                size += len(chunk)
                if size > _TABLE:
                    raise TooLarge(
                        f"The answer has more than {_TABLE // 2**20} MiB.",
                        "Fetch it as CSV, which is streamed, or ask for less with LIMIT.",
                    )
            return b"".join(parts)
        finally:
            answer.close()

    def _run(
        self,
        asked: Asked,
        chosen: Format,
        request: Request,
        owner: str = "",
        id: str = "",
        gone: Callable[[], bool] | None = None,
    ) -> Answer:
        form, number = asked.inspected.form, self.release.number
        running = Running(id, owner, form, asked.source, number)
        chunks = Chunks(self._pool, request, asked, running, self.running, gone)
        return Answer(form, chosen, chunks)

    def _limit(self, timeout: float | None) -> float:
        if timeout is None:
            return self.deadline
        if not (timeout > 0 and math.isfinite(timeout)):
            raise BadInput(
                f"timeout is {timeout}, which is no number of seconds above 0.", "Give seconds."
            )
        return min(timeout, self.deadline)

    def _request(
        self,
        inspected: Inspected,
        chosen: Format,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
        limit: float,
    ) -> Request:
        default: Sequence[str] | None
        named_: Sequence[str] | None
        if default_graphs or named_graphs:
            default, named_ = absolute_iris(default_graphs), absolute_iris(named_graphs)
        elif inspected.has_dataset:
            default, named_ = None, None
        else:
            default, named_ = self._default_graphs, None
        return Request(
            query=inspected.text,
            format=chosen.name.lower(),
            default_graphs=default,
            named_graphs=named_,
            # It should never be needed: the deadline and the end of the parent come first.
            alarm=limit + self._sending + 5,
        )


def _format(form: Form, wanted: Format | str | None, accept: str | None) -> Format:
    if wanted is None or wanted == "":
        return choose(form, accept)
    if isinstance(wanted, str):
        return named(form, wanted)
    if wanted not in formats_of(form):
        return named(form, wanted.names[0])  # says which there are
    return wanted


def absolute_iris(graphs: Sequence[str] | None) -> list[str]:
    """The IRIs of graphs, of which there may be none.

    :raises BadInput: for one that is no absolute IRI.
    """
    checked = []
    for graph in map(str, graphs or ()):
        if not _ABSOLUTE.fullmatch(graph):
            raise BadInput(
                f"The graph {graph[:80]!r} is no absolute IRI.",
                "Give it in full, for example https://w3id.org/dealgraph/graph/current.",
            )
        checked.append(graph)
    return checked
