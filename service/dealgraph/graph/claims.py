"""Claims as triples of their article's graph, with evidence and reporter chain.

A claim node never asserts what it states: a rumour is a node about a component, not a triple
between two firms.
"""

from collections.abc import Iterable, Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD

from dealgraph.articles.model import Article, RecordedClaim
from dealgraph.graph.facets import FacetClaim
from dealgraph.graph.identity import Triple, texts
from dealgraph.graph.values import amount_value, day, quantity_value
from dealgraph.vocab import DG, concept, identity

# Facet -> (class of the claim, property that leads to what it states).
_FACETS: dict[str, tuple[URIRef, URIRef]] = {
    "status": (DG.StatusClaim, DG.statesStatus),
    "party": (DG.PartyClaim, DG.statesParty),
    "amount": (DG.AmountClaim, DG.statesAmount),
    "quantity": (DG.QuantityClaim, DG.statesQuantity),
    "period": (DG.PeriodClaim, DG.statesPeriod),
    "date": (DG.DateClaim, DG.statesEventDate),
    "exclusivity": (DG.ExclusivityClaim, DG.statesExclusivity),
    "offering": (DG.OfferingClaim, DG.statesOffering),
    "condition": (DG.ConditionClaim, DG.statesCondition),
    "opinion": (DG.AssessmentClaim, DG.statesOpinion),
}


def article_triples(article: Article, claims: Iterable[FacetClaim]) -> Iterator[Triple]:
    """What one article says: its claims, and once for each statement the evidence and chain."""
    for recorded in article.claims:
        yield from _evidence(article, recorded)
        yield from _chain(article, recorded)
    for claim in claims:
        yield from _claim(article, claim)


def _node(kind: str, article: Article, recorded: RecordedClaim) -> URIRef:
    return identity(kind, f"{article.key}/{recorded.id}")


def _evidence(article: Article, recorded: RecordedClaim) -> Iterator[Triple]:
    subject = _node("evidence", article, recorded)
    yield subject, RDF.type, DG.Evidence
    yield subject, DG.isQuotedFrom, identity("article", article.key)
    yield subject, DG.evidenceKind, concept("evidence-kind", recorded.evidence)
    yield subject, DG.readingConfidence, concept("confidence", recorded.confidence)
    yield from texts(subject, DG.sentence, recorded.sentence)
    if recorded.quote is not None:
        quote = recorded.quote
        yield subject, DG.exact, Literal(quote.exact, lang=quote.language)
        yield subject, DG.startOffset, Literal(quote.start, datatype=XSD.integer)
        yield subject, DG.endOffset, Literal(quote.end, datatype=XSD.integer)


def _chain(article: Article, recorded: RecordedClaim) -> Iterator[Triple]:
    base = _node("step", article, recorded)
    for hop, source in enumerate((article.outlet, *recorded.reported_by)):
        step = URIRef(f"{base}/{hop}")
        yield step, RDF.type, DG.ReportingStep
        yield step, DG.hop, Literal(hop, datatype=XSD.integer)
        yield step, DG.stepSource, identity("org", source)


def _claim(article: Article, claim: FacetClaim) -> Iterator[Triple]:
    kind, states = _FACETS[claim.facet]
    recorded = claim.recorded
    subject = claim.iri
    yield subject, RDF.type, kind
    yield subject, DG.isAbout, claim.about
    yield subject, DG.isAssertedIn, identity("article", article.key)
    yield subject, DG.statementKey, Literal(claim.statement)
    yield subject, DG.describedAsKind, concept("component-kind", recorded.kind)
    yield subject, DG.hasModality, concept("modality", recorded.modality)
    yield subject, DG.hasPolarity, concept("polarity", recorded.polarity)
    yield subject, DG.hasEvidence, _node("evidence", article, recorded)
    for hop in range(len(recorded.reported_by) + 1):
        yield subject, DG.hasReportingStep, URIRef(f"{_node('step', article, recorded)}/{hop}")
    yield from _reported(article, claim)
    yield from _stated(claim, states)


def _stated(claim: FacetClaim, states: URIRef) -> Iterator[Triple]:
    recorded = claim.recorded
    if claim.facet == "condition":
        yield from texts(claim.iri, states, recorded.condition)
        return
    if claim.facet == "opinion":
        yield from texts(claim.iri, states, recorded.opinion)
        return
    yield claim.iri, states, claim.value.node
    if isinstance(claim.value.node, URIRef):
        for predicate, value in claim.value.fields:
            yield claim.value.node, predicate, value
    if claim.facet == "party":
        yield claim.iri, DG.statesRole, concept("role", claim.slot.partition("/")[0])
    if claim.facet == "exclusivity" and recorded.right is not None:
        yield from texts(claim.iri, DG.subjectText, recorded.right.subject)
        yield from texts(claim.iri, DG.scopeText, recorded.right.scope)
    if claim.facet == "amount":
        for amount in recorded.amounts:
            if amount_value(claim.component, amount).node == claim.value.node:
                yield from texts(claim.iri, DG.asStated, amount.as_stated)
                if amount.of:
                    yield claim.iri, DG.measureText, Literal(amount.of, lang="en")
    if claim.facet == "quantity":
        for quantity in recorded.quantities:
            if quantity.of and quantity_value(claim.component, quantity).node == claim.value.node:
                yield claim.iri, DG.measureText, Literal(quantity.of, lang="en")


def _reported(article: Article, claim: FacetClaim) -> Iterator[Triple]:
    """When it was said. Where no date is known, all we know is that it was before we read it."""
    yield claim.iri, DG.reportedBasis, concept("reported-basis", claim.reported_basis)
    yield claim.iri, DG.reportedLatest, day(claim.known)
    if claim.reported is not None:
        yield claim.iri, DG.reportedEdtf, Literal(claim.reported.text)
        if claim.reported.earliest is not None:
            yield claim.iri, DG.reportedEarliest, day(claim.reported.earliest)
