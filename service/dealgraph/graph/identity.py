"""The register as triples of ``graph/entities``: firms, offerings, deals and their components.

Nothing here is a claim: no status, amount, period or party. Identifiers of other registers that
nobody verified become skos:closeMatch, never owl:sameAs.
"""

from collections.abc import Iterator, Mapping

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS
from rdflib.term import Node

from dealgraph.articles.model import Component, Deal, Names, Offering, Organization, Records, Text
from dealgraph.graph.facets import about
from dealgraph.kinds import COMPONENT_CLASS, CORPORATE_EVENTS, OFFERING_CLASS, ORGANIZATION_CLASS
from dealgraph.vocab import DG, concept, identity

Triple = tuple[URIRef, URIRef, Node]

_WIKIDATA = "http://www.wikidata.org/entity/"


def entity_triples(records: Records) -> Iterator[Triple]:
    """Every identity of the register."""
    for firm in records.organizations.values():
        yield from _organization(firm)
    for offering in records.offerings.values():
        yield from _offering(offering)
    components = records.components
    for deal in records.deals.values():
        yield from _deal(deal)
        for part in deal.components:
            yield from _component(part, components)


def texts(subject: URIRef, predicate: URIRef, text: Text) -> Iterator[Triple]:
    """One literal for each language of a text."""
    for lang, value in text.items():
        yield subject, predicate, Literal(value, lang=lang)


def _names(subject: URIRef, label: Text, aliases: Names) -> Iterator[Triple]:
    yield from texts(subject, SKOS.prefLabel, label)
    for lang, names in aliases.items():
        for name in names:
            # The same name as label and alias breaks SKOS (S13: the two are disjoint).
            if name != label.get(lang):
                yield subject, SKOS.altLabel, Literal(name, lang=lang)


def _organization(firm: Organization) -> Iterator[Triple]:
    subject = identity("org", firm.key)
    yield subject, RDF.type, ORGANIZATION_CLASS[firm.kind]
    yield from _names(subject, firm.label, firm.aliases)
    yield subject, DCTERMS.identifier, Literal(firm.key)
    if firm.unit_of is not None:
        yield subject, DG.isUnitOf, identity("org", firm.unit_of)
    if firm.country is not None:
        yield subject, DG.country, Literal(firm.country)
    if firm.ticker is not None:
        yield subject, DG.ticker, Literal(firm.ticker)
    if firm.domain is not None:
        yield subject, DG.domainName, Literal(firm.domain)
    if firm.wikidata is not None:
        yield subject, SKOS.closeMatch, URIRef(_WIKIDATA + firm.wikidata)


def _offering(offering: Offering) -> Iterator[Triple]:
    subject = identity("offering", offering.key)
    yield subject, RDF.type, OFFERING_CLASS[offering.kind]
    yield from _names(subject, offering.label, offering.aliases)
    yield subject, DCTERMS.identifier, Literal(offering.key)
    if offering.offered_by is not None:
        yield subject, DG.isOfferedBy, identity("org", offering.offered_by)
    for wider in offering.included_in:
        yield subject, DG.isIncludedInOffering, identity("offering", wider)
    for other in offering.may_overlap:
        yield subject, DG.mayOverlapWith, identity("offering", other)
    if offering.wikidata is not None:
        yield subject, SKOS.closeMatch, URIRef(_WIKIDATA + offering.wikidata)


def _deal(deal: Deal) -> Iterator[Triple]:
    subject = identity("deal", deal.key)
    yield subject, RDF.type, DG.Deal
    yield from texts(subject, SKOS.prefLabel, deal.label)
    yield subject, DCTERMS.identifier, Literal(deal.key)


def _component(part: Component, components: Mapping[str, Component]) -> Iterator[Triple]:
    subject = about(part)
    yield subject, RDF.type, COMPONENT_CLASS[part.kind]
    yield from texts(subject, SKOS.prefLabel, part.label)
    yield subject, DCTERMS.identifier, Literal(part.key)
    # Events and valuations are no part of a deal: they concern it.
    loose = part.kind == "valuation" or part.kind in CORPORATE_EVENTS
    relation = DG.relatesToDeal if loose else DG.isPartOfDeal
    yield subject, relation, identity("deal", part.deal)
    if part.part_of is not None:
        yield subject, DG.isPartOfComponent, about(components[part.part_of])
    for key in part.offerings:
        yield subject, DG.hasSubjectMatter, identity("offering", key)
    for key in part.scope.over:
        yield subject, DG.coversOffering, identity("offering", key)
    for key in part.scope.activities:
        yield subject, DG.permitsActivity, concept("activity", key)
    for key in part.scope.channels:
        yield subject, DG.throughChannel, concept("channel", key)
    for key in part.replaces:
        yield subject, DG.replaces, about(components[key])
    for key in part.overlaps:
        yield subject, DG.overlapsWith, about(components[key])
    if part.of is not None:
        yield subject, DG.valuationOf, identity("org", part.of)
