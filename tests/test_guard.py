"""No query reaches out of its release, in whatever way it is written."""

import random
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealgraph.engines.guard import LIMIT, inspect
from dealgraph.engines.process import Request, WorkerProcess
from dealgraph.engines.reach import Reach
from dealgraph.errors import BadInput, QueryRefused, QuerySyntax, TooLarge
from dealgraph.releases.workspace import Release, Workspace
from stores import numbered, publish

X = "<http://127.0.0.1:9/>"

REFUSED = [
    f"SELECT * {{ SERVICE {X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service {X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE SILENT {X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?x {{ {X} }} SERVICE ?x {{ ?s ?p ?o }} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE {X} {{ ?s ?p ?o }} }} }} }}",
    f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {X} {{ ?s ?p ?o }} }} }}",
    f"ASK {{ OPTIONAL {{ SERVICE {X} {{ ?s ?p ?o }} }} }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {X} {{ ?s ?p ?o }} }}",
    f"DESCRIBE ?s WHERE {{ SERVICE {X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \\u0053ERVICE {X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERV\\U00000049CE {X} {{ ?s ?p ?o }} }}",
    # Oxigraph's parser takes these for SERVICE, too.
    f"SELECT * {{ ?a ?b trueSERVICE{X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICESILENT{X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?a ?b 1SERVICE{X} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ OPTIONAL {{}}SERVICE{X} {{ ?s ?p ?o }} }}",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX SERVICE: <a:> PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICEe:x { ?s ?p ?o } }",
    # An IRI to one reading; to another an operator, after which a comment begins.
    f'SELECT * {{ ?a ?b ?c FILTER(?c<?b#>"""\n) SERVICE {X} {{ ?s ?p ?o }} #"""\n}}',
    f"SELECT * {{ ?a ?b ?c FILTER(?c<?b#>'''\n) SERVICE {X} {{ ?s ?p ?o }} #'''\n}}",
    "SELECT * { ?a ?b ?c FILTER(?c<?b#>'''\n) SERVICE:x { ?s ?p ?o } #'''\n}",
    f"SELECT * {{ ?a ?b ?c FILTER(?c<?b'#>#') SERVICE\n{X} {{ ?s ?p ?o }} #'\n}}",
    f"SELECT * {{ ?s ?p ?o # comment\rSERVICE {X} {{ ?s ?p ?o }} }}",
]

UPDATES = [
    f"LOAD {X}",
    f"LOAD SILENT {X} INTO GRAPH <a:b>",
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "PREFIX ex: <a:> DELETE WHERE { ?s ?p ?o }",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CLEAR ALL", "DROP ALL", "CREATE GRAPH <a:g>", "ADD DEFAULT TO <a:g>",
    "MOVE DEFAULT TO <a:g>", "COPY DEFAULT TO <a:g>",
    "# a comment\nBASE <a:> # another\nPREFIX : <b:>\nINSERT DATA {}",
    f"SELECT * {{}} ; LOAD {X}",
]  # fmt: skip

ALLOWED = [
    "SELECT ?SERVICE $service { ?SERVICE ?p 'SERVICE <x> {}' }",
    'SELECT * { ?s ?p """ SERVICE <x> { } """ }',
    "SELECT * { ?s ?p ?o } # SERVICE <x> {}",
    "# LOAD <x>\nSELECT * { <http://example.org/SERVICE> ?p ?o }",
    "PREFIX service: <a:> SELECT * { service:SERVICE service:LOAD ?service }",
    "PREFIX service: <a:> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX service: <a:> SELECT * FROM service:x { ?s ?p ?o }",
    "PREFIX ex: <a:> SELECT * { ex:SERVICE ?p 'x'@service }",
    "SELECT * { _:SERVICE ?p ?o FILTER(?o < ?p&&?p > 1) }",
    "BASE <http://example.org/> SELECT * { ?s <#load> '''a\nservice''' . ?s <#b> ?o }",
    r'SELECT * { ?s ?p "\u0053ERVICE \u0022 SERVICE" }',
    "SELECT * { ?s ?p 'LOAD INSERT DELETE' }",
    "SELECT (1 AS ?INSERT) {}",
]


def test_there_are_enough_cases() -> None:
    assert len(REFUSED) + len(UPDATES) > 30
    assert len(ALLOWED) > 10


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match=r"line \d+, column \d+") as caught:
        inspect(text)
    assert caught.value.cure


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_no_query(text: str) -> None:
    with pytest.raises(QuerySyntax, match=r"line \d+, column \d+.*update") as caught:
        inspect(text)
    assert "/update" in caught.value.cure


def test_an_allowed_service_has_to_be_named_plainly() -> None:
    reach = Reach.read("http://example.org/sparql, http://example.org/data/")
    for call in (
        "SERVICE <http://example.org/sparql>",
        "service silent <http://example.org/data/x>",
    ):
        assert inspect(f"SELECT * {{ {call} {{ ?s ?p ?o }} }}", reach).form == "SELECT"
    for call in (
        "SERVICE <http://example.org/sparql2>",
        "SERVICE SILENT <http://example.org/other>",
        "SERVICE <http://example.org/data/../other>",
        "SERVICE <sparql>",
        "SERVICE ?where",
        "SERVICE ex:sparql",
        "SERVICESILENT <http://example.org/sparql>",
    ):
        text = f"BASE <http://example.org/> PREFIX ex: <> SELECT * {{ {call} {{ ?s ?p ?o }} }}"
        with pytest.raises(QueryRefused):
            inspect(text, reach)
    for wrong in ("ftp://example.org/x", "https://example.org", "http://u:p@example.org/x", "x"):
        with pytest.raises(BadInput, match="allow"):
            Reach.read(wrong)


@pytest.mark.parametrize("text", ALLOWED)
def test_allowed(text: str) -> None:
    assert inspect(text).form == "SELECT"


def test_the_refusal_says_where() -> None:
    with pytest.raises(QueryRefused, match="line 3, column 5: SERVICE"):
        inspect("SELECT *\n{\n    SERVICE <a:b> {}\n}")


FORMS = [
    ("SELECT * {}", "SELECT"),
    ("ask{}", "ASK"),
    ("PREFIX select: <a:> construct {} {}", "CONSTRUCT"),
    ("BASE <a:> PREFIX : <b:> PREFIX x: <c:> BASE <d:> describe :a", "DESCRIBE"),
    ("# SELECT\nASK {}", "ASK"),
    ('VERSION "1.2" ASK {}', "ASK"),
]


@pytest.mark.parametrize(("text", "form"), FORMS)
def test_the_form_is_found_after_the_prologue(text: str, form: str) -> None:
    assert inspect(text).form == form


@pytest.mark.parametrize(
    "text", ["", " \n# nothing", "PREFIX : <a:>", "PREFIX", "?a", "{}", "FROM"]
)
def test_what_is_no_query(text: str) -> None:
    with pytest.raises(QuerySyntax, match=r"line \d+, column \d+"):
        inspect(text)


def test_a_dataset_is_noticed() -> None:
    assert inspect("SELECT * FROM <a:b> {}").has_dataset
    assert inspect("ASK FROM NAMED <a:b> {}").has_dataset
    assert not inspect("PREFIX from: <a:> SELECT ?from { from:FROM ?p 'FROM' } # FROM").has_dataset


def test_a_query_has_a_size() -> None:
    head, tail = "ASK { ?s ?p '", "' }"
    inspect(head + "é" * ((LIMIT - len(head + tail)) // 2) + tail)
    with pytest.raises(TooLarge, match=str(LIMIT)):
        inspect(head + "é" * (LIMIT // 2) + tail)


WORDS = st.sampled_from(
    ["SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "LOAD", "INSERT DATA", "DROP ALL"]
)
# Anything around the word; what would end the place it is hidden in is left out below.
AROUND = st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs"]), max_size=20)


def without(text: str, *ends: str) -> str:
    for end in ends:
        text = text.replace(end, "")
    return text


@st.composite
def hidden(draw: st.DrawFn) -> str:
    """A term or comment that has a forbidden word in it and may have it."""
    inside = draw(AROUND) + draw(WORDS) + draw(AROUND)
    word = draw(WORDS).split()[0]
    match draw(st.sampled_from(["string", "long", "iri", "comment", "local", "variable", "blank"])):
        case "string":
            quote = draw(st.sampled_from("\"'"))
            return quote + without(inside, quote, "\n", "\r") + quote
        case "long":
            quote = draw(st.sampled_from("\"'"))
            return quote * 3 + without(inside, quote) + quote * 3
        case "iri":
            kept = "".join(c for c in inside if c > " " and c not in '<>"{}|^`\x7f')
            return f"<http://example.org/{kept}>"
        case "comment":
            return f"1 # {without(inside, chr(10), chr(13))}\n"
        case "local":
            return f"ex:{word}"
        case "variable":
            return f"?{word}"
    return f"_:{word}"


@given(st.lists(hidden(), min_size=1, max_size=4))
def test_words_inside_terms_are_no_keywords(terms: list[str]) -> None:
    body = " ".join(f"?s ?p {term} ." for term in terms)
    assert inspect(f"PREFIX ex: <a:> SELECT * {{ {body} }}").form == "SELECT"


@given(st.lists(hidden(), max_size=3), st.sampled_from(["SERVICE", "service", "sErViCe"]))
def test_the_keyword_is_found_among_terms(terms: list[str], word: str) -> None:
    body = " ".join(f"?s ?p {term} ." for term in terms)
    with pytest.raises(QueryRefused):
        inspect(f"PREFIX ex: <a:> SELECT * {{ {body} {word} ?s {{ ?s ?p ?o }} }}")


@given(st.sampled_from(REFUSED), st.randoms())
def test_escapes_hide_nothing(text: str, dice: random.Random) -> None:
    written = "".join(
        f"\\u{ord(c):04x}" if c.isalpha() and dice.random() < 0.3 else c for c in text
    )
    with pytest.raises((QueryRefused, QuerySyntax)):
        inspect(written)


class Listener:
    """A socket that counts who calls; ``url`` is its address."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.calls = 0
        self._thread = threading.Thread(target=self._count)
        self._thread.start()

    def _count(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if connection.recv(4) == b"stop":
                    return
                self.calls += 1

    def close(self) -> None:
        with socket.create_connection(self._socket.getsockname()) as connection:
            connection.sendall(b"stop")
        self._thread.join()
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listening socket on this machine."""
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A hundred quads."""
    return publish(Workspace(tmp_path_factory.mktemp("guard")), numbered(100))[0]


def test_a_worker_has_no_network_should_the_guard_fail(
    listener: Listener, release: Release
) -> None:
    """The query is handed to the worker as it is, past the guard."""
    worker = WorkerProcess(release.store, 2**30, {})
    try:
        worker.wait_ready()
        for target in (listener.url, listener.url.replace("127.0.0.1", "localhost")):
            text = f"SELECT * {{ SERVICE <{target}> {{ ?s ?p ?o }} }}"
            worker.send(Request(text, "json", None, None, 30))
            kind, payload = worker.receive(20)
            assert kind == b"E"
            assert b'"error"' in payload
        worker.send(Request("ASK {}", "json", None, None, 30))
        assert worker.receive(20)[0] == b"D"
    finally:
        worker.kill()
    assert listener.calls == 0


def test_the_listener_would_hear_a_call(listener: Listener) -> None:
    """Or the test above proves nothing."""
    host, port = listener.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST")
        connection.recv(1)
    assert listener.calls == 1
