"""A change as it is asked for, and what became of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["update", "put", "post", "delete"]


@dataclass(frozen=True)
class Part:
    """A file that was sent, in a format of graphs ("" for an update), perhaps packed by gzip."""

    path: Path
    form: str = ""
    packed: bool = False


@dataclass(frozen=True)
class Change:
    """One write.

    ``kind`` update: the one part holds SPARQL, ``using_default`` and ``using_named`` are the
    dataset of the request, ``base`` resolves relative IRIs. Otherwise ``graph`` is the IRI of a
    graph, "" the default graph, and the parts (none for delete) hold triples; *put* replaces,
    *post* adds.

    ``expected`` are the numbers of the releases one of which has to be current, None where any
    may be; ``unexpected`` those none of which may be while the graph is there; ``absent`` and
    ``present`` say what has to be true of the graph. ``nonce`` goes into
    the record of the release; whoever sends the change gives it one of its own.
    """

    kind: Kind
    parts: tuple[Part, ...] = ()
    graph: str = ""
    base: str | None = None
    using_default: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    expected: tuple[int, ...] | None = None
    unexpected: tuple[int, ...] = ()
    absent: bool = False
    present: bool = False
    author: str = ""
    message: str = ""
    request: str = ""
    nonce: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        parts = [{**asdict(part), "path": str(part.path)} for part in self.parts]
        return {**asdict(self), "parts": parts}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Change":
        """The change that :meth:`plain` wrote."""
        values = dict(plain)
        for name in ("using_default", "using_named", "expected", "unexpected"):
            values[name] = None if values[name] is None else tuple(values[name])
        values["parts"] = tuple(
            Part(Path(part["path"]), part["form"], part["packed"]) for part in values["parts"]
        )
        return cls(**values)


@dataclass(frozen=True)
class Outcome:
    """What a change did: the release that is current after it, whether that is a new one, and
    whether the graph was there before."""

    release: int
    published: bool
    existed: bool = True
