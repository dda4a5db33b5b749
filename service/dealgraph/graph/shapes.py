"""Data against the SHACL shapes of the ontology: the only importer of pySHACL.

https://www.w3.org/TR/shacl/
"""

from pathlib import Path

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dealgraph.graph.ontology import load_ontology, load_turtle

_SH = Namespace("http://www.w3.org/ns/shacl#")


def broken_shapes(data: Graph, focus: set[str], ontology: Path) -> list[str]:
    """A line for each violation of a node in *focus* (IRIs), in order; empty where all fits.

    *data* holds what is said of these nodes and of those that they point to; what is only a
    warning is left out.
    """
    import pyshacl  # takes half a second: only who checks something waits for it

    loaded = load_ontology(ontology)
    _, report, _ = pyshacl.validate(
        data + loaded.ontology + loaded.schemes, shacl_graph=load_turtle(ontology / "shapes")
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
    said = [each for each in report.objects(result, _SH.resultMessage) if isinstance(each, Literal)]
    english = [each for each in said if each.language in ("en", None)]
    return str(min(english or said, default="it breaks a shape"))
