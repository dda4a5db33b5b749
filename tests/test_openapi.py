"""The OpenAPI description is valid, and describes the routes that there are and nothing else."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from dealgraph.version import __version__
from dealgraph.web.openapi import joined_parts, template

WHOLE = joined_parts()
METHODS = ("get", "head", "options", "post", "put", "delete", "patch", "query")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for path, item in WHOLE["paths"].items():
        for method, operation in item.items():
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
    validate(json.loads(json.dumps(WHOLE)))
    assert WHOLE["info"]["version"] == __version__


def test_every_route_and_method_is_described_and_nothing_else(app: Flask) -> None:
    there: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        there.setdefault(template(rule.rule), set()).update(
            method.lower() for method in rule.methods or ()
        )
    described = {path: set(item) for path, item in WHOLE["paths"].items()}
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
    answer = client.open(_address(path, operation), method=method.upper())
    assert answer.status_code < 400, answer.text
    _check(answer, operation)


def test_the_examples_of_bodies_work(client: FlaskClient) -> None:
    operation = WHOLE["paths"]["/sparql"]["post"]
    content = operation["requestBody"]["content"]
    form = content["application/x-www-form-urlencoded"]["example"]
    text = content["application/sparql-query"]["example"]
    one = client.post("/sparql", data=form)
    other = client.post("/sparql", data=text, content_type="application/sparql-query")
    for answer in (one, other):
        _check(answer, operation)
        assert answer.get_json(force=True)["boolean"] is True


@pytest.mark.parametrize(
    "path", ["/sparql", "/sparql?query=SELECT", "/nowhere", "/questions/none", "/search?kind=x"]
)
def test_problems_are_as_described(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    described = resolved(WHOLE["paths"]["/sparql"]["get"]["responses"]["default"])
    assert answer.mimetype == "application/problem+json"
    schema = {
        **described["content"]["application/problem+json"]["schema"],
        "components": WHOLE["components"],
        "unevaluatedProperties": False,
    }
    jsonschema.Draft202012Validator(schema).validate(answer.get_json(force=True))
