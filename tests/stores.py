"""Small stores and releases of plain quads, for tests of what is below the graph."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from dealgraph.releases.build import commit
from dealgraph.releases.workspace import Origin, Release, Workspace

EX = "http://example.org/"


def iri(name: str) -> ox.NamedNode:
    """http://example.org/<name>"""
    return ox.NamedNode(EX + name)


def numbered(count: int, graph: str = "main") -> Iterable[ox.Quad]:
    """*count* quads: subjects s0 to s99 in turn, each with the value of its own number."""
    for number in range(count):
        yield ox.Quad(iri(f"s{number % 100}"), iri("value"), ox.Literal(number), iri(graph))


def fill(folder: Path, quads: Iterable[ox.Quad]) -> Mapping[str, int]:
    """Writes quads into a new store; the counts say nothing."""
    store = ox.Store(str(folder))
    store.extend(quads)
    store.flush()
    return {}


def publish(
    workspace: Workspace, quads: Iterable[ox.Quad], message: str = "", plain: bool = False
) -> tuple[Release, bool]:
    """A release of just these quads."""
    return commit(workspace, lambda folder: fill(folder, quads), message, Origin(plain=plain))
