"""The one writer of a workspace: the lock, the staging folder, and publishing."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

from dealgraph.errors import Unconfirmed, WorkspaceBusy, WorkspaceError
from dealgraph.releases.audit import Audit
from dealgraph.releases.layout import Layout, remove_tree, sync_file, sync_folder
from dealgraph.releases.leftovers import clean, recover_log
from dealgraph.releases.release import (
    Origin,
    Release,
    is_same_file,
    read_files,
    read_release,
    store_files,
    store_folder,
    write_record,
)
from dealgraph.releases.staged import StagedStore
from dealgraph.releases.store import checkpoint, content
from dealgraph.version import __version__

# Seconds between looks at the lock of another writer.
_LOOK: Final = 0.02
# Releases that are looked at, at most, when old ones are removed after a write.
_THINNED: Final = 50


class Writer:
    """May publish to a workspace; there is one at a time. Made by :func:`writing`."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.audit = Audit(layout.root)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A new folder on the file system of the workspace, removed at the end.

        The folder itself isn't there yet: whoever fills it makes it.
        """
        self._layout.staging.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._layout.staging))
        try:
            yield folder / "store"
        finally:
            # What can't be removed now, since a failure still has the store open, goes with the
            # next writer.
            with suppress(OSError):
                remove_tree(folder)

    def publish(
        self,
        store: Path | StagedStore,
        counts: Mapping[str, int],
        message: str = "",
        by: Origin = Origin(),  # noqa: B008 - it is frozen
    ) -> tuple[Release, bool]:
        """The store in that folder, or one that is staged, becomes the current release.

        A folder must not be open elsewhere. ``False`` comes back with the current release when
        that says the same already: then nothing is published. A number is never given twice. The
        audit log has it when this returns, or if it can't be written, once there is a next writer.

        :raises BadInput: when a store that isn't plain has a blank node.
        :raises WorkspaceError: when the store can't be read or the disk can't be written.
        :raises Unconfirmed: when the release is published, but may not survive a power cut.
        """
        number = (self._layout.current_number() or 0) + 1
        unfinished = self._layout.unfinished(number)
        try:
            return self._publish(store, counts, message, by, number, unfinished)
        except OSError as error:
            raise WorkspaceError(
                f"Release {number} can't be written to {self._layout.releases}: {error}.",
                "See that the disk has room and that the folder may be written to.",
            ) from None
        finally:
            with suppress(OSError):  # goes with the next writer, too
                remove_tree(unfinished)

    def _publish(
        self,
        store: Path | StagedStore,
        counts: Mapping[str, int],
        message: str,
        by: Origin,
        number: int,
        unfinished: Path,
    ) -> tuple[Release, bool]:
        unfinished.mkdir()
        target = store_folder(unfinished)
        if isinstance(store, StagedStore):
            said = store.content(by.plain)
        else:
            checkpoint(store, target)
            said = content(target, by.plain)
        current = self._sound_current(number - 1)
        same = current is not None and current.content_sha256 == said.sha256
        if current is not None and same and current.by.plain == by.plain:
            return current, False
        if isinstance(store, StagedStore):
            store.checkpoint(target)
        release = Release(
            number=number,
            folder=unfinished,
            store=target,
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            content_sha256=said.sha256,
            counts={**counts, "quads": said.quads},
            dealgraph_version=__version__,
            message=message,
            made_sha256=said.made_sha256,
            by=by,
        )
        self._seal(release, current)
        folder = self._layout.release(number)
        unfinished.rename(folder)
        sync_folder(self._layout.releases)
        self._layout.point_to(number)
        published = replace(release, folder=folder, store=store_folder(folder))
        self._confirm(published)
        return published, True

    def _confirm(self, published: Release) -> None:
        """What is left to do after the flip: readers have the release, whatever fails here."""
        try:
            sync_folder(self._layout.root)
        except OSError as error:
            # Neither answer would be true: "nothing was changed", since everyone reads it and the
            # next release is made from it; or an acknowledgement, which promises that no power
            # cut takes it back. Syncing again proves nothing: Linux tells an error once and drops
            # what it couldn't write. So this says what is so. The release before, which a power
            # cut would bring back, isn't thinned out, and the next writer logs this one.
            raise Unconfirmed(
                f"Release {published.number} is published, but the disk has not confirmed it: "
                f"{error}. A power cut may take it back.",
                "See to the disk, then look which release is current before sending this again.",
            ) from None
        with suppress(OSError):  # the next writer logs it
            self.audit.note(published)

    def thin_out(self, keep: int) -> None:
        """Removes the oldest releases that writes made, but for the newest *keep*; 0 keeps all.

        Those that a build made stay: they are what is cited.
        """
        current = self._layout.current_number() or 0
        # One goes for each that comes: only those that are old since lately need be looked at.
        old = [number for number in self._layout.numbers() if number <= current - keep]
        for number in old[-_THINNED:] if keep else ():
            try:
                if read_release(self._layout.release(number)).by.author:
                    self.remove(number)
            except (WorkspaceError, OSError):
                continue  # for whoever verifies or prunes to see: the write is done

    def remove(self, number: int) -> None:
        """Removes a release that is not the current one: out of sight in one step."""
        hidden = self._layout.releases / f".{number}.old"
        self._layout.release(number).rename(hidden)
        sync_folder(self._layout.releases)
        remove_tree(hidden)

    def _sound_current(self, number: int) -> Release | None:
        """The current release, None where there is none or it is broken: a new one mends that."""
        if number == 0:
            return None
        folder = self._layout.release(number)
        try:
            current, files = read_release(folder), read_files(folder)
            return current if store_files(current.store) == files else None
        except (WorkspaceError, OSError):
            return None

    def _seal(self, release: Release, before: Release | None) -> None:
        """Hashes, makes read-only and syncs everything in the folder of a release.

        Tables that the release *before* has too are linked, not copied: they are on the disk.
        """
        record = write_record(release, store_files(release.store, before))
        for path in (*release.store.iterdir(), record):
            if before is None or not is_same_file(path, before):
                path.chmod(0o444)
                sync_file(path)
        sync_folder(release.store)
        sync_folder(release.folder)


@contextmanager
def writing(layout: Layout, patience: float = 0.0) -> Iterator[Writer]:
    """The writer of the workspace, for as long as the context lasts.

    What a writer that was killed left behind is removed first. Another writer is waited for, for
    *patience* seconds at most.

    :raises WorkspaceBusy: when another one is at work; names its process id.
    :raises WorkspaceError: when the folder is something else than a workspace.
    """
    with _open_lock(layout) as file:
        _take_lock(layout, file, time.monotonic() + patience)
        writer = Writer(layout)
        try:
            clean(layout)
            recover_log(layout, writer.audit)
        except OSError as error:
            raise _unusable(layout, error) from None
        yield writer  # closing the file lets go of the lock; so does the end of the process


def _open_lock(layout: Layout) -> TextIO:
    try:
        layout.root.mkdir(parents=True, exist_ok=True)
        refuse_strange_folder(layout)
        # Not "w": that would wipe the other's process id before we know that there is one.
        return layout.lock.open("a+", encoding="ascii")
    except OSError as error:
        raise _unusable(layout, error) from None


def _take_lock(layout: Layout, file: TextIO, until: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(_LOOK)
                continue
            file.seek(0)
            raise WorkspaceBusy(
                f"Process {file.read().strip() or '(unknown)'} is writing to {layout.root}.",
                "Wait until it has ended, then try again.",
            ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()


def _unusable(layout: Layout, error: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"{layout.root} can't be used as a workspace: {error}.",
        "Give a folder that this user may write to.",
    )


# What may be in a workspace before its first release is.
BESIDE: Final = frozenset(
    {"lock", "CURRENT.new", "tokens.json", "tokens.json.new", "tokens.lock", "audit.jsonl"}
)  # fmt: skip


def refuse_strange_folder(layout: Layout) -> None:
    """A folder of something else is left alone: a writer removes staging/ in its workspace.

    :raises WorkspaceError: when it is one, or a workspace that has lost its CURRENT.
    """
    if layout.pointer.exists():
        return
    strangers = {path.name for path in layout.root.iterdir()} - BESIDE
    if strangers == {"releases"} or strangers == {"releases", "staging"}:
        there = ", ".join(map(str, layout.numbers())) or "none"
        raise WorkspaceError(
            f"{layout.root} has releases, but its file CURRENT is missing.",
            f"Write the number of the release to use into it; there are: {there}.",
        )
    if strangers:
        raise WorkspaceError(
            f"{layout.root} is no workspace and isn't empty: it has {sorted(strangers)[0]}.",
            "Give a new or empty folder.",
        )
