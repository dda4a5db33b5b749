"""Rows are counted in the bytes of an answer: as many as the engine has, wherever bytes are cut."""

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from dealgraph.engines.counting import COUNTERS

FORMATS = {
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
}
# Texts that look like the marks of a row in one of the formats.
LOOKALIKES = st.sampled_from(
    ["},{", "[{", ",{", '"', "\\", '\\"', "\n", "\r\n", "<result>", "\t", '",\r\n"', "{}", '"},{"']
)
TEXTS = st.lists(LOOKALIKES | st.text(max_size=3), max_size=4).map("".join)
PLAIN = (
    TEXTS.map(ox.Literal)
    | TEXTS.map(lambda text: ox.Literal(text, language="en"))
    | st.just(ox.NamedNode("http://example.org/a,b"))
    | st.integers().map(ox.Literal)
)
TERMS = st.recursive(
    PLAIN,
    lambda inner: inner.map(lambda term: ox.Triple(ox.NamedNode("x:s"), ox.NamedNode("x:p"), term)),
    max_leaves=2,
)
CELLS = st.none() | TERMS
TABLES = st.integers(0, 3).flatmap(
    lambda width: st.tuples(
        st.just(width),
        st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5),
    )
)


# A machine that is busy is no failure.
@settings(deadline=None)
@given(TABLES, st.sampled_from(sorted(FORMATS)), st.data())
def test_as_many_rows_as_the_engine_has(
    table: tuple[int, list[list[object]]], name: str, data: st.DataObject
) -> None:
    width, rows = table
    names = " ".join(f"?v{number}" for number in range(width))
    lines = " ".join(
        "(" + " ".join("UNDEF" if cell is None else _written(cell) for cell in row) + ")"
        for row in rows
    )
    query = f"SELECT * {{ VALUES ({names}) {{ {lines} }} }}"
    solutions = ox.Store().query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    expected = len(list(solutions))
    document = ox.Store().query(query).serialize(format=FORMATS[name])
    assert document is not None
    cuts = data.draw(st.lists(st.integers(0, len(document)), max_size=8).map(sorted))
    counter = COUNTERS[name]()
    for begin, end in zip([0, *cuts], [*cuts, len(document)], strict=True):
        counter.feed(document[begin:end])
    assert counter.rows == expected == len(rows)


def test_byte_by_byte() -> None:
    texts = '("},{\\"\\n<result>" AS ?x) (<<( <a:a> <a:b> "\\\\" )>> AS ?t)'
    query = f"SELECT {texts} {{ VALUES ?n {{ 1 2 3 }} }}"
    for name, form in FORMATS.items():
        document = ox.Store().query(query).serialize(format=form)
        assert document is not None
        counter = COUNTERS[name]()
        for place in range(len(document)):
            counter.feed(document[place : place + 1])
        assert counter.rows == 3, name


def _written(term: object) -> str:
    if isinstance(term, ox.Triple):
        return f"<<( {term.subject} {term.predicate} {_written(term.object)} )>>"
    return str(term)
