"""Which claims are believed: the rules, on plain values, without RDF.

Of the claims of one facet and slot of one thing, first those fall that a reviewer doubts, that a
later claim updates or corrects, or that were said in talks where there is word of a commitment. A
denial may well be accepted, but states no value to believe. Of the rest a narrower value refines
a wider one; values that cannot both hold are all kept, and marked as disputed. Nothing is chosen
silently.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rdflib import URIRef

from dealgraph.graph.facets import FacetClaim
from dealgraph.graph.reasons import Reason, add_reason
from dealgraph.graph.relations import Edge
from dealgraph.graph.values import Value

# How far a status has got; of several the furthest is where things stand.
STATUS_ORDER: dict[str, int] = {
    name: order
    for order, name in enumerate(
        (
            "rumoured",
            "exploring",
            "in-talks",
            "advanced-talks",
            "announced",
            "signed",
            "in-force",
            "completed",
            "ended",
            "terminated",
        )
    )
}
_COMMITTED = STATUS_ORDER["announced"]

# Facets in which two articles can contradict each other; of the others each value stands alone.
_RIVAL_FACETS = frozenset({"amount", "quantity", "period", "date", "exclusivity"})

# Facets whose values change when talks become a commitment.
_FIGURES = frozenset({"amount", "quantity", "period"})


@dataclass(frozen=True)
class Belief:
    """A value that is believed of a thing, and the claims that it rests on."""

    about: URIRef
    facet: str
    value: Value
    claims: tuple[FacetClaim, ...]
    disputed: bool


@dataclass
class Believed:
    """All beliefs, for every claim the verdict that it got, and why where it is not simply that
    the claim is believed."""

    beliefs: list[Belief] = field(default_factory=list)
    verdicts: dict[URIRef, str] = field(default_factory=dict)
    reasons: dict[URIRef, Reason] = field(default_factory=dict)

    def fall(
        self, claim: FacetClaim, verdict: str, why: str, because_of: Iterable[FacetClaim]
    ) -> None:
        """Gives a claim a verdict, for a reason that other claims are."""
        self.verdicts[claim.iri] = verdict
        add_reason(self.reasons, [claim.iri], why, [each.iri for each in because_of])


def believe(
    claims: Sequence[FacetClaim],
    edges: Sequence[Edge],
    reviewed: Mapping[URIRef, str],
) -> Believed:
    """Weigh all claims. *reviewed* has the verdicts that a person gave, by claim."""
    believed = Believed()
    verdicts = believed.verdicts
    verdicts.update(reviewed)
    add_reason(believed.reasons, reviewed, "reviewed")
    for kind, verdict in (("corrects", "corrected"), ("updates", "superseded")):
        for older, newer in _overtaken(kind, edges, dict(verdicts)).items():
            if older not in verdicts:
                verdicts[older] = verdict
                claims_, decisions = [e.left.iri for e in newer], [e.decision for e in newer]
                add_reason(believed.reasons, [older], verdict, claims_, decisions)
    relations = _Relations(edges)
    groups: dict[tuple[URIRef, str, str], list[FacetClaim]] = defaultdict(list)
    for claim in claims:
        if claim.iri not in verdicts:
            # Several things may be supplied, so each stands alone unless a reviewer says that two
            # of them exclude each other: they are weighed together.
            slot = "" if claim.facet == "offering" else claim.slot
            groups[claim.about, claim.facet, slot].append(claim)
    settled = {
        subject: committed
        for (subject, facet, _), group in groups.items()
        if facet == "status" and (committed := [each for each in group if _is_committed(each)])
    }
    for (subject, facet, _), group in sorted(groups.items(), key=lambda item: item[0]):
        if facet in _FIGURES and subject in settled:
            group = _committed(group, settled[subject], believed)
        believed.beliefs += _weigh(subject, facet, group, relations, believed)
    return believed


def _overtaken(
    kind: str, edges: Sequence[Edge], fallen: Mapping[URIRef, str]
) -> dict[URIRef, list[Edge]]:
    """The claims that newer ones overtake by saying something else; saying the same confirms.

    A claim that has fallen itself, in doubt or corrected, overtakes nothing. One about another
    thing may end this one, but leaves true what was said of it (see endings).
    """
    newer: dict[URIRef, list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.kind == kind and edge.left.iri not in fallen and not edge.across:
            newer[edge.right.iri].append(edge)
    return {
        iri: several
        for iri, several in newer.items()
        if not any(_says_the_same(edge.left, edge.right) for edge in several)
    }


def _says_the_same(one: FacetClaim, other: FacetClaim) -> bool:
    return (
        one.slot == other.slot
        and one.value.node == other.value.node
        and one.recorded.polarity == other.recorded.polarity
    )


class _Relations:
    """Which claims are in open conflict, and which were found to agree."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self._pairs: dict[str, dict[frozenset[URIRef], str]] = defaultdict(dict)
        for edge in edges:
            self._pairs[edge.kind][frozenset((edge.left.iri, edge.right.iri))] = edge.decision

    def between(
        self, kind: str, left: Sequence[FacetClaim], right: Sequence[FacetClaim]
    ) -> list[str]:
        """The decisions that put any of *left* in that relation to any of *right*."""
        pairs = self._pairs[kind]
        found = (pairs.get(frozenset((one.iri, other.iri))) for one in left for other in right)
        return list(dict.fromkeys(key for key in found if key is not None))


def _weigh(
    subject: URIRef,
    facet: str,
    group: list[FacetClaim],
    relations: _Relations,
    believed: Believed,
) -> list[Belief]:
    for claim in group:
        believed.verdicts[claim.iri] = "accepted"
    standing = [claim for claim in group if claim.recorded.polarity != "denied"]
    denied = [claim.iri for claim in group if claim.recorded.polarity == "denied"]
    add_reason(believed.reasons, denied, "denial")
    if facet == "opinion":
        # That somebody thinks so is reported; that it is so is not believed.
        add_reason(believed.reasons, [claim.iri for claim in standing], "opinion")
        return []
    if facet == "status":
        standing = _furthest(standing, believed, relations)
    by_value: dict[str, list[FacetClaim]] = defaultdict(list)
    for claim in standing:
        by_value[str(claim.value.node)].append(claim)
    values = [by_value[node] for node in sorted(by_value)]
    disputed: dict[int, Reason] = {}
    dropped: dict[int, Reason] = {}

    def contradict(one: int, other: int, decisions: Sequence[str]) -> None:
        for index, rivals in ((one, values[other]), (other, values[one])):
            reason = Reason("conflict", tuple(c.iri for c in rivals), tuple(decisions))
            disputed[index] = disputed.get(index, Reason("conflict")).joined(reason)

    for first, left in enumerate(values):
        for second, right in enumerate(values):
            if first == second:
                continue
            if first < second and (open_ := relations.between("conflicts", left, right)):
                contradict(first, second, open_)
            elif facet in _RIVAL_FACETS and _rivals(left, right, relations):
                if left[0].value.apart(right[0].value) and not _is_vaguer(left[0], right[0]):
                    contradict(first, second, ())
                elif _refines(left[0], right[0], first < second):
                    refined = Reason("refined", tuple(claim.iri for claim in left))
                    dropped[second] = dropped.get(second, Reason("refined")).joined(refined)
    for index, reason in (dropped | disputed).items():
        for claim in values[index]:
            believed.reasons[claim.iri] = reason
            if index in disputed:
                believed.verdicts[claim.iri] = "disputed"
    return [
        Belief(subject, facet, group_[0].value, tuple(group_), index in disputed)
        for index, group_ in enumerate(values)
        if index in disputed or index not in dropped
    ]


def status_rank(value: Value) -> int:
    """How far the status is that a value names."""
    return STATUS_ORDER[str(value.node).rsplit("/", 1)[-1]]


def _furthest(
    claims: list[FacetClaim],
    believed: Believed,
    relations: _Relations,
) -> list[FacetClaim]:
    """The claims of the furthest status, and those in open conflict with one of them.

    What is only projected is further than nothing but another projection.
    """
    firm = [claim for claim in claims if claim.recorded.modality != "projected"]
    for claim in claims:
        if firm and claim not in firm:
            believed.fall(claim, "superseded", "projected", firm)
    claims = firm or claims
    top = max((status_rank(claim.value) for claim in claims), default=0)
    leading = [claim for claim in claims if status_rank(claim.value) == top]
    kept = list(leading)
    for claim in claims:
        if status_rank(claim.value) == top:
            continue
        if relations.between("conflicts", [claim], leading):
            kept.append(claim)
        else:
            believed.fall(claim, "superseded", "further", leading)
    return kept


def _committed(
    claims: list[FacetClaim], commitments: list[FacetClaim], believed: Believed
) -> list[FacetClaim]:
    """Figures that were said in talks lapse once something was announced, signed or completed,
    also where the contract tells no figure: nobody knows then that it is the same."""
    kept = []
    for claim in claims:
        if _is_committed(claim) or claim.recorded.polarity == "denied":
            kept.append(claim)
        else:
            believed.fall(claim, "superseded", "talks", commitments)
    return kept


def _is_committed(claim: FacetClaim) -> bool:
    recorded = claim.recorded
    if recorded.polarity == "denied":
        return False
    if claim.facet == "status" and recorded.modality == "projected":
        return False
    return recorded.status is None or STATUS_ORDER[recorded.status] >= _COMMITTED


def _rivals(left: list[FacetClaim], right: list[FacetClaim], relations: _Relations) -> bool:
    """Whether two values speak of the same thing: no statement makes both (the tranches of one
    investment), and nobody found that they agree."""
    both = {claim.statement for claim in left} & {claim.statement for claim in right}
    return not both and not relations.between("compatible", left, right)


def _is_vaguer(left: FacetClaim, right: FacetClaim) -> bool:
    """Whether one of two kinds of right is merely left open."""
    return any(str(claim.value.node).endswith("/unspecified") for claim in (left, right))


def _refines(left: FacetClaim, right: FacetClaim, breaks_ties: bool) -> bool:
    """Whether the left value says the same as the right one, and more."""
    if left.facet == "exclusivity":
        return str(right.value.node).endswith("/unspecified")
    if not left.value.within(right.value):
        return False
    return breaks_ties or not right.value.within(left.value)
