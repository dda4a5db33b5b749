"""What a writer that was killed or that failed left behind: the next one puts it right."""

from contextlib import suppress

from dealgraph.errors import WorkspaceError
from dealgraph.releases.audit import Audit
from dealgraph.releases.layout import Layout, remove_tree, sync_folder
from dealgraph.releases.live import remove_abandoned
from dealgraph.releases.release import read_release


def clean(layout: Layout) -> None:
    """Removes what was never published, and makes a folder that is new a workspace.

    :raises OSError: when that can't be done.
    """
    if layout.current_number() is None:
        layout.point_to(0)
        sync_folder(layout.root)
    layout.releases.mkdir(exist_ok=True)
    remove_tree(layout.staging)
    remove_abandoned(layout)
    for path in layout.releases.iterdir():
        if path.name.startswith("."):
            remove_tree(path)
    current = layout.current_number() or 0
    for number in layout.numbers():
        if number > current:  # its writer was killed before the flip: it was never published
            remove_tree(layout.release(number))


def recover_log(layout: Layout, audit: Audit) -> None:
    """Logs what was published and isn't in the log: its writer was killed, or the log was full.

    Where an operator has gone back to an older release, that is logged again.

    :raises OSError: when the log can't be written.
    """
    current = layout.current_number() or 0
    last = audit.last()
    for number in layout.numbers() if last != current else ():
        if min(last, current - 1) < number <= current:
            with suppress(WorkspaceError):  # a broken release is told by whoever reads it
                audit.note(read_release(layout.release(number)))
