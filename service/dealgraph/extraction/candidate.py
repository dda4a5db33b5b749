"""A proposed claim: what the record format calls a claim, before anybody has decided on it."""

from dataclasses import dataclass
from typing import Literal

from dealgraph.extraction.document import Span
from dealgraph.extraction.found import Duration, Measure, Money

Band = Literal["agreed", "single", "net"]


@dataclass(frozen=True, slots=True)
class CandidateParty:
    """One party: ``firm`` is a key of the register, or None and ``name`` is what is printed."""

    role: str
    firm: str | None
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class CandidateAmount:
    """Money and what it measures (a concept of scheme/amount-basis)."""

    money: Money
    basis: str
    joint: bool = False


@dataclass(frozen=True, slots=True)
class CandidateRight:
    """What kind of right is given or withheld, and the words that say over what."""

    type: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CandidateQuote:
    """Exact words of the stored text, with their code points in it."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed claim with its evidence.

    ``kind`` and the roles are those of the record format; ``extractor`` and ``rule`` say who
    proposes it; ``band`` how far to trust it: agreed by two extractors, one alone, or only a
    pair of names beside a deal word (net).
    """

    kind: str
    parties: tuple[CandidateParty, ...]
    quotes: tuple[CandidateQuote, ...]
    extractor: str
    rule: str
    band: Band = "single"
    status: str | None = None
    modality: str = "asserted"
    polarity: str = "affirmed"
    amounts: tuple[CandidateAmount, ...] = ()
    quantities: tuple[Measure, ...] = ()
    period: Duration | None = None
    right: CandidateRight | None = None
    offerings: tuple[str, ...] = ()
    reported_by: tuple[str, ...] = ()
