"""The quads of a release, read-only: the only module of this part that knows pyoxigraph."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal as Choice

import pyoxigraph as ox

from dealgraph.errors import BadInput, WorkspaceError
from dealgraph.exports.terms import Iri, Literal, Quad, Term
from dealgraph.vocab import PREFIXES


class Quads:
    """The quads of one store, opened read-only: a release is never written to.

    :raises WorkspaceError: when the folder is no store.
    """

    def __init__(self, store: Path) -> None:
        try:
            self._store = ox.Store.read_only(str(store))
        except (OSError, RuntimeError) as error:
            raise WorkspaceError(
                f"The store in {store} can't be opened: {error}.",
                "Run 'dealgraph releases verify' on the workspace, or build the release again.",
            ) from None

    def all(self) -> Iterator[Quad]:
        """Every quad."""
        return self._matching(None, None, None, None)

    def lines(self) -> set[bytes]:
        """Every quad as a line of canonical N-Quads."""
        document = self._store.dump(format=ox.RdfFormat.N_QUADS)
        assert document is not None  # no output was given, so the bytes come back
        return set(document.split(b"\n")[:-1])

    def of_graph(self, graph: str) -> Iterator[Quad]:
        """The quads of one named graph."""
        return self._matching(None, None, None, graph)

    def about(self, subject: str) -> Iterator[Quad]:
        """The quads with this subject, in any graph."""
        return self._matching(subject, None, None, None)

    def pointing(self, predicate: str, value: str) -> Iterator[Quad]:
        """The quads that lead to *value* by *predicate*, in any graph."""
        return self._matching(None, predicate, value, None)

    def _matching(
        self, subject: str | None, predicate: str | None, value: str | None, graph: str | None
    ) -> Iterator[Quad]:
        def node(iri: str | None) -> ox.NamedNode | None:
            return None if iri is None else ox.NamedNode(iri)

        try:
            pattern = node(subject), node(predicate), node(value), node(graph)
        except ValueError:
            return iter(())  # what is no IRI names nothing
        return map(_quad, self._store.quads_for_pattern(*pattern))


def difference(older: Path, newer: Path) -> tuple[list[Quad], list[Quad]]:
    """The quads that only the store in *older* has, and those that only the one in *newer* has.

    :raises WorkspaceError: when one is no store.
    :raises BadInput: when one of these quads has a blank node or no graph.
    """
    before, after = (Quads(folder).lines() for folder in (older, newer))
    return _parsed(before - after), _parsed(after - before)


def _parsed(lines: set[bytes]) -> list[Quad]:
    return [_quad(quad) for quad in ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_QUADS)]


def serialised(
    quads: Iterable[Quad], form: Choice["jsonld", "rdfxml"], *, with_graphs: bool
) -> bytes:
    """The quads, in the order given, as JSON-LD (https://www.w3.org/TR/json-ld11/) or RDF/XML."""
    known = {"jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML}
    rows: Iterable[ox.Quad] | Iterable[ox.Triple]
    if with_graphs:
        rows = (ox.Quad(*_nodes(quad), ox.NamedNode(quad.graph.value)) for quad in quads)
    else:
        rows = (ox.Triple(*_nodes(quad)) for quad in quads)
    written = ox.serialize(rows, format=known[form], prefixes=PREFIXES)
    assert written is not None  # no output was given, so the bytes come back
    return written


def _quad(quad: ox.Quad) -> Quad:
    return Quad(
        _iri(quad.subject, quad),
        _iri(quad.predicate, quad),
        _term(quad),
        _iri(quad.graph_name, quad),
    )


def _iri(node: object, quad: ox.Quad) -> Iri:
    if isinstance(node, ox.NamedNode):
        return Iri(node.value)
    what = "blank node" if isinstance(node, ox.BlankNode) else "term without a name"
    raise BadInput(
        f"There is a {what} in {quad}: it has no name that would be the same tomorrow.",
        "Give the node an IRI of its own, and put each statement in a named graph.",
    )


def _term(quad: ox.Quad) -> Term:
    value = quad.object
    if isinstance(value, ox.Literal):
        return Literal(value.value, value.datatype.value, value.language or "")
    return _iri(value, quad)


def _nodes(quad: Quad) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]:
    value: ox.NamedNode | ox.Literal
    if isinstance(quad.object, Iri):
        value = ox.NamedNode(quad.object.value)
    elif quad.object.language:
        value = ox.Literal(quad.object.value, language=quad.object.language)
    else:
        value = ox.Literal(quad.object.value, datatype=ox.NamedNode(quad.object.datatype))
    return ox.NamedNode(quad.subject.value), ox.NamedNode(quad.predicate.value), value
