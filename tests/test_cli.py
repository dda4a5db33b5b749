"""The command line, as a user types it: real processes, real workspaces."""

import csv
import fcntl
import io
import json
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from conftest import MINI, REPOSITORY
from dealgraph.releases.workspace import Workspace


def run(*arguments: str, cwd: Path | None = None, stdin: str = "") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one call of ``dealgraph``."""
    environment = {name: value for name, value in os.environ.items() if "DEALGRAPH" not in name}
    environment["PYTHONPATH"] = str(REPOSITORY / "service")
    done = subprocess.run(
        [sys.executable, "-m", "dealgraph", *arguments],
        capture_output=True,
        text=True,
        input=stdin,
        cwd=cwd,
        env=environment,
        timeout=120,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def mini_space(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A workspace with the mini records as release 1; read, never changed."""
    folder = str(tmp_path_factory.mktemp("mini"))
    code, out, err = run("build", "--workspace", folder, "--records", str(MINI))
    assert code == 0, err
    assert out.startswith("release 1: 3 articles, 39 claims, 1 deals, ")
    return folder


def test_unchanged_records_publish_nothing(mini_space: str, tmp_path: Path) -> None:
    folder = shutil.copytree(mini_space, tmp_path / "copy")
    code, out, _ = run("build", "--workspace", str(folder), "--records", str(MINI))
    assert (code, out) == (0, "release 1 already says the same; nothing was published\n")


def test_a_broken_record_is_named_and_the_release_stands(
    mini_space: str, tmp_path: Path, mini_folder: Path
) -> None:
    folder = shutil.copytree(mini_space, tmp_path / "copy")
    article = mini_folder / "articles" / "gazette-1.yaml"
    article.write_text(article.read_text().replace("status: in-talks", "status: talking"))
    code, _, err = run("build", "--workspace", str(folder), "--records", str(mini_folder))
    assert code == 4
    assert "articles/gazette-1.yaml:18: claims[0].status: 'talking' is not known here" in err
    code, out, _ = run("query", "--workspace", str(folder), "ASK { ?d a dg:Deal }")
    assert (code, json.loads(out)["boolean"]) == (0, True)


def test_a_query_as_table_csv_and_turtle(mini_space: str) -> None:
    text = "SELECT ?firm WHERE { ?c dg:hasSupplier ?firm } ORDER BY ?firm"
    code, out, _ = run("query", "--workspace", mini_space, text)
    assert code == 0
    assert "org:acme-cloud" in out
    code, out, _ = run("query", "--workspace", mini_space, "--format", "csv", "-f", "-", stdin=text)
    assert code == 0
    assert out.splitlines() == ["firm", "https://w3id.org/dealgraph/id/org/acme-cloud"]
    code, out, _ = run("query", "--workspace", mini_space, "DESCRIBE org:acme")
    assert code == 0
    assert 'skos:prefLabel "Acme"@en' in out


@pytest.mark.parametrize(
    ("arguments", "code", "culprit"),
    [
        (["query", "SELECT * {"], 2, "At line 1"),
        (["query", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"], 2, "SERVICE"),
        (["query", "INSERT DATA { <a:a> <a:a> <a:a> }"], 2, "INSERT"),
        (["query"], 2, "Give one query"),
        (["query", "ASK {}", "--format", "ttl"], 2, "ttl"),
        (["query", "ASK {}", "--release", "7"], 3, "There is no release 7"),
        (["ask", "supliers", "-p", "firm=bolt"], 3, "suppliers"),
        (["ask", "suppliers", "-p", "firm=Blot"], 2, "Did you mean Bolt?"),
        (["ask", "suppliers", "-p", "frim=bolt"], 2, "firm"),
        (["ask", "suppliers", "-p", "firm"], 2, "NAME=VALUE"),
        (["export", "deal/nope"], 3, "nope"),
        (["export", "nonsense"], 2, "names nothing"),
        (["releases", "show", "9"], 3, "There is no release 9"),
        (["releases", "prune"], 2, "--keep"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_an_error_is_a_line_with_the_culprit_and_an_exit_code(
    arguments: list[str], code: int, culprit: str, mini_space: str
) -> None:
    place = 2 if arguments[0] == "releases" else 1
    given = [*arguments[:place], "--workspace", mini_space, *arguments[place:]]
    found, out, err = run(*given)
    assert found == code, err
    assert out == ""
    assert culprit in err


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    code, _, err = run("query", "--workspace", str(tmp_path / "none"), "ASK {}")
    assert code == 5
    assert "dealgraph build --workspace" in err


def test_a_question_in_portuguese_by_alias(mini_space: str) -> None:
    arguments = ["ask", "suppliers", "--workspace", mini_space, "-p", "firm=bolt", "--lang", "pt"]
    code, out, _ = run(*arguments)
    assert code == 0
    assert "Nuvem Acme" in out
    code, out, _ = run(*arguments, "--format", "csv")
    [row] = csv.DictReader(io.StringIO(out))
    assert (row["supplierLabel"], row["amount"]) == ("Nuvem Acme", "38000000000")
    code, out, _ = run(*arguments, "--format", "json")
    assert json.loads(out)["rows"][0]["amount"]["value"] == 38_000_000_000
    code, out, _ = run(*arguments, "--format", "sparql")
    assert "<https://w3id.org/dealgraph/id/org/bolt>" in out
    assert run("query", "--workspace", mini_space, "--format", "csv", "-f", "-", stdin=out)[0] == 0


def _on_terminal(columns: int, arguments: list[str]) -> str:
    """What a terminal of that width shows of a command."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "service"), "TERM": "dumb"}
    # rich takes this for the width before it asks the terminal.
    environment["COLUMNS"] = str(columns)
    shown = b""
    with subprocess.Popen(
        [sys.executable, "-m", "dealgraph", *arguments], stdout=its, env=environment
    ):
        os.close(its)
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side has gone
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return shown.decode()


def test_a_narrow_terminal_gets_blocks_and_no_empty_columns(mini_space: str) -> None:
    shown = _on_terminal(80, ["ask", "suppliers", "-p", "firm=bolt", "--workspace", mini_space])
    lines = [line.split() for line in shown.splitlines()]
    assert ["Supplier", "Acme", "Cloud"] in lines
    assert ["Amount", "38,000,000,000"] in lines
    assert "Quantities" not in shown, "no row has one"


def test_a_workspace_that_cannot_be_is_named() -> None:
    code, _, err = run("build", "--workspace", "/proc/nowhere", "--records", str(MINI))
    assert code == 5
    assert "/proc/nowhere can't be used as a workspace" in err


def test_questions_are_listed_in_both_languages() -> None:
    assert "Who supplies a firm" in run("questions")[1]
    assert "Quem fornece a uma empresa" in run("questions", "--lang", "pt")[1]


def test_an_export_is_whole_and_the_same_each_time(mini_space: str, tmp_path: Path) -> None:
    one, other = tmp_path / "one.ttl", tmp_path / "other.ttl"
    for path in (one, other):
        assert run("export", "--workspace", mini_space, "-o", str(path))[0] == 0
    assert one.read_bytes() == other.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.ttl", "other.ttl"]
    code, out, _ = run("export", "deal/acme-bolt", "--workspace", mini_space, "--format", "nq")
    assert code == 0
    assert "acme-bolt-equity" in out


def test_releases_are_listed_shown_verified_and_pruned(mini_space: str, tmp_path: Path) -> None:
    folder = str(shutil.copytree(mini_space, tmp_path / "copy"))
    other = tmp_path / "other"
    shutil.copytree(MINI, other)
    article = other / "articles" / "herald-2.yaml"
    article.write_text(article.read_text().replace("confidence: medium", "confidence: low"))
    code, out, _ = run("build", "--workspace", folder, "--records", str(other), "--message", "two")
    assert (code, out.split(":")[0]) == (0, "release 2")
    listed = json.loads(run("releases", "list", "--workspace", folder, "--format", "json")[1])
    assert [(each["number"], each["message"]) for each in listed] == [(2, "two"), (1, "")]
    assert "2 (current)" in run("releases", "list", "--workspace", folder)[1]
    assert json.loads(run("releases", "show", "1", "--workspace", folder)[1])["number"] == 1
    verified = run("releases", "verify", "--workspace", folder)
    assert verified[:2] == (0, "release 1: sound\nrelease 2: sound\n")
    asked = run("query", "--workspace", folder, "--release", "1", "ASK { ?d a dg:Deal }")
    assert json.loads(asked[1])["boolean"] is True
    code, out, _ = run("releases", "prune", "--workspace", folder, "--keep", "1")
    assert (code, out) == (0, "deleted: 1\n")
    assert [each.number for each in Workspace(Path(folder)).releases()] == [2]


def test_a_damaged_release_is_found(mini_space: str, tmp_path: Path) -> None:
    folder = shutil.copytree(mini_space, tmp_path / "copy")
    damaged = max(
        (folder / "releases" / "1" / "store").glob("*.sst"), key=lambda p: p.stat().st_size
    )
    damaged.chmod(0o644)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    code, out, err = run("releases", "verify", "--workspace", str(folder))
    assert code == 5
    assert damaged.name in out
    assert "Broken: release 1" in err


def test_check_finds_the_shipped_records_sound() -> None:
    code, out, err = run("check", "--no-reasoner")
    assert code == 0, err
    assert "records: 282 articles" in out


def test_a_pipe_that_closes_early_is_no_error(mini_space: str) -> None:
    done = subprocess.run(
        f"{sys.executable} -m dealgraph export --workspace {mini_space} | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
        timeout=60,
    )
    assert done.stdout.startswith("@prefix")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
