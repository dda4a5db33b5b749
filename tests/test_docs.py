"""The documentation says what the code does."""

import doctest
import importlib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from conftest import REPOSITORY
from dealgraph.cli.app import main
from dealgraph.releases.workspace import Workspace
from dealgraph.version import __version__

DOCS = REPOSITORY / "docs"
MODULES = sorted((REPOSITORY / "service" / "dealgraph").rglob("*.py"))


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date(generate: ModuleType) -> None:
    stale = [
        path.name
        for path, text in generate.pages().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert not stale, f"run make docs: {stale}"


def test_every_command_and_option_has_help() -> None:
    def visit(command: click.Command, path: str) -> None:
        assert command.help, path
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in ("help", "version"):
                assert parameter.help, f"{path} {parameter.name}"
        if isinstance(command, click.Group):
            for name, each in command.commands.items():
                visit(each, f"{path} {name}")

    visit(main, "dealgraph")


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_links_of_the_readme_lead_somewhere() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert targets
    assert [target for target in targets if not (REPOSITORY / target).exists()] == []


def test_the_commands_of_the_readme_work(workspace: Workspace, tmp_path: Path) -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^dealgraph (.*?)(?:\s+#.*)?$", text, re.MULTILINE)
    assert len(commands) >= 5
    environment = {name: value for name, value in os.environ.items() if "DEALGRAPH" not in name}
    environment["PYTHONPATH"] = str(REPOSITORY / "service")
    environment["DEALGRAPH_WORKSPACE"] = str(workspace.root)
    (tmp_path / "article.txt").write_text("Nvidia will invest in Nokia.\n", encoding="utf-8")
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "dealgraph", *shlex.split(command)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=60,
        )
        assert done.returncode == 0, f"dealgraph {command}: {done.stderr}"
    assert (tmp_path / "release.ttl").stat().st_size > 1_000_000


def test_the_changelog_has_this_version_on_top() -> None:
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## (\S+)", text, re.MULTILINE)
    assert found is not None
    assert found[1] == __version__


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_in_docstrings_run(path: Path) -> None:
    name = ".".join(path.relative_to(REPOSITORY / "service").with_suffix("").parts)
    if path.stem in ("__main__", "worker"):
        assert ">>>" not in path.read_text(encoding="utf-8")
        return
    failed, _ = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))
    assert failed == 0


def test_help_answers_without_the_heavy_parts() -> None:
    script = (
        "import sys; from dealgraph.cli.app import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'flask', 'owlready2', 'pandas', 'SPARQLWrapper'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(REPOSITORY / "service"), "PATH": "", "LANG": "C.UTF-8"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout
