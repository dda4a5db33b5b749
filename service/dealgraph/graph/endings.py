"""When arrangements actually ended, as belief: terminated, or replaced by what came after.

The promised end of a contract stays what the contract says; its actual end is another fact. So
Microsoft's exclusive licence keeps its term to 2032 and has an actual end, the day on which a
non-exclusive one took its place.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rdflib import URIRef

from dealgraph.articles.model import Records
from dealgraph.graph.belief import STATUS_ORDER, Belief, Believed, status_rank
from dealgraph.graph.facets import FacetClaim, about
from dealgraph.graph.relations import Edge
from dealgraph.graph.values import Value
from dealgraph.vocab import concept

# The day on which a successor took over, most telling first.
_TAKEOVER = ("effective", "signed", "announced", "completed")


@dataclass(frozen=True)
class Ending:
    """The days between which a thing ended, and the claims that say so. ``earliest`` is None where
    it is only told that it is over: then it was by the day of the first report."""

    about: URIRef
    earliest: date | None
    latest: date
    claims: tuple[FacetClaim, ...]
    disputed: bool


def end(believed: Believed, records: Records, edges: Sequence[Edge]) -> list[Ending]:
    """Work out all endings; what was replaced gets the status ``ended`` in *believed*."""
    facets: dict[tuple[URIRef, str], list[Belief]] = defaultdict(list)
    for belief in believed.beliefs:
        facets[belief.about, belief.facet].append(belief)
    endings = []
    successors = _successors(records, edges, believed.verdicts)
    for subject in sorted({belief.about for belief in believed.beliefs}):
        terminated = _days(facets[subject, "date"], ("terminated",))
        if terminated:
            endings.append(_ending(subject, terminated))
            continue
        takeovers, reports = [], []
        for successor in sorted(successors[subject]):
            statuses = facets[successor, "status"]
            if any(status_rank(each.value) >= STATUS_ORDER["announced"] for each in statuses):
                reports += statuses
                takeovers += _days(facets[successor, "date"], _TAKEOVER)[:1]
        if takeovers:
            first = min(takeovers, key=_earliest)
            endings.append(_ending(subject, [first]))
            _mark_ended(believed, subject, first.claims)
        elif reports:
            _mark_ended(believed, subject, tuple(c for each in reports for c in each.claims))
    dated = {ending.about for ending in endings}
    return endings + list(_reported_over(believed, dated))


def _reported_over(believed: Believed, dated: Collection[URIRef]) -> Iterator[Ending]:
    """The endings of what is reported as over, where no day is told for it."""
    for belief in believed.beliefs:
        if belief.facet != "status" or belief.about in dated:
            continue
        if status_rank(belief.value) < STATUS_ORDER["ended"]:
            continue
        told = [
            (claim.reported.latest, claim)
            for claim in belief.claims
            if claim.reported is not None and claim.reported.latest is not None
        ]
        if told:
            by = min(day for day, _ in told)
            first = tuple(claim for day, claim in told if day == by)
            yield Ending(belief.about, None, by, first, belief.disputed)


# A claim with one of these verdicts ends nothing.
_FALLEN = frozenset({"suspect", "rejected", "pending", "corrected"})


def _successors(
    records: Records, edges: Sequence[Edge], verdicts: Mapping[URIRef, str]
) -> Mapping[URIRef, set[URIRef]]:
    found: dict[URIRef, set[URIRef]] = defaultdict(set)
    components = records.components
    for part in components.values():
        for key in part.replaces:
            found[about(components[key])].add(about(part))
    for edge in edges:
        # Valuations are observations: a newer one does not end an older one.
        valuation = components[edge.right.component].kind == "valuation"
        fallen = verdicts.get(edge.left.iri) in _FALLEN
        denied = edge.left.recorded.polarity == "denied"
        if edge.kind == "updates" and edge.across and not (valuation or fallen or denied):
            found[edge.right.about].add(edge.left.about)
    return found


def _days(dates: list[Belief], kinds: Sequence[str]) -> list[Belief]:
    """The days of the first of *kinds* that any is known of, the earliest first."""
    for kind in kinds:
        known = [
            belief
            for belief in dates
            if belief.claims[0].slot == kind and _earliest(belief) > -math.inf
        ]
        if known:
            return sorted(known, key=_earliest)
    return []


def _earliest(belief: Belief) -> float:
    return belief.value.bands[0][0]


def _ending(subject: URIRef, days: Sequence[Belief]) -> Ending:
    """The end lies between the first and the last of *days*, which is one unless disputed."""
    low = min(day.value.bands[0][0] for day in days)
    high = max(day.value.bands[0][1] for day in days)
    return Ending(
        subject,
        date.fromordinal(int(low)),
        date.fromordinal(int(high)),
        tuple(claim for day in days for claim in day.claims),
        any(day.disputed for day in days),
    )


def _mark_ended(believed: Believed, subject: URIRef, claims: tuple[FacetClaim, ...]) -> None:
    """What was replaced is over; the reports that it was under way were right when written."""
    statuses = [
        belief
        for belief in believed.beliefs
        if belief.about == subject and belief.facet == "status"
    ]
    if any(status_rank(belief.value) >= STATUS_ORDER["ended"] for belief in statuses):
        return
    for belief in statuses:
        for claim in belief.claims:
            believed.fall(claim, "superseded", "ended", claims)
    kept = [belief for belief in believed.beliefs if belief not in statuses]
    ended = Belief(subject, "status", Value(concept("status", "ended")), claims, disputed=False)
    believed.beliefs[:] = [*kept, ended]
