"""Why belief gave a claim its verdict: one reason each, and the claims and decisions it names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from dealgraph.graph.identity import Triple
from dealgraph.vocab import DG, concept, identity


@dataclass(frozen=True)
class Reason:
    """``kind`` is a concept of ``scheme/verdict-reason``; ``claims`` are those that overtook,
    contradict or refine the claim, ``decisions`` the keys of the curated decisions applied."""

    kind: str
    claims: tuple[URIRef, ...] = ()
    decisions: tuple[str, ...] = ()

    def joined(self, other: "Reason") -> "Reason":
        """This reason with what another of the same kind names as well."""
        return Reason(
            self.kind,
            tuple(dict.fromkeys((*self.claims, *other.claims))),
            tuple(dict.fromkeys((*self.decisions, *other.decisions))),
        )


def add_reason(
    reasons: dict[URIRef, Reason],
    claims: Iterable[URIRef],
    kind: str,
    because_of: Iterable[URIRef] = (),
    decisions: Iterable[str] = (),
) -> None:
    """Notes a reason for each of *claims*; one of another kind that was there gives way."""
    reason = Reason(kind, tuple(because_of), tuple(decisions))
    for claim in claims:
        known = reasons.get(claim)
        same = known is not None and known.kind == kind
        reasons[claim] = known.joined(reason) if known is not None and same else reason


def reason_triples(reasons: Mapping[URIRef, Reason]) -> Iterator[Triple]:
    """The reasons as triples of ``graph/assessments``."""
    for claim, reason in reasons.items():
        yield claim, DG.hasVerdictReason, concept("verdict-reason", reason.kind)
        for other in reason.claims:
            yield claim, DG.becauseOfClaim, other
        for key in reason.decisions:
            yield claim, DG.becauseOfDecision, identity("assessment", key)
