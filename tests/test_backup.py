"""Backup and restore: whole or not at all, whatever happens to the archive."""

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest

from conftest import REPOSITORY
from dealgraph.errors import BadInput, Conflict, DealgraphError, WorkspaceError
from dealgraph.releases import backup as backup_module
from dealgraph.releases.audit import Audit
from dealgraph.releases.backup import backup, restore
from dealgraph.releases.workspace import Workspace
from stores import numbered, publish


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two releases, tokens and an audit trail whose last line is still being written."""
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, numbered(3), "one")
    publish(workspace, numbered(4), "two")
    (workspace.root / "tokens.json").write_text('{"tokens": []}')
    (workspace.root / "audit.jsonl").write_text('{"who": "a"}\n{"who": "b"}\n{"wh')
    return workspace


def left(folder: Path) -> list[str]:
    """The names in a folder, the hidden ones of unfinished work among them."""
    return sorted(path.name for path in folder.iterdir())


def test_what_is_restored_is_what_was_backed_up(workspace: Workspace, tmp_path: Path) -> None:
    archive, fresh = tmp_path / "deals.tar", tmp_path / "fresh"
    assert backup(workspace.root, archive) == [1, 2]
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert restore(archive, fresh) == [1, 2]
    copy = Workspace(fresh)
    assert copy.current().number == 2
    assert [each.message for each in copy.releases()] == ["one", "two"]
    for number in (1, 2):
        assert copy.verify(number) == []
        assert copy.release(number).content_sha256 == workspace.release(number).content_sha256
    assert (fresh / "tokens.json").read_text() == '{"tokens": []}'
    assert stat.S_IMODE((fresh / "tokens.json").stat().st_mode) == 0o600
    assert (fresh / "audit.jsonl").read_text() == '{"who": "a"}\n{"who": "b"}\n'
    assert left(fresh) == ["CURRENT", "audit.jsonl", "releases", "tokens.json"]
    assert left(tmp_path) == ["deals.tar", "fresh", "workspace"]
    assert publish(copy, numbered(5))[0].number == 3, "the copy goes on where the other stood"


def test_a_backup_while_releases_come_and_go(workspace: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()
    faults: list[BaseException] = []

    def write() -> None:
        count = 5
        try:
            while not stop.is_set():
                publish(workspace, numbered(count))
                workspace.prune(2)
                count += 1
        except BaseException as error:
            faults.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(8):
            archive, fresh = tmp_path / f"{number}.tar", tmp_path / f"fresh-{number}"
            before = workspace.current().number
            try:
                backup(workspace.root, archive)
            except WorkspaceError:
                # Only if what was current has been pruned before it could be opened.
                assert workspace.current().number > before + 1
                continue
            kept = restore(archive, fresh)
            assert kept[-1] >= before
            assert Workspace(fresh).current().number == kept[-1]
    finally:
        stop.set()
        writer.join(60)
    assert not faults


def test_the_log_in_a_backup_ends_with_its_current_release(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.root / "audit.jsonl").unlink()
    write = backup_module._write

    def late(*arguments: Any) -> list[int]:
        publish(workspace, numbered(5))  # after the backup has read which release is current
        return write(*arguments)

    monkeypatch.setattr(backup_module, "_write", late)
    assert backup(workspace.root, tmp_path / "deals.tar") == [1, 2]
    assert [entry.release for entry in Audit(workspace.root).entries()] == [1, 2, 3]
    restore(tmp_path / "deals.tar", tmp_path / "fresh")
    copy = Workspace(tmp_path / "fresh")
    assert [entry.release for entry in Audit(copy.root).entries()] == [1, 2]
    # The copy goes its own way from there, and its log is that of its own releases.
    release, _ = publish(copy, numbered(6))
    entries = [(entry.release, entry.content_sha256) for entry in Audit(copy.root).entries()]
    assert entries[2:] == [(3, release.content_sha256)]


def test_nothing_is_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    archive = tmp_path / "deals.tar"
    backup(workspace.root, archive)
    content = archive.read_bytes()
    with pytest.raises(Conflict, match="there already"):
        backup(workspace.root, archive)
    assert archive.read_bytes() == content
    with pytest.raises(Conflict, match="isn't empty"):
        restore(archive, workspace.root)
    assert workspace.current().number == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert restore(archive, empty) == [1, 2]


def test_an_empty_workspace_and_a_folder_that_is_not_there_are_told(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(WorkspaceError, match="no release"):
        backup(tmp_path / "none", tmp_path / "x.tar")
    with pytest.raises(WorkspaceError, match="can't be written"):
        backup(workspace.root, tmp_path / "nowhere" / "x.tar")
    with pytest.raises(WorkspaceError, match="No such file"):
        restore(tmp_path / "x.tar", tmp_path / "fresh")
    assert left(tmp_path) == ["workspace"]


def test_an_archive_cut_anywhere_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    archive, cut = tmp_path / "deals.tar", tmp_path / "cut.tar"
    backup(workspace.root, archive)
    content = archive.read_bytes()
    with tarfile.open(archive) as tar:
        starts = [entry.offset for entry in tar]
    for length in {0, 1, 511, 512, *starts, *(start + 700 for start in starts)}:
        cut.write_bytes(content[:length])
        with pytest.raises(BadInput, match="damaged"):
            restore(cut, tmp_path / "fresh")
        assert left(tmp_path) == ["cut.tar", "deals.tar", "workspace"]


def test_a_flipped_bit_in_any_file_is_found(workspace: Workspace, tmp_path: Path) -> None:
    archive, bad = tmp_path / "deals.tar", tmp_path / "bad.tar"
    backup(workspace.root, archive)
    content = archive.read_bytes()
    with tarfile.open(archive) as tar:
        entries = [entry for entry in tar if entry.size]
    assert len(entries) > 8
    for entry in entries:
        changed = bytearray(content)
        changed[entry.offset_data + entry.size // 2] ^= 1
        bad.write_bytes(changed)
        with pytest.raises(BadInput) as caught:
            restore(bad, tmp_path / "fresh")
        assert str(bad) in caught.value.detail
        assert left(tmp_path) == ["bad.tar", "deals.tar", "workspace"]


def _link(kind: bytes, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo("releases/1/store/LINK")
    entry.type, entry.linkname = kind, target
    return entry


@pytest.mark.parametrize(
    "entry",
    [
        tarfile.TarInfo("../evil"),
        tarfile.TarInfo("/tmp/evil"),
        tarfile.TarInfo("releases/1/store/../../../evil"),
        tarfile.TarInfo("releases/1/store/..."),
        tarfile.TarInfo("releases/01/release.json"),
        tarfile.TarInfo("lock"),
        tarfile.TarInfo("CURRENT"),
        tarfile.TarInfo("evil\nname"),
        _link(tarfile.SYMTYPE, "/etc/passwd"),
        _link(tarfile.LNKTYPE, "CURRENT"),
        _link(tarfile.FIFOTYPE, ""),
        _link(tarfile.DIRTYPE, ""),
    ],
    ids=lambda entry: f"{entry.name}-{entry.type.decode()}",
)
def test_what_no_backup_has_is_not_unpacked(
    workspace: Workspace, tmp_path: Path, entry: tarfile.TarInfo
) -> None:
    archive = tmp_path / "deals.tar"
    backup(workspace.root, archive)
    with tarfile.open(archive, "a") as tar:
        tar.addfile(entry, io.BytesIO())
    with pytest.raises(BadInput, match="which no backup"):
        restore(archive, tmp_path / "deep" / "fresh")
    assert left(tmp_path / "deep") == []
    assert left(tmp_path) == ["deals.tar", "deep", "workspace"]


def test_an_archive_made_to_fit_still_has_to_hold_sound_releases(
    workspace: Workspace, tmp_path: Path
) -> None:
    """A manifest that fits says nothing: the digests of the release itself count as well."""
    record = workspace.root / "releases" / "1" / "release.json"
    plain = json.loads(record.read_text())
    record.chmod(0o644)
    record.write_text(json.dumps({**plain, "content_sha256": "0" * 64}))
    archive = tmp_path / "deals.tar"
    backup(workspace.root, archive)
    with pytest.raises(DealgraphError, match="release 1 is broken"):
        restore(archive, tmp_path / "fresh")
    assert not (tmp_path / "fresh").exists()


def test_by_the_command_line(workspace: Workspace, tmp_path: Path) -> None:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "dealgraph", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
            timeout=60,
        )

    archive, fresh = str(tmp_path / "deals.tar"), str(tmp_path / "fresh")
    done = run("backup", "--workspace", str(workspace.root), archive)
    assert (done.returncode, "releases 1, 2" in done.stdout) == (0, True), done.stderr
    assert run("restore", "--workspace", fresh, archive).returncode == 0
    assert run("releases", "verify", "--workspace", fresh).returncode == 0
    again = run("restore", "--workspace", fresh, archive)
    assert again.returncode == 4
    assert "isn't empty" in again.stderr
