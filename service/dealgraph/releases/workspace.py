"""A workspace: the releases on disk, the current one, and the door for the writer."""

from contextlib import AbstractContextManager
from pathlib import Path

from dealgraph.errors import BadInput, DealgraphError, NotFound, WorkspaceError
from dealgraph.releases.layout import Layout
from dealgraph.releases.release import Origin, Release, read_files, read_release, store_files
from dealgraph.releases.store import content
from dealgraph.releases.writer import Writer, writing

__all__ = ["Origin", "Release", "Workspace", "Writer"]


class Workspace:
    """The releases in the folder *root*, which need not be there yet.

    Readers take no lock: a release never changes once it can be seen.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._layout = Layout(root)

    def current_number(self) -> int:
        """The number of the current release, 0 where there is none yet; a few microseconds.

        :raises WorkspaceError: when the file CURRENT can't be understood.
        """
        return self._layout.current_number() or 0

    def current(self) -> Release:
        """The release that is current now.

        :raises WorkspaceError: when there is none yet, or its folder is broken.
        """
        number = self._layout.current_number()
        if not number:
            there = self._layout.numbers()
            if number is None and there:
                raise WorkspaceError(
                    f"{self.root} has releases, but its file CURRENT is missing.",
                    "Write the number of the release to use into it; there are: "
                    + f"{', '.join(map(str, there))}.",
                )
            raise WorkspaceError(
                f"There is no release in {self.root} yet.",
                f"Run: dealgraph build --workspace {self.root}",
            )
        return read_release(self._layout.release(number))

    def release(self, number: int) -> Release:
        """The release of that number.

        :raises NotFound: when it was never published or has been pruned; names those there are.
        :raises WorkspaceError: when its folder is broken.
        """
        there = self._published()
        if number not in there:
            names = ", ".join(map(str, there)) or "none yet"
            raise NotFound(f"There is no release {number} in {self.root}.", f"There are: {names}.")
        return read_release(self._layout.release(number))

    def releases(self) -> list[Release]:
        """Every release there is, ascending by number.

        :raises WorkspaceError: when a folder is broken.
        """
        return [read_release(self._layout.release(number)) for number in self._published()]

    def writer(self, patience: float = 0.0) -> AbstractContextManager[Writer]:
        """The one writer, for as long as the context lasts; waits *patience* seconds for another.

        :raises WorkspaceBusy: when another process is writing; names its process id.
        """
        return writing(self._layout, patience)

    def verify(self, number: int) -> list[str]:
        """Every way in which a release is not what was published; empty when it is sound.

        :raises NotFound: when there is no such release.
        """
        if number not in self._published():
            self.release(number)
        folder = self._layout.release(number)
        try:
            release, expected = read_release(folder), read_files(folder)
        except WorkspaceError as error:
            return [error.detail]
        problems = []
        if release.number != number:
            problems.append(f"release.json says that it is release {release.number}")
        try:
            found = store_files(release.store)
        except OSError as error:
            return [*problems, f"the store can't be read: {error}"]
        for name in sorted(expected.keys() | found.keys()):
            if name not in found:
                problems.append(f"store/{name} is missing")
            elif name not in expected:
                problems.append(f"store/{name} was not there when the release was published")
            elif found[name] != expected[name]:
                problems.append(f"store/{name} has changed since the release was published")
        try:
            said = content(release.store, release.by.plain)
        except DealgraphError as error:
            return [*problems, error.detail]
        if said.quads != release.counts.get("quads"):
            problems.append(
                f"the store has {said.quads} quads; release.json says {release.counts.get('quads')}"
            )
        if release.made_sha256 and said.made_sha256 != release.made_sha256:
            problems.append("the graphs that a build makes are not those of release.json")
        if said.sha256 != release.content_sha256:
            problems.append("the content is not that of release.json: the digests differ")
        return problems

    def prune(self, keep: int) -> list[int]:
        """Removes all but the newest *keep* releases and returns the numbers that went.

        The current release is the newest, so it always stays.

        :raises BadInput: when *keep* is less than 1.
        :raises WorkspaceBusy: when another process is writing.
        """
        if keep < 1:
            raise BadInput(f"{keep} releases can't be kept.", "Keep at least 1.")
        with self.writer() as writer:
            gone = self._published()[:-keep]
            for number in gone:
                writer.remove(number)
        return gone

    def _published(self) -> list[int]:
        current = self._layout.current_number() or 0
        return [number for number in self._layout.numbers() if number <= current]
