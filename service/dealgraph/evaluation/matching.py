"""Which candidates are which known claims: one for one, the best pairs first.

A pair matches where kind, main parties and polarity are equal and amounts, where both have some,
agree. Protocol: docs/evaluation.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dealgraph.evaluation.model import Filler, GoldClaim
from dealgraph.extraction.candidate import Candidate

Root = Callable[[str], str]

# The roles without which a claim of a kind is another claim, by the name under which they are
# compared: a lead investor is an investor, a licensee a holder.
MAIN: Final[Mapping[str, Mapping[str, str]]] = {
    kind: {
        role: name
        for part in roles.split()
        for name, _, several in [part.partition("=")]
        for role in (several or name).split(",")
    }
    for kind, roles in {
        "equity-investment": "investor=investor,lead-investor investee",
        "funding-round": "investee",
        "secondary-sale": "seller issuer",
        "acquisition": "acquirer=acquirer,buyer target",
        "loan": "lender borrower",
        "ipo": "issuer",
        "joint-venture": "partner",
        "cloud-commitment": "customer provider=cloud-provider,supplier",
        "chip-supply": "supplier customer=customer,buyer",
        "capacity-lease": "lessor=lessor,supplier lessee=lessee,customer",
        "capacity-build": "builder",
        "right-grant": "grantor=grantor,licensor,issuer,warrant-issuer"
        " holder=rights-holder,licensee,option-holder,warrant-holder",
        "right-exclusion": "restricted=restricted-party",
        "undertaking": "guarantor beneficiary",
        "revenue-share": "payer payee=payee,beneficiary",
        "commerce": "side=merchant,platform,partner",
        "distribution": "distributor source=grantor,supplier",
        "partnership": "partner=partner,technology-partner",
        "restructuring": "side=partner,restructured-firm,shareholder",
        "merger": "side=partner,acquirer,target",
        "dispute": "side=counterparty,opponent,respondent",
        "valuation": "firm=valued-firm",
    }.items()
}


@dataclass(frozen=True)
class Pair:
    """A candidate that is a known claim, by their places."""

    candidate: int
    claim: int


def main_parties(kind: str, parties: Iterable[Filler], root: Root) -> frozenset[Filler]:
    """Who fills the main roles of a kind, groups for their units."""
    names = MAIN.get(kind, {})
    return frozenset((names[role], root(firm)) for role, firm in parties if role in names)


def parties_of(candidate: Candidate) -> list[Filler]:
    """The parties of a candidate: keys, or names that the register doesn't hold."""
    return [(each.role, each.firm or each.name.casefold()) for each in candidate.parties]


def matches(candidate: Candidate, claim: GoldClaim, root: Root) -> bool:
    """Whether a candidate says what a known claim says."""
    if candidate.kind != claim.kind or candidate.polarity != claim.polarity:
        return False
    said = main_parties(candidate.kind, parties_of(candidate), root)
    known = main_parties(claim.kind, claim.parties, root)
    if not said or not known:
        return False
    # Of several partners or builders some may be left out, of two sides none.
    sides = len({role for role, _ in known})
    enough = said == known or (
        said < known
        and len({role for role, _ in said}) == sides
        and len(said) >= min(2, len(known))
    )
    return enough and amounts_agree(candidate, claim) is not False


def amounts_agree(candidate: Candidate, claim: GoldClaim) -> bool | None:
    """Whether the amounts meet, within a hundredth; None where one of the two has none."""
    if not candidate.amounts or not claim.amounts:
        return None
    for amount in candidate.amounts:
        bounds = amount.money.bounds
        low = float(bounds.value if bounds.value is not None else bounds.low or 0)
        high = float(bounds.value if bounds.value is not None else bounds.high or low)
        for least, most, currency, _ in claim.amounts:
            if currency == amount.money.currency and low <= most * 1.01 and high >= least * 0.99:
                return True
    return False


def assign(
    candidates: Sequence[Candidate], claims: Sequence[GoldClaim], root: Root
) -> tuple[list[Pair], list[int]]:
    """Pairs one for one, and the candidates that only repeat a claim which another one is.

    Pairs with an amount come first, then those with the same status; required claims before
    others.
    """
    possible = [
        (
            not claim.required,
            amounts_agree(candidate, claim) is not True,
            candidate.status != claim.status,
            at,
            number,
        )
        for at, candidate in enumerate(candidates)
        for number, claim in enumerate(claims)
        if matches(candidate, claim, root)
    ]
    pairs: list[Pair] = []
    for *_, at, number in sorted(possible):
        if all(pair.candidate != at and pair.claim != number for pair in pairs):
            pairs.append(Pair(at, number))
    taken = {pair.candidate for pair in pairs}
    repeats = sorted({at for *_, at, _ in possible} - taken)
    return pairs, repeats
