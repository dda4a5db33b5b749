"""What was believed on every day on which knowledge changed: ``graph/history``.

Known on a day is what had been reported by its end for certain (``FacetClaim.known``). Of what is
known the rules of belief make the belief of that day, the same rules as of today's: a newer report
overtakes an older one from the day on which both are known, and so does a status that is further.
A reviewer's verdict is a judgement of how good a report is, not news about the world, and holds on
every day.
"""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from rdflib import URIRef
from rdflib.namespace import PROV, RDF

from dealgraph.articles.model import Records
from dealgraph.graph.belief import believe
from dealgraph.graph.clusters import Cluster, clusters
from dealgraph.graph.current import belief_node, plain_triples, value_fields
from dealgraph.graph.endings import end
from dealgraph.graph.facets import FacetClaim
from dealgraph.graph.identity import Triple
from dealgraph.graph.relations import Edge
from dealgraph.graph.values import day
from dealgraph.vocab import DG, concept, identity

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Interval:
    """The days ``since`` <= day < ``until`` (None: to this day)."""

    since: date
    until: date | None

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two have a day in common."""
        return (self.until is None or other.since < self.until) and (
            other.until is None or self.since < other.until
        )


@dataclass
class Held(Generic[Key]):
    """For each key the intervals in which it held; days are told in ascending order."""

    spans: dict[Key, list[Interval]]

    def tell(self, when: date, holding: Mapping[Key, object] | set[Key]) -> None:
        """From that day on just these hold."""
        for key, spans in self.spans.items():
            if spans[-1].until is None and key not in holding:
                spans[-1] = Interval(spans[-1].since, when)
        for key in holding:
            spans = self.spans.setdefault(key, [])
            if not spans or spans[-1].until is not None:
                spans.append(Interval(when, None))


def history_triples(
    records: Records,
    claims: Sequence[FacetClaim],
    edges: Sequence[Edge],
    reviewed: Mapping[URIRef, str],
) -> Iterator[Triple]:
    """The whole graph. Each maximal interval in which a triple was believed, disputed or not, is a
    ``HeldBelief``; each in which a claim had a verdict a ``HeldVerdict``. The fields of the values
    are there once."""
    known = {claim.iri: claim.known for claim in claims}
    for cluster in clusters(records, claims, edges):
        yield from _history(cluster, reviewed, known)


def _history(
    cluster: Cluster, reviewed: Mapping[URIRef, str], known: Mapping[URIRef, date]
) -> Iterator[Triple]:
    beliefs = Held[tuple[Triple, bool]]({})
    supports = Held[tuple[Triple, bool, URIRef]]({})
    verdicts = Held[tuple[URIRef, str]]({})
    fields: dict[Triple, None] = {}
    for when in sorted({claim.known for claim in cluster.claims}):
        claims = [claim for claim in cluster.claims if claim.known <= when]
        edges = [edge for edge in cluster.edges if _known(edge, when)]
        there = {claim.iri for claim in claims}
        doubts = {iri: verdict for iri, verdict in reviewed.items() if iri in there}
        believed = believe(claims, edges, doubts)
        endings = end(believed, cluster.records, edges)
        plain = plain_triples(believed.beliefs, endings)
        beliefs.tell(when, {(triple, why.disputed) for triple, why in plain.items()})
        supports.tell(
            when,
            {(triple, why.disputed, iri) for triple, why in plain.items() for iri in why.claims},
        )
        verdicts.tell(when, set(believed.verdicts.items()))
        for belief in believed.beliefs:
            fields.update(dict.fromkeys(value_fields(belief)))
    yield from fields
    yield from _held_beliefs(beliefs, supports, known)
    for (claim, verdict), spans in sorted(verdicts.spans.items()):
        for span in spans:
            node = identity("held-verdict", _digest(claim, verdict, span.since))
            yield node, RDF.type, DG.HeldVerdict
            yield node, DG.assesses, claim
            yield node, DG.hasVerdict, concept("verdict", verdict)
            yield from _days(node, span)


def _known(edge: Edge, when: date) -> bool:
    """Whether both claims are known: before, nothing had been overtaken or contradicted."""
    return edge.left.known <= when and edge.right.known <= when


def _held_beliefs(
    beliefs: Held[tuple[Triple, bool]],
    supports: Held[tuple[Triple, bool, URIRef]],
    known: Mapping[URIRef, date],
) -> Iterator[Triple]:
    behind: dict[tuple[Triple, bool], dict[URIRef, list[Interval]]] = defaultdict(dict)
    for (triple, disputed, claim), spans in sorted(supports.spans.items()):
        behind[triple, disputed][claim] = spans
    for (triple, disputed), held in sorted(beliefs.spans.items()):
        subject, predicate, value = triple
        for span in held:
            node = identity("held", _digest(belief_node(triple), disputed, span.since))
            yield node, RDF.type, DG.HeldBelief
            if disputed:
                yield node, RDF.type, DG.DisputedValue
            yield node, RDF.subject, subject
            yield node, RDF.predicate, predicate
            yield node, RDF.object, value
            yield node, DG.holdsBelief, belief_node(triple)
            yield from _days(node, span)
            for claim, spans in behind[triple, disputed].items():
                within = [each for each in spans if each.overlaps(span)]
                if within:
                    yield node, PROV.wasDerivedFrom, claim
                    yield from _support(node, span, claim, within, known[claim])


def _support(
    held: URIRef, span: Interval, claim: URIRef, within: list[Interval], known: date
) -> Iterator[Triple]:
    """When a claim stood behind a belief, unless it did as long as both were there."""
    if within == [Interval(max(span.since, known), span.until)]:
        return
    for each in within:
        node = identity("held-support", _digest(held, claim, each.since))
        yield node, RDF.type, DG.HeldSupport
        yield node, DG.supportsBelief, held
        yield node, PROV.wasDerivedFrom, claim
        yield from _days(node, each)


def _days(node: URIRef, span: Interval) -> Iterator[Triple]:
    yield node, DG.knownFrom, day(span.since)
    if span.until is not None:
        yield node, DG.knownUntil, day(span.until)


def _digest(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:20]
