"""What follows from identity and belief: the rules of ``ontology/rules/``, run to a fixpoint.

The rules are SPARQL updates that read ontology, schemes, entities, current and inferred, and
write to inferred only. Claims are never closed over: a rumour must not leak into belief.
"""

from pathlib import Path

from rdflib import Dataset

from dealgraph.errors import Inconsistent, NotFound
from dealgraph.vocab import INFERRED_GRAPH

# Real data come to rest in five; a rule that mints a new IRI each time never does.
_ROUNDS = 40


def infer(dataset: Dataset, rules_folder: Path, *, rounds: int = _ROUNDS) -> int:
    """Fills graph/inferred anew and gives the number of its triples.

    ``rl/*.ru`` are the OWL 2 RL rules that the ontology needs
    (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL), run until nothing new follows;
    ``derived/*.ru`` build on them in the order of their names; ``tidy/*.ru`` clear up at the end.

    :raises NotFound: when the folder has no rules.
    :raises Inconsistent: when the rules still find something new after *rounds* rounds.
    """
    # A face of its own: rdflib runs updates itself, slowly, where a dataset shows the union.
    store = Dataset(store=dataset.store)
    inferred = store.graph(INFERRED_GRAPH)
    inferred.remove((None, None, None))
    closing, deriving, tidying = (
        _updates(rules_folder / part) for part in ("rl", "derived", "tidy")
    )
    known = -1
    while known != len(inferred):
        known = len(inferred)
        for update in closing + deriving:
            store.update(update)
        rounds -= 1
        if rounds < 0:
            raise Inconsistent(
                f"The rules in {rules_folder} do not come to rest; {len(inferred)} triples so far.",
                "Look for a rule that makes a new IRI each time it runs.",
            )
    for update in tidying:
        store.update(update)
    return len(inferred)


def _updates(folder: Path) -> list[str]:
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.ru"))]
    if not texts:
        raise NotFound(
            f"There are no rules (*.ru) in {folder}.",
            "Give the folder ontology/rules of a whole checkout or installation.",
        )
    return texts
