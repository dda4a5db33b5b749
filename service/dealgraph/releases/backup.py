"""A workspace as one tar file, taken while the service runs, and put back in one step.

::

    CURRENT  releases/<n>/…  tokens.json  audit.jsonl  backup.json

``backup.json`` comes last: it has the length and SHA-256 of every file before it, so an archive
that has lost its end, which tar itself doesn't notice, has lost that.
"""

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from dealgraph.errors import BadInput, Conflict, WorkspaceError
from dealgraph.releases.audit import until
from dealgraph.releases.layout import Layout, remove_tree, sync_file, sync_folder
from dealgraph.releases.release import File
from dealgraph.releases.workspace import Workspace
from dealgraph.version import __version__

FORMAT: Final = 1
_MANIFEST: Final = "backup.json"
# What is kept beside the releases, where it is there: tokens (hashed), and who has changed what.
_BESIDE: Final = ("tokens.json", "audit.jsonl")
# Every name that an archive of ours can have; all else is refused before it is looked at.
_NAME: Final = re.compile(
    r"CURRENT|tokens\.json|audit\.jsonl|backup\.json"
    r"|releases/[1-9][0-9]*/(release\.json|store/[A-Za-z0-9_-][A-Za-z0-9._-]*)"
)
_CURE: Final = "Restore from another backup."


def backup(root: Path, target: Path) -> list[int]:
    """Writes the workspace *root* into the new file *target*; the numbers of its releases.

    The number of the current release is read first and releases never change, so what is
    published meanwhile is not in it and nothing is half in it. One that is pruned meanwhile is
    left out. The file is there once it is whole, for its owner only.

    :raises Conflict: when *target* is there already.
    :raises WorkspaceError: when there is no release, or *target* can't be written.
    """
    if target.exists():
        raise Conflict(f"{target} is there already.", "Give the name of a new file.")
    layout = Layout(root)
    current = Workspace(root).current().number
    numbers = [number for number in layout.numbers() if number <= current]
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
                kept = _write(layout, numbers, current, tar)
            sync_file(unfinished)
            unfinished.rename(target)
            sync_folder(target.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"The backup {target} can't be written: {error}.",
            "See that the folder is there and has room, and that the workspace may be read.",
        ) from None
    return kept


def _write(layout: Layout, numbers: list[int], current: int, tar: tarfile.TarFile) -> list[int]:
    files: dict[str, File] = {}
    kept = []

    def add(name: str, content: IO[bytes], size: int, mode: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, mode, int(time.time())
        hashed = _Hashed(content)
        tar.addfile(entry, hashed)
        files[name] = File(size, hashed.digest.hexdigest())

    for number in numbers:
        with ExitStack() as stack:
            try:
                opened = {
                    path.relative_to(layout.root).as_posix(): stack.enter_context(path.open("rb"))
                    for path in _files(layout.release(number))
                }
            except FileNotFoundError:
                if number == current:
                    raise
                continue  # pruned meanwhile; once it is open, it can be read to its end
            for name, content in opened.items():
                add(name, content, os.fstat(content.fileno()).st_size, 0o444)
        kept.append(number)
    for name in _BESIDE:
        with suppress(FileNotFoundError), (layout.root / name).open("rb") as content:
            text = content.read()
            if name.endswith(".jsonl"):
                text = until(text, current)  # what is published meanwhile is not in it
            add(name, io.BytesIO(text), len(text), 0o600)
    pointer = f"{current}\n".encode()
    add("CURRENT", io.BytesIO(pointer), len(pointer), 0o644)
    manifest = {
        "format": FORMAT,
        "dealgraph_version": __version__,
        "current": current,
        "files": {name: asdict(file) for name, file in files.items()},
    }
    text = json.dumps(manifest, indent=1).encode()
    add(_MANIFEST, io.BytesIO(text), len(text), 0o644)
    return kept


def _files(folder: Path) -> Iterator[Path]:
    yield folder / "release.json"
    yield from sorted((folder / "store").iterdir())


class _Hashed:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As the file."""
        data = self._file.read(size)
        self.digest.update(data)
        return data


def restore(archive: Path, root: Path) -> list[int]:
    """Makes *root* the workspace that *archive* holds; the numbers of its releases.

    Everything is unpacked beside *root*, checked against the digests of the archive and those
    of each release, and then takes its place in one step: until then *root* is as it was.

    :raises Conflict: when *root* is there and isn't empty.
    :raises BadInput: when *archive* is damaged, or has what no backup has; names it.
    :raises WorkspaceError: when *root* can't be written.
    """
    root = root.absolute()
    try:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise Conflict(f"{root} isn't empty.", "Restore into a new or empty folder.")
        root.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=root.parent, prefix=f".{root.name}."))
        try:
            _unpack(archive, fresh)
            numbers = _checked(archive, fresh)
            fresh.chmod(0o755)
            fresh.rename(root)  # onto an empty folder at most
            sync_folder(root.parent)
        finally:
            remove_tree(fresh)
    except OSError as error:
        raise WorkspaceError(
            f"{archive} can't be restored to {root}: {error}.",
            "See that the archive may be read, that the folder above has room and may be written "
            "to, and that the folder is no mount point itself.",
        ) from None
    return numbers


def _unpack(archive: Path, fresh: Path) -> None:
    seen: set[str] = set()
    try:
        # Not compressed, and nothing but tar is tried: no bomb can be in it.
        with tarfile.open(archive, mode="r:") as tar:
            for entry in tar:
                if not entry.isreg() or not _NAME.fullmatch(entry.name) or entry.name in seen:
                    raise BadInput(
                        f"{archive} has {entry.name[:200]!r}, which no backup of dealgraph has.",
                        "It isn't unpacked; give a file that dealgraph backup has written.",
                    )
                seen.add(entry.name)
                tar.extract(entry, fresh, filter="data")
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BadInput(f"{archive} is no archive, or is damaged: {error}.", _CURE) from None


def _checked(archive: Path, fresh: Path) -> list[int]:
    """The numbers of the releases, once every file is what it was when the backup was made."""
    expected = _manifest(archive, fresh)
    (fresh / _MANIFEST).unlink()
    found = {
        path.relative_to(fresh).as_posix(): path for path in fresh.rglob("*") if path.is_file()
    }
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            raise BadInput(f"{archive} is damaged: {name} is missing.", _CURE)
        if name not in expected or _measured(found[name]) != expected[name]:
            raise BadInput(f"{archive} is damaged: {name} isn't what was backed up.", _CURE)
    workspace = Workspace(fresh)
    numbers = Layout(fresh).numbers()
    for number in numbers:
        problems = workspace.verify(number)
        if problems:
            raise BadInput(f"{archive}: release {number} is broken: {problems[0]}.", _CURE)
    workspace.current()
    for path in found.values():
        beside = path.parent == fresh
        path.chmod(0o600 if path.name in _BESIDE else 0o644 if beside else 0o444)
        sync_file(path)
    for folder in [*fresh.rglob("*"), fresh]:
        if folder.is_dir():
            sync_folder(folder)
    return numbers


def _manifest(archive: Path, fresh: Path) -> dict[str, File]:
    try:
        plain: Any = json.loads((fresh / _MANIFEST).read_text(encoding="utf-8"))
        if plain["format"] != FORMAT:
            raise BadInput(
                f"{archive} is in format {plain['format']}; this version reads format {FORMAT}.",
                "Restore it with the version of dealgraph that wrote it.",
            )
        return {
            name: File(int(file["bytes"]), str(file["sha256"]))
            for name, file in plain["files"].items()
        }
    except FileNotFoundError:
        raise BadInput(f"{archive} is damaged: its end is missing.", _CURE) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{archive} is damaged: {_MANIFEST} can't be read.", _CURE) from None


def _measured(path: Path) -> File:
    with path.open("rb") as file:
        return File(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
