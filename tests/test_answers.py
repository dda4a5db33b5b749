"""Each canned question on the shipped records gives the answer that was worked out by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dealgraph.engines.rows import RowsEngine
from dealgraph.questions.asking import Cell, ask
from dealgraph.questions.catalog import load
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder

ANSWERS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "answers.yaml").read_text(encoding="utf-8")
)
QUESTIONS = load(folder("queries"))


@pytest.fixture(scope="module")
def engine(workspace: Workspace) -> Iterator[RowsEngine]:
    """An engine on the shipped records."""
    with RowsEngine(workspace.current(), workers=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def labels(engine: RowsEngine) -> LabelIndex:
    """The names of the shipped records."""
    return LabelIndex.from_engine(engine)


def _plain(cell: Cell | None) -> str:
    """A value as tests/answers.yaml writes it: an IRI from the kind of thing on."""
    if cell is None:
        return ""
    for base in ("/id/", "/scheme/", "/ontology#"):
        _, found, rest = cell.term.value.partition(base)
        if found and cell.term.kind == "iri":
            return rest
    return cell.term.value


def _id(case: dict[str, Any]) -> str:
    return f"{case['question']}-{'-'.join(str(values[0]) for values in case['with'].values())}"


@pytest.mark.parametrize("case", ANSWERS, ids=_id)
def test_the_answer_is_the_one_worked_out_by_hand(
    case: dict[str, Any], engine: RowsEngine, labels: LabelIndex
) -> None:
    answer = ask(QUESTIONS[case["question"]], case["with"], engine, labels, "en")
    names = [column.name for column in answer.columns]
    places = [names.index(name) for name in case["columns"]]
    found = {" | ".join(_plain(row[place]) for place in places).rstrip() for row in answer.rows}
    assert found == set(case["rows"].splitlines())


def test_every_question_has_an_answer_that_was_checked() -> None:
    assert {case["question"] for case in ANSWERS} == set(QUESTIONS)
    assert len(QUESTIONS) >= 15


def test_the_right_of_the_seed_is_exclusive_in_december_and_not_in_june(
    engine: RowsEngine, labels: LabelIndex
) -> None:
    """Microsoft's right to the most advanced models, "until the 2030s", ended on 2026-04-27."""

    def exclusive(day: str) -> set[str]:
        values = {"on": [day], "firm": ["microsoft"]}
        answer = ask(QUESTIONS["rights-in-force"], values, engine, labels, "en")
        names = [column.name for column in answer.columns]
        right, component = names.index("right"), names.index("component")
        return {
            _plain(row[component])
            for row in answer.rows
            if _plain(row[right]) == "exclusivity/exclusive"
        }

    assert "component/microsoft-openai-ip-licence-2025" in exclusive("2025-12-17")
    assert "component/microsoft-openai-ip-licence-2025" in exclusive("2026-04-26")
    assert "component/microsoft-openai-ip-licence-2025" not in exclusive("2026-06-01")


def test_what_replaced_the_right_of_the_seed_is_told(
    engine: RowsEngine, labels: LabelIndex
) -> None:
    def told(day: str) -> list[str]:
        values = {"on": [day], "firm": ["microsoft"]}
        answer = ask(QUESTIONS["right-on-a-day"], values, engine, labels, "en")
        names = [column.name for column in answer.columns]
        rows = [[_plain(row[names.index(name)]) for name in names] for row in answer.rows]
        place = names.index("component")
        (row,) = [row for row in rows if row[place].endswith("microsoft-openai-ip-licence-2025")]
        wanted = ("right", "answer", "replacedBy", "newRight")
        return [row[names.index(name)] for name in wanted]

    after = ["component/microsoft-openai-ip-licence-2026", "exclusivity/non-exclusive"]
    assert told("2025-12-17") == ["exclusivity/exclusive", "certain", *after]
    assert told("2026-06-01") == ["exclusivity/exclusive", "no longer", *after]
    assert told("2025-10-27")[1] == "not yet"


def test_what_the_detector_would_have_found_of_what_people_found(
    engine: RowsEngine, labels: LabelIndex, tmp_path: Path
) -> None:
    """docs/questions.md tells these figures: what it proposes where nobody has decided anything."""
    asked = (folder("queries") / "possible-contradictions.rq").read_text("utf-8")
    start = asked.index("  MINUS {")
    end = asked.index("\n  }\n", start) + len("\n  }\n")
    (tmp_path / "blind.rq").write_text(asked[:start] + asked[end:], "utf-8")
    answer = ask(load(tmp_path)["blind"], {}, engine, labels, "en", timeout=60)
    names = [column.name for column in answer.columns]
    money = [
        {name: _plain(row[names.index(name)]) for name in names}
        for row in answer.rows
        if _plain(row[names.index("aspect")]).startswith("amount-basis/")
    ]
    proposed = {
        (row["component"], frozenset([row["oneValue"], row["otherValue"]])) for row in money
    }
    curated = {
        (_plain(Cell(row[0], None)), frozenset(term.value for term in row[1:] if term))
        for row in engine.table(CURATED_AMOUNTS).rows
        if row[0] is not None
    }
    assert (len(curated), len(proposed), len(curated & proposed)) == (14, 9, 8)


CURATED_AMOUNTS = """\
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
SELECT DISTINCT ?component ?one ?other {
  GRAPH <https://w3id.org/dealgraph/graph/assessments> { ?left dg:conflictsWith ?right }
  GRAPH ?itsGraph {
    ?left dg:isAbout ?component ; dg:statesAmount/(dg:pointValue|dg:minValue|dg:maxValue) ?one
  }
  GRAPH ?theirGraph { ?right dg:statesAmount/(dg:pointValue|dg:minValue|dg:maxValue) ?other }
}
"""
