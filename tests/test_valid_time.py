"""When something holds: the rules and the questions against brute force over random bounds."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest
from rdflib import RDF, XSD, Dataset, Literal, URIRef

from conftest import REPOSITORY
from dealgraph import vocab
from dealgraph.articles.model import Records
from dealgraph.graph.assemble import assemble
from dealgraph.graph.complete import complete
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.ontology import Ontology, load_ontology
from dealgraph.vocab import DG, concept, identity

FOLDER = REPOSITORY / "ontology"
QUESTION = (REPOSITORY / "queries" / "rights-in-force.rq").read_text("utf-8")
FIRST = date(2030, 1, 1)
DAYS = range(8)


@dataclass(frozen=True)
class Right:
    """What is told of a right: days by number, None where nobody says so."""

    start: tuple[int | None, int | None] = (None, None)
    end: tuple[int | None, int | None] = (None, None)
    signed: tuple[int, int] | None = None
    over: tuple[int | None, int] | None = None

    def bands(self) -> tuple[tuple[int | None, int | None], tuple[int | None, int | None]]:
        """The bounds of its first and of its last day, as the brief has them."""
        start = self.signed if self.signed and self.start[0] is None else self.start
        if self.over is None:
            return start, self.end
        low, high = self.over
        return start, (None if low is None else low - 1, high - 1)

    def on(self, day: int) -> str | None:
        """By trying each first and last day: certain, possible, or None for neither."""
        (s1, s2), (e1, e2) = self.bands()
        before, after = DAYS[0] - 2, DAYS[-1] + 2

        def span(low: int | None, high: int | None) -> range:
            return range(before if low is None else low, (after if high is None else high) + 1)

        held = [s <= day <= e for s, e in product(span(s1, s2), span(e1, e2)) if s <= e]
        # Where nobody says when it had begun, or that it lasted, it may also never have held.
        if s2 is not None and e1 is not None and held and all(held):
            return "certain"
        return "possible" if any(held) else None


def _band(draw: random.Random) -> tuple[int, int]:
    low, high = sorted(draw.choices(DAYS, k=2))
    return low, high


def _partly(draw: random.Random) -> tuple[int | None, int | None]:
    low, high = _band(draw)
    return draw.choice([(low, high), (low, high), (low, None), (None, high), (None, None)])


def _right(draw: random.Random) -> Right:
    ended = draw.random() < 0.3
    over = _band(draw) if ended else None
    return Right(
        start=_partly(draw),
        end=_partly(draw),
        signed=_band(draw) if draw.random() < 0.3 else None,
        over=(None, over[1]) if over and draw.random() < 0.2 else over,
    )


def _day(number: int) -> Literal:
    return Literal((FIRST + timedelta(days=number)).isoformat(), datatype=XSD.date)


def _tell(dataset: Dataset, about: URIRef, right: Right) -> None:
    dataset.graph(vocab.ENTITIES_GRAPH).add((about, RDF.type, DG.RightGrant))
    period, event = URIRef(f"{about}/period"), URIRef(f"{about}/signed")
    told = [
        (about, DG.hasStatus, concept("status", "signed")),
        (about, DG.hasPeriod, period),
    ]
    bounds = (DG.earliestStart, DG.latestStart, DG.earliestEnd, DG.latestEnd)
    told += [
        (period, field, _day(number))
        for field, number in zip(bounds, (*right.start, *right.end), strict=True)
        if number is not None
    ]
    if right.signed:
        told += [
            (about, DG.hasEventDate, event),
            (event, DG.dateKind, concept("date-kind", "signed")),
            (event, DG.dateEarliest, _day(right.signed[0])),
            (event, DG.dateLatest, _day(right.signed[1])),
        ]
    if right.over:
        told += [
            (about, field, _day(number))
            for field, number in zip(
                (DG.actualEndEarliest, DG.actualEndLatest), right.over, strict=True
            )
            if number is not None
        ]
    current = dataset.graph(vocab.CURRENT_GRAPH)
    for triple in told:
        current.add(triple)


@pytest.fixture(scope="module")
def loaded() -> Ontology:
    return load_ontology(FOLDER)


def test_what_is_certain_and_what_is_possible_is_so_by_brute_force(loaded: Ontology) -> None:
    draw = random.Random(20260427)
    rights = {identity("component", f"right-{at}"): _right(draw) for at in range(400)}
    dataset = open_dataset(None)
    for name, graph in (
        (vocab.ONTOLOGY_GRAPH, loaded.ontology),
        (vocab.SCHEMES_GRAPH, loaded.schemes),
    ):
        target = dataset.graph(name)
        dataset.addN((*triple, target) for triple in graph)
    for about, right in rights.items():
        _tell(dataset, about, right)
    complete(dataset, FOLDER)
    seen: set[str | None] = set()
    graphs = (
        vocab.ENTITIES_GRAPH,
        vocab.CURRENT_GRAPH,
        vocab.INFERRED_GRAPH,
        vocab.ANALYSES_GRAPH,
    )
    sources = "".join(f"FROM {name.n3()} " for name in graphs)
    for day in DAYS:
        asked = QUESTION.replace("VALUES ?on { UNDEF }", f"VALUES ?on {{ {_day(day).n3()} }}")
        asked = asked.replace("VALUES ?lang { UNDEF }", 'VALUES ?lang { "en" }')
        asked = asked.replace("\nWHERE {", f"\n{sources}WHERE {{", 1)
        found = {row.component: str(row.certainty) for row in dataset.query(asked)}
        expected = {about: right.on(day) for about, right in rights.items()}
        wrong = {
            about: (right, found.get(about), expected[about])
            for about, right in rights.items()
            if found.get(about) != expected[about]
        }
        assert wrong == {}, f"on day {day}"
        seen |= set(expected.values())
    assert seen == {"certain", "possible", None}


def _valid(dataset: Dataset, key: str) -> dict[str, str]:
    names = ("validFromEarliest", "validFromLatest", "validUntilEarliest", "validUntilLatest")
    found = dataset.graph(vocab.ANALYSES_GRAPH)
    about = identity("component", key)
    return {
        name: str(value)
        for name in names
        for value in found.objects(about, URIRef(f"{vocab.BASE}ontology#{name}"))
    }


def test_valid_time_comes_from_the_term_the_days_and_the_actual_end(mini: Records) -> None:
    dataset = open_dataset(None)
    assemble(dataset, mini, FOLDER, lambda stage, done, total: None)
    assert _valid(dataset, "acme-bolt-exclusive") == {
        "validFromEarliest": "2025-10-28",
        "validFromLatest": "2025-10-28",
        "validUntilEarliest": "2026-04-26",
        "validUntilLatest": "2026-04-26",
    }
