"""What an explanation is made of: a tree of statements, each with the grounds that it stands on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from dealgraph.engines.rows import Term
from dealgraph.questions.evidence import Evidence


class Statement(NamedTuple):
    """A triple in the terms of an engine; None stands for anything, in what must not be there."""

    subject: Term | None
    predicate: Term | None
    object: Term | None


@dataclass(frozen=True)
class Stated:
    """It is written in a graph that people keep: ``entities``, ``schemes``,
    ``ontology`` or ``catalog``."""

    graph: str
    kind: Literal["stated"] = "stated"


@dataclass(frozen=True)
class Believed:
    """It is believed. ``node`` is what ties it to its claims: see ``Explained.evidence``.

    ``modality`` is the name of a concept; ``origins`` is None for the field of a value, which
    rests on the claims of the value.
    """

    node: str
    disputed: bool = False
    origins: int | None = None
    modality: str = ""
    kind: Literal["believed"] = "believed"


@dataclass(frozen=True)
class Inferred:
    """It follows by a rule from ``premises``, where none of the groups ``absent`` is there.

    ``words`` say what the rule does, ``see`` where it is defined (or nothing), ``through`` are
    rules on class expressions that it was put together with, ``axioms`` what the ontology says.
    """

    rule: str
    words: Mapping[str, str]
    see: str
    through: tuple[str, ...]
    axioms: tuple[Statement, ...]
    premises: tuple["Because", ...]
    absent: tuple[tuple[Statement, ...], ...]
    kind: Literal["inferred"] = "inferred"


@dataclass(frozen=True)
class Analysed:
    """An analysis found it: ``premises`` are the statements on what it looked at."""

    premises: tuple["Because", ...] = ()
    kind: Literal["analysed"] = "analysed"


Ground = Stated | Believed | Inferred | Analysed

# explained: by its grounds; repeated: where it stands first in the tree; cut: the tree was deep
# or large enough; unexplained: no rule of this version gives it.
State = Literal["explained", "repeated", "cut", "unexplained"]


@dataclass(frozen=True)
class Because:
    """A statement, and each way in which it comes to hold; ``more`` ways are not shown.

    No statement has itself among its premises or theirs.
    """

    statement: Statement
    state: State
    grounds: tuple[Ground, ...] = ()
    more: int = 0

    def walk(self) -> Iterator["Because"]:
        """This and everything below it, from the top down."""
        yield self
        for ground in self.grounds:
            if isinstance(ground, Inferred | Analysed):
                for premise in ground.premises:
                    yield from premise.walk()


@dataclass(frozen=True)
class Decision:
    """A reviewer's decision; ``rule`` is the relation between claims that it is on, or empty."""

    iri: str
    note: str
    rule: str
    decided_by: str
    decided_on: str


@dataclass(frozen=True)
class ClaimTold:
    """A claim, what it states, and its sentence; None where the release has no evidence of it."""

    claim: str
    about: str
    states: tuple[Term, ...]
    verdict: str
    evidence: Evidence | None


@dataclass(frozen=True)
class ClaimReason:
    """Why a claim has its verdict.

    ``reason`` is a concept of scheme/verdict-reason, or empty for what is simply believed, and
    ``meaning`` its definition; ``because_of`` are the claims that it names, ``beliefs`` what is
    believed from this one.
    """

    told: ClaimTold
    reason: str
    meaning: str
    because_of: tuple[ClaimTold, ...]
    decisions: tuple[Decision, ...]
    beliefs: tuple[Statement, ...]


@dataclass(frozen=True)
class Explained:
    """The answer to "why?".

    ``because`` is the tree of a triple that holds; None for one that does not, whose ``claims``
    say it nevertheless. Asked about a claim, ``claims`` has that one. ``evidence`` is what stands
    behind the ``node`` of each Believed.
    """

    because: Because | None
    statement: Statement | None = None
    claims: tuple[ClaimReason, ...] = ()
    evidence: Mapping[str, list[Evidence]] = field(default_factory=dict)
