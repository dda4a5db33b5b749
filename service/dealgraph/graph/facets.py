"""A recorded claim is a bundle; this takes it apart into claims of one facet each.

Only claims of the same facet, the same slot and the same subject can agree or disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rdflib import Literal, URIRef

from dealgraph.articles.dates import Bounds, as_printed
from dealgraph.articles.model import Article, Component, RecordedClaim, Records, Term
from dealgraph.graph.values import (
    Span,
    Value,
    amount_value,
    event_value,
    period_value,
    quantity_value,
)
from dealgraph.kinds import CORPORATE_EVENTS
from dealgraph.vocab import concept, identity

# Kinds that hold over a time even where no term is printed.
_RIGHTS = frozenset({"right-grant", "right-exclusion", "undertaking"})

# Which printed day stands for the report where the source has no date, most telling first.
_EVENTS = ("completed", "terminated", "signed", "announced")

# Statuses of what holds on the day on which it is reported.
_HOLDING = frozenset({"signed", "in-force", "completed"})

# Which printed day an arrangement began on where no start is printed, most telling first.
_BEGINNINGS = ("effective", "signed", "announced")


@dataclass(frozen=True)
class FacetClaim:
    """One facet of what one article says.

    ``slot`` makes claims comparable: the basis of an amount, measure and unit of a quantity, the
    kind of a date, role and firm of a party, the offering; nothing for other facets;
    ``reported`` bounds when it was said, None where nobody knows; ``reported_basis`` says
    whether that was stated, is the article's own date, or is the day of the event itself.
    ``known`` is the day by which it had been said for certain: see :func:`known_when`.
    """

    iri: URIRef
    article: str
    statement: str
    about: URIRef
    component: str
    facet: str
    slot: str
    value: Value
    recorded: RecordedClaim
    reported: Bounds | None
    reported_basis: str
    known: date
    origin: str


def about(component: Component) -> URIRef:
    """The IRI of a component, event or valuation."""
    return identity("valuation" if component.kind == "valuation" else "component", component.key)


def facet_claims(records: Records) -> list[FacetClaim]:
    """Every facet that every article states, in a stable order."""
    components = records.components
    found: list[FacetClaim] = []
    for key in sorted(records.articles):
        article = records.articles[key]
        for claim in article.claims:
            found += _take_apart(article, claim, components[claim.about])
    return found


def _take_apart(
    article: Article, claim: RecordedClaim, component: Component
) -> Iterator[FacetClaim]:
    reported, basis = reported_when(article, claim)
    known = known_when(article, reported)
    base = identity("claim", f"{article.key}/{claim.id}")
    origin = claim.reported_by[-1] if claim.reported_by else article.outlet
    for facet, slot, value in _facets(claim, component, reported):
        part = str(value.node).rsplit("/", 1)[-1] if facet in _NAMED_BY_VALUE else slot
        suffix = f"/{part}" if part else ""
        yield FacetClaim(
            iri=URIRef(f"{base}/{facet}{suffix}"),
            article=article.key,
            statement=claim.id,
            about=about(component),
            component=component.key,
            facet=facet,
            slot=slot,
            value=value,
            recorded=claim,
            reported=reported,
            reported_basis=basis,
            known=known,
            origin=origin,
        )


# A statement may make several of these in one slot (two tranches of one basis).
_NAMED_BY_VALUE = frozenset({"amount", "quantity"})


def reported_when(article: Article, claim: RecordedClaim) -> tuple[Bounds | None, str]:
    """When it was said, and how we know: stated, article, event, or none."""
    if "reported" in claim.dates:
        return as_printed(claim.dates["reported"]), "stated"
    if article.published is not None:
        return as_printed(article.published), "article"
    for kind in _EVENTS:
        if kind in claim.dates:
            return as_printed(claim.dates[kind]), "event"
    return None, "none"


def known_when(article: Article, reported: Bounds | None) -> date:
    """The last day on which it may have been said for the first time.

    Where the report bounds nothing (no date, or a misprint) that is the article's own date, else
    the day on which the article was retrieved: we do not know that it was said before. What
    nothing bounds at all is taken as known on the last day of the calendar.
    """
    printed = (article.published, article.retrieved)
    for bounds in (reported, *(as_printed(text) for text in printed if text is not None)):
        if bounds is not None and bounds.latest is not None:
            return bounds.latest
    return date.max


def _holds(claim: RecordedClaim) -> bool:
    """Whether the claim says that the arrangement was there when it was reported."""
    stated = claim.modality == "asserted" and claim.polarity == "affirmed"
    return stated and claim.status in _HOLDING


def _facets(
    claim: RecordedClaim, component: Component, reported: Bounds | None
) -> Iterator[tuple[str, str, Value]]:
    key = component.key
    if claim.status is not None:
        yield "status", "", Value(concept("status", claim.status))
    for party in claim.parties:
        yield "party", f"{party.role}/{party.firm}", Value(identity("org", party.firm))
    for amount in claim.amounts:
        yield "amount", amount.basis, amount_value(key, amount)
    for quantity in claim.quantities:
        yield "quantity", f"{quantity.measure}-{quantity.unit}", quantity_value(key, quantity)
    for kind, printed in claim.dates.items():
        if kind != "reported":
            yield "date", kind, event_value(key, kind, printed)
    term = claim.period
    begun = next((claim.dates[kind] for kind in _BEGINNINGS if kind in claim.dates), None)
    ending = claim.status in ("terminated", "ended")
    if term is None and component.kind in _RIGHTS and begun is not None and not ending:
        # A right holds from when it was given, also where the article prints no term for it;
        # an article that tells of its end speaks of another day.
        term = Term()
    if term is not None and component.kind not in CORPORATE_EVENTS:
        span = Span.of(
            term,
            as_printed(begun) if begun is not None else None,
            reported if _holds(claim) else None,
        )
        yield "period", "", period_value(key, term, span)
    if claim.right is not None:
        yield "exclusivity", "", Value(concept("exclusivity", claim.right.type))
    for offering in claim.offerings:
        yield "offering", offering, Value(identity("offering", offering))
    if claim.condition:
        yield "condition", "", Value(Literal(claim.condition.get("en", "")))
    if claim.opinion:
        yield "opinion", "", Value(Literal(claim.opinion.get("en", "")))
