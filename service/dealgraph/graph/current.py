"""Belief as triples of ``graph/current``: plain triples, and for each a node that says why."""

import hashlib
from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import PROV, RDF, XSD
from rdflib.term import Node

from dealgraph.graph.belief import Belief
from dealgraph.graph.endings import Ending
from dealgraph.graph.facets import FacetClaim
from dealgraph.graph.identity import Triple, texts
from dealgraph.graph.values import day
from dealgraph.kinds import ROLE_PROPERTY
from dealgraph.vocab import DG, identity

_PROPERTY: dict[str, URIRef] = {
    "status": DG.hasStatus,
    "amount": DG.hasAmount,
    "quantity": DG.hasQuantity,
    "period": DG.hasPeriod,
    "date": DG.hasEventDate,
    "exclusivity": DG.hasExclusivity,
    "offering": DG.hasSubjectMatter,
}


def belief_triples(belief: Belief) -> Iterator[Triple]:
    """The plain triples of a belief, the value they lead to, and their derivation."""
    for predicate, value in _plain(belief):
        yield belief.about, predicate, value
        yield from _because(belief.about, predicate, value, belief.claims, belief.disputed)
    if belief.value.fields:
        node = belief.value.node
        assert isinstance(node, URIRef)
        for field, content in belief.value.fields:
            yield node, field, content
        for claim in belief.claims:
            yield node, PROV.wasDerivedFrom, claim.iri
        if belief.disputed:
            yield node, RDF.type, DG.DisputedValue


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


def ending_triples(ending: Ending) -> Iterator[Triple]:
    """The actual end of a thing."""
    for predicate, value in (
        (DG.actualEndEarliest, day(ending.earliest)),
        (DG.actualEndLatest, day(ending.latest)),
    ):
        yield ending.about, predicate, value
        yield from _because(ending.about, predicate, value, ending.claims, False)


def _because(
    subject: URIRef,
    predicate: URIRef,
    value: Node,
    claims: tuple[FacetClaim, ...],
    disputed: bool,
) -> Iterator[Triple]:
    """The node that ties a plain triple to the claims it rests on.

    The RDF reification vocabulary (https://www.w3.org/TR/rdf11-schema/#ch_reificationvocab):
    rdflib can't read RDF 1.2 triple terms yet.
    """
    key = f"{subject} {predicate} {value.n3()}"
    node = identity("belief", hashlib.sha256(key.encode()).hexdigest()[:20])
    yield node, RDF.type, DG.Belief
    if disputed:
        yield node, RDF.type, DG.DisputedValue
    yield node, RDF.subject, subject
    yield node, RDF.predicate, predicate
    yield node, RDF.object, value
    origins = len({claim.origin for claim in claims})
    yield node, DG.independentOrigins, Literal(origins, datatype=XSD.integer)
    for claim in claims:
        yield node, PROV.wasDerivedFrom, claim.iri
