"""What changed from one release to another: belief, verdicts, and a patch that really applies."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask

from conftest import MINI, REPOSITORY
from dealgraph.errors import Conflict
from dealgraph.exports.differences import differences
from dealgraph.exports.terms import Iri
from dealgraph.releases.build import build
from dealgraph.releases.release import Origin
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.vocab import DG, concept, identity
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of
from stores import numbered, publish
from test_cli import run

EQUITY = Iri(str(identity("component", "acme-bolt-equity")))


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Release 1 without the article that reports the signing, release 2 with it, 3 without it."""
    folder = tmp_path_factory.mktemp("grown")
    records = Path(shutil.copytree(MINI, folder / "records"))
    signing = records / "articles" / "herald-2.yaml"
    decisions = records / "assessments"
    workspace = Workspace(folder / "workspace")
    for step in ("without", "with", "without"):
        for there in (signing, decisions):
            aside = folder / there.name
            if step == "without":
                there.rename(aside)
            else:
                aside.rename(there)
        decisions.mkdir(exist_ok=True)
        build(workspace, records, REPOSITORY / "ontology")
        if step == "without":
            decisions.rmdir()
    return workspace


def test_belief_that_went_and_came_is_told(grown: Workspace) -> None:
    found = differences(grown.release(1), grown.release(2))
    status = Iri(str(DG.hasStatus))
    assert (EQUITY, status, Iri(str(concept("status", "in-talks")))) in found.no_longer_believed
    assert (EQUITY, status, Iri(str(concept("status", "signed")))) in found.newly_believed
    (amount,) = [
        o for s, p, o in found.newly_believed if (s, p) == (EQUITY, Iri(str(DG.hasAmount)))
    ]
    assert isinstance(amount, Iri) and "50000000000" in found.fields(amount)
    fallen = {claim.value: (before, after) for claim, before, after in found.verdicts}
    talks = str(identity("claim", "gazette-1/talks/status"))
    verdicts = [Iri(str(concept("verdict", name))) for name in ("accepted", "superseded")]
    assert fallen[talks] == tuple(verdicts)
    # And back again.
    back = differences(grown.release(2), grown.release(3))
    assert back.added == found.removed and back.removed == found.added
    same = differences(grown.release(1), grown.release(3))
    assert (same.added, same.removed, dict(same.graphs)) == ((), (), {})


def test_a_patch_makes_the_newer_release_of_the_older_one(grown: Workspace) -> None:
    for older, newer in ((1, 2), (2, 1), (1, 3)):
        first, second = (
            set(ox.Store.read_only(str(grown.release(number).store))) for number in (older, newer)
        )
        lines = b"".join(differences(grown.release(older), grown.release(newer)).patch())
        assert lines.startswith(b"TX .\n") and lines.endswith(b"TC .\n")
        for line in lines.splitlines()[1:-1]:
            (quad,) = ox.parse(line[2:], format=ox.RdfFormat.N_QUADS)
            if line.startswith(b"D "):
                first.remove(quad)
            else:
                assert line.startswith(b"A ") and quad not in first
                first.add(quad)
        assert first == second


def test_the_command_tells_it_to_people_and_machines(grown: Workspace) -> None:
    code, table, _ = run("releases", "diff", "1", "2", "--workspace", str(grown.root))
    assert code == 0
    assert "component:acme-bolt-equity" in table and "status:signed" in table
    code, out, _ = run(
        "releases", "diff", "1", "2", "--workspace", str(grown.root), "--format=json"
    )
    told = json.loads(out)
    assert (told["from"], told["to"]) == (1, 2)
    assert {"graph", "removed", "added"} == set(told["graphs"][0])
    code, out, _ = run("releases", "diff", "1", "--workspace", str(grown.root))
    assert (code, out) == (0, "Releases 1 and 3 say the same.\n")
    code, _, error = run("releases", "diff", "9", "--workspace", str(grown.root))
    assert code == 3 and "release 9" in error


def test_a_plain_release_is_refused(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    for count in (1, 2):
        publish(workspace, numbered(count), plain=True)
    assert workspace.current().by == Origin(plain=True)
    with pytest.raises(Conflict, match="plain"):
        differences(workspace.release(1), workspace.release(2))


@pytest.fixture(scope="module")
def site(grown: Workspace) -> Iterator[Flask]:
    app = create_app(grown, Settings(workers=1))
    yield app
    releases_of(app).close()


def test_the_page_shows_names_and_the_way_back(site: Flask) -> None:
    client = site.test_client()
    page = client.get("/releases/2/changes?lang=pt", headers={"Accept": "text/html"}).text
    assert "Da versão 1 à versão 2" in page
    assert "50000000000" in page and "assinado" in page and "já não se acredita" in page
    assert "/releases/2/changes" in client.get("/releases", headers={"Accept": "text/html"}).text
    same = client.get("/releases/3/changes?since=1&lang=en", headers={"Accept": "text/html"}).text
    assert "Both say the same." in same


def test_programs_get_json_or_a_patch(site: Flask, grown: Workspace) -> None:
    client = site.test_client()
    answer = client.get("/releases/2/changes?since=1")
    assert answer.json == differences(grown.release(1), grown.release(2)).plain()
    assert answer.headers["X-Dealgraph-Release"] == "2"
    again = client.get(
        "/releases/2/changes?since=1", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    patch = client.get("/releases/2/changes?since=1&format=patch")
    assert patch.mimetype == "application/rdf-patch"
    assert patch.data == b"".join(differences(grown.release(1), grown.release(2)).patch())


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/releases/1/changes", 404),
        ("/releases/7/changes", 404),
        ("/releases/2/changes?since=8", 404),
        ("/releases/2/changes?since=one", 400),
        ("/releases/2/changes?format=xml", 400),
    ],
)
def test_what_cant_be_compared_is_told(site: Flask, address: str, status: int) -> None:
    answer = site.test_client().get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None and answer.json["cure"]
