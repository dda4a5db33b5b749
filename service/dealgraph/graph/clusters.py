"""Things whose belief hangs together, so that the rest need not be weighed again with them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rdflib import URIRef

from dealgraph.articles.model import Deal, Records
from dealgraph.graph.facets import FacetClaim, about
from dealgraph.graph.relations import Edge


@dataclass(frozen=True)
class Cluster:
    """Some things, the claims about them and the edges between these; all that ``believe`` and
    ``end`` need to weigh them as they would among all others."""

    records: Records
    claims: list[FacetClaim]
    edges: list[Edge]


def clusters(
    records: Records, claims: Sequence[FacetClaim], edges: Sequence[Edge]
) -> list[Cluster]:
    """Takes the claims apart: things that one ``replaces`` another, or between which an edge runs,
    stay together; nothing else reaches from one thing to another."""
    components = records.components
    leader: dict[URIRef, URIRef] = {about(part): about(part) for part in components.values()}

    def find(thing: URIRef) -> URIRef:
        while leader[thing] != thing:
            leader[thing] = leader[leader[thing]]
            thing = leader[thing]
        return thing

    for part in components.values():
        for key in part.replaces:
            leader[find(about(part))] = find(about(components[key]))
    for edge in edges:
        leader[find(edge.left.about)] = find(edge.right.about)

    of_claims: dict[URIRef, list[FacetClaim]] = defaultdict(list)
    of_edges: dict[URIRef, list[Edge]] = defaultdict(list)
    of_deals: dict[URIRef, dict[str, Deal]] = defaultdict(dict)
    for claim in claims:
        of_claims[find(claim.about)].append(claim)
    for edge in edges:
        of_edges[find(edge.left.about)].append(edge)
    for part in components.values():
        deals = of_deals[find(about(part))]
        rest = deals[part.deal].components if part.deal in deals else ()
        deals[part.deal] = replace(records.deals[part.deal], components=(*rest, part))
    return [
        Cluster(replace(records, deals=of_deals[name]), members, of_edges[name])
        for name, members in sorted(of_claims.items())
    ]
