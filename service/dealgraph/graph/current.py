"""Belief as triples of ``graph/current``: plain triples, and for each a node that says why."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rdflib import Literal, URIRef
from rdflib.namespace import PROV, RDF, XSD
from rdflib.term import Node

from dealgraph.graph.belief import Belief
from dealgraph.graph.endings import Ending
from dealgraph.graph.facets import FacetClaim
from dealgraph.graph.identity import Triple, texts
from dealgraph.graph.values import day
from dealgraph.kinds import ROLE_PROPERTY
from dealgraph.vocab import DG, concept, identity

_PROPERTY: dict[str, URIRef] = {
    "status": DG.hasStatus,
    "amount": DG.hasAmount,
    "quantity": DG.hasQuantity,
    "period": DG.hasPeriod,
    "date": DG.hasEventDate,
    "exclusivity": DG.hasExclusivity,
    "offering": DG.hasSubjectMatter,
}

# How sure the claims behind a belief sound, the surest first.
_MODALITIES = ("asserted", "conditional", "projected")


@dataclass
class Reasons:
    """What one plain triple rests on; several beliefs can come down to the same triple."""

    claims: dict[URIRef, FacetClaim] = field(default_factory=dict)
    disputed: bool = False

    def add(self, claims: Iterable[FacetClaim], disputed: bool) -> None:
        self.claims.update({claim.iri: claim for claim in claims})
        self.disputed |= disputed


def current_triples(beliefs: Sequence[Belief], endings: Iterable[Ending]) -> Iterator[Triple]:
    """The whole graph: each plain triple once, its value, and the node that says why."""
    for belief in beliefs:
        yield from _value(belief)
    for triple, reasons in plain_triples(beliefs, endings).items():
        yield triple
        yield from _because(triple, reasons)


def plain_triples(beliefs: Iterable[Belief], endings: Iterable[Ending]) -> dict[Triple, Reasons]:
    """What is believed as plain triples, and what each rests on."""
    plain: dict[Triple, Reasons] = {}
    for belief in beliefs:
        for predicate, value in _plain(belief):
            reasons = plain.setdefault((belief.about, predicate, value), Reasons())
            reasons.add(belief.claims, belief.disputed)
    for ending in endings:
        for predicate, when in (
            (DG.actualEndEarliest, ending.earliest),
            (DG.actualEndLatest, ending.latest),
        ):
            if when is None:
                continue
            reasons = plain.setdefault((ending.about, predicate, day(when)), Reasons())
            reasons.add(ending.claims, ending.disputed)
    return plain


def _plain(belief: Belief) -> Iterator[tuple[URIRef, Node]]:
    first = belief.claims[0]
    if belief.facet == "party":
        yield ROLE_PROPERTY[first.slot.partition("/")[0]], belief.value.node
        return
    if belief.facet == "condition":
        for _, predicate, value in texts(belief.about, DG.hasCondition, first.recorded.condition):
            yield predicate, value
        return
    yield _PROPERTY[belief.facet], belief.value.node
    if belief.facet == "exclusivity":
        yield from _right_texts(belief)


def _right_texts(belief: Belief) -> Iterator[tuple[URIRef, Node]]:
    """The subject and scope of a right, in the words of the first claim that has them."""
    rights = [claim.recorded.right for claim in belief.claims if claim.recorded.right is not None]
    for predicate, found in (
        (DG.subjectText, [right.subject for right in rights if right.subject]),
        (DG.scopeText, [right.scope for right in rights if right.scope]),
    ):
        for _, _, value in texts(belief.about, predicate, found[0] if found else {}):
            yield predicate, value


def value_fields(belief: Belief) -> Iterator[Triple]:
    """The fields of a value node, so that a query needs no claim for them."""
    if isinstance(belief.value.node, URIRef):
        for predicate, content in belief.value.fields:
            yield belief.value.node, predicate, content


def _value(belief: Belief) -> Iterator[Triple]:
    """A value node, the claims that state it, and whether it is disputed."""
    node = belief.value.node
    if not belief.value.fields or not isinstance(node, URIRef):
        return
    yield from value_fields(belief)
    for claim in belief.claims:
        yield node, PROV.wasDerivedFrom, claim.iri
    if belief.disputed:
        yield node, RDF.type, DG.DisputedValue


def belief_node(triple: Triple) -> URIRef:
    """The IRI of the belief in a plain triple: the same in every release."""
    subject, predicate, value = triple
    key = f"{subject} {predicate} {value.n3()}"
    return identity("belief", hashlib.sha256(key.encode()).hexdigest()[:20])


def _because(triple: Triple, reasons: Reasons) -> Iterator[Triple]:
    """The node that ties a plain triple to the claims it rests on.

    The RDF reification vocabulary (https://www.w3.org/TR/rdf11-schema/#ch_reificationvocab):
    rdflib can't read RDF 1.2 triple terms yet. A belief that nobody asserts without a condition,
    or only as a forecast, says so by ``hasModality``; so many ``independentOrigins`` stand behind
    it: twenty copies of one scoop are one.
    """
    subject, predicate, value = triple
    node = belief_node(triple)
    claims = reasons.claims.values()
    yield node, RDF.type, DG.Belief
    if reasons.disputed:
        yield node, RDF.type, DG.DisputedValue
    yield node, RDF.subject, subject
    yield node, RDF.predicate, predicate
    yield node, RDF.object, value
    origins = len({claim.origin for claim in claims})
    yield node, DG.independentOrigins, Literal(origins, datatype=XSD.integer)
    surest = min((claim.recorded.modality for claim in claims), key=_MODALITIES.index)
    yield node, DG.hasModality, concept("modality", surest)
    for claim in claims:
        yield node, PROV.wasDerivedFrom, claim.iri
