"""Clashes of rights: the questions on a real store, held to an oracle that tries every reading."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conftest import REPOSITORY
from dealgraph.engines.rows import RowsEngine, Term
from dealgraph.graph.ontology import load_ontology
from dealgraph.questions.asking import ask
from dealgraph.questions.catalog import load
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.slots import filled
from dealgraph.releases.workspace import Workspace
from dealgraph.vocab import BASE, ID, SCHEME

QUESTIONS = load(REPOSITORY / "queries")
DG = BASE + "ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
BROADER = "http://www.w3.org/2004/02/skos/core#broader"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FIRST = date(2026, 1, 1)
DAYS = 6

GROUP = {"giver": "giver", "lab": "giver", "red": "red", "red-cloud": "red", "blue": "blue"}
# Each node with what it is included in; of the channels, the two trees are two dimensions.
OFFERING = {"all": None, "models": "all", "large": "models", "small": "models", "agent": None}
ACTIVITY = {
    "commercialise": None, "distribute": "commercialise", "offer-on-cloud": "distribute",
    "launch-first": "commercialise", "use": None,
}  # fmt: skip
CHANNEL = {
    "route": None, "cloud-platform": "route", "third-party-cloud": "cloud-platform",
    "direct-sales": "route", "customers": None, "developers": "customers",
}  # fmt: skip
MAY_OVERLAP = {("small", "agent"), ("agent", "small")}
BINDING = {"signed", "in-force", "completed", "ended", "terminated"}


@dataclass(frozen=True)
class Right:
    """A right of a small world; days are numbers, None is not told."""

    key: str
    holder: str
    exclusive: bool = False
    grantor: str = "giver"
    offerings: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    start: tuple[int | None, int | None] = (None, None)
    end: tuple[int, int] | None = None
    ended: tuple[int, int] | None = None
    status: str = "signed"
    doubted: bool = False


@dataclass(frozen=True)
class CarveOut:
    """What the grantor keeps from a holder who is alone in a right."""

    against: str
    offering: str
    activity: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class World:
    """Some rights, and one carve-out at most."""

    rights: Sequence[Right]
    carve_outs: Sequence[CarveOut] = field(default=())


# The oracle: sets of atoms and all readings of the bounds, nothing cleverer.


def below(tree: Mapping[str, str | None], node: str) -> frozenset[str]:
    """A node and all that is narrower."""
    found = {node}
    while more := {each for each, wider in tree.items() if wider in found} - found:
        found |= more
    return frozenset(found)


def readings(right: Right) -> set[tuple[int, int]]:
    """Every (first day, last day) that the bounds of a right allow, some days beyond all."""
    low, high = -2, DAYS + 4
    early, late = right.start
    starts = range(low if early is None else early, (high if late is None else late) + 1)
    # An end that nobody told is open where the right is known to have ended in fact.
    ends = range(low, high + 1) if right.end is None else range(right.end[0], right.end[1] + 1)
    lasts = set(ends)
    if right.ended is not None:
        cuts = {day - 1 for day in range(right.ended[0], right.ended[1] + 1)}
        lasts = cuts if right.end is None else {min(a, b) for a in ends for b in cuts}
    return {(start, last) for start in starts for last in lasts if start <= last}


def terms(one: Right, other: Right, on: int | None) -> int:
    """2 where every reading of both has a common day (that day), 1 where some has, else 0."""
    common = [
        max(a[0], b[0]) <= min(a[1], b[1])
        if on is None
        else max(a[0], b[0]) <= on <= min(a[1], b[1])
        for a in readings(one)
        for b in readings(other)
    ]
    return 2 if all(common) else 1 if any(common) else 0


def area(channel: str | None) -> set[tuple[str, str]]:
    """The (way, customer) pairs that a channel reaches."""
    ways, customers = below(CHANNEL, "route"), below(CHANNEL, "customers")
    if channel in ways:
        ways = below(CHANNEL, channel)
    elif channel is not None:
        customers = below(CHANNEL, channel)
    return set(itertools.product(ways, customers))


def met(tree: Mapping[str, str | None], a: str | None, b: str | None) -> bool:
    return a is None or b is None or bool(below(tree, a) & below(tree, b))


def may(a: str, b: str) -> bool:
    return any(
        met(OFFERING, a, x) and met(OFFERING, b, y) for x, y in MAY_OVERLAP
    )


def inside(tree: Mapping[str, str | None], ends: Sequence[str | None], wide: str | None) -> bool:
    return wide is None or any(end is not None and end in below(tree, wide) for end in ends)


def scope(one: Right, other: Right, carve_outs: Sequence[CarveOut]) -> int | None:
    """2 certain, 1 possible, 0 carved out, None where the scopes don't meet."""
    found: list[int] = []
    for o1, o2, a1, a2, c1, c2 in itertools.product(
        one.offerings or [None], other.offerings or [None], one.activities or [None],
        other.activities or [None], one.channels or [None], other.channels or [None],
    ):  # fmt: skip
        known = o1 is not None and o2 is not None
        overlap = met(OFFERING, o1, o2)
        if not overlap and not (known and may(str(o1), str(o2))):
            continue
        reached = area(c1) & area(c2)
        if not met(ACTIVITY, a1, a2) or not reached:
            continue
        carved = any(
            inside(OFFERING, (o1, o2), out.offering)
            and inside(ACTIVITY, (a1, a2), out.activity)
            and reached <= area(out.channel)
            for out in carve_outs
            if GROUP[out.against] in {GROUP[x.holder] for x in (one, other) if x.exclusive}
        )
        full = overlap and known and a1 is not None and a2 is not None
        found.append(0 if carved else 2 if full else 1)
    return max(found, default=None)


def expected(world: World, on: int | None = None) -> dict[frozenset[str], tuple[str, str]]:
    """The verdict and stage of each pair that is worth telling."""
    found = {}
    for one, other in itertools.combinations(world.rights, 2):
        sure = any(each.exclusive and not each.doubted for each in (one, other))
        if not (one.exclusive or other.exclusive):
            continue
        if GROUP[one.grantor] != GROUP[other.grantor] or GROUP[one.holder] == GROUP[other.holder]:
            continue
        fit = scope(one, other, world.carve_outs)
        if fit is None:
            continue
        level = min(fit, terms(one, other, on), 2 if sure else 1)
        stage = {one.status, other.status} <= BINDING
        found[frozenset((one.key, other.key))] = (
            ("none", "possible", "certain")[level],
            "" if level == 0 else "actual" if stage else "if finalised",
        )
    return found


# The store


def _iri(kind: str, key: str) -> ox.NamedNode:
    return ox.NamedNode(f"{SCHEME if '/' in kind else ID}{kind.removesuffix('/')}/{key}")


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(DG + name)


def _day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def _date(number: int) -> ox.Literal:
    return ox.Literal(_day(number), datatype=ox.NamedNode(XSD + "date"))


def triples(world: World) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """A world as identity, belief and what follows hold it."""
    a = ox.NamedNode(TYPE)
    for firm, root in GROUP.items():
        yield _iri("org", firm), a, _term("Agent")
        yield _iri("org", firm), _term("groupRoot"), _iri("org", root)
    for wide in OFFERING:
        for each in below(OFFERING, wide) - {wide}:
            yield _iri("offering", each), _term("isIncludedInOffering"), _iri("offering", wide)
    for x, y in MAY_OVERLAP:
        yield _iri("offering", x), _term("mayOverlapWith"), _iri("offering", y)
    for scheme, tree in (("activity/", ACTIVITY), ("channel/", CHANNEL)):
        for each, wider in tree.items():
            if wider is not None:
                yield _iri(scheme, each), ox.NamedNode(BROADER), _iri(scheme, wider)
    for right in world.rights:
        me = _iri("component", right.key)
        yield me, a, _term("RightGrant")
        yield me, _term("hasGrantor"), _iri("org", right.grantor)
        yield me, _term("hasHolder"), _iri("org", right.holder)
        yield me, _term("hasStatus"), _iri("status/", right.status)
        kinds = {"exclusive" if right.exclusive else "non-exclusive"}
        for kind in kinds | ({"unspecified"} if right.doubted else set()):
            yield me, _term("hasExclusivity"), _iri("exclusivity/", kind)
        yield from _scope(me, right.offerings, right.activities, right.channels)
        period = _iri("period", right.key)
        yield me, _term("hasPeriod"), period
        ends = right.end or (None, None)
        for name, bound in zip(
            ("earliestStart", "latestStart", "earliestEnd", "latestEnd"),
            (*right.start, *ends), strict=True,
        ):  # fmt: skip
            if bound is not None:
                yield period, _term(name), _date(bound)
        if right.ended is not None:
            yield me, _term("actualEndEarliest"), _date(right.ended[0])
            yield me, _term("actualEndLatest"), _date(right.ended[1])
    for number, out in enumerate(world.carve_outs):
        me = _iri("component", f"out{number}")
        yield me, a, _term("RightExclusion")
        yield me, _term("hasHolder"), _iri("org", "lab")
        yield me, _term("restrictsAgent"), _iri("org", out.against)
        yield me, _term("hasStatus"), _iri("status/", "signed")
        yield from _scope(
            me, (out.offering,), (out.activity,) if out.activity else (),
            (out.channel,) if out.channel else (),
        )  # fmt: skip


def _scope(
    me: ox.NamedNode, offerings: Sequence[str], activities: Sequence[str], channels: Sequence[str]
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    for each in offerings:
        yield me, _term("coversOffering"), _iri("offering", each)
    for each in activities:
        yield me, _term("permitsActivity"), _iri("activity/", each)
    for each in channels:
        yield me, _term("throughChannel"), _iri("channel/", each)


def answers(world: World, question: str, **values: Sequence[Term]) -> list[dict[str, str]]:
    """The rows of a question on a world, in English; values as the part of an IRI after the last /."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples(world))
    language = (Term("literal", "en", None, None),)
    text = filled(QUESTIONS[question].text, {"lang": language, **values})
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [
        {
            name: "" if row[name] is None else str(row[name].value).rsplit("/", 1)[-1]
            for name in names
        }
        for row in found
    ]


def clashes(world: World, on: int | None = None) -> dict[frozenset[str], tuple[str, str]]:
    day = () if on is None else (Term("literal", _day(on), XSD + "date", None),)
    rows = answers(world, "clashes", on=day)
    found = {
        frozenset((row["exclusive"], row["other"])): (row["verdict"], row["stage"]) for row in rows
    }
    assert len(found) == len(rows), "a pair stands twice"
    return found


def would_clash(world: World, new: Right) -> dict[str, tuple[str, str]]:
    """What the question says of a right that is described by hand."""

    def iris(kind: str, keys: Sequence[str]) -> tuple[Term, ...]:
        return tuple(Term("iri", _iri(kind, key).value, None, None) for key in keys)

    def day(bound: int | None) -> tuple[Term, ...]:
        return () if bound is None else (Term("literal", _day(bound), XSD + "date", None),)

    values = {
        "grantor": iris("org", [new.grantor]),
        "holder": iris("org", [new.holder]),
        "product": iris("offering", new.offerings),
        "activity": iris("activity/", new.activities),
        "channel": iris("channel/", new.channels),
        "exclusivity": iris("exclusivity/", ["exclusive" if new.exclusive else "non-exclusive"]),
        "status": iris("status/", [new.status]),
        "from": day(new.start[0]),
        "until": day(new.end[0] if new.end else None),
    }
    rows = answers(world, "would-it-clash", **values)
    return {row["right"]: (row["verdict"], row["stage"]) for row in rows}


# Random worlds

NUMBER = st.integers(0, DAYS)
PAIR = st.tuples(NUMBER, NUMBER).map(lambda pair: (min(pair), max(pair)))


@st.composite
def rights(draw: st.DrawFn, key: str) -> Right:
    early, late = draw(PAIR)
    told = draw(st.tuples(st.booleans(), st.booleans()))
    exclusive = draw(st.booleans())
    right = Right(
        key=key,
        holder=draw(st.sampled_from(["red", "red-cloud", "blue"])),
        exclusive=exclusive,
        doubted=exclusive and draw(st.integers(0, 4)) == 0,
        grantor=draw(st.sampled_from(["giver", "lab"])),
        offerings=tuple(draw(st.lists(st.sampled_from(list(OFFERING)), max_size=2, unique=True))),
        activities=tuple(draw(st.lists(st.sampled_from(list(ACTIVITY)), max_size=1))),
        channels=tuple(draw(st.lists(st.sampled_from(list(CHANNEL)), max_size=1))),
        start=(early if told[0] else None, late if told[1] else None),
        end=draw(st.none() | PAIR),
        ended=draw(st.none() | PAIR),
        status=draw(st.sampled_from(["signed", "in-talks", "ended", "announced"])),
    )
    assume(readings(right))
    return right


@st.composite
def worlds(draw: st.DrawFn) -> World:
    out = st.builds(
        CarveOut,
        st.sampled_from(["red", "blue"]),
        st.sampled_from(list(OFFERING)),
        st.none() | st.sampled_from(list(ACTIVITY)),
        st.none() | st.sampled_from(list(CHANNEL)),
    )
    found = [draw(rights(f"r{number}")) for number in range(draw(st.integers(2, 4)))]
    return World(found, draw(st.lists(out, max_size=1)))


RANDOM = settings(
    max_examples=120, deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)  # fmt: skip


@RANDOM
@given(worlds(), st.none() | NUMBER)
def test_verdicts_are_those_of_trying_every_reading(world: World, on: int | None) -> None:
    assert clashes(world, on) == expected(world, on)


@RANDOM
@given(worlds(), rights("copy"))
def test_a_described_right_gets_the_verdicts_of_one_that_is_there(world: World, new: Right) -> None:
    # A form tells exact days, or none.
    start = new.start[0]
    end = None if new.end is None else (new.end[1], new.end[1])
    exact = Right(**{
        **vars(new), "start": (start, start), "end": end, "ended": None, "doubted": False,
    })  # fmt: skip
    assume(readings(exact))
    there = clashes(World([*world.rights, exact], world.carve_outs))
    mine = {
        next(iter(pair - {"copy"})): verdict for pair, verdict in there.items() if "copy" in pair
    }
    assert would_clash(world, exact) == mine


# By hand

E = Right("e", "red", exclusive=True, offerings=("models",), activities=("offer-on-cloud",),
          start=(0, 0), end=(5, 5))  # fmt: skip
G = Right("g", "blue", offerings=("large",), activities=("offer-on-cloud",), start=(2, 2),
          end=(8, 8))  # fmt: skip


def but(right: Right, **values: object) -> Right:
    return Right(**{**vars(right), **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (E, G, ("certain", "actual")),
        (E, but(G, status="in-talks"), ("certain", "if finalised")),
        (E, but(G, start=(4, 7)), ("possible", "actual")),
        (E, but(G, start=(None, None), end=None), ("possible", "actual")),
        (E, but(G, start=(6, 7)), ("none", "")),
        (but(E, ended=(2, 2)), G, ("none", "")),
        (but(E, ended=(2, 3)), G, ("possible", "actual")),
        (E, but(G, offerings=()), ("possible", "actual")),
        (E, but(G, activities=()), ("possible", "actual")),
        (but(E, offerings=("small",)), but(G, offerings=("agent",)), ("possible", "actual")),
        (E, but(G, channels=("developers",)), ("certain", "actual")),
        (but(E, channels=("third-party-cloud",)), but(G, channels=("developers",)),
         ("certain", "actual")),
        (but(E, channels=("third-party-cloud",)), but(G, channels=("direct-sales",)), None),
        (but(E, offerings=("small",)), G, None),
        (E, but(G, activities=("use",)), None),
        (E, but(G, holder="red-cloud"), None),
        (E, but(G, grantor="blue"), None),
        (but(E, exclusive=False), G, None),
    ],
)  # fmt: skip
def test_the_rule_by_hand(one: Right, other: Right, verdict: tuple[str, str] | None) -> None:
    world = World([one, other])
    wanted = {} if verdict is None else {frozenset("eg"): verdict}
    assert clashes(world) == wanted
    assert expected(world) == wanted


def test_a_carve_out_takes_away_what_lies_inside_it_and_no_more() -> None:
    inside_out = CarveOut("red", "large", "distribute")
    assert clashes(World([E, G], [inside_out])) == {frozenset("eg"): ("none", "")}
    for out in (
        CarveOut("red", "small"),
        CarveOut("blue", "large"),
        CarveOut("red", "large", channel="developers"),
    ):
        assert clashes(World([E, G], [out])) == {frozenset("eg"): ("certain", "actual")}


def test_the_trees_of_these_worlds_are_in_the_schemes() -> None:
    schemes = load_ontology(REPOSITORY / "ontology").schemes
    pairs = {(str(s), str(o)) for s, p, o in schemes if str(p) == BROADER}
    for scheme, tree in (("activity/", ACTIVITY), ("channel/", CHANNEL)):
        for each, wider in tree.items():
            if wider is not None:
                assert (SCHEME + scheme + each, SCHEME + scheme + wider) in pairs


# The shipped records


@pytest.fixture(scope="module")
def real(workspace: Workspace) -> Iterator[tuple[RowsEngine, LabelIndex]]:
    with RowsEngine(workspace.current(), workers=1) as engine:
        yield engine, LabelIndex.from_engine(engine)


def asked(
    real: tuple[RowsEngine, LabelIndex], question: str, **values: list[str]
) -> list[dict[str, str]]:
    answer = ask(QUESTIONS[question], values, *real, "en", timeout=20)
    names = [column.name for column in answer.columns]
    return [
        {
            name: "" if cell is None else cell.term.value.rsplit("/", 1)[-1]
            for name, cell in zip(names, row, strict=True)
        }
        for row in answer.rows
    ]


@pytest.mark.parametrize(
    ("on", "verdict"),
    [("2026-02-26", "none"), ("2026-02-27", "possible"), ("2026-04-26", "possible"),
     ("2026-04-27", "none")],
)  # fmt: skip
def test_azure_and_aws_are_in_tension_over_frontier_for_two_months(
    real: tuple[RowsEngine, LabelIndex], on: str, verdict: str
) -> None:
    rows = asked(real, "clashes", right=["microsoft-openai-stateless-api"], on=[on])
    assert [(row["exclusive"], row["verdict"]) for row in rows] == [
        ("aws-openai-frontier-exclusive", verdict)
    ]


def test_models_on_aws_after_the_end_of_the_exclusive_right_clash_with_nothing(
    real: tuple[RowsEngine, LabelIndex],
) -> None:
    rows = asked(real, "clashes", right=["aws-openai-bedrock"])
    assert {row["verdict"] for row in rows} == {"none"}


@pytest.mark.parametrize(
    ("start", "status", "verdict", "stage"),
    [
        ("2026-01-01", "signed", "certain", "actual"),
        ("2026-01-01", "in-talks", "certain", "if finalised"),
        ("2026-04-27", "signed", "none", ""),
        ("2026-06-01", "signed", "none", ""),
    ],
)
def test_a_resale_of_the_most_advanced_models_by_amazon(
    real: tuple[RowsEngine, LabelIndex], start: str, status: str, verdict: str, stage: str
) -> None:
    rows = asked(real, "would-it-clash", **{"from": [start]}, status=[status])
    row = next(row for row in rows if row["right"] == "microsoft-openai-ip-licence-2025")
    assert (row["verdict"], row["stage"]) == (verdict, stage)
    # Microsoft may have what it holds; a unit counts as its group.
    assert asked(real, "would-it-clash", holder=["microsoft"]) == []
    assert asked(real, "would-it-clash", holder=["aws"], **{"from": [start]}) != []
