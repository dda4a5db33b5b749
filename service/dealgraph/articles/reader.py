"""Reads a folder of records, and reports every mistake in it in one go.

A file is checked against its JSON Schema first, then what it points to is looked for: a firm
that isn't in the register, a claim about a component that no deal has. Nothing is returned
unless all of it is sound.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dealgraph.articles import build
from dealgraph.articles.known import Broken, Sources
from dealgraph.articles.links import dangling
from dealgraph.articles.model import Records
from dealgraph.articles.schema import mistakes
from dealgraph.errors import NotFound, RecordError
from dealgraph.lined_yaml import Lines, ValuePath, YamlMistake, line_of, load

# Section of a file -> how its entries are built. Outlets are organizations.
_SECTIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "organizations": build.organization,
    "offerings": build.offering,
    "deals": build.deal,
    "verdicts": build.verdict,
    "relations": build.relation,
}


def read_records(folder: Path) -> Records:
    """All records below *folder* (``articles/``, ``register/``, ``assessments/``).

    :raises NotFound: when the folder or one of the three inside it is missing.
    :raises RecordError: with every mistake, each as ``file:line: where: what; cure``.
    """
    reading = _Reading(folder)
    for name in ("register", "assessments", "articles"):
        if not (folder / name).is_dir():
            raise NotFound(
                f"{folder} has no folder {name}/.",
                "Give the folder that holds articles/, register/ and assessments/.",
            )
        schema = "article" if name == "articles" else name
        for path in sorted((folder / name).glob("*.yaml")):
            reading.read(path, schema)
    records = reading.records()
    reading.mistakes += dangling(records, reading.sources, reading.broken)
    if reading.mistakes:
        raise RecordError(reading.mistakes)
    return records


class _Reading:
    """What was read so far: the entries, where each stands, and the mistakes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[str] = []
        self.sources = Sources()
        self.broken = Broken()
        self._found: dict[str, dict[str, Any]] = {name: {} for name in ("articles", *_SECTIONS)}

    def records(self) -> Records:
        return Records(**self._found)

    def read(self, path: Path, schema: str) -> None:
        name = path.relative_to(self.folder).as_posix()
        try:
            value, lines = load(path)
        except YamlMistake as mistake:
            self.mistakes.append(f"{name}:{mistake.line}: {mistake}")
            self.broken.unread.add(schema)
            return
        wrong = list(mistakes(schema, value))
        for where, what in wrong:
            self._mistake(name, lines, where, what)
        if not isinstance(value, dict):
            self.broken.unread.add(schema)
        elif schema == "article":
            self._article(path, value, lines, {where for where, _ in wrong})
        else:
            self._entries(name, value, lines, {where[:2] for where, _ in wrong})

    def _article(
        self, path: Path, value: dict[str, Any], lines: Lines, wrong: set[ValuePath]
    ) -> None:
        """An article is taken without what is wrong in it, so that the rest can be looked at."""
        name = path.relative_to(self.folder).as_posix()
        claims = value.get("claims")
        claims = claims if isinstance(claims, list) else []
        spoilt = {where[1] for where in wrong if where[:1] == ("claims",) and len(where) > 1}
        for index in spoilt:
            self.broken.note_statement(claims[int(index)], path.stem)
        if {where[:1] for where in wrong} - {("claims",)}:
            # Its head can't be trusted: what it claims is known, and no more of it.
            for claim in claims:
                self.broken.note_statement(claim, path.stem)
            return
        if value["key"] != path.stem:
            cure = f"name the file {value['key']}.yaml or mend the key"
            self._mistake(name, lines, ("key",), f"the file is named {path.name}; {cure}")
        places = [index for index in range(len(claims)) if index not in spoilt]
        sound = build.article({**value, "claims": [claims[index] for index in places]})
        # Claims that were left out must not shift the lines of those that stay.
        moved = {
            (*where[:1], places.index(int(where[1])), *where[2:]): line
            for where, line in lines.items()
            if where[:1] == ("claims",) and len(where) > 1 and where[1] in places
        }
        kept = {where: line for where, line in lines.items() if where[:1] != ("claims",)}
        self._add("articles", sound, name, {**kept, **moved}, ())

    def _entries(
        self, name: str, value: dict[str, Any], lines: Lines, wrong: set[ValuePath]
    ) -> None:
        for section, entries in value.items():
            for index, entry in enumerate(entries if isinstance(entries, list) else ()):
                if section not in _SECTIONS or (section, index) in wrong:
                    self.broken.note_entry(section, entry)
                else:
                    self._add(section, _SECTIONS[section](entry), name, lines, (section, index))

    def _add(self, section: str, entry: Any, name: str, lines: Lines, path: ValuePath) -> None:
        known = self._found[section]
        if entry.key in known:
            first = self.sources.where(section, entry.key)
            what = f"the key '{entry.key}' is also at {first}; keep one"
            self._mistake(name, lines, (*path, "key"), what)
            return
        known[entry.key] = entry
        self.sources.add(section, entry.key, name, lines, path)

    def _mistake(self, name: str, lines: Lines, path: ValuePath, what: str) -> None:
        line = line_of(lines, path)
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
        self.mistakes.append(f"{name}:{line}: {where.lstrip('.') or 'the file'}: {what}")
