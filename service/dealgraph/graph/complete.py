"""Everything that is computed from identity and belief: what follows, then what analyses find.

It needs nothing but a store that has ontology, schemes, entities and belief, so that it serves
a build and the view of a release as it was known on a day.
"""

from pathlib import Path

from rdflib import Dataset

from dealgraph.graph.analyses import analyse
from dealgraph.graph.inference import infer
from dealgraph.graph.rules import compile_rules
from dealgraph.vocab import ONTOLOGY_GRAPH


def complete(dataset: Dataset, ontology: Path) -> dict[str, int]:
    """Fills graph/inferred and graph/analyses anew; gives the number of triples in each.

    :raises Inconsistent: when the rules don't come to rest.
    """
    inferred = infer(dataset, compile_rules(ontology, dataset.graph(ONTOLOGY_GRAPH)))
    return {"inferred": inferred, "analysed": analyse(dataset)}
