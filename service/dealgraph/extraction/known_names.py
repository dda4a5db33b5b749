"""The gazetteer of the register: names of firms and offerings with what claims say they do."""

from collections import defaultdict

from dealgraph.articles.model import Names, Records, Text
from dealgraph.extraction.gazetteer import Gazetteer, Known

# What a firm offers, or the role in which claims name it -> what it is to role checks.
_BY_OFFERING = {"chip": "chip", "cloud-service": "cloud", "model": "lab"}
_BY_ROLE = {"cloud-provider": "cloud", "merchant": "merchant"}


def gazetteer_of(records: Records) -> Gazetteer:
    """Every organization, outlet and offering of the register with its names in all languages."""
    traits: dict[str, set[str]] = defaultdict(set)
    for offering in records.offerings.values():
        if offering.offered_by and offering.kind in _BY_OFFERING:
            traits[offering.offered_by].add(_BY_OFFERING[offering.kind])
    for article in records.articles.values():
        for claim in article.claims:
            for party in claim.parties:
                if party.role in _BY_ROLE:
                    traits[party.firm].add(_BY_ROLE[party.role])
    for firm in records.organizations.values():
        if firm.kind == "fund":
            traits[firm.key].add("fund")
        if firm.unit_of:
            # A group does what its units do: chips from Amazon are made by its cloud.
            traits[firm.unit_of] |= traits[firm.key]
    entries = {
        firm.key: Known(
            firm.key,
            firm.kind,
            _names(firm.label, firm.aliases),
            frozenset(traits[firm.key]),
            unit_of=firm.unit_of,
        )
        for firm in records.organizations.values()
    }
    for offering in records.offerings.values():
        names = _names(offering.label, offering.aliases)
        entries[offering.key] = Known(offering.key, offering.kind, names, owner=offering.offered_by)
    return Gazetteer(entries)


def _names(label: Text, aliases: Names) -> tuple[str, ...]:
    several = [*label.values(), *(name for names in aliases.values() for name in names)]
    return tuple(dict.fromkeys(several))
