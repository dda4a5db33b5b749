"""A service that takes writes, as an operator starts it: a plain store in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conftest import REPOSITORY


@dataclass(frozen=True)
class Writable:
    """The address of a service without a slash at its end, and the token that may do everything."""

    address: str
    token: str
    workspace: Path

    @property
    def headers(self) -> dict[str, str]:
        """What a request that writes has to carry."""
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def serve_writable(folder: Path, *options: str, plain: bool = True) -> Iterator[Writable]:
    """Serves the workspace in *folder*, made if it is plain, by the command; ends it at the end."""
    token, workspace, log = folder / "token", folder / "workspace", folder / "log"
    command = [
        sys.executable, "-m", "dealgraph", "serve", *(["--plain"] if plain else []),
        "--port", "0", "--workspace", str(workspace), "--write-token-file", str(token), *options,
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if "DEALGRAPH" not in name}
    environment["PYTHONPATH"] = str(REPOSITORY / "service")
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment, cwd=folder
        ) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:[0-9]+", line)
            assert found is not None, line + log.read_text()
            yield Writable(found[0], token.read_text().strip(), workspace)
        finally:
            process.terminate()
            assert process.wait(timeout=60) == 0
