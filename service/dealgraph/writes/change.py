"""A change as it is asked for, and what became of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["update", "put", "post", "delete"]


@dataclass(frozen=True)
class Change:
    """One write.

    ``kind`` update: the file ``body`` holds SPARQL, ``using_default`` and ``using_named`` are the
    dataset of the request, ``base`` resolves relative IRIs. Otherwise ``graph`` is the IRI of a
    graph, "" the default graph, and ``body`` (not for delete) holds triples in ``form``; *put*
    replaces, *post* adds. ``packed`` says that the body is gzip.

    ``expected`` are the numbers of the releases one of which has to be current, None where any
    may be; ``absent`` and ``present`` say what has to be true of the graph.
    """

    kind: Kind
    body: Path | None = None
    packed: bool = False
    graph: str = ""
    form: str = ""
    base: str | None = None
    using_default: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    expected: tuple[int, ...] | None = None
    absent: bool = False
    present: bool = False
    author: str = ""
    message: str = ""
    request: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {**asdict(self), "body": None if self.body is None else str(self.body)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Change":
        """The change that :meth:`plain` wrote."""
        values = dict(plain)
        for name in ("using_default", "using_named", "expected"):
            values[name] = None if values[name] is None else tuple(values[name])
        values["body"] = None if values["body"] is None else Path(values["body"])
        return cls(**values)


@dataclass(frozen=True)
class Outcome:
    """What a change did: the release that is current after it, whether that is a new one, and
    whether the graph was there before."""

    release: int
    published: bool
    existed: bool = True
