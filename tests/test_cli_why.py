"""``dealgraph why`` as a user types it."""

import json

import pytest

from dealgraph.releases.workspace import Workspace
from test_cli import run


@pytest.fixture(scope="module")
def space(workspace: Workspace) -> str:
    return str(workspace.root)


def test_a_triple_a_claim_and_a_thing(space: str) -> None:
    code, out, err = run("why", "AWS", "groupRoot", "Amazon", "--workspace", space)
    assert (code, err) == (0, "")
    assert out.startswith("Amazon Web Services · group root · Amazon\n  - follows by the rule")
    assert "stated in the curated register" in out
    claim = "f4351270cf73a1fc/seed-advanced-talks/amount/investment-exact-10000000000-USD"
    code, out, _ = run("why", f"claim:{claim}", "--lang", "pt", "--workspace", space)
    assert code == 0
    assert "porque: atualizada." in out
    code, out, _ = run("why", "amazon-openai-equity", "hasStatus", "--workspace", space)
    assert code == 0
    assert out.splitlines()[-1].split() == ["has", "status", "signed", "believed"]
    code, out, _ = run(
        "why", "AWS", "groupRoot", "Amazon", "--format", "json", "--workspace", space
    )
    assert json.loads(out)["because"]["grounds"][0]["rule"] == "group-root"


def test_mistakes_take_one_line(space: str) -> None:
    for parts, code, told in (
        (("OpenIA", "paysTo", "Microsoft"), 2, "Did you mean OpenAI?"),
        (("OpenAI", "paysTo", "OpenAI"), 3, "does not say so"),
        (("claim:none/none/status",), 3, "no claim"),
        (("a", "b", "c", "d"), 2, "quotes"),
    ):
        found, out, err = run("why", *parts, "--workspace", space)
        assert (found, out, err.count("\n")) == (code, "", 1)
        assert told in err
