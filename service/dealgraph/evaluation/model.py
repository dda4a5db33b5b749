"""What a set of texts with known claims is made of."""

from dataclasses import dataclass

# Who or what fills a role: a key of the register, or a name in lower case that it doesn't hold.
Filler = tuple[str, str]


@dataclass(frozen=True)
class GoldClaim:
    """A claim that a careful reader draws; one that is not required counts neither way.

    ``parties`` are (role, firm); ``amounts`` (low, high, currency, qualifier); ``term`` is
    (years, start, end) or None; ``quotes`` the words that say it.
    """

    id: str
    kind: str
    required: bool
    parties: frozenset[Filler]
    polarity: str = "affirmed"
    status: str | None = None
    amounts: tuple[tuple[float, float, str, str], ...] = ()
    term: tuple[float | None, str | None, str | None] | None = None
    right: str | None = None
    reported_by: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trap:
    """A reading that would be wrong: any candidate that matches ``forbidden`` fell into it."""

    id: str
    quote: str
    forbidden: GoldClaim


@dataclass(frozen=True)
class GoldText:
    """One article or sentence with its claims; ``group`` is what the bootstrap draws."""

    key: str
    group: str
    language: str
    text: str
    published: str | None
    claims: tuple[GoldClaim, ...]
    traps: tuple[Trap, ...] = ()
