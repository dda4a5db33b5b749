"""Where the names of the gazetteer stand in a text. The only module that knows ahocorasick_rs."""

from collections import defaultdict
from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick, MatchKind

from dealgraph.extraction.document import Span
from dealgraph.extraction.gazetteer import Gazetteer, Known

_SHORT = 4  # Names of so few letters are found only as they are printed.


class NameFinder:
    """Finds every name of a gazetteer, the longest where several begin at one place.

    Names are matched as they are printed, and with a capital at their start or in capitals
    throughout, as headlines print them: "meta" is a goal in Portuguese, "Meta" a firm.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        owners: dict[str, list[Known]] = defaultdict(list)
        for entry in gazetteer.entries.values():
            for name in entry.names:
                for form in _forms(name):
                    if entry not in owners[form]:
                        owners[form].append(entry)
        self._forms = list(owners)
        self._owners = [_preferred(owners[form]) for form in self._forms]
        self._automaton = AhoCorasick(self._forms, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[tuple[Span, Known]]:
        """Each name in the order of the text; spans never overlap."""
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            if _bounded(text, start, end):
                yield Span(start, end), self._owners[number]


def _forms(name: str) -> set[str]:
    forms = {name}
    if name[:1].islower():
        forms.add(name[:1].upper() + name[1:])
    if len(name) > _SHORT and not name.isupper():
        forms.add(name.upper())
    return forms


def _preferred(entries: list[Known]) -> Known:
    """Of several things of one name: a firm before an offering before an outlet."""
    order = {"outlet": 3, "group": 2}
    return min(entries, key=lambda each: (order.get(each.kind, 1 if each.owner else 0), each.key))


def _bounded(text: str, start: int, end: int) -> bool:
    return not (_in_word(text, start - 1, start) or _in_word(text, end, end - 1))


def _in_word(text: str, outside: int, inside: int) -> bool:
    return 0 <= outside < len(text) and text[outside].isalnum() and text[inside].isalnum()
