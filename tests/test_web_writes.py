"""Writes over HTTP, through a real server: who may, what comes back, what is seen after."""

import gzip
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from conftest import MINI, REPOSITORY
from dealgraph.releases.audit import Audit
from dealgraph.releases.build import build
from dealgraph.releases.tokens import Tokens
from dealgraph.releases.workspace import Workspace
from writable import Writable, serve_writable

TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
GRAPH = "http://example.org/graph"
TRIPLE = b"<http://example.org/s> <http://example.org/p> <relative> ."


class Answer:
    """Status, headers and body of an answer, errors too."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found


def send(
    address: str, method: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    request = urllib.request.Request(address, data=body, method=method, headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A plain store that takes bodies of 100,000 bytes."""
    with serve_writable(
        tmp_path_factory.mktemp("writes"), "--write-body", "100000", "--queue", "200"
    ) as served:
        yield served


@pytest.fixture
def store(served: Writable) -> Iterator[str]:
    """The address of one graph, which is not there before and after."""
    address = f"{served.address}/store?graph={quote(GRAPH, safe='')}"
    yield address
    send(address, "DELETE", headers=served.headers)


def ask(served: Writable, query: str) -> bool:
    found = send(f"{served.address}/sparql?query={quote(query)}", "GET").json["boolean"]
    return bool(found)


def test_an_update_is_answered_by_its_release_and_seen_at_once(served: Writable) -> None:
    number = Workspace(served.workspace).current_number()
    done = send(
        f"{served.address}/update?message=first%20note", "POST",
        b"INSERT DATA { <urn:x> <urn:y> 1 }", {**served.headers, **UPDATE},
    )  # fmt: skip
    assert (done.status, done.json) == (200, {"release": number + 1, "published": True})
    assert done.headers["ETag"] == f'"r{number + 1}"'
    assert done.headers["Cache-Control"] == "no-store"
    assert ask(served, "ASK { <urn:x> <urn:y> 1 }")
    entry = list(Audit(served.workspace).entries())[-1]
    assert (entry.author, entry.message) == ("write-token-file", "first note")
    assert entry.request == done.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("headers", "status", "slug"),
    [
        ({}, 401, "unauthorized"),
        ({"Authorization": "Bearer wrong"}, 401, "unauthorized"),
        ({"Authorization": "Basic eDp5"}, 401, "unauthorized"),
    ],
)
def test_nobody_writes_without_a_token(
    served: Writable, store: str, headers: dict[str, str], status: int, slug: str
) -> None:
    for method, address, body in (
        ("POST", f"{served.address}/update", b"CLEAR ALL"),
        ("PUT", store, TRIPLE),
        ("POST", store, TRIPLE),
        ("DELETE", store, None),
        ("POST", f"{served.address}/store", TRIPLE),
    ):
        refused = send(address, method, body, {**headers, **UPDATE})
        assert refused.status == status
        assert str(refused.json["type"]).endswith(slug)
        assert "Bearer" in refused.headers["WWW-Authenticate"]


def test_a_token_needs_the_scope_and_stops_counting_when_it_is_revoked(
    served: Writable, store: str
) -> None:
    tokens = Tokens(served.workspace)
    _, reads = tokens.create("reader", ["read"])
    token, writes = tokens.create("writer", ["write"])
    refused = send(store, "PUT", TRIPLE, {**TURTLE, "Authorization": f"Bearer {reads}"})
    assert (refused.status, "scope write" in str(refused.json["detail"])) == (403, True)
    bearer = {**TURTLE, "Authorization": f"Bearer {writes}"}
    assert send(store, "PUT", TRIPLE, bearer).status == 201
    tokens.revoke(token.id)
    assert send(store, "PUT", TRIPLE, bearer).status == 401


def test_a_graph_goes_in_and_out(served: Writable, store: str) -> None:
    headers = {**served.headers, **TURTLE}
    assert send(store, "GET").status == 404
    assert send(store, "PUT", TRIPLE, headers).status == 201
    assert send(store, "PUT", TRIPLE, headers).status == 200
    got = send(store, "GET", headers={"Accept": "application/n-triples"})
    assert b"<http://example.org/relative>" in got.body  # relative to the name of the graph
    head = send(store, "HEAD", headers={"Accept": "application/n-triples"})
    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", got.headers["ETag"])
    again = send(
        store, "GET",
        headers={"Accept": "application/n-triples", "If-None-Match": got.headers["ETag"]},
    )  # fmt: skip
    assert again.status == 304
    assert send(store, "DELETE", headers=served.headers).status == 200
    assert send(store, "DELETE", headers=served.headers).status == 404


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_graph_without_triples_is_none(served: Writable, store: str, method: str) -> None:
    headers = {**served.headers, **TURTLE}
    number = Workspace(served.workspace).current_number()
    sent = send(store, method, b"# nothing", headers)
    assert (sent.status, sent.json) == (200, {"release": number, "published": False})
    assert send(store, "GET").status == 404
    assert send(store, method, TRIPLE, {**headers, "If-None-Match": "*"}).status == 201
    # One that loses its triples is gone, too, whichever way.
    assert send(store, "PUT", b"# nothing", headers).status == 200
    assert send(store, "GET").status == 404
    assert send(store, "DELETE", headers=served.headers).status == 404


def test_an_empty_graph_that_an_update_makes_is_none(served: Writable, store: str) -> None:
    update, headers = f"{served.address}/update", {**served.headers, **UPDATE}
    create = f"CREATE GRAPH <{GRAPH}>".encode()
    for _ in range(2):
        assert send(update, "POST", create, headers).json["published"] is False
        assert send(store, "GET").status == 404
    once = {**served.headers, **TURTLE, "If-None-Match": "*"}
    assert send(store, "PUT", TRIPLE, once).status == 201
    clear = f"CLEAR GRAPH <{GRAPH}>".encode()
    assert send(update, "POST", clear, headers).json["published"] is True
    assert send(store, "GET").status == 404
    assert send(store, "PUT", TRIPLE, once).status == 201


def test_a_new_graph_without_triples_has_no_address(served: Writable) -> None:
    sent = send(f"{served.address}/store", "POST", b"# nothing", {**served.headers, **TURTLE})
    assert (sent.status, sent.headers["Location"]) == (200, None)


def test_who_has_not_seen_the_last_change_does_not_overwrite_it(
    served: Writable, store: str
) -> None:
    headers = {**served.headers, **TURTLE}
    assert send(store, "PUT", TRIPLE, {**headers, "If-Match": "*"}).status == 412
    send(store, "PUT", TRIPLE, {**headers, "If-None-Match": "*"})
    assert send(store, "PUT", TRIPLE, {**headers, "If-None-Match": "*"}).status == 412
    mine = send(store, "GET").headers["ETag"]
    theirs = send(store, "POST", TRIPLE.replace(b"/s>", b"/t>"), {**headers, "If-Match": mine})
    assert theirs.status == 200
    lost = send(store, "PUT", TRIPLE, {**headers, "If-Match": mine})
    assert (lost.status, str(lost.json["type"]).rsplit("/", 1)[-1]) == (412, "precondition-failed")
    assert b"/t>" in send(store, "GET").body
    assert send(store, "PUT", TRIPLE, {**headers, "If-Match": theirs.headers["ETag"]}).status == 200
    assert send(store, "PUT", TRIPLE, {**headers, "If-Match": '"nonsense"'}).status == 412


def test_who_wants_no_match_changes_nothing_where_there_is_one(
    served: Writable, store: str
) -> None:
    headers = {**served.headers, **TURTLE}
    # Where there is no graph nothing matches.
    number = Workspace(served.workspace).current_number()
    first = {**headers, "If-None-Match": f'"r{number}"'}
    assert send(store, "PUT", TRIPLE, first).status == 201
    tag = send(store, "GET").headers["ETag"]
    other = TRIPLE.replace(b"/s>", b"/t>")
    for match in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        for method, body in (("PUT", other), ("POST", other), ("DELETE", None)):
            refused = send(store, method, body, {**headers, "If-None-Match": match})
            assert (refused.status, str(refused.json["type"]).rsplit("/", 1)[-1]) == (
                412,
                "precondition-failed",
            )
    assert send(store, "GET").headers["ETag"] == tag
    unmatched = {**headers, "If-None-Match": '"r0", "x"'}
    assert send(store, "PUT", other, unmatched).status == 200
    assert send(store, "DELETE", headers={**served.headers, "If-None-Match": tag}).status == 200
    # No graph, so "*" holds; there is nothing to delete all the same.
    assert send(store, "DELETE", headers={**served.headers, "If-None-Match": "*"}).status == 404


def test_a_packed_graph_and_what_is_too_large(served: Writable, store: str) -> None:
    headers = {**served.headers, **TURTLE}
    packed = {**headers, "Content-Encoding": "gzip"}
    assert send(store, "PUT", gzip.compress(TRIPLE), packed).status == 201
    for body, sent in (
        (b"#" * 100_001, headers),
        (gzip.compress(b"#" * 10_000_000), packed),
    ):
        refused = send(store, "PUT", body, sent)
        assert (refused.status, "100000" in str(refused.json["detail"])) == (413, True)
    assert send(store, "PUT", TRIPLE, {**headers, "Content-Encoding": "br"}).status == 415
    assert send(store, "PUT", TRIPLE, {**served.headers, "Content-Type": "text/csv"}).status == 415
    assert ask(served, f"ASK {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")


def test_errors_of_an_update_have_their_place(served: Writable) -> None:
    text = b"INSERT DATA { <urn:a> <urn:b> 1 } ;\n  DELETE DATA { <urn:a> }"
    problem = send(f"{served.address}/update", "POST", text, {**served.headers, **UPDATE})
    assert (problem.status, problem.json["line"]) == (400, 2)
    assert isinstance(problem.json["column"], int)


def test_an_update_is_read_as_a_query_is(served: Writable) -> None:
    """Keywords have no case, and GROUP_CONCAT gives a literal without a language."""
    text = """
        INSERT DATA { <urn:read> <urn:is> TRUE } ;
        INSERT { <urn:read> <urn:all> ?all }
        WHERE { SELECT (GROUP_CONCAT(?o) AS ?all) { VALUES ?o { 'um'@pt } } } ;
        DELETE WHERE { <urn:read> <urn:is> FALSE }
    """
    done = send(f"{served.address}/update", "POST", text.encode(), {**served.headers, **UPDATE})
    assert done.status == 200, done.json
    assert ask(served, "ASK { <urn:read> <urn:is> true ; <urn:all> 'um' }")


def test_many_writers_at_once_lose_nothing(served: Writable) -> None:
    statuses = []

    def write(number: int) -> None:
        text = f"INSERT DATA {{ <urn:many> <urn:n> {number} }}".encode()
        done = send(f"{served.address}/update", "POST", text, {**served.headers, **UPDATE})
        statuses.append(done.status)
        # Who wrote reads what he wrote.
        statuses.append(200 if ask(served, f"ASK {{ <urn:many> <urn:n> {number} }}") else 0)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80
    query = "ASK { { SELECT (COUNT(*) AS ?n) { <urn:many> <urn:n> ?o } } FILTER(?n = 40) }"
    assert ask(served, query)


def test_writing_is_off_unless_it_is_switched_on(workspace: Workspace, tmp_path: Path) -> None:
    from serving import serving

    _, secret = Tokens(tmp_path).create("writer", ["write"])
    with serving(workspace.root) as server:
        refused = send(
            f"http://127.0.0.1:{server.port}/update", "POST", b"CLEAR ALL",
            {**UPDATE, "Authorization": f"Bearer {secret}"},
        )  # fmt: skip
    assert refused.status == 403
    assert "takes no writes" in str(refused.json["detail"])


def test_a_workspace_with_an_ontology_keeps_its_shapes_and_its_graphs(tmp_path: Path) -> None:
    build(Workspace(tmp_path / "workspace"), MINI, REPOSITORY / "ontology")
    with serve_writable(tmp_path, plain=False) as served:
        address, headers = f"{served.address}/update", {**served.headers, **UPDATE}
        bad = b"INSERT DATA { GRAPH <urn:mine> { <urn:x> a dg:MonetaryAmount } }"
        broken = send(address, "POST", bad, headers)
        assert (broken.status, str(broken.json["type"]).rsplit("/", 1)[-1]) == (
            422,
            "broken-shapes",
        )
        assert any("urn:x" in line for line in broken.json["report"])  # type: ignore[attr-defined]
        assert send(address, "POST", b"CLEAR ALL", headers).status == 409
        note = b"INSERT DATA { GRAPH <urn:mine> { <urn:x> rdfs:label 'mine' } }"
        assert send(address, "POST", note, headers).json == {"release": 2, "published": True}
        assert ask(served, "ASK { GRAPH <urn:mine> { <urn:x> rdfs:label 'mine' } }")
        # What a release is exported as has it too, and the release before doesn't.
        assert b"mine" in send(f"{served.address}/export/release.nq", "GET").body
        query = quote("ASK { GRAPH <urn:mine> { ?s ?p ?o } }")
        old = send(f"{served.address}/releases/1/sparql?query={query}", "GET")
        assert old.json["boolean"] is False
