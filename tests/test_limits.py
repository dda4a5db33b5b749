"""Fair shares of the workers, bounds of answers, and queries that are listed and stopped."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dealgraph.engines.answers import Answer
from dealgraph.engines.formats import GraphFormat, ResultFormat
from dealgraph.engines.rows import RowsEngine
from dealgraph.engines.running import RunningQueries
from dealgraph.errors import DealgraphError, EngineBusy, NotFound, QueryStopped, ResultTooLarge
from dealgraph.releases.workspace import Release, Workspace
from stores import EX, numbered, publish

MAIN = EX + "main"
ALL = "?a ?p ?b . ?c ?q ?d . ?e ?r ?f"
CROSS = f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}"
ENDLESS = f"SELECT * {{ {ALL} }}"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """5,000 numbers in the graph main."""
    return publish(Workspace(tmp_path_factory.mktemp("limits")), numbered(5000))[0]


@pytest.fixture(scope="module")
def bounded(release: Release) -> Iterator[RowsEngine]:
    """At most 100 rows and 50,000 bytes."""
    with RowsEngine(release, workers=1, rows=100, bytes=50_000, default_graphs=[MAIN]) as engine:
        yield engine


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Waits for something that another thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def states(engine: RowsEngine) -> list[str]:
    return sorted(running.state for running in engine.running.list())


class TestShares:
    """Who gets a worker, and who is refused."""

    def test_workers_are_started_when_they_are_needed(self, release: Release) -> None:
        with RowsEngine(release, workers=4, default_graphs=[MAIN]) as engine:
            for _ in range(5):
                assert engine.ask("ASK {}")
            assert len(engine.pids()) == 1
            first, second = engine.answer(ENDLESS), engine.answer(ENDLESS)
            assert len(engine.pids()) == 2
            first.close()
            second.close()
            assert engine.ask("ASK {}")
            assert len(engine.pids()) == 2

    def test_one_more_than_may_wait_is_refused_at_once(self, release: Release) -> None:
        with (
            RowsEngine(release, workers=1, queue=2, patience=60, default_graphs=[MAIN]) as engine,
            ThreadPoolExecutor(2) as threads,
        ):
            running = engine.answer(ENDLESS)
            waiting = [threads.submit(engine.ask, "ASK {}") for _ in range(2)]
            until(lambda: states(engine) == ["sending", "waiting", "waiting"])
            begun = time.monotonic()
            with pytest.raises(EngineBusy, match=r"All 1 workers .* 2 queries wait .* queue"):
                engine.ask("ASK {}")
            assert time.monotonic() - begun < 30, "it waited"
            running.close()
            assert [each.result(30) for each in waiting] == [True, True]

    def test_one_owner_cannot_fill_the_queue(self, release: Release) -> None:
        with (
            RowsEngine(release, workers=1, queue=2, patience=60, default_graphs=[MAIN]) as engine,
            ThreadPoolExecutor(3) as threads,
        ):
            running = engine.answer(ENDLESS)
            many = []
            for number in range(2):
                many.append(threads.submit(engine.answer, "ASK {}", owner="many"))
                until(lambda number=number: states(engine).count("waiting") == number + 1)
            few = threads.submit(engine.answer, "ASK {}", owner="few")
            with pytest.raises(EngineBusy, match="setting queue"):
                many[1].result(30)
            running.close()
            assert many[0].result(30).read()
            assert few.result(30).read()

    def test_nobody_waits_where_nobody_may(self, release: Release) -> None:
        with RowsEngine(release, workers=1, queue=0, default_graphs=[MAIN]) as engine:
            assert engine.ask("ASK {}")
            running = engine.answer(ENDLESS)
            with pytest.raises(EngineBusy, match="setting queue"):
                engine.ask("ASK {}")
            running.close()
            assert engine.ask("ASK {}")

    def test_one_owner_never_has_all_workers(self, release: Release) -> None:
        with RowsEngine(release, workers=3, patience=0.3, default_graphs=[MAIN]) as engine:
            mine = [engine.answer(ENDLESS, owner="greedy") for _ in range(2)]
            with pytest.raises(EngineBusy, match=r"2 of 3 workers, all that you may have"):
                engine.answer("ASK {}", owner="greedy")
            assert engine.answer("ASK {}", owner="other").read()
            assert engine.ask("ASK {}")
            mine[0].close()
            assert engine.answer("ASK {}", owner="greedy").read()

    def test_the_service_itself_may_have_all(self, release: Release) -> None:
        with RowsEngine(release, workers=2, patience=0.3, default_graphs=[MAIN]) as engine:
            answers = [engine.answer(ENDLESS) for _ in range(2)]
            assert len(engine.pids()) == 2
            for answer in answers:
                answer.close()

    def test_who_has_least_is_next(self, release: Release) -> None:
        """Three of one owner waited first; the one of another owner overtakes two of them."""
        served: list[str] = []
        with (
            RowsEngine(release, workers=2, patience=60, default_graphs=[MAIN]) as engine,
            ThreadPoolExecutor(4) as threads,
        ):
            blocking = [engine.answer(ENDLESS) for _ in range(2)]

            def ask(owner: str) -> Answer:
                answer = engine.answer(ENDLESS, owner=owner)
                served.append(owner)
                return answer

            many = []
            for number in range(3):
                many.append(threads.submit(ask, "many"))
                until(lambda number=number: states(engine).count("waiting") == number + 1)
            few = threads.submit(ask, "few")
            until(lambda: states(engine).count("waiting") == 4)
            blocking[0].close()
            until(lambda: len(served) == 1)
            blocking[1].close()
            until(lambda: len(served) == 2)
            assert served == ["many", "few"]
            few.result().close()
            # Its one worker is all that "many" may have of two: nobody is served.
            assert engine.ask("ASK {}")
            assert served == ["many", "few"]
            for each in many:
                each.result(30).close()
            assert served == ["many", "few", "many", "many"]

    def test_a_worker_that_died_idle_is_nobodys_failure(self, release: Release) -> None:
        with RowsEngine(release, workers=1, default_graphs=[MAIN]) as engine:
            assert engine.ask("ASK {}")
            [pid] = engine.pids()
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            assert engine.ask("ASK {}")


class TestBounds:
    """``rows`` and ``bytes``: more than that is an error, never a shortened answer."""

    @pytest.mark.parametrize("form", list(ResultFormat))
    def test_rows_of_a_table(self, bounded: RowsEngine, form: ResultFormat) -> None:
        text = f"SELECT ?o {{ ?s <{EX}value> ?o }} LIMIT "
        whole = bounded.answer(text + "100", form)
        document = whole.read()
        assert (whole.rows, whole.bytes) == (100, len(document))
        with pytest.raises(ResultTooLarge, match=r"more than 100 rows.*setting rows.*export"):
            bounded.answer(text + "101", form)

    @pytest.mark.parametrize("form", list(GraphFormat))
    def test_triples_of_a_graph(self, bounded: RowsEngine, form: GraphFormat) -> None:
        text = f"CONSTRUCT {{ ?s <x:p> ?o }} WHERE {{ ?s <{EX}value> ?o }} LIMIT "
        whole = bounded.answer(text + "100", form)
        document = whole.read()
        assert (whole.rows, whole.bytes) == (100, len(document))
        with pytest.raises(ResultTooLarge, match="100 rows or triples"):
            bounded.answer(text + "101", form)

    def test_bytes(self, bounded: RowsEngine) -> None:
        text = "SELECT (CONCAT({}) AS ?x) {{}}".format(", ".join(["'0123456789'"] * 5_001))
        with pytest.raises(ResultTooLarge, match=r"50000 bytes.*setting bytes"):
            bounded.answer(text)

    def test_an_ask_has_no_rows(self, bounded: RowsEngine) -> None:
        answer = bounded.answer("ASK {}")
        answer.read()
        assert answer.rows == 0

    def test_what_the_service_asks_for_itself_has_no_such_bound(self, bounded: RowsEngine) -> None:
        assert len(bounded.table(f"SELECT ?o {{ ?s <{EX}value> ?o }}").rows) == 5000

    def test_a_worker_goes_on_after_it(self, bounded: RowsEngine) -> None:
        before = bounded.pids()
        with pytest.raises(ResultTooLarge):
            bounded.answer(ENDLESS)
        assert bounded.pids() == before

    def test_after_the_first_bytes_the_answer_is_left_unfinished(self, release: Release) -> None:
        with RowsEngine(release, workers=1, rows=100_000, default_graphs=[MAIN]) as engine:
            answer = engine.answer(ENDLESS, "tsv")
            read = 0
            with pytest.raises(ResultTooLarge):
                for chunk in answer.chunks:
                    read += chunk.count(b"\n")
            assert 0 < read <= 100_001
            with pytest.raises(ResultTooLarge):
                next(answer.chunks)


class TestRunning:
    """What runs is listed from waiting to its end, and can be ended by its owner."""

    def test_listed_from_waiting_to_its_end(self, release: Release) -> None:
        with (
            RowsEngine(release, workers=1, patience=60, default_graphs=[MAIN]) as engine,
            ThreadPoolExecutor(1) as threads,
        ):
            first = engine.answer(ENDLESS, owner="address:a", id="one")
            second = threads.submit(engine.answer, CROSS, owner="address:b", id="two")
            until(lambda: states(engine) == ["sending", "waiting"])
            [one, two] = engine.running.list()
            assert (one.id, one.owner, one.form, one.text) == (
                "one",
                "address:a",
                "SELECT",
                ENDLESS,
            )
            assert one.release == release.number
            assert len(one.digest) == 16
            assert one.digest != two.digest
            assert 0 <= two.seconds <= one.seconds
            assert [each.id for each in engine.running.list("address:b")] == ["two"]
            first.close()
            until(lambda: states(engine) == ["evaluating"])
            engine.running.stop("two")
            with pytest.raises(QueryStopped):
                second.result(30)
            assert engine.running.list() == []
            assert engine.ask("ASK {}")

    @pytest.mark.parametrize("wrong", ["address:b", ""])
    def test_only_its_owner_stops_a_query(self, release: Release, wrong: str) -> None:
        with RowsEngine(release, workers=1, default_graphs=[MAIN]) as engine:
            answer = engine.answer(ENDLESS, owner="address:a", id="one")
            with pytest.raises(NotFound, match="one"):
                engine.running.stop("one", wrong)
            with pytest.raises(NotFound):
                engine.running.stop("two", "address:a")
            assert next(answer.chunks)
            engine.running.stop("one", "address:a")
            with pytest.raises(QueryStopped):
                answer.read()
            with pytest.raises(NotFound):
                engine.running.stop("one", "address:a")

    def test_a_query_that_waits_is_stopped(self, release: Release) -> None:
        with (
            RowsEngine(release, workers=1, patience=60, default_graphs=[MAIN]) as engine,
            ThreadPoolExecutor(1) as threads,
        ):
            first = engine.answer(ENDLESS, id="one")
            second = threads.submit(engine.answer, "ASK {}", id="two")
            until(lambda: "waiting" in states(engine))
            engine.running.stop("two")
            with pytest.raises(QueryStopped):
                second.result(30)
            assert next(first.chunks), "the other goes on"
            first.close()

    def test_a_stopped_query_frees_its_worker_though_nobody_reads(self, release: Release) -> None:
        with RowsEngine(release, workers=1, queue=0, default_graphs=[MAIN]) as engine:
            answer = engine.answer(ENDLESS, id="one")
            [pid] = engine.pids()
            engine.running.stop("one")
            assert engine.answer("ASK {}").read()
            assert pid not in engine.pids()
            with pytest.raises(QueryStopped):
                answer.read()

    def test_an_id_that_is_taken_is_replaced(self, release: Release) -> None:
        registry = RunningQueries()
        with RowsEngine(release, workers=2, running=registry, default_graphs=[MAIN]) as engine:
            answers = [engine.answer(ENDLESS, id="one") for _ in range(2)]
            ids = {each.id for each in registry.list()}
            assert len(ids) == 2
            assert "one" in ids
            for answer in answers:
                answer.close()
            assert registry.list() == []

    @pytest.mark.parametrize("text", [CROSS, ENDLESS])
    def test_a_client_that_has_gone_ends_its_query(self, release: Release, text: str) -> None:
        gone = threading.Event()
        with (
            RowsEngine(release, workers=1, deadline=60, default_graphs=[MAIN]) as engine,
            ThreadPoolExecutor(2) as threads,
        ):
            first = threads.submit(engine.answer, CROSS, gone=gone.is_set)
            until(lambda: states(engine) == ["evaluating"])
            waiting = threads.submit(engine.answer, text, gone=gone.is_set)
            until(lambda: states(engine) == ["evaluating", "waiting"])
            pids = engine.pids()
            gone.set()
            for each in (first, waiting):
                with pytest.raises(QueryStopped, match="client has gone"):
                    each.result(30)
            assert engine.running.list() == []
            assert engine.ask("ASK {}")
            assert engine.pids() != pids

    def test_failures_leave_nothing_on_the_list(self, release: Release) -> None:
        with RowsEngine(release, workers=1, deadline=0.3, default_graphs=[MAIN]) as engine:
            for text in ("SELECT * {", CROSS, "SELECT (<a:f>(1) AS ?x) {}"):
                with pytest.raises(DealgraphError):
                    engine.answer(text)
            engine.answer("ASK {}")
            assert engine.running.list() == []
