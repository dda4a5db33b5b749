"""From records to a release; the last release stands until the new one is complete."""

from collections.abc import Callable, Mapping
from pathlib import Path

from dealgraph.articles.reader import read_records
from dealgraph.errors import Conflict
from dealgraph.graph.assemble import assemble
from dealgraph.graph.dataset import close, open_dataset
from dealgraph.releases.door import refuse_broken_build
from dealgraph.releases.store import carry_over
from dealgraph.releases.workspace import Origin, Release, Workspace

Progress = Callable[[str, int, int], None]
Fill = Callable[[Path], Mapping[str, int]]


def commit(
    workspace: Workspace,
    fill: Fill,
    message: str = "",
    by: Origin = Origin(),  # noqa: B008 - it is frozen
) -> tuple[Release, bool]:
    """Publishes what *fill* writes into the store folder it is given.

    *fill* makes the folder, closes the store and returns what it counted. ``False`` comes back
    with the current release when that says the same already.

    :raises WorkspaceBusy: when another process is writing.
    :raises WorkspaceError: when the workspace can't be written.
    """
    with workspace.writer() as writer, writer.staging() as store:
        counts = fill(store)
        return writer.publish(store, counts, message, by)


def build(
    workspace: Workspace,
    records_folder: Path,
    ontology_folder: Path,
    progress: Progress = lambda stage, done, total: None,
    message: str = "",
) -> tuple[Release, bool]:
    """Publishes the records and the ontology as a release.

    ``progress(stage, done, total)`` is called as work goes on. ``False`` comes back with the
    current release when that says the same already.

    :raises RecordError: when the records have mistakes; nothing is touched then.
    :raises Conflict: when the workspace is a plain one.
    :raises BrokenShapes: when what they say doesn't fit the shapes.
    :raises WorkspaceBusy: when another process is writing.
    """
    progress("records", 0, 1)
    records = read_records(records_folder)
    progress("records", 1, 1)

    def fill(store: Path) -> Mapping[str, int]:
        dataset = open_dataset(store)
        try:
            counts = assemble(dataset, records, ontology_folder, progress)
        finally:
            close(dataset)
        progress("shapes", 0, 1)
        # Read under the lock: a write may have come since this build began.
        latest = workspace.current() if workspace.current_number() else None
        if latest is not None:
            # What was written by update is the users' own: a build doesn't take it away.
            carry_over(latest.store, store)
        refuse_broken_build(store, latest.store if latest else None, ontology_folder)
        progress("shapes", 1, 1)
        progress("publishing", 0, 1)
        return counts

    current = workspace.current() if workspace.current_number() else None
    if current is not None and current.by.plain:
        raise Conflict(
            f"{workspace.root} is a plain workspace, which has no records.",
            "Build into another folder.",
        )

    release, new = commit(workspace, fill, message)
    progress("publishing", 1, 1)
    return release, new
