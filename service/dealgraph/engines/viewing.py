"""Views of releases as a service asks for them: one at a time, each made in a process."""

import json
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any, Final

from dealgraph import errors
from dealgraph.engines.process import child_environment
from dealgraph.errors import DealgraphError, EngineBusy, QueryOutOfMemory, QueryTimeout
from dealgraph.releases.release import Release
from dealgraph.releases.views import find_view

_CURE: Final = "Ask again in a moment, or ask the release without known."
# Bytes of addresses that Python and an open store reserve, hardly any of it used.
_RESERVED: Final = 2 * 1024**3


class Viewer:
    """Thread-safe. *seconds* are for one view, *patience* for waiting while another is made;
    *memory* in bytes."""

    def __init__(
        self, root: Path, *, ontology: Path, memory: int, seconds: float, patience: float
    ) -> None:
        self._root = root
        self._ontology = ontology
        self._memory = memory
        self._seconds = seconds
        self._patience = patience
        self._turn = threading.Lock()

    def view(self, release: Release, known: date) -> Release:
        """*release* as known on a day; itself where that is all that it says.

        :raises Conflict: when it doesn't tell what was known when.
        :raises EngineBusy: when another view is being made for too long.
        :raises QueryTimeout: when it takes too long itself.
        :raises WorkspaceError: when the workspace can't be written.
        """
        found = find_view(self._root, release, known)
        if found is not None:
            return found
        if not self._turn.acquire(timeout=self._patience):
            raise EngineBusy("Another view of a release is being made.", _CURE)
        try:
            found = find_view(self._root, release, known)
            if found is None:
                self._make(release, known)
                found = find_view(self._root, release, known)
        finally:
            self._turn.release()
        if found is None:
            raise EngineBusy("The view was made and is gone again.", _CURE)
        return found

    def _make(self, release: Release, known: date) -> None:
        asked = {
            "workspace": str(self._root),
            "number": release.number,
            "known": known.isoformat(),
            "ontology": str(self._ontology),
            "memory": self._memory + _RESERVED,
        }
        try:
            done = subprocess.run(
                # -P: a json.py in the current folder is not the one we mean.
                [sys.executable, "-P", "-m", "dealgraph.engines.view_worker"],
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                timeout=self._seconds,
                check=False,
                env=child_environment(),
            )
        except subprocess.TimeoutExpired:
            raise QueryTimeout(
                f"The view as known on {known} was not made in {self._seconds:g} s.", _CURE
            ) from None
        if done.returncode != 0:
            raise QueryOutOfMemory(
                "The process that makes the view has ended, most likely for want of memory.", _CURE
            )
        answer: dict[str, Any] = json.loads(done.stdout)
        if "error" in answer:
            failure: DealgraphError = getattr(errors, answer["error"])(
                answer["detail"], answer["cure"]
            )
            raise failure
