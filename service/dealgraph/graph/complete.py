"""Everything that is computed from identity and belief: what follows, then what analyses find.

It needs nothing but a store that has ontology, schemes, entities and belief, so that it serves
a build and the view of a release as it was known on a day.
"""

from collections.abc import Iterable
from pathlib import Path

from rdflib import Dataset

from dealgraph.graph.analyses import analyse
from dealgraph.graph.incremental import update_inferred
from dealgraph.graph.inference import infer
from dealgraph.graph.patterns import Pattern
from dealgraph.graph.rules import compile_rules
from dealgraph.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH


def complete(dataset: Dataset, ontology: Path) -> dict[str, int]:
    """Fills graph/inferred and graph/analyses anew; gives the number of triples in each.

    :raises Inconsistent: when the rules don't come to rest.
    """
    inferred = infer(dataset, compile_rules(ontology, dataset.graph(ONTOLOGY_GRAPH)))
    return {"inferred": inferred, "analysed": analyse(dataset, ontology)}


def complete_change(
    dataset: Dataset, ontology: Path, added: Iterable[Pattern], removed: Iterable[Pattern]
) -> dict[str, int]:
    """What ``complete`` does, for a store that was complete before it was changed: *added* came
    to entities or current, *removed* went. The analyses are made anew; each looks at everything.

    The ontology and the rules must be those that the store was completed with.

    :raises Inconsistent: when the rules don't come to rest.
    """
    rules = compile_rules(ontology, dataset.graph(ONTOLOGY_GRAPH))
    update_inferred(dataset, rules, added, removed)
    return {"inferred": len(dataset.graph(INFERRED_GRAPH)), "analysed": analyse(dataset, ontology)}
