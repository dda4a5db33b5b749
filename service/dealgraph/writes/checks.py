"""What a change to a release with an ontology has to keep to before it is published."""

from pathlib import Path

from rdflib import Graph, URIRef

from dealgraph.errors import BrokenShapes
from dealgraph.graph.shapes import broken_shapes
from dealgraph.releases.staged import StagedStore
from dealgraph.vocab import GRAPH

# Breaks of shapes that an error tells in words.
_TOLD = 3


def own_lines(staged: StagedStore) -> set[bytes]:
    """Every triple in a graph that no build makes, as N-Triples lines."""
    own = [graph for graph in staged.graphs() if not graph.startswith(GRAPH)]
    return set().union(*(staged.lines(graph) for graph in ("", *own)))


def refuse_broken_shapes(staged: StagedStore, before: set[bytes], ontology: Path) -> None:
    """Lets a change pass whose nodes fit the shapes; *before* is :func:`own_lines` of before it.

    Only what the change touches is looked at: a node that has gained or lost a triple, with what
    it points to.

    :raises BrokenShapes: names the nodes and what is wrong with each.
    """
    touched = own_lines(staged) ^ before
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
