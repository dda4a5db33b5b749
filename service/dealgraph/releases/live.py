"""The store that a writing process keeps open between its changes: opening one takes longer than
most changes do."""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from dealgraph.releases.layout import Layout, remove_tree
from dealgraph.releases.release import Release
from dealgraph.releases.staged import StagedStore

_LOCK: Final = "lock"


class LiveStore:
    """A copy of the current release in ``live/``, for the one thread that writes.

    Whoever uses it holds the lock of the workspace. Whatever goes wrong, the copy is thrown away
    and made anew: only what was published counts.
    """

    def __init__(self, root: Path) -> None:
        self._folder = Layout(root).live
        self._staged: StagedStore | None = None
        self._release: Release | None = None
        self._place: Path | None = None
        self._lock: IO[bytes] | None = None

    @contextmanager
    def staged(self, current: Release) -> Iterator[StagedStore]:
        """The store of *current*, to be changed; call :meth:`is_now` when that was published.

        :raises WorkspaceError: when it can't be copied or opened.
        """
        if self._staged is None or self._release != current or not self._is_there():
            self.close()
            self._staged = StagedStore(self._fresh() / "store", current.store)
            self._release = current
        try:
            yield self._staged
        except BaseException:
            self.close()
            raise

    def is_now(self, release: Release) -> None:
        """What is staged is what that release says."""
        self._release = release

    def close(self) -> None:
        """Forgets the copy."""
        staged, self._staged = self._staged, None
        if staged is not None:
            staged.close()
        lock, self._lock = self._lock, None
        place, self._place = self._place, None
        try:
            # Before the lock is let go of: a place without one is removed by whoever writes next.
            if place is not None:
                remove_tree(place)
        finally:
            if lock is not None:
                lock.close()

    def _fresh(self) -> Path:
        self._folder.mkdir(exist_ok=True)
        self._place = Path(tempfile.mkdtemp(dir=self._folder))
        self._lock = (self._place / _LOCK).open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self._place

    def _is_there(self) -> bool:
        return self._place is not None and (self._place / _LOCK).is_file()


def remove_abandoned(layout: Layout) -> None:
    """Removes the copies of processes that are no more.

    :raises OSError: when one can't be removed.
    """
    if not layout.live.is_dir():
        return
    for place in layout.live.iterdir():
        try:
            with (place / _LOCK).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # its process lives
        except FileNotFoundError:
            pass  # it was killed before it had made the file: only the lock's holder makes one
        remove_tree(place)
