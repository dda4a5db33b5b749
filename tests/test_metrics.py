"""/metrics, read as Prometheus does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from dealgraph.engines.running import Running
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.app import create_app
from dealgraph.web.opened import releases_of
from stores import numbered, publish

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Flask]:
    """A service of its own: other tests add nothing to its figures."""
    workspace = Workspace(tmp_path / "workspace")
    publish(workspace, numbered(3))
    app = create_app(workspace, Settings.load({}, {"workers": "1", "plain": "yes"}))
    yield app
    releases_of(app).close()


def figures(client: FlaskClient) -> Figures:
    """Every sample by name and labels."""
    answer = client.get("/metrics", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found: Figures, name: str, **labels: str) -> float:
    """One sample."""
    return found[name, frozenset(labels.items())]


def test_requests_are_counted_by_route_method_and_status(small: Flask) -> None:
    client = small.test_client()
    path, anew = "/sparql?format=csv&query=SELECT * {}", {"Cache-Control": "no-cache"}
    sent = 0
    for _ in range(3):
        sent += len(client.get(path, headers=anew, buffered=True).data)
    client.post("/sparql", data={"query": "SELECT"}, buffered=True)
    found = figures(client)
    count = "dealgraph_http_requests_total"
    assert value(found, count, route="/sparql", method="GET", status="200") == 3
    assert value(found, count, route="/sparql", method="POST", status="400") == 1
    assert value(found, "dealgraph_http_request_seconds_count", route="/sparql") == 4
    assert value(found, "dealgraph_http_sent_bytes_total", route="/sparql") > sent > 0
    assert value(found, "dealgraph_release") == 1
    assert 0 <= value(found, "dealgraph_release_age_seconds") < 3600
    assert value(found, "dealgraph_workers") == 1
    assert value(found, "process_resident_memory_bytes") > 0


def test_limits_are_there_from_the_start_and_rise(small: Flask) -> None:
    client = small.test_client()
    found = figures(client)
    name = "dealgraph_limits_total"
    for slug in ("query-timeout", "result-too-large", "engine-busy", "query-out-of-memory"):
        assert value(found, name, limit=slug) == 0
    long = "SELECT (COUNT(*) AS ?n) { " + "".join(
        f"GRAPH ?g{n} {{ ?a{n} ?b{n} ?c{n} }} " for n in range(24)
    )
    answer = client.post("/sparql", data={"query": long + "}", "timeout": "0.2"}, buffered=True)
    assert answer.status_code == 504
    assert value(figures(client), name, limit="query-timeout") == 1


def test_what_a_client_makes_up_adds_no_series(small: Flask) -> None:
    client = small.test_client()
    client.get("/made-up", buffered=True)
    client.open("/made-up", method="BREW", buffered=True)
    before = set(figures(client))
    for number in range(50):
        client.get(f"/made-up/{number}", buffered=True)
        client.open(f"/{number}", method=f"BREW{number}", buffered=True)
        client.get(f"/id/org/none-{number}", buffered=True)
        client.get(f"/sparql?query=ASK{{}}&x={number}", buffered=True)
    added = {key for key in set(figures(client)) - before if "_http_" in key[0]}
    assert {dict(labels)["route"] for _, labels in added} <= {
        "/sparql",
        "/id/<kind>/<path:key>",
    } | {rule.rule for rule in small.url_map.iter_rules()}
    assert len(added) < 80


def test_services_count_for_themselves(small: Flask, client: FlaskClient) -> None:
    client.get("/about", buffered=True)
    assert not any(("route", "/about") in labels for _, labels in figures(small.test_client()))


def test_queries_and_cache_are_told(small: Flask) -> None:
    client = small.test_client()
    path = "/sparql?query=ASK{}"
    for _ in range(3):
        assert client.get(path, buffered=True).status_code == 200
    releases_of(small).running.register(Running("one", "me", "ASK", "ASK {}", 1), lambda: None)
    found = figures(client)
    assert value(found, "dealgraph_queries", state="waiting") == 1
    assert value(found, "dealgraph_queries", state="sending") == 0
    assert value(found, "dealgraph_cache_total", result="hit") == 2
    assert value(found, "dealgraph_cache_total", result="miss") == 1
    count = "dealgraph_http_requests_total"
    assert value(found, count, route="(cache)", method="GET", status="200") == 2
