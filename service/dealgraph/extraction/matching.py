"""Frames held against a sentence: which fire, who fills which role, which values belong."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dealgraph.extraction.arguments import Argument, arguments, clause_of
from dealgraph.extraction.found import Duration, Measure, Mention, Money
from dealgraph.extraction.frame import Frame, Slot, Trigger
from dealgraph.extraction.gazetteer import Gazetteer
from dealgraph.extraction.grammar import Grammar
from dealgraph.extraction.items import Item

# Prepositions of places too: a new name after them must look like that of a firm.
_OF_PLACES = frozenset(("in", "at", "em", "on", "to", "a", "de", "of"))

Filled = dict[str, tuple[Mention, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A frame that fired on ``items[first..last]`` of a sentence, with what it took."""

    frame: Frame
    first: int
    last: int
    verb: bool
    clause: range
    roles: Mapping[str, tuple[Mention, ...]]
    money: Money | None = None
    measures: tuple[Measure, ...] = ()
    duration: Duration | None = None


class Matcher:
    """The frames of a language, found by the first lemma of their triggers."""

    def __init__(self, frames: Iterable[Frame], grammar: Grammar, gazetteer: Gazetteer) -> None:
        self._grammar = grammar
        self._gazetteer = gazetteer
        self._by_lemma: dict[str, list[tuple[Frame, Trigger]]] = defaultdict(list)
        for frame in frames:
            for trigger in frame.triggers:
                self._by_lemma[trigger.lemmas[0]].append((frame, trigger))

    def hits(self, items: Sequence[Item]) -> Iterator[Hit]:
        """Every frame that fires in a sentence, in the order of its triggers."""
        for first, item in enumerate(items):
            if item.kind != "word":
                continue
            for lemma in {item.lemma, item.text.lower(), item.infinitive} - {""}:
                for frame, trigger in self._by_lemma.get(lemma, ()):
                    if lemma == item.infinitive and not trigger.verb:
                        continue
                    last = _end_of(items, first, trigger.lemmas)
                    if last is not None and self._is(items, first, verb=trigger.verb):
                        hit = self._fill(frame, items, first, last, verb=trigger.verb)
                        if hit is not None:
                            yield hit

    def _is(self, items: Sequence[Item], first: int, *, verb: bool) -> bool:
        """Whether a word is used as a verb or as a noun: "to lease", "the lease"."""
        before = items[first - 1].text.lower() if first else ""
        if verb:
            amount = first > 0 and items[first - 1].kind == "value"
            return before not in self._grammar.determiners and not amount
        return before not in self._grammar.modals

    def _fill(
        self, frame: Frame, items: Sequence[Item], first: int, last: int, *, verb: bool
    ) -> Hit | None:
        clause = clause_of(items, first, last, self._grammar)
        if not _fits(frame, items, clause, self._gazetteer):
            return None
        around = arguments(items, first, last, verb=verb, grammar=self._grammar)
        roles = self._roles(frame.slots, around, [items[number] for number in clause])
        if roles is None:
            return None
        money = _money(frame, items, clause, first)
        measures = _measures(frame, items, clause)
        duration = _duration(items, clause, first) if frame.period else None
        held = {"money": money, "measure": measures, "duration": duration}
        if not all(held[need] for need in frame.needs):
            return None
        return Hit(frame, first, last, verb, clause, roles, money, measures, duration)

    def _roles(
        self, slots: Sequence[Slot], around: Sequence[Argument], clause: Sequence[Item]
    ) -> Filled | None:
        """Who fills each role, or None where a role that is needed stays empty.

        First by where names stand; what is left over is given out after that.
        """
        filled: Filled = {}
        used: set[str] = set()
        for fill in (self._by_label, self._left_over):
            for slot in slots:
                if slot.role not in filled:
                    names = fill(slot, around, clause, used)
                    if names:
                        filled[slot.role] = names
                        used.update(_identity(each) for each in names)
        if any(slot.role not in filled and not slot.optional for slot in slots):
            return None
        return filled

    def _by_label(
        self, slot: Slot, around: Sequence[Argument], _: Sequence[Item], used: set[str]
    ) -> tuple[Mention, ...]:
        """The firms at the first label that gives some; a known firm before a new name."""
        for known in (True, False):
            gathered: list[Mention] = []
            for label in slot.labels:
                for argument in around:
                    if argument.label != label:
                        continue
                    names = [
                        each
                        for each in self._fitting(slot, argument.item, used)
                        if (
                            each.how != "unknown"
                            or (not known and self._firm_like(slot, each, label))
                        )
                        and _identity(each) not in {_identity(other) for other in gathered}
                    ]
                    gathered.extend(names)
                    if names and not slot.both:
                        return tuple(gathered)
            if len(gathered) > 1:
                return tuple(gathered)
        return ()

    def _left_over(
        self, slot: Slot, _: Sequence[Argument], clause: Sequence[Item], used: set[str]
    ) -> tuple[Mention, ...]:
        """The one group left in the clause that fits; none where there are several."""
        if not slot.rest:
            return ()
        groups = [
            names
            for item in clause
            if item.kind == "names" and (names := tuple(self._fitting(slot, item, used)))
        ]
        identities = {tuple(map(_identity, names)) for names in groups}
        return groups[0] if len(identities) == 1 else ()

    def _firm_like(self, slot: Slot, mention: Mention, label: str) -> bool:
        """Whether a new name may be a firm: after "in" and "at" stand places more often."""
        if label not in _OF_PLACES and not slot.traits:
            return True
        return any(word.lower() in self._grammar.corporate for word in mention.text.split())

    def _fitting(self, slot: Slot, item: Item, used: set[str]) -> list[Mention]:
        parties = (self._as_party(slot, each) for each in item.names)
        return [each for each in parties if each is not None and self._fit(slot, each, used)]

    def _as_party(self, slot: Slot, mention: Mention) -> Mention | None:
        """The firm that a mention names for a slot: itself, or who offers the product."""
        if mention.thing in ("firm", "group"):
            return mention
        entry = self._gazetteer.entries.get(mention.key or "")
        if slot.product and mention.thing == "offering" and entry and entry.owner:
            return replace(mention, thing="firm", key=entry.owner, how="owner")
        return None

    def _fit(self, slot: Slot, mention: Mention, used: set[str]) -> bool:
        if _identity(mention) in used:
            return False
        if mention.thing == "group":
            return not slot.traits  # "investors" supply nothing
        entry = self._gazetteer.entries.get(mention.key or "")
        if entry is None or not entry.traits:
            return True
        return not slot.unless & entry.traits and (
            not slot.traits or bool(slot.traits & entry.traits)
        )


def _identity(mention: Mention) -> str:
    return mention.key or mention.text


def _end_of(items: Sequence[Item], first: int, lemmas: Sequence[str]) -> int | None:
    """Where a row of lemmas that begins at ``first`` ends; "~" stands for up to four items."""
    number = first
    rest = list(lemmas[1:])
    while rest:
        wanted = rest.pop(0)
        if wanted == "~":
            wanted = rest.pop(0)
            span = range(number + 1, min(len(items), number + 6))
        else:
            span = range(number + 1, min(len(items), number + 2))
        found = [each for each in span if wanted in (items[each].lemma, items[each].text.lower())]
        if not found:
            return None
        number = found[0]
    return number


def _fits(frame: Frame, items: Sequence[Item], clause: range, gazetteer: Gazetteer) -> bool:
    if frame.without:
        here = {items[number].lemma for number in clause}
        here.update(items[number].text.lower() for number in clause)
        values = (items[number].value for number in clause)
        here.update(value.unit for value in values if isinstance(value, Measure))
        if here & frame.without:
            return False
    if not (frame.about or frame.offerings):
        return True
    for item in items:
        if item.kind == "word" and (item.lemma in frame.about or item.text.lower() in frame.about):
            return True
        for each in item.names:
            entry = gazetteer.entries.get(each.key or "")
            if each.thing == "offering" and entry and entry.kind in frame.offerings:
                return True
            # "Google Cloud" is a name, and says cloud all the same.
            if not frame.about.isdisjoint(each.text.lower().split()):
                return True
    return _measured(items, frame)


def _measured(items: Sequence[Item], frame: Frame) -> bool:
    """Whether the sentence measures something in a unit of the frame ("100,000 GPUs")."""
    return any(isinstance(item.value, Measure) and item.value.unit in frame.units for item in items)


def _money(frame: Frame, items: Sequence[Item], clause: range, first: int) -> Money | None:
    """The nearest amount whose basis the frame takes; rather after the trigger than before it."""
    if not frame.bases:
        return None
    fitting = [
        (2 * (number - first) if number > first else 3 * (first - number), number, value)
        for number in clause
        if isinstance(value := items[number].value, Money)
        and (value.hint is None or value.hint in frame.bases)
    ]
    return min(fitting)[2] if fitting else None


def _measures(frame: Frame, items: Sequence[Item], clause: range) -> tuple[Measure, ...]:
    return tuple(
        value
        for number in clause
        if isinstance(value := items[number].value, Measure) and value.unit in frame.units
    )


def _duration(items: Sequence[Item], clause: range, first: int) -> Duration | None:
    found = [
        (abs(number - first), number, value)
        for number in clause
        if isinstance(value := items[number].value, Duration)
    ]
    return min(found)[2] if found else None
