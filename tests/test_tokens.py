"""Tokens as an operator keeps them: made once, told once, gone for good."""

import json
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import MINI, REPOSITORY
from dealgraph.errors import BadInput, Conflict, NotFound, WorkspaceError
from dealgraph.releases.build import build
from dealgraph.releases.tokens import SCOPES, Tokens
from dealgraph.releases.workspace import Workspace
from dealgraph.releases.write_token import ensure_write_token


def days_from_now(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def expire(folder: Path) -> None:
    """Sets the last day of every token to one that is over, past the command."""
    file = folder / "tokens.json"
    plain = json.loads(file.read_text())
    for entry in plain["tokens"]:
        entry["expires"] = days_from_now(-1)
    file.write_text(json.dumps(plain))


def test_a_token_is_found_by_its_secret_only(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token, secret = tokens.create("loader", ["read", "write"])
    assert secret.startswith(f"dg_{token.id}_")
    assert len(bytes.fromhex(secret.rpartition("_")[2])) * 8 == 256
    assert tokens.find(secret) == token
    assert token.scopes == {"read", "write"}
    for wrong in ("", secret[:-1], secret + " ", secret.upper(), token.id, "loader", "é", "\ud800"):
        assert tokens.find(wrong) is None, wrong


def test_the_file_holds_no_secret_and_is_for_its_owner_only(tmp_path: Path) -> None:
    _, secret = Tokens(tmp_path).create("loader", ["read"])
    file = tmp_path / "tokens.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret.rpartition("_")[2] not in file.read_text()
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".new")] == []


def test_secrets_differ(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    made = [tokens.create(f"t{number}", ["read"]) for number in range(20)]
    assert len({secret for _, secret in made}) == len({token.id for token, _ in made}) == 20
    assert tokens.all() == [token for token, _ in made]


@pytest.mark.parametrize("which", ["id", "name"])
def test_a_revoked_token_is_gone(tmp_path: Path, which: str) -> None:
    tokens = Tokens(tmp_path)
    token, secret = tokens.create("loader", ["read"])
    other, kept = tokens.create("other", ["read"])
    assert tokens.revoke(getattr(token, which)) == token
    assert tokens.find(secret) is None
    assert tokens.find(kept) == other
    with pytest.raises(NotFound, match=r"loader|[0-9a-f]{8}") as caught:
        tokens.revoke(getattr(token, which))
    assert "other" in caught.value.cure
    again, fresh = tokens.create("loader", ["read"])
    assert again.id != token.id
    assert tokens.find(fresh) == again


def test_an_expired_token_is_listed_and_opens_nothing(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token, secret = tokens.create("loader", ["read"], days_from_now(0))
    assert tokens.find(secret) == token, "its last day is not over"
    expire(tmp_path)
    assert tokens.find(secret) is None
    assert [each.live for each in tokens.all()] == [False]
    again, fresh = tokens.create("loader", ["read"], days_from_now(400))
    assert tokens.all() == [again], "the expired one gives way"
    assert (tokens.find(secret), tokens.find(fresh)) == (None, again)


def test_names_are_unique_and_no_id_is_a_name(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token, secret = tokens.create("loader", ["read"])
    for name in ("loader", token.id):
        with pytest.raises(Conflict, match=name):
            tokens.create(name, ["write"])
    assert tokens.all() == [token]
    assert tokens.find(secret) == token


@pytest.mark.parametrize("name", ["", " ", "a b", "a\nb", "a/b", "é", "-a", "a" * 65, "\x00"])
def test_names_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        Tokens(tmp_path).create(name, ["read"])
    assert not (tmp_path / "tokens.json").exists()


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "Write"], [""]])
def test_scopes_that_there_are_not(tmp_path: Path, scopes: list[str]) -> None:
    with pytest.raises(BadInput, match="scope") as caught:
        Tokens(tmp_path).create("loader", scopes)
    assert all(scope in caught.value.cure for scope in SCOPES)


@pytest.mark.parametrize(
    "expires", ["", "tomorrow", "2027-13-01", "2027-02-30", "20270131", "2027-W05-1", "2020-01-01"]
)
def test_days_that_cannot_be_used(tmp_path: Path, expires: str) -> None:
    with pytest.raises(BadInput, match="until then"):
        Tokens(tmp_path).create("loader", ["read"], expires)


def test_a_secret_of_the_operators_own(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    first = tokens.adopt("deploy", SCOPES, "correct-horse-battery-staple")
    assert tokens.find("correct-horse-battery-staple") == first
    assert tokens.adopt("deploy", SCOPES, "correct-horse-battery-staple") == first
    second = tokens.adopt("deploy", ["read"], "another-horse-battery-staple")
    assert tokens.find("correct-horse-battery-staple") is None
    assert tokens.find("another-horse-battery-staple") == second
    assert tokens.all() == [second]
    with pytest.raises(Conflict, match="deploy"):
        tokens.adopt("other", ["write"], "another-horse-battery-staple")


@pytest.mark.parametrize("secret", ["", "x" * 19, "x" * 513, "with a blank in between", "é" * 30])
def test_secrets_that_are_too_weak_or_no_header(tmp_path: Path, secret: str) -> None:
    with pytest.raises(BadInput, match="20") as caught:
        Tokens(tmp_path).adopt("deploy", ["read"], secret)
    assert not secret or secret not in str(caught.value)


def test_another_process_is_noticed(tmp_path: Path) -> None:
    here, there = Tokens(tmp_path), Tokens(tmp_path)
    assert here.all() == []
    token, secret = there.create("loader", ["read"])
    assert here.find(secret) == token
    there.revoke("loader")
    assert here.find(secret) is None


def test_many_processes_and_threads_lose_no_token(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from dealgraph.releases.tokens import Tokens\n"
        "for number in range(15): Tokens(Path(sys.argv[1])).create(sys.argv[2] + str(number), "
        "['read'])"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), name],
            env={"PYTHONPATH": str(REPOSITORY / "service")},
        )
        for name in ("a", "b")
    ]
    tokens = Tokens(tmp_path)

    def create(name: str) -> None:
        for number in range(15):
            tokens.create(f"{name}{number}", ["read"])

    threads = [threading.Thread(target=create, args=(name,)) for name in ("c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    names = {f"{name}{number}" for name in "abcd" for number in range(15)}
    assert {token.name for token in tokens.all()} == names


@pytest.mark.parametrize("content", ["", "[]", "{", '{"tokens": [{}]}', '{"tokens": 1}', "\ud800"])
def test_a_broken_file_lets_nobody_in_and_is_named(tmp_path: Path, content: str) -> None:
    tokens = Tokens(tmp_path)
    _, secret = tokens.create("loader", ["read"])
    (tmp_path / "tokens.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    for attempt in (lambda: tokens.find(secret), tokens.all, lambda: tokens.create("b", ["read"])):
        with pytest.raises(WorkspaceError, match=r"tokens\.json"):
            attempt()
    assert (tmp_path / "tokens.json").read_bytes() == content.encode("utf-8", "surrogatepass")


def test_a_writer_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "tokens.json.new").write_text('{"tokens": [')
    token, secret = Tokens(tmp_path).create("loader", ["read"])
    assert Tokens(tmp_path).find(secret) == token
    assert not (tmp_path / "tokens.json.new").exists()


def test_tokens_may_come_before_the_first_release(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token, secret = tokens.create("loader", ["read"])
    release, published = build(Workspace(tmp_path), MINI, REPOSITORY / "ontology")
    assert (release.number, published) == (1, True)
    assert tokens.find(secret) == token


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(WorkspaceError, match=r"letter\.txt"):
        Tokens(tmp_path).create("loader", ["read"])
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_reading_needs_no_folder(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "none")
    assert tokens.all() == []
    assert tokens.find("x" * 40) is None
    assert not (tmp_path / "none").exists()


@given(st.text())
def test_no_text_opens_anything(text: str) -> None:
    assert Tokens(REPOSITORY).find(text) is None


class TestWriteTokenFile:
    def test_one_is_made(self, tmp_path: Path) -> None:
        tokens, file = Tokens(tmp_path / "space"), tmp_path / "token"
        token = ensure_write_token(tokens, file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert tokens.find(file.read_text().strip()) == token
        assert token.scopes == set(SCOPES)
        assert token.name == "write-token-file"
        assert ensure_write_token(tokens, file) == token, "the next start finds it"

    def test_the_text_of_a_file_is_adopted(self, tmp_path: Path) -> None:
        tokens, file = Tokens(tmp_path / "space"), tmp_path / "token"
        file.write_text("  a-secret-of-the-operator\n")
        file.chmod(0o400)
        token = ensure_write_token(tokens, file)
        assert tokens.find("a-secret-of-the-operator") == token
        assert file.read_text() == "  a-secret-of-the-operator\n"

    def test_an_empty_file_is_filled(self, tmp_path: Path) -> None:
        tokens, file = Tokens(tmp_path / "space"), tmp_path / "token"
        file.write_text(" \n")
        file.chmod(0o644)
        token = ensure_write_token(tokens, file)
        assert tokens.find(file.read_text().strip()) == token
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_a_new_secret_ends_the_old_one(self, tmp_path: Path) -> None:
        tokens, file = Tokens(tmp_path / "space"), tmp_path / "token"
        ensure_write_token(tokens, file)
        old = file.read_text().strip()
        file.unlink()
        token = ensure_write_token(tokens, file)
        assert tokens.find(old) is None
        assert tokens.all() == [token]

    @pytest.mark.parametrize("text", ["short", "one line of 20 or so\nand another", "\xff"])
    def test_what_is_no_secret_is_refused(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "token"
        file.write_bytes(text.encode("latin-1"))
        with pytest.raises(BadInput, match="token") as caught:
            ensure_write_token(Tokens(tmp_path / "space"), file)
        assert text not in str(caught.value)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="nowhere"):
            ensure_write_token(Tokens(tmp_path / "space"), tmp_path / "nowhere" / "token")

    def test_two_services_that_start_at_once_agree(self, tmp_path: Path) -> None:
        tokens, file = Tokens(tmp_path / "space"), tmp_path / "token"
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(ensure_write_token(tokens, file)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 1
        assert tokens.find(file.read_text().strip()) == found[0]
