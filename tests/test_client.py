"""The Python client against a real HTTP server: values, frames, errors in its own words."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import WSGIApplication

import pytest

from dealgraph.client import Client
from dealgraph.client.frame import data_frame
from dealgraph.client.values import XSD, python_value
from dealgraph.errors import BadInput, RemoteError
from dealgraph.questions.amounts import parse_amount
from dealgraph.releases.workspace import Release, Workspace
from dealgraph.settings import Settings
from dealgraph.vocab import identity
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of

Answer = Callable[[str, dict[str, list[str]]], tuple[str, str, bytes]]


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: object) -> None:
        pass


class Service:
    """A server on a free port whose answers a test writes; it remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = lambda path, fields: ("200 OK", "application/json", b"{}")
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []

    def __call__(self, environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        text = str(environ["QUERY_STRING"])
        if environ["REQUEST_METHOD"] == "POST":
            size = int(str(environ["CONTENT_LENGTH"]))
            text += "&" + environ["wsgi.input"].read(size).decode()  # type: ignore[attr-defined]
        fields = parse_qs(text, keep_blank_values=True)
        path = str(environ["PATH_INFO"])
        self.asked.append((str(environ["REQUEST_METHOD"]), path, fields))
        status, kind, body = self.answer(path, fields)
        start(status, [("Content-Type", kind)])
        return [body]


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """The address of *app*, served from a thread."""
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def service() -> Iterator[tuple[Service, str]]:
    app = Service()
    with serving(app) as url:
        yield app, url


def result(columns: list[str], *rows: dict[str, object]) -> Answer:
    body = json.dumps({"head": {"vars": columns}, "results": {"bindings": list(rows)}}).encode()
    return lambda path, fields: ("200 OK", "application/sparql-results+json", body)


def literal(value: str, kind: str) -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": XSD + kind}


ROWS = (
    {
        "firm": {"type": "uri", "value": "https://example.org/a"},
        "name": {"type": "literal", "value": "São é", "xml:lang": "pt"},
        "amount": literal("38000000000", "decimal"),
        "count": literal("3", "integer"),
        "when": literal("2025-11-03", "date"),
        "binding": literal("true", "boolean"),
    },
    {"amount": literal("0.1", "decimal")},
)
COLUMNS = ["firm", "name", "amount", "count", "when", "binding"]
SELECT = "SELECT * WHERE { ?s ?p ?o }"


def test_a_query_gives_python_values(service: tuple[Service, str]) -> None:
    app, url = service
    app.answer = result(COLUMNS, *ROWS)
    rows = Client(url).query(SELECT)
    assert rows == [
        {
            "firm": "https://example.org/a",
            "name": "São é",
            "amount": Decimal("38000000000"),
            "count": 3,
            "when": date(2025, 11, 3),
            "binding": True,
        },
        {**dict.fromkeys(COLUMNS), "amount": Decimal("0.1")},
    ]
    method, path, fields = app.asked[0]
    assert (method, path, fields["query"]) == ("POST", "/sparql", [SELECT])


def test_a_frame_has_a_dtype_for_each_column_and_knows_missing_values(
    service: tuple[Service, str],
) -> None:
    app, url = service
    app.answer = result(COLUMNS, *ROWS)
    frame = Client(url).query_df(SELECT)
    assert dict(frame.dtypes.astype(str)) == {
        "firm": "string",
        "name": "string",
        "amount": "Float64",
        "count": "Int64",
        "when": "datetime64[s]",
        "binding": "boolean",
    }
    assert frame["amount"].sum() == pytest.approx(38000000000.1)
    assert frame.isna().sum().to_dict() == {
        "firm": 1, "name": 1, "amount": 0, "count": 1, "when": 1, "binding": 1,
    }  # fmt: skip


def test_a_frame_without_rows_still_has_its_columns() -> None:
    assert list(data_frame(["a", "b"], []).columns) == ["a", "b"]


def test_a_frame_keeps_what_no_dtype_holds() -> None:
    rows = [{"a": 2**70, "b": "x"}, {"a": 1, "b": 1}]
    frame = data_frame(["a", "b"], rows)
    assert frame["a"].tolist() == [2**70, 1]
    assert frame["b"].tolist() == ["x", 1]


def test_a_question_is_asked_with_lists_and_comes_back_with_labels(
    service: tuple[Service, str],
) -> None:
    app, url = service
    iri = "https://w3id.org/dealgraph/id/org/aws"
    body = {
        "columns": [
            {"name": "supplier", "kind": "entity"},
            {"name": "amount", "kind": "money"},
            {"name": "from", "kind": "date"},
        ],
        "rows": [
            {
                "supplier": {"type": "iri", "value": iri, "label": "Amazon Web Services"},
                "amount": {"type": "decimal", "value": 38000000000},
                "from": {"type": "date", "value": "2025-11-03"},
            },
            {"supplier": {"type": "iri", "value": iri}, "amount": None, "from": None},
            {"supplier": None, "amount": {"type": "decimal", "value": 0.5}, "from": None},
        ],
    }
    app.answer = lambda path, fields: ("200 OK", "application/json", json.dumps(body).encode())
    rows = Client(url, lang="pt", timeout=5).ask("suppliers", firm=["openai", "x&y=é"], top=3)
    assert rows[0] == {
        "supplier": iri,
        "supplierLabel": "Amazon Web Services",
        "amount": Decimal("38000000000"),
        "from": date(2025, 11, 3),
    }
    # What has no name, or isn't known, has the key of the name all the same.
    assert rows[1] == {"supplier": iri, "supplierLabel": None, "amount": None, "from": None}
    assert rows[2] == {
        "supplier": None, "supplierLabel": None, "amount": Decimal("0.5"), "from": None,
    }  # fmt: skip
    method, path, fields = app.asked[0]
    assert (method, path) == ("GET", "/questions/suppliers.json")
    assert fields == {
        "lang": ["pt"], "firm": ["openai", "x&y=é"], "top": ["3"], "timeout": ["5"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (38_000_000_000, "38000000000"),
        (Decimal("38000000000").normalize(), "38000000000"),
        (1e16, "10000000000000000"),
        (2.0, "2"),
        (0.125, "0.1250"),
        (1.125, "1.1250"),
        (1.5, "1.5"),
        (date(2026, 3, 17), "2026-03-17"),
        (datetime(2026, 3, 17), "2026-03-17"),
        ("3.8E+10", "3.8E+10"),
    ],
)
def test_a_value_is_sent_so_that_it_can_be_read_in_one_way(
    service: tuple[Service, str], value: str | float | Decimal | date, sent: str
) -> None:
    app, url = service
    app.answer = lambda path, fields: ("200 OK", "application/json", b'{"columns":[],"rows":[]}')
    Client(url).ask("deals-by-amount", minimum=value)
    assert app.asked[0][2]["minimum"] == [sent]
    if not isinstance(value, str | date):
        assert parse_amount(sent) == Decimal(str(value))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "minimum is nan, which is no number"),
        (Decimal("Infinity"), "minimum is Infinity, which is no number"),
        (datetime(2026, 3, 17, 9, 30), "a time of day, but questions know days"),
    ],
)
def test_a_value_that_no_parameter_can_have_is_refused(
    value: float | Decimal | date, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        Client("http://127.0.0.1:1").ask("deals-by-amount", minimum=value)


def test_ask_queries_have_a_method_of_their_own(service: tuple[Service, str]) -> None:
    app, url = service
    app.answer = lambda path, fields: ("200 OK", "application/json", b'{"boolean": true}')
    assert Client(url).holds("ASK { ?s ?p ?o }") is True
    with pytest.raises(BadInput, match=r"Use holds\(\)"):
        Client(url).query("ASK { ?s ?p ?o }")
    with pytest.raises(BadInput, match="form CONSTRUCT, not SELECT"):
        Client(url).query("CONSTRUCT WHERE { ?s ?p ?o }")


PROBLEM = {"type": "x", "status": 0, "detail": "It said “no” in\nline 3.", "cure": "Ask less."}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 414, 500, 503, 504, 507])
def test_a_refusal_is_told_in_the_words_of_the_service(
    service: tuple[Service, str], status: int
) -> None:
    app, url = service
    body = json.dumps({**PROBLEM, "status": status}).encode()
    app.answer = lambda path, fields: (f"{status} No", "application/problem+json", body)
    for ask in (lambda: Client(url).query(SELECT), lambda: Client(url).ask("suppliers")):
        with pytest.raises(RemoteError) as caught:
            ask()
        assert caught.value.detail == f"{url} refused (status {status}): {PROBLEM['detail']}"
        assert caught.value.cure == "Ask less."


def test_a_refusal_without_a_problem_shows_what_was_said(service: tuple[Service, str]) -> None:
    app, url = service
    app.answer = lambda path, fields: ("502 Bad", "text/html", b"<h1>Bad  gateway</h1>")
    with pytest.raises(RemoteError, match="<h1>Bad gateway</h1>"):
        Client(url).query(SELECT)


def test_a_body_that_is_no_result_is_an_error(service: tuple[Service, str]) -> None:
    app, url = service
    for body in (b"{", b"[]", b"{}", b'{"head": {"vars": ["a"]}, "results": {"bindings": [1]}}'):
        app.answer = lambda path, fields, body=body: ("200 OK", "application/json", body)  # type: ignore[misc]
        for ask in (lambda: Client(url).query(SELECT), lambda: Client(url).ask("suppliers")):
            with pytest.raises(RemoteError, match="can't be used"):
                ask()


def test_a_deadline_is_sent_to_the_service(service: tuple[Service, str]) -> None:
    app, url = service
    app.answer = result([])
    Client(url, timeout=0.5).query(SELECT)
    assert app.asked[0][2]["timeout"] == ["0.5"]


def test_nobody_there_is_an_error_with_a_cure() -> None:
    with pytest.raises(RemoteError, match=r"gave no whole answer.*Check that the service runs"):
        Client("http://127.0.0.1:1").query(SELECT)
    with pytest.raises(RemoteError, match="gave no whole answer"):
        Client("http://127.0.0.1:1").ask("suppliers")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("-7", "integer", -7),
        ("7", "unsignedByte", 7),
        ("1.50", "decimal", Decimal("1.50")),
        ("1e3", "double", 1000.0),
        ("0", "boolean", False),
        ("2026-11-24T10:00:00+00:00", "dateTime", datetime.fromisoformat("2026-11-24T10:00:00Z")),
        ("many", "integer", "many"),
        ("2026-02-30", "date", "2026-02-30"),
        ("yes", "boolean", "yes"),
        ("12", "gYear", "12"),
    ],
)
def test_literals_become_python_values(text: str, kind: str, value: object) -> None:
    read = python_value(text, XSD + kind)
    assert read == value
    assert type(read) is type(value)


# Against the service itself.


@pytest.fixture(scope="module")
def dealgraph(mini_release: Release) -> Iterator[str]:
    app = create_app(Workspace(mini_release.folder.parent.parent), Settings(workers=1))
    try:
        with serving(app) as url:
            yield url
    finally:
        releases_of(app).close()


def test_the_service_answers_a_query_with_typed_values(dealgraph: str) -> None:
    rows = Client(dealgraph).query(
        "SELECT ?supply ?amount ?joint ?start WHERE { ?supply dg:hasAmount ?money ; "
        "dg:hasPeriod/dg:earliestStart ?start . "
        "?money dg:pointValue ?amount ; dg:isJoint ?joint . ?supply a dg:CloudSupply }"
    )
    assert rows == [
        {
            "supply": str(identity("component", "acme-bolt-cloud")),
            "amount": Decimal(38_000_000_000),
            "joint": False,
            "start": date(2025, 11, 3),
        }
    ]


def test_the_service_answers_a_question_in_the_language_of_the_client(dealgraph: str) -> None:
    (row,) = Client(dealgraph, lang="pt").ask("suppliers", firm="Bolt", status=["signed"])
    assert row["supplierLabel"] == "Nuvem Acme"
    assert row["stateLabel"] == "assinado"
    assert row["amount"] == Decimal(38_000_000_000)
    assert row["from"] == date(2025, 11, 3)
    assert row["quantities"] is None


def test_the_service_answers_ask_and_a_frame(dealgraph: str) -> None:
    client = Client(dealgraph)
    assert client.holds("ASK { ?c dg:hasInvestor org:acme }") is True
    frame = client.query_df("SELECT (COUNT(*) AS ?n) WHERE { ?c a dg:RightGrant }")
    assert str(frame["n"].dtype) == "Int64"
    assert frame["n"].tolist() == [2]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda client: client.query("SELECT ?x WHERE { ?x"), "status 400"),
        (lambda client: client.query("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"), "403"),
        (lambda client: client.ask("supliers"), "status 404"),
        (lambda client: client.ask("suppliers", frim="x"), "has no parameter 'frim'"),
        (lambda client: client.ask("suppliers", firm="Bolte"), "Did you mean Bolt?"),
    ],
)
def test_the_service_says_what_is_wrong(
    dealgraph: str, ask: Callable[[Client], object], message: str
) -> None:
    with pytest.raises(RemoteError) as caught:
        ask(Client(dealgraph))
    assert message in str(caught.value)
    assert "problem" not in str(caught.value)  # the words, not the JSON around them


def test_a_shorter_deadline_is_kept_by_the_service(dealgraph: str) -> None:
    cross = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with pytest.raises(RemoteError, match="status 504"):
        Client(dealgraph, timeout=0.5).query(cross)


def test_what_is_no_address_is_refused() -> None:
    for ask in (lambda: Client("here").query(SELECT), lambda: Client("here").ask("suppliers")):
        with pytest.raises(BadInput, match=r"'here' is no address: .*Give http://host:port"):
            ask()
