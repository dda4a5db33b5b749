"""What stands where around a trigger: subject, object, agent, owner, "in X", "from Y"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dealgraph.extraction.grammar import Grammar
from dealgraph.extraction.items import Item

_FAR = 14  # Items to the right of a trigger within which an argument is sought.
_OWNER = 6  # Items between an owner and the noun owned.


@dataclass(frozen=True, slots=True)
class Argument:
    """One name group with its label: ``subject``, ``object``, ``agent``, ``owner``, ``beside``
    (a name right before a noun), or a base preposition; ``where`` is its place among the items.
    """

    label: str
    where: int
    item: Item


def clause_of(items: Sequence[Item], first: int, last: int, grammar: Grammar) -> range:
    """The items of the clause that holds a trigger: from boundary to boundary."""
    start = first
    while start > 0 and not _boundary(items, start - 1, grammar):
        start -= 1
    end = last
    while end + 1 < len(items) and not _boundary(items, end + 1, grammar):
        end += 1
    return range(start, end + 1)


def arguments(
    items: Sequence[Item], first: int, last: int, *, verb: bool, grammar: Grammar
) -> list[Argument]:
    """The labelled name groups around the trigger ``items[first..last]``, the nearest first."""
    passive = verb and is_passive(items, first, last, grammar)
    found: list[Argument] = []
    free = _subjects(items, first, grammar)
    if verb and free:
        # Of "SoftBank, which owns Arm, will invest" the first, of "said Nvidia will" the nearest.
        subject = free[0] if _apart(items, free, first) else free[-1]
        found.append(Argument("object" if passive else "subject", subject, items[subject]))
    elif free:
        # A noun hangs on a verb between: "AMD issued OpenAI a warrant".
        found.append(Argument("subject", free[0], items[free[0]]))
        found.extend(Argument("object", number, items[number]) for number in free[1:])
    if not verb:
        found.extend(_owners(items, first, free))
    found.extend(_right(items, last, passive=passive, grammar=grammar))
    found.extend(_left(items, first, {each.where for each in found}, grammar))
    return found


def is_passive(items: Sequence[Item], first: int, last: int, grammar: Grammar) -> bool:
    """Whether a verb is a participle in the passive: after "be", or before "by"."""
    word = items[first].text.lower()
    if word not in grammar.participles and not word.endswith(grammar.endings):
        return False
    following = items[last + 1].text.lower() if last + 1 < len(items) else ""
    if grammar.prepositions.get(following) in ("by", "por"):
        return True
    for earlier in reversed(items[max(0, first - 3) : first]):
        if earlier.kind != "word":
            return False
        if earlier.text.lower() in grammar.passives:
            return True
        if not earlier.text.lower().endswith(("ly", "mente", "not", "já", "also", "também")):
            return False
    return False


def _boundary(items: Sequence[Item], number: int, grammar: Grammar) -> bool:
    item = items[number]
    if item.kind != "word":
        return False
    word = item.text.lower()
    if word in (";", ":", "—") or word in grammar.boundaries or word in grammar.relatives:
        return True
    return item.lemma in grammar.say and _speaks(items, number)


def _speaks(items: Sequence[Item], number: int) -> bool:
    """Whether a verb of saying opens what is said: "said Microsoft will", "disse que"."""
    after = items[number + 1] if number + 1 < len(items) else None
    return after is not None and (after.kind == "names" or after.text.lower() in ("that", "que"))


def _relates(items: Sequence[Item], number: int) -> bool:
    """Whether a word like "que" speaks of the name before it; after "disse" it opens a clause."""
    before = items[number - 1] if number else None
    return before is not None and (before.kind == "names" or before.text == ",")


def _names_of_firms(item: Item) -> bool:
    return item.kind == "names" and any(
        each.thing in ("firm", "group", "outlet") for each in item.names
    )


def _subjects(items: Sequence[Item], first: int, grammar: Grammar) -> list[int]:
    """The groups free of prepositions before a word: in its clause, or in the one before it."""
    end = first
    for _ in range(3):
        start = end
        while start > 0 and not _boundary(items, start - 1, grammar):
            start -= 1
        free = [
            number
            for number in range(start, end)
            if _names_of_firms(items[number])
            and items[number].prep is None
            and not items[number].possessive
        ]
        if free:
            return free
        if start == 0:
            return []
        if items[start - 1].text.lower() in grammar.relatives and _relates(items, start - 1):
            # What "which" speaks of stands right before it, under whatever preposition.
            for number in range(start - 2, max(-1, start - 6), -1):
                if _names_of_firms(items[number]):
                    return [number]
        end = start - 1
    return []


def _apart(items: Sequence[Item], free: Sequence[int], first: int) -> bool:
    """Whether a comma stands between the first group and the word, so that it was not the last."""
    return any(items[number].text == "," for number in range(free[0], first))


def _owners(items: Sequence[Item], first: int, free: Sequence[int]) -> Iterator[Argument]:
    """Names that own a noun ("Amazon's planned investment") or stand right before it."""
    for number in range(first - 1, max(-1, first - _OWNER - 1), -1):
        item = items[number]
        if item.text in (",", ";", ".", ":"):
            return
        if item.kind == "names":
            if item.possessive:
                yield Argument("owner", number, item)
            elif number == first - 1 or items[number + 1].text == "-":
                yield Argument("beside", number, item)
            elif number not in free:
                return


def _right(
    items: Sequence[Item], last: int, *, passive: bool, grammar: Grammar
) -> Iterator[Argument]:
    """Groups after a trigger, up to the end of its clause."""
    free = False
    owners: list[Argument] = []
    for number in range(last + 1, min(len(items), last + 1 + _FAR)):
        item = items[number]
        if _boundary(items, number, grammar):
            break
        if item.kind != "names" or (item.names[0].how == "pronoun" and not item.possessive):
            continue
        if item.possessive:
            # "in OpenAI's rival Anthropic": the owner comes after what is owned.
            owners.append(Argument("owner-after", number, item))
            if item.prep is not None:
                owners.append(Argument(item.prep, number, item))
        elif item.prep in ("by", "por") and passive:
            yield Argument("subject", number, item)
        elif item.prep is not None:
            yield Argument(item.prep, number, item)
        elif not free:
            free = True
            yield Argument("object", number, item)
    yield from owners


def _left(
    items: Sequence[Item], first: int, taken: set[int], grammar: Grammar
) -> Iterator[Argument]:
    """Groups under a preposition before a trigger: "from Nvidia, OpenAI will buy"."""
    for number in range(first - 1, -1, -1):
        if _boundary(items, number, grammar):
            return
        item = items[number]
        if item.kind == "names" and item.prep is not None and number not in taken:
            yield Argument(f"{item.prep}-before", number, item)
