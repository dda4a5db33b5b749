"""Where things are in a workspace, and the few file operations that must survive a power cut.

::

    CURRENT              the number of the current release; 0 before the first
    lock                 held by the one writer; carries its process id
    releases/<n>/store   the files of the store, read-only
    releases/<n>/release.json
    staging/             what the writer works in; never read
    live/                the store that a service which writes keeps open; never read
    audit.jsonl          one line for each release
    tokens.json          who may do what (see tokens.py); tokens.lock is held by who changes it

A release counts as published once CURRENT is at least its number: the flip of CURRENT is the
one moment at which it comes to be. Names in releases/ that begin with a dot are unfinished or
on their way out, and are removed by the next writer.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from dealgraph.errors import WorkspaceError


@dataclass(frozen=True)
class Layout:
    """The paths of a workspace in *root*."""

    root: Path

    @property
    def pointer(self) -> Path:
        """The file that holds the number of the current release."""
        return self.root / "CURRENT"

    @property
    def lock(self) -> Path:
        """The file that the writer locks."""
        return self.root / "lock"

    @property
    def releases(self) -> Path:
        """The folder of all releases."""
        return self.root / "releases"

    @property
    def staging(self) -> Path:
        """The folder that the writer works in."""
        return self.root / "staging"

    @property
    def live(self) -> Path:
        """The folder of the stores that processes which write keep open."""
        return self.root / "live"

    def release(self, number: int) -> Path:
        """The folder of one release."""
        return self.releases / str(number)

    def unfinished(self, number: int) -> Path:
        """Where a release is put together before it gets its name."""
        return self.releases / f".{number}.new"

    def current_number(self) -> int | None:
        """The number in CURRENT, 0 before the first release, None where there is no such file.

        :raises WorkspaceError: when the file holds anything else.
        """
        try:
            text = self.pointer.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise WorkspaceError(
                f"{self.pointer} can't be read: {error}.", self._cure_pointer()
            ) from None
        if not (text.isascii() and text.isdigit()):
            raise WorkspaceError(
                f"{self.pointer} holds {text[:40]!r}, which is no number.", self._cure_pointer()
            )
        return int(text)

    def numbers(self) -> list[int]:
        """The numbers of all folders in releases/ that have one, published or not; ascending."""
        try:
            names = [path.name for path in self.releases.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def point_to(self, number: int) -> None:
        """Flips CURRENT: before, readers see the old release, after it the new one.

        It survives a power cut once the folder is synced as well.

        :raises OSError: when it isn't flipped.
        """
        fresh = self.root / "CURRENT.new"
        with fresh.open("w", encoding="ascii") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.pointer)

    def _cure_pointer(self) -> str:
        there = ", ".join(map(str, self.numbers())) or "none"
        return f"Write the number of the release to use into it; there are: {there}."


def sync_file(path: Path) -> None:
    """Returns once the content of a file is on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Returns once the names in a folder are on the disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(path: Path) -> None:
    """Removes a file or folder, if it is there; a link is removed, not what it points to.

    Another process may remove it at the same time.
    """
    if path.is_dir() and not path.is_symlink():
        try:
            shutil.rmtree(path)
        except FileNotFoundError:  # the other one was faster; what is left of it goes now
            remove_tree(path)
    else:
        path.unlink(missing_ok=True)
