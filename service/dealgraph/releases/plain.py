"""Plain workspaces: a SPARQL store without ontology and records, for whatever it is given."""

from dealgraph.errors import WorkspaceError
from dealgraph.releases.staged import StagedStore
from dealgraph.releases.workspace import Origin, Release, Workspace


def begin_plain(workspace: Workspace) -> None:
    """Publishes an empty plain release in a workspace that has none.

    :raises WorkspaceError: when the folder can't be used.
    """
    if workspace.current_number():
        return
    with (
        workspace.writer(patience=10) as writer,
        writer.staging() as folder,
        StagedStore(folder, None) as empty,
    ):
        if not workspace.current_number():  # another service was quicker
            writer.publish(empty, {}, "an empty store", Origin(plain=True))


def refuse_other_kind(release: Release, plain: bool) -> None:
    """Lets a release pass that is plain, or isn't, as the service is.

    :raises WorkspaceError: else, since it would be misread.
    """
    if release.by.plain != plain:
        raise WorkspaceError(
            f"Release {release.number} is {'a plain one' if release.by.plain else 'not plain'}.",
            "Serve it with --plain." if release.by.plain else "Serve it without --plain.",
        )
