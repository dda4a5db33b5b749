"""Who may do what over HTTP: real requests to the app, with routes that need scopes."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dealgraph.releases.tokens import Tokens
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.authentication import owner, require
from dealgraph.web.opened import releases_of
from pages import PAGE
from test_tokens import expire


@pytest.fixture
def space(workspace: Workspace, tmp_path: Path) -> Workspace:
    """The shipped records in a workspace that may have tokens of its own."""
    for name in ("CURRENT", "releases"):
        (tmp_path / name).symlink_to(workspace.root / name)
    return Workspace(tmp_path)


def with_routes(app: Flask) -> Flask:
    """Routes like those that write and operate."""

    @app.route("/may-write", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def write() -> str:
        return require("write").name

    @app.get("/whose")
    def whose() -> str:
        return owner()

    return app


@pytest.fixture
def public(space: Workspace) -> Iterator[FlaskClient]:
    """A visitor of a service that everybody may read."""
    app = with_routes(create_app(space, Settings()))
    yield app.test_client()
    releases_of(app).close()


@pytest.fixture
def private(space: Workspace) -> Iterator[FlaskClient]:
    """A visitor of a service that is for holders of a token."""
    app = with_routes(create_app(space, Settings(private=True)))
    yield app.test_client()
    releases_of(app).close()


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(secret: str, user: str = "me") -> dict[str, str]:
    pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@pytest.fixture
def secrets(space: Workspace) -> dict[str, str]:
    """The secret of a token for each scope."""
    tokens = Tokens(space.root)
    return {scope: tokens.create(f"t-{scope}", [scope])[1] for scope in ("read", "write")}


def test_writing_needs_the_scope(public: FlaskClient, secrets: dict[str, str]) -> None:
    refused = public.post("/may-write")
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    assert refused.json["type"].endswith("/unauthorized")
    assert "write" in refused.json["detail"]
    assert refused.headers.getlist("WWW-Authenticate") == ['Bearer realm="dealgraph"']
    assert refused.headers["Cache-Control"] == "no-store"
    wrong = public.post("/may-write", headers=bearer(secrets["read"]))
    assert (wrong.status_code, wrong.json["type"].rpartition("/")[2]) == (403, "forbidden")
    assert "t-read" in wrong.json["detail"]
    assert public.post("/may-write", headers=bearer(secrets["write"])).text == "t-write"


def test_an_unknown_token_is_told_so(public: FlaskClient) -> None:
    refused = public.post("/may-write", headers=bearer("dg_00000000_" + "0" * 64))
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert "revoked" in refused.json["detail"]


@pytest.mark.parametrize(
    "header",
    ["", " ", "Bearer", "Bearer ", "Bearer  ", "Basic", "Basic !!!", "Basic eA==", "Basic w6k",
     "Digest username=x", "Token x", "bearer\tx", "Basic " + "A" * 40_000, "é"],
)  # fmt: skip
def test_headers_that_say_nothing(private: FlaskClient, header: str) -> None:
    answer = private.get("/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json["cure"]


def test_a_password_never_writes(public: FlaskClient, secrets: dict[str, str]) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = public.open("/may-write", method=method, headers=basic(secrets["write"]))
        assert answer.status_code == 401, method
        assert "Bearer" in answer.json["cure"]
        assert "Basic" not in ", ".join(answer.headers.getlist("WWW-Authenticate"))
    assert public.get("/may-write", headers=basic(secrets["write"])).text == "t-write"


def test_what_a_private_service_tells_everybody(private: FlaskClient) -> None:
    for path in ("/", "/sparql?query=ASK%7B%7D", "/questions", "/nowhere", "/whose", "/search?q=x"):
        answer = private.get(path)
        assert answer.status_code == 401, path
        assert answer.headers.getlist("WWW-Authenticate") == [
            'Bearer realm="dealgraph"',
            'Basic realm="dealgraph", charset="UTF-8"',
        ]
        assert answer.headers["Cache-Control"].startswith("no-store")
        assert "X-Dealgraph-Release" not in answer.headers
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert private.open("/sparql", method=method).status_code == 401, method
    for path in ("/healthz", "/readyz", "/version", "/openapi.json"):
        assert private.get(path).status_code != 401, path
    with private.get("/static/dealgraph.css") as style:
        assert style.status_code == 200
    assert "Access-Control-Allow-Credentials" not in private.get("/").headers


@pytest.mark.parametrize(
    "path",
    ["/static/../sparql?query=ASK%7B%7D", "/static/%2e%2e/sparql", "/static/..%2fquestions",
     "/openapi./../questions", "//questions", "/healthz/../questions", "/healthz%2f..%2fquestions",
     "/STATIC/../questions", "/version;/questions"],
)  # fmt: skip
def test_no_open_path_leads_to_a_closed_one(private: FlaskClient, path: str) -> None:
    answer = private.get(path)
    assert answer.status_code in (308, 401, 404), answer.text
    if answer.status_code == 308:
        assert private.get(path, follow_redirects=True).status_code == 401


def test_any_token_may_read_a_private_service(
    private: FlaskClient, secrets: dict[str, str]
) -> None:
    for secret in secrets.values():
        for headers in (bearer(secret), basic(secret), basic(secret, ""), basic(secret, "ö")):
            answer = private.get("/questions", headers={**PAGE, **headers})
            assert answer.status_code == 200
            assert "private" in answer.headers["Cache-Control"]
            assert "public" not in answer.headers["Cache-Control"]
            assert "Authorization" in answer.headers["Vary"]
        asked = private.post("/sparql", data={"query": "ASK {}"}, headers=bearer(secret))
        assert asked.json == {"head": {}, "boolean": True}
        kept = private.get(
            "/questions", headers={**bearer(secret), "If-None-Match": answer.headers["ETag"]}
        )
        assert "public" not in kept.headers["Cache-Control"]


def test_a_tag_alone_opens_nothing(private: FlaskClient, secrets: dict[str, str]) -> None:
    etag = private.get("/questions", headers=bearer(secrets["read"])).headers["ETag"]
    assert private.get("/questions", headers={"If-None-Match": etag}).status_code == 401


def test_a_browser_is_asked_on_a_page(private: FlaskClient) -> None:
    answer = private.get("/", headers=PAGE)
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert "Basic" in ", ".join(answer.headers.getlist("WWW-Authenticate"))


def test_a_preflight_has_no_credentials_and_needs_none(private: FlaskClient) -> None:
    answer = private.options(
        "/sparql", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 200
    assert answer.data == b""


def test_changes_are_noticed_while_it_runs(private: FlaskClient, space: Workspace) -> None:
    tokens = Tokens(space.root)
    token, secret = tokens.create("late", ["read"])
    assert private.get("/questions", headers=bearer(secret)).status_code == 200
    tokens.revoke(token.id)
    assert private.get("/questions", headers=bearer(secret)).status_code == 401
    _, secret = tokens.create("later", ["read"])
    assert private.get("/questions", headers=bearer(secret)).status_code == 200
    expire(space.root)
    assert private.get("/questions", headers=bearer(secret)).status_code == 401


def test_a_broken_token_file_closes_a_private_service(
    private: FlaskClient, space: Workspace, secrets: dict[str, str]
) -> None:
    (space.root / "tokens.json").write_text("{")
    answer = private.get("/questions", headers=bearer(secrets["read"]))
    assert answer.status_code == 503
    assert "tokens.json" in answer.json["detail"]


def test_whose_a_request_is(public: FlaskClient, space: Workspace, secrets: dict[str, str]) -> None:
    assert public.get("/whose").text == "address:127.0.0.1"
    token = Tokens(space.root).all()[0]
    assert public.get("/whose", headers=bearer(secrets["read"])).text == f"token:{token.id}"
    # A password for a proxy in front is none of ours, and reading is free.
    assert public.get("/whose", headers=basic("for-the-proxy")).text == "address:127.0.0.1"
    assert public.get("/questions", headers=basic("for-the-proxy")).status_code == 200


def test_no_answer_repeats_a_secret(public: FlaskClient, private: FlaskClient) -> None:
    secret = "dg_12345678_" + "ab" * 32
    for client in (public, private):
        for headers in (bearer(secret), basic(secret), {"Authorization": secret}):
            for method in ("GET", "POST"):
                answer = client.open("/may-write", method=method, headers=headers)
                assert answer.status_code == 401
                assert secret not in answer.text
