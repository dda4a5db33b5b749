"""Rules without class expressions: what an expression stands for is put in its place.

In the ontology a class can be defined by an expression (an intersection, a restriction), and a
property by a chain; both are nodes of their own there, whose IRIs are in ``.well-known/genid/``.
No graph of data speaks of them. Unfolding is that of logic programs (Tamaki and Sato, 1984).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rdflib import RDF, URIRef, Variable
from rdflib.term import Node

from dealgraph.graph.patterns import Pattern, filled, unify, variables_of
from dealgraph.graph.rule import Rule
from dealgraph.vocab import SKOLEM

# A pattern that is still to be looked at, and the expressions that it came from.
_Goal = tuple[Pattern, frozenset[Pattern]]


def unfold(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules that give the same triples about data, and speak of no expression.

    An expression that nothing leads to gives no rule, and what concludes only what it asks for is
    left out.
    """
    makers: dict[Node, list[Rule]] = defaultdict(list)
    wanted: list[Rule] = []
    for rule in rules:
        expression = _expression(rule.heads[0])
        (wanted if expression is None else makers[expression]).append(rule)
    found = (
        each
        for rule in wanted
        for each in _unfolded(rule, [(goal, frozenset()) for goal in rule.body], makers)
    )
    return tuple(dict.fromkeys(found))


def _expression(pattern: Pattern) -> Node | None:
    """The expression that a pattern speaks of: as a class, or as a property."""
    _, predicate, value = pattern
    for node in (predicate, value if predicate == RDF.type else None):
        if isinstance(node, URIRef) and node.startswith(SKOLEM):
            return node
    return None


def _unfolded(
    rule: Rule, goals: Sequence[_Goal], makers: Mapping[Node, Sequence[Rule]]
) -> Iterator[Rule]:
    if any(head in {goal for goal, _ in goals} for head in rule.heads):
        return
    for at, (goal, above) in enumerate(goals):
        expression = _expression(goal)
        if expression is None:
            continue
        if goal not in above:  # else it would follow from itself
            for maker in makers.get(expression, ()):
                made = _renamed(maker, goal, rule.through)
                yield from _unfolded(
                    replace(
                        rule,
                        parts=(*rule.parts, *made.parts),
                        axioms=tuple(dict.fromkeys((*rule.axioms, *made.axioms))),
                        through=(*rule.through, made.name, *made.through),
                    ),
                    [
                        *goals[:at],
                        *((each, above | {goal}) for each in made.body),
                        *goals[at + 1 :],
                    ],
                    makers,
                )
        return
    yield replace(rule, body=tuple(dict.fromkeys(goal for goal, _ in goals)))


def _renamed(maker: Rule, goal: Pattern, through: tuple[str, ...]) -> Rule:
    """The maker with the goal as its conclusion; its other variables get names of their own."""
    names: dict[Variable, Node] = {
        each: Variable(f"{each}{len(through) + 1}") for each in variables_of(maker.body)
    }
    names |= unify(maker.heads[0], goal) or {}
    return replace(
        maker,
        body=tuple(filled(each, names) for each in maker.body),
        parts=tuple(part.filled(names) for part in maker.parts),
    )
