"""Rules evaluated from a few changed triples outward: the joins of an incremental run.

A changed triple is put in the place of one pattern of a rule, as a row of VALUES, and the rest of
the rule is matched from there. Oxigraph starts with few rows and not with many, so they go in
batches.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rdflib import Dataset, Literal, URIRef, Variable

from dealgraph.graph.dataset import select
from dealgraph.graph.patterns import Bound, Pattern, filled, rows_text, text_of, unify, variables_of
from dealgraph.graph.rule import READ, Rule, instances
from dealgraph.graph.rule_files import VARIABLE
from dealgraph.graph.strata import PatternIndex, Stratum
from dealgraph.vocab import GRAPH

# Holds, while a change is carried through, what was there before it and is not now.
GONE = URIRef(GRAPH + "gone")

_BATCH = 50


class Site(NamedTuple):
    """A pattern in a rule: number ``at`` of its body, or, below zero, one of what it forbids."""

    stratum: int
    rule: int
    at: int


class Watch:
    """The rules in their strata, found by the triples that they read and conclude."""

    def __init__(self, strata: Sequence[Stratum]) -> None:
        self.strata = strata
        self._sites: list[tuple[Site, Pattern]] = []
        self._heads: list[tuple[int, int]] = []
        self._read, self._concluded = PatternIndex(), PatternIndex()
        for stratum, group in enumerate(strata):
            for number, rule in enumerate(group.rules):
                for at, pattern in enumerate(rule.body):
                    self._watch(Site(stratum, number, at), pattern)
                forbidden = (pattern for part in rule.parts for pattern in part.reads)
                for at, pattern in enumerate(forbidden, start=1):
                    self._watch(Site(stratum, number, -at), pattern)
                for head in rule.heads:
                    self._concluded.add(head, len(self._heads))
                    self._heads.append((stratum, number))

    def _watch(self, site: Site, pattern: Pattern) -> None:
        self._read.add(pattern, len(self._sites))
        self._sites.append((site, pattern))

    def rule(self, site: Site) -> Rule:
        """The rule that a site is in."""
        return self.strata[site.stratum].rules[site.rule]

    def readers(self, triple: Pattern) -> Iterator[tuple[Site, Bound]]:
        """Where the triple matches, with the values that make it match."""
        for number in self._read.near(triple):
            site, pattern = self._sites[number]
            bound = unify(pattern, triple)
            if bound is not None:
                yield site, bound

    def makers(self, triple: Pattern) -> set[tuple[int, int]]:
        """The rules that may conclude the triple: each by its stratum and its number there."""
        return {self._heads[number] for number in self._concluded.near(triple)}


def joined(
    dataset: Dataset, rule: Rule, at: int, rows: Iterable[Bound], *, now: bool
) -> Iterator[Pattern]:
    """The conclusions of all instances of a rule that have one of the rows at a site.

    ``now``: as things are. Else what may have been concluded before, or a little more: what there
    is and what is GONE count as there, and what is forbidden is not looked at.
    """
    rest = [pattern for number, pattern in enumerate(rule.body) if number != at]
    if at < 0:
        # Another triple may still be what is forbidden: a variable that only the forbidden part
        # has stays open.
        asked = variables_of(rule.body)
        rows = [{name: row[name] for name in row if name in asked} for row in rows]
    if now:
        tests, graphs = rule.tests(), READ
    else:
        kept = [part.text for part in rule.parts if part.kind in ("bind", "filter")]
        tests, graphs = "\n  ".join(kept), (*READ, GONE)
    yield from _concluded(dataset, rule, rows, rest, tests, graphs)


def rederived(dataset: Dataset, rule: Rule, triples: Iterable[Pattern]) -> Iterator[Pattern]:
    """The conclusions of all instances of a rule that hold now and conclude one of the triples."""
    if rule.whole:
        yield from everything(dataset, rule)
        return
    wanted = list(triples)
    for head in rule.heads:
        rows: list[Bound] = [
            bound for triple in wanted if (bound := unify(head, triple)) is not None
        ]
        minted = variables_of([head]) & rule.minted
        if rows and minted:
            # A computed name tells nothing of what it was computed from; the other conclusions
            # of the same instance do, and where it held before they were there.
            names = variables_of(rule.heads) - rule.minted
            rows = [
                row
                for batch in _batches(rows)
                for row in _rows(dataset, rule, names, batch, text_of(rule.heads), (*READ, GONE))
            ]
        if rows:
            yield from _concluded(dataset, rule, rows, rule.body, rule.tests(), READ)


def everything(dataset: Dataset, rule: Rule) -> Iterator[Pattern]:
    """All that a rule concludes as things are."""
    yield from _concluded(dataset, rule, [{}], rule.body, rule.tests(), READ)


def _concluded(
    dataset: Dataset,
    rule: Rule,
    rows: Iterable[Bound],
    rest: Sequence[Pattern],
    tests: str,
    graphs: Iterable[URIRef],
) -> Iterator[Pattern]:
    names = variables_of(rule.heads)
    used = names | variables_of(rest) | {Variable(name) for name in VARIABLE.findall(tests)}
    # Two changed triples that differ in nothing that the rest asks for are one row.
    few = {
        tuple(sorted((name, value) for name, value in row.items() if name in used)) for row in rows
    }
    found: Iterable[Bound]
    if rest or tests:
        pattern = f"{text_of(rest)}\n  {tests}"
        found = (
            row
            for batch in _batches([dict(row) for row in few])
            for row in _rows(dataset, rule, names, batch, pattern, graphs)
        )
    else:
        found = map(dict, few)
    for row in found:
        for head in rule.heads:
            triple = filled(head, row)
            # As in a CONSTRUCT: what is no triple is none.
            if not isinstance(triple[0], Literal) and not variables_of([triple]):
                yield triple


def _rows(
    dataset: Dataset,
    rule: Rule,
    names: Iterable[Variable],
    batch: Sequence[Bound],
    pattern: str,
    graphs: Iterable[URIRef],
) -> Iterator[Bound]:
    """The values of *names* where a pattern holds, which the rows of a batch are joined to."""
    text = instances(rule, f"{rows_text(batch)}\n  {pattern}", names, graphs)
    yield from select(dataset, text)


def _batches(rows: Sequence[Bound]) -> Iterator[Sequence[Bound]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
