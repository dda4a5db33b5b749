"""The extractor that comes with dealgraph: frames over the items of each sentence."""

from collections.abc import Iterable, Iterator, Sequence

from dealgraph.extraction.attribution import reporters
from dealgraph.extraction.candidate import (
    Candidate,
    CandidateAmount,
    CandidateParty,
    CandidateQuote,
    CandidateRight,
)
from dealgraph.extraction.document import Document, Sentence
from dealgraph.extraction.found import Mention, Values
from dealgraph.extraction.frame import Frame, Stance
from dealgraph.extraction.gazetteer import Gazetteer
from dealgraph.extraction.grammar import Grammar
from dealgraph.extraction.items import Item, items_of
from dealgraph.extraction.matching import Hit, Matcher
from dealgraph.extraction.merging import merged
from dealgraph.extraction.stance import modality_of, negated, polarity_of, status_of, supposed


class FrameExtractor:
    """Frames of one language against one gazetteer; made once, used for many articles."""

    def __init__(
        self, frames: Iterable[Frame], grammar: Grammar, stance: Stance, gazetteer: Gazetteer
    ) -> None:
        self._grammar = grammar
        self._stance = stance
        self._matcher = Matcher(frames, grammar, gazetteer)

    def candidates(
        self, document: Document, mentions: Sequence[Mention], values: Values
    ) -> tuple[Candidate, ...]:
        """What the article says, each thing once."""
        return merged(self._all(document, mentions, values))

    def _all(
        self, document: Document, mentions: Sequence[Mention], values: Values
    ) -> Iterator[Candidate]:
        for sentence in document.sentences:
            if (
                document.text[sentence.span.start : sentence.span.end]
                .rstrip("*_\"' ")
                .endswith("?")
            ):
                continue  # A question says nothing.
            items = items_of(
                sentence, document.text, mentions, values, self._grammar, document.language
            )
            sources = reporters(items, self._stance)
            for hit in _strongest(self._matcher.hits(items)):
                if hit.frame.negated and not negated(hit, items, self._stance):
                    continue
                if supposed(hit, items, self._stance):
                    continue
                yield self._candidate(document, sentence, items, hit, sources)

    def _candidate(
        self,
        document: Document,
        sentence: Sentence,
        items: Sequence[Item],
        hit: Hit,
        sources: tuple[str, ...],
    ) -> Candidate:
        frame = hit.frame
        parties = tuple(
            CandidateParty(role, each.key, each.text, each.span)
            for role, names in hit.roles.items()
            for each in names
        )
        amounts: tuple[CandidateAmount, ...] = ()
        if hit.money is not None:
            amounts = (CandidateAmount(hit.money, hit.money.hint or frame.bases[0]),)
        start, end, exact = document.quote(sentence.span)
        offerings = tuple(
            dict.fromkeys(
                each.key
                for number in hit.clause
                for each in items[number].names
                if each.thing == "offering" and each.key
            )
        )
        return Candidate(
            kind=frame.kind,
            parties=parties,
            quotes=(CandidateQuote(start, end, exact),),
            extractor="frames",
            rule=frame.id,
            status=status_of(hit, items, self._stance),
            modality=modality_of(hit, items, self._stance),
            polarity=polarity_of(hit, items, self._stance),
            amounts=amounts,
            quantities=hit.measures,
            period=hit.duration,
            right=CandidateRight(frame.right) if frame.right else None,
            offerings=offerings,
            reported_by=sources,
        )


def _strongest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that see the same firms in one sentence, those of the highest rank.

    A frame of rank 0 or above stands beside others; one below 0 is a last resort.
    """
    found = list(hits)
    firms = [
        frozenset(each.key or each.text for names in hit.roles.values() for each in names)
        for hit in found
    ]
    kept: list[Hit] = []
    for number, hit in enumerate(found):
        beaten = any(
            other.frame.rank > hit.frame.rank
            and (hit.frame.rank < 0 or other.frame.kind == hit.frame.kind)
            and len(firms[number] & firms[place]) >= min(2, len(firms[number]))
            for place, other in enumerate(found)
        )
        if not beaten:
            kept.append(hit)
    return kept
