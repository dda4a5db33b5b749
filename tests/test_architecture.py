"""The laws of docs/architecture.md, held on the source itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import REPOSITORY

PACKAGE = REPOSITORY / "service" / "dealgraph"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))

# Parts in the order of the table: each may import only what stands before it.
GROUND = {
    "errors",
    "analysis_terms",
    "vocab",
    "kinds",
    "lined_yaml",
    "version",
    "resources",
    "schemas",
    "settings",
    "settings_file",
}
MAY_IMPORT: dict[str, set[str]] = {
    "articles": GROUND,
    "extraction": {*GROUND, "articles"},
    "evaluation": {*GROUND, "articles", "extraction"},
    "graph": {*GROUND, "articles"},
    "releases": {*GROUND, "articles", "graph"},
    "engines": {*GROUND, "releases"},
    "writes": {*GROUND, "graph", "releases", "engines"},
    "questions": {*GROUND, "releases", "engines"},
    "explaining": {*GROUND, "graph", "engines", "questions"},
    "exports": {*GROUND, "releases"},
    "client": GROUND,
    "web": {
        *GROUND,
        "articles",
        "extraction",
        "evaluation",
        "graph",
        "releases",
        "engines",
        "writes",
        "questions",
        "explaining",
        "exports",
    },
}
MAY_IMPORT["cli"] = {*GROUND, *MAY_IMPORT, "web"}

# Outside engine -> the only modules that may import it.
IMPORTERS: dict[str, set[str]] = {
    "flask": {"web"},
    "waitress": {"web/server.py"},
    "SPARQLWrapper": {"client"},
    "owlready2": {"graph/reasoner.py"},
    "oxrdflib": {"graph/dataset.py"},
    "pyshacl": {"graph/shapes.py"},
    "pyoxigraph": {
        "releases/store.py",
        "releases/staged.py",
        "engines/worker.py",
        "exports/quads.py",
    },
    "yaml": {"lined_yaml.py", "web/language.py", "web/openapi.py"},
    "pandas": {"client/frame.py"},
    "prometheus_client": {"web/metrics.py"},
    "networkx": {"graph/simple_cycles.py"},
    "simplemma": {"extraction/words.py"},
    "ahocorasick_rs": {"extraction/names.py"},
    "brotli": {"web/codings.py"},
    "zstandard": {"web/codings.py"},
}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _part(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions and for type checkers."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield module
            if module == "dealgraph":
                yield from (f"dealgraph.{alias.name}" for alias in node.names)


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 40
    assert {_part(path) for path in MODULES} >= set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_go_one_way(path: Path) -> None:
    part = _part(path)
    if part == "__init__":
        allowed: set[str] = set()
    elif part == "__main__":
        allowed = {"cli"}
    elif part in GROUND:
        allowed = GROUND
    else:
        allowed = {*MAY_IMPORT[part], part}
    ours = {name.split(".")[1] for name in _imports(path) if name.startswith("dealgraph.")}
    assert ours <= allowed, f"{_name(path)} may not import {sorted(ours - allowed)}"


def test_no_two_modules_import_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        module = "dealgraph." + _name(path).removesuffix(".py").replace("/", ".")
        graph[module.removesuffix(".__init__")] = {
            name for name in _imports(path) if name.startswith("dealgraph.")
        }

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        for target in graph.get(module, ()):
            visit(target, (*trail, module))

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("engine", sorted(IMPORTERS))
def test_each_outside_engine_has_one_importer(engine: str) -> None:
    importers = {
        _name(path)
        for path in MODULES
        if any(name.split(".")[0] == engine for name in _imports(path))
    }
    assert importers, f"nothing imports {engine}: take it off the list"
    allowed = IMPORTERS[engine]
    strangers = {
        name for name in importers if name not in allowed and name.split("/")[0] not in allowed
    }
    assert not strangers, f"{engine} is imported by {sorted(strangers)}"


_SPARQL = re.compile(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE|INSERT|DELETE)\b[^.]*\{", re.DOTALL)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_sparql_lives_in_files_of_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert id(node) in docstrings or not _SPARQL.search(node.value), node.lineno


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_files_stay_short_and_are_named_for_what_they_hold(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 300, f"{_name(path)} has {lines} lines: which of its two things moves out?"
    assert path.stem not in {"utils", "util", "common", "helpers", "misc"}


def test_nothing_happens_at_import() -> None:
    """Importing every module opens no file but code, no socket, and prints nothing."""
    names = [
        "dealgraph." + _name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for path in MODULES
        if path.name not in ("__main__.py", "__init__.py")
    ]
    watcher = """
import importlib, os, sys
root, names, seen = sys.argv[1], sys.argv[2:], []
def watch(event, args):
    if event.startswith("socket.") and event != "socket.__new__":
        seen.append((event, args))
    if event == "open" and isinstance(args[0], str):
        name, mode = args[0], args[1]
        ours = name.startswith(root) and not name.startswith(os.path.join(root, ".venv"))
        written = isinstance(mode, str) and any(flag in mode for flag in "wax+")
        code = name.endswith((".py", ".pyc")) or "__pycache__" in name
        if (ours or written) and not code:
            seen.append((event, args))
# What is not ours may do as it likes, and does so before we look.
for name in ("click", "rich.table", "flask", "waitress.server", "rdflib", "oxrdflib", "jsonschema",
             "pyoxigraph", "SPARQLWrapper", "yaml", "brotli", "zstandard"):
    importlib.import_module(name)
sys.addaudithook(watch)
for name in names:
    importlib.import_module(name)
if seen:
    sys.exit(f"at import: {seen}")
"""
    done = subprocess.run(
        [sys.executable, "-c", watcher, str(REPOSITORY), *names],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(REPOSITORY / "service"), "PATH": "", "HOME": ""},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_each_part_says_what_it_may_import(part: str) -> None:
    text = (PACKAGE / part / "__init__.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    law = re.search(r"(?:May|may) import ([^.(]*)", docstring)
    assert law, f"{part}/__init__.py states no law"
    allowed = MAY_IMPORT[part] - GROUND - {part}
    if "everything" in law[1] or "all that is below" in law[1]:
        assert allowed >= set(MAY_IMPORT) - {"cli", "web", "client"} - {part}
    else:
        assert {name for name in MAY_IMPORT if re.search(rf"\b{name}\b", law[1])} == allowed
