"""Clients of the JavaScript world against a real server: tests/clients has their scripts."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from queries import CONSTRUCT, SELECT

CLIENTS = Path(__file__).parent / "clients"

_JOIN = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?deal ?name WHERE {
  ?part dg:hasInvestee org:anthropic ; dg:isPartOfDeal ?deal ; dg:hasInvestor ?firm .
  ?firm skos:prefLabel ?name . FILTER(LANG(?name) = "en")
} ORDER BY ?deal ?name
"""


def run_script(name: str, *arguments: str) -> Mapping[str, Any]:
    """What a script of tests/clients prints, which is one JSON document.

    Skips where there is no Node.js; fails where it is there and the packages are not.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node on this machine; .ci/run installs it")
    assert (CLIENTS / "node_modules").is_dir(), "the packages are missing: run make clients"
    done = subprocess.run(
        [node, name, *arguments], cwd=CLIENTS, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers: Mapping[str, Any] = json.loads(done.stdout)
    return answers


def asked(served: str, query: str) -> list[dict[str, str]]:
    """The rows that the endpoint gives to nobody in particular."""
    address = f"{served}/sparql?{urlencode({'query': query, 'format': 'json'})}"
    with urlopen(address, timeout=60) as response:
        rows = json.load(response)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def classes(served: str) -> set[str]:
    """What CONSTRUCT has to find."""
    return {row["class"] for row in asked(served, CONSTRUCT.replace(
        "CONSTRUCT { org:openai a ?class }", "SELECT ?class"
    ))}  # fmt: skip


def test_comunica(served: str) -> None:
    answers = run_script("comunica.mjs", served)
    assert set(answers) == {"told", "found"}
    for name, answer in answers.items():
        assert answer["select"] == asked(served, SELECT), name
        assert set(answer["construct"]) == classes(served), name
        assert answer["ask"] is True, name
        assert answer["join"] == asked(served, _JOIN), name
        assert {"Amazon", "Google"} <= {row["name"] for row in answer["join"]}


def test_sparql_http_client(served: str) -> None:
    answers = dict(run_script("sparql-http-client.mjs", served))
    assert "query-syntax" in answers.pop("error")
    assert set(answers) == {"get", "postUrlencoded", "postDirect"}
    for operation, answer in answers.items():
        assert answer["select"] == asked(served, SELECT), operation
        assert set(answer["construct"]) == classes(served), operation
        assert answer["ask"] is True, operation


def test_the_packages_are_pinned_and_tied_to_no_registry() -> None:
    wanted = json.loads((CLIENTS / "package.json").read_text(encoding="utf-8"))
    text = (CLIENTS / "package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(text)["packages"]
    for name, version in wanted["dependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version, name
    # Where a package comes from is for the one who installs it to say; what it is, the digest says.
    assert '"resolved"' not in text
    assert all("integrity" in entry for place, entry in locked.items() if place)
