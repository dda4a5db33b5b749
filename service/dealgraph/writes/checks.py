"""What a change to a release with an ontology has to keep to before it is published."""

import re
from typing import Final

from dealgraph.errors import BadInput, Conflict
from dealgraph.releases.staged import StagedStore
from dealgraph.releases.store import content
from dealgraph.releases.workspace import Release
from dealgraph.vocab import GRAPH

# Triple terms and text directions of RDF 1.2, in canonical N-Triples.
_STRANGE: Final = re.compile(rb'<<\(|"@[a-z0-9-]+--(?:ltr|rtl) \.$')


def own_lines(staged: StagedStore) -> set[bytes]:
    """Every triple in a named graph that no build makes, as N-Triples lines."""
    own = [graph for graph in staged.graphs() if not graph.startswith(GRAPH)]
    return set().union(*map(staged.lines, own))


def refuse_made_graphs(staged: StagedStore, own: set[bytes], current: Release) -> None:
    """Lets a change pass that leaves what a build makes as it is, and names every graph.

    *own* is :func:`own_lines`.

    :raises Conflict: else. The default graph of a query is made of what builds make.
    :raises BadInput: for what can't be exported: blank nodes, triple terms, text directions.
    """
    # A release of version 0.1 has no such digest in its record.
    made = current.made_sha256 or content(current.store).made_sha256
    if staged.content(blank_nodes=False).made_sha256 != made or staged.lines(""):
        raise Conflict(
            f"The graphs under {GRAPH} and the default graph are made from the records by a build.",
            "Write to a named graph of your own, or change the records and build.",
        )
    strange = next(filter(_STRANGE.search, sorted(own)), None)
    if strange is not None:
        raise BadInput(
            f"This can't be exported to RDF 1.1: {strange.decode()[:200]}",
            "Write it without triple terms and text directions.",
        )
