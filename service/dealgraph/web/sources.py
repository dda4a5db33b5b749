"""What a row or thing rests on, as a reader sees it: sentence, article, outlet, verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dealgraph.questions.evidence import Evidence, evidence
from dealgraph.web.cells import leads_out, page_of
from dealgraph.web.language import language, told
from dealgraph.web.opened import OpenRelease

# A verdict on one facet that a reader of the row has to see.
_DISPUTED: Final = "disputed"


@dataclass(frozen=True)
class Source:
    """One sentence behind something; languages are empty where they are the page's own.

    ``facets`` are the names of facets whose verdict is another than that of the whole.
    """

    claim: str
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


def sources_of(opened: OpenRelease, subjects: Iterable[str]) -> Mapping[str, list[Source]]:
    """The sentences behind each subject, in order of reporting."""
    found = evidence(opened.engine, list(dict.fromkeys(subjects)), language())
    return {subject: [_source(one) for one in several] for subject, several in found.items()}


def merged(sources: Mapping[str, list[Source]], subjects: Iterable[str]) -> list[Source]:
    """The sentences behind several subjects, each once."""
    each = {one.claim: one for subject in subjects for one in sources.get(subject, ())}
    return list(each.values())


def _source(one: Evidence) -> Source:
    # A dispute over one facet must be seen, also where the rest of the statement is accepted.
    disputed = any(verdict == _DISPUTED for _, verdict in one.verdicts)
    verdict = _DISPUTED if disputed else one.verdict
    return Source(
        claim=one.claim,
        sentence=one.sentence.text,
        sentence_language=_foreign(one.sentence.language),
        quoted=one.kind == "quote",
        verdict=verdict,
        facets=_facets(one, verdict),
        note=one.note.text if one.note else "",
        note_language=_foreign(one.note.language) if one.note else "",
        title=one.title.text,
        title_language=_foreign(one.title.language),
        article_page=page_of(one.article),
        outlet=one.outlet,
        published=one.published or "",
        chain=" ← ".join(one.reporters),
        address=one.address if one.address and leads_out(one.address) else "",
    )


def _facets(one: Evidence, verdict: str) -> list[str]:
    """Which facets the verdict speaks of, where it does not speak of all."""
    meant = [facet for facet, each in one.verdicts if each == verdict]
    return [] if len(meant) == len(one.verdicts) else [told(f"facet.{name}") for name in meant]


def _foreign(code: str) -> str:
    return "" if code == language() else code
