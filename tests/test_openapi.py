"""The OpenAPI description is valid, and describes the routes that there are and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from conftest import MINI, REPOSITORY
from dealgraph.releases.build import build
from dealgraph.releases.tokens import Tokens
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.version import __version__
from dealgraph.web.app import close_app, create_app
from dealgraph.web.openapi import joined_parts, template

WHOLE = joined_parts()
METHODS = ("get", "head", "options", "post", "put", "delete", "patch", "query")


# The graph of this address is made by a write: until then it is not there.
MADE_BY_WRITING = "/store/{name}"


def method_of(name: str) -> str:
    """The method that an operation stands for: OpenAPI 3.1 has no name for QUERY, but x-query."""
    return name.removeprefix("x-") if name == "x-query" else name


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for path, item in WHOLE["paths"].items():
        for name, operation in item.items():
            method = method_of(name)
            assert method in METHODS, f"{path}: {method}"
            yield path, method, operation


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a $ref leads to, or the node itself."""
    while "$ref" in node:
        found: Any = WHOLE
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def test_it_is_openapi() -> None:
    # As a reader gets it: without what YAML's anchors share.
    plain = json.loads(json.dumps(WHOLE))
    validate(plain)
    # An extension may hold anything: that it holds an operation is seen under another name.
    for item in plain["paths"].values():
        if "x-query" in item:
            item["trace"] = item.pop("x-query")
    validate(plain)
    assert WHOLE["info"]["version"] == __version__


def test_every_route_and_method_is_described_and_nothing_else(app: Flask) -> None:
    there: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        there.setdefault(template(rule.rule), set()).update(
            method.lower() for method in rule.methods or ()
        )
    described = {path: set(map(method_of, item)) for path, item in WHOLE["paths"].items()}
    assert described == there


def test_ids_and_summaries_are_there_once() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations():
        assert operation["summary"].endswith("."), f"{method} {path}"
        assert "default" in operation["responses"] or "security" in operation or method == "options"


def test_both_forms_say_the_same(client: FlaskClient) -> None:
    as_json = client.get("/openapi.json")
    as_yaml = client.get("/openapi.yaml")
    assert as_json.mimetype == "application/json"
    assert as_yaml.mimetype == "application/yaml"
    assert as_json.get_json() == yaml.safe_load(as_yaml.text) == json.loads(json.dumps(WHOLE))


def _address(path: str, operation: dict[str, Any]) -> str:
    query = []
    for each in map(resolved, operation.get("parameters", ())):
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote(str(each["example"])))
        elif each["in"] == "query" and "example" in each:
            query.append(f"{each['name']}={quote(str(each['example']))}")
    return f"{path}?{'&'.join(query)}" if query else path


def _check(answer: Any, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    assert str(answer.status_code) in responses, answer.text
    described = resolved(responses[str(answer.status_code)])
    content = described.get("content", {})
    if content:
        assert answer.mimetype in content
        if answer.mimetype.endswith("json"):
            schema = {**content[answer.mimetype]["schema"], "components": WHOLE["components"]}
            jsonschema.Draft202012Validator(schema).validate(answer.get_json(force=True))
    for header in described.get("headers", {}):
        assert header in answer.headers


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path, method, _ in operations() if method in ("get", "head", "options")],
)
def test_the_examples_of_reading_work(client: FlaskClient, path: str, method: str) -> None:
    operation = WHOLE["paths"][path][method]
    address = _address(path, operation)
    answer = client.open(address, method=method.upper(), buffered=True)
    if path == MADE_BY_WRITING and method != "options":
        assert answer.status_code == 404
        return
    assert answer.status_code < 400, answer.text
    _check(answer, operation)


@pytest.mark.parametrize("path", ["/sparql", "/releases/{number}/sparql"])
@pytest.mark.parametrize("name", ["post", "x-query"])
def test_the_examples_of_queries_in_bodies_work(client: FlaskClient, path: str, name: str) -> None:
    operation = WHOLE["paths"][path][name]
    for kind, content in operation["requestBody"]["content"].items():
        answer = client.open(
            path.replace("{number}", "1"),
            method=method_of(name).upper(),
            data=content["example"],
            content_type=kind,
        )
        _check(answer, operation)
        assert answer.get_json(force=True)["boolean"] is True


def test_a_query_that_does_not_run_is_not_there_to_stop(client: FlaskClient) -> None:
    for path, method in (("/queries/{id}", "delete"), ("/queries/{id}/stop", "post")):
        operation = WHOLE["paths"][path][method]
        answer = client.open(_address(path, operation), method=method.upper())
        assert answer.status_code == 404
        _check_problem(answer)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[FlaskClient]:
    """Who may write, at a service over the small records."""
    workspace = Workspace(tmp_path / "workspace")
    build(workspace, MINI, REPOSITORY / "ontology")
    _, secret = Tokens(workspace.root).create("writer", ["write"])
    app = create_app(workspace, Settings(writes=True, write_body=2048))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    yield client
    close_app(app)


def _send(client: FlaskClient, path: str, method: str, **more: Any) -> Any:
    """Sends an operation with the example of its body and path; the answer is as described."""
    operation = WHOLE["paths"][path][method]
    if "requestBody" in operation and "data" not in more:
        more["content_type"], content = next(iter(operation["requestBody"]["content"].items()))
        more["data"] = content["example"]
    address = path.replace("{name}", "notes/monday")
    answer = client.open(address, method=method.upper(), buffered=True, **more)
    if answer.status_code < 400:
        _check(answer, operation)
    else:
        assert str(answer.status_code) in operation["responses"] or method == "get"
        _check_problem(answer)
    return answer


def test_the_examples_of_writing_work(written: FlaskClient) -> None:
    update = WHOLE["paths"]["/update"]["post"]["requestBody"]["content"]
    for kind, content in update.items():
        answer = _send(written, "/update", "post", data=content["example"], content_type=kind)
        assert answer.get_json()["published"] is True
    statuses = [
        _send(written, MADE_BY_WRITING, method).status_code
        for method in ("get", "put", "get", "put", "post", "delete", "delete", "post")
    ]
    assert statuses == [404, 201, 200, 200, 200, 200, 404, 201]
    for path in ("/store", "/store/"):
        made = _send(written, path, "post")
        assert made.status_code == 201
        address = made.headers["Location"]
        for method, status in (("put", 200), ("post", 200), ("get", 200), ("delete", 200)):
            answer = _send(written, path, method, query_string={"graph": address})
            assert answer.status_code == status


def test_problems_of_writing_are_as_described(written: FlaskClient) -> None:
    made = {"graph": "https://w3id.org/dealgraph/graph/entities"}
    turtle = {"content_type": "text/turtle"}
    claim = "<http://example.org/c> a <https://w3id.org/dealgraph/ontology#Claim> ."
    new = {"graph": "http://example.org/new"}
    for status, path, method, more in (
        (400, "/update", "post", {"data": "INSERT", "content_type": "application/sparql-update"}),
        (400, "/store", "put", {"query_string": new, "data": "[] a <x:y> .", **turtle}),
        (401, "/update", "post", {"headers": {"Authorization": "Bearer unknown"}}),
        (403, "/update", "post",
         {"data": "LOAD <http://example.org/>", "content_type": "application/sparql-update"}),
        (404, "/store", "delete", {"query_string": new}),
        (409, "/store", "put", {"query_string": made}),
        (412, "/store", "put", {"query_string": new, "headers": {"If-Match": '"r9"'}}),
        (413, "/store", "put", {"query_string": new, "data": "#" * 4000, **turtle}),
        (415, "/store", "put", {"query_string": new, "data": "a", "content_type": "image/png"}),
        (422, "/store", "put", {"query_string": new, "data": claim, **turtle}),
    ):  # fmt: skip
        answer = _send(written, path, method, **more)
        assert answer.status_code == status, answer.text
        assert status != 413 or "2048" in answer.text
        assert ("report" in answer.get_json(force=True)) is (status == 422)


@pytest.mark.parametrize(
    "path",
    ["/void?format=x", "/sparql?query=SELECT", "/nowhere", "/questions/none", "/search?kind=x"],
)
def test_problems_are_as_described(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    _check_problem(answer)


def _check_problem(answer: Any) -> None:
    described = WHOLE["components"]["responses"]["Problem"]
    assert answer.mimetype == "application/problem+json"
    schema = {
        **described["content"]["application/problem+json"]["schema"],
        "components": WHOLE["components"],
        "unevaluatedProperties": False,
    }
    jsonschema.Draft202012Validator(schema).validate(answer.get_json(force=True))
