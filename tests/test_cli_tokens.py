"""``dealgraph tokens``, as an operator types it."""

import json
from pathlib import Path

import pytest

from dealgraph.releases.tokens import Tokens
from test_cli import run
from test_tokens import days_from_now, expire


def test_make_list_use_and_revoke(tmp_path: Path) -> None:
    space = ("--workspace", str(tmp_path))
    day = days_from_now(30)
    code, secret, err = run(
        "tokens", "create", *space, "loader", "--scope", "write", "--scope", "read",
        "--expires", day,
    )  # fmt: skip
    assert code == 0
    assert secret.endswith("\n")
    token = Tokens(tmp_path).find(secret.strip())
    assert token is not None
    assert token.id in err
    assert f"read, write, until {day}" in err
    assert secret.strip() not in err

    code, out, _ = run("tokens", "list", *space)
    assert code == 0
    assert [line.split() for line in out.splitlines() if "loader" in line] == [
        ["loader", token.id, "read,", "write", token.created, day]
    ]
    code, listed, _ = run("tokens", "list", *space, "--format", "json")
    assert json.loads(listed) == [
        {"id": token.id, "name": "loader", "scopes": ["read", "write"],
         "created": token.created, "expires": day, "live": True}
    ]  # fmt: skip
    assert secret.strip().rpartition("_")[2] not in out + listed

    expire(tmp_path)
    assert "(over)" in run("tokens", "list", *space)[1]
    assert run("tokens", "revoke", *space, "loader") == (0, f"revoked: {token.id} (loader)\n", "")
    assert json.loads(run("tokens", "list", *space, "--format", "json")[1]) == []


def test_an_empty_workspace_has_no_tokens(tmp_path: Path) -> None:
    code, out, _ = run("tokens", "list", "--workspace", str(tmp_path / "none"), "--format", "json")
    assert (code, json.loads(out)) == (0, [])
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "culprit"),
    [
        (["create", "x"], 2, "--scope"),
        (["create", "x", "--scope", "all"], 2, "'all' is no scope"),
        (["create", "x y", "--scope", "read"], 2, "x y"),
        (["create", "x", "--scope", "read", "--expires", "2020-01-01"], 2, "2020-01-01"),
        (["create", "taken", "--scope", "read"], 4, "taken"),
        (["revoke", "nobody"], 3, "There are: taken"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, arguments: list[str], code: int, culprit: str) -> None:
    Tokens(tmp_path).create("taken", ["read"])
    done = run("tokens", arguments[0], "--workspace", str(tmp_path), *arguments[1:])
    assert done[0] == code
    assert culprit in done[2]
    assert [token.name for token in Tokens(tmp_path).all()] == ["taken"]
