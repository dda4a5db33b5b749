"""The description of every route: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0).

It is written by hand in ``openapi_parts/*.yaml`` and joined here. To describe a route, add its
path to the part it belongs to (``<path:key>`` is ``{key}`` there) with the methods that are
neither HEAD nor OPTIONS: those are the same everywhere and are added here. Give each required
parameter an ``example`` that works on the shipped records; tests/test_openapi.py sends it.

QUERY is ``x-query`` there: a path of OpenAPI 3.1 has eight methods, and 3.2 is the first to have
``query`` (https://spec.openapis.org/oas/v3.2.0.html#path-item-object). Tools pass such an extension
over instead of refusing the whole description.
"""

import json
import re
from typing import Any, Final

import yaml
from flask import Blueprint, Flask, Response, current_app

from dealgraph.version import __version__
from dealgraph.web.language import package_folder

blueprint = Blueprint("openapi", __name__)

FOLDER: Final = "openapi_parts"
_EXTENSION: Final = "dealgraph.openapi"
_PARAMETER: Final = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@blueprint.get("/openapi.json")
def as_json() -> Response:
    """The description as JSON."""
    text = json.dumps(description(current_app), ensure_ascii=False, indent=1) + "\n"
    return Response(text, mimetype="application/json")


@blueprint.get("/openapi.yaml")
def as_yaml() -> Response:
    """The description as YAML (https://www.rfc-editor.org/rfc/rfc9512)."""
    text = yaml.safe_dump(description(current_app), sort_keys=False, allow_unicode=True)
    return Response(text, mimetype="application/yaml")


def description(app: Flask) -> dict[str, Any]:
    """The description of the routes that *app* has; a plain store has fewer."""
    if _EXTENSION not in app.extensions:
        there = {template(rule.rule) for rule in app.url_map.iter_rules()}
        joined = joined_parts()
        joined["paths"] = {path: item for path, item in joined["paths"].items() if path in there}
        app.extensions[_EXTENSION] = joined
    described: dict[str, Any] = app.extensions[_EXTENSION]
    return described


def template(rule: str) -> str:
    """The path of a rule as OpenAPI writes it.

    >>> template("/id/<kind>/<path:key>")
    '/id/{kind}/{key}'
    """
    return _PARAMETER.sub(r"{\1}", rule)


def joined_parts() -> dict[str, Any]:
    """All parts as one, with HEAD and OPTIONS for every path."""
    joined: dict[str, Any] = {}
    for part in sorted((package_folder(FOLDER)).iterdir()):
        _merge(joined, yaml.safe_load(part.read_text(encoding="utf-8")))
    joined["info"]["version"] = __version__
    for item in joined["paths"].values():
        _add_common_methods(item, joined["components"]["parameters"])
    return joined


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and key in into:
            _merge(into[key], value)
        else:
            into[key] = value


def _add_common_methods(item: dict[str, Any], shared: dict[str, Any]) -> None:
    first = item.get("get") or next(iter(item.values()))
    if "get" in item:
        item["head"] = {
            **first,
            "operationId": f"{first['operationId']}Head",
            "summary": "The headers of the answer to GET, without its body.",
            "responses": {
                code: response if "$ref" in response else _without_body(response)
                for code, response in first["responses"].items()
            },
        }
    item["options"] = {
        "tags": first["tags"],
        "operationId": f"{first['operationId']}Options",
        "summary": "The methods that are allowed here; also what a browser asks before a request.",
        "parameters": [each for each in first.get("parameters", []) if _is_in_path(each, shared)],
        "responses": {"200": {"description": "See the headers Allow and Access-Control-Allow-*."}},
    }


def _without_body(response: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in response.items() if key != "content"}


def _is_in_path(parameter: dict[str, Any], shared: dict[str, Any]) -> bool:
    if "$ref" in parameter:
        parameter = shared[parameter["$ref"].rpartition("/")[2]]
    return bool(parameter["in"] == "path")
