"""A release: what it is, and its ``release.json``."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from dealgraph.errors import WorkspaceError

FORMAT: Final = 1
_RECORD: Final = "release.json"
_STORE: Final = "store"
_CURE: Final = "Restore the folder from a backup, or build a new release from the records."


@dataclass(frozen=True)
class Release:
    """An immutable, numbered state of the whole graph.

    ``created`` is ISO 8601 in UTC; ``content_sha256`` the digest of its quads, ``made_sha256`` of
    those in graphs that a build makes; ``counts`` has ``quads`` and what the builder counted.
    ``by`` says where it comes from.
    """

    number: int
    folder: Path
    store: Path
    created: str
    content_sha256: str
    counts: Mapping[str, int]
    dealgraph_version: str
    message: str
    made_sha256: str = ""
    by: "Origin" = field(default_factory=lambda: Origin())


@dataclass(frozen=True)
class Origin:
    """Where a release comes from.

    ``author`` is who wrote it, empty for a build; ``request`` the id under which the log knows
    it, which a client may choose; ``plain`` says that it has no ontology, and may have blank
    nodes. ``nonce`` is what no other write has: whoever sent this one knows it again by that.
    """

    author: str = ""
    request: str = ""
    plain: bool = False
    nonce: str = ""


@dataclass(frozen=True)
class File:
    """Size in bytes and digest of one file of a store."""

    bytes: int
    sha256: str


def store_folder(folder: Path) -> Path:
    """The store inside the folder of a release."""
    return folder / _STORE


def store_files(folder: Path, before: "Release | None" = None) -> dict[str, File]:
    """Every file of a store folder by its name.

    What is the same file (a hard link) as in the store of the release *before* is not read again.

    :raises OSError: when one can't be read.
    """
    known = read_files(before.folder) if before is not None else {}
    files = {}
    for path in sorted(folder.iterdir()):
        if before is not None and path.name in known and is_same_file(path, before):
            files[path.name] = known[path.name]
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        files[path.name] = File(path.stat().st_size, digest)
    return files


def is_same_file(path: Path, release: Release) -> bool:
    """Whether the release has the very same file under that name: one that is on the disk."""
    try:
        return path.samefile(release.store / path.name)
    except OSError:
        return False


def write_record(release: Release, files: Mapping[str, File]) -> Path:
    """Writes ``release.json`` into the folder of the release and returns its path."""
    plain = {
        "format": FORMAT,
        "number": release.number,
        "created": release.created,
        "message": release.message,
        "dealgraph_version": release.dealgraph_version,
        "content_sha256": release.content_sha256,
        "made_sha256": release.made_sha256,
        "by": asdict(release.by),
        "counts": dict(release.counts),
        "files": {name: asdict(file) for name, file in files.items()},
    }
    path = release.folder / _RECORD
    path.write_text(json.dumps(plain, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read_release(folder: Path) -> Release:
    """The release in *folder*.

    :raises WorkspaceError: when its ``release.json`` is missing or can't be understood.
    """
    return _read(folder)[0]


def read_files(folder: Path) -> dict[str, File]:
    """The files of its store as they were when the release was published.

    :raises WorkspaceError: when its ``release.json`` is missing or can't be understood.
    """
    return _read(folder)[1]


def _read(folder: Path) -> tuple[Release, dict[str, File]]:
    path = folder / _RECORD
    try:
        plain: Any = json.loads(path.read_text(encoding="utf-8"))
        if plain["format"] != FORMAT:
            raise WorkspaceError(
                f"{path} is in format {plain['format']}; this version reads format {FORMAT}.",
                "Use the version of dealgraph that wrote it, or build a new release.",
            )
        release = Release(
            number=int(plain["number"]),
            folder=folder,
            store=folder / _STORE,
            created=str(plain["created"]),
            content_sha256=str(plain["content_sha256"]),
            counts={str(name): int(count) for name, count in plain["counts"].items()},
            dealgraph_version=str(plain["dealgraph_version"]),
            message=str(plain["message"]),
            # Releases of version 0.1 don't have these, later ones not every field of them.
            made_sha256=str(plain.get("made_sha256", "")),
            by=Origin(**plain.get("by", {})),
        )
        files = {
            str(name): File(int(file["bytes"]), str(file["sha256"]))
            for name, file in plain["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkspaceError(
            f"{path} can't be read: {type(error).__name__}: {error}.", _CURE
        ) from None
    return release, files
