"""The figures of one run: counts over texts, with intervals, and what must hold of them."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from dealgraph.evaluation.matching import Root, amounts_agree, assign, matches, parties_of
from dealgraph.evaluation.model import GoldClaim, GoldText
from dealgraph.extraction.candidate import Candidate

Extract = Callable[[GoldText], Sequence[Candidate]]
_Z = 1.96


@dataclass
class Tally:
    """Counts of one text or of many.

    ``found`` are required claims that a candidate is; ``valued`` those whose amount and
    qualifier are right too, ``whole`` those right in status, term, right and reporters as well.
    ``right`` are candidates that are a claim, ``repeats`` those that only say one again.
    """

    required: int = 0
    found: int = 0
    valued: int = 0
    whole: int = 0
    candidates: int = 0
    right: int = 0
    repeats: int = 0
    status: int = 0
    matched: int = 0
    quotes: int = 0
    traps: int = 0
    fallen: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Adds the counts of another text."""
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, name, mine + theirs)

    @property
    def recall(self) -> float:
        """Found of the required claims; 0 where there are none."""
        return self.found / self.required if self.required else 0.0

    @property
    def precision(self) -> float:
        """Right of the candidates that don't repeat; 0 where there are none."""
        said = self.candidates - self.repeats
        return self.right / said if said else 0.0


def tally(texts: Iterable[GoldText], extract: Extract, root: Root) -> list[tuple[GoldText, Tally]]:
    """The counts of each text.

    :raises AssertionError: when counts can't be: more hits than candidates or than claims.
    """
    found = []
    for text in texts:
        counts = _one(text, extract(text), root)
        assert 0 <= counts.found <= counts.required
        assert counts.right + counts.repeats <= counts.candidates
        assert counts.whole <= counts.valued <= counts.found
        found.append((text, counts))
    return found


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of counts."""
    result = Tally()
    for each in tallies:
        result.add(each)
    return result


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); 0 to 1 where nothing was counted."""
    if n == 0:
        return 0.0, 1.0
    share = hits / n
    centre = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def bootstrap(
    tallies: Sequence[tuple[GoldText, Tally]], measure: Callable[[Tally], float], draws: int = 500
) -> tuple[float, float]:
    """The 95 % interval of a measure when articles (or deals) are drawn anew.

    Claims of one article are not independent: intervals over claims are too narrow.
    """
    groups: dict[str, Tally] = {}
    for text, counts in tallies:
        groups.setdefault(text.group, Tally()).add(counts)
    several = list(groups.values())
    chance = random.Random(1)
    drawn = sorted(measure(total(chance.choice(several) for _ in several)) for _ in range(draws))
    return drawn[int(draws * 0.025)], drawn[int(draws * 0.975) - 1]


def shuffled(texts: Sequence[GoldText]) -> list[GoldText]:
    """Each text with the claims of another group: what is still found there is chance."""
    result = []
    for number, text in enumerate(texts):
        others = [each for each in texts if each.group != text.group] or [text]
        other = others[(number * 7 + 3) % len(others)]
        result.append(replace(text, claims=other.claims, traps=()))
    return result


def _one(text: GoldText, candidates: Sequence[Candidate], root: Root) -> Tally:
    counts = Tally(candidates=len(candidates))
    pairs, repeats = assign(candidates, text.claims, root)
    counts.right, counts.repeats = len(pairs), len(repeats)
    counts.required = sum(claim.required for claim in text.claims)
    counts.kinds.update(claim.kind for claim in text.claims if claim.required)
    for pair in pairs:
        claim, candidate = text.claims[pair.claim], candidates[pair.candidate]
        counts.matched += 1
        counts.status += candidate.status == claim.status
        counts.quotes += all(
            text.text[quote.start : quote.end] == quote.exact for quote in candidate.quotes
        )
        if claim.required:
            counts.found += 1
            counts.by_kind[claim.kind] += 1
            valued = _valued(candidate, claim)
            counts.valued += valued
            counts.whole += valued and _whole(candidate, claim)
    for trap in text.traps:
        counts.traps += 1
        counts.fallen += any(
            matches(each, trap.forbidden, root)
            and any(_meet(quote.exact, trap.quote) for quote in each.quotes)
            for each in candidates
        )
    return counts


def _valued(candidate: Candidate, claim: GoldClaim) -> bool:
    """Whether the amount and its qualifier are right; a claim without amounts needs none."""
    if not claim.amounts:
        return not candidate.amounts
    if amounts_agree(candidate, claim) is not True:
        return False
    said = {amount.money.bounds.qualifier for amount in candidate.amounts}
    return bool(said & {qualifier for *_, qualifier in claim.amounts})


def _whole(candidate: Candidate, claim: GoldClaim) -> bool:
    period = candidate.period
    years = float(period.years) if period and period.years is not None else None
    term = (years, period.start, period.end) if period else None
    right = candidate.right.type if candidate.right else None
    return (
        candidate.status == claim.status
        and (claim.term is None or term == claim.term)
        and (claim.right is None or _same_right(right, claim.right))
        and set(claim.reported_by) <= set(candidate.reported_by) | {""}
    )


def _same_right(said: str | None, known: str) -> bool:
    alike = {"right-of-first-refusal": "first-refusal", "warrant": "option"}
    return said == alike.get(known, known)


def _meet(one: str, other: str) -> bool:
    return one in other or other in one


def missed(
    text: GoldText, candidates: Sequence[Candidate], root: Root
) -> tuple[list[GoldClaim], list[Candidate]]:
    """The required claims that nothing found, and the candidates that are no claim."""
    pairs, repeats = assign(candidates, text.claims, root)
    claims = {pair.claim for pair in pairs}
    taken = {pair.candidate for pair in pairs} | set(repeats)
    return (
        [
            claim
            for number, claim in enumerate(text.claims)
            if claim.required and number not in claims
        ],
        [each for at, each in enumerate(candidates) if at not in taken],
    )


def told(candidate: Candidate) -> str:
    """A candidate in one line."""
    parties = ", ".join(f"{role} {firm}" for role, firm in sorted(parties_of(candidate)))
    amounts = ", ".join(amount.money.text for amount in candidate.amounts)
    return f"{candidate.kind} ({candidate.rule}): {parties} {amounts}".rstrip()
