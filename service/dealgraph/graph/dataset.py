"""The rdflib face of the store: the only importer of oxrdflib.

``rdflib.Dataset`` over Oxigraph, in memory or in a folder. SPARQL from users never runs here:
the engines evaluate it on a release.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import oxrdflib
from rdflib import Dataset, Variable
from rdflib.term import Node

from dealgraph.errors import WorkspaceError


def open_dataset(folder: Path | None = None) -> Dataset:
    """A dataset in *folder*, or in memory.

    The default graph is the union of all graphs, or ``Dataset`` would see no named graph
    (https://github.com/oxigraph/oxrdflib/issues/28).

    :raises WorkspaceError: when the folder can't be opened as a store.
    """
    store = oxrdflib.OxigraphStore()
    if folder is not None:
        try:
            store.open(str(folder))
        except OSError as error:
            raise WorkspaceError(
                f"The store in {folder} can't be opened: {error}.",
                "Close the process that uses it, or give another folder.",
            ) from None
    return Dataset(store=store, default_union=True)


def select(dataset: Dataset, query: str) -> Iterator[dict[Variable, Node]]:
    """The rows of a SELECT of ours.

    ``Dataset.query`` says which graph is the default one, and so takes the effect from FROM
    (https://www.w3.org/TR/sparql11-query/#specifyingDataset); here it has it.
    """
    store: Any = dataset.store
    yield from store.query(query, {}, {}, None).bindings


def update(dataset: Dataset, text: str) -> None:
    """Carries out an update of ours: rdflib runs it itself, slowly, where a dataset shows the
    union of its graphs."""
    Dataset(store=dataset.store).update(text)


def close(dataset: Dataset) -> None:
    """Writes everything to disk and lets go of the folder."""
    store: Any = dataset.store
    # oxrdflib has no word for "flush"; a checkpoint is taken from what is on disk.
    store._inner.flush()
    dataset.close()
