"""Answers from a release: right, in every format, bounded in time and memory, whole or an error."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from conftest import REPOSITORY
from dealgraph.engines.brackets import DEEPEST
from dealgraph.engines.formats import GraphFormat, ResultFormat
from dealgraph.engines.rows import RowsEngine, Term
from dealgraph.errors import (
    BadInput,
    EngineBusy,
    NotAcceptable,
    QueryOutOfMemory,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    TooLarge,
    WorkspaceError,
)
from dealgraph.releases.workspace import Release, Workspace
from stores import EX, iri, numbered, publish

XSD = "http://www.w3.org/2001/XMLSchema#"
MAIN, OTHER = EX + "main", EX + "other"
QUADS = 20_000
MIB = 2**20

# All values paired with all others: hours of work, and a row at once.
ALL = "?a ?p ?b . ?c ?q ?d . ?e ?r ?f"
CROSS = f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}"
ENDLESS = f"SELECT * {{ {ALL} }}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """20,000 numbers and a chain in the graph main; three quads in other."""
    chain = (
        ox.Quad(
            iri(f"n{number}"),
            iri(f"next{number % 2}"),
            iri(f"n{(number * 7 + 1) % 3000}"),
            iri("main"),
        )
        for number in range(6000)
    )
    day = ox.Literal("2026-11-24", datatype=ox.NamedNode(XSD + "date"))
    apple = ox.Literal("an “apple”,\nred", language="en")
    few = [
        ox.Quad(iri("a"), iri(name), value, iri("other"))
        for name, value in (("label", apple), ("day", day), ("text", ox.Literal("maçã 🍎")))
    ]
    workspace = Workspace(tmp_path_factory.mktemp("engine"))
    return publish(workspace, [*numbered(QUADS), *chain, *few])[0]


@pytest.fixture(scope="module")
def engine(release: Release) -> Iterator[RowsEngine]:
    """Shared by the tests that do no harm."""
    with RowsEngine(release, deadline=20, default_graphs=[MAIN]) as engine:
        yield engine


def count(engine: RowsEngine, text: str, **graphs: list[str]) -> int:
    plain = json.loads(engine.answer(text, "json", **graphs).read())  # type: ignore[arg-type]
    return int(plain["results"]["bindings"][0]["n"]["value"])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone_soon(pids: list[int], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


class TestAnswers:
    """Values and formats."""

    def test_a_table_has_terms(self, engine: RowsEngine) -> None:
        table = engine.table(
            "SELECT ?p ?o ?none { GRAPH ex:other { ?s ?p ?o } } ORDER BY ?p".replace(
                "ex:other", f"<{OTHER}>"
            )
        )
        assert table.columns == ("p", "o", "none")
        assert table.rows == [
            (Term("iri", EX + "day"), Term("literal", "2026-11-24", XSD + "date"), None),
            (Term("iri", EX + "label"), Term("literal", "an “apple”,\nred", None, "en"), None),
            (Term("iri", EX + "text"), Term("literal", "maçã 🍎"), None),
        ]

    def test_a_table_of_an_empty_answer(self, engine: RowsEngine) -> None:
        table = engine.table("SELECT ?a ?b { ?a <x:none> ?b }")
        assert (table.columns, table.rows) == (("a", "b"), [])

    def test_blank_nodes_and_triple_terms_of_a_query(self, engine: RowsEngine) -> None:
        row = engine.table("SELECT (BNODE() AS ?b) (<<( <a:a> <a:b> 1 )>> AS ?t) {}").rows[0]
        kinds = [term.kind for term in row if term is not None]
        assert kinds == ["blank", "triple"]

    def test_ask(self, engine: RowsEngine) -> None:
        assert engine.ask("ASK { ?s ?p 1 }") is True
        assert engine.ask("ASK { ?s ?p -1 }") is False

    def test_another_form_than_was_needed(self, engine: RowsEngine) -> None:
        with pytest.raises(BadInput, match="This is a SELECT"):
            engine.ask(COUNT)
        with pytest.raises(BadInput, match="This is a CONSTRUCT"):
            engine.table("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1")

    def test_our_prefixes_are_declared_and_the_query_may_declare_its_own(
        self, engine: RowsEngine
    ) -> None:
        ours = engine.table("SELECT (dg:Deal AS ?x) {}").rows[0][0]
        its = engine.table("PREFIX dg: <http://example.org/> SELECT (dg:Deal AS ?x) {}").rows[0][0]
        assert ours == Term("iri", "https://w3id.org/dealgraph/ontology#Deal")
        assert its == Term("iri", "http://example.org/Deal")

    def test_results_formats(self, engine: RowsEngine) -> None:
        text = f"SELECT ?p ?o {{ GRAPH <{OTHER}> {{ ?s ?p ?o }} }} ORDER BY ?p"
        read = {each: engine.answer(text, each).read() for each in ResultFormat}
        rows = list(csv.reader(io.StringIO(read[ResultFormat.CSV].decode(), newline="")))
        assert rows[0] == ["p", "o"]
        assert rows[2] == [EX + "label", "an “apple”,\nred"]
        assert read[ResultFormat.TSV].decode().splitlines()[0] == "?p\t?o"
        for form, name in ((ResultFormat.JSON, "json"), (ResultFormat.XML, "xml")):
            result = rdflib.query.Result.parse(io.BytesIO(read[form]), format=name)
            assert [str(row[1]) for row in result] == ["2026-11-24", "an “apple”,\nred", "maçã 🍎"]

    @pytest.mark.parametrize("form", list(ResultFormat))
    def test_ask_in_every_format(self, engine: RowsEngine, form: ResultFormat) -> None:
        assert b"true" in engine.answer("ASK {}", form).read()

    # rdflib 7.6 warns about its own use inside the readers of JSON-LD and TriG.
    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
    @pytest.mark.parametrize("form", list(GraphFormat))
    @pytest.mark.parametrize("query", ["CONSTRUCT {?s ?p ?o} WHERE", "DESCRIBE ?s"])
    def test_graph_formats(self, engine: RowsEngine, form: GraphFormat, query: str) -> None:
        document = engine.answer(f"{query} {{ GRAPH <{OTHER}> {{ ?s ?p ?o }} }}", form,
                                 default_graphs=[OTHER], named_graphs=[OTHER]).read()  # fmt: skip
        parser = {"NTRIPLES": "nt", "RDFXML": "xml", "JSONLD": "json-ld"}.get(
            form.name, form.name.lower()
        )
        graph = rdflib.Dataset(default_union=True)
        graph.parse(data=document, format=parser)
        assert {str(value) for value in graph.objects()} == {
            "an “apple”,\nred", "2026-11-24", "maçã 🍎",
        }  # fmt: skip

    def test_turtle_has_our_prefixes_and_is_the_same_each_time(self, engine: RowsEngine) -> None:
        text = "CONSTRUCT { <https://w3id.org/dealgraph/id/org/a> a dg:Firm } WHERE {}"
        documents = {engine.answer(text, "ttl").read() for _ in range(5)}
        assert len(documents) == 1
        document = documents.pop().decode()
        assert "org:a a dg:Firm" in document
        assert document.startswith("@prefix article:")

    def test_accept_and_names(self, engine: RowsEngine) -> None:
        assert engine.answer("ASK {}").media_type == "application/sparql-results+json"
        assert engine.answer("ASK {}", accept="text/csv").media_type == "text/csv"
        assert engine.answer("ASK {}", "tsv", "text/csv").format is ResultFormat.TSV
        with pytest.raises(NotAcceptable):
            engine.answer("ASK {}", accept="text/turtle")
        for wrong in ("ttl", GraphFormat.TURTLE):
            with pytest.raises(BadInput, match="Give one of: json"):
                engine.answer("ASK {}", wrong)

    def test_long_answers_come_whole(self, engine: RowsEngine) -> None:
        answer = engine.answer(f"SELECT * {{ ?s <{EX}value> ?o . ?s ?p ?q }} LIMIT 100000", "csv")
        assert answer.read().count(b"\r\n") == 100_001


class TestDatasets:
    """https://www.w3.org/TR/sparql11-protocol/#dataset"""

    def test_the_default_graph_is_the_merge_of_ours(self, release: Release) -> None:
        with RowsEngine(release, workers=1, default_graphs=[MAIN, OTHER]) as engine:
            assert count(engine, COUNT) == QUADS + 6003

    def test_other_graphs_are_reached_by_name(self, engine: RowsEngine) -> None:
        assert count(engine, COUNT) == QUADS + 6000
        assert count(engine, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == QUADS + 6003
        assert count(engine, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{OTHER}> {{ ?s ?p ?o }} }}") == 3

    def test_from_wins_over_ours(self, engine: RowsEngine) -> None:
        assert count(engine, f"SELECT (COUNT(*) AS ?n) FROM <{OTHER}> {{ ?s ?p ?o }}") == 3
        both = f"SELECT (COUNT(*) AS ?n) FROM <{OTHER}> FROM <{MAIN}> {{ ?s ?p ?o }}"
        assert count(engine, both) == QUADS + 6003

    def test_from_named(self, engine: RowsEngine) -> None:
        head = f"SELECT (COUNT(*) AS ?n) FROM NAMED <{OTHER}>"
        assert count(engine, head + "{ GRAPH ?g { ?s ?p ?o } }") == 3
        assert count(engine, head + "{ ?s ?p ?o }") == 0
        assert count(engine, f"{head} FROM <{MAIN}> {{ ?s ?p ?o }}") == QUADS + 6000

    def test_the_request_wins_over_from(self, engine: RowsEngine) -> None:
        text = f"SELECT (COUNT(*) AS ?n) FROM <{MAIN}> {{ ?s ?p ?o }}"
        assert count(engine, text, default_graphs=[OTHER]) == 3
        assert count(engine, text, named_graphs=[OTHER]) == 0
        inner = f"SELECT (COUNT(*) AS ?n) FROM NAMED <{MAIN}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        assert count(engine, inner, named_graphs=[OTHER]) == 3
        assert count(engine, inner, default_graphs=[OTHER]) == 0

    def test_a_word_in_a_text_is_no_dataset(self, engine: RowsEngine) -> None:
        text = f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}value> ?from FILTER('FROM' = 'FROM') }} # FROM"
        assert count(engine, text) == QUADS

    @pytest.mark.parametrize("graph", ["", "main", "http://example.org/a b", "a:<b>", "a:\x00"])
    def test_a_graph_that_is_no_iri(self, engine: RowsEngine, graph: str) -> None:
        with pytest.raises(BadInput, match="no absolute IRI"):
            engine.answer(COUNT, default_graphs=[graph])


class TestMistakes:
    """A query that can't be answered: told before the first byte, with the place."""

    @pytest.mark.parametrize(
        ("text", "line", "what"),
        [
            ("SELECT * {\n  ?s ?p }", 2, "after"),
            ("SELECT * {\n  ?s\n  nope:a ?o }", 3, "prefix nope: is not declared"),
            ("SELECT * {\n  ?s ?p 'a }", 2, "a string begins"),
            ("SELECT * {\n  ?\\u0073 ?p ?o }", 2, "an escape stands outside"),
            ("SELECT ?s (COUNT(*) AS ?n)\n{ ?s ?p ?o }", 2, "unbound"),
            ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, "Duplicated"),
            ("SELECT * { é ?p ?o }", 1, "no token"),
            ("", 1, "ends before"),
        ],
    )
    def test_syntax(self, engine: RowsEngine, text: str, line: int, what: str) -> None:
        with pytest.raises(QuerySyntax, match=what) as caught:
            engine.answer(text)
        assert caught.value.line == line
        assert caught.value.column is not None
        assert 1 <= caught.value.column <= len(text.split("\n")[line - 1]) + 1
        assert "[_]" not in str(caught.value)

    def test_what_can_be_read_but_not_evaluated(self, engine: RowsEngine) -> None:
        with pytest.raises(BadInput, match="custom function <a:f>"):
            engine.answer("SELECT (<a:f>(1) AS ?x) {}")

    def test_refused(self, engine: RowsEngine) -> None:
        with pytest.raises(QueryRefused):
            engine.answer("SELECT * { SERVICE <http://127.0.0.1:9/> {} }")

    def test_deep_nesting_ends_no_more_than_its_worker(self, engine: RowsEngine) -> None:
        with pytest.raises(QueryOutOfMemory, match="nested too deeply"):
            engine.answer("SELECT (" + "!" * 90_000 + "true AS ?x) {}")
        assert engine.ask("ASK {}")

    def test_what_is_no_unicode(self, engine: RowsEngine) -> None:
        with pytest.raises((BadInput, QuerySyntax)):
            engine.answer("ASK { ?s ?p '\ud800' }")
        assert engine.ask("ASK {}")

    @pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
    def test_a_timeout_that_is_none(self, engine: RowsEngine, timeout: float) -> None:
        with pytest.raises(BadInput, match="no number of seconds"):
            engine.answer("ASK {}", timeout=timeout)

    def test_mistakes_cost_no_worker(self, engine: RowsEngine) -> None:
        before = engine.pids()
        for text in ("SELECT * { ?s }", "SELECT (<a:f>(1) AS ?x) {}"):
            with pytest.raises((QuerySyntax, BadInput)):
                engine.answer(text)
        assert engine.pids() == before


NASTY = {
    "cross product": CROSS,
    "sorted cross product": "SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY ?b ?d LIMIT 1",
    "paths from anywhere": f"SELECT (COUNT(*) AS ?n) {{ ?a (<{EX}next0>|<{EX}next1>)+ ?b }}",
    "negation": f"SELECT * {{ ?x ?y ?z FILTER NOT EXISTS {{ {ALL} FILTER(?d = ?f + ?b + ?z) }} }}",
    "grouping": f"SELECT ?a (COUNT(*) AS ?n) {{ {ALL} }} GROUP BY ?a",
    "distinct": f"SELECT DISTINCT (CONCAT(STR(?b), STR(?d)) AS ?x) {{ {ALL} }}",
    "ask": f"ASK {{ {ALL} FILTER(?b + ?d + ?f = -1) }}",
    "construct": f"CONSTRUCT {{ ?a <x:p> ?f }} WHERE {{ {ALL} FILTER(?b + ?d + ?f = -1) }}",
    "parser": "SELECT * { ?a ?b " + "(" * (DEEPEST - 1) + ")" * (DEEPEST - 1) + " }",
    "parser of blank nodes": "SELECT * { ?a ?b " + "[ ?c " * 1000 + "?d" + "]" * 1000 + " }",
    "expression": f"SELECT * {{ {ALL} FILTER(REGEX(STR(?b), '(x+x+)+y') || ?b IN (?c)) }}",
}


class TestLimits:
    """Nothing that a query does goes on, or takes others with it."""

    @pytest.mark.parametrize("name", NASTY)
    def test_nasty_queries_end_while_others_go_on(self, release: Release, name: str) -> None:
        deadline = 1.0
        with (
            RowsEngine(
                release, deadline=deadline, memory=512 * MIB, default_graphs=[MAIN]
            ) as engine,
            ThreadPoolExecutor(1) as other,
        ):
            assert engine.ask("ASK {}")

            def ordinary() -> float:
                slowest = 0.0
                for number in range(20):
                    begun = time.monotonic()
                    assert engine.ask(f"ASK {{ ?s ?p {number} }}")
                    slowest = max(slowest, time.monotonic() - begun)
                return slowest

            begun = time.monotonic()
            running = other.submit(ordinary)
            with pytest.raises((QueryTimeout, QueryOutOfMemory)):
                for _ in engine.answer(NASTY[name]).chunks:
                    pass
            assert time.monotonic() - begun < deadline + 1
            assert running.result(20) < 2
            assert engine.ask("ASK {}")
            # One that was killed is replaced when it is needed, and nothing is left of it.
            assert len(engine.pids()) in (1, 2)

    def test_the_deadline_is_told(self, release: Release) -> None:
        with RowsEngine(release, workers=1, deadline=0.5, default_graphs=[MAIN]) as engine:
            with pytest.raises(QueryTimeout, match=r"after 0\.5 s\."):
                engine.answer(CROSS)
            with pytest.raises(QueryTimeout, match=r"after 0\.2 s\."):
                engine.table(CROSS, timeout=0.2)
            with pytest.raises(QueryTimeout, match=r"after 0\.5 s\."):
                engine.answer(CROSS, timeout=60)

    def test_memory_is_bounded(self, release: Release) -> None:
        text = "SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY ?b LIMIT 1"
        with RowsEngine(release, workers=1, memory=128 * MIB, default_graphs=[MAIN]) as engine:
            with pytest.raises(QueryOutOfMemory, match="128 MiB"):
                engine.answer(text)
            assert count(engine, COUNT) == QUADS + 6000

    def test_memory_that_one_query_took_is_there_for_the_next(self, release: Release) -> None:
        values = " ".join(map(str, range(30)))
        inner = f"SELECT DISTINCT * {{ ?a ?p ?b VALUES ?c {{ {values} }} }}"
        text = f"SELECT (COUNT(*) AS ?n) {{ {inner} }}"
        with RowsEngine(release, workers=1, memory=256 * MIB, default_graphs=[MAIN]) as engine:
            for _ in range(4):
                assert count(engine, text) == 30 * (QUADS + 6000)

    def test_an_answer_that_breaks_off_never_looks_whole(self, release: Release) -> None:
        with RowsEngine(release, workers=1, deadline=1, default_graphs=[MAIN]) as engine:
            answer = engine.answer(ENDLESS, "csv")
            read = 0
            with pytest.raises(QueryTimeout):
                for chunk in answer.chunks:
                    read += len(chunk)
            assert read > MIB
            with pytest.raises(QueryTimeout):
                next(answer.chunks)

    def test_a_worker_that_dies_in_the_middle(self, release: Release) -> None:
        with RowsEngine(release, workers=1, deadline=30, default_graphs=[MAIN]) as engine:
            answer = engine.answer(ENDLESS, "csv")
            os.kill(engine.pids()[0], signal.SIGABRT)
            with pytest.raises(QueryOutOfMemory):
                for _ in answer.chunks:
                    pass
            assert engine.ask("ASK {}")

    def test_a_slow_reader_is_not_cut_off_by_the_deadline(self, release: Release) -> None:
        text = f"SELECT * {{ ?s <{EX}value> ?o . ?s ?p ?q }} LIMIT 60000"
        with RowsEngine(release, workers=1, deadline=5, default_graphs=[MAIN]) as engine:
            whole = engine.answer(text, "json").read()
        with RowsEngine(release, workers=1, deadline=1.5, default_graphs=[MAIN]) as engine:
            answer = engine.answer(text, "json")
            first = next(answer.chunks)
            time.sleep(2)
            assert first + answer.read() == whole

    def test_a_reader_that_stalls_is(self, release: Release) -> None:
        """By the worker's own alarm: seconds after the time for sending, 5 for a slow machine."""
        text = ENDLESS
        with RowsEngine(
            release, workers=1, deadline=0.5, sending=0.5, patience=30, default_graphs=[MAIN]
        ) as engine:
            stalled = engine.answer(text, "csv")
            assert engine.ask("ASK {}"), "the worker was replaced for whoever came next"
            with pytest.raises(QueryTimeout, match="not fetched in time"):
                stalled.read()
            assert engine.ask("ASK {}")

    def test_a_table_is_no_dump(self, release: Release) -> None:
        with (
            RowsEngine(release, workers=1, default_graphs=[MAIN]) as engine,
            pytest.raises(TooLarge, match="LIMIT"),
        ):
            engine.table("SELECT * { ?a ?p ?b . ?c ?q ?d }")


class TestPool:
    """Workers are shared, replaced, and ended with their engine."""

    def test_busy(self, release: Release) -> None:
        with RowsEngine(
            release, workers=1, deadline=30, patience=0.3, default_graphs=[MAIN]
        ) as engine:
            running = engine.answer(ENDLESS)
            with pytest.raises(EngineBusy, match=r"0\.3 seconds"):
                engine.ask("ASK {}")
            running.close()
            assert engine.ask("ASK {}")

    def test_those_who_wait_are_served_in_turn(self, release: Release) -> None:
        with (
            RowsEngine(release, workers=1, patience=20, default_graphs=[MAIN]) as engine,
            ThreadPoolExecutor(8) as threads,
        ):
            answers = list(threads.map(lambda _: count(engine, COUNT), range(32)))
        assert answers == [QUADS + 6000] * 32

    def test_many_threads_each_get_their_own_answer(self, engine: RowsEngine) -> None:
        def value(number: int) -> int:
            table = engine.table(f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {'1 ' * number} }} }}")
            term = table.rows[0][0]
            assert term is not None
            return int(term.value)

        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(value, range(200))) == list(range(200))

    @pytest.mark.parametrize("give_up", ["close", "forget", "read nothing"])
    def test_an_answer_given_up_frees_its_worker(self, release: Release, give_up: str) -> None:
        with RowsEngine(release, workers=1, patience=5, default_graphs=[MAIN]) as engine:
            before = engine.pids()
            answer = engine.answer(ENDLESS)
            if give_up != "read nothing":
                next(answer.chunks)
            if give_up == "close":
                answer.close()
                answer.close()
                assert list(answer.chunks) == []
            del answer
            assert engine.ask("ASK {}")
            assert not any(alive(pid) for pid in before)

    def test_a_short_answer_keeps_its_worker(self, engine: RowsEngine) -> None:
        before = engine.pids()
        engine.answer("ASK {}").close()
        assert engine.pids() == before

    def test_close_leaves_no_process(self, release: Release) -> None:
        engine = RowsEngine(release, workers=3, default_graphs=[MAIN])
        answers = [engine.answer(ENDLESS) for _ in range(3)]
        running = answers[0]
        pids = engine.pids()
        assert len(pids) == 3
        engine.close()
        engine.close()
        with pytest.raises(EngineBusy, match="has been closed"):
            running.read()
        with pytest.raises(EngineBusy, match="has been closed"):
            engine.ask("ASK {}")
        assert gone_soon(pids, 2), "a process is still there, or unreaped"
        assert engine.pids() == []

    def test_close_while_a_query_runs_in_another_thread(self, release: Release) -> None:
        engine = RowsEngine(release, workers=1, default_graphs=[MAIN])
        pids = engine.pids()
        caught: list[BaseException] = []

        def run() -> None:
            try:
                engine.answer(CROSS)
            except BaseException as error:
                caught.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        time.sleep(1)
        engine.close()
        thread.join(5)
        assert isinstance(caught[0], EngineBusy)
        assert gone_soon(pids, 2)

    @pytest.mark.parametrize("text", [CROSS, NASTY["ask"], NASTY["parser"]])
    def test_workers_end_with_their_parent(self, release: Release, text: str) -> None:
        """Also when it is killed in the middle of a query."""
        with subprocess.Popen(
            [sys.executable, "-c", _PARENT, str(release.folder), text],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
        ) as parent:
            assert parent.stdout is not None
            pids = json.loads(parent.stdout.readline())
            time.sleep(0.5)
            assert all(alive(pid) for pid in pids)
            parent.kill()
        assert gone_soon(pids, 10)

    def test_a_release_that_cannot_be_opened(self, release: Release, tmp_path: Path) -> None:
        broken, _ = publish(Workspace(tmp_path / "workspace"), numbered(100))
        next(broken.store.glob("*.sst")).unlink()
        with (
            RowsEngine(broken, workers=1) as engine,
            pytest.raises(WorkspaceError, match="can't be opened"),
        ):
            engine.ask("ASK {}")

    def test_the_current_folder_is_not_imported_from(
        self, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
        monkeypatch.chdir(tmp_path)
        with RowsEngine(release, workers=1) as engine:
            assert engine.ask("ASK {}")


_PARENT = """
import json, sys, threading
from pathlib import Path
from dealgraph.engines.rows import RowsEngine
from dealgraph.releases.release import read_release

engine = RowsEngine(
    read_release(Path(sys.argv[1])), deadline=60, default_graphs=["http://example.org/main"]
)
engine.ask("ASK {}")
for _ in range(2):
    threading.Thread(target=lambda: engine.answer(sys.argv[2])).start()
print(json.dumps(engine.pids()), flush=True)
"""
