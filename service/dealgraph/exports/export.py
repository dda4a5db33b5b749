"""A release, one graph or one thing, written in a format."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, get_args

from dealgraph.errors import BadInput, NotFound
from dealgraph.exports.description import description
from dealgraph.exports.quads import Quads, serialised
from dealgraph.exports.terms import Quad, ntriples, order
from dealgraph.exports.turtle import trig, turtle
from dealgraph.releases.workspace import Release
from dealgraph.vocab import GRAPH

FormatName = Literal["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"]
FORMATS: tuple[str, ...] = get_args(FormatName)

# What file names and addresses call them.
_SHORT = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "rdf": "rdfxml"}

WHOLE = "release"


def export(release: Release, what: str, form: str) -> Iterator[bytes]:
    """The chunks of a file: the same bytes for the same release, whoever asks and when.

    *what* is ``"release"``, the IRI of a graph or the IRI of a thing; *form* is one of
    ``FORMATS``, or ttl, nt, nq, rdf for short. Turtle, N-Triples and RDF/XML have no graphs:
    there all graphs are merged.

    :raises BadInput: when *form* is no format, or the release has a blank node.
    :raises NotFound: when the release has no such graph or thing.
    """
    form = _SHORT.get(form, form)
    if form not in _WRITERS:
        raise BadInput(f"'{form}' is no export format.", f"Choose one of {', '.join(FORMATS)}.")
    quads = Quads(release.store)
    if what == WHOLE:
        found = quads.all()
    elif what.startswith(GRAPH):
        found = quads.of_graph(what)
    else:
        found = description(quads, what)
    rows = sorted(found, key=order)
    if not rows and what != WHOLE:
        noun = "graph" if what.startswith(GRAPH) else "thing"
        raise NotFound(
            f"Release {release.number} has no {noun} <{what}>.",
            "Search for its name, or look at the list of graphs under /export.",
        )
    return _WRITERS[form](rows)


def _turtle(rows: list[Quad]) -> Iterator[bytes]:
    return (text.encode() for text in turtle(quad.triple for quad in rows))


def _trig(rows: list[Quad]) -> Iterator[bytes]:
    return (text.encode() for text in trig(rows))


def _ntriples(rows: list[Quad]) -> Iterator[bytes]:
    lines = {" ".join(map(ntriples, quad.triple)) for quad in rows}
    return (f"{line} .\n".encode() for line in sorted(lines))


def _nquads(rows: list[Quad]) -> Iterator[bytes]:
    lines = (" ".join(map(ntriples, quad)) for quad in rows)
    return (f"{line} .\n".encode() for line in sorted(lines))


def _jsonld(rows: list[Quad]) -> Iterator[bytes]:
    yield serialised(rows, "jsonld", with_graphs=True)


def _rdfxml(rows: list[Quad]) -> Iterator[bytes]:
    merged: Iterable[Quad] = {quad.triple: quad for quad in rows}.values()
    # By subject, or a thing that stands in two graphs would be described in two places.
    yield serialised(sorted(merged, key=lambda quad: order(quad)[1:]), "rdfxml", with_graphs=False)


_WRITERS: dict[str, Callable[[list[Quad]], Iterator[bytes]]] = {
    "turtle": _turtle,
    "trig": _trig,
    "ntriples": _ntriples,
    "nquads": _nquads,
    "jsonld": _jsonld,
    "rdfxml": _rdfxml,
}
