"""Where entries stand, and which names there are, also of entries that have mistakes."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from dealgraph.articles.model import Records
from dealgraph.lined_yaml import Lines, ValuePath


class Sources:
    """Where each entry stands, for messages."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], tuple[str, Lines, ValuePath]] = {}

    def add(self, section: str, key: str, name: str, lines: Lines, path: ValuePath) -> None:
        """Note that an entry stands in the file *name* at *path*."""
        self._places[section, key] = (name, lines, path)

    def where(self, section: str, key: str, *path: str | int) -> str:
        """``file:line`` of an entry, or of a value in it."""
        name, lines, base = self._places[section, key]
        full = (*base, *path)
        while full not in lines:
            full = full[:-1]
        return f"{name}:{lines[full]}"


class _Everything(frozenset[str]):
    """Names of which some could not be read: any name may be among them."""

    def __contains__(self, name: object) -> bool:
        return True


@dataclass
class Broken:
    """What is there but can't be used: pointing to it is no mistake of whoever does.

    ``unread`` names the kinds of file (register, article) of which one could not be read at all.
    """

    organizations: set[str] = field(default_factory=set)
    offerings: set[str] = field(default_factory=set)
    components: set[str] = field(default_factory=set)
    statements: set[tuple[str, str]] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    def note_statement(self, claim: Any, article: str) -> None:
        """Note that an article makes a statement that has mistakes, if it has a name."""
        if isinstance(claim, dict) and isinstance(claim.get("id"), str):
            self.statements.add((claim["id"], article))

    def note_entry(self, section: str, entry: Any) -> None:
        """Note an entry of a register that has mistakes, and the components in it."""
        if not isinstance(entry, dict):
            return
        names = {"organizations": self.organizations, "offerings": self.offerings}
        names.get(section, set()).add(str(entry.get("key")))
        parts = entry.get("components")
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict):
                self.components.add(str(part.get("key")))


@dataclass(frozen=True)
class Names:
    """Every name that may be pointed to."""

    organizations: AbstractSet[str]
    offerings: AbstractSet[str]
    components: AbstractSet[str]

    @staticmethod
    def of(records: Records, broken: Broken) -> "Names":
        """The names of what could be read, and of what is there with mistakes."""
        if "register" in broken.unread:
            return Names(_Everything(), _Everything(), _Everything())
        return Names(
            records.organizations.keys() | broken.organizations,
            records.offerings.keys() | broken.offerings,
            records.components.keys() | broken.components,
        )
