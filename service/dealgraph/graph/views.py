"""A copy of a release becomes what it was on a day, as far as reports were known by then."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rdflib import Dataset

from dealgraph.errors import NotFound
from dealgraph.graph.complete import complete
from dealgraph.graph.dataset import update
from dealgraph.graph.values import day
from dealgraph.vocab import DG, HISTORY_GRAPH


def go_back(dataset: Dataset, known: date, ontology: Path) -> None:
    """Leaves in *dataset* what was known on a day: claims, verdicts and belief, and what follows.

    ``rules/views/*.ru`` take away and rebuild, in the order of their names. The day they read is
    in the graph of history (``dg:knownOn``), where it stays: it tells what the view is.

    :raises NotFound: when *ontology* has no such rules.
    """
    texts = [
        path.read_text("utf-8") for path in sorted((ontology / "rules" / "views").glob("*.ru"))
    ]
    if not texts:
        raise NotFound(
            f"There are no rules (*.ru) in {ontology / 'rules' / 'views'}.",
            "Give the folder ontology of a whole checkout or installation.",
        )
    dataset.graph(HISTORY_GRAPH).add((HISTORY_GRAPH, DG.knownOn, day(known)))
    for text in texts:
        for operation in operations(text):
            update(dataset, operation)
    complete(dataset, ontology)


def operations(text: str) -> Iterator[str]:
    """The operations of an update, each with its prefixes: each ends in " ;" at the end of a line
    that begins in the first column.

    One by one they take half as long: what one writes, the next needn't look up in what is not
    yet committed. Nobody sees the copy before all are done.
    """
    lines = text.splitlines()
    prologue = [line for line in lines if line.startswith("PREFIX")]
    operation: list[str] = []
    for line in lines:
        if line.startswith("PREFIX"):
            continue
        ends = line.endswith(" ;") and not line.startswith((" ", "#"))
        operation.append(line.removesuffix(" ;") if ends else line)
        if ends:
            yield "\n".join([*prologue, *operation])
            operation = []
    yield "\n".join([*prologue, *operation])
