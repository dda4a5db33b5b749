"""A writer may be killed at any moment: what was published stays, and the next writer goes on."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import MINI, REPOSITORY
from dealgraph.engines.rows import RowsEngine
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder
from stores import numbered, publish

KILLS = 40

# Publishes release after release. Given a step, it leaves at the n-th thing it does to a file of
# the workspace, as abruptly as if it were killed.
_WRITER = """
import itertools, os, sys
from pathlib import Path
import pyoxigraph as ox
from dealgraph.releases.workspace import Workspace

root, step, begin = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
steps = itertools.count(1)

def watch(event, arguments):
    name = arguments[0] if arguments else None
    touches = event in ("open", "os.mkdir", "os.rename", "os.chmod", "os.remove", "os.rmdir")
    if touches and str(name).startswith(root) and next(steps) == step:
        os._exit(9)

def fill(folder, count):
    store = ox.Store(str(folder))
    node = ox.NamedNode
    store.extend(
        ox.Quad(node(f"http://e/s{n % 100}"), node("http://e/p"), ox.Literal(n), node("http://e/g"))
        for n in range(count)
    )
    store.flush()

workspace = Workspace(Path(root))
print("begun", flush=True)
if step:
    sys.addaudithook(watch)
for count in itertools.count(begin):
    with workspace.writer() as writer, writer.staging() as folder:
        fill(folder, count)
        writer.publish(folder, {}, str(count))
    if step:
        os._exit(0)
"""


def start(root: Path, step: int, begin: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(root), str(step), str(begin)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
    )


def sound(workspace: Workspace, checked: set[int]) -> int:
    """The number of the current release, once every release is found whole."""
    current = workspace.current()
    numbers = [release.number for release in workspace.releases()]
    assert numbers[-1] == current.number
    for number in numbers:
        if number not in checked:
            assert workspace.verify(number) == []
            checked.add(number)
    answer = ox.Store.read_only(str(current.store)).query("ASK { GRAPH ?g { ?s ?p 1 } }")
    assert bool(answer)
    return current.number


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with one release."""
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, numbered(2))
    return workspace


def test_killed_at_random(workspace: Workspace) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    checked: set[int] = set()
    last, left_behind = sound(workspace, checked), 0
    for kill in range(KILLS):
        with start(workspace.root, 0, 2000 + kill * 1000) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"begun\n"
            time.sleep(dice.uniform(0, 0.35))
            os.kill(writer.pid, signal.SIGKILL)
        left_behind += any(_leftovers(workspace.root))
        number = sound(workspace, checked)
        assert number >= last
        release, new = publish(workspace, numbered(3 + kill, graph="next"))
        assert new
        assert release.number == number + 1, "the next build succeeds, under the next number"
        last = sound(workspace, checked)
        assert list(_leftovers(workspace.root)) == []
    assert left_behind > KILLS / 4, "the kills came too early or too late to matter"


def test_killed_at_every_step(workspace: Workspace) -> None:
    """Each touch of a file of the workspace is once the last thing that a writer does."""
    checked: set[int] = set()
    step = 0
    while True:
        step += 1
        before = sound(workspace, checked)
        with start(workspace.root, step, 100 + step) as writer:
            status = writer.wait(60)
        after = sound(workspace, checked)
        if status == 0:
            break
        assert status == 9
        assert after in (before, before + 1)
    print(f"{step - 1} steps")
    assert step > 20
    assert after == before + 1


def test_a_whole_build_killed_at_random(tmp_path: Path) -> None:
    """``dealgraph build``, from records to release, as a user runs it."""
    workspace = Workspace(tmp_path / "workspace")
    build(workspace, MINI, folder("ontology"))
    records = Path(shutil.copytree(MINI, tmp_path / "records"))
    article = records / "articles" / "gazette-1.yaml"
    text = article.read_text(encoding="utf-8")
    command = [sys.executable, "-m", "dealgraph", "build", "--workspace", str(workspace.root)]
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    for kill in range(12):
        # Other records each time: an unchanged build would publish nothing.
        article.write_text(text.replace("ten billion.", f"ten billion ({kill})."), encoding="utf-8")
        last = workspace.current().number
        with subprocess.Popen(
            [*command, "--records", str(records)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
        ) as builder:
            time.sleep(dice.uniform(0.2, 1.8))
            builder.kill()
        current = workspace.current()
        assert current.number in (last, last + 1)
        assert workspace.verify(current.number) == []
        with RowsEngine(current, workers=1) as engine:
            assert engine.ask("ASK { ?c dg:hasSupplier org:acme-cloud }")
        release, _ = build(workspace, records, folder("ontology"))
        assert release.number == last + 1
    assert list(_leftovers(workspace.root)) == []


def _leftovers(root: Path) -> Iterator[Path]:
    if (root / "staging").exists():
        yield from (root / "staging").iterdir()
    yield from (path for path in (root / "releases").iterdir() if path.name.startswith("."))
    yield from root.glob("CURRENT.*")
