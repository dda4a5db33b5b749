"""A release as it was known on a day: what is in the view, and what can't be seen in it."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import MINI, REPOSITORY
from dealgraph.cli.app import main
from dealgraph.engines.rows import RowsEngine
from dealgraph.errors import BadInput, Conflict
from dealgraph.graph.dataset import close, open_dataset
from dealgraph.graph.views import go_back
from dealgraph.releases.build import build
from dealgraph.releases.release import Release
from dealgraph.releases.staged import StagedStore
from dealgraph.releases.store import days_of_change
from dealgraph.releases.views import find_view, make_view, read_known
from dealgraph.releases.workspace import Workspace
from dealgraph.vocab import ASSESSMENTS_GRAPH, CURRENT_GRAPH, ENTITIES_GRAPH, HISTORY_GRAPH

ONTOLOGY = REPOSITORY / "ontology"
SEED = date(2025, 12, 17)


def rows(release: Release, query: str) -> set[tuple[str, ...]]:
    with RowsEngine(release, workers=1) as engine:
        return {
            tuple("" if term is None else term.value for term in row)
            for row in engine.table(query).rows
        }


@pytest.fixture(scope="module")
def seen(workspace: Workspace) -> Release:
    """The shipped data as known on the day of the seed article."""
    return make_view(workspace.root, workspace.current(), SEED, ONTOLOGY)


def test_history_up_to_today_makes_todays_belief(workspace: Workspace, tmp_path: Path) -> None:
    release = workspace.current()
    last = date.fromisoformat(days_of_change(release.store)[-1])
    with StagedStore(tmp_path / "store", release.store) as staged:
        graphs = (CURRENT_GRAPH, ASSESSMENTS_GRAPH, ENTITIES_GRAPH)
        before = {graph: staged.lines(str(graph)) for graph in graphs}
        history = staged.lines(str(HISTORY_GRAPH))
    dataset = open_dataset(tmp_path / "store")
    go_back(dataset, last, ONTOLOGY)
    close(dataset)
    del dataset
    with StagedStore(tmp_path / "copy", tmp_path / "store") as staged:
        for graph in graphs:
            assert staged.lines(str(graph)) == before[graph], graph
        assert len(staged.lines(str(HISTORY_GRAPH)) ^ history) == 1  # its day


_REASONS = """
SELECT ?reason ?verdict (COUNT(*) AS ?claims) WHERE {
  GRAPH graph:assessments { ?claim dg:hasVerdictReason ?why ; dg:hasVerdict ?kind }
  BIND(STRAFTER(STR(?why), "verdict-reason/") AS ?reason)
  BIND(STRAFTER(STR(?kind), "/verdict/") AS ?verdict)
} GROUP BY ?reason ?verdict
"""


def test_a_verdict_of_the_day_has_no_reason_that_came_later(seen: Release) -> None:
    belongs = dict.fromkeys(("superseded", "further", "talks", "ended"), "superseded")
    belongs |= {"projected": "superseded", "corrected": "corrected", "conflict": "disputed"}
    found = {(reason, verdict) for reason, verdict, _ in rows(seen, _REASONS)}
    assert found, "some claims had been overtaken by then"
    wrong = {each for each in found if belongs.get(each[0], each[1]) != each[1]}
    assert wrong == set()
    later = """SELECT ?claim WHERE {
      GRAPH graph:assessments { ?claim dg:becauseOfClaim ?other }
      FILTER NOT EXISTS { GRAPH ?said { ?other dg:isAssertedIn ?article } } }"""
    assert rows(seen, later) == set()


def test_what_was_reported_later_is_not_there(seen: Release) -> None:
    later = rows(
        seen,
        """SELECT ?claim ?day WHERE { GRAPH ?g { ?claim dg:reportedLatest ?day }
        FILTER(?day > "2025-12-17"^^xsd:date) }""",
    )
    assert later == set()
    assert rows(seen, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?c dg:reportedLatest ?d } }") != {
        ("0",)
    }
    for relation in ("prov:wasDerivedFrom", "dg:assesses", "dg:updates", "dg:conflictsWith"):
        dangling = rows(
            seen,
            f"""SELECT ?claim WHERE {{ GRAPH ?g {{ ?s {relation} ?claim }}
            FILTER NOT EXISTS {{ GRAPH ?said {{ ?claim dg:isAssertedIn ?article }} }} }}""",
        )
        assert dangling == set(), relation
    future = rows(
        seen,
        """SELECT ?node WHERE { GRAPH graph:history { ?node dg:knownFrom|dg:knownUntil ?day
        FILTER(?day > "2025-12-17"^^xsd:date) } }""",
    )
    assert future == set()


def test_microsofts_right_was_exclusive_then_and_is_over_now(
    seen: Release, workspace: Workspace
) -> None:
    query = """SELECT ?status ?end ?by WHERE {
      component:microsoft-openai-ip-licence-2025 dg:hasExclusivity ?kind ; dg:hasStatus ?status .
      OPTIONAL { component:microsoft-openai-ip-licence-2025 dg:actualEndLatest ?end }
      OPTIONAL { ?by dg:replaces component:microsoft-openai-ip-licence-2025 } }"""
    then, now = rows(seen, query), rows(workspace.current(), query)
    assert then and now
    assert {end for _, end, _ in then} == {""} and {by for _, _, by in then} == {""}
    assert {status.rsplit("/", 1)[-1] for status, _, _ in now} == {"ended"}
    assert "2026-04-27" in {end for _, end, _ in now}
    assert all(by for _, _, by in now)


def test_days_without_news_share_a_view_and_today_is_the_release(
    seen: Release, workspace: Workspace
) -> None:
    release = workspace.current()
    assert seen.known == "2025-12-17"
    assert find_view(workspace.root, release, SEED) == seen
    assert find_view(workspace.root, release, date(2999, 1, 1)) == release
    days = days_of_change(release.store)
    after = date.fromisoformat(days[days.index("2025-12-17") + 1])
    assert find_view(workspace.root, release, date.fromordinal(after.toordinal() - 1)) == seen


def test_before_the_first_report_nothing_was_known(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    release, _ = build(workspace, MINI, ONTOLOGY)
    view = make_view(workspace.root, release, date(1999, 1, 1), ONTOLOGY)
    assert rows(view, "SELECT ?s { GRAPH graph:current { ?s ?p ?o } }") == set()
    assert rows(view, "SELECT ?s { GRAPH ?g { ?s dg:isAbout ?o } }") == set()
    assert [path.name for path in (tmp_path / "workspace" / "views").iterdir()] == [
        view.store.parent.name
    ]
    with workspace.writer() as writer:
        writer.remove(release.number)
    assert list((tmp_path / "workspace" / "views").iterdir()) == []


def test_what_has_no_history_says_so(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    with workspace.writer() as writer, writer.staging() as store:
        with StagedStore(store, None) as staged:
            staged.update("INSERT DATA { <x:a> <x:b> <x:c> }", None, {})
        release, _ = writer.publish(store, {})
    with pytest.raises(Conflict, match="doesn't tell what was known when"):
        find_view(workspace.root, release, SEED)


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01", "20251217", "2025-W51-3", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no day"):
        read_known(text)


def test_the_command_line_asks_as_known_on_a_day(seen: Release, workspace: Workspace) -> None:
    query = "SELECT (MAX(?d) AS ?last) { GRAPH ?g { ?c dg:reportedLatest ?d } }"
    arguments = ["query", query, "--workspace", str(workspace.root), "--format", "csv"]
    done = CliRunner().invoke(main, [*arguments, "--known", "2025-12-17"])
    assert done.exit_code == 0, done.output
    assert done.output.split() == ["last", "2025-12-17"]
    now = CliRunner().invoke(main, arguments)
    assert now.output.split() == ["last", "2026-06-30"]
