"""A rule: what follows from what, ready to be run on a store or asked why."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from rdflib import URIRef, Variable
from rdflib.term import Node

from dealgraph.graph.patterns import (
    Bound,
    Pattern,
    filled,
    parted,
    rows_text,
    template,
    text_of,
    unify,
    variables_of,
)
from dealgraph.graph.rule_files import VARIABLE, Part
from dealgraph.vocab import CURRENT_GRAPH, ENTITIES_GRAPH, INFERRED_GRAPH, SCHEMES_GRAPH

# What rules read: never ontology, whose part in them is known, and never a claim.
READ: tuple[URIRef, ...] = (SCHEMES_GRAPH, ENTITIES_GRAPH, CURRENT_GRAPH, INFERRED_GRAPH)


@dataclass(frozen=True)
class Rule:
    """Where every pattern of ``body`` holds and no part of ``parts`` objects, ``heads`` follow.

    ``name`` is that of the rule file, by the names of OWL 2 RL where it is one of those;
    ``through`` the files of the class expressions that were unfolded into it. ``notes`` say what
    it does (``en``, ``pt``) and where it is defined (``see``). ``axioms`` are triples of the
    ontology that it was made from, where they are plain ones.

    To explain a triple: for each rule, ``question = rule.premises_query(triple)``; where that is
    not None, run ``question.text`` on a graph with its inferences (default graph: what queries
    read by default), and each row gives ``question.premises(row)``, the triples it follows from,
    in the order of ``body``. ``rule.absences(question, row)`` gives what must not be there.
    """

    name: str
    heads: tuple[Pattern, ...]
    body: tuple[Pattern, ...]
    parts: tuple[Part, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict, compare=False)
    prologue: str = field(default="", compare=False)
    axioms: tuple[Pattern, ...] = field(default=(), compare=False)
    through: tuple[str, ...] = field(default=(), compare=False)

    @property
    def whole(self) -> bool:
        """Whether it can only be run as a whole: nothing says what a changed triple does to it."""
        return any(part.kind == "other" for part in self.parts)

    @property
    def absent(self) -> tuple[tuple[Pattern, ...], ...]:
        """The groups of patterns none of which may hold."""
        return tuple(part.reads for part in self.parts if part.kind == "absent")

    @property
    def minted(self) -> frozenset[Variable]:
        """The variables that the rule computes."""
        return frozenset(part.variable for part in self.parts if part.variable is not None)

    def premises_query(self, triple: tuple[Node, Node, Node]) -> "Question | None":
        """What asks how *triple* follows by this rule; None where it can't."""
        for head in self.heads:
            bound = unify(head, triple)
            if bound is not None:
                # All conclusions hold where one does: they lead to what a computed name is of.
                others = self.heads if self.minted & set(bound) else ()
                pattern = "\n  ".join(
                    [rows_text([bound]), text_of(others), text_of(self.body), self.tests(bound)]
                )
                variables = variables_of(self.body) - set(bound)
                return Question(instances(self, pattern, variables), self, bound, pattern)
        return None

    def tests(self, bound: Iterable[Variable] = ()) -> str:
        """Filters and computed values; a value that is known already is compared."""
        known = set(bound)
        return "\n  ".join(
            f"FILTER({part.variable.n3()} = ({part.expression}))"
            if part.variable is not None and part.variable in known
            else part.text
            for part in self.parts
        )

    def news(self, head: Pattern) -> str:
        """The pattern of the instances whose conclusion *head* isn't known yet.

        What is only asked to be there is asked once for each conclusion: a firm with a thousand
        investments and a thousand supplies is an investor and a supplier, not a million times.
        """
        needed = variables_of([head]) | {
            Variable(name) for part in self.parts for name in VARIABLE.findall(part.text)
        }
        joined, asked = parted(self.body, needed)
        # Not FILTER EXISTS: Oxigraph plans its inside without what is bound outside, and goes
        # through all deal components for each firm.
        once = "\n  ".join(_distinct(group, needed) for group in asked)
        known = f"FILTER NOT EXISTS {{ {text_of([head])} }}"
        return f"{text_of(joined)}\n  {once}\n  {self.tests()}\n  {known}"

    def insertion(self, head: Pattern) -> str:
        """The SPARQL update that adds what *head* says, for all instances."""
        return template("rule-insert.ru").substitute(
            prologue=self.prologue,
            head=text_of([head]),
            graphs=" ".join(f"USING {name.n3()}" for name in READ),
            pattern=self.news(head),
        )


def _distinct(group: Sequence[Pattern], needed: Set[Variable]) -> str:
    names = " ".join(sorted(name.n3() for name in variables_of(group) & needed)) or "(1 AS ?held)"
    return f"{{ SELECT DISTINCT {names} WHERE {{ {text_of(group)} }} }}"


class Question(NamedTuple):
    """A SPARQL SELECT for the ways in which a triple follows by a rule."""

    text: str
    rule: Rule
    bound: Bound
    # What stands in its WHERE: several questions can be asked at once.
    pattern: str

    def premises(self, row: Bound) -> tuple[Pattern, ...]:
        """The triples of the body for one row: rdflib variables with their values."""
        values = {**row, **self.bound}
        return tuple(filled(pattern, values) for pattern in self.rule.body)

    def absences(self, row: Bound) -> tuple[tuple[Pattern, ...], ...]:
        """What must not be there for one row; variables stand for anything."""
        values = {**row, **self.bound}
        return tuple(
            tuple(filled(pattern, values) for pattern in group) for group in self.rule.absent
        )


def instances(
    rule: Rule,
    pattern: str,
    variables: Iterable[Variable] | None,
    graphs: Iterable[URIRef] = (),
) -> str:
    """A SELECT for *variables* (None: all) of a pattern, over *graphs* or what it is run on."""
    names = None if variables is None else " ".join(sorted(name.n3() for name in variables))
    return template("rule-instances.rq").substitute(
        prologue=rule.prologue,
        variables="*" if names is None else names or "(1 AS ?holds)",
        graphs=" ".join(f"FROM {name.n3()}" for name in graphs),
        pattern=pattern,
    )
