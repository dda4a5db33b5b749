"""The most that can go over one edge, where its components say enough: docs/money.md.

Components are added only where it is known that none of their money is the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from rdflib import Dataset, URIRef

from dealgraph.graph.bands import Band
from dealgraph.vocab import DG, ENTITIES_GRAPH, INFERRED_GRAPH, concept

# Sums that bound all that a component moves, first those that are of one payer alone.
_OWN = frozenset(
    concept("amount-basis", name)
    for name in (
        "investment", "contract", "order", "loan", "purchase-price", "cumulative-investment",
        "combined-contracts",
    )
)  # fmt: skip
_SHARED = frozenset(
    concept("amount-basis", name) for name in ("round", "combined-investment", "authorised-ceiling")
)
_TOTALS = frozenset(
    concept("amount-basis", name)
    for name in ("cumulative-investment", "combined-contracts", "combined-investment")
)


class Maximum(NamedTuple):
    """A sum in units of a currency. ``shared``: it is of several payers together."""

    value: Decimal
    currency: str
    shared: bool = False


@dataclass(frozen=True)
class Ties:
    """Which components have money in common: wholes by part, and overlaps, both ways."""

    wholes: Mapping[URIRef, Set[URIRef]]
    overlaps: Mapping[URIRef, Set[URIRef]]

    @staticmethod
    def of(dataset: Dataset) -> "Ties":
        """The ties of graph/entities and of what follows: parts of parts, overlaps turned round."""
        wholes: dict[URIRef, set[URIRef]] = defaultdict(set)
        overlaps: dict[URIRef, set[URIRef]] = defaultdict(set)
        for name in (ENTITIES_GRAPH, INFERRED_GRAPH):
            graph = dataset.graph(name)
            for part, whole in graph.subject_objects(DG.isPartOfComponent):
                wholes[URIRef(str(part))].add(URIRef(str(whole)))
            for one, other in graph.subject_objects(DG.overlapsWith):
                overlaps[URIRef(str(one))].add(URIRef(str(other)))
        return Ties(wholes, overlaps)


def edge_maximum(
    components: Set[URIRef], bands: Mapping[URIRef, tuple[Band, ...]], ties: Ties
) -> Maximum | None:
    """The most that *components* can move together; None where they do not say, or not clearly.

    Parts count in their whole. Of a sum that several payers share the parts on this edge count
    instead: each cheque in a round is a part of it. A total counts for what overlaps with it.
    Any other overlap, a component without a bound, or a second currency leaves it open.
    """
    tops = {each for each in components if not ties.wholes.get(each, set()) & components}
    trees = {
        top: {top} | {each for each in components if top in ties.wholes.get(each, ())}
        for top in tops
    }
    sums: list[Maximum | None] = []
    for cluster in _clusters(tops, trees, ties):
        sums.append(_cluster_maximum(cluster, trees, bands, ties))
    return _added(sums)


def _added(sums: list[Maximum | None]) -> Maximum | None:
    known = [each for each in sums if each is not None]
    if not known or len(known) != len(sums) or len({each.currency for each in known}) != 1:
        return None
    return Maximum(sum((each.value for each in known), Decimal(0)), known[0].currency)


def _own_maximum(component: URIRef, bands: Mapping[URIRef, tuple[Band, ...]]) -> Maximum | None:
    """The least of the upper bounds that a component states; None without one."""
    bounds = [
        Maximum(band.high, band.currency, band.joint or band.basis in _SHARED)
        for band in bands.get(component, ())
        if band.high is not None and band.basis in _OWN | _SHARED
    ]
    if len({each.currency for each in bounds}) != 1:
        return None
    return min(bounds, key=lambda each: (each.shared, each.value))


def _tree_maximum(
    top: URIRef, tree: Set[URIRef], bands: Mapping[URIRef, tuple[Band, ...]], ties: Ties
) -> Maximum | None:
    own = _own_maximum(top, bands)
    if own is None or not own.shared or len(tree) == 1:
        return own
    cheques = _added([edge_maximum(tree - {top}, bands, ties)])
    return own if cheques is None else min(own, cheques, key=lambda each: each.value)


def _cluster_maximum(
    cluster: Set[URIRef],
    trees: Mapping[URIRef, Set[URIRef]],
    bands: Mapping[URIRef, tuple[Band, ...]],
    ties: Ties,
) -> Maximum | None:
    sums = {top: _tree_maximum(top, trees[top], bands, ties) for top in cluster}
    if len(cluster) == 1:
        return next(iter(sums.values()))
    totals = {top for top in cluster if any(band.basis in _TOTALS for band in bands.get(top, ()))}
    others = cluster - totals
    if len(totals) != 1 or any(
        _overlap(one, other, trees, ties) for one in others for other in others if one != other
    ):
        return None
    total, parts = sums[next(iter(totals))], [sums[each] for each in others]
    if total is None or total.shared:
        return _added(parts) or total
    # All of them are in the total, but it may be older than the newest of them.
    alone = [each for each in parts if each is not None and not each.shared]
    if any(each.currency != total.currency for each in alone):
        return None
    return total._replace(value=max(total.value, sum((each.value for each in alone), Decimal(0))))


def _overlap(one: URIRef, other: URIRef, trees: Mapping[URIRef, Set[URIRef]], ties: Ties) -> bool:
    return any(ties.overlaps.get(each, set()) & trees[other] for each in trees[one])


def _clusters(
    tops: Set[URIRef], trees: Mapping[URIRef, Set[URIRef]], ties: Ties
) -> list[set[URIRef]]:
    """The tops in groups that overlaps join, directly or through others."""
    clusters: list[set[URIRef]] = []
    for top in sorted(tops):
        touching = [
            cluster
            for cluster in clusters
            if any(_overlap(top, other, trees, ties) for other in cluster)
        ]
        clusters = [each for each in clusters if each not in touching]
        clusters.append({top}.union(*touching))
    return clusters
