"""What each component with a money flow is worth, as bands: docs/money.md, "Bands".

A band is the lowest and the highest sum that the believed values of one basis, in one currency,
allow. Bands of one component are never added: a tranche stands beside its whole, a yearly sum
beside the contract.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rdflib import RDF, XSD, Dataset, Literal, URIRef
from rdflib.term import Node

from dealgraph.graph.identity import Triple
from dealgraph.graph.values import ABOUT
from dealgraph.vocab import CURRENT_GRAPH, DG, ID, INFERRED_GRAPH, concept, identity

_TRANCHE = concept("amount-basis", "tranche")
# Prices, costs and worths: sums of money, but none that flows.
_NO_FLOW = frozenset(
    concept("amount-basis", name)
    for name in ("valuation", "pre-money", "post-money", "stake-value", "share-price", "cost")
)
_ABOUT = concept("qualifier", "about")


@dataclass(frozen=True)
class Band:
    """From *low* to *high*, or without an end, in units of *currency*; *basis* is a concept."""

    node: URIRef
    basis: URIRef
    currency: str
    joint: bool
    low: Decimal
    high: Decimal | None


def bands(dataset: Dataset) -> Iterator[Triple]:
    """The bands of every component that a money flow goes through, as dg:MoneyBand nodes."""
    for component, several in sorted(component_bands(dataset).items()):
        for band in several:
            yield component, DG.hasBand, band.node
            yield band.node, RDF.type, DG.MoneyBand
            yield band.node, DG.basis, band.basis
            yield band.node, DG.currencyCode, Literal(band.currency)
            yield band.node, DG.isJoint, Literal(band.joint)
            yield band.node, DG.minValue, decimal(band.low)
            if band.high is not None:
                yield band.node, DG.maxValue, decimal(band.high)


def decimal(value: Decimal) -> Literal:
    """A sum as xsd:decimal, 11000000000 and not 1.1E+10."""
    return Literal(Decimal(f"{value.normalize():f}"), datatype=XSD.decimal)


def component_bands(dataset: Dataset) -> Mapping[URIRef, tuple[Band, ...]]:
    """The bands of every component with a money flow, by component; none for one without sums."""
    current = dataset.graph(CURRENT_GRAPH)
    components = set(dataset.graph(INFERRED_GRAPH).objects(None, DG.fromComponent))
    found: dict[URIRef, tuple[Band, ...]] = {}
    for component in components:
        assert isinstance(component, URIRef)
        sums = [
            dict(current.predicate_objects(amount))
            for amount in current.objects(component, DG.hasAmount)
        ]
        several = tuple(_bands(component, sums))
        if several:
            found[component] = several
    return found


def _bands(component: URIRef, sums: Iterable[Mapping[Node, Node]]) -> Iterator[Band]:
    groups: dict[tuple[str, str, bool, str], list[tuple[Decimal, Decimal | None]]]
    groups = defaultdict(list)
    for fields in sums:
        bounds = _bounds(fields)
        basis = fields.get(DG.basis)
        if bounds is None or basis in _NO_FLOW or not isinstance(basis, URIRef):
            continue
        # Two tranches are two sums; two values of anything else are two words on one sum.
        part = f"{bounds[0]:f}-{bounds[1] or 0:f}" if basis == _TRANCHE else ""
        joint = str(fields.get(DG.isJoint)) == "true"
        groups[basis, str(fields[DG.currencyCode]), joint, part].append(bounds)
    key = component.removeprefix(f"{ID}component/")
    for (of, currency, joint, part), several in sorted(groups.items()):
        name = "-".join(
            each
            for each in (of.rsplit("/", 1)[-1], currency, "joint" if joint else "", part)
            if each
        )
        highs = [high for _, high in several if high is not None]
        yield Band(
            identity("band", f"{key}/{name}"),
            URIRef(of),
            currency,
            joint,
            min(low for low, _ in several),
            max(highs) if len(highs) == len(several) else None,
        )


def _bounds(fields: Mapping[Node, Node]) -> tuple[Decimal, Decimal | None] | None:
    """What one sum allows; None for one without a figure or currency."""
    if DG.currencyCode not in fields:
        return None
    if DG.minValue in fields:
        return Decimal(str(fields[DG.minValue])), None
    if DG.maxValue in fields:
        return Decimal(0), Decimal(str(fields[DG.maxValue]))
    if DG.pointValue not in fields:
        return None
    point = Decimal(str(fields[DG.pointValue]))
    spread = ABOUT if fields.get(DG.qualifier) == _ABOUT else Decimal(0)
    return point * (1 - spread), point * (1 + spread)
