"""One run over a set of texts, as the row of a report."""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from dealgraph.evaluation.figures import (
    Extract,
    Tally,
    bootstrap,
    shuffled,
    tally,
    total,
    wilson,
)
from dealgraph.evaluation.matching import Root
from dealgraph.evaluation.model import GoldText
from dealgraph.extraction.gazetteer import Gazetteer

# What the log of first contacts keeps of a row.
LOGGED: Final = (
    *("batch", "texts", "required", "recall", "precision", "with_amount", "whole"),
    *("traps", "fallen"),
)
_HIDDEN: Final = 0.2


def measure(name: str, texts: Sequence[GoldText], extract: Extract, root: Root) -> dict[str, Any]:
    """The figures of a set: shares from 0 to 1, each interval as [low, high] at 95 %.

    ``found by chance`` is the recall when each text has the claims of another one.
    """
    for text in texts[:1]:
        extract(text)  # What is made once, like dictionaries, is no cost of an article.
    start = time.process_time()
    said_of = {text.key: extract(text) for text in texts}
    took = time.process_time() - start
    counted = tally(texts, lambda text: said_of[text.key], root)
    sums = total(counts for _, counts in counted)
    chance = total(
        counts for _, counts in tally(shuffled(texts), lambda text: said_of[text.key], root)
    )
    said = sums.candidates - sums.repeats
    return {
        "batch": name,
        "texts": len(texts),
        "required": sums.required,
        "recall": round(sums.recall, 3),
        "recall_95": _rounded(bootstrap(counted, lambda each: each.recall)),
        "recall_wilson": _rounded(wilson(sums.found, sums.required)),
        "precision": round(sums.precision, 3),
        "precision_95": _rounded(bootstrap(counted, lambda each: each.precision)),
        "precision_wilson": _rounded(wilson(sums.right, said)),
        "candidates": sums.candidates,
        "repeats": sums.repeats,
        "with_amount": _share(sums.valued, sums.required),
        "whole": _share(sums.whole, sums.required),
        "status_of_matched": _share(sums.status, sums.matched),
        "exact_quotes": f"{sums.quotes}/{sums.matched}",
        "traps": sums.traps,
        "fallen": sums.fallen,
        "shuffled_recall": round(chance.recall, 3),
        "by_language": {
            lang: _pair(total(counts for text, counts in counted if text.language == lang))
            for lang in sorted({text.language for text in texts})
        },
        "by_kind": {kind: f"{sums.by_kind[kind]}/{n}" for kind, n in sums.kinds.most_common()},
        "texts_a_second": round(len(texts) / took, 1) if took else None,
    }


def without_some(gazetteer: Gazetteer) -> Gazetteer:
    """The gazetteer without a fifth of its firms, always the same ones."""
    firms = sorted(key for key, each in gazetteer.entries.items() if each.kind == "firm")
    hidden = set(random.Random(1).sample(firms, int(len(firms) * _HIDDEN)))
    return Gazetteer(
        {
            key: replace(each, owner=None if each.owner in hidden else each.owner)
            for key, each in gazetteer.entries.items()
            if key not in hidden
        }
    )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def _pair(counts: Tally) -> str:
    said = counts.candidates - counts.repeats
    return (
        f"recall {counts.recall:.2f} ({counts.found}/{counts.required}),"
        f" precision {counts.precision:.2f} ({counts.right}/{said})"
    )


def _rounded(interval: tuple[float, float]) -> list[float]:
    return [round(each, 3) for each in interval]
