"""What reasoning costs: a full run and that after some articles, in time and memory.

``make bench`` runs it with 10,000 and 100,000 made-up triples; ``--large`` adds 1,000,000. Beside
them the good fixtures by owlrl and by the rules. Nothing passes or fails by a clock.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import owlrl
from rdflib import Dataset, Graph
from synthetic import article, graph

from dealgraph.articles.reader import read_records
from dealgraph.graph.analyses import analyse
from dealgraph.graph.assemble import assemble
from dealgraph.graph.complete import complete
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.incremental import update_inferred
from dealgraph.graph.inference import infer
from dealgraph.graph.ontology import load_ontology
from dealgraph.graph.rules import compile_rules
from dealgraph.resources import folder
from dealgraph.vocab import CURRENT_GRAPH, ENTITIES_GRAPH, ONTOLOGY_GRAPH, SCHEMES_GRAPH

ONTOLOGY = folder("ontology")


def timed(call: Callable[[], object]) -> float:
    """Seconds of processor that a call takes: what else the machine does makes no difference."""
    start = time.process_time()
    call()
    return time.process_time() - start


def peak() -> int:
    """The most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def empty() -> Dataset:
    """A store with ontology and schemes."""
    dataset = open_dataset(None)
    terms, schemes = load_ontology(ONTOLOGY)
    for name, triples in ((ONTOLOGY_GRAPH, terms), (SCHEMES_GRAPH, schemes)):
        target = dataset.graph(name)
        dataset.addN((*triple, target) for triple in triples)
    return dataset


def against_owlrl() -> None:
    """The same data by owlrl and by the rules."""
    terms, schemes = load_ontology(ONTOLOGY)
    data = Graph()
    for path in sorted(Path(ONTOLOGY / "fixtures" / "good").glob("*.ttl")):
        data.parse(path)
    everything = terms + schemes + data
    oracle = timed(lambda: owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(everything))
    dataset = empty()
    target = dataset.graph(ENTITIES_GRAPH)
    dataset.addN((*triple, target) for triple in data)
    rules = timed(lambda: infer(dataset, compile_rules(ONTOLOGY, terms)))
    sys.stdout.write(
        f"fixtures, {len(data)} triples: owlrl {oracle:.2f} s, rules {rules:.2f} s"
        f" with compiling: {oracle / rules:.0f} x\n"
    )


def synthetic(size: int) -> None:
    """A made-up graph completed in full, then after one, ten and a hundred articles.

    Rules and analyses are told apart: rules are brought up to date from what changed, analyses
    are made anew.
    """
    dataset = empty()
    maker = graph(size)
    entities, current = dataset.graph(ENTITIES_GRAPH), dataset.graph(CURRENT_GRAPH)
    took = timed(
        lambda: (
            dataset.addN((*triple, entities) for triple in maker.entities),
            dataset.addN((*triple, current) for triple in maker.current),
        )
    )
    sys.stdout.write(f"synthetic, {maker.size} triples: loaded in {took:.1f} s, {peak()} MB\n")
    rules = compile_rules(ONTOLOGY)
    full = timed(lambda: infer(dataset, rules))
    analysed = timed(lambda: analyse(dataset, ONTOLOGY))
    sys.stdout.write(f"  rules {full:.2f} s, analyses {analysed:.2f} s, peak {peak()} MB\n")
    for articles in (1, 10, 100):
        change = [each for _ in range(articles) for each in article(maker)]
        triples = [triple for _, triple in change]
        what = f"{articles} article{'s' if articles > 1 else ''} of {len(triples)} triples"
        for is_identity, triple in change:
            (entities if is_identity else current).add(triple)
        came = timed(lambda: update_inferred(dataset, rules, triples, ()))  # noqa: B023
        for is_identity, triple in change:
            (entities if is_identity else current).remove(triple)
        went = timed(lambda: update_inferred(dataset, rules, (), triples))  # noqa: B023
        sys.stdout.write(
            f"  {what}: come {came:.2f} s ({full / came:.0f} times less than in full),"
            f" go {went:.2f} s ({full / went:.0f} times)\n"
        )


def main() -> None:
    """All of it, the large one where it is asked for."""
    against_owlrl()
    dataset = open_dataset(None)
    assemble(dataset, read_records(folder("data")), ONTOLOGY, lambda *_: None)
    took = timed(lambda: complete(dataset, ONTOLOGY))
    sys.stdout.write(f"shipped data in full: {took:.2f} s, peak {peak()} MB\n")
    synthetic(10_000)
    synthetic(100_000)
    if "--large" in sys.argv:
        synthetic(1_000_000)


if __name__ == "__main__":
    main()
