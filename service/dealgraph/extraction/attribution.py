"""Whom a sentence names as the source of what it says, in order."""

from collections.abc import Iterator, Sequence

from dealgraph.extraction.frame import Stance
from dealgraph.extraction.items import Item
from dealgraph.extraction.stance import row_at

_REACH = 6  # Items between "according to" and the source.


def reporters(items: Sequence[Item], stance: Stance) -> tuple[str, ...]:
    """Keys of the outlets and firms that the sentence credits, the nearest reporter first."""
    return tuple(dict.fromkeys([*_credited(items, stance), *_reporting(items, stance)]))


def _credited(items: Sequence[Item], stance: Stance) -> Iterator[str]:
    """Sources after "according to", "citing", "segundo"."""
    for first, item in enumerate(items):
        for opener in {item.lemma, item.text.lower()} - {""}:
            for lemmas in stance.credits.get(opener, ()):
                if row_at(items, first, lemmas):
                    yield from _source(items[first + len(lemmas) :][:_REACH])


def _source(after: Sequence[Item]) -> Iterator[str]:
    for item in after:
        if item.text in (",", ".", ";"):
            return
        if item.kind == "names":
            yield from (m.key for m in item.names if m.key and m.thing == "outlet")
            return


def _reporting(items: Sequence[Item], stance: Stance) -> Iterator[str]:
    """Outlets right before or after a verb of reporting: "Bloomberg reported", "noticiou o FT"."""
    for number, item in enumerate(items):
        if item.kind != "word" or item.lemma not in stance.reports:
            continue
        for near in (*range(number - 1, number - 4, -1), *range(number + 1, number + 3)):
            if 0 <= near < len(items) and items[near].holds("outlet"):
                yield from (m.key for m in items[near].names if m.key and m.thing == "outlet")
                break
