"""A file of settings: its place in the order, and errors that name file, key and cure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPOSITORY
from dealgraph.errors import BadInput
from dealgraph.settings import Settings, chosen, described


def written(folder: Path, text: str) -> Path:
    """A settings file with that text."""
    path = folder / "dealgraph.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    path = written(tmp_path, 'port = 1\nthreads = 2\nworkers = 3\nhost = "::1"\nplain = true\n')
    env = {"DEALGRAPH_PORT": "10", "DEALGRAPH_THREADS": "20"}
    settings = Settings.load(env, {"port": "100", "plain": None}, path)
    assert (settings.port, settings.threads, settings.workers) == (100, 20, 3)
    assert (settings.host, settings.plain, settings.queue) == ("::1", True, Settings().queue)
    assert Settings.load(env, {"plain": False}, path).plain is False


def test_the_variable_names_the_file_and_the_flag_wins_over_it(tmp_path: Path) -> None:
    path = written(tmp_path, "timeout = 2\n")
    env = {"DEALGRAPH_CONFIG": str(path)}
    assert Settings.load(env).timeout == 2.0
    other = tmp_path / "other.toml"
    other.write_text("timeout = 7.5", encoding="utf-8")
    assert Settings.load(env, None, other).timeout == 7.5
    assert Settings.load({"DEALGRAPH_CONFIG": ""}) == Settings()


def test_each_setting_says_what_set_it(tmp_path: Path) -> None:
    path = written(tmp_path, 'log = "json"\n')
    found = chosen({"DEALGRAPH_PORT": "1"}, {"page_rows": "9"}, path)
    assert list(found) == [entry.name for entry in described()]
    told = [found[name].source for name in ("log", "port", "page_rows", "host")]
    assert told == [str(path), "DEALGRAPH_PORT", "--page-rows", "default"]


@pytest.mark.parametrize(
    ("text", "culprit", "cure"),
    [
        ("prot = 1", "prot is no setting", "Did you mean port?"),
        ("config = 'x'", "config is no setting", "There are: "),
        ('port = "8020"', "port is '8020', which is not a whole number", "without quotes"),
        ("port = 80.5", "port is 80.5", "a whole number"),
        ("port = true", "port is True", "a whole number"),
        ("port = 70000", "port is '70000'", "from 0 to 65535"),
        ("timeout = nan", "timeout is 'nan'", "a number from 0.1 to 86400"),
        ('plain = "yes"', "plain is 'yes'", "true or false"),
        ("plain = 1", "plain is 1", "true or false"),
        ("workspace = 5", "workspace is 5, which is not a folder", "in quotes"),
        ('log = "loud"', "log is 'loud'", "one of text, json, off"),
        ('host = ["a", "b"]', "host is ['a', 'b']", "a text"),
        ("[port]\nvalue = 1", "port is a table", "stand at the top"),
        ("[server]\nport = 1", "server is no setting", "There are: "),
        ("port = 1\nhost = \n", "is no TOML: Invalid value (at line 2, column 8)", "one setting"),
        ("port = 1\nport = 2\n", "at line 2", "one setting"),
    ],
)
def test_a_bad_file_names_file_key_and_cure(
    tmp_path: Path, text: str, culprit: str, cure: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadInput) as caught:
        Settings.load({}, None, path)
    assert str(path) in caught.value.detail
    assert culprit in caught.value.detail
    assert cure in caught.value.cure


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none.toml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(BadInput, match=told) as caught:
            Settings.load({"DEALGRAPH_CONFIG": str(path)})
        assert str(path) in caught.value.detail
    latin = tmp_path / "latin.toml"
    latin.write_bytes('port = 1\nhost = "é"'.encode("latin-1"))
    with pytest.raises(BadInput, match="line 2, is no UTF-8"):
        Settings.load({}, None, latin)


def _serve(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if "DEALGRAPH" not in name}
    return subprocess.run(
        [sys.executable, "-m", "dealgraph", "serve", *arguments],
        capture_output=True,
        text=True,
        env={**kept, "PYTHONPATH": str(REPOSITORY / "service"), "COLUMNS": "200", **env},
        timeout=60,
    )


def test_check_shows_what_would_be_served_and_ends(tmp_path: Path) -> None:
    path = written(tmp_path, "private = true\nwrites = true\n")
    done = _serve("--config", str(path), "--no-writes", "--check", DEALGRAPH_PORT="81")
    assert done.returncode == 0, done.stderr
    shown = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line}
    assert shown["private"] == ["True", str(path)]
    assert shown["writes"] == ["False", "--no-writes"]
    assert shown["port"] == ["81", "DEALGRAPH_PORT"]
    assert shown["host"] == ["127.0.0.1", "default"]


def test_a_bad_file_stops_the_start(tmp_path: Path) -> None:
    path = written(tmp_path, "wrokers = 4\n")
    done = _serve("--config", str(path), "--workspace", str(tmp_path / "none"))
    assert done.returncode == 2
    assert f"{path}: wrokers is no setting. Did you mean workers?" in done.stderr
