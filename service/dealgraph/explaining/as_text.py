"""An explanation as text, for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from dealgraph.explaining.naming import Namer
from dealgraph.explaining.tree import (
    Because,
    Believed,
    ClaimReason,
    ClaimTold,
    Explained,
    Ground,
    Inferred,
    Stated,
)
from dealgraph.explaining.words import counted_word, word
from dealgraph.questions.evidence import Evidence
from dealgraph.vocab import SCHEME

_Behind = Mapping[str, Sequence[Evidence]]


def to_text(explained: Explained, namer: Namer) -> str:
    """A tree of lines, indented by two blanks a step."""
    lines: list[str] = []
    if explained.because is not None:
        lines += _tree(explained.because, explained.evidence, namer)
    elif explained.statement is not None:
        lines.append(namer.statement(explained.statement))
        lines.append(f"  {word('not_held', namer.lang)}. {word('not_held_since', namer.lang)}")
    for claim in explained.claims:
        lines += _claim(claim, namer)
    return "\n".join(lines) + "\n"


def _tree(because: Because, behind: _Behind, namer: Namer) -> Iterator[str]:
    state = "" if because.state == "explained" else f" ({word(because.state, namer.lang)})"
    yield namer.statement(because.statement) + state
    for ground in because.grounds:
        for line in _ground(ground, behind, namer):
            yield f"  {line}"
    if because.more:
        yield f"  … {counted_word('more', because.more, namer.lang)}"


def _ground(ground: Ground, behind: _Behind, namer: Namer) -> Iterator[str]:
    lang = namer.lang
    if isinstance(ground, Stated):
        yield f"- {word(ground.graph, lang)}"
    elif isinstance(ground, Believed):
        yield f"- {'; '.join(belief_words(ground, lang))}"
        for one in behind.get(ground.node, ()):
            yield from (f"    {line}" for line in _evidence(one, lang))
    elif isinstance(ground, Inferred):
        says = ground.words.get(lang) or ground.words.get("en", "")
        yield f"- {word('inferred', lang)} {ground.rule}: {says}"
        for axiom in ground.axioms:
            yield f"    {word('axiom', lang)}: {namer.statement(axiom)}"
        for group in ground.absent:
            yield f"    {word('absent', lang)}: {'; '.join(map(namer.statement, group))}"
        for premise in ground.premises:
            yield from (f"    {line}" for line in _tree(premise, behind, namer))
    else:
        yield f"- {word('analysed', lang)}"
        for premise in ground.premises:
            yield from (f"    {line}" for line in _tree(premise, behind, namer))


def belief_words(ground: Believed, lang: str) -> list[str]:
    """What there is to say of a belief: how firm, and on how many origins."""
    if ground.origins is None:
        return [word("field", lang)]
    said = [word("believed", lang)]
    if ground.modality in ("conditional", "projected"):
        said.append(word(ground.modality, lang))
    said.append(counted_word("origins", ground.origins, lang))
    if ground.disputed:
        said.append(word("disputed", lang))
    return said


def _evidence(one: Evidence, lang: str) -> Iterator[str]:
    quoted = one.kind == "quote"
    yield f"“{one.sentence.text}”" if quoted else one.sentence.text
    parts = [one.title.text, one.outlet, one.published or word("undated", lang)]
    if one.reporters:
        parts.append(word("reported_by", lang, chain=" ← ".join(one.reporters)))
    parts.append(word("quote" if quoted else "paraphrase", lang))
    yield f"  [{'; '.join(parts)}]"
    if one.address:
        yield f"  {one.address}"


def _claim(claim: ClaimReason, namer: Namer) -> Iterator[str]:
    lang = namer.lang
    yield from _told(claim.told, namer)
    if claim.reason:
        yield f"  {word('because', lang)}: {namer.iri(claim.reason)}. {claim.meaning}"
    elif claim.told.verdict == "accepted":
        yield f"  {word('because', lang)}: {word('simply' if claim.beliefs else 'no_belief', lang)}"
    for decision in claim.decisions:
        said = word("decided", lang, by=decision.decided_by, on=decision.decided_on)
        yield f"  {said}: {decision.note}"
    if claim.because_of:
        yield f"  {word('gave_way', lang)}:"
        for other in claim.because_of:
            yield from (f"    {line}" for line in _told(other, namer))
    if claim.beliefs:
        yield f"  {word('beliefs', lang)}:"
        yield from (f"    {namer.statement(each)}" for each in claim.beliefs)


def _told(told: ClaimTold, namer: Namer) -> Iterator[str]:
    lang = namer.lang
    verdict = namer.iri(f"{SCHEME}verdict/{told.verdict}")
    yield f"{word('claim', lang)} {namer.iri(told.claim)}"
    states = ", ".join(map(namer.term, told.states))
    yield f"  {word('about', lang)} {namer.iri(told.about)}; {word('states', lang)}: {states}"
    yield f"  {word('verdict', lang)}: {verdict}"
    if told.evidence is not None:
        yield from (f"  {line}" for line in _evidence(told.evidence, lang))
