"""Releases: published whole or not at all, never changed, and checked against what they were."""

import errno
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import MINI, REPOSITORY
from dealgraph.errors import (
    BadInput,
    BrokenShapes,
    NotFound,
    RecordError,
    Unconfirmed,
    WorkspaceBusy,
    WorkspaceError,
)
from dealgraph.releases import layout as layout_module
from dealgraph.releases import live as live_module
from dealgraph.releases import writer as writer_module
from dealgraph.releases.build import build
from dealgraph.releases.layout import remove_tree
from dealgraph.releases.live import LiveStore
from dealgraph.releases.workspace import Origin, Workspace
from dealgraph.version import __version__
from stores import fill, iri, numbered, publish

ONTOLOGY = REPOSITORY / "ontology"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace whose folder isn't there yet."""
    return Workspace(tmp_path / "workspace")


def test_an_empty_workspace_says_how_to_fill_it(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=f"dealgraph build --workspace {workspace.root}"):
        workspace.current()
    assert workspace.releases() == []
    assert not workspace.root.exists(), "reading made a folder"


def test_a_release_says_what_it_is(workspace: Workspace) -> None:
    release, new = publish(workspace, numbered(250), "first")
    assert new
    assert (release.number, release.message) == (1, "first")
    assert release.counts == {"quads": 250}
    assert release.dealgraph_version == __version__
    assert release.created.endswith("Z")
    assert len(release.content_sha256) == 64
    assert workspace.current() == workspace.release(1) == release
    assert [each.number for each in workspace.releases()] == [1]
    assert len(ox.Store.read_only(str(release.store))) == 250
    assert workspace.verify(1) == []


def test_readers_keep_their_release_while_the_next_is_published(workspace: Workspace) -> None:
    first, _ = publish(workspace, numbered(250))
    reader = ox.Store.read_only(str(first.store))
    second, _ = publish(workspace, numbered(300))
    assert (second.number, workspace.current().number) == (2, 2)
    workspace.prune(1)
    assert len(list(reader)) == 250
    assert len(ox.Store.read_only(str(second.store))) == 300


def test_the_same_content_is_published_once(workspace: Workspace) -> None:
    first, _ = publish(workspace, numbered(250))
    again, new = publish(workspace, reversed(list(numbered(250))), "the same, in another order")
    assert not new
    assert again == first
    assert [each.number for each in workspace.releases()] == [1]


def test_a_number_is_never_given_twice(workspace: Workspace) -> None:
    for count in (1, 2, 3):
        publish(workspace, numbered(count))
    assert workspace.prune(1) == [1, 2]
    assert publish(workspace, numbered(1))[0].number == 4


def test_a_missing_release_is_told_with_those_there_are(workspace: Workspace) -> None:
    for count in (1, 2, 3):
        publish(workspace, numbered(count))
    workspace.prune(2)
    for number in (1, 4, 0, -1):
        with pytest.raises(NotFound, match="There are: 2, 3"):
            workspace.release(number)
        with pytest.raises(NotFound):
            workspace.verify(number)


def test_pruning_keeps_the_newest(workspace: Workspace) -> None:
    for count in range(1, 6):
        publish(workspace, numbered(count))
    assert workspace.prune(3) == [1, 2]
    assert workspace.prune(3) == []
    with pytest.raises(BadInput, match="Keep at least 1"):
        workspace.prune(0)
    assert [each.number for each in workspace.releases()] == [3, 4, 5]
    assert workspace.prune(1) == [3, 4]
    assert workspace.current().number == 5
    assert {path.name for path in (workspace.root / "releases").iterdir()} == {"5"}


def test_a_blank_node_is_refused_by_name_and_the_last_release_stands(workspace: Workspace) -> None:
    publish(workspace, numbered(10))
    hidden = ox.Quad(iri("s"), iri("knows"), ox.BlankNode("nameless"), iri("main"))
    with pytest.raises(BadInput, match="_:nameless"):
        publish(workspace, [*numbered(20), hidden])
    assert workspace.current().number == 1
    assert workspace.verify(1) == []
    text = ox.Quad(iri("s"), iri("says"), ox.Literal("a _:b in a text"), iri("main"))
    assert publish(workspace, [text])[0].number == 2


def test_every_file_of_a_release_is_read_only(workspace: Workspace) -> None:
    release, _ = publish(workspace, numbered(10))
    files = [*release.store.iterdir(), release.folder / "release.json"]
    assert len(files) > 3
    assert {path.stat().st_mode & 0o222 for path in files} == {0}


def test_nothing_is_left_of_the_work(workspace: Workspace) -> None:
    publish(workspace, numbered(10))
    assert {path.name for path in workspace.root.iterdir()} == {
        "CURRENT", "audit.jsonl", "lock", "releases", "staging",
    }  # fmt: skip
    assert list((workspace.root / "staging").iterdir()) == []


class TestVerify:
    """Each kind of damage is named, and all of it at once."""

    @pytest.fixture
    def folder(self, workspace: Workspace) -> Path:
        release, _ = publish(workspace, numbered(500))
        for path in release.store.iterdir():
            path.chmod(0o644)
        (release.folder / "release.json").chmod(0o644)
        return release.folder

    def test_a_changed_byte(self, workspace: Workspace, folder: Path) -> None:
        path = max((folder / "store").glob("*.sst"), key=lambda path: path.stat().st_size)
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert f"store/{path.name} has changed" in workspace.verify(1)[0]

    def test_a_missing_file(self, workspace: Workspace, folder: Path) -> None:
        path = next((folder / "store").glob("*.sst"))
        path.unlink()
        assert f"store/{path.name} is missing" in workspace.verify(1)

    def test_all_problems_are_listed(self, workspace: Workspace, folder: Path) -> None:
        (folder / "store" / "extra").write_text("")
        record = folder / "release.json"
        plain = json.loads(record.read_text())
        plain["counts"]["quads"] = 499
        plain["content_sha256"] = "0" * 64
        plain["number"] = 7
        record.write_text(json.dumps(plain))
        problems = " | ".join(workspace.verify(1))
        assert "store/extra was not there" in problems
        assert "500 quads; release.json says 499" in problems
        assert "digests differ" in problems
        assert "says that it is release 7" in problems

    def test_other_content_in_sound_files(
        self, workspace: Workspace, folder: Path, tmp_path: Path
    ) -> None:
        other, _ = publish(Workspace(tmp_path / "other"), numbered(400))
        shutil.rmtree(folder / "store")
        shutil.copytree(other.store, folder / "store")
        record = folder / "release.json"
        plain = json.loads(record.read_text())
        plain["files"] = json.loads((other.folder / "release.json").read_text())["files"]
        record.write_text(json.dumps(plain))
        assert len(workspace.verify(1)) == 2

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}', "\x00"])
    def test_a_broken_record(self, workspace: Workspace, folder: Path, text: str) -> None:
        (folder / "release.json").write_text(text)
        assert "release.json" in workspace.verify(1)[0]
        with pytest.raises(WorkspaceError, match=r"release\.json"):
            workspace.current()

    def test_building_again_mends_it(self, workspace: Workspace, folder: Path) -> None:
        """The cure that the errors name: also where the content is what it was."""
        next((folder / "store").glob("*.sst")).unlink()
        release, new = publish(workspace, numbered(500))
        assert (release.number, new) == (2, True)
        assert workspace.verify(2) == []


class TestLock:
    """There is one writer."""

    def test_another_process_is_named(self, workspace: Workspace) -> None:
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(workspace.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
        )
        with holder:
            assert holder.stdin is not None
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            with pytest.raises(WorkspaceBusy, match=f"Process {holder.pid} is writing"):
                publish(workspace, numbered(1))
            with pytest.raises(WorkspaceBusy):
                workspace.prune(1)
            holder.stdin.close()
            holder.wait(20)
        assert publish(workspace, numbered(1))[1]

    def test_two_in_one_process(self, workspace: Workspace) -> None:
        with workspace.writer(), pytest.raises(WorkspaceBusy, match=str(os.getpid())):
            publish(workspace, numbered(1))


_HOLD = """
import sys
from pathlib import Path
from dealgraph.releases.workspace import Workspace
with Workspace(Path(sys.argv[1])).writer():
    print("held", flush=True)
    sys.stdin.read()
"""


class TestStrangeFolders:
    """What isn't ours stays as it is."""

    def test_a_folder_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "staging").mkdir()
        (tmp_path / "staging" / "thesis.txt").write_text("three years of work")
        with pytest.raises(WorkspaceError, match="no workspace and isn't empty: it has staging"):
            publish(Workspace(tmp_path), numbered(1))
        assert (tmp_path / "staging" / "thesis.txt").read_text() == "three years of work"
        assert {path.name for path in tmp_path.iterdir()} == {"staging"}

    def test_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        for root in (tmp_path / "file", tmp_path / "file" / "below"):
            with pytest.raises(WorkspaceError):
                publish(Workspace(root), numbered(1))
            with pytest.raises(WorkspaceError, match="There is no release"):
                Workspace(root).current()

    @pytest.mark.parametrize("text", ["", "one", "-1", "1.0", "²", "é"])
    def test_a_pointer_that_is_no_number(self, workspace: Workspace, text: str) -> None:
        publish(workspace, numbered(1))
        (workspace.root / "CURRENT").write_text(text, encoding="utf-8")
        with pytest.raises(WorkspaceError, match="there are: 1"):
            workspace.current()
        with pytest.raises(WorkspaceError, match="there are: 1"):
            publish(workspace, numbered(2))
        (workspace.root / "CURRENT").write_text("1\n")
        assert workspace.verify(1) == []

    def test_a_lost_pointer_loses_no_release(self, workspace: Workspace) -> None:
        publish(workspace, numbered(1))
        (workspace.root / "CURRENT").unlink()
        for attempt in (workspace.current, lambda: publish(workspace, numbered(2))):
            with pytest.raises(WorkspaceError, match="CURRENT is missing"):
                attempt()
        (workspace.root / "CURRENT").write_text("1")
        assert workspace.verify(1) == []

    def test_a_folder_that_is_no_store(self, workspace: Workspace, tmp_path: Path) -> None:
        (tmp_path / "nothing").mkdir()
        with workspace.writer() as writer, pytest.raises(WorkspaceError, match="no store"):
            writer.publish(tmp_path / "nothing", {})

    def test_a_store_that_is_still_open(self, workspace: Workspace, tmp_path: Path) -> None:
        held = ox.Store(str(tmp_path / "live"))
        with workspace.writer() as writer, pytest.raises(WorkspaceError, match="holds it open"):
            writer.publish(tmp_path / "live", {})
        del held


_TWO_REVIEWERS = """
@prefix dg: <https://w3id.org/dealgraph/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:two> a sh:NodeShape ; sh:targetSubjectsOf dg:reviewedBy ;
    sh:property [ sh:path dg:reviewedBy ; sh:minCount 2 ;
        sh:message "Two review an article."@en , "Duas pessoas revisam um artigo."@pt ] .
"""


class TestBuild:
    """From records to a release."""

    def test_counts_and_progress(self, workspace: Workspace) -> None:
        seen: list[tuple[str, int, int]] = []
        release, new = build(
            workspace, MINI, ONTOLOGY, lambda *step: seen.append(step), message="mini"
        )
        assert new
        assert release.message == "mini"
        assert release.counts["quads"] > 1000
        assert release.counts["articles"] > 0
        stages = list(dict.fromkeys(stage for stage, _, _ in seen))
        assert stages[0] == "records"
        assert stages[-1] == "publishing"
        assert all(0 <= done <= total for _, done, total in seen)
        assert workspace.verify(1) == []
        assert build(workspace, MINI, ONTOLOGY)[1] is False

    def test_broken_records_leave_everything_as_it_was(
        self, workspace: Workspace, mini_folder: Path
    ) -> None:
        first, _ = build(workspace, mini_folder, ONTOLOGY)
        next((mini_folder / "articles").glob("*.yaml")).write_text("format: 1\n")
        with pytest.raises(RecordError):
            build(workspace, mini_folder, ONTOLOGY)
        assert workspace.current() == first
        assert workspace.verify(1) == []

    def test_what_breaks_a_shape_stays_outside(
        self, workspace: Workspace, mini_folder: Path, tmp_path: Path
    ) -> None:
        stricter = Path(shutil.copytree(ONTOLOGY, tmp_path / "stricter"))
        (stricter / "shapes" / "reviewed.ttl").write_text(_TWO_REVIEWERS)
        with pytest.raises(BrokenShapes) as first:
            build(workspace, mini_folder, stricter)
        assert len(first.value.report) == 3, "a first build is new in every article"
        assert workspace.current_number() == 0
        before, _ = build(workspace, mini_folder, ONTOLOGY)
        changed = mini_folder / "articles" / "herald-2.yaml"
        changed.write_text(changed.read_text().replace("reviewed_by: ", "reviewed_by: other-"))
        with pytest.raises(BrokenShapes) as second:
            build(workspace, mini_folder, stricter)
        assert second.value.report == (
            "https://w3id.org/dealgraph/id/article/herald-2: "
            "Two review an article. / Duas pessoas revisam um artigo.",
        )
        assert workspace.current() == before
        assert build(workspace, mini_folder, ONTOLOGY)[1] is True

    def test_a_failure_in_the_middle_leaves_everything_as_it_was(
        self, workspace: Workspace
    ) -> None:
        first, _ = publish(workspace, numbered(5))

        def break_off(stage: str, done: int, total: int) -> None:
            if stage == "inference":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build(workspace, MINI, ONTOLOGY, break_off)
        assert workspace.current() == first
        assert list((workspace.root / "staging").iterdir()) == []
        assert build(workspace, MINI, ONTOLOGY)[0].number == 2

    def test_the_same_records_give_the_same_content_in_any_process(self, tmp_path: Path) -> None:
        digests = set()
        for seed in ("1", "2"):
            done = subprocess.run(
                [sys.executable, "-c", _DIGEST, str(tmp_path / seed), str(MINI), str(ONTOLOGY)],
                env={
                    **os.environ,
                    "PYTHONPATH": str(REPOSITORY / "service"),
                    "PYTHONHASHSEED": seed,
                },
                capture_output=True,
                text=True,
                check=True,
                timeout=120,
            )
            digests.add(done.stdout)
        assert len(digests) == 1


_DIGEST = """
import sys
from pathlib import Path
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
root, records, ontology = map(Path, sys.argv[1:])
print(build(Workspace(root), records, ontology)[0].content_sha256)
"""


def _blocked_log(workspace: Workspace) -> Path:
    """A folder in the place of the log, while a writer is at work: no line can be added."""
    log = workspace.root / "audit.jsonl"
    log.unlink(missing_ok=True)
    log.mkdir()
    return log


def test_what_fails_after_the_flip_is_no_failure_and_the_next_writer_logs_it(
    workspace: Workspace,
) -> None:
    for count in (3, 4):
        with workspace.writer() as writer, writer.staging() as folder:
            log = _blocked_log(workspace)
            fill(folder, numbered(count))
            release, new = writer.publish(folder, {}, str(count))
            log.rmdir()
        assert (release.message, new) == (str(count), True)
        assert workspace.current() == release
    # Two lines are missing now, since the log was taken away as well.
    with workspace.writer() as writer:
        entries = [(entry.release, entry.message) for entry in writer.audit.entries()]
    assert entries == [(1, "3"), (2, "4")]


def test_a_flip_that_the_disk_does_not_confirm_is_told_as_what_it_is(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(workspace, numbered(3))
    sync = writer_module.sync_folder

    def failing(path: Path) -> None:
        if path == workspace.root:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(path)

    with monkeypatch.context() as patch:
        for module in (writer_module, layout_module):
            patch.setattr(module, "sync_folder", failing)
        with pytest.raises(Unconfirmed, match="Release 2 is published, but the disk") as caught:
            publish(workspace, numbered(4))
    assert "before sending this again" in caught.value.cure
    assert workspace.current().number == 2
    assert workspace.verify(2) == []
    with workspace.writer() as writer:
        assert [entry.release for entry in writer.audit.entries()] == [1, 2]


def test_an_old_release_that_cant_be_removed_does_not_fail_a_write(workspace: Workspace) -> None:
    publish(workspace, numbered(3))
    with workspace.writer() as writer:
        for count in (4, 5):
            with writer.staging() as folder:
                fill(folder, numbered(count))
                writer.publish(folder, {}, by=Origin(author="ana"))
        # What a release is moved to on its way out can't be made: something is there.
        (workspace.root / "releases" / ".2.old").mkdir()
        (workspace.root / "releases" / ".2.old" / "full").touch()
        writer.thin_out(keep=1)
    assert [release.number for release in workspace.releases()] == [1, 2, 3]


def test_a_copy_is_removed_by_its_process_while_another_begins_to_write(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever closes it holds no lock of the workspace: the next writer may begin at any moment."""
    release, _ = publish(workspace, numbered(3))
    live = LiveStore(workspace.root)
    with live.staged(release):
        [place] = (workspace.root / "live").iterdir()
    removed = []

    def meanwhile(path: Path) -> None:
        if path == place and not removed:
            removed.append(path)
            with workspace.writer():  # would remove it, if it weren't held
                assert place.is_dir()
        remove_tree(path)

    monkeypatch.setattr(live_module, "remove_tree", meanwhile)
    live.close()
    assert removed == [place]
    assert not place.exists()


def test_two_may_remove_the_same_folder(tmp_path: Path) -> None:
    for turn in range(20):
        folder = tmp_path / str(turn)
        folder.mkdir()
        for number in range(200):
            (folder / str(number)).touch()
        with ThreadPoolExecutor(2) as both:
            list(both.map(remove_tree, [folder, folder]))
        assert not folder.exists()


def test_fill_is_given_a_folder_on_the_same_file_system(workspace: Workspace) -> None:
    """Or the checkpoint would be a copy of every byte, not hard links."""
    with workspace.writer() as writer, writer.staging() as folder:
        assert folder.is_relative_to(workspace.root)
        fill(folder, numbered(3))
        assert writer.publish(folder, {"things": 3})[0].counts == {"things": 3, "quads": 3}
