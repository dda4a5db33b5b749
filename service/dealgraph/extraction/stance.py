"""How far a deal is, how sure it is, and whether it is denied: layers over the clause of a hit."""

from collections.abc import Iterator, Sequence

from dealgraph.extraction.frame import Frame, Stance
from dealgraph.extraction.items import Item
from dealgraph.extraction.matching import Hit

_SHORT = 4  # "ria" alone is no conditional.
_NEAR = 6  # Words before a trigger that may deny it or make it conditional.


def status_of(hit: Hit, items: Sequence[Item], stance: Stance) -> str | None:
    """The status: the nearest word of the clause that says one, else what the tense implies."""
    said = [
        (_distance(first, last, hit), status)
        for first, last, status in _said(items, stance)
        if first in hit.clause
    ]
    if said:
        return min(said)[1]
    if modality_of(hit, items, stance) == "conditional":
        return "in-talks"
    return _by_tense(hit, items, stance, hit.frame)


def modality_of(hit: Hit, items: Sequence[Item], stance: Stance) -> str:
    """Conditional after "would" or in the conditional mood, projected after "expects".

    What a firm says that it would do itself is asserted: "Nvidia said it would invest".
    """
    if _promised(hit, items, stance):
        return "asserted"
    before = _before(hit, items) if hit.verb else [*_before(hit, items), *_after(hit, items)]
    endings = stance.conditional_endings
    verbs = [*before, items[hit.first].text.lower()] if hit.verb else before
    if endings and any(word.endswith(endings) and len(word) > _SHORT for word in verbs):
        return "conditional"
    if any(word in stance.conditional for word in before):
        return "conditional"
    if any(word in stance.projected for word in before):
        return "projected"
    return "asserted"


def _promised(hit: Hit, items: Sequence[Item], stance: Stance) -> bool:
    """Whether a verb of saying opens the clause, and nobody but its subject is to act."""
    start = hit.clause.start
    openers = items[max(0, start - 2) : start]
    acting = items[start : hit.first]
    return any(item.lemma in stance.promises for item in openers) and not any(
        each.how in ("name", "unknown") for item in acting for each in item.names
    )


def supposed(hit: Hit, items: Sequence[Item], stance: Stance) -> bool:
    """Whether the clause only supposes what it says: "if OpenAI goes public"."""
    opener = items[hit.clause.start - 1].text.lower() if hit.clause.start else ""
    return opener in stance.conditional


def polarity_of(hit: Hit, items: Sequence[Item], stance: Stance) -> str:
    """Denied where a negation stands before the trigger in its clause.

    A frame of what is negated ("would not get the right") says so by its kind.
    """
    if negated(hit, items, stance) and not hit.frame.negated:
        return "denied" if hit.frame.polarity == "affirmed" else "affirmed"
    return hit.frame.polarity


def negated(hit: Hit, items: Sequence[Item], stance: Stance) -> bool:
    """Whether a negation stands before the trigger of a hit, or within it."""
    within = (item.text.lower() for item in items[hit.first : hit.last + 1])
    return any(word in stance.negations for word in (*_before(hit, items), *within))


def _before(hit: Hit, items: Sequence[Item]) -> list[str]:
    start = max(hit.clause.start, hit.first - _NEAR)
    words = [item for item in items[start : hit.first] if item.kind == "word"]
    return [text for item in words for text in (item.text.lower(), item.lemma)]


def _after(hit: Hit, items: Sequence[Item]) -> list[str]:
    """The words after a noun, where its verb stands: "the valuation could rise"."""
    end = min(hit.clause.stop, hit.last + 1 + _NEAR)
    words = [item for item in items[hit.last + 1 : end] if item.kind == "word"]
    return [item.text.lower() for item in words]


def _said(items: Sequence[Item], stance: Stance) -> Iterator[tuple[int, int, str]]:
    for first, item in enumerate(items):
        if item.kind == "word":
            for opener in {item.lemma, item.text.lower()}:
                for lemmas, status in stance.statuses.get(opener, ()):
                    if row_at(items, first, lemmas):
                        yield first, first + len(lemmas) - 1, status


def row_at(items: Sequence[Item], first: int, lemmas: Sequence[str]) -> bool:
    """Whether a row of lemmas stands at a place."""
    here = items[first : first + len(lemmas)]
    return len(here) == len(lemmas) and all(
        item.kind == "word" and wanted in (item.lemma, item.text.lower())
        for item, wanted in zip(here, lemmas, strict=True)
    )


def _distance(first: int, last: int, hit: Hit) -> tuple[int, int]:
    """How far a word is from the trigger; of two at one place the longer row of words wins."""
    if last < hit.first:
        away = hit.first - last
    elif first > hit.last:
        # What stands after a trigger speaks of it less often than what stands before.
        away = 2 * (first - hit.last)
    else:
        away = 0
    return away, first - last


def _by_tense(hit: Hit, items: Sequence[Item], stance: Stance, frame: Frame) -> str | None:
    trigger = items[hit.first].text.lower()
    before = _before(hit, items)
    if any(word in stance.future for word in before):
        return frame.status
    past = trigger in stance.past or trigger.endswith(stance.past_endings or ("\0",))
    return frame.past or frame.status if hit.verb and past else frame.status
