"""A copy of a release that is being changed: nobody else sees it until it is published."""

import gzip
import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, Literal, Self

import pyoxigraph as ox

from dealgraph.errors import BadInput, DealgraphError, TooLarge, WorkspaceError
from dealgraph.releases.store import Content, content_of, lines, statements

GraphFormatName = Literal["turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads"]

_FORMATS: Final[dict[str, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
# What RocksDB keeps for itself and writes anew.
_OWN: Final = ("LOCK", "LOG")
_CHUNK: Final = 64 * 1024
_TABLES: Final = 60


class StagedStore:
    """The store in *folder*, open for one writer in a ``with``; graphs are IRIs, "" the default.

    Every change is whole or not at all, as far as the staged copy goes; the release it was copied
    from is never touched.
    """

    def __init__(self, folder: Path, origin: Path | None) -> None:
        """Opens a copy of the store in *origin*, or an empty store.

        :raises WorkspaceError: when it can't be copied or opened.
        """
        self._folder = folder
        self._content: Content | None = None
        try:
            if origin is not None:
                _copy(origin, folder)
            self._store = ox.Store(str(folder))
        except (OSError, RuntimeError) as error:
            raise _unusable(f"The store can't be copied to {folder}", error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the folder: RocksDB goes on tidying its files as long as it is open."""
        del self._store  # pyoxigraph has no other word for it

    def update(self, text: str, base: str | None, prefixes: dict[str, str]) -> None:
        """Carries out a SPARQL update, in one transaction; the guard has read *text* before.

        :raises SyntaxError: with the engine's message, line and column in it.
        :raises BadInput: when it can't be evaluated.
        """
        self._content = None
        try:
            self._store.update(text, base_iri=base, prefixes=prefixes)
        except SyntaxError:
            raise
        except (ValueError, RuntimeError, OSError) as error:
            raise _failed("The update can't be carried out", error) from None

    def has_graph(self, graph: str) -> bool:
        """Whether a graph of that name has triples; the default graph always is there."""
        return not graph or not self._is_empty(ox.NamedNode(graph))

    def graphs(self) -> list[str]:
        """The names of the graphs, empty ones too; not the default graph."""
        return sorted(
            name.value for name in self._store.named_graphs() if isinstance(name, ox.NamedNode)
        )

    def about(self, nodes: Iterable[str]) -> bytes:
        """Everything that is said with these IRIs as subject, in any graph, as N-Triples."""
        return statements(self._store, nodes)

    def drop_empty(self) -> None:
        """Removes the named graphs that have no triples: here there are none.

        They are in no digest and in no file that is exported, so a release couldn't keep them. A
        store is free to: https://www.w3.org/TR/sparql11-update/#graphManagement
        """
        for name in list(self._store.named_graphs()):
            if self._is_empty(name):
                self._store.remove_graph(name)

    def _is_empty(self, name: ox.NamedNode | ox.BlankNode) -> bool:
        return next(self._store.quads_for_pattern(None, None, None, name), None) is None

    def lines(self, graph: str) -> set[bytes]:
        """The triples of a graph as canonical N-Triples lines."""
        return lines(self._store, _name(graph))

    def empty(self, graph: str) -> None:
        """Takes every triple out of a graph, which need not be there."""
        self._content = None
        self._store.clear_graph(_name(graph))

    def drop(self, graph: str) -> None:
        """Removes a graph; the default graph is emptied."""
        self._content = None
        self._store.remove_graph(_name(graph))

    def load(self, graph: str, path: Path, form: GraphFormatName, base: str) -> None:
        """Adds the triples in a file to a graph, which is made if it isn't there.

        Blank nodes of the file are new ones. Nothing that the file names is fetched: Oxigraph's
        parsers have no loader.

        :raises BadInput: when the file can't be read in that format; with line and column.
        """
        self._content = None
        name = _name(graph)
        if isinstance(name, ox.NamedNode):
            self._store.add_graph(name)
        try:
            with path.open("rb") as file:
                if form in ("trig", "nquads"):
                    self._store.extend(_in_graph(file, form, base, name))
                else:
                    self._store.load(file, format=_FORMATS[form], base_iri=base, to_graph=name)
        except SyntaxError as error:
            raise BadInput(
                f"The graph can't be read as {form}: {_first_line(error)}.",
                "Mend it there, or name its format in Content-Type.",
            ) from None
        except (ValueError, RuntimeError, OSError) as error:
            raise _failed("The graph can't be stored", error) from None

    def content(self, blank_nodes: bool) -> Content:
        """What the store says now; it takes a second for 100,000 quads, so it is kept.

        :raises BadInput: for a blank node where there may be none.
        :raises WorkspaceError: when the store is damaged.
        """
        if self._content is None:
            try:
                self._content = content_of(self._store, blank_nodes)
            except (OSError, RuntimeError) as error:
                raise WorkspaceError(
                    f"The store of the release can't be read: {_first_line(error)}.",
                    "Run: dealgraph releases verify; restore a backup or build a new release.",
                ) from None
        return self._content

    def checkpoint(self, target: Path) -> None:
        """Writes the store, as it is now, into the new folder *target*.

        :raises WorkspaceError: when the disk can't take it.
        """
        try:
            self._store.flush()
            # Each change leaves some small tables; a store of hundreds is slow to open.
            if len(list(self._folder.glob("*.sst"))) > _TABLES:
                self._store.optimize()
            self._store.backup(str(target))
        except (OSError, RuntimeError) as error:
            raise _unusable(f"The store can't be written to {target}", error) from None


def refuse_malformed_update(text: str, base: str | None, prefixes: dict[str, str]) -> None:
    """Lets an update pass that the engine can read; it is tried on nothing.

    :raises SyntaxError: with the engine's message, line and column in it.
    """
    with suppress(ValueError, RuntimeError, OSError):
        ox.Store().update(text, base_iri=base, prefixes=prefixes)


def unpacked(source: Path, target: Path, most: int) -> Path:
    """The file that a gzip file holds, written to *target*; never more than *most* bytes.

    :raises TooLarge: when it holds more.
    :raises BadInput: when it is no gzip file.
    """
    size = 0
    try:
        with gzip.open(source) as packed, target.open("wb") as file:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise TooLarge(
                        f"The body has more than {most} bytes when it is unpacked (write_body).",
                        "Send it in parts: POST adds to a graph.",
                    )
                file.write(chunk)
    except (OSError, EOFError) as error:
        raise BadInput(f"The body is no gzip: {error}.", "Send it as it is, unpacked.") from None
    return target


def _copy(origin: Path, folder: Path) -> None:
    """A copy of a store's files; tables never change, so they are linked."""
    folder.mkdir()
    for path in origin.iterdir():
        target = folder / path.name
        if path.suffix == ".sst":
            os.link(path, target)
        elif not path.name.startswith(_OWN):
            shutil.copyfile(path, target)


def _in_graph(
    file: IO[bytes], form: str, base: str, name: ox.NamedNode | ox.DefaultGraph
) -> Sequence[ox.Quad]:
    """The triples of a file that may name graphs but doesn't.

    :raises BadInput: where one is in a graph of its own.
    """
    found = []
    for quad in ox.parse(file, format=_FORMATS[form], base_iri=base, rename_blank_nodes=True):
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise BadInput(
                f"The file names the graph {quad.graph_name}; it is sent to one graph.",
                "Send each graph to its own address.",
            )
        found.append(ox.Quad(quad.subject, quad.predicate, quad.object, name))
    return found


def _name(graph: str) -> ox.NamedNode | ox.DefaultGraph:
    return ox.NamedNode(graph) if graph else ox.DefaultGraph()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _failed(what: str, error: Exception) -> DealgraphError:
    # What evaluation can't do comes as RuntimeError or ValueError, what the disk can't as OSError.
    if isinstance(error, OSError) or str(error).startswith(("IO error", "Corruption")):
        return _unusable(what, error)
    return BadInput(f"{what}: {_first_line(error)}.", "Change it as this says.")


def _unusable(what: str, error: Exception) -> WorkspaceError:
    return WorkspaceError(
        f"{what}: {_first_line(error)}.", "See that the disk has room and may be written to."
    )
