"""An explanation as a page shows it: names and figures for terms, words for rules, sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dealgraph.engines.rows import Term
from dealgraph.explaining.as_text import belief_words
from dealgraph.explaining.listing import Held
from dealgraph.explaining.naming import Namer
from dealgraph.explaining.terms import bound_rows
from dealgraph.explaining.tree import (
    Because,
    Believed,
    ClaimReason,
    ClaimTold,
    Decision,
    Explained,
    Ground,
    Inferred,
    Stated,
    Statement,
)
from dealgraph.explaining.words import counted_word, word
from dealgraph.questions.evidence import Evidence
from dealgraph.vocab import ID, SCHEME
from dealgraph.web.cells import Cell, cell, named, page_of
from dealgraph.web.language import language, told
from dealgraph.web.opened import OpenRelease
from dealgraph.web.sources import Source, evidence_of, sources
from dealgraph.web.why_address import why_address, why_statement
from dealgraph.web.written_values import written_values

_VALUES = tuple(f"{ID}{kind}/" for kind in ("amount", "quantity", "period", "date"))
# Steps of a tree that are open when the page comes.
_OPEN = 3


@dataclass(frozen=True)
class Line:
    """A triple; ``why`` is the address of its own explanation."""

    subject: Cell
    predicate: Cell
    object: Cell
    why: str
    mark: str = ""
    disputed: bool = False


@dataclass(frozen=True)
class Reasons:
    """One ground: ``text`` says what it is, ``see`` where its rule is defined (or nothing)."""

    text: str
    disputed: bool = False
    rule: str = ""
    see: str = ""
    axioms: Sequence[Line] = ()
    absent: Sequence[Sequence[Line]] = ()
    premises: Sequence["Step"] = ()
    evidence: Sequence[Source] = ()


@dataclass(frozen=True)
class Step:
    """A statement of the tree with its grounds; ``state`` and ``more`` are words, or empty."""

    line: Line
    state: str
    is_cut: bool
    grounds: Sequence[Reasons]
    more: str
    is_open: bool


@dataclass(frozen=True)
class ClaimShown:
    """A claim with its sentence."""

    name: str
    page: str
    why: str
    about: Cell
    states: Sequence[Cell]
    verdict: str
    verdict_words: str
    evidence: Sequence[Source]


@dataclass(frozen=True)
class Verdict:
    """Why a claim has its verdict."""

    claim: ClaimShown
    reason: str
    meaning: str
    decisions: Sequence[Decision]
    because_of: Sequence[ClaimShown]
    beliefs: Sequence[Line]


@dataclass(frozen=True)
class Section:
    """One explanation: a tree, or claims; ``line`` is a triple that does not hold."""

    title: str
    tree: Step | None
    line: Line | None
    claims: Sequence[Verdict]


@dataclass(frozen=True)
class Listing:
    """What is held of a thing; ``unbelieved`` are sentences on it that are not believed."""

    iri: str
    held: Sequence[Held]
    title: str
    lines: Sequence[Line]
    unbelieved: Sequence[Source]


def section_view(release: OpenRelease, explained: Explained) -> Section:
    """An explanation for the reader of this request."""
    view = _View(release, list(_terms(explained)))
    tree = None if explained.because is None else view.step(explained.because, explained, 0)
    line = None if explained.statement is None else view.line(explained.statement)
    if line is not None:
        title = f"{line.subject.text} · {line.predicate.text} · {line.object.text}"
    else:
        title = view.namer.iri(explained.claims[0].told.claim)
    return Section(title, tree, line, [view.verdict(each) for each in explained.claims])


def listing_view(release: OpenRelease, iri: str, held: Sequence[Held]) -> Listing:
    """All that is held of a thing, each with the address of its explanation."""
    view = _View(release, [term for each in held for term in each.statement])
    return Listing(
        iri=iri,
        held=held,
        title=view.namer.iri(iri),
        lines=[
            view.line(each.statement, told(f"why.kind.{each.kind}"), each.disputed) for each in held
        ],
        unbelieved=sources(
            one for one in evidence_of(release, [iri])[iri] if one.verdict != "accepted"
        ),
    )


def _terms(explained: Explained) -> Iterable[Term | None]:
    if explained.because is not None:
        for each in explained.because.walk():
            yield from each.statement
    if explained.statement is not None:
        yield from explained.statement
    for claim in explained.claims:
        for told_ in (claim.told, *claim.because_of):
            yield from told_.states
        for belief in claim.beliefs:
            yield from belief


class _View:
    """Shows terms: value nodes written out, all else by name."""

    def __init__(self, release: OpenRelease, terms: Iterable[Term | None]) -> None:
        self._release = release
        self.namer = Namer(release.labels, language())
        nodes = {each.value for each in terms if each and each.value.startswith(_VALUES)}
        rows = bound_rows(release.engine, "node-fields", {"node": sorted(nodes)})
        self._values: Mapping[str, str] = written_values(
            release, [(row["node"], row["field"], row["value"]) for row in rows]
        )

    def line(self, statement: Statement, mark: str = "", disputed: bool = False) -> Line:
        predicate = statement.predicate.value if statement.predicate else ""
        return Line(
            self._cell(statement.subject),
            Cell(self.namer.term(statement.predicate), title=predicate),
            self._cell(statement.object),
            "" if None in statement else why_statement(statement),
            mark,
            disputed,
        )

    def step(self, because: Because, explained: Explained, deep: int) -> Step:
        lang = language()
        return Step(
            line=self.line(because.statement),
            state="" if because.state == "explained" else word(because.state, lang),
            is_cut=because.state == "cut",
            grounds=[self._ground(each, explained, deep) for each in because.grounds],
            more=counted_word("more", because.more, lang) if because.more else "",
            is_open=deep < _OPEN,
        )

    def _ground(self, ground: Ground, explained: Explained, deep: int) -> Reasons:
        lang = language()
        if isinstance(ground, Stated):
            return Reasons(word(ground.graph, lang))
        if isinstance(ground, Believed):
            behind = sources(explained.evidence.get(ground.node, ()))
            return Reasons("; ".join(belief_words(ground, lang)), ground.disputed, evidence=behind)
        premises = [self.step(each, explained, deep + 1) for each in ground.premises]
        if not isinstance(ground, Inferred):
            return Reasons(word("analysed", lang), premises=premises)
        return Reasons(
            text=ground.words.get(lang) or ground.words.get("en", ""),
            rule=ground.rule,
            see=ground.see,
            axioms=[self.line(each) for each in ground.axioms],
            absent=[[self.line(each) for each in group] for group in ground.absent],
            premises=premises,
        )

    def verdict(self, claim: ClaimReason) -> Verdict:
        lang = language()
        reason = self.namer.iri(claim.reason) if claim.reason else ""
        meaning = claim.meaning
        if not reason and claim.told.verdict == "accepted":
            meaning = word("simply" if claim.beliefs else "no_belief", lang)
        return Verdict(
            claim=self._claim(claim.told),
            reason=reason,
            meaning=meaning,
            decisions=claim.decisions,
            because_of=[self._claim(each) for each in claim.because_of],
            beliefs=[self.line(each) for each in claim.beliefs],
        )

    def _claim(self, claim: ClaimTold) -> ClaimShown:
        behind: list[Evidence] = [] if claim.evidence is None else [claim.evidence]
        return ClaimShown(
            name=self.namer.iri(claim.claim),
            page=page_of(claim.claim),
            why=why_address(claim.claim),
            about=named(claim.about, self._release.labels),
            states=[self._cell(each) for each in claim.states],
            verdict=claim.verdict,
            verdict_words=self.namer.iri(f"{SCHEME}verdict/{claim.verdict}"),
            evidence=sources(behind),
        )

    def _cell(self, term: Term | None) -> Cell:
        if term is None:
            return Cell(self.namer.term(None))
        if term.value in self._values:
            return Cell(self._values[term.value], href=page_of(term.value), title=term.value)
        return cell(term, self._release.labels)
