"""The contract of errors, and every error route driven through it.

A program gets application/problem+json (https://www.rfc-editor.org/rfc/rfc9457) with exactly
these members: ``type`` (an IRI that ends in the slug), ``title``, ``status`` (that of the
response), ``detail`` (what is wrong), ``cure`` (what to do, may be empty), ``request_id`` (that of
the X-Request-Id header); plus ``line`` and ``column`` for a query that is no SPARQL, and ``retry``
where the same request may work in a moment. A person gets a page with the same detail and cure.
Nobody gets a trace, and no error is cached.
"""

import logging
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dealgraph import errors
from dealgraph.errors import DealgraphError, EngineBusy
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web import failures
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of

MEMBERS = {"type", "title", "status", "detail", "cure", "request_id"}
PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DIRECT = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

# What is asked for, with what; the status; the slug; a word that names the culprit.
CASES: dict[str, tuple[str, str, dict[str, object], int, str, str]] = {
    "no such page": ("GET", "/nothing", {}, 404, "not-found", "/nothing"),
    "no such question": ("GET", "/questions/nope", {}, 404, "not-found", "nope"),
    "no such question as json": ("GET", "/questions/nope.json", {}, 404, "not-found", "nope"),
    "no such format": ("GET", "/questions/suppliers.pdf", {}, 400, "bad-input", "pdf"),
    "a bad value": ("GET", "/questions/suppliers.csv?firm=nobody", {}, 400, "bad-input", "nobody"),
    "a stranger": ("GET", "/questions/suppliers.json?x=1", {}, 400, "bad-input", "'x'"),
    "a bad day": (
        "GET", "/questions/rights-in-force.json?on=yesterday", {}, 400, "bad-input", "yesterday"
    ),
    "a needed value": ("GET", "/questions/suppliers.json?firm=", {}, 400, "bad-input", "firm"),
    "a bad deadline": (
        "GET", "/questions/suppliers.json?timeout=soon", {}, 400, "bad-input", "soon"
    ),
    "no such language": ("GET", "/questions?lang=xx", {}, 400, "bad-input", "xx"),
    "no such language of data": (
        "GET", "/questions/suppliers.csv?lang=de", {}, 400, "bad-input", "de"
    ),
    "no such thing": ("GET", "/entity/org/nobody", {}, 404, "not-found", "nobody"),
    "no name at all": ("GET", "/entity/org/%3Cscript%3E", {}, 404, "not-found", "script"),
    "no such export": ("GET", "/export/id/org/nobody", {}, 404, "not-found", "nobody"),
    "no such graph": ("GET", "/export/graph/nowhere", {}, 404, "not-found", "nowhere"),
    "no such suffix": ("GET", "/export/release.docx", {}, 404, "not-found", "docx"),
    "no such export format": ("GET", "/export/release?format=docx", {}, 400, "bad-input", "docx"),
    "not our IRI": ("GET", "/about?iri=http://example.org/", {}, 400, "bad-input", "example.org"),
    "evidence of no IRI": ("GET", "/evidence?subject=a%20b", {}, 400, "bad-input", "a b"),
    "evidence of a bare word": ("GET", "/evidence?subject=foo", {}, 400, "bad-input", "foo"),
    "evidence of a stranger": (
        "GET", "/evidence?subject=https://example.org/x", {}, 400, "bad-input", "example.org"
    ),
    "a broken escape": ("GET", "/entity/org/%25zz", {}, 404, "not-found", "%zz"),
    "a broken escape in an IRI": (
        "GET", "/about?iri=https://w3id.org/dealgraph/id/org/%25zz", {}, 400, "bad-input", "%zz"
    ),
    "a way up": ("GET", "/entity/org/a/../../b", {}, 404, "not-found", "a/../../b"),
    "a way nowhere": ("GET", "/export/graph/article/./x", {}, 404, "not-found", "article/./x"),
    "no kind of answer": (
        "GET", "/questions/suppliers", {"headers": {"Accept": "application/xml"}}, 406,
        "not-acceptable", "application/xml",
    ),
    "no such kind": ("GET", "/search?q=x&kind=planet", {}, 400, "bad-input", "planet"),
    "a novel to search": ("GET", "/search?q=" + "x" * 300, {}, 400, "bad-input", "300"),
    "no query": ("GET", "/sparql?query=", {}, 400, "bad-input", "no query"),
    "two queries": ("GET", "/sparql?query=ASK{}&query=ASK{}", {}, 400, "bad-input", "query"),
    "no SPARQL": ("GET", "/sparql?query=HELLO", {}, 400, "query-syntax", "HELLO"),
    "no SPARQL further down": (
        "GET", "/sparql?query=SELECT%20*%20WHERE%20{%20?a%20?b%20}", {}, 400, "query-syntax", "line"
    ),
    "no such result format": (
        "GET", "/sparql?query=ASK{}&format=pdf", {}, 400, "bad-input", "pdf"
    ),
    "two formats": (
        "GET", "/sparql?query=ASK{}&format=csv&output=xml", {}, 400, "bad-input", "csv"
    ),
    "an unwanted format": (
        "GET", "/sparql?query=ASK{}", {"headers": {"Accept": "image/png"}}, 406, "not-acceptable",
        "image/png",
    ),
    "broken UTF-8": ("GET", "/sparql?query=%ff", {}, 400, "bad-input", "UTF-8"),
    "a broken body": (
        "POST", "/sparql", {"data": b"ASK { \xff }", "content_type": "application/sparql-query"},
        400, "bad-input", "UTF-8",
    ),
    "another encoding": (
        "POST", "/sparql",
        {"data": b"x", "content_type": "application/sparql-query; charset=utf-16"},
        415, "unsupported-media-type", "utf-16",
    ),
    "another kind of body": (
        "POST", "/sparql", {"data": b"{}", "content_type": "application/json"},
        415, "unsupported-media-type", "application/json",
    ),
    "a query twice over": (
        "POST", "/sparql?query=ASK{}", {"data": "ASK {}", "content_type": DIRECT},
        400, "bad-input", "body",
    ),
    "a body too long": (
        "POST", "/sparql", {"data": b"#" * 1_100_000, "content_type": "application/sparql-query"},
        413, "too-large", "1048576",
    ),
    "an update by form": (
        "POST", "/sparql", {"data": "update=CLEAR+ALL", "content_type": FORM},
        403, "query-refused", "updates",
    ),
    "an update as a body": (
        "POST", "/sparql", {"data": "CLEAR ALL", "content_type": "application/sparql-update"},
        403, "query-refused", "updates",
    ),
    "an update as a query": (
        "GET", "/sparql?query=LOAD%20%3Chttp://127.0.0.1/%3E", {}, 400, "query-syntax", "LOAD"
    ),
    "federation": (
        "GET", "/sparql?query=ASK{SERVICE%3Chttp://127.0.0.1/%3E{}}", {}, 403, "query-refused",
        "SERVICE",
    ),
    "a graph that is no IRI": (
        "GET", "/sparql?query=ASK{}&default-graph-uri=a%20b", {}, 400, "bad-input", "a b"
    ),
    "a bad limit": ("GET", "/sparql?query=ASK{}&timeout=-1", {}, 400, "bad-input", "-1"),
    "out of time": (
        "POST", "/sparql?timeout=0.3", {"data": ENDLESS, "content_type": DIRECT},
        504, "query-timeout", "0.3",
    ),
    "a body of no kind": (
        "QUERY", "/sparql", {"data": b"ASK {}"}, 400, "bad-input", "Content-Type",
    ),
    "a release that isn't there": (
        "GET", "/releases/99/sparql?query=ASK{}", {}, 404, "not-found", "99"
    ),
    "no number of a release": (
        "GET", "/releases/01/sparql?query=ASK{}", {}, 404, "not-found", "01"
    ),
    "a number without end": (
        "GET", f"/releases/{'9' * 5000}/sparql", {}, 404, "not-found", "999"
    ),
    "an export of no release": (
        "GET", "/releases/99/export/release.ttl", {}, 404, "not-found", "99"
    ),
    "another method": ("DELETE", "/sparql", {}, 405, "method-not-allowed", "DELETE"),
    "a post to a question": (
        "POST", "/questions/suppliers", {}, 405, "method-not-allowed", "POST"
    ),
    "no such file of ours": ("GET", "/static/nope.js", {}, 404, "not-found", "nope.js"),
    "out of the folder": ("GET", "/static/../app.py", {}, 404, "not-found", "app.py"),
}  # fmt: skip


def assert_problem(response: TestResponse, status: int, slug: str, culprit: str) -> None:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    problem = response.get_json(force=True)
    assert set(problem) - {"line", "column", "retry"} == MEMBERS
    assert problem["type"] == failures.PROBLEM_TYPE + slug
    assert problem["status"] == status
    assert culprit in problem["detail"]
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert_harmless(response)


def assert_harmless(response: TestResponse) -> None:
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    for trace in ("Traceback", "site-packages", "/dealgraph/web"):
        assert trace not in response.text


@pytest.mark.parametrize("case", CASES)
def test_a_program_is_told(client: FlaskClient, case: str) -> None:
    method, path, sent, status, slug, culprit = CASES[case]
    assert_problem(client.open(path, method=method, **sent), status, slug, culprit)


def _ends_in_a_page_of_an_error(case: str) -> bool:
    method, path, sent, *_ = CASES[case]
    # Without a query a browser gets an empty query page: that is no error.
    return "headers" not in sent and (method, path) != ("GET", "/sparql?query=")


@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize("case", [name for name in CASES if _ends_in_a_page_of_an_error(name)])
def test_a_person_is_told(client: FlaskClient, case: str, lang: str) -> None:
    method, path, sent, status, slug, culprit = CASES[case]
    headers = {"Accept": PAGE, "Accept-Language": lang}
    response = client.open(path, method=method, headers=headers, **sent)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert f'<html lang="{lang}">' in response.text
    told = re.findall(r'id="query-error" role="alert" lang="en">([^<]*)<', response.text)
    if "<textarea" in response.text:
        # The query page keeps the query and says what is wrong beside it.
        assert len(told) == 1 and culprit in unescape(told[0])
    else:
        assert f"<h1>{failures_title(client, slug, lang)}</h1>" in response.text
        assert culprit in unescape(response.text)
    for trace in ("Traceback", "site-packages", "/dealgraph/web"):
        assert trace not in response.text


def failures_title(client: FlaskClient, slug: str, lang: str) -> str:
    return str(client.application.config["DEALGRAPH_MESSAGES"][lang][f"problem.{slug}"]).replace(
        "'", "&#39;"
    )


def test_a_syntax_error_gives_its_place(client: FlaskClient) -> None:
    asked = {"query": "SELECT * WHERE {\n  ?a nope:b ?c\n}"}
    problem = client.get("/sparql", query_string=asked).get_json(force=True)
    assert (problem["line"], problem["column"]) == (2, 6)


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    allowed = client.put("/sparql").headers["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    app = create_app(Workspace(tmp_path / "none"), Settings())
    for path in ("/", "/questions/suppliers.json", "/sparql?query=ASK{}", "/export/release"):
        response = app.test_client().get(path)
        assert_problem(response, 503, "workspace", str(tmp_path / "none"))
        problem = response.get_json(force=True)
        assert "dealgraph build" in problem["cure"]
        assert problem["retry"] is True
        assert int(response.headers["Retry-After"]) > 0
    page = app.test_client().get("/", headers={"Accept": PAGE})
    assert page.status_code == 503
    assert "dealgraph build" in page.text


def test_a_mistake_of_ours_is_logged_and_told_by_its_id(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(workspace, Settings(workers=1))

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("a secret of the inside")

    try:
        with caplog.at_level(logging.ERROR):
            response = app.test_client().get("/broken")
    finally:
        releases_of(app).close()
    assert_problem(response, 500, "internal", "failed to answer")
    assert "secret" not in response.text
    [record] = caplog.records
    assert response.headers["X-Request-Id"] in record.getMessage()
    assert record.exc_info is not None


def test_what_the_framework_refuses_has_a_cure(workspace: Workspace) -> None:
    app = create_app(workspace, Settings(workers=1))

    @app.get("/refused/<int:code>")
    def refused(code: int) -> None:
        abort(code)

    try:
        for code in (400, 404, 409, 410, 415, 422, 431):
            problem = app.test_client().get(f"/refused/{code}").get_json(force=True)
            assert problem["status"] == code
            assert problem["cure"]
            # Who reads this on the web has no folder of documents.
            assert "docs/" not in problem["cure"]
    finally:
        releases_of(app).close()


def test_a_release_that_does_not_open_is_a_page_of_its_own(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(workspace, Settings(workers=1))

    def busy(engine: object) -> None:
        raise EngineBusy("All workers are taken.", "Ask again.")

    monkeypatch.setattr(LabelIndex, "from_engine", busy)
    try:
        for path, status in (("/questions", 503), ("/nothing", 404), ("/sparql", 200)):
            page = app.test_client().get(path, headers={"Accept": PAGE})
            assert page.status_code == status
            assert page.mimetype == "text/html"
    finally:
        releases_of(app).close()


def test_the_first_line_of_the_table_that_fits_is_taken() -> None:
    kinds = [kind for kind, _ in failures.TABLE]
    for place, kind in enumerate(kinds):
        assert not any(issubclass(kind, earlier) for earlier in kinds[:place])
    assert kinds[-1] is Exception


def _errors() -> Iterator[type[DealgraphError]]:
    for name in dir(errors):
        found = getattr(errors, name)
        if isinstance(found, type) and issubclass(found, DealgraphError):
            yield found


def test_every_error_has_a_status_and_a_slug_of_its_own(app: Flask) -> None:
    found = list(_errors())
    assert len(found) > 10
    assert all(400 <= kind.status < 600 for kind in found)
    assert len({kind.slug for kind in found}) == len(found)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", kind.slug) for kind in found)
