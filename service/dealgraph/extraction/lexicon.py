"""How a language writes figures: the words of ``data/language/<language>/values.yaml``."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dealgraph.extraction.checked import read_checked

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Lexicon:
    """The words for scales, currencies, qualifiers, units and terms; all in lower case.

    ``scales`` are powers of ten. ``hints`` map a basis to the words that tell of it right before
    and right after an amount.
    """

    decimal: str
    scales: Mapping[str, int]
    signs: Mapping[str, str]
    assumed: frozenset[str]
    currencies: Mapping[str, str]
    of: tuple[str, ...]
    numbers: Mapping[str, Decimal]
    joins: tuple[str, ...]
    qualifiers: Words
    after: Words
    per: Words
    hints: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    units: Words
    years: tuple[str, ...]
    durations: tuple[str, ...]
    ago: tuple[str, ...]
    last: tuple[str, ...]
    until: tuple[str, ...]
    through: tuple[str, ...]
    since: tuple[str, ...]
    decade: tuple[str, ...]
    months: Mapping[str, int]
    halves: Mapping[str, int]
    quarters: Mapping[str, int]
    skip: tuple[str, ...]


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon of a language.

    :raises RecordError: with every mistake of the file.
    """
    value = dict(read_checked(path, "values"))
    del value["format"]
    plain: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in value.items()
    }
    for name in ("qualifiers", "after", "per", "units"):
        plain[name] = {key: tuple(words) for key, words in value[name].items()}
    plain["hints"] = {
        basis: (tuple(words["before"]), tuple(words["after"]))
        for basis, words in value["hints"].items()
    }
    plain["numbers"] = {word: Decimal(str(number)) for word, number in value["numbers"].items()}
    plain["assumed"] = frozenset(value["assumed"])
    return Lexicon(**plain)


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of some phrases, the longest first; blanks match blanks."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) or r"(?!)"
