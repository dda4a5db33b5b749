"""Every IRI of Dealgraph, spelt once.

May import nothing of ours but ``analysis_terms``. The terms themselves are defined in
``ontology/``; a test holds this list to the ontology, both ways. Namespaces follow https://w3id.org/dealgraph/.
"""

from typing import Final

from rdflib import Namespace, URIRef

from dealgraph.analysis_terms import AnalysisTerms

BASE: Final = "https://w3id.org/dealgraph/"
ONTOLOGY: Final = URIRef(BASE + "ontology")
SCHEME: Final = BASE + "scheme/"
ID: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"
SKOLEM: Final = BASE + ".well-known/genid/"


class DG(AnalysisTerms):
    """The terms that Python code writes or reads; a name that is not listed is an error."""

    _NS = Namespace(BASE + "ontology#")
    _fail = True

    # agents
    Firm: URIRef
    OrganizationalUnit: URIRef
    FinancingVehicle: URIRef
    JointVenture: URIRef
    InvestmentFund: URIRef
    NonProfit: URIRef
    PublicBody: URIRef
    NewsOutlet: URIRef
    AgentGroup: URIRef
    isUnitOf: URIRef
    country: URIRef
    ticker: URIRef
    domainName: URIRef
    # offerings
    Offering: URIRef
    ModelOffering: URIRef
    SoftwareService: URIRef
    Marketplace: URIRef
    IntellectualProperty: URIRef
    ChipFamily: URIRef
    CloudService: URIRef
    DataCentreCapacity: URIRef
    isOfferedBy: URIRef
    isIncludedInOffering: URIRef
    mayOverlapWith: URIRef
    # arrangements
    Deal: URIRef
    EquityInvestment: URIRef
    Loan: URIRef
    FundingRound: URIRef
    SecondarySale: URIRef
    Acquisition: URIRef
    PublicOffering: URIRef
    JointVentureFormation: URIRef
    ChipSupply: URIRef
    CloudSupply: URIRef
    CapacityLease: URIRef
    CapacityBuild: URIRef
    RightGrant: URIRef
    RightExclusion: URIRef
    Undertaking: URIRef
    RevenueShare: URIRef
    Commerce: URIRef
    Distribution: URIRef
    Partnership: URIRef
    Restructuring: URIRef
    Merger: URIRef
    Dispute: URIRef
    Valuation: URIRef
    isPartOfDeal: URIRef
    isPartOfComponent: URIRef
    relatesToDeal: URIRef
    valuationOf: URIRef
    hasSubjectMatter: URIRef
    coversOffering: URIRef
    permitsActivity: URIRef
    throughChannel: URIRef
    replaces: URIRef
    overlapsWith: URIRef
    # parties: one property for each role that a question asks for
    hasParty: URIRef
    hasInvestor: URIRef
    hasLeadInvestor: URIRef
    hasInvestee: URIRef
    hasLender: URIRef
    hasBorrower: URIRef
    hasAcquirer: URIRef
    hasTarget: URIRef
    hasSeller: URIRef
    hasBuyer: URIRef
    hasShareholder: URIRef
    hasSupplier: URIRef
    hasCloudProvider: URIRef
    hasLessor: URIRef
    hasBuilder: URIRef
    hasCustomer: URIRef
    hasLessee: URIRef
    hasEndUser: URIRef
    hasGrantor: URIRef
    hasHolder: URIRef
    hasLicensor: URIRef
    hasLicensee: URIRef
    hasIssuer: URIRef
    hasOptionHolder: URIRef
    restrictsAgent: URIRef
    hasBeneficiary: URIRef
    hasGuarantor: URIRef
    hasPayer: URIRef
    hasPayee: URIRef
    hasPartner: URIRef
    hasIntermediary: URIRef
    hasMerchant: URIRef
    hasPlatform: URIRef
    hasDistributor: URIRef
    hasNonParticipant: URIRef
    # belief
    hasStatus: URIRef
    hasAmount: URIRef
    hasQuantity: URIRef
    hasPeriod: URIRef
    hasExclusivity: URIRef
    hasEventDate: URIRef
    hasCondition: URIRef
    subjectText: URIRef
    scopeText: URIRef
    actualEndEarliest: URIRef
    actualEndLatest: URIRef
    Belief: URIRef
    DisputedValue: URIRef
    independentOrigins: URIRef
    # belief and verdicts through time
    # claims
    StatusClaim: URIRef
    AmountClaim: URIRef
    QuantityClaim: URIRef
    PeriodClaim: URIRef
    DateClaim: URIRef
    ExclusivityClaim: URIRef
    PartyClaim: URIRef
    OfferingClaim: URIRef
    ConditionClaim: URIRef
    AssessmentClaim: URIRef
    isAbout: URIRef
    statesStatus: URIRef
    statesAmount: URIRef
    statesQuantity: URIRef
    statesPeriod: URIRef
    statesEventDate: URIRef
    statesExclusivity: URIRef
    statesParty: URIRef
    statesRole: URIRef
    statesOffering: URIRef
    statesCondition: URIRef
    statesOpinion: URIRef
    statementKey: URIRef
    describedAsKind: URIRef
    hasModality: URIRef
    hasPolarity: URIRef
    hasEvidence: URIRef
    isAssertedIn: URIRef
    hasReportingStep: URIRef
    reportedEdtf: URIRef
    reportedEarliest: URIRef
    reportedLatest: URIRef
    reportedBasis: URIRef
    # evidence and articles
    Evidence: URIRef
    evidenceKind: URIRef
    sentence: URIRef
    exact: URIRef
    startOffset: URIRef
    endOffset: URIRef
    readingConfidence: URIRef
    isQuotedFrom: URIRef
    NewsArticle: URIRef
    PressRelease: URIRef
    Filing: URIRef
    SocialPost: URIRef
    address: URIRef
    outlet: URIRef
    publishedEdtf: URIRef
    publishedEarliest: URIRef
    publishedLatest: URIRef
    publishedBasis: URIRef
    retrievedEdtf: URIRef
    titleBasis: URIRef
    textSha256: URIRef
    reviewedBy: URIRef
    ReportingStep: URIRef
    stepSource: URIRef
    hop: URIRef
    # verdicts and relations between claims
    Assessment: URIRef
    assesses: URIRef
    hasVerdict: URIRef
    hasVerdictReason: URIRef
    becauseOfClaim: URIRef
    becauseOfDecision: URIRef
    decidedOn: URIRef
    decidedBy: URIRef
    rule: URIRef
    note: URIRef
    updates: URIRef
    corrects: URIRef
    conflictsWith: URIRef
    compatibleWith: URIRef
    # values
    MonetaryAmount: URIRef
    currencyCode: URIRef
    pointValue: URIRef
    minValue: URIRef
    maxValue: URIRef
    qualifier: URIRef
    basis: URIRef
    isJoint: URIRef
    asStated: URIRef
    measureText: URIRef
    Quantity: URIRef
    unit: URIRef
    measure: URIRef
    Period: URIRef
    startEdtf: URIRef
    endEdtf: URIRef
    earliestStart: URIRef
    latestStart: URIRef
    earliestEnd: URIRef
    latestEnd: URIRef
    durationText: URIRef
    EventDate: URIRef
    dateKind: URIRef
    dateEdtf: URIRef
    dateEarliest: URIRef
    dateLatest: URIRef


def concept(scheme: str, name: str) -> URIRef:
    """The concept *name* of a SKOS scheme: ``concept("status", "signed")``."""
    return URIRef(f"{SCHEME}{scheme}/{name}")


def identity(kind: str, key: str) -> URIRef:
    """The IRI of a thing: ``identity("org", "amazon")``; kinds: org, offering, deal, …"""
    return URIRef(f"{ID}{kind}/{key}")


def graph(name: str) -> URIRef:
    """The IRI of a named graph: ``graph("current")``."""
    return URIRef(GRAPH + name)


def article_graph(key: str) -> URIRef:
    """The graph that holds what one article says."""
    return URIRef(f"{GRAPH}article/{key}")


ONTOLOGY_GRAPH: Final = graph("ontology")
SCHEMES_GRAPH: Final = graph("schemes")
ENTITIES_GRAPH: Final = graph("entities")
CATALOG_GRAPH: Final = graph("catalog")
ASSESSMENTS_GRAPH: Final = graph("assessments")
CURRENT_GRAPH: Final = graph("current")
INFERRED_GRAPH: Final = graph("inferred")
ANALYSES_GRAPH: Final = graph("analyses")
HISTORY_GRAPH: Final = graph("history")

# What a query sees when it names no graph: identity, belief, what follows from it, what was
# found in it by computing, and the concepts.
DEFAULT_GRAPHS: Final = (
    ENTITIES_GRAPH, CURRENT_GRAPH, INFERRED_GRAPH, ANALYSES_GRAPH, SCHEMES_GRAPH,
)  # fmt: skip

# Prefixes of exports, of the query page and of the command line.
PREFIXES: Final[dict[str, str]] = {
    "dg": BASE + "ontology#",
    "org": ID + "org/",
    "offering": ID + "offering/",
    "deal": ID + "deal/",
    "component": ID + "component/",
    "valuation": ID + "valuation/",
    "article": ID + "article/",
    "claim": ID + "claim/",
    "graph": GRAPH,
    "status": SCHEME + "status/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
}
