"""Curated decisions on statements, carried down to the claims they are about.

A decision names statements; a statement is made by several articles and has several facets. Which
pairs of claims are meant is worked out here, once, for belief and for the graph of assessments.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD

from dealgraph.articles.model import ClaimRef, Decision, Records, Relation
from dealgraph.graph.facets import FacetClaim
from dealgraph.graph.identity import Triple, texts
from dealgraph.vocab import DG, concept, identity

_PROPERTY: dict[str, URIRef] = {
    "updates": DG.updates,
    "corrects": DG.corrects,
    "conflicts": DG.conflictsWith,
    "compatible": DG.compatibleWith,
}

# Facets whose values can differ between two reports of one thing, in the order in which a
# difference is looked for; where none differs the statements differ as a whole: their status.
_DIFFERING = ("amount", "quantity", "period", "date", "exclusivity", "offering", "party")


@dataclass(frozen=True)
class Edge:
    """One claim stands to another as a decision says; ``left`` is the newer one."""

    kind: str
    left: FacetClaim
    right: FacetClaim
    decision: str

    @property
    def across(self) -> bool:
        """Whether the two are about different things."""
        return self.left.about != self.right.about


def edges(records: Records, claims: Sequence[FacetClaim]) -> list[Edge]:
    """Every pair of claims that a curated relation means, without repeats."""
    by_statement = _by_statement(claims)
    found: dict[tuple[str, URIRef, URIRef], Edge] = {}
    for relation in records.relations.values():
        for left, right in _pairs(relation, by_statement):
            edge = Edge(relation.relation, left, right, relation.key)
            found.setdefault((edge.kind, left.iri, right.iri), edge)
    return list(found.values())


def _by_statement(claims: Sequence[FacetClaim]) -> Mapping[str, list[FacetClaim]]:
    found: dict[str, list[FacetClaim]] = defaultdict(list)
    for claim in claims:
        found[claim.statement].append(claim)
    return found


def _pairs(
    relation: Relation, by_statement: Mapping[str, list[FacetClaim]]
) -> Iterator[tuple[FacetClaim, FacetClaim]]:
    if relation.relation in ("updates", "corrects"):
        for newer, older in product(relation.newer, relation.older):
            yield from _succession(
                claims_of(newer, by_statement), claims_of(older, by_statement), relation.facets
            )
        return
    for one, other in combinations(relation.claims, 2):
        yield from _differences(
            claims_of(one, by_statement), claims_of(other, by_statement), relation.facets
        )


def claims_of(ref: ClaimRef, by_statement: Mapping[str, list[FacetClaim]]) -> list[FacetClaim]:
    """The claims that a reference of a decision means."""
    return [
        claim
        for claim in by_statement.get(ref.statement, ())
        if ref.article is None or claim.article == ref.article
    ]


def _succession(
    newer: list[FacetClaim], older: list[FacetClaim], facets: Sequence[str]
) -> Iterator[tuple[FacetClaim, FacetClaim]]:
    """Same facet over same facet. Between different things only the status gives way: what was
    agreed stays what was agreed, and its end is told by what came after."""
    for left, right in product(newer, older):
        if left.facet != right.facet or (facets and left.facet not in facets):
            continue
        if left.about != right.about and left.facet != "status":
            continue
        if left.facet == "date" and left.slot != right.slot:
            continue  # the day of completion does not move the day of the announcement
        yield left, right


def _differences(
    one: list[FacetClaim], other: list[FacetClaim], facets: Sequence[str]
) -> Iterator[tuple[FacetClaim, FacetClaim]]:
    """The facets in which two statements differ, or those that the decision names."""
    differing = []
    for facet in tuple(facets) or _DIFFERING:
        lefts = [claim for claim in one if claim.facet == facet]
        rights = [claim for claim in other if claim.facet == facet]
        shared = {claim.value.node for claim in lefts} & {claim.value.node for claim in rights}
        differing += [
            (left, right)
            for left, right in product(lefts, rights)
            if left.value.node not in shared and right.value.node not in shared
        ]
    if not facets:
        # A tranche does not contradict a total as long as something closer differs.
        alike = [pair for pair in differing if _same_slot(*pair)]
        differing = alike or differing
    statuses = [pair for pair in product(one, other) if pair[0].facet == pair[1].facet == "status"]
    yield from differing or statuses


def _same_slot(left: FacetClaim, right: FacetClaim) -> bool:
    # The slot of a party or an offering is the thing itself, which is what differs.
    return left.slot == right.slot or left.facet in ("party", "offering")


def assessment_triples(records: Records, found: Sequence[Edge]) -> Iterator[Triple]:
    """The decisions, and the relations between claims that follow from them."""
    members: dict[str, set[URIRef]] = defaultdict(set)
    for edge in found:
        members[edge.decision] |= {edge.left.iri, edge.right.iri}
        yield edge.left.iri, _PROPERTY[edge.kind], edge.right.iri
    for relation in records.relations.values():
        subject = identity("assessment", relation.key)
        yield from _decision(relation, subject)
        yield subject, DG.rule, Literal(relation.relation)
        for claim in sorted(members[relation.key]):
            yield subject, DG.assesses, claim


def verdict_triples(
    records: Records, reviewed: Mapping[str, Sequence[FacetClaim]]
) -> Iterator[Triple]:
    """The reviewers' verdicts; ``reviewed`` has the claims of each by its key."""
    for verdict in records.verdicts.values():
        subject = identity("assessment", verdict.key)
        yield from _decision(verdict, subject)
        yield subject, DG.hasVerdict, concept("verdict", verdict.verdict)
        for claim in reviewed[verdict.key]:
            yield subject, DG.assesses, claim.iri


def _decision(decision: Decision, subject: URIRef) -> Iterator[Triple]:
    yield subject, RDF.type, DG.Assessment
    yield from texts(subject, DG.note, decision.note)
    yield subject, DG.decidedOn, Literal(decision.decided_on, datatype=XSD.date)
    yield subject, DG.decidedBy, Literal(decision.decided_by)


def reviewed_claims(records: Records, claims: Sequence[FacetClaim]) -> dict[str, list[FacetClaim]]:
    """Key of a verdict -> the claims that it is on."""
    by_statement = _by_statement(claims)
    return {
        verdict.key: [claim for ref in verdict.claims for claim in claims_of(ref, by_statement)]
        for verdict in records.verdicts.values()
    }
