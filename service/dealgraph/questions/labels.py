"""The names of everything in a release: for showing, for search as one types, for typed values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from dealgraph.engines.rows import Table
from dealgraph.errors import BadInput
from dealgraph.kinds import COMPONENT_CLASS
from dealgraph.questions.internal import internal_query
from dealgraph.questions.names import Name, clipped, fold, rank
from dealgraph.questions.prefixes import prefixed
from dealgraph.vocab import BASE, ID, SCHEME

# Where an IRI begins -> what kind of thing it names.
_KINDS: tuple[tuple[str, str], ...] = (
    (ID + "org/", "firm"),
    (ID + "offering/", "product"),
    (ID + "deal/", "deal"),
    (ID + "component/", "component"),
    (ID + "valuation/", "valuation"),
    (ID + "article/", "article"),
    (SCHEME + "status/", "status"),
    (SCHEME + "activity/", "activity"),
    (SCHEME + "channel/", "channel"),
    (SCHEME + "exclusivity/", "exclusivity"),
    (SCHEME, "concept"),
    (BASE + "ontology#", "term"),
)
# So few that all of them can be told.
CHOSEN = frozenset({"status", "kind", "activity", "channel", "exclusivity"})
# What a search that names no kind looks through.
_SEARCHED = frozenset({"firm", "product", "deal", "component", "valuation", "article"})

_NOUNS = {
    "firm": "a firm", "product": "a product", "deal": "a deal", "status": "a status",
    "kind": "a kind of deal", "component": "a part of a deal", "activity": "an activity",
    "channel": "a channel", "exclusivity": "a kind of right",
}  # fmt: skip


class Engine(Protocol):
    """What answers a query as a table."""

    def table(self, text: str) -> Table:
        """The answer to a SELECT query."""


@dataclass(frozen=True)
class Match:
    """A thing that was found by a name; ``matched`` is the name that fitted."""

    iri: str
    key: str
    label: str
    matched: str
    kind: str


@dataclass
class _Entry:
    """A thing with its names; ``labels`` by language, ``aliases`` in all of them."""

    iri: str
    kind: str
    key: str
    labels: dict[str, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    is_outlet: bool = False
    names: list[Name] = field(default_factory=list)

    def label(self, lang: str) -> str | None:
        """The name in a language, else in another."""
        return self.labels.get(lang) or next(iter(self.labels.values()), None)


class LabelIndex:
    """All names of one release. Built once, read by many threads."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries = {entry.iri: entry for entry in entries}
        self._by_kind: dict[str, list[_Entry]] = defaultdict(list)
        self._exact: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for entry in self._entries.values():
            names = dict.fromkeys([*entry.labels.values(), *entry.aliases, entry.key])
            entry.names = [Name.of(name) for name in names]
            self._by_kind[entry.kind].append(entry)
            for name in entry.names:
                if entry.iri not in self._exact[entry.kind][name.folded]:
                    self._exact[entry.kind][name.folded].append(entry.iri)

    @classmethod
    def from_engine(cls, engine: Engine) -> "LabelIndex":
        """The names of the release that *engine* answers from."""
        entries: dict[str, _Entry] = {}
        for iri, name, role in engine.table(internal_query("names")).rows:
            if iri is None:
                continue
            entry = entries.get(iri.value)
            if entry is None:
                entry = entries[iri.value] = _new_entry(iri.value)
            what = role.value if role is not None else ""
            if what == "outlet":
                entry.is_outlet = True
            elif what == "kind":
                entry.kind = "kind"
            elif name is not None and what == "label":
                entry.labels[name.language or ""] = name.value
            elif name is not None:
                entry.aliases.append(name.value)
        _name_kinds(entries)
        return cls(sorted(entries.values(), key=lambda entry: entry.iri))

    def label(self, iri: str, lang: str) -> str | None:
        """The name of a thing in a language, else in another; None when it has none."""
        entry = self._entries.get(iri)
        return None if entry is None else entry.label(lang)

    def kind(self, iri: str) -> str | None:
        """What kind of thing it is (firm, product, deal …); None when the release has none such."""
        entry = self._entries.get(iri)
        return None if entry is None else entry.kind

    def choices(self, kind: str, lang: str) -> list[Match]:
        """Everything of a kind, by name: for a list to choose from."""
        found = [self._match(entry, lang, "") for entry in self._by_kind[kind]]
        return sorted(found, key=lambda match: fold(match.label))

    def search(self, text: str, kind: str | None, lang: str, limit: int) -> list[Match]:
        """The things with a name whose words begin with the words of *text*, best first.

        Accents and capitals don't count; names and aliases of all languages do.
        """
        wanted = Name.of(text)
        if not wanted.words:
            return []
        found = []
        for each in [kind] if kind else sorted(_SEARCHED):
            for entry in self._by_kind.get(each, ()):
                best = min(filter(None, (rank(wanted, name) for name in entry.names)), default=None)
                if best is not None:
                    # Hundreds of outlets report; who searches a firm rarely means one of them.
                    found.append((best.fit, entry.is_outlet, best, entry.iri))
        found.sort()
        return [
            self._match(self._entries[iri], lang, best.shown) for *_, best, iri in found[:limit]
        ]

    def resolve(self, text: str, kind: str) -> str:
        """The IRI of the thing of a kind that *text* names by IRI, key, name or alias.

        :raises BadInput: when there is none, with the nearest names, or when there are several.
        """
        given = text.strip()
        entry = self._entries.get(given)
        if entry is not None and entry.kind == kind:
            return entry.iri
        known = self._exact.get(kind, {})
        found = known.get(fold(given), [])
        # A key names one thing, whatever else may be called so.
        by_key = [iri for iri in found if self._entries[iri].key == given]
        if len(found) == 1 or len(by_key) == 1:
            return (by_key or found)[0]
        noun = _NOUNS.get(kind, f"a {kind}")
        if found:
            keys = ", ".join(sorted(self._entries[iri].key for iri in found))
            raise BadInput(f"'{clipped(given)}' names more than {noun}.", f"Give one of: {keys}.")
        raise BadInput(
            f"'{clipped(given)}' is not {noun} of this release.", self._nearest(given, kind)
        )

    def resolve_any(self, text: str, kinds: Sequence[str]) -> str:
        """The IRI of the one thing of any of *kinds* that *text* names by key, name or alias.

        :raises BadInput: when there is none, with the nearest names, or when there are several.
        """
        given = text.strip()
        found = {
            iri: self._entries[iri]
            for kind in kinds
            for iri in self._exact.get(kind, {}).get(fold(given), [])
        }
        by_key = [iri for iri, entry in found.items() if entry.key == given]
        if len(found) == 1 or len(by_key) == 1:
            return (by_key or list(found))[0]
        if found:
            several = ", ".join(sorted(prefixed(iri) or f"<{iri}>" for iri in found))
            raise BadInput(f"'{clipped(given)}' names several things.", f"Give one of: {several}.")
        hints = [self._nearest(given, kind) for kind in kinds]
        near = [hint for hint in hints if hint.startswith("Did you mean")]
        raise BadInput(f"'{clipped(given)}' is nothing of this release.", (near or hints)[0])

    def _nearest(self, text: str, kind: str) -> str:
        begins = [match.label for match in self.search(text, kind, "en", 3)]
        things = {name.folded: entry for entry in self._by_kind[kind] for name in entry.names}
        close = get_close_matches(fold(text)[:100], things, n=5, cutoff=0.7)
        labels = [things[name].label("en") or things[name].key for name in close]
        near = list(dict.fromkeys([*labels, *begins]))[:3]
        if near:
            return f"Did you mean {' or '.join(near)}?"
        if kind in CHOSEN:
            return f"It is one of: {', '.join(sorted(e.key for e in self._by_kind[kind]))}."
        return "Search for it by the beginning of its name."

    def _match(self, entry: _Entry, lang: str, matched: str) -> Match:
        label = entry.label(lang) or entry.key
        return Match(entry.iri, entry.key, label, matched or label, entry.kind)


def _new_entry(iri: str) -> _Entry:
    for start, kind in _KINDS:
        if iri.startswith(start):
            return _Entry(iri, kind, iri[len(start) :])
    return _Entry(iri, "other", iri)


def _name_kinds(entries: Mapping[str, _Entry]) -> None:
    """A class of components can be named as records name it: cloud-commitment is CloudSupply."""
    for key, iri in COMPONENT_CLASS.items():
        entry = entries.get(str(iri))
        concept = entries.get(f"{SCHEME}component-kind/{key}")
        if entry is not None:
            entry.aliases += [entry.key, *(concept.labels.values() if concept is not None else ())]
            entry.key = key
