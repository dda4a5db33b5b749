"""Articles as triples of ``graph/catalog``."""

from collections.abc import Iterator

from rdflib import Literal
from rdflib.namespace import DCTERMS, RDF, XSD

from dealgraph.articles.dates import as_printed
from dealgraph.articles.model import Article, Records
from dealgraph.graph.identity import Triple, texts
from dealgraph.graph.values import day
from dealgraph.kinds import ARTICLE_CLASS
from dealgraph.vocab import DG, concept, identity


def catalog_triples(records: Records) -> Iterator[Triple]:
    """Where every article was published, when, and in which language."""
    for article in records.articles.values():
        yield from _article(article)


def _article(article: Article) -> Iterator[Triple]:
    subject = identity("article", article.key)
    yield subject, RDF.type, ARTICLE_CLASS[article.kind]
    yield subject, DCTERMS.identifier, Literal(article.key)
    yield from texts(subject, DCTERMS.title, article.title)
    yield subject, DG.titleBasis, concept("title-basis", article.title_basis)
    yield subject, DG.outlet, identity("org", article.outlet)
    yield subject, DCTERMS.language, Literal(article.language)
    yield subject, DG.reviewedBy, Literal(article.reviewed_by)
    yield subject, DG.retrievedEdtf, Literal(as_printed(article.retrieved).text)
    if article.address is not None:
        # A literal, not an IRI: the loader must never make a page of others a node of ours.
        yield subject, DG.address, Literal(article.address, datatype=XSD.anyURI)
    if article.text_sha256 is not None:
        yield subject, DG.textSha256, Literal(article.text_sha256)
    yield subject, DG.publishedBasis, concept("published-basis", article.published_basis)
    if article.published is not None:
        bounds = as_printed(article.published)
        yield subject, DG.publishedEdtf, Literal(bounds.text)
        days = ((DG.publishedEarliest, bounds.earliest), (DG.publishedLatest, bounds.latest))
        for predicate, value in days:
            if value is not None:
                yield subject, predicate, day(value)
