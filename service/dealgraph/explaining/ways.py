"""The ways in which inferred statements follow: rules with their premises, step by step backwards.

What rules read is what queries read by default, so each step is a query of its rule on the
release (see graph/rule.py).
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rdflib import Variable

from dealgraph.explaining.placing import Placed, place
from dealgraph.explaining.terms import node_of, statement_of
from dealgraph.explaining.tree import Statement
from dealgraph.graph.patterns import Pattern
from dealgraph.graph.rule import Rule
from dealgraph.graph.rules import compile_rules
from dealgraph.questions.internal import internal_query
from dealgraph.questions.labels import Engine

# Ways of one statement that are followed further at first, and again where these lead nowhere.
_TRIED = 8


@dataclass(frozen=True)
class Way:
    """One instance of a rule that gives a statement."""

    rule: Rule
    premises: tuple[Statement, ...]
    absent: tuple[tuple[Statement, ...], ...]


def rules_of(engine: Engine, ontology: Path) -> tuple[Rule, ...]:
    """The rules in *ontology*, made for the terms of the release: compiled once for each."""
    table = engine.table(internal_query("ontology-terms"))
    terms = frozenset(
        (node_of(s), node_of(p), node_of(o))
        for s, p, o in table.rows
        if s is not None and p is not None and o is not None
    )
    return _compiled(ontology, terms)


@lru_cache(maxsize=4)
def _compiled(ontology: Path, terms: frozenset[Pattern]) -> tuple[Rule, ...]:
    return compile_rules(ontology, terms)


class Ways:
    """The ways of a statement, of their premises, and so on, as far as they are needed.

    *most* statements are looked into. Afterwards ``placed`` has each that was met.
    """

    def __init__(self, engine: Engine, rules: Sequence[Rule], most: int) -> None:
        self._engine = engine
        self._rules = rules
        self._most = most
        self._tried: dict[Statement, int] = {}
        self.ways: dict[Statement, list[Way]] = {}
        self.placed: dict[Statement, Placed] = {}

    def place(self, statements: Iterable[Statement]) -> None:
        """Finds out where statements stand."""
        self.placed |= place(self._engine, [each for each in statements if each not in self.placed])

    def follow(self, target: Statement) -> None:
        """Looks into *target* and what it may follow from, until it is known to follow."""
        due = [target]
        while due and len(self.ways) < self._most:
            level = [each for each in dict.fromkeys(due) if each not in self.ways]
            for each in level[: self._most - len(self.ways)]:
                self.ways[each] = self._found(each)
                self._tried[each] = 0
            self.place(p for each in level for way in self.ways.get(each, ()) for p in way.premises)
            for each in level:
                if each in self.ways:
                    self.ways[each].sort(key=self._effort)
            due = self._next(each for each in level if each in self.ways)
            while not due and self._untried() and target not in self.sound(frozenset()):
                due = self._next(self.ways)

    def sound(self, without: Set[Statement], *, trusting: bool = False) -> Mapping[Statement, int]:
        """What follows from what holds by itself, never by way of a statement in *without*.

        The number is that of the steps it takes at least. *trusting*, what was not looked into
        counts as following.
        """
        steps: dict[Statement, int] = {}
        if trusting:
            steps = {
                each: len(self.ways)
                for each, placed in self.placed.items()
                if placed.follows and each not in self.ways and each not in without
            }
        changed = True
        while changed:
            changed = False
            for each, ways in self.ways.items():
                if each in without or each in steps:
                    continue
                taken = [n for way in ways if (n := self.steps(way, steps)) is not None]
                if taken:
                    steps[each] = min(taken) + 1
                    changed = True
        return steps

    def steps(self, way: Way, known: Mapping[Statement, int]) -> int | None:
        """The steps to the farthest premise of a way; None where one of them does not follow."""
        most = 0
        for premise in way.premises:
            if not self.placed[premise].grounds:
                if premise not in known:
                    return None
                most = max(most, known[premise])
        return most

    def _found(self, statement: Statement) -> list[Way]:
        triple = tuple(node_of(term) for term in statement if term is not None)
        subject, predicate, value = triple
        found: dict[tuple[str, tuple[Statement, ...]], Way] = {}
        for rule in self._rules:
            question = rule.premises_query((subject, predicate, value))
            if question is None:
                continue
            table = self._engine.table(question.text)
            for row in table.rows:
                values = {
                    Variable(name): node_of(term)
                    for name, term in zip(table.columns, row, strict=True)
                    if term is not None
                }
                way = Way(
                    rule,
                    tuple(map(statement_of, question.premises(values))),
                    tuple(tuple(map(statement_of, g)) for g in question.absences(values)),
                )
                found.setdefault((rule.name, way.premises), way)
        return list(found.values())

    def _effort(self, way: Way) -> tuple[int, int, str, str]:
        inferred = sum(not self.placed[each].grounds for each in way.premises)
        return inferred, len(way.premises), way.rule.name, str(way.premises)

    def _untried(self) -> bool:
        return any(tried < len(self.ways[each]) for each, tried in self._tried.items())

    def _next(self, statements: Iterable[Statement]) -> list[Statement]:
        """The premises to look into next: those of the next few ways of each statement."""
        due = []
        for each in list(statements):
            start = self._tried[each]
            self._tried[each] = start + _TRIED
            due += [
                premise
                for way in self.ways[each][start : start + _TRIED]
                for premise in way.premises
                if not self.placed[premise].grounds and premise not in self.ways
            ]
        return due
