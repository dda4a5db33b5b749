"""From the ways in which statements follow to a tree in which none is its own premise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib import RDF

from dealgraph.explaining.terms import statement_of
from dealgraph.explaining.tree import Analysed, Because, Ground, Inferred, State, Statement
from dealgraph.explaining.ways import Way, Ways


@dataclass(frozen=True)
class Limits:
    """How large an explanation may be: ``deep`` steps down, ``ways`` for the statement that is
    asked about and ``ways_below`` for each other, ``statements`` looked into, ``nodes`` shown."""

    deep: int = 12
    ways: int = 6
    ways_below: int = 2
    statements: int = 250
    nodes: int = 150


class Builder:
    """Builds the tree of one statement; what was explained is not explained again further down.

    *looked_at* has the statements that the analysis that found it looked at, where one did.
    """

    def __init__(self, ways: Ways, limits: Limits, looked_at: Sequence[Statement] = ()) -> None:
        self._ways = ways
        self._looked_at = looked_at
        self._limits = limits
        self._nodes = 0
        # Statements that were explained -> all that their explanations speak of.
        self._done: dict[Statement, frozenset[Statement]] = {}

    def build(self, statement: Statement, above: frozenset[Statement], deep: int) -> Because:
        """The tree below a statement that has *above* over it, *deep* steps down."""
        self._nodes += 1
        placed = self._ways.placed[statement]
        if placed.grounds:
            self._done[statement] = frozenset({statement})
            return Because(statement, "explained", placed.grounds)
        if placed.analysed:
            premises = () if deep else self._looked_at
            self._done[statement] = frozenset({statement})
            looked = tuple(self.build(each, above | {statement}, deep + 1) for each in premises)
            return Because(statement, "explained", (Analysed(looked),))
        seen = self._done.get(statement)
        # Said again by reference only where that can't lead round in a circle.
        if seen is not None and not seen & above:
            return Because(statement, "repeated")
        if statement not in self._ways.ways or deep > self._limits.deep or self._is_full():
            return Because(statement, "cut")
        return self._inferred(statement, above | {statement}, deep)

    def _is_full(self) -> bool:
        return self._nodes > self._limits.nodes

    def _inferred(self, statement: Statement, above: frozenset[Statement], deep: int) -> Because:
        sound = self._ways.sound(above)
        ranked = self._ranked(statement, sound)
        if not ranked:
            ranked = self._ranked(statement, self._ways.sound(above, trusting=True))
        most = self._limits.ways_below if deep else self._limits.ways
        grounds: list[Ground] = []
        spoken = {statement}
        for way in ranked[:most]:
            if grounds and self._is_full():
                break
            premises = tuple(self.build(each, above, deep + 1) for each in way.premises)
            for each in way.premises:
                spoken |= self._done.get(each, {each})
            grounds.append(_ground(way, premises))
        self._done[statement] = frozenset(spoken)
        more = len(ranked) - len(grounds) + self._ways.later(statement)
        state: State = "explained" if grounds else "unexplained"
        return Because(statement, state, tuple(grounds), more)

    def _ranked(self, statement: Statement, sound: Mapping[Statement, int]) -> list[Way]:
        """The ways that hold, those with the fewest steps first."""
        found = []
        for order, way in enumerate(self._ways.ways[statement]):
            steps = self._ways.steps(way, sound)
            if steps is not None:
                found.append((steps, order, way))
        return [way for _, _, way in sorted(found, key=lambda each: each[:2])]


def _ground(way: Way, premises: tuple[Because, ...]) -> Inferred:
    rule = way.rule
    # That a property is one of objects says nothing beside what else the ontology says of it.
    telling = [each for each in rule.axioms if each[1] != RDF.type] or rule.axioms
    return Inferred(
        rule=rule.name,
        words={lang: text for lang, text in rule.notes.items() if lang != "see"},
        see=rule.notes.get("see", ""),
        through=rule.through,
        axioms=tuple(map(statement_of, telling)),
        premises=premises,
        absent=way.absent,
    )
