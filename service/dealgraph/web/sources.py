"""What a row or thing rests on, as a reader sees it: sentence, article, outlet, verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dealgraph.questions.evidence import FACETS, Evidence, evidence
from dealgraph.web.cells import leads_out, page_of
from dealgraph.web.language import language, told
from dealgraph.web.opened import OpenRelease
from dealgraph.web.why_address import why_address

_DISPUTED: Final = "disputed"


@dataclass(frozen=True)
class Note:
    """Why a reviewer did not simply believe it; ``lang`` is empty where it is the page's own."""

    text: str
    lang: str


@dataclass(frozen=True)
class Report:
    """One article that tells a sentence; ``published`` is empty where nobody knows the day."""

    claim_page: str
    why: str
    title: str
    title_language: str
    article_page: str
    outlet: str
    published: str
    chain: str
    address: str


@dataclass(frozen=True)
class Source:
    """One sentence behind something, and all the articles that tell it, undated ones last.

    Languages are empty where they are the page's own. ``facets`` are the names of facets whose
    verdict is another than that of the whole.
    """

    sentence: str
    sentence_language: str
    quoted: bool
    verdict: str
    facets: Sequence[str]
    notes: Sequence[Note]
    reports: Sequence[Report]

    @property
    def disputed(self) -> bool:
        """Whether any part of what it says is disputed."""
        return self.verdict == _DISPUTED


def evidence_of(opened: OpenRelease, subjects: Iterable[str]) -> Mapping[str, list[Evidence]]:
    """What rests behind each subject, in order of reporting."""
    return evidence(opened.engine, list(dict.fromkeys(subjects)), language())


def sources(found: Iterable[Evidence]) -> list[Source]:
    """Each sentence once for each verdict, in the order of its first report."""
    told_in: dict[tuple[str, str], list[Evidence]] = {}
    for one in found:
        told_in.setdefault((one.article, one.statement), []).append(one)
    groups: dict[tuple[object, ...], list[Source]] = {}
    for several in told_in.values():
        alone = _source(several)
        same = (alone.sentence, alone.quoted, alone.verdict, *alone.facets)
        groups.setdefault(same, []).append(alone)
    joined = [_joined(several) for several in groups.values()]
    return sorted(joined, key=lambda source: _by_day(source.reports[0]))


def count_articles(found: Iterable[Source]) -> int:
    """How many articles tell any of these."""
    return len({report.article_page for source in found for report in source.reports})


def _joined(several: Sequence[Source]) -> Source:
    reports: dict[str, Report] = {}
    for source in several:
        for report in source.reports:
            # An article that says it in two statements is one article still.
            reports.setdefault(report.article_page, report)
    return replace(
        several[0],
        notes=list(dict.fromkeys(note for source in several for note in source.notes)),
        reports=sorted(reports.values(), key=_by_day),
    )


def _by_day(report: Report) -> tuple[bool, str]:
    # What nobody dated comes last: it can't be ordered.
    return not report.published, report.published


def _source(several: Sequence[Evidence]) -> Source:
    one = several[0]
    verdicts = dict(pair for each in several for pair in each.verdicts)
    verdict = _telling(verdicts) or one.verdict
    note = next((each.note for each in several if each.note), None)
    return Source(
        sentence=one.sentence.text,
        sentence_language=_foreign(one.sentence.language),
        quoted=one.kind == "quote",
        verdict=verdict,
        facets=_facets(verdicts, verdict),
        notes=[Note(note.text, _foreign(note.language))] if note else [],
        reports=[_report(one)],
    )


def _report(one: Evidence) -> Report:
    return Report(
        claim_page=page_of(one.claim),
        why=why_address(one.claim),
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
