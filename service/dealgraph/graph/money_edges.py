"""All flows from one group to another as one edge: its families, how real they are, its maximum.

docs/money.md, "Edges" and "The maximum of an edge".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rdflib import RDF, Dataset, Literal, URIRef
from rdflib.term import Node

from dealgraph.graph.bands import Band, component_bands, decimal
from dealgraph.graph.edge_maximum import Maximum, Ties, edge_maximum
from dealgraph.graph.identity import Triple
from dealgraph.vocab import DG, ENTITIES_GRAPH, ID, INFERRED_GRAPH, concept, identity

# From the most real to the least; the place in the list is the rank.
GRADES = tuple(
    concept("flow-grade", name)
    for name in ("actual", "contingent", "prospective", "rumoured", "historic", "unknown")
)
PURCHASE = concept("money-family", "purchase")
CONTINGENT = concept("money-family", "contingent")
IN_KIND = concept("money-family", "in-kind")
# What can be the first half of circular financing: money, a promise of money, or shares.
CAPITAL = frozenset({concept("money-family", "capital"), CONTINGENT, IN_KIND})

_RANK = {grade: rank for rank, grade in enumerate(GRADES)}
_ACTUAL, _CONTINGENT, _HISTORIC = 0, 1, 4


@dataclass
class MoneyEdge:
    """That one group pays another. ``ranks`` has the best rank of each family (see GRADES)."""

    payer: URIRef
    payee: URIRef
    flows: list[URIRef] = field(default_factory=list)
    ranks: dict[URIRef, int] = field(default_factory=dict)
    maximum: Maximum | None = None

    @property
    def node(self) -> URIRef:
        """The IRI of the edge, made of the keys of its ends."""
        ends = (end.removeprefix(f"{ID}org/") for end in (self.payer, self.payee))
        return identity("edge", "/".join(ends))

    def best(self) -> int:
        """The rank of the most real flow."""
        return min(self.ranks.values())


Edges = Mapping[tuple[URIRef, URIRef], MoneyEdge]


def money_edges(dataset: Dataset) -> Edges:
    """Every edge between two groups, from graph/inferred; unnamed groups of agents have none."""
    inferred = dataset.graph(INFERRED_GRAPH)
    unnamed = {
        each
        for name in (ENTITIES_GRAPH, INFERRED_GRAPH)
        for each in dataset.graph(name).subjects(RDF.type, DG.AgentGroup)
    }
    payers, payees, families, components = (
        dict(inferred.subject_objects(predicate))
        for predicate in (DG.payer, DG.payee, DG.family, DG.fromComponent)
    )
    grades: dict[Node, list[Node]] = defaultdict(list)
    for flow, grade in inferred.subject_objects(DG.grade):
        grades[flow].append(grade)
    edges: dict[tuple[URIRef, URIRef], MoneyEdge] = {}
    through: dict[tuple[URIRef, URIRef], list[_Way]] = defaultdict(list)
    for flow in sorted(payers, key=str):
        payer, payee, family = payers[flow], payees[flow], families[flow]
        if payer in unnamed or payee in unnamed or payer == payee:
            continue
        ends = (URIRef(str(payer)), URIRef(str(payee)))
        edge = edges.setdefault(ends, MoneyEdge(*ends))
        edge.flows.append(URIRef(str(flow)))
        rank = min((_rank(grade, family) for grade in grades[flow]), default=len(GRADES) - 1)
        edge.ranks[URIRef(str(family))] = min(rank, edge.ranks.get(URIRef(str(family)), rank))
        through[ends].append(_Way(URIRef(str(components[flow])), rank, family == IN_KIND))
    bands, ties = component_bands(dataset), Ties.of(dataset)
    for ends, edge in edges.items():
        edge.maximum = _maximum(through[ends], bands, ties)
    return edges


@dataclass(frozen=True)
class _Way:
    """A component that an edge goes through."""

    component: URIRef
    rank: int
    in_kind: bool


def _rank(grade: Node, family: Node) -> int:
    rank = _RANK[URIRef(str(grade))]
    return _CONTINGENT if rank == _ACTUAL and family == CONTINGENT else rank


def _maximum(
    ways: Iterable[_Way], bands: Mapping[URIRef, tuple[Band, ...]], ties: Ties
) -> Maximum | None:
    """Shares are no money; what was called off counts only where there is nothing else."""
    money = [way for way in ways if not way.in_kind]
    alive = [way for way in money if way.rank != _HISTORIC]
    return edge_maximum({way.component for way in alive or money}, bands, ties)


def edge_triples(edges: Iterable[MoneyEdge]) -> Iterator[Triple]:
    """The nodes of edges that a cycle goes over."""
    for edge in edges:
        yield edge.node, RDF.type, DG.MoneyEdge
        yield edge.node, DG.edgeFrom, edge.payer
        yield edge.node, DG.edgeTo, edge.payee
        yield edge.node, DG.grade, GRADES[edge.best()]
        for family in sorted(edge.ranks):
            yield edge.node, DG.family, family
        for flow in edge.flows:
            yield edge.node, DG.hasFlow, flow
        if edge.maximum is not None:
            yield edge.node, DG.edgeMaximum, decimal(edge.maximum.value)
            yield edge.node, DG.maximumCurrency, Literal(edge.maximum.currency)


def smallest(edges: Iterable[MoneyEdge]) -> tuple[Maximum | None, int]:
    """The smallest maximum of the edges that have one, and how many have none.

    None where no edge has one, or where the currencies differ.
    """
    several = [edge.maximum for edge in edges]
    known = [each for each in several if each is not None]
    if len({each.currency for each in known}) != 1:
        return None, len(several) - len(known)
    return min(known, key=lambda each: each.value), len(several) - len(known)
