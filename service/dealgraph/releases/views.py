"""A release as it was known on a day: a store of its own, made when it is first asked for.

``views/<n>@<day>/store`` holds it, under the last day on which knowledge had changed, so that
many days share one view; ``view.json`` says of which content and software it was made. What is
unfinished has a name that begins with a dot and a file that its maker keeps locked.
"""

import fcntl
import json
import os
import tempfile
import time
from bisect import bisect_right
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from dealgraph.errors import BadInput, Conflict, WorkspaceError
from dealgraph.graph.dataset import close, open_dataset
from dealgraph.graph.views import go_back
from dealgraph.releases.layout import Layout, remove_tree
from dealgraph.releases.release import Release, store_folder
from dealgraph.releases.staged import StagedStore
from dealgraph.releases.store import checkpoint, days_of_change
from dealgraph.version import __version__

# So many are kept; each has the tables in which it differs from its release.
MOST: Final = 12
_RECORD: Final = "view.json"
_LOCK: Final = "lock"
# Seconds after which a maker that has no lock yet is dead: it takes one as its first step.
_ABANDONED: Final = 60


def read_known(text: str) -> date:
    """The day that a user names as YYYY-MM-DD; one in the future stands for today.

    :raises BadInput: when it is no day.
    """
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:  # the ISO has more ways to write one
            raise ValueError
        return day
    except ValueError:
        raise BadInput(
            f"known is {text[:40]!r}, which is no day.", "Give one as in known=2025-12-31."
        ) from None


def view_key(release: Release, known: date) -> date | None:
    """The last day up to *known* on which knowledge changed: what the view is kept under.

    None where the release itself is what was known. A day before the first report stands for all
    days before it: then nothing was known.

    :raises Conflict: when the release has no history.
    """
    days = [] if release.by.plain else days_of_change(release.store)
    if not days:
        raise Conflict(
            f"Release {release.number} doesn't tell what was known when.",
            "Build a new release, and ask that one."
            if not release.by.plain
            else "Ask without known: a plain workspace has no reports.",
        )
    at = bisect_right(days, known.isoformat())
    if at == len(days):
        return None
    return date.fromisoformat(days[at - 1]) if at else _before(days[0])


def _before(first: str) -> date:
    return date.fromisoformat(first) - timedelta(days=1)


def find_view(root: Path, release: Release, known: date) -> Release | None:
    """The release as known on a day, where it is there already; else None.

    Its ``store`` is that of the view, its ``known`` the day it is kept under (empty where that is
    the release itself).

    :raises Conflict: when the release has no history.
    """
    key = view_key(release, known)
    if key is None:
        return release
    folder = _folder(root, release, key)
    if not _is_of(folder, release):
        return None
    with suppress(OSError):
        os.utime(folder)  # used now: the one unused for longest goes first
    return _seen(release, folder, key)


def make_view(root: Path, release: Release, known: date, ontology: Path) -> Release:
    """As :func:`find_view`; made if need be. Takes as long as the inferences of a build.

    Two processes may make the same one: the first to be done wins.

    :raises Conflict: when the release has no history.
    :raises WorkspaceError: when the workspace can't be written.
    """
    found = find_view(root, release, known)
    key = view_key(release, known)
    if found is not None or key is None:
        return found or release
    views = Layout(root).views
    folder = _folder(root, release, key)
    try:
        views.mkdir(exist_ok=True)
        _remove_abandoned(views)
        place = Path(tempfile.mkdtemp(prefix=".", dir=views))
        try:
            with (place / _LOCK).open("wb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                finished = _made(place, release, key, ontology)
                if folder.exists() and not _is_of(folder, release):
                    remove_tree(folder)  # of another release that had the number
                with suppress(OSError):  # another process was quicker
                    finished.rename(folder)
        finally:
            remove_tree(place)
        if not release.folder.is_dir():
            remove_tree(folder)  # it was pruned meanwhile
            raise WorkspaceError(
                f"Release {release.number} was removed meanwhile.", "Ask the current one."
            )
        _thin_out(views, folder)
    except OSError as error:
        raise WorkspaceError(
            f"The release as known on {known} can't be kept in {views}: {error}.",
            "See that the disk has room and that the folder may be written to.",
        ) from None
    return _seen(release, folder, key)


def _made(place: Path, release: Release, key: date, ontology: Path) -> Path:
    work, finished = place / "work", place / "view"
    with StagedStore(work, release.store):
        pass  # a copy: the tables are linked
    dataset = open_dataset(work)
    try:
        go_back(dataset, key, ontology)
    finally:
        close(dataset)
    del dataset
    finished.mkdir()
    checkpoint(work, store_folder(finished))
    (finished / _RECORD).write_text(json.dumps(_told(release)), encoding="utf-8")
    for path in (finished / _RECORD, *store_folder(finished).iterdir()):
        path.chmod(0o444)
    return finished


def _told(release: Release) -> dict[str, str]:
    return {"content_sha256": release.content_sha256, "dealgraph_version": __version__}


def _is_of(folder: Path, release: Release) -> bool:
    """Whether there is a view of that very release, made by this software."""
    try:
        told: object = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return told == _told(release)


def _folder(root: Path, release: Release, key: date) -> Path:
    return Layout(root).views / f"{release.number}@{key.isoformat()}"


def _seen(release: Release, folder: Path, key: date) -> Release:
    return replace(release, store=store_folder(folder), known=key.isoformat())


def _thin_out(views: Path, fresh: Path) -> None:
    kept = [path for path in views.iterdir() if not path.name.startswith(".") and path != fresh]
    kept.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST - 1 :]:
        remove_tree(path)


def _remove_abandoned(views: Path) -> None:
    """Removes what processes that are no more were making."""
    for place in views.glob(".*"):
        try:
            with (place / _LOCK).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            # Being made right now, or being removed; or its process died before the lock.
            with suppress(FileNotFoundError):
                if time.time() - place.stat().st_mtime > _ABANDONED:
                    remove_tree(place)
            continue
        except BlockingIOError:
            continue  # its process lives
        remove_tree(place)
