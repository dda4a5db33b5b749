"""What a claim states, as a value: its node, its fields in RDF, and the band it allows.

A value node's IRI is made of its component and its content, so two articles that state the same
figure of the same component share the node, and a rebuilt release has the same IRIs.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from dealgraph.articles.dates import Bounds, add_years, as_printed
from dealgraph.articles.model import Amount, Quantity, Term
from dealgraph.vocab import DG, concept, identity

Fields = tuple[tuple[URIRef, Node], ...]
Band = tuple[float, float]

# By policy "about" allows a tenth each way, so that "exactly 10" refines "about 10".
ABOUT = Decimal("0.1")


@dataclass(frozen=True)
class Value:
    """A value node: its ``fields`` as (predicate, object), and the ``bands`` it allows.

    ``bands`` are closed intervals, one for each dimension (an amount has one, a period a start
    and an end). No bands: the value is an IRI or text that is equal or isn't.
    """

    node: Node
    fields: Fields = ()
    bands: tuple[Band, ...] = ()
    unit: str = ""

    def within(self, other: "Value") -> bool:
        """Whether every band lies in the other's: this value says the same or more."""
        return self._comparable(other) and all(
            low >= wide_low and high <= wide_high
            for (low, high), (wide_low, wide_high) in zip(self.bands, other.bands, strict=True)
        )

    def apart(self, other: "Value") -> bool:
        """Whether the two can't both hold: other IRIs or texts, or bands that do not meet."""
        if self.node == other.node:
            return False
        if not self.bands or not other.bands:
            return True
        return self._comparable(other) and any(
            low > other_high or other_low > high
            for (low, high), (other_low, other_high) in zip(self.bands, other.bands, strict=True)
        )

    def _comparable(self, other: "Value") -> bool:
        return bool(self.bands) and self.unit == other.unit


def _band(value: Decimal, qualifier: str) -> Band:
    at = float(value)
    match qualifier:
        case "at-least":
            return (at, math.inf)
        case "more-than":
            return (math.nextafter(at, math.inf), math.inf)
        case "up-to":
            return (-math.inf, at)
        case "less-than":
            return (-math.inf, math.nextafter(at, -math.inf))
        case "about":
            return (float(value * (1 - ABOUT)), float(value * (1 + ABOUT)))
    return (at, at)


def _decimal(value: int | float) -> Decimal:
    """The figure as it is written: 10 and 10.0 are one."""
    return Decimal(f"{Decimal(str(value)).normalize():f}")


def _figure(value: Decimal, qualifier: str) -> Fields:
    """The fields pointValue, minValue or maxValue that a qualifier calls for."""
    number = Literal(value, datatype=XSD.decimal)
    match qualifier:
        case "at-least" | "more-than":
            field = DG.minValue
        case "up-to" | "less-than":
            field = DG.maxValue
        case _:
            field = DG.pointValue
    return ((field, number), (DG.qualifier, concept("qualifier", qualifier)))


def amount_value(component: str, amount: Amount) -> Value:
    """The MonetaryAmount that a claim states of a component."""
    joint = "-joint" if amount.joint else ""
    figure = _decimal(amount.value)
    key = f"{amount.basis}-{amount.qualifier}-{figure:f}-{amount.currency}{joint}"
    fields: Fields = (
        (RDF.type, DG.MonetaryAmount),
        (DG.currencyCode, Literal(amount.currency)),
        (DG.basis, concept("amount-basis", amount.basis)),
        (DG.isJoint, Literal(amount.joint)),
        *_figure(figure, amount.qualifier),
    )
    return Value(
        identity("amount", f"{component}/{key}"),
        fields,
        (_band(figure, amount.qualifier),),
        # What all pay together says nothing of what one pays.
        amount.currency + joint,
    )


def quantity_value(component: str, quantity: Quantity) -> Value:
    """The Quantity that a claim states of a component."""
    figure = _decimal(quantity.value)
    key = f"{quantity.measure}-{quantity.qualifier}-{figure:f}-{quantity.unit}"
    fields: Fields = (
        (RDF.type, DG.Quantity),
        (DG.unit, concept("unit", quantity.unit)),
        (DG.measure, concept("quantity-measure", quantity.measure)),
        *_figure(figure, quantity.qualifier),
    )
    return Value(
        identity("quantity", f"{component}/{key}"),
        fields,
        (_band(figure, quantity.qualifier),),
        quantity.unit,
    )


def day(value: date) -> Literal:
    """A day as xsd:date."""
    return Literal(value.isoformat(), datatype=XSD.date)


def _day_band(earliest: date | None, latest: date | None) -> Band:
    return (
        -math.inf if earliest is None else earliest.toordinal(),
        math.inf if latest is None else latest.toordinal(),
    )


def event_value(component: str, kind: str, printed: str) -> Value:
    """The day, or the span it lies in, on which a component was announced, signed …"""
    bounds = as_printed(printed)
    fields: list[tuple[URIRef, Node]] = [
        (RDF.type, DG.EventDate),
        (DG.dateKind, concept("date-kind", kind)),
        (DG.dateEdtf, Literal(bounds.text)),
    ]
    if bounds.earliest is not None and bounds.latest is not None:
        fields += [(DG.dateEarliest, day(bounds.earliest)), (DG.dateLatest, day(bounds.latest))]
    return Value(
        identity("date", f"{component}/{kind}-{printed.lower()}"),
        tuple(fields),
        (_day_band(bounds.earliest, bounds.latest),),
    )


@dataclass(frozen=True)
class Span:
    """The bounds of a period: each end between an earliest and a latest day, None for unknown."""

    earliest_start: date | None
    latest_start: date | None
    earliest_end: date | None
    latest_end: date | None

    @staticmethod
    def of(term: Term, begun: Bounds | None, holding: Bounds | None) -> "Span":
        """The bounds of a printed term.

        *begun* is when the arrangement took effect where no start is printed; *holding* when it
        was reported to hold, which bounds an unknown start from above. The ends are normalised
        (latest start ≤ latest end, earliest end ≥ earliest start): the rule for conflicts of
        rights is wrong without it.
        """
        start = as_printed(term.start) if term.start is not None else begun
        s1, s2 = (start.earliest, start.latest) if start is not None else (None, None)
        if start is None and holding is not None:
            s2 = holding.latest
        e1 = e2 = None
        if term.end is not None:
            end = as_printed(term.end)
            e2 = end.latest
            e1 = end.latest if term.relation == "through" else end.earliest
        elif term.years is not None and s1 is not None and s2 is not None:
            e1, e2 = add_years(s1, term.years), add_years(s2, term.years)
        if s2 is not None and e2 is not None:
            s2 = min(s2, e2)
        if e1 is not None and s1 is not None:
            e1 = max(e1, s1)
        return Span(s1, s2, e1, e2)

    @property
    def bands(self) -> tuple[Band, Band]:
        """The start and the end as bands of day numbers."""
        return (
            _day_band(self.earliest_start, self.latest_start),
            _day_band(self.earliest_end, self.latest_end),
        )


def period_value(component: str, term: Term, span: Span) -> Value:
    """The Period that a claim states of a component."""
    days: Mapping[URIRef, date | None] = {
        DG.earliestStart: span.earliest_start,
        DG.latestStart: span.latest_start,
        DG.earliestEnd: span.earliest_end,
        DG.latestEnd: span.latest_end,
    }
    fields: list[tuple[URIRef, Node]] = [(RDF.type, DG.Period)]
    fields += [(predicate, day(value)) for predicate, value in days.items() if value is not None]
    if term.start is not None:
        fields.append((DG.startEdtf, Literal(as_printed(term.start).text)))
    if term.end is not None:
        fields.append((DG.endEdtf, Literal(as_printed(term.end).text)))
    if term.years is not None:
        fields.append((DG.durationText, Literal(f"P{term.years:g}Y")))
    known = "_".join(value.isoformat() if value else "x" for value in days.values())
    # What was printed is part of what the node says: "through 2032" is not "until 2032-12-31".
    printed = [
        f"{term.years:g}y" if term.years is not None else "",
        f"from-{term.start.lower()}" if term.start is not None else "",
        f"{term.relation}-{term.end.lower()}" if term.end is not None else "",
        known,
    ]
    key = "-".join(part for part in printed if part)
    return Value(identity("period", f"{component}/{key}"), tuple(fields), span.bands)
