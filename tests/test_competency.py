"""Every competency question is answered as was worked out by hand, on one article and on all.

tests/competency.yaml has the questions in both languages and the answers. Each answer is asked for
in English and in Portuguese, and each row must lead to the claims and the articles it rests on.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph
from rdflib.namespace import RDF

from conftest import REPOSITORY, SEED
from dealgraph.articles.reader import read_records
from dealgraph.engines.rows import RowsEngine, Term
from dealgraph.exports.differences import differences
from dealgraph.exports.export import export
from dealgraph.questions.asking import ask
from dealgraph.questions.catalog import load
from dealgraph.questions.evidence import evidence
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder
from dealgraph.vocab import DG, ID
from recipes import recipes

LANGUAGES = ("en", "pt")
QUESTIONS = load(folder("queries"))
ASKED: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "competency.yaml").read_text(encoding="utf-8")
)
TABLES = [entry for entry in ASKED if {"question", "recipe"} & set(entry["by"])]

# What still waits for another part of the project: the number of a question, and why.
PENDING: dict[int, str] = {}

# The words that recipes answer with, as they stand in tests/competency.yaml and in Portuguese.
IN_PORTUGUESE = {
    "none": "nenhum",
    "certain": "certo",
    "possible": "possível",
    "no": "não",
    "yes": "sim",
    "computed": "calculado",
}


@dataclass(frozen=True)
class Asked:
    """A release that can be asked: the workspace, an engine on it and its names."""

    workspace: Workspace
    engine: RowsEngine
    labels: LabelIndex
    answers: dict[tuple[int, str], "Found"] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """An answer: the names of its columns, its rows, and what each row rests on."""

    columns: list[str]
    rows: list[list[Term | None]]
    subjects: list[tuple[str, ...]]
    release: int


@pytest.fixture(scope="module")
def releases(workspace: Workspace, seed_workspace: Workspace) -> Iterator[dict[str, Asked]]:
    """The seed article alone (beside the register), and all shipped records."""
    with ExitStack() as stack:

        def opened(workspace: Workspace) -> Asked:
            engine = stack.enter_context(RowsEngine(workspace.current(), workers=1))
            return Asked(workspace, engine, LabelIndex.from_engine(engine))

        yield {"seed": opened(seed_workspace), "whole": opened(workspace)}


@cache
def statements() -> frozenset[str]:
    """The ids of all statements of the shipped records."""
    records = read_records(REPOSITORY / "data").articles.values()
    return frozenset(claim.id for article in records for claim in article.claims)


def answered(entry: dict[str, Any], asked: Asked, lang: str) -> Found:
    """What a canned question or a recipe answers in a language; it is asked once."""
    key = entry["number"], lang
    if key not in asked.answers:
        asked.answers[key] = _asked(entry, asked, lang)
    return asked.answers[key]


def _asked(entry: dict[str, Any], asked: Asked, lang: str) -> Found:
    by = entry["by"]
    if "question" in by:
        answer = ask(QUESTIONS[by["question"]], by["with"], asked.engine, asked.labels, lang)
        return Found(
            [column.name for column in answer.columns],
            [[cell and cell.term for cell in row] for row in answer.rows],
            list(answer.evidence_subjects),
            answer.release,
        )
    table = asked.engine.table(recipes()[by["recipe"]].query(lang))
    rests = table.columns.index("restsOn")
    return Found(
        list(table.columns),
        [list(row) for row in table.rows],
        [tuple(row[rests].value.split()) for row in table.rows if row[rests] is not None],
        asked.engine.release.number,
    )


def plain(term: Term | None) -> str:
    """A value as tests/competency.yaml writes it: an IRI from the kind of thing on."""
    if term is None:
        return ""
    for base in ("/id/", "/scheme/", "/ontology#"):
        _, found, rest = term.value.partition(base)
        if found and term.kind == "iri":
            return rest
    return term.value


def lines(text: str, lang: str) -> set[str]:
    """The rows of an expectation; the words of an answer in its language."""
    rows = set()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if lang == "pt":
            cells = [IN_PORTUGUESE.get(cell, cell) for cell in cells]
        rows.add(" | ".join(cells).rstrip())
    return rows


def compare(found: set[str], expected: dict[str, Any], lang: str) -> None:
    if "rows" in expected:
        assert found == lines(expected["rows"], lang)
    assert lines(expected.get("contains", ""), lang) <= found
    assert not lines(expected.get("never", ""), lang) & found


def test_all_38_are_here_in_both_languages_with_where_the_answer_comes_from() -> None:
    assert [entry["number"] for entry in ASKED] == list(range(1, 39))
    for entry in ASKED:
        assert entry["en"].endswith("?") or entry["en"].endswith(".")
        assert entry["pt"] != entry["en"]
        assert entry["derived"]
        for which in ("seed", "whole"):
            assert {"rows", "contains"} & set(entry[which])
            # An empty answer has a reason.
            assert entry[which].get("rows") != "" or entry["empty"]
    assert set(PENDING) <= {entry["number"] for entry in ASKED}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("which", ["seed", "whole"])
@pytest.mark.parametrize("entry", TABLES, ids=lambda entry: f"Q{entry['number']}")
def test_the_answer_is_the_one_worked_out_by_hand(
    entry: dict[str, Any], which: str, lang: str, releases: dict[str, Asked]
) -> None:
    if entry["number"] in PENDING:
        pytest.skip(PENDING[entry["number"]])
    asked, expected = releases[which], entry[which]
    found = answered(entry, asked, lang)
    places = [found.columns.index(name) for name in entry["columns"]]
    compare(
        {" | ".join(plain(row[at]) for at in places).rstrip() for row in found.rows},
        expected,
        lang,
    )
    # No row twice: joins that multiply would make sums and counts wrong.
    whole_rows = [tuple(map(repr, row)) for row in found.rows]
    assert len(set(whole_rows)) == len(whole_rows)
    texts = {term.value for row in found.rows for term in row if term is not None}
    assert set(expected.get("texts", {}).get(lang, ())) <= texts


@pytest.mark.parametrize("which", ["seed", "whole"])
@pytest.mark.parametrize("entry", TABLES, ids=lambda entry: f"Q{entry['number']}")
def test_each_row_leads_to_its_claims_articles_and_release(
    entry: dict[str, Any], which: str, releases: dict[str, Asked]
) -> None:
    asked = releases[which]
    found = answered(entry, asked, "en")
    assert found.release == asked.workspace.current().number
    assert len(found.subjects) == len(found.rows)
    wanted = sorted({subject for subjects in found.subjects for subject in subjects})
    behind = {lang: evidence(asked.engine, wanted, lang) if wanted else {} for lang in LANGUAGES}
    for row, subjects in zip(found.rows, found.subjects, strict=True):
        claims = [claim for subject in subjects for claim in behind["en"][subject]]
        assert claims, f"nothing is behind {[plain(term) for term in row]}"
        if which == "seed":
            assert {claim.article for claim in claims} == {f"{ID}article/{SEED}"}
    for lang, several in behind.items():
        for claims in several.values():
            assert {claim.sentence.language for claim in claims} <= {lang}


@pytest.mark.parametrize("entry", TABLES, ids=lambda entry: f"Q{entry['number']}")
def test_the_claims_it_was_worked_out_from_are_behind_the_answer(
    entry: dict[str, Any], releases: dict[str, Asked]
) -> None:
    named = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", entry["derived"])) & statements()
    assert named, "it names no statement of the records"
    behind = set()
    for asked in releases.values():
        subjects = sorted({one for each in answered(entry, asked, "en").subjects for one in each})
        found = evidence(asked.engine, subjects, "en") if subjects else {}
        behind |= {claim.statement for claims in found.values() for claim in claims}
    assert named - behind == set(entry.get("aside", ()))


@pytest.mark.parametrize("entry", TABLES, ids=lambda entry: f"Q{entry['number']}")
def test_whatever_is_named_has_a_name_in_both_languages(
    entry: dict[str, Any], releases: dict[str, Asked]
) -> None:
    found = answered(entry, releases["whole"], "pt")
    things = {
        term.value
        for row in found.rows
        for term in row
        if term is not None and term.kind == "iri" and "/id/claim/" not in term.value
    }
    labels = releases["whole"].labels
    nameless = [iri for iri in things if not (labels.label(iri, "en") and labels.label(iri, "pt"))]
    assert nameless == []
    if "question" in entry["by"]:
        question = QUESTIONS[entry["by"]["question"]]
        assert question.title["en"] != question.title["pt"]
    else:
        recipe = recipes()[entry["by"]["recipe"]]
        assert recipe.pt != recipe.title


@pytest.mark.parametrize("which", ["seed", "whole"])
def test_the_export_of_a_deal_has_claims_evidence_and_verdicts(
    which: str, releases: dict[str, Asked]
) -> None:
    [entry] = [entry for entry in ASKED if "export" in entry["by"]]
    release = releases[which].workspace.current()
    deal = Graph().parse(
        data=b"".join(export(release, ID + entry["by"]["export"], "ttl")), format="turtle"
    )
    statements = {str(value) for value in deal.objects(None, DG.statementKey)}
    assert statements == lines(entry[which]["rows"], "en")
    for claim in set(deal.subjects(DG.statementKey, None)):
        assert (claim, DG.hasVerdict, None) in deal
        for evidence_node in deal.objects(claim, DG.hasEvidence):
            assert {text.language for text in deal.objects(evidence_node, DG.sentence)} == {  # type: ignore[attr-defined]
                "en",
                "pt",
            }
        assert (claim, DG.hasReportingStep, None) in deal
    assert len(set(deal.subjects(DG.isPartOfDeal, None))) >= 5
    assert (None, RDF.type, DG.Belief) in deal
    if which == "whole":
        # The articles that tell of this deal are those of the question about them.
        told = next(each for each in ASKED if each["by"].get("recipe") == "Articles on one deal")
        articles = {str(one).removeprefix(ID) for one in deal.objects(None, DG.isAssertedIn)}
        assert articles == lines(told["whole"]["rows"], "en")


def test_what_changed_between_releases(seed_records: Path, releases: dict[str, Asked]) -> None:
    [entry] = [entry for entry in ASKED if "releases" in entry["by"]]
    seed = releases["seed"].workspace
    again, new = build(seed, seed_records, REPOSITORY / "ontology")
    assert (again.number, new) == (seed.current().number, False)
    unchanged = differences(seed.current(), again)
    assert {" | ".join(line) for line in unchanged.lines()} == lines(entry["seed"]["rows"], "en")
    later = differences(seed.current(), releases["whole"].workspace.current())
    compare({" | ".join(line) for line in later.lines()}, entry["whole"], "en")
    # What the article says has not changed, only what became of it; and no name is made up anew.
    assert not [name for name in later.graphs if name.endswith(f"/article/{SEED}")]
    assert not [quad for quad in (*later.removed, *later.added) if "_:" in str(quad.subject)]


def test_a_chip_that_only_the_register_knows_is_not_in_the_answer(
    releases: dict[str, Asked],
) -> None:
    """The seed tells of supplies by Nvidia and AMD, and names no chip of theirs."""
    asked = releases["seed"]
    answer = ask(QUESTIONS["chips"], {"firm": ["openai"]}, asked.engine, asked.labels, "en")
    assert [plain(row[0] and row[0].term) for row in answer.rows] == ["offering/trainium"]
