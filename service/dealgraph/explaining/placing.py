"""Where statements stand in a release: what holds by itself, and what only follows."""

from collections.abc import Iterable
from dataclasses import dataclass

from dealgraph.explaining.terms import rows_on
from dealgraph.explaining.tree import Believed, Ground, Stated, Statement
from dealgraph.questions.labels import Engine
from dealgraph.vocab import ANALYSES_GRAPH, CURRENT_GRAPH, GRAPH, INFERRED_GRAPH

_FOLLOWS = {str(INFERRED_GRAPH), str(ANALYSES_GRAPH)}


@dataclass(frozen=True)
class Placed:
    """``grounds`` are those that need no further explanation; ``follows`` and ``analysed`` say
    whether graph/inferred and graph/analyses have it."""

    grounds: tuple[Ground, ...] = ()
    follows: bool = False
    analysed: bool = False

    @property
    def holds(self) -> bool:
        """Whether any graph of what is held has it."""
        return bool(self.grounds) or self.follows or self.analysed


def place(engine: Engine, statements: Iterable[Statement]) -> dict[Statement, Placed]:
    """Where each statement stands; claims are no places: what they say need not hold."""
    wanted = list(dict.fromkeys(statements))
    graphs: dict[Statement, set[str]] = {each: set() for each in wanted}
    for row in rows_on(engine, "placed", wanted):
        statement = Statement(row["subject"], row["predicate"], row["object"])
        graphs.setdefault(statement, set()).add(row["graph"].value)
    current = [each for each, names in graphs.items() if str(CURRENT_GRAPH) in names]
    beliefs = {
        Statement(row["subject"], row["predicate"], row["object"]): Believed(
            row["belief"].value,
            row["disputed"].value == "true",
            int(row["origins"].value),
            row["modality"].value.rsplit("/", 1)[-1],
        )
        # What identity says as well has a belief, but no second triple.
        for row in rows_on(engine, "beliefs", wanted)
    }
    found = {}
    for each in wanted:
        names = graphs[each]
        grounds: list[Ground] = [
            Stated(name.removeprefix(GRAPH))
            for name in sorted(names - _FOLLOWS - {str(CURRENT_GRAPH)})
        ]
        if each in beliefs:
            grounds.append(beliefs[each])
        elif each in current and each.subject is not None:
            # The field of a value node, which names its claims itself.
            grounds.append(Believed(each.subject.value))
        found[each] = Placed(
            tuple(grounds), str(INFERRED_GRAPH) in names, str(ANALYSES_GRAPH) in names
        )
    return found
