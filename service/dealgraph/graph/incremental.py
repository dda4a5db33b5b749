"""What follows after a small change: graph/inferred brought up to date from what changed.

Delete and rederive (Gupta, Mumick and Subrahmanian, https://doi.org/10.1145/170035.170066), one
stratum after the other: take away all that may rest on what is gone, give back what still
follows, then add what is new, each from the changed triples outward. See docs/reasoning.md.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rdflib import Dataset, Variable
from rdflib.term import Node

from dealgraph.errors import Inconsistent
from dealgraph.graph.deltas import GONE, Site, Watch, everything, joined, rederived
from dealgraph.graph.patterns import Bound, Pattern
from dealgraph.graph.rule import Rule
from dealgraph.graph.strata import strata
from dealgraph.vocab import CURRENT_GRAPH, ENTITIES_GRAPH, INFERRED_GRAPH, SCHEMES_GRAPH

# A rule that mints a new IRI each time never comes to rest; a chain takes a round for each link.
_ROUNDS = 1000


def update_inferred(
    dataset: Dataset,
    rules: Sequence[Rule],
    added: Iterable[Pattern],
    removed: Iterable[Pattern],
) -> tuple[int, int]:
    """Makes graph/inferred what ``infer`` would make of it, and gives how many triples came and
    how many went.

    *dataset* has the change already; before it, graph/inferred was what ``infer`` makes. *added*
    and *removed* name at least every triple that came to or went from entities and current.
    What it costs goes by what changes, not by what there is.

    :raises Inconsistent: when the rules don't come to rest, or forbid what they lead to.
    """
    change = _Change(dataset, rules)
    try:
        change.begin(added, removed)
        for number in range(len(change.watch.strata)):
            change.carry_through(number)
        return len(change.came), len(change.went)
    finally:
        dataset.graph(GONE).remove((None, None, None))


class _Change:
    """One change on its way through the strata.

    What was there before and is not now stands in the graph GONE until the end: what may have
    rested on it is found by matching rules against what there is and what there was.
    """

    def __init__(self, dataset: Dataset, rules: Sequence[Rule]) -> None:
        self.watch = Watch(strata(rules))
        self.came: set[Pattern] = set()
        self.went: set[Pattern] = set()
        self._dataset = dataset
        self._base = [dataset.graph(n) for n in (SCHEMES_GRAPH, ENTITIES_GRAPH, CURRENT_GRAPH)]
        self._inferred = dataset.graph(INFERRED_GRAPH)
        self._gone_graph = dataset.graph(GONE)
        self._gone: set[Pattern] = set()
        # By stratum: what may follow again, and how changed triples match at the sites of rules.
        self._doubtful: dict[int, set[Pattern]] = defaultdict(set)
        self._new_rows: _Rows = defaultdict(lambda: defaultdict(list))
        self._gone_rows: _Rows = defaultdict(lambda: defaultdict(list))

    def begin(self, added: Iterable[Pattern], removed: Iterable[Pattern]) -> None:
        """Takes note of what changed in entities and current."""
        for triple in set(removed):
            if not self._stated(triple):
                self._leave(triple)
                self._note(self._gone_rows, triple)
        for triple in set(added):
            if self._stated(triple):
                if triple in self._inferred:
                    # It stays, but what is stated is not inferred too.
                    self._inferred.remove(triple)
                    self.went.add(triple)
                else:
                    self._note(self._new_rows, triple)

    def carry_through(self, number: int) -> None:
        """Brings what the rules of one stratum conclude up to date."""
        whole, left = self._take_away(number)
        entered: set[Pattern] = set()
        for triple in self._give_back(number):
            if not self._known(triple):
                self._enter(triple, number, entered)
        for _ in range(_ROUNDS):
            found = set(self._followers(number, whole))
            whole = set()
            for triple in found:
                if not self._known(triple):
                    self._enter(triple, number, entered)
            if not found:
                break
        else:
            names = ", ".join(sorted({rule.name for rule in self.watch.strata[number].rules}))
            raise Inconsistent(
                f"The rules {names} do not come to rest.",
                "Look for a rule that makes a new IRI each time it runs.",
            )
        for triple in left - entered:
            self._note(self._gone_rows, triple, number + 1)
        for triple in entered - left:
            self._note(self._new_rows, triple, number + 1)

    def _take_away(self, number: int) -> tuple[set[int], set[Pattern]]:
        """Takes away what may rest on what is gone, or on the absence of what is new; also all
        that rules conclude that can only be run as a whole, and have to be: these come back too."""
        whole: set[int] = set()
        left, kept = set[Pattern](), set[Pattern]()
        while True:
            again = self._whole(number) - whole
            whole |= again
            lost = {
                triple
                for at in again
                for head in self.watch.strata[number].rules[at].heads
                for triple in self._inferred.triples(_open(head))
            }
            for at, rule, rows in self._due(number, self._gone_rows, self._new_rows):
                lost.update(joined(self._dataset, rule, at, rows, now=False))
            lost = {triple for triple in lost - kept if triple in self._inferred}
            # What rules before this stratum conclude stays: all that they build on is final.
            # Without this, taking one deal from a firm of a thousand would doubt all of them.
            if lost:
                found = set(self._follows(lost, range(number)))
                kept |= lost & found
                lost -= found
            for triple in lost:
                self._leave(triple)
                self._note(self._gone_rows, triple, number, number)
            left |= lost
            if not lost:
                return whole, left

    def _give_back(self, number: int) -> Iterator[Pattern]:
        """What was taken away and follows all the same, by a rule of this stratum or before it."""
        doubtful = self._doubtful.pop(number, set()) & self._gone
        yield from self._follows(doubtful, range(number + 1))

    def _follows(self, triples: Iterable[Pattern], strata: range) -> Iterator[Pattern]:
        """What the rules of some strata conclude beside, or of, these triples as things are."""
        wanted: dict[tuple[int, int], list[Pattern]] = defaultdict(list)
        for triple in triples:
            for maker in self.watch.makers(triple):
                if maker[0] in strata:
                    wanted[maker].append(triple)
        for (stratum, at), concluded in wanted.items():
            rule = self.watch.strata[stratum].rules[at]
            yield from list(rederived(self._dataset, rule, concluded))

    def _followers(self, number: int, whole: set[int]) -> Iterator[Pattern]:
        """What follows from what is new, or because what was forbidden is gone."""
        for at in whole | self._whole(number):
            yield from everything(self._dataset, self.watch.strata[number].rules[at])
        for place, rule, rows in self._due(number, self._new_rows, self._gone_rows):
            yield from joined(self._dataset, rule, place, rows, now=True)

    def _due(
        self, number: int, asked: "_Rows", forbidden: "_Rows"
    ) -> Iterator[tuple[int, Rule, list[Bound]]]:
        """The sites of a stratum with rows to be joined: each row is given out once."""
        for rows, is_asked in ((asked[number], True), (forbidden[number], False)):
            for site in [site for site in rows if (site.at >= 0) == is_asked]:
                yield site.at, self.watch.rule(site), rows.pop(site)

    def _whole(self, number: int) -> set[int]:
        """The rules of a stratum that a change touched and that can only be run as a whole."""
        found = set()
        for rows in (self._new_rows[number], self._gone_rows[number]):
            for site in [site for site in rows if self.watch.rule(site).whole]:
                del rows[site]
                found.add(site.rule)
        return found

    def _note(self, rows: "_Rows", triple: Pattern, first: int = 0, last: float = math.inf) -> None:
        for site, bound in self.watch.readers(triple):
            if first <= site.stratum <= last:
                rows[site.stratum][site].append(bound)

    def _stated(self, triple: Pattern) -> bool:
        return any(triple in graph for graph in self._base)

    def _known(self, triple: Pattern) -> bool:
        return triple in self._inferred or self._stated(triple)

    def _leave(self, triple: Pattern) -> None:
        if triple in self._inferred:
            self._inferred.remove(triple)
            self.went.add(triple)
        self._gone.add(triple)
        self._gone_graph.add(triple)
        for stratum, _ in self.watch.makers(triple):
            self._doubtful[stratum].add(triple)

    def _enter(self, triple: Pattern, number: int, entered: set[Pattern]) -> None:
        self._inferred.add(triple)
        if triple in self.went:
            self.went.remove(triple)
        else:
            self.came.add(triple)
        if triple in self._gone:
            self._gone.remove(triple)
            self._gone_graph.remove(triple)
        entered.add(triple)
        self._note(self._new_rows, triple, number, number)


_Rows = dict[int, dict[Site, list[Bound]]]


def _open(head: Pattern) -> tuple[Node | None, Node | None, Node | None]:
    """A conclusion as rdflib asks a graph for it."""
    subject, predicate, value = (None if isinstance(node, Variable) else node for node in head)
    return subject, predicate, value
