"""What is found in a graph by computing where rules don't reach: ``graph/analyses``.

Each analysis is a module with a function from a dataset to triples about nodes that it mints.
"""

from collections.abc import Callable, Iterable
from typing import Final

from rdflib import Dataset

from dealgraph.graph.bands import bands
from dealgraph.graph.cycles import cycles
from dealgraph.graph.identity import Triple
from dealgraph.vocab import ANALYSES_GRAPH

Analysis = Callable[[Dataset], Iterable[Triple]]

ANALYSES: Final[tuple[Analysis, ...]] = (bands, cycles)


def analyse(dataset: Dataset) -> int:
    """Fills graph/analyses anew and gives the number of its triples."""
    target = dataset.graph(ANALYSES_GRAPH)
    target.remove((None, None, None))
    for analysis in ANALYSES:
        dataset.addN((*triple, target) for triple in analysis(dataset))
    return len(target)
