"""The order in which rules are run: what a rule builds on comes before it.

Rules that build on one another stand in one stratum. What a rule forbids must be complete before
the rule runs (https://doi.org/10.1016/B978-0-934613-40-8.50006-3, stratified programs).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rdflib import RDF, Variable
from rdflib.term import Node

from dealgraph.errors import Inconsistent
from dealgraph.graph.patterns import Pattern
from dealgraph.graph.rule import Rule

_Key = tuple[Node | None, Node | None]


@dataclass(frozen=True)
class Stratum:
    """Rules, and for each the places of those of them that build on it."""

    rules: tuple[Rule, ...]
    feeds: tuple[frozenset[int], ...]


def strata(rules: Sequence[Rule]) -> tuple[Stratum, ...]:
    """The rules in strata, in an order in which each needs only itself and those before it.

    :raises Inconsistent: when a rule forbids what it leads to.
    """
    index = PatternIndex()
    for at, rule in enumerate(rules):
        for pattern in (*rule.body, *_read(rule)):
            index.add(pattern, at)
    feeds = [{at for head in rule.heads for at in index.near(head)} for rule in rules]
    before = _ancestors(feeds)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(len(rules)):
        # Rules in one circle have the same ancestors, each other among them.
        groups[before[at] | 1 << at].append(at)
    result = []
    for _, members in sorted(groups.items(), key=lambda item: (item[0].bit_count(), item[1])):
        place = {at: number for number, at in enumerate(members)}
        stratum = Stratum(
            tuple(rules[at] for at in members),
            tuple(frozenset(place[to] for to in feeds[at] if to in place) for at in members),
        )
        _refuse_circles(stratum)
        result.append(stratum)
    return tuple(result)


def _read(rule: Rule) -> Iterator[Pattern]:
    for part in rule.parts:
        yield from part.reads


def _ancestors(feeds: Sequence[Iterable[int]]) -> list[int]:
    """For each rule the set, as bits, of those that lead to it in any number of steps."""
    before = [0] * len(feeds)
    for at, targets in enumerate(feeds):
        for target in targets:
            before[target] |= 1 << at
    for middle in range(len(feeds)):
        for at in range(len(feeds)):
            if before[at] >> middle & 1:
                before[at] |= before[middle]
    return before


def _refuse_circles(stratum: Stratum) -> None:
    index = PatternIndex()
    for at, rule in enumerate(stratum.rules):
        for pattern in _read(rule):
            index.add(pattern, at)
    for rule in stratum.rules:
        for head in rule.heads:
            for at in index.near(head):
                raise Inconsistent(
                    f"The rule {stratum.rules[at].name} forbids or sums up what it leads to"
                    f" itself, through {rule.name}.",
                    "Let one of the two conclude something else.",
                )


class PatternIndex:
    """Patterns with a number each, found by what could match both them and another one."""

    def __init__(self) -> None:
        self._numbers: dict[_Key, set[int]] = defaultdict(set)

    def add(self, pattern: Pattern, number: int) -> None:
        """Keeps the number under the property of the pattern, and its class where it is a type."""
        self._numbers[_key(pattern)].add(number)

    def near(self, pattern: Pattern) -> set[int]:
        """The numbers of all patterns that may match what this one matches."""
        predicate, kind = _key(pattern)
        if predicate is None:
            return {number for numbers in self._numbers.values() for number in numbers}
        found = self._numbers.get((None, None), set()) | self._numbers.get((predicate, kind), set())
        if predicate == RDF.type:
            if kind is not None:
                return found | self._numbers.get((predicate, None), set())
            for (other, _), numbers in self._numbers.items():
                if other == predicate:
                    found = found | numbers
        return found


def _key(pattern: Pattern) -> _Key:
    _, predicate, value = pattern
    if isinstance(predicate, Variable):
        return None, None
    if predicate == RDF.type and not isinstance(value, Variable):
        return predicate, value
    return predicate, None
