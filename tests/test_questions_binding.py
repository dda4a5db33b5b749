"""Questions: headers are checked, values become terms, and a term is all that a value can be."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import Graph

from conftest import REPOSITORY
from dealgraph.engines.rows import RowsEngine, Term
from dealgraph.errors import BadInput, NotFound
from dealgraph.questions.amounts import parse_amount
from dealgraph.questions.binding import bind
from dealgraph.questions.catalog import BrokenQuestions, find, load
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Question
from dealgraph.questions.slots import filled, projection, slots, tokens_of
from dealgraph.questions.written import XSD, written
from dealgraph.releases.workspace import Release
from dealgraph.vocab import DG, concept, identity

QUERIES = REPOSITORY / "queries"

HEADER = """\
#+ title: {en: Test, pt: Teste}
#+ description: {en: A test., pt: Um teste.}
#+ parameters:
#+   firm: {type: firm, label: {en: Firm, pt: Empresa}, default: acme, required: true}
#+   also: {type: text, label: {en: Also, pt: Também}, multiple: true}
#+   on: {type: date, label: {en: On, pt: Em}}
#+   least: {type: amount, label: {en: Least, pt: Mínimo}}
#+   count: {type: number, label: {en: Count, pt: Número}}
#+   status: {type: status, label: {en: Status, pt: Situação}}
#+   kind: {type: kind, label: {en: Kind, pt: Tipo}}
#+   lang: {type: language, label: {en: Language, pt: Idioma}, default: en}
#+ columns:
#+   firm: {en: Firm, pt: Empresa}
#+   text: {label: {en: Text, pt: Texto}, kind: text}
#+ samples:
#+ - {firm: [acme]}
"""
BODY = """\
SELECT ?firm ?text WHERE {
  VALUES ?firm { UNDEF }
  VALUES ?on { UNDEF } VALUES ?least { UNDEF } VALUES ?count { UNDEF }
  VALUES ?status { UNDEF } VALUES ?kind { UNDEF } VALUES ?lang { UNDEF }
  # VALUES ?firm { UNDEF } in a comment, and in a string, is not a place for values:
  BIND("VALUES ?firm { UNDEF }" AS ?decoy)
  { SELECT ?text WHERE { VALUES ?also { UNDEF } BIND(?also AS ?text) } }
}
"""


@pytest.fixture(scope="module")
def engine(mini_release: Release) -> Iterator[RowsEngine]:
    engine = RowsEngine(mini_release, workers=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def labels(engine: RowsEngine) -> LabelIndex:
    return LabelIndex.from_engine(engine)


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Question:
    return only(tmp_path_factory.mktemp("queries"), HEADER + BODY)


def only(folder: Path, text: str) -> Question:
    (folder / "test.rq").write_text(text, encoding="utf-8")
    return load(folder)["test"]


def literal(value: str, kind: str | None = None) -> Term:
    return Term("literal", value, kind and XSD + kind, None)


# Binding


def test_each_type_becomes_its_term(question: Question, labels: LabelIndex) -> None:
    values = {
        "firm": ["Acme Corp."],
        "also": ["a b", "c"],
        "on": ["2026-03-17"],
        "least": ["1,5 bilhões"],
        "count": ["+07"],
        "status": ["assinado"],
        "kind": ["cloud-commitment"],
        "lang": ["pt"],
    }
    sparql = bind(question, values, labels)
    bound = dict(re.findall(r"VALUES \?(\w+) \{ (.+?) \}", sparql.replace("{ UNDEF }", "{}")))
    assert bound == {
        "firm": f"<{identity('org', 'acme')}>",
        "also": '"a b" "c"',
        "on": f'"2026-03-17"^^<{XSD}date>',
        "least": "1500000000.0",
        "count": "7",
        "status": f"<{concept('status', 'signed')}>",
        "kind": f"<{DG.CloudSupply}>",
        "lang": '"pt"',
    }


def test_what_is_not_given_takes_its_default_or_stays_open(
    question: Question, labels: LabelIndex
) -> None:
    sparql = bind(question, {}, labels)
    assert f"VALUES ?firm {{ <{identity('org', 'acme')}> }}" in sparql
    assert 'VALUES ?lang { "en" }' in sparql
    assert "VALUES ?status { UNDEF }" in sparql
    assert "VALUES ?lang { UNDEF }" in bind(question, {"lang": [" "]}, labels)


def test_nothing_else_of_the_text_changes(question: Question, labels: LabelIndex) -> None:
    sparql = bind(question, {"firm": ["acme"], "lang": [""]}, labels)
    assert sparql == question.text.replace(
        "{\n  VALUES ?firm { UNDEF }", f"{{\n  VALUES ?firm {{ <{identity('org', 'acme')}> }}"
    )


def test_every_block_of_a_parameter_is_filled() -> None:
    text = "SELECT * { VALUES ?x{UNDEF} { SELECT ?x { values $x {\n UNDEF # }\n } } } }"
    bound = filled(text, {"x": [literal("1", "integer")]})
    assert bound == "SELECT * { VALUES ?x{ 1 } { SELECT ?x { values $x { 1 } } } }"


HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.sampled_from("\"'\\{}<>|^`u0022U \n\r\t\b\f#?$.;é😀\u0000\uffff"), max_size=30),
)


@given(HOSTILE)
@example('" } } UNION { ?s ?p ?o } #')
@example("\\u0022 } UNION { ?s ?p ?o . FILTER(?s = \\u0022")
@example("\\\\u0022 }")
@example("\\U00000022 }")
@example("'''\n\"\"\" \\")
@example("x" * 9_999)
@example("😀" * 3_000)
def test_a_text_comes_back_as_it_was_and_changes_nothing_else(text: str) -> None:
    query = "SELECT ?x ?y { VALUES ?x { UNDEF } { SELECT ?y { VALUES ?y { UNDEF } } } }"
    bound = filled(query, {"x": [literal(text)], "y": [literal(text), literal("1", "integer")]})
    results = ox.Store().query(bound)
    assert isinstance(results, ox.QuerySolutions)
    assert [name.value for name in results.variables] == ["x", "y"]
    rows = {(row["x"].value, row["y"].value) for row in results}
    assert rows == {(text, text), (text, "1")}
    # Outside the blocks the text is what it was, by our own reading too.
    assert [slot.name for slot in slots(tokens_of(bound))] == ["x", "y"]
    assert projection(tokens_of(bound)) == ["x", "y"]


@pytest.mark.parametrize(
    "text",
    [
        '" } SERVICE <http://x/> { #',
        "\\u0022 } #",
        "\\U00000022",
        "a\\",
        "\u0000\uffff😀",
        "' \n\r\t\b\f",
    ],
)
def test_a_text_comes_back_from_the_guarded_engine_as_it_was(engine: RowsEngine, text: str) -> None:
    bound = filled("SELECT ?x { VALUES ?x { UNDEF } }", {"x": [literal(text)]})
    assert engine.table(bound).rows == [(literal(text),)]


@given(HOSTILE.filter(lambda text: "\x00" not in text))
@example("\\u0022 } UNION { ?s ?p ?o }")
def test_a_second_reader_of_sparql_agrees(text: str) -> None:
    bound = filled("SELECT ?x { VALUES ?x { UNDEF } }", {"x": [literal(text)]})
    assert [str(row[0]) for row in Graph().query(bound)] == [text]  # type: ignore[index]


@given(st.text(max_size=12))
@example("https://e.example/a> } #")
@example("https://e.example/\ud800")
def test_an_iri_is_one_iri_or_refused(tail: str) -> None:
    iri = "https://e.example/" + tail
    try:
        text = written(Term("iri", iri, None, None))
    except BadInput as error:
        assert "is no IRI" in error.detail
        return
    tokens = tokens_of(f"VALUES ?x {{ {text} }}")
    assert [token.kind for token in tokens][3:-1] == ["iri"]
    assert tokens[3].text == f"<{iri}>"


@pytest.mark.parametrize("iri", ["foo", "org/acme", "https://e.example/%zz", "https://e.example/%"])
def test_an_iri_is_whole_and_its_escapes_too(iri: str) -> None:
    with pytest.raises(BadInput, match="is no IRI"):
        written(Term("iri", iri, None, None))


def test_a_language_tag_and_a_datatype_are_kept() -> None:
    assert written(Term("literal", "São", None, "pt")) == '"São"@pt'
    assert written(literal("x", "gYear")) == f'"x"^^<{XSD}gYear>'


def test_half_a_character_is_refused() -> None:
    with pytest.raises(BadInput, match="half of a character"):
        written(literal("a\ud800"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"frim": ["acme"]}, "Question 'test' has no parameter 'frim'. It has: firm, also, on"),
        ({"firm": [""]}, "Parameter 'firm' of question 'test' needs a value."),
        ({"firm": ["acme", "bolt"]}, "'firm' of question 'test' is given 2 values. Give one value"),
        ({"also": ["x"] * 101}, "is given 101 values. Give 100 values at most."),
        ({"also": ["x" * 10_001]}, "has 10001 characters. Give 10000 at most."),
        ({"firm": ["Acne"]}, "'Acne' is not a firm of this release. Did you mean Acme?"),
        ({"status": ["sined"]}, "'sined' is not a status of this release. Did you mean signed?"),
        ({"kind": ["zzz"]}, "'zzz' is not a kind of deal of this release. It is one of: "),
        ({"on": ["17/03/2026"]}, "'17/03/2026' is no day. Write it like 2026-03-17."),
        ({"on": ["2026-02-30"]}, "'2026-02-30' is no day."),
        ({"least": ["much"]}, "'much' is no amount; write it like 10000000000"),
        ({"count": ["1.5"]}, "'1.5' is no whole number."),
        ({"lang": ["de"]}, "'de' is no language of the graph. Give en or pt."),
        ({"also": ["\ud83d"]}, "half of a character"),
    ],
)
def test_a_value_that_is_wrong_is_named_with_a_cure(
    question: Question, labels: LabelIndex, values: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        bind(question, values, labels)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10000000000", 10**10),
        ("10_000_000_000", 10**10),
        ("10,000,000,000", 10**10),
        ("10.000.000.000", 10**10),
        ("10 billion", 10**10),
        ("10bn", 10**10),
        ("10 Bilhões", 10**10),
        ("1 bilhão", 10**9),
        ("1,5 bi", 1_500_000_000),
        ("1.5 bn", 1_500_000_000),
        ("13,8 milhões", 13_800_000),
        ("2m", 2_000_000),
        ("1,25 trilhão", 1_250_000_000_000),
        ("1,000.25", "1000.25"),
        ("0.01", "0.01"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1.2500 bn", 1_250_000_000),
        ("1,2500 bilhões", 1_250_000_000),
        ("0", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, value: object) -> None:
    assert f"{parse_amount(text):f}" == str(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.000", "can be 10000 or 10: write 10000 or 10.0000"),
        ("1,250 bilhões", "'1,250' can be 1250 or 1.25: write 1250 or 1.2500"),
        ("1.250 bn", "'1.250' can be 1250 or 1.25"),
        ("ten", "is no amount"),
        ("-5", "is no amount"),
        ("10 dollars", "'dollars' is no scale"),
        ("1,00,000", "'1,00,000' is no number"),
        ("1.2.3", "'1.2.3' is no number"),
        ("10000000 trillion", "more than any amount of money"),
        ("0.0000001", "finer than any amount of money"),
        ("", "is no amount"),
    ],
)
def test_an_amount_that_is_none_says_what_is_accepted(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_amount(text)


@given(st.text())
def test_an_amount_is_read_or_refused(text: str) -> None:
    try:
        assert 0 <= parse_amount(text) < 10**18
    except ValueError as error:
        assert str(error)


# The catalog


def test_every_mistake_of_every_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "one.rq").write_text(
        """\
#+ title: {en: One}
#+ colour: red
#+ parameters:
#+   Firm: {type: frim, label: {en: Firm, pt: Empresa}, required: maybe}
#+   two: {type: text, default: [a, b], label: {en: Two, pt: Dois}}
#+ columns:
#+   firm: {label: {en: Firm, pt: Empresa}, kind: thing}
#+   gone: {en: Gone, pt: Ida}
#+ evidence: why
#+ samples:
#+ - {frim: [x]}

SELECT ?firm ?more WHERE {
  VALUES ?stray { UNDEF }
  VALUES ?two { "set" }
}
""",
        encoding="utf-8",
    )
    (tmp_path / "two.rq").write_text("#+ title: [\n\nSELECT * {}\n", encoding="utf-8")
    (tmp_path / "three.rq").write_text("SELECT ?x {}\n", encoding="utf-8")
    (tmp_path / "four.rq").write_text(HEADER + "SELECT ?firm {\n  ?x ?y 'open\n}", encoding="utf-8")
    (tmp_path / "five.rq").write_text(HEADER + "CONSTRUCT {} WHERE {}", encoding="utf-8")
    (tmp_path / "six.rq").write_bytes(b"#+ title: {en: \xff}\n")
    with pytest.raises(BrokenQuestions) as caught:
        load(tmp_path)
    found = caught.value.mistakes
    for line in (
        "one.rq:1: title: has no pt; add it",
        "one.rq:1: the header: has no description; add it",
        "one.rq:2: colour: is not known here; known are title, description",
        "one.rq:4: parameters.Firm: can't be a variable; use letters and digits",
        "one.rq:4: parameters.Firm.type: 'frim' is no type; types are firm, product",
        "one.rq:4: parameters.Firm.required: is neither true nor false; write one of them",
        "one.rq:4: parameters.Firm: the query has no block VALUES ?Firm { UNDEF }; add one",
        "one.rq:5: parameters.two.default: has several values; add 'multiple: true' or keep one",
        "one.rq:5: parameters.two: the query has no block VALUES ?two { UNDEF }; add one",
        "one.rq:7: columns.firm.kind: 'thing' is no kind of column; kinds are entity",
        "one.rq:8: columns.gone: the query does not answer with ?gone; add it",
        "one.rq:9: evidence: the query does not answer with ?why; add it",
        "one.rq:11: samples.0.frim: is no parameter; parameters are Firm, two",
        "one.rq:13: the query: ?more is no column; add it to columns, or take it out",
        "one.rq:14: the query: ?stray is no parameter; add it to parameters",
        "one.rq:15: the query: the block of ?two holds values; write UNDEF alone",
        "two.rq:1: the header is no YAML",
        "three.rq:1: there is no header; begin the file with lines '#+ title: …'",
        "five.rq:17: the query: the query is no SELECT with named variables; name them",
        "six.rq:1: byte 15 is not UTF-8; save it as UTF-8",
    ):
        assert any(mistake.startswith(line) for mistake in found), (line, found)
    assert any(re.match(r"four.rq:\d+: the query: At line 2, column 9", text) for text in found)


def test_a_key_that_stands_twice_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("#+ title: {en: A, pt: A}\n#+ title: {en: B, pt: B}\n")
    with pytest.raises(BrokenQuestions, match=r"a.rq:2: 'title' stands twice; keep one"):
        load(tmp_path)


def test_a_folder_or_question_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no folder .*missing"):
        load(tmp_path / "missing")
    with pytest.raises(NotFound, match=r"no question 'supliers'. There are: suppliers"):
        find(load(QUERIES), "supliers")


def test_the_variables_of_an_answer_are_found_by_reading_the_query() -> None:
    text = (
        "PREFIX a: <x:> SELECT DISTINCT ?x (COUNT(?y) AS ?n) ?z FROM <x:g> WHERE { SELECT ?q {} }"
    )
    assert projection(tokens_of(text)) == ["x", "n", "z"]
    assert projection(tokens_of("SELECT * {}")) is None
    assert projection(tokens_of("ASK {}")) is None


def test_a_header_that_holds_itself_is_a_mistake_and_no_trace(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("#+ title: &x [*x]\n\nSELECT * {}\n", encoding="utf-8")
    with pytest.raises(BrokenQuestions, match=r"a.rq:1: nested more than .* an alias"):
        load(tmp_path)
