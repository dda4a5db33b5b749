"""Fixtures, and the policy for them.

Take the smallest data that shows the point: ``mini`` (five components of invented firms, in
tests/fixtures/mini) for rules and formats; ``workspace``, the shipped records built once a
session, where the real data is the point, or ``seed_workspace``, one real article alone. A case
of its own is written inside its test. Nothing is written outside ``tmp_path``; nothing shared is
changed.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dealgraph.articles.model import Records
from dealgraph.articles.reader import read_records
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Release, Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of

REPOSITORY = Path(__file__).resolve().parent.parent
MINI = Path(__file__).parent / "fixtures" / "mini"
# The key of the article that the ontology was drawn up on.
SEED = "f4351270cf73a1fc"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first: two processes share the files, and nobody should wait for it."""
    items.sort(key=lambda item: item.path.name != "test_w3c.py")


@pytest.fixture(scope="session")
def mini() -> Records:
    """The records of tests/fixtures/mini."""
    return read_records(MINI)


@pytest.fixture
def mini_folder(tmp_path: Path) -> Path:
    """A copy of tests/fixtures/mini that a test may break."""
    return Path(shutil.copytree(MINI, tmp_path / "records"))


@pytest.fixture(scope="session")
def mini_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release that tests/fixtures/mini makes; it is read, never changed."""
    workspace = Workspace(tmp_path_factory.mktemp("mini") / "workspace")
    return build(workspace, MINI, REPOSITORY / "ontology")[0]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with one release, made of the shipped records; it is read, never changed."""
    workspace = Workspace(tmp_path_factory.mktemp("shipped") / "workspace")
    build(workspace, REPOSITORY / "data", REPOSITORY / "ontology")
    return workspace


@pytest.fixture(scope="session")
def seed_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of records: the register and the seed article, which nobody has assessed."""
    folder = tmp_path_factory.mktemp("seed") / "records"
    shutil.copytree(REPOSITORY / "data" / "register", folder / "register")
    (folder / "assessments").mkdir()
    (folder / "articles").mkdir()
    shutil.copy(REPOSITORY / "data" / "articles" / f"{SEED}.yaml", folder / "articles")
    return folder


@pytest.fixture(scope="session")
def seed_workspace(tmp_path_factory: pytest.TempPathFactory, seed_records: Path) -> Workspace:
    """A workspace with one release, made of the seed article alone; it is read, never changed."""
    workspace = Workspace(tmp_path_factory.mktemp("alone") / "workspace")
    build(workspace, seed_records, REPOSITORY / "ontology")
    return workspace


@pytest.fixture(scope="session")
def app(workspace: Workspace) -> Iterator[Flask]:
    """The web service over the shipped records, without a server around it."""
    app = create_app(workspace, Settings())
    yield app
    releases_of(app).close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of ``app`` who has no cookie yet."""
    return app.test_client()


_SERVE = """
import sys
from pathlib import Path
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.server import serve
settings = Settings.load({}, {"timeout": "10"})
serve(create_app(Workspace(Path(sys.argv[1])), settings), port=0,
      ready=lambda address: print(address, flush=True))
"""


@pytest.fixture(scope="session")
def served(workspace: Workspace) -> Iterator[str]:
    """The address of a real server in a process of its own, ``http://127.0.0.1:<port>``."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(workspace.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PYTHONPATH": str(REPOSITORY / "service")},
    )
    assert process.stdout is not None
    with process, process.stdout:
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/", address), address
        yield address.rstrip("/")
        process.terminate()
        assert process.wait(timeout=20) == 0
