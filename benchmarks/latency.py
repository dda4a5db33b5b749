"""How long each canned question takes on the shipped records: the median of twenty calls.

``make bench`` runs it. It prints milliseconds of this machine and, what can be compared between
machines, the ratio to the smallest query there is. Nothing passes or fails by a clock.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dealgraph.engines.rows import RowsEngine
from dealgraph.questions.asking import ask
from dealgraph.questions.catalog import load
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder

CALLS = 20


def median(call: Callable[[], object]) -> float:
    """The median of twenty calls after one that isn't counted, in milliseconds."""
    call()
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Build the shipped records, ask every question, print a table."""
    write = sys.stdout.write
    with tempfile.TemporaryDirectory() as place:
        start = time.perf_counter()
        release, _ = build(Workspace(Path(place)), folder("data"), folder("ontology"))
        write(f"build of {release.counts['quads']} quads: {time.perf_counter() - start:.1f} s\n")
        with RowsEngine(release, workers=1) as engine:
            labels = LabelIndex.from_engine(engine)
            smallest = median(lambda: engine.ask("ASK {}"))
            write(f"{'ASK {}':<26}{smallest:>8.1f} ms      1 x\n")
            for name, question in load(folder("queries")).items():
                values = question.samples[0] if question.samples else {}
                took = median(lambda q=question, v=values: ask(q, v, engine, labels, "en"))
                write(f"{name:<26}{took:>8.1f} ms {took / smallest:>6.0f} x\n")


if __name__ == "__main__":
    main()
