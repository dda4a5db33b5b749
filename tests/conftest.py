"""Fixtures, and the policy for them.

Take the smallest data that shows the point: ``mini`` (five components of invented firms, in
tests/fixtures/mini) for rules and formats; ``workspace``, the shipped records built once a
session, where the real data is the point. A case of its own is written inside its test. Nothing
is written outside ``tmp_path``; nothing shared is changed.
"""

import shutil
from pathlib import Path

import pytest

from dealgraph.articles.model import Records
from dealgraph.articles.reader import read_records
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Release, Workspace

REPOSITORY = Path(__file__).resolve().parent.parent
MINI = Path(__file__).parent / "fixtures" / "mini"


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
