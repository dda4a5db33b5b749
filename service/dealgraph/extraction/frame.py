"""A frame: words that say that something of one kind happens, and where its parties stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Slot:
    """One role: the labels of arguments that may fill it, best first (see ``arguments``).

    ``traits``: a firm that the graph knows must have one of them. ``rest``: where no label
    fills it, the only fitting firm left in the clause does. ``optional``: the frame holds
    without it. ``both``: it takes all the firms that its labels give, and needs two.
    """

    role: str
    labels: tuple[str, ...]
    traits: frozenset[str] = frozenset()
    rest: bool = False
    optional: bool = False
    both: bool = False
    product: bool = False
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trigger:
    """Lemmas in a row; ``verb`` says whether its arguments are those of a verb."""

    lemmas: tuple[str, ...]
    verb: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """How one kind of claim is put into words, in one language.

    ``needs`` names what else must stand in the clause: money, measure, duration. ``about`` are
    lemmas and ``offerings`` kinds of offerings of which one must stand in the sentence;
    ``without`` lemmas of which none may stand in the clause. ``bases`` are the concepts of
    scheme/amount-basis that an amount may have, the first where the text doesn't say; ``units``
    those of measures. ``status`` is what holds where no word says more, ``past`` in the past
    tense. ``negated``: the words must be negated, and so say that a right is not given.
    ``rank`` decides between frames that see the same parties: higher wins.
    """

    id: str
    kind: str
    triggers: tuple[Trigger, ...]
    slots: tuple[Slot, ...]
    needs: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    offerings: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    bases: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    period: bool = False
    status: str | None = None
    past: str | None = None
    right: str | None = None
    polarity: str = "affirmed"
    negated: bool = False
    rank: int = 0
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stance:
    """Words that say how far a deal is and how sure it is, in one language.

    ``statuses`` has for each first word the rows of lemmas that it opens, with a concept of
    scheme/status each; ``credits`` likewise the rows that open a source ("according to").
    ``conditional`` and ``projected`` are words before a trigger, ``conditional_endings`` endings
    of the trigger itself, ``negations`` words that deny it, ``future`` and ``past_endings`` tenses.
    ``reports`` are lemmas of what a source does, ``promises`` of what a firm does that says what
    it would do itself.
    """

    statuses: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(default_factory=dict)
    conditional: frozenset[str] = frozenset()
    projected: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    future: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    past_endings: tuple[str, ...] = ()
    conditional_endings: tuple[str, ...] = ()
    credits: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    reports: frozenset[str] = frozenset()
    promises: frozenset[str] = frozenset()
