"""The ways in which inferred statements follow: rules with their premises, step by step backwards.

What rules read is what queries read by default, so each step is a query of its rule on the
release (see graph/rule.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from rdflib import Variable

from dealgraph.explaining.placing import Placed, place
from dealgraph.explaining.terms import node_of, statement_of
from dealgraph.explaining.tree import Statement
from dealgraph.graph.patterns import Pattern
from dealgraph.graph.rule import Question, Rule, instances
from dealgraph.graph.rules import compile_rules
from dealgraph.questions.internal import internal_query
from dealgraph.questions.labels import Engine

# Ways of one statement that are placed at first, and again where these lead nowhere.
_TRIED = 24
# Ways that are followed further: of what is asked about, and of a premise that has none from what
# holds by itself.
_FOLLOWED = 8
_FOLLOWED_BELOW = 2
# Rules that are asked at once.
_AT_ONCE = 40

_QUESTION = Variable("question")
_compiled_for: WeakKeyDictionary[Engine, tuple[Rule, ...]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Way:
    """One instance of a rule that gives a statement."""

    rule: Rule
    premises: tuple[Statement, ...]
    absent: tuple[tuple[Statement, ...], ...]


def rules_of(engine: Engine, ontology: Path) -> tuple[Rule, ...]:
    """The rules in *ontology*, made for the terms of the release: compiled once for each."""
    rules = _compiled_for.get(engine)
    if rules is None:
        table = engine.table(internal_query("ontology-terms"))
        terms = frozenset(
            (node_of(s), node_of(p), node_of(o))
            for s, p, o in table.rows
            if s is not None and p is not None and o is not None
        )
        rules = _compiled_for[engine] = _compiled(ontology, terms)
    return rules


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
        # Ways that were found and not looked into yet.
        self._later: dict[Statement, list[Way]] = {}
        self._followed: dict[Statement, int] = {}
        self.ways: dict[Statement, list[Way]] = {}
        self.placed: dict[Statement, Placed] = {}

    def place(self, statements: Iterable[Statement]) -> None:
        """Finds out where statements stand."""
        self.placed |= place(self._engine, [each for each in statements if each not in self.placed])

    def follow(self, target: Statement) -> None:
        """Looks into *target* and what it may follow from, until it is known to follow."""
        due = [target]
        while due and len(self.ways) < self._most:
            level = list(dict.fromkeys(due))[: self._most - len(self.ways)]
            for each in level:
                self._later[each] = self._found(each)
                self.ways[each] = []
                self._followed[each] = 0
            self._take(level)
            due = [
                premise
                for each in level
                for premise in self._next(each, _FOLLOWED if each == target else _FOLLOWED_BELOW)
                if each == target or not any(self._effort(way)[0] == 0 for way in self.ways[each])
            ]
            while not due:
                sound = self.sound(frozenset())
                stuck = [each for each in self.ways if each not in sound and self._has_more(each)]
                if target in sound or not stuck:
                    return
                self._take([e for e in stuck if self._followed[e] >= len(self.ways[e])])
                due = [premise for each in stuck for premise in self._next(each, _FOLLOWED_BELOW)]

    def later(self, statement: Statement) -> int:
        """How many ways of a statement were not looked into."""
        open_ = (
            way
            for way in self.ways.get(statement, ())
            if any(not self.placed[p].grounds and p not in self.ways for p in way.premises)
        )
        return len(self._later.get(statement, ())) + sum(1 for _ in open_)

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
        asked = (rule.premises_query((subject, predicate, value)) for rule in self._rules)
        questions = [each for each in asked if each is not None]
        found: dict[tuple[str, tuple[Statement, ...]], Way] = {}
        for start in range(0, len(questions), _AT_ONCE):
            for way in self._asked(questions[start : start + _AT_ONCE]):
                found.setdefault((way.rule.name, way.premises), way)
        return sorted(found.values(), key=lambda way: len(way.premises))

    def _asked(self, questions: Sequence[Question]) -> Iterator[Way]:
        """The ways that each question finds, by one query."""
        prologue = " ".join(dict.fromkeys(each.rule.prologue for each in questions))
        pattern = " UNION ".join(
            f"{{ {each.pattern}\n BIND({at} AS ?question) }}" for at, each in enumerate(questions)
        )
        table = self._engine.table(instances(Rule("", (), (), prologue=prologue), pattern, None))
        for row in table.rows:
            values = {
                Variable(name): node_of(term)
                for name, term in zip(table.columns, row, strict=True)
                if term is not None
            }
            question = questions[int(str(values[_QUESTION]))]
            yield Way(
                question.rule,
                tuple(map(statement_of, question.premises(values))),
                tuple(tuple(map(statement_of, each)) for each in question.absences(values)),
            )

    def _effort(self, way: Way) -> tuple[int, int, str, str]:
        inferred = sum(not self.placed[each].grounds for each in way.premises)
        return inferred, len(way.premises), way.rule.name, str(way.premises)

    def _take(self, statements: Sequence[Statement]) -> None:
        """Takes in the next few ways that were found of each statement, the easiest first."""
        more = {each: self._later[each][:_TRIED] for each in statements}
        self.place(premise for ways in more.values() for way in ways for premise in way.premises)
        for each, ways in more.items():
            self._later[each] = self._later[each][_TRIED:]
            self.ways[each] += sorted(ways, key=self._effort)

    def _has_more(self, statement: Statement) -> bool:
        followed = self._followed[statement]
        return bool(self._later[statement]) or followed < len(self.ways[statement])

    def _next(self, statement: Statement, most: int) -> list[Statement]:
        """The premises of the next few ways of a statement that are to be looked into."""
        start = self._followed[statement]
        self._followed[statement] = start + most
        return [
            premise
            for way in self.ways[statement][start : start + most]
            for premise in way.premises
            if not self.placed[premise].grounds and premise not in self.ways
        ]
