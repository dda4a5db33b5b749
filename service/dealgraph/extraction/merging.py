"""The hits of a whole article made candidates: one for each thing said, with all its quotes."""

from collections.abc import Iterable
from dataclasses import replace

from dealgraph.extraction.candidate import Candidate


def merged(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Candidates of one article without repeats.

    Two say the same thing where kind, polarity and parties agree and neither amount, status nor
    term of one contradicts the other; what one leaves out is filled from the other.
    """
    kept: list[Candidate] = []
    for candidate in candidates:
        for place, earlier in enumerate(kept):
            if _same(earlier, candidate):
                kept[place] = _together(earlier, candidate)
                break
        else:
            kept.append(candidate)
    return tuple(kept)


def _same(one: Candidate, other: Candidate) -> bool:
    return (
        one.kind == other.kind
        and one.polarity == other.polarity
        and _right_type(one) == _right_type(other)
        and _parties_agree(one, other)
        and _agree(_figures(one), _figures(other))
        and _agree(one.status, other.status)
        and _agree(_term(one), _term(other))
    )


def _agree(one: object, other: object) -> bool:
    return not one or not other or one == other


def _right_type(candidate: Candidate) -> str | None:
    return candidate.right.type if candidate.right else None


def _figures(candidate: Candidate) -> frozenset[object]:
    return frozenset(
        (amount.money.bounds.value, amount.money.bounds.low, amount.money.currency)
        for amount in candidate.amounts
    )


def _term(candidate: Candidate) -> object:
    period = candidate.period
    return (period.years, period.start, period.end) if period else None


def _parties(candidate: Candidate) -> frozenset[tuple[str, str]]:
    return frozenset((each.role, each.firm or each.name) for each in candidate.parties)


def _parties_agree(one: Candidate, other: Candidate) -> bool:
    """The same parties, or those of one among those of the other."""
    mine, theirs = _parties(one), _parties(other)
    return mine <= theirs or theirs <= mine


def _together(one: Candidate, other: Candidate) -> Candidate:
    fuller = one if len(one.parties) >= len(other.parties) else other
    quotes = tuple(dict.fromkeys([*one.quotes, *other.quotes]))
    return replace(
        one,
        parties=fuller.parties,
        quotes=quotes,
        status=one.status or other.status,
        amounts=one.amounts or other.amounts,
        quantities=one.quantities or other.quantities,
        period=one.period or other.period,
        right=one.right or other.right,
        offerings=tuple(dict.fromkeys(key for each in (one, other) for key in each.offerings)),
        reported_by=one.reported_by or other.reported_by,
    )
