"""Small worlds of rights, and an oracle that tries every reading of their bounds.

It knows scopes as sets of atoms and terms as all pairs of first and last day.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyoxigraph as ox
from hypothesis import assume
from hypothesis import strategies as st

from dealgraph.vocab import BASE, ID, SCHEME

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
    return any(met(OFFERING, a, x) and met(OFFERING, b, y) for x, y in MAY_OVERLAP)


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


def iri(kind: str, key: str) -> ox.NamedNode:
    return ox.NamedNode(f"{SCHEME if '/' in kind else ID}{kind.removesuffix('/')}/{key}")


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(DG + name)


def day_of(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def date_of(number: int) -> ox.Literal:
    return ox.Literal(day_of(number), datatype=ox.NamedNode(XSD + "date"))


def triples(world: World) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """A world as identity, belief and what follows hold it."""
    a = ox.NamedNode(TYPE)
    for firm, root in GROUP.items():
        yield iri("org", firm), a, _term("Agent")
        yield iri("org", firm), _term("groupRoot"), iri("org", root)
    for wide in OFFERING:
        for each in below(OFFERING, wide) - {wide}:
            yield iri("offering", each), _term("isIncludedInOffering"), iri("offering", wide)
    for x, y in MAY_OVERLAP:
        yield iri("offering", x), _term("mayOverlapWith"), iri("offering", y)
    for scheme, tree in (("activity/", ACTIVITY), ("channel/", CHANNEL)):
        for each, wider in tree.items():
            if wider is not None:
                yield iri(scheme, each), ox.NamedNode(BROADER), iri(scheme, wider)
    for right in world.rights:
        me = iri("component", right.key)
        yield me, a, _term("RightGrant")
        yield me, _term("hasGrantor"), iri("org", right.grantor)
        yield me, _term("hasHolder"), iri("org", right.holder)
        yield me, _term("hasStatus"), iri("status/", right.status)
        kinds = {"exclusive" if right.exclusive else "non-exclusive"}
        for kind in kinds | ({"unspecified"} if right.doubted else set()):
            yield me, _term("hasExclusivity"), iri("exclusivity/", kind)
        yield from _scope(me, right.offerings, right.activities, right.channels)
        period = iri("period", right.key)
        yield me, _term("hasPeriod"), period
        ends = right.end or (None, None)
        for name, bound in zip(
            ("earliestStart", "latestStart", "earliestEnd", "latestEnd"),
            (*right.start, *ends), strict=True,
        ):  # fmt: skip
            if bound is not None:
                yield period, _term(name), date_of(bound)
        if right.ended is not None:
            yield me, _term("actualEndEarliest"), date_of(right.ended[0])
            yield me, _term("actualEndLatest"), date_of(right.ended[1])
    for number, out in enumerate(world.carve_outs):
        me = iri("component", f"out{number}")
        yield me, a, _term("RightExclusion")
        yield me, _term("hasHolder"), iri("org", "lab")
        yield me, _term("restrictsAgent"), iri("org", out.against)
        yield me, _term("hasStatus"), iri("status/", "signed")
        yield from _scope(
            me, (out.offering,), (out.activity,) if out.activity else (),
            (out.channel,) if out.channel else (),
        )  # fmt: skip


def _scope(
    me: ox.NamedNode, offerings: Sequence[str], activities: Sequence[str], channels: Sequence[str]
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    for each in offerings:
        yield me, _term("coversOffering"), iri("offering", each)
    for each in activities:
        yield me, _term("permitsActivity"), iri("activity/", each)
    for each in channels:
        yield me, _term("throughChannel"), iri("channel/", each)


# Random worlds

NUMBER = st.integers(0, DAYS)
PAIR = st.tuples(NUMBER, NUMBER).map(lambda pair: (min(pair), max(pair)))


# Weighted, so that most pairs meet somewhere and what decides is the rest.
SOME_OFFERINGS = [(), ("large",), ("small",), ("agent",), ("large", "agent"), ("small", "all")]


@st.composite
def rights(draw: st.DrawFn, key: str) -> Right:
    early, late = draw(PAIR)
    told = draw(st.sampled_from([(True, True), (True, True), (False, True), (True, False)]))
    exclusive = draw(st.sampled_from([True, True, False]))
    right = Right(
        key=key,
        holder=draw(st.sampled_from(["red", "red-cloud", "blue"])),
        exclusive=exclusive,
        doubted=exclusive and draw(st.integers(0, 4)) == 0,
        grantor=draw(st.sampled_from(["giver", "lab"])),
        offerings=draw(st.sampled_from([("all",), ("models",), *SOME_OFFERINGS])),
        activities=draw(st.sampled_from([("distribute",)] * 3 + [(), *zip(ACTIVITY)])),
        channels=draw(st.sampled_from([(), (), (), *zip(CHANNEL)])),
        start=(early if told[0] else None, late if told[1] else None),
        end=draw(st.none() | PAIR),
        ended=draw(st.none() | PAIR),
        status=draw(st.sampled_from(["signed", "in-talks", "ended", "announced"])),
    )
    assume(readings(right))
    return right


@st.composite
def worlds(draw: st.DrawFn) -> World:
    ways = (st.sampled_from([None, *tree]) for tree in (ACTIVITY, CHANNEL))
    out = st.builds(CarveOut, st.sampled_from(["red", "blue"]), st.sampled_from([*OFFERING]), *ways)
    found = [draw(rights(f"r{number}")) for number in range(draw(st.integers(2, 4)))]
    return World(found, draw(st.just([]) | st.lists(out, min_size=1, max_size=1)))
