"""Probes: up, ready, and which versions; they work where nothing else does."""

import json
import platform
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.version import __version__
from dealgraph.web.app import create_app
from dealgraph.web.health import ending
from dealgraph.web.opened import releases_of
from stores import numbered, publish

PROBES = ("/healthz", "/readyz", "/version")


def test_a_service_that_answers_is_up_and_ready(client: FlaskClient, workspace: Workspace) -> None:
    assert client.get("/healthz").get_json() == {"status": "up"}
    ready = client.get("/readyz").get_json()
    assert ready == {"status": "ready", "loaded": 1, "available": 1, "reload": "done"}
    told = client.get("/version").get_json()
    current = workspace.current()
    assert told["dealgraph"] == __version__
    assert told["python"] == platform.python_version()
    assert told["release"] == {
        "number": 1,
        "content_sha256": current.content_sha256,
        "created": current.created,
    }
    assert {"pyoxigraph", "rdflib", "available_release"} <= told.keys()


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_nobody_keeps_the_answer_of_a_probe(client: FlaskClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/json"


def test_without_a_release_it_is_up_but_not_ready(tmp_path: Path) -> None:
    app = create_app(Workspace(tmp_path), Settings())
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    told = client.get("/version").get_json()
    assert (told["release"], told["available_release"]) == (None, None)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert json.loads(answer.data)["type"].endswith("/workspace")
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("flags", [{"plain": "yes"}, {"private": "yes"}, {}])
def test_probes_follow_a_new_release_and_the_end(tmp_path: Path, flags: dict[str, str]) -> None:
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, numbered(3))
    app = create_app(workspace, Settings.load({}, {"workers": "1", **flags}))
    client = app.test_client()
    try:
        assert client.get("/readyz").get_json()["loaded"] == 1
        publish(workspace, numbered(4))
        told = client.get("/version").get_json()
        assert (told["release"]["number"], told["available_release"]) == (1, 2)
        ready = client.get("/readyz").get_json()
        assert (ready["loaded"], ready["available"], ready["reload"]) == (2, 2, "done")
        ending(app).set()
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "ending" in json.loads(answer.data)["detail"]
        assert client.get("/healthz").status_code == 200
    finally:
        releases_of(app).close()


def test_dead_workers_are_noticed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, numbered(3))
    app = create_app(workspace, Settings.load({}, {"workers": "1", "patience": "0.1"}))
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    releases_of(app).close()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
