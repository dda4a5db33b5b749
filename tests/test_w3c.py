"""The W3C tests against a running plain service, as anybody would run them from outside.

tests/w3c-failures.yaml lists what fails, with its reason. A test that fails and isn't on the list
fails this one, and so does a test on the list that passes: it has to leave it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from conftest import REPOSITORY
from writable import Writable, serve_writable

SUITE = REPOSITORY.parent / "shared" / "w3c"
LISTED = REPOSITORY / "tests" / "w3c-failures.yaml"
# What Oxigraph passes in this process, and all of Protocol, Graph Store and Service Description.
LEAST = 1_245
OF_HTTP = {
    "sparql11/protocol": 34,
    "sparql11/service-description": 3,
    "sparql11/graph-store-protocol direct": 4,
    "sparql11/graph-store-protocol indirect": 9,
}


@pytest.fixture
def plain() -> Iterator[Writable]:
    """A plain service; its folder is in memory where it can be: 2,500 releases are published."""
    memory = Path("/dev/shm")
    where = memory if os.access(memory, os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(dir=where) as folder,
        serve_writable(Path(folder), "--keep", "20", "--log", "off") as served,
    ):
        yield served


@pytest.mark.timeout(1_500)
@pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C tests and their runner are not here")
def test_the_w3c_suite(plain: Writable, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = subprocess.run(
        [
            sys.executable, "run.py", "--suite", str(SUITE / "tests"),
            "--query-url", f"{plain.address}/sparql", "--update-url", f"{plain.address}/update",
            "--gsp-url", f"{plain.address}/store", "--token", plain.token, "--json", str(report),
            "--timeout", "60",
        ],
        cwd=SUITE / "runner", capture_output=True, text=True, timeout=1_400,
    )  # fmt: skip
    assert report.is_file(), done.stdout + done.stderr
    results = json.loads(report.read_text())["tests"]
    failed = {_name(each): each["reason"] for each in results if each["outcome"] == "failed"}
    listed = {
        name for part in yaml.safe_load(LISTED.read_text())["failures"] for name in part["tests"]
    }
    assert failed.keys() == listed, {
        "not listed": {name: failed[name] for name in failed.keys() - listed},
        "repaired, take it off the list": sorted(listed - failed.keys()),
    }
    passed = Counter(each["group"] for each in results if each["outcome"] == "passed")
    assert {group: passed[group] for group in OF_HTTP} == OF_HTTP
    assert passed.total() >= LEAST
    print(f"\nW3C: {passed.total()} of {passed.total() + len(failed)} passed")


def _name(result: dict[str, str]) -> str:
    return f"{result['group']} {result['id'].rsplit('#', 1)[-1]}"
