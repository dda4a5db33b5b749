"""Terms of what is computed from belief and of its history: more of :class:`dealgraph.vocab.DG`.

May import nothing of ours. Use them as ``DG.FlowCycle``.
"""

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace


class AnalysisTerms(DefinedNamespace):
    """What is computed from belief, or of its history; a name that is not listed is an error."""

    _NS = Namespace("https://w3id.org/dealgraph/ontology#")
    _fail = True

    # money flows, which rules derive
    MoneyFlow: URIRef
    payer: URIRef
    payee: URIRef
    family: URIRef
    fromComponent: URIRef
    grade: URIRef
    # bands, edges and circles of money
    MoneyBand: URIRef
    hasBand: URIRef
    MoneyEdge: URIRef
    edgeFrom: URIRef
    edgeTo: URIRef
    hasFlow: URIRef
    edgeMaximum: URIRef
    maximumCurrency: URIRef
    FlowCycle: URIRef
    cycleLength: URIRef
    hasStep: URIRef
    CycleStep: URIRef
    position: URIRef
    onEdge: URIRef
    smallestEdgeMaximum: URIRef
    edgesWithoutMaximum: URIRef
    CycleSearch: URIRef
    cyclesFound: URIRef
    cycleLengthBound: URIRef
    # what was believed on which day
    HeldBelief: URIRef
    HeldSupport: URIRef
    HeldVerdict: URIRef
    holdsBelief: URIRef
    supportsBelief: URIRef
    knownFrom: URIRef
    knownUntil: URIRef
    knownOn: URIRef
