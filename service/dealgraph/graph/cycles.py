"""Where money can go round: simple directed cycles of money between groups, of any length.

A cycle is circular financing where one edge brings capital, a promise of it, or shares, and
*another* edge pays for supplies. Definition, grades and what is not claimed: docs/money.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from rdflib import RDF, SKOS, XSD, Dataset, Graph, Literal, URIRef

from dealgraph.graph.bands import decimal
from dealgraph.graph.identity import Triple
from dealgraph.graph.money_edges import (
    CAPITAL,
    GRADES,
    PURCHASE,
    Edges,
    MoneyEdge,
    edge_triples,
    money_edges,
    smallest,
)
from dealgraph.graph.simple_cycles import simple_cycles
from dealgraph.vocab import DG, ENTITIES_GRAPH, ID, identity

# More cycles than a person will ever read; beyond it only the short ones are listed, and said so.
BUDGET: Final = 10_000

Members = tuple[URIRef, ...]

SEARCH: Final = identity("analysis", "money-cycles")


@dataclass(frozen=True)
class Found:
    """Cycles with the rank of their grade; *bound* is the length that was searched up to.

    None: every length.
    """

    cycles: Mapping[Members, int]
    bound: int | None


def cycles(dataset: Dataset) -> Iterator[Triple]:
    """Every circle of money as a dg:FlowCycle with its steps, the edges, and the search."""
    edges = money_edges(dataset)
    found = find_cycles(edges)
    yield from _search(found)
    entities = dataset.graph(ENTITIES_GRAPH)
    names = {
        member: _names(entities, member) for member in sorted({m for c in found.cycles for m in c})
    }
    used: dict[URIRef, MoneyEdge] = {}
    for members, rank in found.cycles.items():
        steps = steps_of(members, edges)
        used.update((edge.node, edge) for edge in steps)
        yield from _cycle(members, rank, steps, names)
    yield from edge_triples(used.values())


def find_cycles(edges: Edges, budget: int = BUDGET) -> Found:
    """The cycles of circular financing, shortest first, each from its smallest IRI on.

    More than *budget* simple cycles of any kind lower the length that is searched: to the
    greatest at which they fit, never below two.
    """
    simple, bound = simple_cycles(edges, budget)
    graded: dict[Members, int] = {}
    for members in sorted(simple, key=lambda each: (len(each), each)):
        rank = grade_of([edge.ranks for edge in steps_of(members, edges)])
        if rank is not None:
            graded[members] = rank
    return Found(graded, bound)


def steps_of(members: Members, edges: Edges) -> list[MoneyEdge]:
    """The edges from each member to the next, and from the last to the first."""
    return [edges[pair] for pair in zip(members, (*members[1:], members[0]), strict=True)]


def grade_of(steps: Sequence[Mapping[URIRef, int]]) -> int | None:
    """The rank of a cycle, by the rank of each family on each edge; None where it is none.

    It is the best rank at which every edge still has a flow, one of them of capital and another
    of purchase: a signed purchase makes no rumoured investment real.
    """
    for rank in range(len(GRADES)):
        left = [{family for family, has in step.items() if has <= rank} for step in steps]
        capital = {at for at, families in enumerate(left) if families & CAPITAL}
        purchase = {at for at, families in enumerate(left) if PURCHASE in families}
        if all(left) and capital and purchase and len(capital | purchase) > 1:
            return rank
    return None


def _search(found: Found) -> Iterator[Triple]:
    yield SEARCH, RDF.type, DG.CycleSearch
    yield SEARCH, SKOS.prefLabel, Literal("search for circles of money", lang="en")
    yield SEARCH, SKOS.prefLabel, Literal("busca de círculos de dinheiro", lang="pt")
    yield SEARCH, DG.cyclesFound, _whole(len(found.cycles))
    if found.bound is not None:
        yield SEARCH, DG.cycleLengthBound, _whole(found.bound)


def _cycle(
    members: Members,
    rank: int,
    steps: Sequence[MoneyEdge],
    names: Mapping[URIRef, Mapping[str, str]],
) -> Iterator[Triple]:
    key = sha256("\n".join(members).encode()).hexdigest()[:16]
    cycle = identity("cycle", key)
    yield cycle, RDF.type, DG.FlowCycle
    yield cycle, DG.cycleLength, _whole(len(members))
    yield cycle, DG.grade, GRADES[rank]
    for lang in ("en", "pt"):
        label = " → ".join(names[member][lang] for member in (*members, members[0]))
        yield cycle, SKOS.prefLabel, Literal(label, lang=lang)
    for family in sorted({family for step in steps for family in step.ranks}):
        yield cycle, DG.family, family
    maximum, without = smallest(steps)
    if maximum is not None:
        yield cycle, DG.smallestEdgeMaximum, decimal(maximum.value)
        yield cycle, DG.maximumCurrency, Literal(maximum.currency)
    yield cycle, DG.edgesWithoutMaximum, _whole(without)
    for position, edge in enumerate(steps, start=1):
        step = identity("cycle", f"{key}/step/{position}")
        yield cycle, DG.hasStep, step
        yield step, RDF.type, DG.CycleStep
        yield step, DG.position, _whole(position)
        yield step, DG.onEdge, edge.node


def _whole(number: int) -> Literal:
    return Literal(number, datatype=XSD.integer)


def _names(entities: Graph, member: URIRef) -> Mapping[str, str]:
    """The name in each language; the key for one without."""
    labels = list(entities.objects(member, SKOS.prefLabel))
    found = {each.language: str(each) for each in labels if isinstance(each, Literal)}
    fallback = next(iter(found.values()), member.removeprefix(f"{ID}org/"))
    return {lang: found.get(lang, fallback) for lang in ("en", "pt")}
