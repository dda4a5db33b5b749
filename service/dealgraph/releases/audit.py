"""The audit log of a workspace: one JSON line for each release that was published."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from dealgraph.errors import WorkspaceError
from dealgraph.releases.layout import sync_folder
from dealgraph.releases.release import Release

# Bytes at the end of the log in which its last line begins: a message is shorter.
_TAIL = 64 * 1024


@dataclass(frozen=True)
class Entry:
    """A release: when it came to be (ISO 8601, UTC), who wrote it, why, and on which request."""

    release: int
    time: str
    author: str
    message: str
    request: str
    content_sha256: str


class Audit:
    """``audit.jsonl`` in *root*: only ever added to, by whoever holds the lock of the workspace.

    The line is on the disk before a write is acknowledged. A writer that is killed before that,
    or can't write it, leaves it to the next one, which finds all it needs in ``release.json``.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / "audit.jsonl"

    def note(self, release: Release) -> None:
        """Adds a release.

        :raises OSError: when the disk can't take it.
        """
        entry = Entry(
            release.number, release.created, release.by.author, release.message,
            release.by.request, release.content_sha256,
        )  # fmt: skip
        new = not self._path.exists()
        with self._path.open("a+b") as file:
            # A line that a full disk or a power cut left unfinished is ended first.
            torn = file.tell() > 0 and _last_byte(file.fileno()) != b"\n"
            line = json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"
            file.write((b"\n" if torn else b"") + line)
            file.flush()
            os.fsync(file.fileno())
        if new:
            sync_folder(self._path.parent)

    def last(self) -> int:
        """The number of the release that was noted last; 0 where there is none."""
        try:
            with self._path.open("rb") as file:
                file.seek(max(0, self._path.stat().st_size - _TAIL))
                lines = file.read().splitlines()
        except FileNotFoundError:
            return 0
        for line in reversed(lines):
            entry = _entry(line)
            if entry is not None:
                return entry.release
        return 0

    def entries(self) -> Iterator[Entry]:
        """Every entry, the oldest first; a line that was torn is left out.

        :raises WorkspaceError: when the log can't be read.
        """
        try:
            with self._path.open("rb") as file:
                yield from filter(None, map(_entry, file))
        except FileNotFoundError:
            return
        except OSError as error:
            raise WorkspaceError(
                f"{self._path} can't be read: {error}.", "Let this user read it."
            ) from None


def until(text: bytes, release: int) -> bytes:
    """A log as it was when that release was current: without an unfinished line, and without those
    at its end that are of later releases.

    Later ones further up stay: an operator had gone back from them.
    """
    lines = text[: text.rfind(b"\n") + 1].splitlines(keepends=True)
    while lines and (entry := _entry(lines[-1])) is not None and entry.release > release:
        lines.pop()
    return b"".join(lines)


def _entry(line: bytes) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _last_byte(descriptor: int) -> bytes:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1)
