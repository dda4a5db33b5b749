"""What belongs to one thing when it is exported: for a deal everything down to the sentences."""

from collections.abc import Iterable, Iterator

from dealgraph.exports.quads import Quads
from dealgraph.exports.terms import Iri, Quad
from dealgraph.vocab import DG, ID, article_graph

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

# From a deal to its components, and to the events and valuations that concern it.
_PARTS = (DG.isPartOfDeal, DG.relatesToDeal)

# What leads to a node that says something about a thing: beliefs, claims, money flows.
_ABOUT = (_RDF + "subject", str(DG.isAbout), str(DG.fromComponent))

# From a thing or claim to a node that is part of what is said of it.
_VALUES = frozenset(
    str(predicate)
    for predicate in (
        DG.hasAmount,
        DG.hasBand,
        DG.hasQuantity,
        DG.hasPeriod,
        DG.hasEventDate,
        DG.statesAmount,
        DG.statesQuantity,
        DG.statesPeriod,
        DG.statesEventDate,
        DG.hasEvidence,
        DG.hasReportingStep,
        DG.isAssertedIn,
    )
)


def description(quads: Quads, thing: str) -> Iterator[Quad]:
    """Every quad that belongs to *thing*, each once, in no order; none for an unknown thing.

    Of a deal that is its components too; of a component (or event, or valuation) its values, the
    beliefs in them, the claims about it with evidence, reporter chain, article and verdicts; of
    an article all that it says. Of anything else it is what is stated with it as subject.
    """
    nodes = dict.fromkeys([thing])
    for part in _PARTS:
        nodes.update(dict.fromkeys(_subjects(quads.pointing(part, thing))))
    for topic in list(nodes):
        for predicate in _ABOUT:
            nodes.update(dict.fromkeys(_subjects(quads.pointing(predicate, topic))))
    seen: set[Quad] = set()
    if thing.startswith(ID + "article/"):
        seen.update(quads.of_graph(article_graph(thing.removeprefix(ID + "article/"))))
    followed: dict[str, None] = {}
    for node in nodes:
        own = list(quads.about(node))
        seen.update(own)
        followed.update(dict.fromkeys(_values(own)))
        followed.update(dict.fromkeys(_subjects(quads.pointing(DG.assesses, node))))
    for node in followed.keys() - nodes.keys():
        seen.update(quads.about(node))
    yield from seen


def _subjects(found: Iterable[Quad]) -> Iterator[str]:
    return (quad.subject.value for quad in found)


def _values(own: Iterable[Quad]) -> Iterator[str]:
    """The value nodes and the evidence of what has these quads."""
    return (
        quad.object.value
        for quad in own
        if quad.predicate.value in _VALUES and isinstance(quad.object, Iri)
    )
