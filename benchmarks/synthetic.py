"""Made-up deal graphs of any size, in the vocabulary of the real ones; the same for one seed.

Few firms are in most deals, as in the real data. There are units of groups, rounds with cheques
that are part of them, rights that replace one another, disputed values, and ended contracts.
"""

from collections.abc import Iterator
from random import Random

from rdflib import RDF, SKOS, XSD, Literal, URIRef
from rdflib.term import Node

from dealgraph.vocab import DG, concept, identity

Triple = tuple[URIRef, URIRef, Node]

_STATUSES = ("rumoured", "in-talks", "announced", "signed", "in-force", "completed", "ended")
_WEIGHTS = (10, 10, 25, 20, 15, 15, 5)
_PARTIES: dict[URIRef, tuple[URIRef, ...]] = {
    DG.EquityInvestment: (DG.hasInvestor, DG.hasInvestee),
    DG.Loan: (DG.hasLender, DG.hasBorrower),
    DG.Acquisition: (DG.hasAcquirer, DG.hasSeller, DG.hasTarget),
    DG.ChipSupply: (DG.hasCustomer, DG.hasSupplier),
    DG.CloudSupply: (DG.hasCustomer, DG.hasCloudProvider),
    DG.CapacityLease: (DG.hasLessee, DG.hasLessor),
    DG.CapacityBuild: (DG.hasBuilder, DG.hasCustomer),
    DG.RightGrant: (DG.hasLicensor, DG.hasLicensee),
    DG.Undertaking: (DG.hasGuarantor, DG.hasBeneficiary),
    DG.RevenueShare: (DG.hasPayer, DG.hasPayee),
    DG.Partnership: (DG.hasPartner, DG.hasPartner),
}


class Maker:
    """A source of triples: ``entities`` and ``current`` fill as deals are made."""

    def __init__(self, seed: int, firms: int) -> None:
        self._random = Random(seed)
        self.entities: list[Triple] = []
        self.current: list[Triple] = []
        self._deals = 0
        self._firms = [identity("org", f"firm-{number}") for number in range(max(firms, 10))]
        for number, firm in enumerate(self._firms):
            self._firm(number, firm)

    @property
    def size(self) -> int:
        """The number of triples so far."""
        return len(self.entities) + len(self.current)

    def _firm(self, number: int, firm: URIRef) -> None:
        chance = self._random.random()
        kind = DG.AgentGroup if chance < 0.03 else DG.Firm
        if number >= 5 and 0.03 <= chance < 0.2:
            kind = DG.OrganizationalUnit
            # Owners come earlier in the list, so groups have no circles and few are large.
            owner = self._firms[int(number * self._random.random() ** 3)]
            self.entities.append((firm, DG.isUnitOf, owner))
        self.entities.append((firm, RDF.type, kind))
        for language in ("en", "pt"):
            self.entities.append((firm, SKOS.prefLabel, Literal(f"Firm {number}", language)))

    def party(self) -> URIRef:
        """A firm: the first ones far more often than the last."""
        return self._firms[int(len(self._firms) * self._random.random() ** 3)]

    def deal(self) -> None:
        """A deal of one to four components, about seventy triples."""
        self._deals += 1
        key = f"deal-{self._deals}"
        deal = identity("deal", key)
        self.entities.append((deal, RDF.type, DG.Deal))
        self.entities.append((deal, SKOS.prefLabel, Literal(f"Deal {self._deals}", "en")))
        if self._random.random() < 0.15:
            self._round(deal, key)
        else:
            for number in range(self._random.randint(1, 3)):
                self._component(deal, f"{key}-{number}", self._random.choice(list(_PARTIES)))

    def _round(self, deal: URIRef, key: str) -> None:
        whole = self._component(deal, f"{key}-round", DG.FundingRound)
        investee = self.party()
        self._believe(whole, DG.hasInvestee, investee)
        for number in range(self._random.randint(2, 4)):
            cheque = self._component(deal, f"{key}-cheque-{number}", DG.EquityInvestment, investee)
            self.entities.append((cheque, DG.isPartOfComponent, whole))

    def _component(
        self, deal: URIRef, key: str, kind: URIRef, investee: URIRef | None = None
    ) -> URIRef:
        part = identity("component", key)
        self.entities += [
            (part, RDF.type, kind),
            (part, DG.isPartOfDeal, deal),
            (part, SKOS.prefLabel, Literal(f"Component {key}", "en")),
        ]
        for role in _PARTIES.get(kind, ()):
            given = investee if role == DG.hasInvestee else None
            self._believe(part, role, given or self.party())
        (status,) = self._random.choices(_STATUSES, _WEIGHTS)
        disputed = self._random.random() < 0.05
        self._believe(part, DG.hasStatus, concept("status", status), disputed)
        if disputed:
            other = self._random.choice([each for each in _STATUSES if each != status])
            self._believe(part, DG.hasStatus, concept("status", other), disputed)
        self._amount(part, key)
        if kind == DG.RightGrant:
            self._right(deal, part, key)
        return part

    def _right(self, deal: URIRef, part: URIRef, key: str) -> None:
        word = self._random.choice(("exclusive", "non-exclusive", "option", "first-refusal"))
        self._believe(part, DG.hasExclusivity, concept("exclusivity", word))
        if not key.endswith("-old") and self._random.random() < 0.3:
            before = self._component(deal, f"{key}-old", DG.RightGrant)
            self.entities.append((part, DG.replaces, before))

    def _amount(self, part: URIRef, key: str) -> None:
        for number in range(1 + (self._random.random() < 0.1)):  # more than one: they disagree
            node = identity("amount", f"{key}/{number}")
            value = Literal(str(self._random.randint(1, 500) * 10**8), datatype=XSD.decimal)
            self.current += [
                (node, RDF.type, DG.MonetaryAmount),
                (node, DG.currencyCode, Literal("USD")),
                (node, DG.pointValue, value),
            ]
            self._believe(part, DG.hasAmount, node, number > 0)

    def _believe(
        self, subject: URIRef, predicate: URIRef, value: Node, disputed: bool = False
    ) -> None:
        self.current.append((subject, predicate, value))
        node = identity("belief", f"synthetic-{len(self.current)}")
        self.current += [
            (node, RDF.type, DG.DisputedValue if disputed else DG.Belief),
            (node, RDF.subject, subject),
            (node, RDF.predicate, predicate),
            (node, RDF.object, value),
        ]


def graph(triples: int, seed: int = 1) -> Maker:
    """A deal graph with about so many triples in entities and current together."""
    maker = Maker(seed, triples // 150)
    while maker.size < triples:
        maker.deal()
    return maker


def article(maker: Maker) -> Iterator[tuple[bool, Triple]]:
    """The change that one more article brings: a deal, each triple with whether it is identity."""
    before = len(maker.entities), len(maker.current)
    maker.deal()
    yield from ((True, triple) for triple in maker.entities[before[0] :])
    yield from ((False, triple) for triple in maker.current[before[1] :])
