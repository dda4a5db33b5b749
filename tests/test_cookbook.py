"""Every recipe of docs/cookbook.md runs as it is printed, and finds something."""

import re
from collections.abc import Iterator

import pytest
import yaml
from flask.testing import FlaskClient

from conftest import REPOSITORY
from dealgraph.engines.rows import RowsEngine
from dealgraph.questions.asking import ask
from dealgraph.questions.catalog import load
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder
from queries import get_query
from recipes import Recipe, recipes

RUN = [recipe for recipe in recipes().values() if recipe.sparql]


@pytest.fixture(scope="module")
def engine(workspace: Workspace) -> Iterator[RowsEngine]:
    """An engine on the shipped records."""
    with RowsEngine(workspace.current(), workers=1) as engine:
        yield engine


@pytest.mark.parametrize("recipe", RUN, ids=lambda recipe: recipe.title.replace(" ", "-"))
def test_a_recipe_runs_as_it_is_printed(recipe: Recipe, client: FlaskClient) -> None:
    sizes = []
    for lang in ("en", "pt"):
        answer = get_query(client, recipe.query(lang), "application/sparql-results+json")
        assert answer.status_code == 200, answer.text
        assert answer.headers["X-Dealgraph-Release"] == "1"
        assert answer.json is not None
        assert answer.json["head"]["vars"][-1] == "restsOn"
        sizes.append(len(answer.json["results"]["bindings"]))
    assert sizes[0] == sizes[1]
    assert sizes[0] > 0


@pytest.mark.parametrize("recipe", recipes().values(), ids=lambda recipe: recipe.title)
def test_a_recipe_says_what_to_beware_of(recipe: Recipe) -> None:
    assert "\nTrap: " in recipe.text
    assert recipe.pt != recipe.title


def test_every_recipe_but_the_way_to_the_sentences_answers_a_competency_question() -> None:
    asked = yaml.safe_load((REPOSITORY / "tests" / "competency.yaml").read_text(encoding="utf-8"))
    used = {entry["by"]["recipe"] for entry in asked if "recipe" in entry["by"]}
    assert {recipe.title for recipe in RUN} - used == {"From an answer to its sentences"}


def test_the_table_of_questions_is_the_one_that_is_tested() -> None:
    asked = yaml.safe_load((REPOSITORY / "tests" / "competency.yaml").read_text(encoding="utf-8"))
    page = (REPOSITORY / "docs" / "cookbook.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.*) \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert [row[:3] for row in rows] == [(str(e["number"]), e["en"], e["pt"]) for e in asked]
    for (*_, answered), entry in zip(rows, asked, strict=True):
        by = entry["by"]
        named = by.get("question") or by.get("recipe")
        assert answered.startswith((f"`{named}`", f"[{named}](")) or named is None


@pytest.mark.parametrize("firm", ["openai", "anthropic", "microsoft"])
def test_shares_are_of_the_sums_that_the_canned_question_gives(
    firm: str, engine: RowsEngine
) -> None:
    shares = engine.table(
        recipes()["Shares of suppliers"].sparql.replace("org:openai", f"org:{firm}")
    )
    answer = ask(
        load(folder("queries"))["commitments-by-supplier"],
        {"firm": [firm]}, engine, LabelIndex.from_engine(engine), "en",
    )  # fmt: skip
    sums = {(row[0].term.value, row[2].term.value) for row in answer.rows if row[0] and row[2]}
    assert {(row[0].value, row[2].value) for row in shares.rows if row[0] and row[2]} == sums
    percent = sum(float(row[3].value) for row in shares.rows if row[3])
    assert percent == pytest.approx(100, abs=0.3)
