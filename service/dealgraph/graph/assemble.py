"""Records and ontology become the graphs of a release, in the order in which data flows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from rdflib import Dataset, Graph, URIRef
from rdflib.term import Node

from dealgraph.articles.model import Records
from dealgraph.graph.belief import believe
from dealgraph.graph.catalog import catalog_triples
from dealgraph.graph.claims import article_triples
from dealgraph.graph.complete import complete
from dealgraph.graph.current import current_triples
from dealgraph.graph.endings import end
from dealgraph.graph.facets import FacetClaim, facet_claims
from dealgraph.graph.history import history_triples
from dealgraph.graph.identity import Triple, entity_triples
from dealgraph.graph.ontology import load_ontology
from dealgraph.graph.reasons import reason_triples
from dealgraph.graph.relations import (
    assessment_triples,
    edges,
    reviewed_claims,
    verdict_triples,
)
from dealgraph.vocab import (
    ASSESSMENTS_GRAPH,
    CATALOG_GRAPH,
    CURRENT_GRAPH,
    DG,
    ENTITIES_GRAPH,
    HISTORY_GRAPH,
    ONTOLOGY_GRAPH,
    SCHEMES_GRAPH,
    article_graph,
    concept,
)

Progress = Callable[[str, int, int], None]


def assemble(
    dataset: Dataset, records: Records, ontology: Path, progress: Progress
) -> dict[str, int]:
    """Fill an empty *dataset* with every graph of a release.

    ``progress(stage, done, total)`` is called as work goes on. The counts of what went in come
    back: articles, claims, deals, components, organizations, beliefs, inferred, analysed.
    """
    progress("ontology", 0, 1)
    terms, schemes = load_ontology(ontology)
    _add(dataset, ONTOLOGY_GRAPH, terms)
    _add(dataset, SCHEMES_GRAPH, schemes)
    progress("entities", 0, 1)
    entities = dict.fromkeys(entity_triples(records))
    _add(dataset, ENTITIES_GRAPH, entities)
    _add(dataset, CATALOG_GRAPH, catalog_triples(records))
    claims = facet_claims(records)
    _articles(dataset, records, claims, progress)
    progress("belief", 0, 1)
    beliefs = _belief(dataset, records, claims, entities)
    progress("inference", 0, 1)
    computed = complete(dataset, ontology)
    progress("inference", 1, 1)
    return {
        "articles": len(records.articles),
        "statements": sum(len(article.claims) for article in records.articles.values()),
        "claims": len(claims),
        "deals": len(records.deals),
        "components": len(records.components),
        "organizations": len(records.organizations),
        "offerings": len(records.offerings),
        "beliefs": beliefs,
        **computed,
    }


def _add(dataset: Dataset, name: URIRef, triples: Iterable[tuple[Node, Node, Node]]) -> None:
    graph: Graph = dataset.graph(name)
    dataset.addN((*triple, graph) for triple in triples)


def _articles(
    dataset: Dataset, records: Records, claims: list[FacetClaim], progress: Progress
) -> None:
    by_article: dict[str, list[FacetClaim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article].append(claim)
    for done, key in enumerate(sorted(records.articles), start=1):
        article = records.articles[key]
        _add(dataset, article_graph(key), article_triples(article, by_article[key]))
        progress("articles", done, len(records.articles))


def _belief(
    dataset: Dataset,
    records: Records,
    claims: list[FacetClaim],
    entities: Mapping[Triple, None],
) -> int:
    found = edges(records, claims)
    reviewed = reviewed_claims(records, claims)
    doubts = {
        claim.iri: records.verdicts[key].verdict
        for key, members in reviewed.items()
        for claim in members
    }
    believed = believe(claims, found, doubts)
    endings = end(believed, records, found)
    # What identity says already is not said again: the default graph of a query is the merge of
    # both, and Oxigraph gives a triple that stands in two graphs twice.
    current = (
        triple for triple in current_triples(believed.beliefs, endings) if triple not in entities
    )
    _add(dataset, CURRENT_GRAPH, current)
    _add(dataset, HISTORY_GRAPH, history_triples(records, claims, found, doubts))
    _add(dataset, ASSESSMENTS_GRAPH, assessment_triples(records, found))
    _add(dataset, ASSESSMENTS_GRAPH, verdict_triples(records, reviewed))
    _add(
        dataset,
        ASSESSMENTS_GRAPH,
        (
            (claim, DG.hasVerdict, concept("verdict", verdict))
            for claim, verdict in believed.verdicts.items()
        ),
    )
    _add(dataset, ASSESSMENTS_GRAPH, reason_triples(believed.reasons))
    return len(believed.beliefs)
