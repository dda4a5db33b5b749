"""Views when several make, use and remove them at once, and when a maker dies."""

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from conftest import MINI, REPOSITORY
from dealgraph.engines.rows import RowsEngine
from dealgraph.engines.viewing import Viewer
from dealgraph.errors import EngineBusy, QueryOutOfMemory, QueryTimeout
from dealgraph.releases import views
from dealgraph.releases.build import build
from dealgraph.releases.release import Release
from dealgraph.releases.store import days_of_change
from dealgraph.releases.views import find_view, make_view
from dealgraph.releases.workspace import Workspace

ONTOLOGY = REPOSITORY / "ontology"
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH graph:current { ?s ?p ?o } }"


@pytest.fixture
def small(tmp_path: Path) -> tuple[Workspace, Release, list[date]]:
    """A workspace of a few invented deals, its release, and the days on which knowledge changed."""
    workspace = Workspace(tmp_path / "workspace")
    release, _ = build(workspace, MINI, ONTOLOGY)
    days = [date.fromisoformat(day) for day in days_of_change(release.store)]
    # The last is the release itself; the day before the first has a view too.
    return workspace, release, [date.fromordinal(days[0].toordinal() - 1), *days[:-1]]


def count(release: Release) -> str:
    with RowsEngine(release, workers=1) as engine:
        (row,) = engine.table(COUNT).rows
        assert row[0] is not None
        return row[0].value


def asked(workspace: Workspace, day: date) -> str:
    return json.dumps(
        {
            "workspace": str(workspace.root),
            "number": 1,
            "known": day.isoformat(),
            "ontology": str(ONTOLOGY),
            "memory": 4 * 1024**3,
        }
    )


def test_two_processes_that_make_one_view_leave_one(
    small: tuple[Workspace, Release, list[date]],
) -> None:
    workspace, release, days = small
    command = [sys.executable, "-P", "-m", "dealgraph.engines.view_worker"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "service")}
    makers = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        for _ in range(2)
    ]
    threads = [
        threading.Thread(target=maker.communicate, args=(asked(workspace, days[-1]),))
        for maker in makers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [maker.returncode for maker in makers] == [0, 0]
    found = find_view(workspace.root, release, days[-1])
    assert found is not None
    assert int(count(found)) > 0
    assert [path.name for path in (workspace.root / "views").iterdir()] == [found.store.parent.name]


def test_what_dead_makers_left_is_removed_and_what_lives_stays(
    small: tuple[Workspace, Release, list[date]],
) -> None:
    workspace, release, days = small
    folder = workspace.root / "views"
    names = (".dead", ".unlocked", ".beginning", ".living")
    for name in names:
        (folder / name / "view").mkdir(parents=True)
    (folder / ".dead" / "lock").write_bytes(b"")
    long_ago = time.time() - 3600
    os.utime(folder / ".unlocked", (long_ago, long_ago))
    with (folder / ".living" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        view = make_view(workspace.root, release, days[-1], ONTOLOGY)
        left = {path.name for path in folder.iterdir()}
    assert left == {".beginning", ".living", view.store.parent.name}


def test_a_view_that_is_half_made_is_never_found(
    small: tuple[Workspace, Release, list[date]],
) -> None:
    workspace, release, days = small
    view = make_view(workspace.root, release, days[-1], ONTOLOGY)
    before = count(view)
    record = view.store.parent / "view.json"
    record.chmod(0o644)
    record.write_text("{", encoding="utf-8")
    assert find_view(workspace.root, release, days[-1]) is None
    assert count(make_view(workspace.root, release, days[-1], ONTOLOGY)) == before


def test_a_view_that_is_being_read_may_be_thinned_out(
    small: tuple[Workspace, Release, list[date]], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, release, days = small
    assert len(days) >= 2
    monkeypatch.setattr(views, "MOST", 1)
    first = make_view(workspace.root, release, days[0], ONTOLOGY)
    with RowsEngine(first, workers=1) as engine:
        (before,) = engine.table(COUNT).rows
        second = make_view(workspace.root, release, days[1], ONTOLOGY)
        assert find_view(workspace.root, release, days[0]) is None
        (after,) = engine.table(COUNT).rows
    assert before == after
    assert find_view(workspace.root, release, days[1]) == second


def viewer(workspace: Workspace, *, seconds: float = 60, memory: int = 1024**3) -> Viewer:
    return Viewer(workspace.root, ontology=ONTOLOGY, memory=memory, seconds=seconds, patience=0.05)


def test_who_asks_while_another_view_is_made_is_told_to_wait(
    small: tuple[Workspace, Release, list[date]],
) -> None:
    workspace, release, days = small
    shared = viewer(workspace)
    problems: list[Exception] = []

    def make() -> None:
        shared.view(release, days[-1])

    maker = threading.Thread(target=make)
    maker.start()
    time.sleep(0.3)
    try:
        shared.view(release, days[0])
    except EngineBusy as busy:
        problems.append(busy)
    maker.join(timeout=120)
    assert [type(each) for each in problems] == [EngineBusy]
    assert "Ask again in a moment" in str(problems[0])
    assert int(count(shared.view(release, days[-1]))) > 0


def test_a_view_past_its_time_or_memory_is_given_up(
    small: tuple[Workspace, Release, list[date]],
) -> None:
    workspace, release, days = small
    with pytest.raises(QueryTimeout, match=r"was not made in 0\.05 s"):
        viewer(workspace, seconds=0.05).view(release, days[-1])
    with pytest.raises(QueryOutOfMemory):
        viewer(workspace, memory=-2 * 1024**3 + 64 * 1024**2).view(release, days[-1])
    assert find_view(workspace.root, release, days[-1]) is None
    assert int(count(viewer(workspace).view(release, days[-1]))) > 0


def why(served: str, status: str, known: str = "") -> tuple[bool, str]:
    """Whether a status of Microsoft's licence of 2025 holds, and the whole explanation as JSON."""
    asked = f"subject=microsoft-openai-ip-licence-2025&predicate=hasStatus&object=status:{status}"
    with urlopen(f"{served}/why.json?{asked}{known}", timeout=300) as answer:
        text = str(answer.read().decode())
    (told,) = json.loads(text)["explanations"]
    return bool(told["holds"]), text


def test_why_is_answered_as_known_on_a_day(served: str) -> None:
    """In December 2025 it was in force, on the seed's word; nothing said that it would end."""
    held, then = why(served, "in-force", "&known=2025-12-17")
    assert held
    assert "f4351270cf73a1fc" in then
    # Now the same claim is told as one that is no longer believed.
    holds, now = why(served, "in-force")
    assert not holds
    assert "f4351270cf73a1fc" in now
    assert why(served, "ended")[0]
    with pytest.raises(HTTPError) as refused:
        why(served, "ended", "&known=2025-12-17")
    with refused.value as answer:
        assert answer.code == 404


def test_a_day_that_is_none_is_a_problem_of_why_too(served: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{served}/why?thing=component/x&known=soon", timeout=60)
    with refused.value as answer:
        assert answer.code == 400
        problem = json.loads(answer.read())
    assert problem["type"].endswith("bad-input")
    assert "known=2025-12-31" in json.dumps(problem)
