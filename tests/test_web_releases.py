"""Releases that are asked by their number: kept open, closed again, and never mixed up."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dealgraph.errors import EngineBusy
from dealgraph.releases.workspace import Origin, Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.older import MOST
from dealgraph.web.opened import releases_of
from stores import fill, numbered, publish

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
ALL = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture
def several(tmp_path: Path) -> Workspace:
    """Five releases; the one of number n has n quads."""
    workspace = Workspace(tmp_path / "workspace")
    for count in range(1, 6):
        publish(workspace, numbered(count))
    return workspace


@pytest.fixture
def plain(several: Workspace) -> Iterator[Flask]:
    # Without a cache: it would answer for a release that need not be open then.
    app = create_app(several, Settings(workers=1, plain=False, patience=0.5, cache=0))
    yield app
    releases_of(app).close()


def count_in(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    asked = {"query": COUNT, "default-graph-uri": "http://example.org/main", "format": "csv"}
    # Read to its end: who does not read an answer keeps its release open.
    return client.get(address, query_string=asked, headers=headers, buffered=True)


def test_each_release_answers_for_itself(plain: Flask) -> None:
    client = plain.test_client()
    # Up and down, so that each is opened, closed and opened again.
    for number in (1, 2, 3, 4, 5, 4, 3, 2, 1):
        response = count_in(client, f"/releases/{number}/sparql")
        assert response.status_code == 200, response.text
        assert int(response.text.split()[1]) == number
        assert response.headers["X-Dealgraph-Release"] == str(number)
    assert int(count_in(client, "/sparql").text.split()[1]) == 5


def test_an_answer_of_a_numbered_release_is_kept_by_caches(plain: Flask) -> None:
    client = plain.test_client()
    fixed = count_in(client, "/releases/2/sparql")
    assert fixed.cache_control.public and fixed.cache_control.immutable
    assert fixed.cache_control.max_age == 24 * 3600
    assert not fixed.cache_control.no_cache
    held = {"If-None-Match": fixed.headers["ETag"]}
    again = count_in(client, "/releases/2/sparql", **held)
    assert (again.status_code, again.data) == (304, b"")
    assert again.cache_control.max_age == 24 * 3600
    # The current release is asked each time, also when the number of the release is known.
    current = count_in(client, "/sparql")
    assert current.cache_control.no_cache and current.cache_control.max_age is None
    named = count_in(client, "/releases/5/sparql")
    assert named.cache_control.immutable
    assert named.headers["ETag"] == current.headers["ETag"] != fixed.headers["ETag"]
    # Errors are never kept.
    assert count_in(client, "/releases/7/sparql").headers["Cache-Control"] == "no-store"


def test_no_more_than_two_older_ones_stay_open(plain: Flask) -> None:
    client = plain.test_client()
    releases = releases_of(plain)
    engines = []
    for number in (1, 2, 3, 4):
        count_in(client, f"/releases/{number}/sparql")
        opened = releases.borrow_numbered(number)
        releases.give_back(opened)
        engines.append(opened.engine)
    assert [bool(engine.pids()) for engine in engines] == [False, False, True, True]
    # The one that was asked longest ago goes first.
    count_in(client, "/releases/3/sparql")
    count_in(client, "/releases/1/sparql")
    assert [bool(engine.pids()) for engine in engines] == [False, False, True, False]
    # The current one is none of them.
    current = releases.borrow_numbered(5)
    releases.give_back(current)
    assert current is releases.borrow()
    releases.close()
    assert not any(engine.pids() for engine in engines)
    with pytest.raises(EngineBusy, match="ending"):
        releases.borrow_numbered(1)


def test_who_needs_one_too_many_is_told_to_wait(plain: Flask) -> None:
    releases = releases_of(plain)
    held = [releases.borrow_numbered(number) for number in (1, 2)]
    assert len(held) == MOST
    client = plain.test_client()
    refused = count_in(client, "/releases/3/sparql")
    assert refused.status_code == 503
    assert refused.get_json(force=True)["retry"] is True
    # Those that are open answer meanwhile, and so does the current one.
    assert count_in(client, "/releases/1/sparql").status_code == 200
    assert count_in(client, "/sparql").status_code == 200
    # One that is given back while somebody waits makes room.
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(releases.borrow_numbered(3)))
    waiting.start()
    releases.give_back(held[1])
    waiting.join(30)
    assert [each.release.number for each in answers] == [3]
    assert held[0].engine.pids() and not held[1].engine.pids()


def test_what_is_being_sent_keeps_its_release(plain: Flask) -> None:
    client = plain.test_client()
    sending = client.get(
        "/releases/4/sparql",
        query_string={"query": ALL, "format": "csv", "named-graph-uri": "http://example.org/main"},
        buffered=False,
    )
    for number in (1, 2, 3):
        assert count_in(client, f"/releases/{number}/sparql").status_code == 200
    assert sending.headers["X-Dealgraph-Release"] == "4"
    assert sending.data.startswith(b"a,b,c,d,e,f\r\n")
    sending.close()


def test_one_that_was_pruned_is_gone(plain: Flask, several: Workspace) -> None:
    client = plain.test_client()
    assert count_in(client, "/releases/1/sparql").status_code == 200
    several.prune(keep=2)
    gone = count_in(client, "/releases/1/sparql")
    assert gone.status_code == 404
    problem = gone.get_json(force=True)
    assert problem["cure"] == "There are: 4, 5."
    # Where the folder is concerns nobody who asks from afar.
    assert str(several.root) not in gone.text


def test_many_at_once_get_what_they_asked_for(plain: Flask) -> None:
    wrong: list[str] = []

    def ask(start: int) -> None:
        client = plain.test_client()
        for step in range(8):
            number = (start + step) % 5 + 1
            response = count_in(client, f"/releases/{number}/sparql")
            if response.status_code == 503:  # more than may be open, for longer than it waits
                continue
            if response.text.split()[1:] != [str(number)]:
                wrong.append(f"{number}: {response.text}")

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
    # Nobody holds any of them any more: each can be had again.
    for number in range(1, 6):
        assert count_in(plain.test_client(), f"/releases/{number}/sparql").status_code == 200


def test_a_numbered_release_is_exported(plain: Flask) -> None:
    client = plain.test_client()
    for number in (1, 3):
        response = client.get(f"/releases/{number}/export/release.nq")
        assert response.mimetype == "application/n-quads"
        assert len(response.data.splitlines()) == number
        assert response.cache_control.immutable
        assert f"dealgraph-{number}-release.nq" in response.headers["Content-Disposition"]
    assert client.get("/releases/2/export/release").mimetype == "application/trig"


def test_the_query_page_of_a_release_stays_with_it(client: FlaskClient) -> None:
    page = client.get(
        "/releases/1/sparql", query_string={"query": "ASK {}"}, headers={"Accept": "text/html"}
    )
    assert page.status_code == 200
    assert 'action="/releases/1/sparql"' in page.text
    assert 'href="/releases/1/sparql?query=' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def damaged(workspace: Workspace, count: int) -> int:
    """Publishes a release of *count* quads and takes a file of its store away; its number."""
    release, _ = publish(workspace, numbered(count))
    next(release.store.glob("*.sst")).unlink()
    return release.number


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]


@pytest.mark.parametrize("what", ["store", "record", "pointer"])
def test_one_that_cannot_be_opened_leaves_the_one_before_it_answering(
    plain: Flask, several: Workspace, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    client = plain.test_client()
    assert count_in(client, "/sparql").status_code == 200
    if what == "store":
        damaged(several, 6)
    elif what == "record":
        release, _ = publish(several, numbered(6))
        (release.folder / "release.json").chmod(0o644)
        (release.folder / "release.json").write_text("{", encoding="utf-8")
    else:
        (several.root / "CURRENT").write_text("six", encoding="utf-8")
    for _ in range(3):
        answer = count_in(client, "/sparql")
        assert (answer.status_code, answer.text.split()[1]) == (200, "5")
        assert answer.headers["X-Dealgraph-Release"] == "5"
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.get_json(force=True)["type"].endswith("/workspace")
    assert len(faults(caplog)) == 1
    # Once a sound one is there, all is well again.
    (several.root / "CURRENT").write_text("5\n", encoding="utf-8")
    assert count_in(client, "/sparql").status_code == 200
    assert client.get("/readyz").get_json()["status"] == "ready"


def test_who_has_written_is_never_answered_from_before(
    plain: Flask, several: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    client = plain.test_client()
    assert count_in(client, "/sparql").status_code == 200
    number = damaged(several, 6)
    releases_of(plain).expect(number)
    for _ in range(3):
        refused = count_in(client, "/sparql")
        assert refused.status_code == 503
        assert refused.get_json(force=True)["retry"] is True
        assert client.get("/readyz").status_code == 503
    # By its number the one before can still be asked.
    assert count_in(client, "/releases/5/sparql").text.split()[1] == "5"
    assert len(faults(caplog)) == 1
    # The next one is sound, and is opened at once.
    publish(several, numbered(7))
    assert count_in(client, "/sparql").text.split()[1] == "7"
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Written by", "Query release 6")), ("pt", ("Escrita por", "Consultar a versão 6"))],
)
def test_the_page_says_who_wrote_a_release_and_leads_to_it(
    plain: Flask, several: Workspace, lang: str, words: tuple[str, str]
) -> None:
    with several.writer() as writer, writer.staging() as store:
        counts = fill(store, numbered(6))
        writer.publish(store, counts, "Six <b>values</b>", Origin(author="Ana & Co"))
    page = plain.test_client().get(f"/releases?lang={lang}", headers={"Accept": "text/html"})
    assert f"{words[0]} Ana &amp; Co" in page.text
    assert "Six &lt;b&gt;values&lt;/b&gt;" in page.text
    assert f'aria-label="{words[1]}"' in page.text
    assert 'href="/releases/6/sparql' in page.text
    assert 'href="/releases/6/export/release.nq"' in page.text
