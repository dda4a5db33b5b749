"""The shipped questions: each can be asked, and each row leads to a sentence."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import REPOSITORY
from dealgraph.engines.rows import RowsEngine
from dealgraph.errors import BadInput
from dealgraph.questions.asking import ask
from dealgraph.questions.catalog import load
from dealgraph.questions.evidence import evidence
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Question
from dealgraph.questions.rendering import to_csv, to_json
from dealgraph.releases.workspace import Release, Workspace
from dealgraph.vocab import identity

QUERIES = REPOSITORY / "queries"
SHIPPED = load(QUERIES)
SAMPLES = [
    pytest.param(question, sample, id=f"{question.name}-{at}")
    for question in SHIPPED.values()
    for at, sample in enumerate(question.samples)
]


@pytest.fixture(scope="module")
def engine(mini_release: Release) -> Iterator[RowsEngine]:
    with RowsEngine(mini_release, workers=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def labels(engine: RowsEngine) -> LabelIndex:
    return LabelIndex.from_engine(engine)


@pytest.fixture(scope="module")
def real(workspace: Workspace) -> Iterator[tuple[RowsEngine, LabelIndex]]:
    with RowsEngine(workspace.current(), workers=1) as engine:
        yield engine, LabelIndex.from_engine(engine)


def test_there_are_enough_questions_each_in_both_languages() -> None:
    assert len(SHIPPED) >= 20
    assert len(SAMPLES) >= 40
    for question in SHIPPED.values():
        for text in (question.title, question.description):
            assert set(text) == {"en", "pt"}
            assert text["en"] != text["pt"]


@pytest.mark.parametrize(("question", "sample"), SAMPLES)
def test_each_sample_is_answered_from_the_shipped_data_down_to_the_sentence(
    real: tuple[RowsEngine, LabelIndex], question: Question, sample: dict[str, list[str]]
) -> None:
    engine, labels = real
    answer = ask(question, sample, engine, labels, "en", timeout=10)
    assert answer.rows, "the sample shows nothing"
    assert all(answer.evidence_subjects), "a row without anything that it rests on"
    subjects = sorted({one for several in answer.evidence_subjects for one in several})
    found = evidence(engine, subjects, "pt")
    assert [subject for subject in subjects if not found[subject]] == []
    for column, place in ((column, at) for at, column in enumerate(answer.columns)):
        shown = [row[place] for row in answer.rows]
        kinds = {cell.term.kind for cell in shown if cell is not None}
        if column.kind == "concept":
            assert all(cell is None or cell.label for cell in shown), column.name
            assert kinds <= {"iri"}, column.name
        if column.kind in ("money", "number", "date", "text"):
            assert kinds <= {"literal"}, column.name
    assert len(set(answer.rows)) == len(answer.rows), "a row stands twice"


def test_asking_in_portuguese_gives_names_in_portuguese(
    real: tuple[RowsEngine, LabelIndex],
) -> None:
    engine, labels = real
    answer = ask(SHIPPED["suppliers"], {}, engine, labels, "pt")
    assert answer.headings()[:2] == ["Fornecedor", "Componente"]
    assert {"assinado", "anunciado"} <= {row[3] for row in answer.cells()}
    quantities = list(SHIPPED["suppliers"].columns).index("quantities")
    assert any("gigawatts" in row[quantities] for row in answer.cells())
    assert 'VALUES ?lang { "pt" }' in answer.sparql


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_question_can_be_asked_of_a_release_that_knows_little(
    name: str, engine: RowsEngine, labels: LabelIndex
) -> None:
    question = SHIPPED[name]
    # The invented firms of the small release stand in for those of the samples.
    stand_ins = {
        "firm": ["bolt"],
        "deal": ["acme-bolt"],
        "product": ["bolt-large"],
        "component": ["acme-bolt-exclusive"],
    }
    values = {
        key: stand_ins.get(parameter.type, parameter.default)
        for key, parameter in question.parameters.items()
    }
    answer = ask(question, values, engine, labels, "en")
    assert len(answer.rows) == len(answer.evidence_subjects)
    assert answer.release == 1


def cells(
    name: str, engine: RowsEngine, labels: LabelIndex, **values: list[str]
) -> list[list[str]]:
    answer = ask(SHIPPED[name], values, engine, labels, "en")
    wanted = ("supplier", "state", "amount", "holder", "right", "certainty", "ended", "verdict")
    places = [at for at, column in enumerate(answer.columns) if column.name in wanted]
    return [[row[at] for at in places] for row in answer.cells()]


def test_suppliers_of_a_firm(engine: RowsEngine, labels: LabelIndex) -> None:
    assert cells("suppliers", engine, labels, firm=["bolt"]) == [
        ["Acme Cloud", "signed", "38000000000", ""]
    ]
    assert cells("suppliers", engine, labels, firm=["bolt"], status=["in-talks"]) == []


@pytest.mark.parametrize(
    ("on", "rows"),
    [
        ("2025-12-17", [["Acme", "exclusive", "certain", "ended", "2026-04-27"]]),
        ("2026-04-26", [["Acme", "exclusive", "certain", "ended", "2026-04-27"]]),
        ("2026-04-27", [["Acme", "non-exclusive", "possible", "signed", ""]]),
        ("2025-10-27", []),
    ],
)
def test_a_right_that_was_replaced_ends_on_that_day(
    engine: RowsEngine, labels: LabelIndex, on: str, rows: list[list[str]]
) -> None:
    assert cells("rights-in-force", engine, labels, on=[on]) == rows


def test_money_that_goes_round_is_found(engine: RowsEngine, labels: LabelIndex) -> None:
    answer = ask(SHIPPED["money-cycles"], {}, engine, labels, "en")
    assert answer.cells() == [
        ["Acme → Bolt → Acme", "2", "actual", "capital; purchase", "38000000000", "USD", "0", ""]
    ]


def test_what_is_not_believed_says_why(engine: RowsEngine, labels: LabelIndex) -> None:
    answer = ask(SHIPPED["suspect-reports"], {}, engine, labels, "pt")
    assert len(answer.rows) == 1
    row = dict(zip([column.name for column in answer.columns], answer.cells()[0], strict=True))
    assert row["sentence"] == "Servidores por 38 milhões."
    assert row["notes"] == "Um milésimo do que todos os outros publicam."


# Evidence


def test_evidence_of_a_component_has_every_sentence_in_order(engine: RowsEngine) -> None:
    component = str(identity("component", "acme-bolt-equity"))
    first, second = evidence(engine, [component], "pt")[component]
    assert first.sentence == ("A Acme fala em dez bilhões.", "pt")
    assert (first.outlet, first.reporters) == ("The Gazette", ("The Herald",))
    assert (first.reported, first.reported_basis) == ("2025-12-17", "article")
    assert first.verdict == "superseded"
    assert first.note == ("As conversas levaram a um contrato.", "pt")
    assert dict(first.verdicts)["party"] == "accepted"
    assert (second.sentence.text, second.verdict) == (
        "A Acme assina por cinquenta bilhões.",
        "accepted",
    )
    assert second.title == ("Acme assina", "pt")
    assert (second.note, second.reporters) == (None, ())


def test_evidence_is_found_by_belief_claim_deal_and_value(engine: RowsEngine) -> None:
    rows = engine.table(
        "PREFIX dg: <https://w3id.org/dealgraph/ontology#> "
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
        "PREFIX prov: <http://www.w3.org/ns/prov#> "
        "SELECT ?belief ?claim ?value { ?belief rdf:predicate dg:hasAmount ; rdf:object ?value ; "
        "prov:wasDerivedFrom ?claim }"
    ).rows
    subjects = [term.value for row in rows for term in row if term is not None]
    deal = str(identity("deal", "acme-bolt"))
    found = evidence(engine, [*subjects, deal, "https://e.example/nothing"], "en")
    assert all(found[subject] for subject in subjects)
    assert len(found[deal]) == 9
    assert found["https://e.example/nothing"] == []
    # What nobody dated comes last.
    assert [one.reported is None for one in found[deal]] == sorted(
        one.reported is None for one in found[deal]
    )


def test_evidence_of_what_is_no_iri_is_refused(engine: RowsEngine) -> None:
    with pytest.raises(BadInput, match="'a b> }' is no IRI"):
        evidence(engine, ["a b> }"], "en")
    assert evidence(engine, [], "en") == {}


# Rendering

SPREADSHEET = """\
#+ title: {en: Test, pt: Teste}
#+ description: {en: A test., pt: Um teste.}
#+ parameters:
#+   also: {type: text, label: {en: Also, pt: Também}}
#+ columns:
#+   text: {label: {en: Text, pt: Texto}, kind: text}
#+   sum: {label: {en: Sum, pt: Soma}, kind: money}
#+ samples:
#+ - {also: [x]}
SELECT ?text ?sum WHERE { VALUES ?also { UNDEF } BIND(?also AS ?text) BIND(-1.5 AS ?sum) }
"""


def only(folder: Path, text: str) -> Question:
    (folder / "test.rq").write_text(text, encoding="utf-8")
    return load(folder)["test"]


def test_csv_has_iri_and_name_bare_numbers_and_iso_days(
    engine: RowsEngine, labels: LabelIndex
) -> None:
    answer = ask(SHIPPED["suppliers"], {"firm": ["bolt"]}, engine, labels, "pt")
    head, row, rest = to_csv(answer).split("\r\n")
    assert rest == ""
    values = dict(zip(head.split(","), row.split(","), strict=True))
    assert values["supplier"] == str(identity("org", "acme-cloud"))
    assert values["supplierLabel"] == "Nuvem Acme"
    assert values["amount"] == "38000000000"
    assert values["from"] == "2025-11-03"
    assert values["stateLabel"] == "assinado"


def test_json_says_the_type_of_each_value(engine: RowsEngine, labels: LabelIndex) -> None:
    answer = ask(SHIPPED["suppliers"], {"firm": ["bolt"]}, engine, labels, "en")
    plain = json.loads(to_json(answer))
    row = plain["rows"][0]
    assert plain["question"] == "suppliers"
    assert plain["release"] == 1
    assert plain["parameters"]["firm"] == [str(identity("org", "bolt"))]
    assert row["amount"] == {"type": "decimal", "value": 38_000_000_000}
    assert row["from"] == {"type": "date", "value": "2025-11-03"}
    assert row["supplier"]["label"] == "Acme Cloud"
    assert row["quantities"] is None
    assert plain["evidence"] == [[str(identity("component", "acme-bolt-cloud"))]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(
    tmp_path: Path, engine: RowsEngine, labels: LabelIndex, start: str
) -> None:
    question = only(tmp_path, SPREADSHEET)
    text = f"{start}HYPERLINK(1)"
    answer = ask(question, {"also": [text]}, engine, labels, "en")
    lines = to_csv(answer).split("\r\n", 1)[1]
    assert f"'{text}" in lines
    assert ",-1.5" in lines
    assert text in answer.cells()[0]
