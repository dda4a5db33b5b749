"""What a change to a release with an ontology has to keep to before it is published."""

import re
from pathlib import Path
from typing import Final

from rdflib import Graph, URIRef

from dealgraph.errors import BadInput, BrokenShapes, Conflict
from dealgraph.graph.shapes import broken_shapes
from dealgraph.releases.staged import StagedStore
from dealgraph.releases.store import content
from dealgraph.releases.workspace import Release
from dealgraph.vocab import GRAPH

# Triple terms and text directions of RDF 1.2, in canonical N-Triples.
_STRANGE: Final = re.compile(rb'<<\(|"@[a-z0-9-]+--(?:ltr|rtl) \.$')
# Breaks of shapes that an error tells in words.
_TOLD: Final = 3


def own_lines(staged: StagedStore) -> set[bytes]:
    """Every triple in a named graph that no build makes, as N-Triples lines."""
    own = [graph for graph in staged.graphs() if not graph.startswith(GRAPH)]
    return set().union(*map(staged.lines, own))


def refuse_made_graphs(staged: StagedStore, own: set[bytes], current: Release) -> None:
    """Lets a change pass that leaves what a build makes as it is, and names every graph.

    *own* is :func:`own_lines`.

    :raises Conflict: else. The default graph of a query is made of what builds make.
    :raises BadInput: for what can't be exported: blank nodes, triple terms, text directions.
    """
    # A release of version 0.1 has no such digest in its record.
    made = current.made_sha256 or content(current.store).made_sha256
    if staged.content(blank_nodes=False).made_sha256 != made or staged.lines(""):
        raise Conflict(
            f"The graphs under {GRAPH} and the default graph are made from the records by a build.",
            "Write to a named graph of your own, or change the records and build.",
        )
    strange = next(filter(_STRANGE.search, sorted(own)), None)
    if strange is not None:
        raise BadInput(
            f"This can't be exported to RDF 1.1: {strange.decode()[:200]}",
            "Write it without triple terms and text directions.",
        )


def refuse_broken_shapes(staged: StagedStore, touched: set[bytes], ontology: Path) -> None:
    """Lets a change pass whose nodes fit the shapes; *touched* are the lines it made or took away.

    Only what the change touches is looked at: a node that has gained or lost a triple, with what
    it points to.

    :raises BrokenShapes: names the nodes and what is wrong with each.
    """
    focus = {str(subject) for subject, _, _ in _graph(b"\n".join(touched)) if _is_iri(subject)}
    if not focus:
        return
    data = _graph(staged.about(sorted(focus)))
    data += _graph(staged.about(sorted({str(o) for o in data.objects() if _is_iri(o)} - focus)))
    broken = broken_shapes(data, focus, ontology)
    if broken:
        more = f" and {len(broken) - _TOLD} more" if len(broken) > _TOLD else ""
        raise BrokenShapes(
            f"The data would break the shapes: {' '.join(broken[:_TOLD])}{more}",
            "Add what is missing, or take the type away; nothing was changed.",
            broken,
        )


def _graph(lines: bytes) -> Graph:
    return Graph().parse(data=lines, format="nt")


def _is_iri(term: object) -> bool:
    return isinstance(term, URIRef)
