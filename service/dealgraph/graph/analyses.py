"""What is found in a graph by computing where rules don't reach: ``graph/analyses``.

Each analysis is a module with a function from a dataset to triples about nodes that it mints.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from rdflib import Dataset

from dealgraph.graph.bands import bands
from dealgraph.graph.cycles import cycles
from dealgraph.graph.dataset import update
from dealgraph.graph.identity import Triple
from dealgraph.vocab import ANALYSES_GRAPH

Analysis = Callable[[Dataset], Iterable[Triple]]

ANALYSES: Final[tuple[Analysis, ...]] = (bands, cycles)


def analyse(dataset: Dataset, ontology: Path) -> int:
    """Fills graph/analyses anew and gives the number of its triples.

    When arrangements hold is worked out by the updates ``rules/valid-time/*.ru``, in the order of
    their names: they take the least or the greatest of several days, for which rules that are
    kept up to date from what changes are not made.
    """
    target = dataset.graph(ANALYSES_GRAPH)
    target.remove((None, None, None))
    for analysis in ANALYSES:
        dataset.addN((*triple, target) for triple in analysis(dataset))
    for path in sorted((ontology / "rules" / "valid-time").glob("*.ru")):
        update(dataset, path.read_text("utf-8"))
    return len(target)
