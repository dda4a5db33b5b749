"""What the files of ``data/`` say, as frozen dataclasses; the format is docs/records.md.

Texts are mappings from language (en, pt) to string. Dates stay as printed; ``dates`` bounds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Text = Mapping[str, str]
Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Party:
    """One party of an arrangement in one role."""

    role: str
    firm: str


@dataclass(frozen=True)
class Amount:
    """Money: ``value`` in units of ``currency`` (ISO 4217); ``basis`` says what it measures."""

    value: int | float
    currency: str
    qualifier: str
    basis: str
    of: str = ""
    joint: bool = False
    as_stated: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Quantity:
    """A figure that isn't money, in ``unit`` (percent, GW, chips …)."""

    value: int | float
    unit: str
    qualifier: str
    measure: str
    of: str = ""


@dataclass(frozen=True)
class Term:
    """When an arrangement holds, as printed; ``relation`` says if the printed end is included."""

    years: int | float | None = None
    start: str | None = None
    end: str | None = None
    relation: str = "until"


@dataclass(frozen=True)
class Right:
    """What kind of right a claim says is given or withheld, over what."""

    type: str
    subject: Text = field(default_factory=dict)
    scope: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Quote:
    """The exact words, with code-point offsets into the stored, hashed text."""

    exact: str
    start: int
    end: int
    language: str


@dataclass(frozen=True)
class RecordedClaim:
    """One thing that one article says about one component: a bundle of facets."""

    id: str
    about: str
    kind: str
    sentence: Text
    evidence: str
    confidence: str
    reported_by: tuple[str, ...]
    status: str | None = None
    modality: str = "asserted"
    polarity: str = "affirmed"
    parties: tuple[Party, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    period: Term | None = None
    right: Right | None = None
    condition: Text = field(default_factory=dict)
    opinion: Text = field(default_factory=dict)
    offerings: tuple[str, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    quote: Quote | None = None


@dataclass(frozen=True)
class Article:
    """Where an article was published, and what it claims."""

    key: str
    kind: str
    address: str | None
    title: Text
    title_basis: str
    outlet: str
    published: str | None
    published_basis: str
    retrieved: str
    language: str
    reviewed_by: str
    claims: tuple[RecordedClaim, ...]
    text_sha256: str | None = None


@dataclass(frozen=True)
class Organization:
    """A firm, unit, fund, group or outlet; ``unit_of`` is what it rolls up to."""

    key: str
    kind: str
    label: Text
    aliases: Names = field(default_factory=dict)
    unit_of: str | None = None
    country: str | None = None
    ticker: str | None = None
    wikidata: str | None = None
    domain: str | None = None


@dataclass(frozen=True)
class Offering:
    """Something that is supplied or licensed: a chip, a model, a cloud service …"""

    key: str
    kind: str
    label: Text
    aliases: Names = field(default_factory=dict)
    offered_by: str | None = None
    included_in: tuple[str, ...] = ()
    may_overlap: tuple[str, ...] = ()
    wikidata: str | None = None


@dataclass(frozen=True)
class Scope:
    """What a right covers: offerings, activities, channels; nothing where sources don't say."""

    over: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Component:
    """A thing with parties, money, rights and a period; also valuations and corporate events."""

    key: str
    kind: str
    label: Text
    deal: str
    part_of: str | None = None
    of: str | None = None
    offerings: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    scope: Scope = Scope()


@dataclass(frozen=True)
class Deal:
    """The folder that the press speaks of."""

    key: str
    label: Text
    components: tuple[Component, ...]


@dataclass(frozen=True)
class Decision:
    """Who decided when, and why."""

    key: str
    note: Text
    decided_on: str
    decided_by: str


@dataclass(frozen=True)
class Verdict(Decision):
    """A reviewer's word on claims; ``claims`` are (article or None for all, statement id)."""

    claims: tuple["ClaimRef", ...]
    verdict: str


@dataclass(frozen=True)
class Relation(Decision):
    """How statements stand to one another.

    For updates and corrects each of ``newer`` stands over each of ``older``; for conflicts and
    compatible every pair of ``claims`` is meant. ``facets`` is empty where all are.
    """

    relation: str
    newer: tuple["ClaimRef", ...] = ()
    older: tuple["ClaimRef", ...] = ()
    claims: tuple["ClaimRef", ...] = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClaimRef:
    """A statement in every article that makes it, or in one."""

    statement: str
    article: str | None = None


@dataclass(frozen=True)
class Records:
    """Everything that a release is built from, each collection keyed by ``key``."""

    articles: Mapping[str, Article]
    organizations: Mapping[str, Organization]
    offerings: Mapping[str, Offering]
    deals: Mapping[str, Deal]
    verdicts: Mapping[str, Verdict]
    relations: Mapping[str, Relation]

    @property
    def components(self) -> dict[str, Component]:
        """The components of all deals by key."""
        return {part.key: part for deal in self.deals.values() for part in deal.components}
