"""How a query can fail in a worker, as the errors that users see."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dealgraph.engines.guard import Inspected
from dealgraph.engines.lexer import Lexer, syntax_error
from dealgraph.engines.process import Died
from dealgraph.engines.syntax import syntax_failure
from dealgraph.errors import (
    BadInput,
    DealgraphError,
    QueryOutOfMemory,
    QueryStopped,
    QuerySyntax,
    QueryTimeout,
    ResultTooLarge,
    WorkspaceError,
)
from dealgraph.vocab import PREFIXES


@dataclass(frozen=True)
class Asked:
    """A query that was handed to a worker; ``limit`` in seconds, ``memory`` in bytes.

    ``rows`` and ``bytes`` are what its answer may have, None for any number.
    """

    source: str
    inspected: Inspected
    limit: float
    memory: int
    rows: int | None = None
    bytes: int | None = None

    def out_of_time(self) -> QueryTimeout:
        """Evaluation has taken longer than it may."""
        return QueryTimeout(
            f"The query was stopped after {self.limit:g} s.",
            "Ask for less, or in smaller steps: name a firm or a deal, avoid joins that have no "
            "variable in common, and paths with * or + from a variable.",
        )

    def failed(self, end: Mapping[str, Any]) -> DealgraphError:
        """What the engine said of the query."""
        message = str(end["message"])
        match end["error"]:
            case "syntax":
                return self._syntax(message)
            case "memory":
                return self._out_of_memory()
            case "rows":
                return _too_large(f"{self.rows} rows or triples", "rows")
            case "bytes":
                return _too_large(f"{self.bytes} bytes", "bytes")
            case "store":
                return WorkspaceError(
                    f"The store of the release can't be read: {message}.",
                    "Run: dealgraph releases verify; or build a new release from the records.",
                )
        return BadInput(f"The query can't be evaluated: {message}.", "Take that part out.")

    def died(self, died: Died) -> DealgraphError:
        """The worker ended by itself: Rust and C++ abort when they get no memory."""
        if died.signal == signal.SIGALRM:
            return QueryTimeout(
                "The answer was not fetched in time; it is cut off here.",
                "Fetch it faster, to a file for instance, or ask for less.",
            )
        if died.signal == signal.SIGSEGV or "overflowed its stack" in died.last:
            return QueryOutOfMemory(
                "The query is nested too deeply, or strings together too many operators.",
                "Shorten it: IN and VALUES take long lists.",
            )
        aborted = died.signal in (signal.SIGABRT, signal.SIGKILL, signal.SIGBUS)
        if aborted or "MemoryError" in died.last:
            return self._out_of_memory()
        return DealgraphError(
            f"The worker process ended while it evaluated the query: {died.last or died.signal}.",
            "Ask again; if it happens again, please report the query.",
        )

    def _out_of_memory(self) -> QueryOutOfMemory:
        return QueryOutOfMemory(
            f"The query needed more than the {self.memory / 2**20:.0f} MiB that one may take.",
            "Select less: sorting, grouping and DISTINCT hold all they get, LIMIT or not.",
        )

    def _syntax(self, message: str) -> QuerySyntax:
        undeclared = self._undeclared_prefix()
        if undeclared is not None:
            return undeclared
        return syntax_failure("query", self.source, self.inspected.changes, message)

    def _undeclared_prefix(self) -> QuerySyntax | None:
        """The engine doesn't say so where a prefix is unknown."""
        known = {*self.inspected.prefixes, *PREFIXES}
        for token in Lexer(self.source).tokens():
            prefix = token.text.split(":")[0]
            if token.kind == "pname" and prefix not in known:
                return syntax_error(
                    self.source,
                    token.start,
                    f"the prefix {prefix}: is not declared",
                    f"Declare it at the top: PREFIX {prefix}: <…>",
                )
        return None


def stopped() -> QueryStopped:
    """The owner of the query, or an operator, has ended it."""
    return QueryStopped(
        "The query was stopped by its owner or by an operator of the service.",
        "Ask again if you still want the answer; ask an operator if you did not stop it.",
    )


def client_gone() -> QueryStopped:
    """Nobody waits for the answer any more; only the log reads this."""
    return QueryStopped(
        "The query was stopped because its client has gone away.", "Keep the connection open."
    )


def _too_large(most: str, setting: str) -> ResultTooLarge:
    return ResultTooLarge(
        f"The answer has more than {most}, the most that the setting {setting} allows.",
        "Ask in parts with ORDER BY, LIMIT and OFFSET, or ask for less; an export has no such "
        "limit.",
    )
