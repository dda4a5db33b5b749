"""The store under a release: the only module of this part that knows pyoxigraph."""

import gc
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dealgraph.errors import BadInput, WorkspaceError
from dealgraph.vocab import GRAPH

_MADE = b"<" + GRAPH.encode()


@dataclass(frozen=True)
class Content:
    """What a store says: the number of quads, and a digest that does not depend on their order.

    ``sha256`` is taken over the sorted lines of the canonical N-Quads document, each with its
    line end (https://www.w3.org/TR/rdf12-n-quads/#canonical-quads); ``made_sha256`` over those of
    them that are in a graph which the build makes.
    """

    quads: int
    sha256: str
    made_sha256: str


def checkpoint(live: Path, target: Path) -> None:
    """A copy of the store in *live*, as of now, in the new folder *target*.

    On one file system it is made of hard links; nothing written to *live* later shows in it.

    :raises WorkspaceError: when *live* is no store, is held open, or the disk is full.
    """
    if not (live / "CURRENT").is_file():
        # pyoxigraph would make an empty store there, and an empty release of it.
        raise WorkspaceError(f"There is no store in {live}.", "Fill one before publishing it.")
    # rdflib's dataset and graphs point at one another: what was closed may still be alive.
    gc.collect()
    try:
        store = ox.Store(str(live))
        store.flush()
        store.optimize()
        store.backup(str(target))
    except (OSError, RuntimeError) as error:
        raise WorkspaceError(
            f"The store in {live} can't be copied to {target}: {error}.",
            "See that nothing else holds it open and that the disk has room.",
        ) from None


def carry_over(origin: Path, target: Path) -> int:
    """Copies the graphs of users, which no build makes, from a release into a new store.

    Returns the number of quads that were copied.

    :raises WorkspaceError: when one of the stores can't be opened.
    """
    gc.collect()  # see checkpoint
    try:
        old = ox.Store.read_only(str(origin))
        names = [name for name in old.named_graphs() if not str(name).encode().startswith(_MADE)]
        if not names:
            return 0
        new, copied = ox.Store(str(target)), 0
        for name in names:
            quads = list(old.quads_for_pattern(None, None, None, name))
            new.extend(quads)
            copied += len(quads)
        new.flush()
        return copied
    except (OSError, RuntimeError) as error:
        raise WorkspaceError(
            f"The graphs of users can't be copied from {origin}: {error}.",
            "Run: dealgraph releases verify; see that the disk has room.",
        ) from None


class ReadStore:
    """The store in a folder, to be read.

    :raises WorkspaceError: when it can't be opened.
    """

    def __init__(self, folder: Path) -> None:
        gc.collect()  # see checkpoint
        try:
            self._store = ox.Store.read_only(str(folder))
        except (OSError, RuntimeError) as error:
            raise _unreadable(folder, error) from None

    def about(self, nodes: Iterable[str]) -> bytes:
        """Everything that is said with these IRIs as subject, in any graph, as N-Triples."""
        return statements(self._store, nodes)

    def graphs(self) -> set[str]:
        """The names of the graphs; not the default graph."""
        return {name.value for name in self._store.named_graphs() if isinstance(name, ox.NamedNode)}

    def lines(self, graph: str) -> set[bytes]:
        """The triples of a named graph as canonical N-Triples lines."""
        return lines(self._store, ox.NamedNode(graph))


def statements(store: ox.Store, nodes: Iterable[str]) -> bytes:
    """Everything that is said with these IRIs as subject, in any graph, as N-Triples."""
    found = (
        quad.triple
        for node in nodes
        for quad in store.quads_for_pattern(ox.NamedNode(node), None, None, None)
    )
    return ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b""


def lines(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> set[bytes]:
    """The triples of a graph as canonical N-Triples lines."""
    document = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
    assert document is not None  # no output was given, so the bytes come back
    return set(document.split(b"\n")[:-1])


def content(folder: Path, blank_nodes: bool = False) -> Content:
    """The number of quads of a store and the digests of what they say.

    :raises WorkspaceError: when the folder can't be read as a store.
    :raises BadInput: where there may be no *blank_nodes*, for one: it has no name that would be
        the same tomorrow.
    """
    try:
        return content_of(ox.Store.read_only(str(folder)), blank_nodes)
    except (OSError, RuntimeError) as error:  # a RuntimeError is what corruption comes as
        raise _unreadable(folder, error) from None


def _unreadable(folder: Path, error: Exception) -> WorkspaceError:
    return WorkspaceError(
        f"The store in {folder} can't be read: {error}.",
        "Restore the folder from a backup, or build a new release from the records.",
    )


def content_of(store: ox.Store, blank_nodes: bool) -> Content:
    """What an open store says.

    :raises BadInput: where there may be no *blank_nodes*, for one.
    :raises OSError: when it can't be read; damage comes as RuntimeError.
    """
    document = store.dump(format=ox.RdfFormat.N_QUADS)
    assert document is not None  # no output was given, so the bytes come back
    if not blank_nodes and b"_:" in document:  # also inside a text: only then each is looked at
        _refuse_blank_nodes(store)
    lines = document.split(b"\n")[:-1]  # the writer escapes line ends inside literals
    del document
    lines.sort()
    whole, made = hashlib.sha256(), hashlib.sha256()
    for line in lines:
        whole.update(line + b"\n")
        if _is_made(line):
            made.update(line + b"\n")
    return Content(len(lines), whole.hexdigest(), made.hexdigest())


def _is_made(line: bytes) -> bool:
    """Whether the quad of a canonical line is in a graph that the build makes.

    What stands before the dot may also be the object of a triple in the default graph: the end
    of a text, which has a quotation mark, or an IRI, and then there are three blanks.
    """
    last = line[line.rfind(b" ", 0, -2) + 1 :]
    return last.startswith(_MADE) and b'"' not in last and line.count(b" ") > 3


def _refuse_blank_nodes(store: ox.Store) -> None:
    for quad in store:
        nodes = (quad.subject, quad.object, quad.graph_name)
        if any(_has_blank(node) for node in nodes):
            raise BadInput(
                f"There is a blank node in {quad}.",
                "Give each node an IRI of its own: a blank node can't be cited or compared.",
            )


def _has_blank(node: object) -> bool:
    if isinstance(node, ox.Triple):
        return _has_blank(node.subject) or _has_blank(node.object)
    return isinstance(node, ox.BlankNode)
