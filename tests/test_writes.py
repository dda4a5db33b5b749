"""Writes below HTTP: each is one whole release or nothing, whatever happens on the way."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from conftest import MINI, REPOSITORY
from dealgraph.engines.rows import RowsEngine
from dealgraph.errors import (
    BadInput,
    BrokenShapes,
    Conflict,
    DealgraphError,
    NotFound,
    PreconditionFailed,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    TooLarge,
    WorkspaceError,
)
from dealgraph.releases.audit import Audit
from dealgraph.releases.build import build
from dealgraph.releases.plain import begin_plain
from dealgraph.releases.workspace import Workspace
from dealgraph.writes.change import Change, Outcome, Part
from dealgraph.writes.committer import Committer

GRAPH = "http://example.org/graph"
ONE = b"<http://example.org/s> <http://example.org/p> 1 ."
Write = Callable[..., Outcome]


def committer(workspace: Workspace, seconds: float = 60, most: int = 1 << 24) -> Committer:
    return Committer(
        workspace, ontology=REPOSITORY / "ontology", memory=1 << 30, most=most, keep=0,
        seconds=seconds, queue=100,
    )  # fmt: skip


@pytest.fixture
def plain(tmp_path: Path) -> Workspace:
    """A plain workspace with nothing in it: release 1."""
    workspace = Workspace(tmp_path / "workspace")
    begin_plain(workspace)
    return workspace


def writing(workspace: Workspace, folder: Path, **options: float) -> Generator[Write, None, None]:
    writer = committer(workspace, **options)  # type: ignore[arg-type]
    count = iter(range(1_000_000))

    def write(
        kind: str, body: bytes | str | None = None, form: str = "", **more: object
    ) -> Outcome:
        parts: tuple[Part, ...] = ()
        if body is not None:
            path = folder / f"body{next(count)}"
            path.write_bytes(body.encode() if isinstance(body, str) else body)
            parts = (Part(path, form, packed=bool(more.pop("packed", False))),)
        return writer.commit(Change(kind, parts, **more))  # type: ignore[arg-type]

    try:
        yield write
    finally:
        writer.close()


@pytest.fixture
def write(plain: Workspace, tmp_path: Path) -> Iterator[Write]:
    """Writes to ``plain``."""
    yield from writing(plain, tmp_path)


def rows(workspace: Workspace, query: str) -> list[list[str | None]]:
    current = workspace.current()
    with RowsEngine(current, workers=1, default_graphs=None, prefixes={}) as engine:
        found = engine.table(query).rows
    return [[term and term.value for term in row] for row in found]


def test_an_update_is_a_release_with_author_message_and_an_entry_in_the_log(
    plain: Workspace, write: Write
) -> None:
    done = write(
        "update", "INSERT DATA { <urn:a> <urn:b> 1 }", author="ana", message="one", request="r-1"
    )
    assert done == Outcome(2, published=True)
    release = plain.current()
    assert (release.number, release.by.author, release.message) == (2, "ana", "one")
    assert rows(plain, "SELECT ?o { <urn:a> <urn:b> ?o }") == [["1"]]
    entry = list(Audit(plain.root).entries())[-1]
    assert (entry.release, entry.author, entry.message, entry.request) == (2, "ana", "one", "r-1")
    assert entry.time == release.created
    assert plain.verify(2) == []


def test_an_update_that_changes_nothing_publishes_nothing(plain: Workspace, write: Write) -> None:
    write("update", "INSERT DATA { <urn:a> <urn:b> 1 }")
    assert write("update", "INSERT DATA { <urn:a> <urn:b> 1 }") == Outcome(2, published=False)
    assert write("update", "") == Outcome(2, published=False)
    assert plain.current_number() == 2


def test_operations_of_one_update_stand_or_fall_together(plain: Workspace, write: Write) -> None:
    with pytest.raises(BadInput):
        write("update", "INSERT DATA { <urn:a> <urn:b> 1 } ; DROP GRAPH <urn:nowhere>")
    assert plain.current_number() == 1
    assert write("update", "INSERT DATA { <urn:a> <urn:b> 2 }").release == 2
    assert rows(plain, "SELECT ?o { ?s ?p ?o }") == [["2"]]


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("LOAD <http://example.org/x>", QueryRefused, "LOAD"),
        ("INSERT DATA { <urn:a> <urn:b> 1 } ; LOAD<http://example.org/x>", QueryRefused, "LOAD"),
        ("LOADSILENT<http://example.org/x>", QueryRefused, "LOAD"),
        ("PREFIX : <http://example.org/> LOAD:x", QueryRefused, "LOAD"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://e/> { ?s ?p ?o } }", QueryRefused, "SERVICE"),
        ("DELETE { ?s ?p ?o } WHERE { SERVICE SILENT ?x { ?s ?p ?o } }", QueryRefused, "SERVICE"),
        ("INSERT DATA { <urn:a> <urn:b> }", QuerySyntax, "line 1"),
        ("SELECT * { ?s ?p ?o }", QuerySyntax, "line 1"),
    ],
)
def test_what_an_update_may_not_be(
    plain: Workspace, write: Write, text: str, error: type[DealgraphError], told: str
) -> None:
    with pytest.raises(error, match=told):
        write("update", text)
    assert plain.current_number() == 1


def test_a_load_that_is_refused_silently_does_nothing(plain: Workspace, write: Write) -> None:
    text = (
        "LOAD SILENT <http://127.0.0.1:9/x> INTO GRAPH <urn:g> ; INSERT DATA { <urn:a> <urn:b> 1 }"
    )
    assert write("update", text).release == 2
    assert rows(plain, "SELECT ?s ?o { ?s ?p ?o }") == [["urn:a", "1"]]


def test_the_dataset_of_the_request_is_that_of_the_update(plain: Workspace, write: Write) -> None:
    write("update", "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } <urn:x> <urn:b> 2 }")
    copy = "INSERT { GRAPH <urn:to> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    write("update", copy, using_default=("urn:g",))
    assert rows(plain, "SELECT ?s { GRAPH <urn:to> { ?s ?p ?o } }") == [["urn:a"]]
    write("update", "DELETE WHERE { ?s ?p ?o }", using_default=("urn:g",))
    # The pattern matched what is in urn:g; it was deleted from the default graph.
    assert rows(plain, "SELECT ?s { GRAPH <urn:g> { ?s ?p ?o } }") == [["urn:a"]]
    with pytest.raises(BadInput, match="USING"):
        write("update", "DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }",
              using_named=("urn:g",))  # fmt: skip


def test_a_graph_is_put_added_to_and_deleted(plain: Workspace, write: Write) -> None:
    query = f"SELECT ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} ORDER BY ?o"
    assert not write("put", ONE, "turtle", graph=GRAPH).existed
    assert write("post", ONE.replace(b"1", b"2"), "turtle", graph=GRAPH).existed
    assert rows(plain, query) == [["1"], ["2"]]
    assert write("put", ONE.replace(b"1", b"3"), "turtle", graph=GRAPH).existed
    assert rows(plain, query) == [["3"]]
    assert write("delete", graph=GRAPH).published
    assert rows(plain, query) == []
    with pytest.raises(NotFound, match="graph"):
        write("delete", graph=GRAPH)


def test_blank_nodes_of_two_files_are_different_ones(plain: Workspace, write: Write) -> None:
    for _ in range(2):
        write("post", b"_:a <http://example.org/p> _:b .", "turtle", graph=GRAPH)
    assert len(rows(plain, f"SELECT ?s {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")) == 2


@pytest.mark.parametrize(
    ("body", "form", "told"),
    [
        (b"<urn:a> <urn:b> .", "turtle", "1"),
        (b"\xff\xfe", "turtle", "can't be read"),
        (b"<urn:a> <urn:b> <urn:c> <urn:g> .", "nquads", "names the graph"),
        (b'{"@context": "http://127.0.0.1:9/c", "a": 1}', "jsonld", "remote context"),
        (
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            b'<rdf:Description rdf:about="urn:a"><p xmlns="urn:">&x;</p></rdf:Description>'
            b"</rdf:RDF>",
            "rdfxml",
            "can't be read",
        ),
    ],
)
def test_a_graph_that_cant_be_read_changes_nothing(
    plain: Workspace, write: Write, body: bytes, form: str, told: str
) -> None:
    write("put", ONE, "turtle", graph=GRAPH)
    with pytest.raises(BadInput, match=told):
        write("put", body, form, graph=GRAPH)
    assert rows(plain, f"SELECT ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}") == [["1"]]


def test_a_packed_body_is_unpacked_up_to_the_limit(plain: Workspace, write: Write) -> None:
    assert write("put", gzip.compress(ONE), "turtle", graph=GRAPH, packed=True).published
    with pytest.raises(TooLarge, match="write_body"):
        write("put", gzip.compress(b"#" * (1 << 25)), "turtle", graph=GRAPH, packed=True)
    with pytest.raises(BadInput, match="gzip"):
        write("put", b"no gzip", "turtle", graph=GRAPH, packed=True)


def test_a_condition_that_doesnt_hold_changes_nothing(plain: Workspace, write: Write) -> None:
    text = "INSERT DATA { <urn:a> <urn:b> 1 }"
    with pytest.raises(PreconditionFailed, match="Release 1 is current"):
        write("update", text, expected=(7,))
    assert write("update", text, expected=(7, 1)).release == 2
    write("put", ONE, "turtle", graph=GRAPH, absent=True)
    with pytest.raises(PreconditionFailed, match="there already"):
        write("put", ONE, "turtle", graph=GRAPH, absent=True)
    with pytest.raises(PreconditionFailed, match="isn't there"):
        write("put", ONE, "turtle", graph="urn:other", present=True)


def test_a_write_that_takes_too_long_is_stopped_and_changes_nothing(
    plain: Workspace, tmp_path: Path
) -> None:
    many = " ".join(f"<urn:s{n}> <urn:p> {n} ." for n in range(300))
    endless = "INSERT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    quick = writing(plain, tmp_path, seconds=2)
    write = next(quick)
    write("update", f"INSERT DATA {{ {many} }}")
    begun = time.monotonic()
    with pytest.raises(QueryTimeout, match="2 s"):
        write("update", endless)
    assert time.monotonic() - begun < 20
    assert plain.current_number() == 2
    # The next one is not in its way.
    assert write("update", "INSERT DATA { <urn:a> <urn:b> 1 }").release == 3
    quick.close()


def test_a_lost_write_is_told_though_its_request_id_was_used_before(
    plain: Workspace, tmp_path: Path
) -> None:
    many = " ".join(f"<urn:s{n}> <urn:p> {n} ." for n in range(300))
    endless = "INSERT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    for write in writing(plain, tmp_path, seconds=2):
        write("update", f"INSERT DATA {{ {many} }}", request="mine")
        with pytest.raises(QueryTimeout, match="nothing was changed"):
            write("update", endless, request="mine")
    assert plain.current_number() == 2


# Read by every Python process at its start. The process that writes publishes, then ends when it
# comes to the log; before that, another writer's release is put on top of its own.
_DIES_AFTER_THE_FLIP = """
import json, os, shutil, sys
from pathlib import Path

def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith("audit.jsonl") and "a" in arguments[1]:
        root = Path(arguments[0]).parent
        number = int((root / "CURRENT").read_text())
        mine, theirs = root / "releases" / str(number), root / "releases" / str(number + 1)
        shutil.copytree(mine, theirs)
        record = json.loads((mine / "release.json").read_text())
        record["number"] += 1
        record["by"] = {"author": "another", "request": record["by"]["request"]}
        (theirs / "release.json").chmod(0o644)
        (theirs / "release.json").write_text(json.dumps(record))
        (root / "CURRENT").write_text(str(number + 1))
        os._exit(9)

if "dealgraph.writes.worker" in sys.orig_argv:
    sys.addaudithook(watch)
"""


def test_a_write_that_was_published_is_acknowledged_though_its_process_died(
    plain: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_DIES_AFTER_THE_FLIP)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for write in writing(plain, tmp_path):
        assert write("update", "INSERT DATA { <urn:a> <urn:b> 1 }", request="mine").release == 2
    assert plain.current_number() == 3
    assert plain.release(3).by.nonce == ""  # a record without one is read as before
    assert rows(plain, "SELECT ?o { ?s ?p ?o }") == [["1"]]


def test_writers_queue_and_nothing_is_lost(plain: Workspace, tmp_path: Path) -> None:
    """Eight threads of one service, and another process on the same workspace."""
    here, there = committer(plain), committer(plain)
    failures: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for number in range(5):
                path = tmp_path / f"{name}-{number}"
                path.write_text(f"INSERT DATA {{ <urn:{name}> <urn:p> {number} }}")
                (here if name % 2 else there).commit(
                    Change("update", (Part(path),), author=str(name))
                )
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    here.close()
    there.close()
    assert failures == []
    assert plain.current_number() == 41
    assert len(rows(plain, "SELECT ?s ?o { ?s ?p ?o }")) == 40
    assert [entry.release for entry in Audit(plain.root).entries()] == list(range(1, 42))


_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from test_writes import committer, Change, Part, Workspace
root, begin, body = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
writes = committer(Workspace(root))
number = begin
while True:
    body.write_text(f"INSERT DATA {{ <urn:a> <urn:b> {number} }}")
    writes.commit(Change("update", (Part(body),), author="killed"))
    print(number, flush=True)  # acknowledged
    number += 1
"""


def test_what_was_acknowledged_survives_kill_9(plain: Workspace, tmp_path: Path) -> None:
    """The service and the process that writes are killed together, at any moment, twelve times."""
    chance = random.Random(20261124)
    acknowledged: list[int] = []
    for round_ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(plain.root), str(1000 * round_),
             str(tmp_path / "body")],
            stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
        )  # fmt: skip
        assert process.stdout is not None
        acknowledged.append(int(process.stdout.readline()))
        time.sleep(chance.random() * 0.3)
        os.killpg(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().splitlines() if line]
        process.wait()
        process.stdout.close()
    kept = {int(value or 0) for [value] in rows(plain, "SELECT ?o { ?s ?p ?o }")}
    assert set(acknowledged) <= kept
    # One that was published, but not yet acknowledged when the kill came, may be there too.
    assert len(kept) <= len(acknowledged) + 12
    current = plain.current_number()
    assert plain.verify(current) == []
    with plain.writer() as writer:  # the next writer logs what the last one could not
        assert writer.audit.last() == current
    noted = [entry.release for entry in Audit(plain.root).entries()]
    assert noted == sorted(set(noted))
    assert not list((plain.root / "staging").glob("*"))


def test_a_torn_log_is_read_and_goes_on(plain: Workspace, write: Write) -> None:
    log = plain.root / "audit.jsonl"
    with log.open("ab") as file:
        file.write(b'{"release": 2, "ti')
    write("update", "INSERT DATA { <urn:a> <urn:b> 1 }", author="ana")
    assert [entry.release for entry in Audit(plain.root).entries()] == [1, 2]
    assert json.loads(log.read_bytes().splitlines()[-1])["author"] == "ana"


def test_a_disk_that_is_full_loses_nothing(plain: Workspace, tmp_path: Path) -> None:
    """A bound on the size of files stands for the disk: the write fails, the release stands."""
    begun = plain.current()
    body = tmp_path / "body"
    body.write_text(
        "INSERT DATA {" + " ".join(f"<urn:s{n}> <urn:p> 'text {n}' ." for n in range(60_000)) + "}"
    )
    code = """
import resource, sys
from pathlib import Path
sys.path.insert(0, "tests")
from test_writes import committer, Change, Part, Workspace
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    committer(Workspace(Path(sys.argv[1]))).commit(Change("update", (Part(Path(sys.argv[2])),)))
except Exception as error:
    print(type(error).__name__)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(plain.root), str(body)],
        capture_output=True, text=True, timeout=120, cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "service")},
    )  # fmt: skip
    assert done.stdout.strip() in {"WorkspaceError", "QueryOutOfMemory"}, done.stderr
    assert plain.current() == begun
    assert plain.verify(1) == []
    for write in writing(plain, tmp_path):
        assert write("update", "INSERT DATA { <urn:a> <urn:b> 1 }").release == 2


def test_a_damaged_release_is_told_and_not_written_on(plain: Workspace, tmp_path: Path) -> None:
    for write in writing(plain, tmp_path):
        write("put", ONE, "turtle", graph=GRAPH)
        write("post", ONE.replace(b"1", b"2"), "turtle", graph=GRAPH)
    sound, broken = plain.release(2), plain.current()
    own = [path for path in broken.store.glob("*.sst") if not (sound.store / path.name).exists()]
    for path in own:
        path.chmod(0o644)
        path.write_bytes(bytes(len(path.read_bytes())))
    assert own
    assert any("changed since" in problem for problem in plain.verify(3))
    for write in writing(plain, tmp_path):
        with pytest.raises(WorkspaceError, match=r"verify|copied"):
            write("update", "INSERT DATA { <urn:a> <urn:b> 1 }")
    assert plain.current_number() == 3
    # The release before is as it was: an operator may go back to it, and go on from there.
    assert plain.verify(2) == []
    (plain.root / "CURRENT").write_text("2\n")
    assert rows(plain, f"SELECT ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}") == [["1"]]
    for write in writing(plain, tmp_path):
        assert write("update", "INSERT DATA { <urn:a> <urn:b> 1 }").release == 3
    assert plain.verify(3) == []


# ---- a workspace with an ontology ----


@pytest.fixture
def ours(tmp_path: Path) -> Workspace:
    """The workspace of tests/fixtures/mini."""
    workspace = Workspace(tmp_path / "workspace")
    build(workspace, MINI, REPOSITORY / "ontology")
    return workspace


@pytest.fixture
def write_ours(ours: Workspace, tmp_path: Path) -> Iterator[Write]:
    """Writes to ``ours``."""
    yield from writing(ours, tmp_path)


def test_a_graph_of_ones_own_is_written_and_survives_a_build(
    ours: Workspace, write_ours: Write
) -> None:
    note = "INSERT DATA { GRAPH <http://example.org/notes> { <urn:a> rdfs:label 'note' } }"
    assert write_ours("update", note, author="ana").release == 2
    release, new = build(ours, MINI, REPOSITORY / "ontology")
    assert (release.number, new) == (2, False)  # the same records, and the note is still there
    found = rows(ours, "SELECT ?l { GRAPH <http://example.org/notes> { ?s ?p ?l } }")
    assert found == [["note"]]


@pytest.mark.parametrize(
    "text",
    [
        "CLEAR ALL",
        "DROP GRAPH <https://w3id.org/dealgraph/graph/current>",
        "INSERT DATA { GRAPH <https://w3id.org/dealgraph/graph/inferred> { <urn:a> <urn:b> 1 } }",
        "INSERT DATA { GRAPH <https://w3id.org/dealgraph/graph/mine> { <urn:a> <urn:b> 1 } }",
        "INSERT DATA { <urn:a> <urn:b> 1 }",
    ],
)
def test_what_a_build_makes_stays_as_it_is(ours: Workspace, write_ours: Write, text: str) -> None:
    with pytest.raises(Conflict, match="made from the records"):
        write_ours("update", text)
    assert ours.current_number() == 1
    assert ours.verify(1) == []


def test_shapes_are_checked_before_anything_is_published(
    ours: Workspace, write_ours: Write
) -> None:
    amount = "<urn:x> a dg:MonetaryAmount"
    good = (
        f"{amount} ; dg:currencyCode 'USD' ; dg:pointValue 5.0 ; "
        "dg:basis <https://w3id.org/dealgraph/scheme/basis/committed> ; "
        "dg:qualifier <https://w3id.org/dealgraph/scheme/qualifier/exactly>"
    )
    with pytest.raises(BrokenShapes, match="currency") as caught:
        write_ours("update", f"INSERT DATA {{ GRAPH <urn:g> {{ {amount} }} }}")
    assert any("urn:x" in line for line in caught.value.report)
    assert ours.current_number() == 1
    assert write_ours("update", f"INSERT DATA {{ GRAPH <urn:g> {{ {good} }} }}").release == 2
    # Taking away what a shape needs breaks it as well.
    with pytest.raises(BrokenShapes, match="currency"):
        write_ours("update", "DELETE WHERE { GRAPH <urn:g> { <urn:x> dg:currencyCode ?c } }")
    assert ours.current_number() == 2


@pytest.mark.parametrize(
    "triple",
    ["[] <urn:p> 1", "<urn:a> <urn:p> <<( <urn:a> <urn:b> 1 )>>", "<urn:a> <urn:p> 'x'@ar--rtl"],
)
def test_what_no_export_could_hold_is_refused(
    ours: Workspace, write_ours: Write, triple: str
) -> None:
    with pytest.raises(BadInput):
        write_ours("update", f"INSERT DATA {{ GRAPH <urn:g> {{ {triple} }} }}")
    assert ours.current_number() == 1
