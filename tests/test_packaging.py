"""A wheel carries everything, and works outside the checkout in an environment of its own."""

import configparser
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import REPOSITORY


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built as an installer would."""
    folder = tmp_path_factory.mktemp("dist")
    # The build writes into its source; a copy keeps the checkout clean.
    source = tmp_path_factory.mktemp("source") / "dealgraph"
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, tracked):
        if (REPOSITORY / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((REPOSITORY / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(source)],
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.timeout(300)
def test_the_wheel_has_every_module_and_every_shipped_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    service = REPOSITORY / "service"
    expected = {
        path.relative_to(service).as_posix()
        for path in (service / "dealgraph").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for folder in ("ontology", "queries", "data"):
        shipped = [
            path
            for path in (REPOSITORY / folder).rglob("*")
            if path.suffix in {".ttl", ".rq", ".ru", ".yaml", ".md"}
        ]
        assert shipped, f"{folder}/ is empty"
        expected |= {f"dealgraph/{path.relative_to(REPOSITORY).as_posix()}" for path in shipped}
    assert not expected - inside


def test_every_package_is_listed() -> None:
    config = configparser.ConfigParser()
    config.read(REPOSITORY / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    service = REPOSITORY / "service"
    found = {
        ".".join(path.parent.relative_to(service).parts)
        for path in (service / "dealgraph").rglob("__init__.py")
    }
    assert listed == found | {f"dealgraph.{name}" for name in ("ontology", "queries", "data")}


@pytest.mark.timeout(600)
def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, timeout=120)
    python = environment / "bin" / "python"
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    constraints = REPOSITORY / "constraints.txt"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "-q", "-c", str(constraints), str(wheel)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=clean,
        timeout=400,
    )
    assert installed.returncode == 0, installed.stderr

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [environment / "bin" / "dealgraph", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=clean,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    workspace = str(tmp_path / "workspace")
    run("build", "--workspace", workspace)
    answer = run(
        "ask", "suppliers", "--workspace", workspace, "--param", "firm=OpenAI", "--format", "csv"
    )
    assert "Amazon Web Services" in answer
