"""The process that writes: one change at a time, each a whole commit; it may be killed anywhere.

Started by ``process``; changes and what became of them travel as JSON lines on standard input
and output.
"""

import json
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from dealgraph.engines.isolation import leave_network
from dealgraph.engines.reach import Reach
from dealgraph.errors import DealgraphError
from dealgraph.releases.workspace import Workspace
from dealgraph.writes.change import Change
from dealgraph.writes.commit import Rules, commit


def main() -> None:
    """Carries out changes until standard input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever a library prints must not land between the answers.
    os.dup2(2, 1)
    setup = json.loads(sys.stdin.readline())
    reach = Reach(tuple(setup["reach"]))
    if not reach:
        leave_network()
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (setup["memory"], setup["memory"]))
    workspace = Workspace(Path(setup["workspace"]))
    for line in sys.stdin:
        asked = json.loads(line)
        rules = Rules(
            reach, setup["most"], asked["patience"], Path(setup["ontology"]), setup["keep"]
        )
        _answer(out, _done(workspace, Change.of(asked["change"]), rules))


def _done(workspace: Workspace, change: Change, rules: Rules) -> dict[str, Any]:
    try:
        outcome = commit(workspace, change, rules)
    except DealgraphError as error:
        return {"error": type(error).__name__, "detail": error.detail, "cure": error.cure} | {
            name: value
            for name in ("line", "column", "report")
            if (value := getattr(error, name, None)) is not None
        }
    except MemoryError:
        return {"error": "MemoryError"}
    return {"release": outcome.release, "published": outcome.published, "existed": outcome.existed}


def _answer(out: TextIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
