"""Every operation of the OpenAPI description, with values made up from it and against it.

The description promises; the app is held to it: no answer but those described, with the described
types, headers and schemas, and no failure of the service itself. FUZZ=50 tries fifty times as much.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from conftest import MINI, REPOSITORY
from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.openapi import joined_parts
from dealgraph.web.opened import releases_of
from hostile import rounds

CHECKED = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
DESCRIBED = joined_parts()
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "query")


def can_be_negated(item: dict[str, Any], operation: dict[str, Any]) -> bool:
    """Whether a value can break what is said of it: any text at all is a part of a path."""
    shared = DESCRIBED["components"]["parameters"]
    given = [*item.get("parameters", ()), *operation.get("parameters", ())]
    resolved = [shared[each["$ref"].split("/")[-1]] if "$ref" in each else each for each in given]
    return "requestBody" in operation or any(each["in"] != "path" for each in resolved)


ATTACKS = [
    (mode, method.upper(), path)
    for path, item in DESCRIBED["paths"].items()
    for method, operation in item.items()
    if method in METHODS
    for mode in (POSITIVE, NEGATIVE)
    if mode is POSITIVE or can_be_negated(item, operation)
]
# What limits answer; any other 5xx is a failure of the service.
LIMITS = (503, 504, 507)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A service of its own over the small records, so that nobody else's is harmed."""
    space = Workspace(tmp_path_factory.mktemp("openapi") / "workspace")
    build(space, MINI, REPOSITORY / "ontology")
    app = create_app(space, Settings(timeout=5, writes=True))
    yield app
    releases_of(app).close()


@pytest.fixture(scope="module")
def schema(attacked: Flask) -> schemathesis.BaseSchema:
    """The description that the service gives of itself."""
    return schemathesis.openapi.from_wsgi("/openapi.json", attacked)


def test_there_is_something_to_attack() -> None:
    assert len(ATTACKS) > 60


# The library's client leaves the files open that it was sent from /static/.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize(("mode", "method", "path"), ATTACKS, ids=str)
def test_the_service_keeps_to_its_description(
    attacked: Flask,
    schema: schemathesis.BaseSchema,
    mode: schemathesis.GenerationMode,
    method: str,
    path: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if path not in schema:
        pytest.skip("this app does not have it")
    operation = schema[path][method]

    @settings(
        max_examples=rounds(8 if method not in ("HEAD", "OPTIONS") else 2),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attack(case: schemathesis.Case) -> None:
        # The library reads JSON as it came, in whatever coding.
        response = case.call(headers={"Accept-Encoding": "identity"})
        assert response.status_code < 500 or response.status_code in LIMITS, response.text
        case.validate_response(response, checks=CHECKED)

    with caplog.at_level(logging.ERROR):
        attack()
    assert not [record for record in caplog.records if record.exc_info], "a fault was logged"
