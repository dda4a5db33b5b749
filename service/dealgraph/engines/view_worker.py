"""The process that makes one view of a release and ends: see ``viewing``."""

import json
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

from dealgraph.engines.isolation import leave_network
from dealgraph.errors import DealgraphError
from dealgraph.releases.views import make_view, read_known
from dealgraph.releases.workspace import Workspace


def main() -> None:
    """Reads what is wanted from standard input, and prints what went wrong: {} for nothing."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever a library prints must not land in the answer.
    os.dup2(2, 1)
    asked = json.load(sys.stdin)
    leave_network()
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    answer = {}
    try:
        space = Workspace(Path(asked["workspace"]))
        release = space.release(asked["number"])
        make_view(space.root, release, read_known(asked["known"]), Path(asked["ontology"]))
    except DealgraphError as error:
        answer = {"error": type(error).__name__, "detail": error.detail, "cure": error.cure}
    except MemoryError:
        answer = {
            "error": "QueryOutOfMemory",
            "detail": "The view needed more memory than one may take (memory).",
            "cure": "Raise memory, or ask the release itself.",
        }
    out.write(json.dumps(answer))
    out.close()


if __name__ == "__main__":
    main()
