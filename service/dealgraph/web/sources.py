"""What a row or thing rests on, as a reader sees it: sentence, article, outlet, verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dealgraph.questions.evidence import FACETS, Evidence, evidence
from dealgraph.web.cells import leads_out, page_of
from dealgraph.web.language import language, told
from dealgraph.web.opened import OpenRelease

_DISPUTED: Final = "disputed"


@dataclass(frozen=True)
class Source:
    """One sentence behind something; languages are empty where they are the page's own.

    ``facets`` are the names of facets whose verdict is another than that of the whole.
    """

    claim_page: str
    sentence: str
    sentence_language: str
    quoted: bool
    verdict: str
    facets: Sequence[str]
    note: str
    note_language: str
    title: str
    title_language: str
    article_page: str
    outlet: str
    published: str
    chain: str
    address: str

    @property
    def disputed(self) -> bool:
        """Whether any part of what it says is disputed."""
        return self.verdict == _DISPUTED


def evidence_of(opened: OpenRelease, subjects: Iterable[str]) -> Mapping[str, list[Evidence]]:
    """What rests behind each subject, in order of reporting."""
    return evidence(opened.engine, list(dict.fromkeys(subjects)), language())


def sources(found: Iterable[Evidence]) -> list[Source]:
    """Each sentence once, whatever number of its claims was found."""
    groups: dict[tuple[str, str], list[Evidence]] = {}
    for one in found:
        groups.setdefault((one.article, one.statement), []).append(one)
    return [_source(several) for several in groups.values()]


def _source(several: Sequence[Evidence]) -> Source:
    one = several[0]
    verdicts = dict(pair for each in several for pair in each.verdicts)
    verdict = _telling(verdicts) or one.verdict
    note = next((each.note for each in several if each.note), None)
    return Source(
        claim_page=page_of(one.claim),
        sentence=one.sentence.text,
        sentence_language=_foreign(one.sentence.language),
        quoted=one.kind == "quote",
        verdict=verdict,
        facets=_facets(verdicts, verdict),
        note=note.text if note else "",
        note_language=_foreign(note.language) if note else "",
        title=one.title.text,
        title_language=_foreign(one.title.language),
        article_page=page_of(one.article),
        outlet=one.outlet,
        published=one.published or "",
        chain=" ← ".join(one.reporters),
        address=one.address if one.address and leads_out(one.address) else "",
    )


def _telling(verdicts: Mapping[str, str]) -> str:
    """The verdict that stands for a statement: a dispute over any facet must be seen."""
    if _DISPUTED in verdicts.values():
        return _DISPUTED
    return next((verdicts[facet] for facet in FACETS if verdicts.get(facet)), "")


def _facets(verdicts: Mapping[str, str], verdict: str) -> list[str]:
    """Which facets the verdict speaks of, where it does not speak of all."""
    meant = [facet for facet in FACETS if verdicts.get(facet) == verdict]
    return [] if len(meant) == len(verdicts) else [told(f"facet.{name}") for name in meant]


def _foreign(code: str) -> str:
    return "" if code == language() else code
