"""Contradictions that a query finds: which statements exclude each other, in words.

HermiT only says that data is inconsistent as a whole. The queries of ``ontology/clashes/`` name
the two statements; they look at what follows too, so they run on a store with its inferences.
"""

from pathlib import Path
from typing import NamedTuple

from rdflib import RDFS, SKOS, Dataset, Literal, URIRef
from rdflib.term import Node

from dealgraph.errors import NotFound
from dealgraph.graph.dataset import select
from dealgraph.graph.rule_files import notes


class Clash(NamedTuple):
    """One contradiction: the name of the query that found it, its nodes by the query's names, and
    the message in each language (``en``, ``pt``)."""

    query: str
    nodes: dict[str, Node]
    messages: dict[str, str]


def clashes(dataset: Dataset, ontology: Path) -> list[Clash]:
    """Every contradiction in a completed store, in the order of the queries.

    https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules, those
    of its rules that conclude false, as far as the ontology has a use for them.

    :raises NotFound: when the ontology folder has no such queries.
    """
    paths = sorted((ontology / "clashes").glob("*.rq"))
    if not paths:
        raise NotFound(
            f"There are no clash queries in {ontology / 'clashes'}.",
            "Give the ontology folder of a whole checkout or installation.",
        )
    found = []
    for path in paths:
        text = path.read_text("utf-8")
        said = notes(text)
        for row in select(dataset, text):
            nodes = {str(name): node for name, node in row.items()}
            messages = {}
            for language in ("en", "pt"):
                names = {key: _name(dataset, node, language) for key, node in nodes.items()}
                messages[language] = said[language].format(**names)
            found.append(Clash(path.stem, nodes, messages))
    return found


def _name(dataset: Dataset, node: Node, language: str) -> str:
    """The label of a node in a language; where it has none, the node itself."""
    labels = [
        label
        for predicate in (SKOS.prefLabel, RDFS.label)
        for label in dataset.objects(node, predicate)
        if isinstance(label, Literal) and label.language == language
    ]
    if labels:
        return f"“{min(labels)}”"
    return f"<{node}>" if isinstance(node, URIRef) else str(node)
