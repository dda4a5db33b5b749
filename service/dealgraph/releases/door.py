"""The door of a workspace with an ontology: what doesn't fit the shapes stays outside.

Only what a change touches is looked at: a node that has gained or lost a triple, with what it
points to. https://www.w3.org/TR/shacl/
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from rdflib import Graph, URIRef

from dealgraph.errors import BrokenShapes
from dealgraph.graph.shapes import broken_shapes
from dealgraph.releases.store import ReadStore
from dealgraph.vocab import (
    ANALYSES_GRAPH,
    HISTORY_GRAPH,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    SCHEMES_GRAPH,
)

# Breaks of shapes that an error tells in words.
_TOLD: Final = 3
# What follows from the rest breaks no shape that the rest doesn't break; the ontology has checks
# of its own.
_UNCHECKED: Final = frozenset(
    map(str, (ANALYSES_GRAPH, HISTORY_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, SCHEMES_GRAPH))
)


class Said(Protocol):
    """What can tell what is said about nodes."""

    def about(self, nodes: Iterable[str]) -> bytes:
        """Everything that is said with these IRIs as subject, as N-Triples."""


def refuse_broken_shapes(store: Said, touched: Iterable[bytes], ontology: Path) -> None:
    """Lets a change pass whose nodes fit the shapes; *touched* are the lines it made or took away.

    :raises BrokenShapes: names the nodes and what is wrong with each.
    """
    focus = _subjects(touched)
    if not focus:
        return
    data = _graph(store.about(sorted(focus)))
    pointed_to = {str(o) for o in data.objects() if isinstance(o, URIRef)} - focus
    data += _graph(store.about(sorted(pointed_to)))
    broken = broken_shapes(data, focus, ontology)
    if broken:
        more = f" and {len(broken) - _TOLD} more" if len(broken) > _TOLD else ""
        raise BrokenShapes(
            f"The data would break the shapes: {' '.join(broken[:_TOLD])}{more}",
            "Add what is missing, or take the type away; nothing was changed.",
            broken,
        )


def refuse_broken_build(built: Path, latest: Path | None, ontology: Path) -> None:
    """Lets a build pass whose nodes fit the shapes, as far as they differ from the *latest*.

    :raises BrokenShapes: names the nodes and what is wrong with each.
    :raises WorkspaceError: when a store can't be read.
    """
    store = ReadStore(built)
    before = ReadStore(latest) if latest is not None else None
    touched: set[bytes] = set()
    for name in store.graphs() | (before.graphs() if before else set()):
        if name not in _UNCHECKED:
            touched |= store.lines(name) ^ (before.lines(name) if before else set())
    refuse_broken_shapes(store, touched, ontology)


def _subjects(lines: Iterable[bytes]) -> set[str]:
    """The IRIs before the first blank of each line."""
    first = {line.split(b" ", 1)[0] for line in lines}
    return {node[1:-1].decode() for node in first if node.startswith(b"<")}


def _graph(lines: bytes) -> Graph:
    return Graph().parse(data=lines, format="nt")
