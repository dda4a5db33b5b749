"""The names that the graph knows, as plain values; ``ingest`` fills them from a release."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Known:
    """A firm, group, outlet or offering with its names.

    ``kind`` is that of the register (firm, unit, fund, outlet, chip, model …). ``traits`` are
    what the graph says of a firm, for role checks: chip, cloud, lab, merchant, fund, outlet.
    ``owner`` is who offers an offering; ``unit_of`` what a unit rolls up to.
    """

    key: str
    kind: str
    names: tuple[str, ...]
    traits: frozenset[str] = frozenset()
    owner: str | None = None
    unit_of: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything that has a name, by key."""

    entries: Mapping[str, Known] = field(default_factory=dict)

    def root(self, key: str) -> str:
        """The group that a firm rolls up to; the key itself where it is no unit of another."""
        seen = {key}
        while (entry := self.entries.get(key)) and entry.unit_of and entry.unit_of not in seen:
            key = entry.unit_of
            seen.add(key)
        return key
