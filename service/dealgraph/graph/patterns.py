"""Triple patterns: triples whose places may be variables, and the values that fill them."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from string import Template

from rdflib import Variable
from rdflib.term import Node

Pattern = tuple[Node, Node, Node]
Bound = Mapping[Variable, Node]


def unify(pattern: Pattern, triple: tuple[Node, Node, Node]) -> dict[Variable, Node] | None:
    """The values that make *pattern* the triple; None where none do."""
    bound: dict[Variable, Node] = {}
    for wanted, node in zip(pattern, triple, strict=True):
        if isinstance(wanted, Variable):
            if bound.setdefault(wanted, node) != node:
                return None
        elif wanted != node:
            return None
    return bound


def filled(pattern: Pattern, values: Bound) -> Pattern:
    """The pattern with values in the place of variables."""
    subject, predicate, value = (
        values.get(node, node) if isinstance(node, Variable) else node for node in pattern
    )
    return subject, predicate, value


def variables_of(patterns: Iterable[Pattern]) -> set[Variable]:
    """The variables in patterns."""
    return {node for pattern in patterns for node in pattern if isinstance(node, Variable)}


def parted(
    patterns: Iterable[Pattern], needed: Iterable[Variable]
) -> tuple[list[Pattern], list[list[Pattern]]]:
    """Patterns that bind the *needed* variables, and groups that only have to hold beside them.

    Patterns hang together by the variables that aren't needed; a group of them is left out of
    the first list where the rest still binds every needed variable in it.
    """
    kept = set(needed)
    groups: list[list[Pattern]] = []
    for pattern in patterns:
        loose = variables_of([pattern]) - kept
        near = [group for group in groups if variables_of(group) & loose]
        groups = [group for group in groups if group not in near]
        groups.append([*(each for group in near for each in group), pattern])
    asked = []
    for group in [each for each in groups if variables_of(each) - kept]:
        rest = [each for other in groups if other is not group for each in other]
        if variables_of(group) & kept <= variables_of(rest):
            groups.remove(group)
            asked.append(group)
    return [each for group in groups for each in group], asked


def text_of(patterns: Iterable[Pattern]) -> str:
    """Patterns in SPARQL."""
    return " ".join(f"{' '.join(node.n3() for node in pattern)} ." for pattern in patterns)


def rows_text(rows: Iterable[Bound]) -> str:
    """Rows that have the same variables as a VALUES of SPARQL; the empty text for no variable."""
    lines = list(rows)
    names = sorted(lines[0]) if lines else []
    if not names:
        return ""
    table = " ".join(f"({' '.join(line[name].n3() for name in names)})" for line in lines)
    return f"VALUES ({' '.join(name.n3() for name in names)}) {{ {table} }}"


@cache
def template(name: str) -> Template:
    """A SPARQL text of this folder with places to fill."""
    return Template(files("dealgraph.graph").joinpath(name).read_text("utf-8"))
