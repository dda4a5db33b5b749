"""Clashes of rights: the questions on a real store, held to an oracle that tries every reading."""

from collections.abc import Iterator, Sequence

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
from dealgraph.vocab import SCHEME
from right_worlds import (
    ACTIVITY,
    BROADER,
    CHANNEL,
    NUMBER,
    XSD,
    CarveOut,
    Right,
    World,
    day_of,
    expected,
    iri,
    readings,
    rights,
    triples,
    worlds,
)  # fmt: skip

QUESTIONS = load(REPOSITORY / "queries")


def answers(world: World, question: str, **values: Sequence[Term]) -> list[dict[str, str]]:
    """The rows of a question on a world, in English; of an IRI what is after the last slash."""
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
    day = () if on is None else (Term("literal", day_of(on), XSD + "date", None),)
    rows = answers(world, "clashes", on=day)
    found = {
        frozenset((row["exclusive"], row["other"])): (row["verdict"], row["stage"]) for row in rows
    }
    assert len(found) == len(rows), "a pair stands twice"
    return found


def would_clash(world: World, new: Right) -> dict[str, tuple[str, str]]:
    """What the question says of a right that is described by hand."""

    def iris(kind: str, keys: Sequence[str]) -> tuple[Term, ...]:
        return tuple(Term("iri", iri(kind, key).value, None, None) for key in keys)

    def day(bound: int | None) -> tuple[Term, ...]:
        return () if bound is None else (Term("literal", day_of(bound), XSD + "date", None),)

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


RANDOM = settings(
    max_examples=250, deadline=None,
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


@pytest.mark.parametrize("everything", ["route", "customers"])
def test_a_carve_out_for_all_ways_or_all_customers_is_one_without_a_channel(
    everything: str,
) -> None:
    out = CarveOut("red", "large", "distribute", everything)
    for one, other in ((E, G), (but(E, channels=("customers",)), but(G, channels=("developers",)))):
        world = World([one, other], [out])
        assert clashes(world) == expected(world) == {frozenset("eg"): ("none", "")}


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


def test_the_seed_article_alone_has_no_clash_and_warns_of_the_resale(
    seed_workspace: Workspace,
) -> None:
    """Amazon is kept from the models there: that is no right that could clash with Microsoft's."""
    with RowsEngine(seed_workspace.current(), workers=1) as engine:
        seed = (engine, LabelIndex.from_engine(engine))
        assert asked(seed, "clashes") == []
        rows = asked(seed, "would-it-clash", **{"from": ["2026-01-01"]})
        assert [(row["right"], row["verdict"], row["stage"]) for row in rows] == [
            ("microsoft-openai-ip-licence-2025", "certain", "if finalised")
        ]
        # Until 203X: whether the right still holds in 2035 depends on how that is read.
        rows = asked(seed, "would-it-clash", **{"from": ["2035-06-30"]})
        assert [row["verdict"] for row in rows] == ["possible"]
        assert {
            row["verdict"] for row in asked(seed, "would-it-clash", **{"from": ["2041-01-01"]})
        } == {"none"}
