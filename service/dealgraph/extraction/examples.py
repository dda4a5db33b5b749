"""The examples that each frame carries: sentences with their names in brackets, run at loading.

``[Amazon|investor] will invest $10bn in [OpenAI:lab|investee]``: after the colon stand traits of
the firm (chip, cloud, lab, merchant, fund), ``outlet``, ``group``, or ``*`` and a kind of
offering (``[Trainium:*chip]``); after the bar the role that the frame must give it. A name with
no role must be given none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dealgraph.extraction.frame import Frame
from dealgraph.extraction.gazetteer import Gazetteer, Known

_NAME = re.compile(r"\[([^\]:|]+)(?::([^\]|]+))?(?:\|([a-z-]+))?\]")
_TRAITS = frozenset(("chip", "cloud", "lab", "merchant", "fund"))


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence without its brackets, the names in it, and who must fill which role."""

    text: str
    gazetteer: Gazetteer
    expected: frozenset[tuple[str, str]]


def parse_example(marked: str) -> Example:
    """An example as a text with a gazetteer of its own; keys are the names in lower case."""
    entries: dict[str, Known] = {}
    expected: set[tuple[str, str]] = set()
    for found in _NAME.finditer(marked):
        name, marks, role = found.groups()
        key = name.lower()
        what = frozenset((marks or "").split(",")) - {""}
        entries.setdefault(key, Known(key, _kind(what), (name,), what & _TRAITS))
        if role:
            expected.add((role, key))
    return Example(_NAME.sub(r"\1", marked), Gazetteer(entries), frozenset(expected))


def _kind(marks: Iterable[str]) -> str:
    for mark in marks:
        if mark.startswith("*"):
            return mark[1:]
        if mark in ("outlet", "group"):
            return mark
    return "firm"


def all_examples(frames: Iterable[Frame]) -> Iterator[tuple[Frame, str, bool]]:
    """Each example of each frame, and whether the frame must fire on it."""
    for frame in frames:
        for marked in frame.examples:
            yield frame, marked, True
        for marked in frame.counterexamples:
            yield frame, marked, False
