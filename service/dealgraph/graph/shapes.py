"""Data against the SHACL shapes of the ontology: the only importer of pySHACL.

https://www.w3.org/TR/shacl/
"""

from collections.abc import Iterable
from pathlib import Path

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dealgraph.graph.ontology import load_ontology, load_turtle

_SH = Namespace("http://www.w3.org/ns/shacl#")


def broken_shapes(data: Graph, focus: set[str], ontology: Path) -> list[str]:
    """A line for each violation of a node in *focus* (IRIs), in order; empty where all fits.

    A line has the node, and what is wrong in English and in Portuguese.

    *data* holds what is said of these nodes and of those that they point to; what is only a
    warning is left out.
    """
    import pyshacl  # takes half a second: only who checks something waits for it

    loaded = load_ontology(ontology)
    whole = Graph()
    for graph in (data, loaded.ontology, loaded.schemes):
        for triple in graph:
            whole.add(triple)
    # In place: nothing is inferred here, so there is no need for a copy to write to.
    _, report, _ = pyshacl.validate(
        whole, shacl_graph=load_turtle(ontology / "shapes"), inplace=True
    )
    assert isinstance(report, Graph)
    lines = set()
    for result in report.subjects(RDF.type, _SH.ValidationResult):
        node = report.value(result, _SH.focusNode)
        severe = report.value(result, _SH.resultSeverity) == _SH.Violation
        if severe and isinstance(node, URIRef) and str(node) in focus:
            lines.add(f"{node}: {_message(report, result)}")
    return sorted(lines)


def _message(report: Graph, result: Node) -> str:
    """What is wrong, in English and in Portuguese."""
    # pySHACL leaves the languages out where a constraint is written in SPARQL; the constraint
    # itself, which it copies into the report, has them.
    constraint = report.value(result, _SH.sourceConstraint)
    tagged = {
        each.language: str(each)
        for each in (*report.objects(result, _SH.resultMessage), *_said(report, constraint))
        if isinstance(each, Literal)
    }
    told = [tagged[language] for language in ("en", "pt") if language in tagged]
    return " / ".join(told or map(str, tagged.values())) or "it breaks a shape"


def _said(report: Graph, constraint: Node | None) -> Iterable[Node]:
    return () if constraint is None else report.objects(constraint, _SH.message)
