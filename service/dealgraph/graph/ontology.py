"""The shipped ontology as graphs without blank nodes.

Class expressions and lists are blank nodes in the Turtle files. Here each becomes an IRI made of
its own content and place (https://www.w3.org/TR/rdf11-concepts/#section-skolemization), so the
same files give the same graph, in any process and any order of loading.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

from rdflib import BNode, Graph, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from dealgraph.errors import BadInput, NotFound
from dealgraph.vocab import SKOLEM

Statement = tuple[Node, Node]


class Ontology(NamedTuple):
    """The terms with their axioms, and the concepts of the SKOS schemes."""

    ontology: Graph
    schemes: Graph


def load_ontology(folder: Path) -> Ontology:
    """The files ``core/*.ttl`` and ``schemes/*.ttl`` of an ontology folder; nothing else.

    :raises NotFound: when the folder has no such files.
    :raises BadInput: when a file isn't Turtle, or has a circle of blank nodes.
    """
    return Ontology(
        skolemised(load_turtle(folder / "core")), skolemised(load_turtle(folder / "schemes"))
    )


def load_turtle(folder: Path) -> Graph:
    """Every ``.ttl`` file of a folder in one graph, as it is written.

    :raises NotFound: when the folder has no such files.
    :raises BadInput: when a file isn't Turtle.
    """
    paths = sorted(folder.glob("*.ttl"))
    if not paths:
        raise NotFound(
            f"There is no Turtle file in {folder}.",
            "Give the ontology folder of a whole checkout or installation.",
        )
    graph = Graph()
    for path in paths:
        try:
            graph.parse(path, format="turtle")
        except (BadSyntax, ParserError, UnicodeDecodeError) as error:
            text = " ".join(str(error).split())
            raise BadInput(f"{path} is not Turtle: {text}", "Mend the file.") from None
    return graph


def skolemised(graph: Graph) -> Graph:
    """A copy in which each blank node is an IRI that depends on nothing but what it says.

    Two equal expressions in two places get two IRIs: OWL 2 DL allows no shared expressions
    (https://www.w3.org/TR/owl2-mapping-to-rdf/#Mapping_from_RDF_Graphs_to_the_Structural_Specification).

    :raises BadInput: when blank nodes point at one another in a circle.
    """
    names = _Names(graph)
    result = Graph()
    for prefix, namespace in graph.namespaces():
        result.bind(prefix, namespace)
    for subject, predicate, value in graph:
        result.add((names.of(subject), predicate, names.of(value)))
    return result


class _Names:
    """The IRIs of the blank nodes of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._contents: dict[BNode, str] = {}
        self._names: dict[BNode, URIRef] = {}

    def of(self, node: Node) -> Node:
        if not isinstance(node, BNode):
            return node
        if node not in self._names:
            content = self._content(node, ())
            places = sorted(
                f"{self.of(subject).n3()} {predicate.n3()}"
                for subject, predicate in self._graph.subject_predicates(node)
            )
            text = "\n".join([content, *places])
            digest = hashlib.sha256(text.encode()).hexdigest()
            self._names[node] = URIRef(SKOLEM + digest[:24])
        return self._names[node]

    def _content(self, node: BNode, above: tuple[BNode, ...]) -> str:
        if node in above:
            raise BadInput(
                "The ontology has blank nodes that point at one another in a circle.",
                "Give one of them an IRI.",
            )
        if node not in self._contents:
            lines = sorted(
                f"{predicate.n3()} {self._text(value, (*above, node))}"
                for predicate, value in self._graph.predicate_objects(node)
            )
            self._contents[node] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return self._contents[node]

    def _text(self, node: Node, above: tuple[BNode, ...]) -> str:
        return self._content(node, above) if isinstance(node, BNode) else node.n3()
