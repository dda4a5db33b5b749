"""The examples of docs/clients.md do what they are shown for."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPOSITORY

CLIENTS = Path(__file__).parent / "clients"
SHOWN = "http://127.0.0.1:8020"


def examples(language: str) -> list[str]:
    """The blocks of a language, in the order of the page."""
    page = (REPOSITORY / "docs" / "clients.md").read_text(encoding="utf-8")
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return found


@pytest.mark.parametrize("position", range(3))
def test_python(served: str, position: int, tmp_path: Path) -> None:
    shown = examples("python")
    assert len(shown) == 3
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "service")}
    done = subprocess.run(
        [sys.executable, "-c", shown[position].replace(SHOWN, served)],
        capture_output=True, text=True, timeout=120, cwd=tmp_path, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    expected = ("Amazon Web Services", "https://w3id.org/dealgraph/id/deal/", "OpenAI")[position]
    assert expected in done.stdout


def test_curl(served: str, tmp_path: Path) -> None:
    [shown] = examples("bash")
    script = shown.replace(SHOWN, served).replace("curl ", "curl --silent --fail ")
    done = subprocess.run(
        ["bash", "-ec", script], capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert '"boolean":true' in done.stdout
    assert done.stdout.count("https://w3id.org/dealgraph/id/deal/") > 50


@pytest.mark.parametrize("position", range(2))
def test_javascript(served: str, position: int) -> None:
    shown = examples("js")
    assert len(shown) == 2
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node on this machine; .ci/run installs it")
    assert (CLIENTS / "node_modules").is_dir(), "the packages are missing: run make clients"
    # From standard input a module finds its packages beside the folder that it is run in.
    done = subprocess.run(
        [node, "--input-type=module", "-"], input=shown[position].replace(SHOWN, served),
        capture_output=True, text=True, timeout=120, cwd=CLIENTS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split()
    assert len(lines) == 3
    assert all(line.startswith("https://w3id.org/dealgraph/id/deal/") for line in lines)
