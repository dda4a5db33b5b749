"""Figures for Prometheus at ``/metrics``, in the registry of the app alone.

Labels are route templates, methods, statuses and slugs, of which there are few: what a client
writes into an address or a method makes no new time series
(https://prometheus.io/docs/practices/naming/#labels).
"""

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from dealgraph.releases.workspace import Release
from dealgraph.version import __version__
from dealgraph.web.exchange import Exchange, on_end
from dealgraph.web.opened import releases_of

blueprint = Blueprint("metrics", __name__)

_EXTENSION: Final = "dealgraph.metrics"
_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "QUERY"})
# From a page out of memory to a query at the longest deadline that is usual.
_BUCKETS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
# Limits that a request or a query may run into, by the slugs of errors.py.
_LIMITS: Final = frozenset(
    {
        "engine-busy",
        "query-timeout",
        "query-out-of-memory",
        "query-stopped",
        "result-too-large",
        "too-large",
    }
)
_WRITES: Final = frozenset({"/update", "/store"})
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@blueprint.get("/metrics")
def metrics() -> Response:
    """All figures in the text format of Prometheus."""
    text = generate_latest(cast(CollectorRegistry, current_app.extensions[_EXTENSION]))
    response = Response(text, content_type=CONTENT_TYPE_LATEST)
    response.cache_control.no_store = True
    return response


def init_metrics(app: Flask) -> None:
    """Counts every request of *app* once its body has ended."""
    registry = CollectorRegistry()
    app.extensions[_EXTENSION] = registry
    on_end(app, _Counted(registry).count)
    registry.register(_State(app))
    ProcessCollector(registry=registry)


class _Counted:
    """What is counted request by request."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "dealgraph_http_requests",
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "dealgraph_http_request_seconds",
            "Seconds from the arrival of a request to the end of its body.",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._bytes = Counter(
            "dealgraph_http_sent_bytes", "Bytes of bodies.", ["route"], registry=registry
        )
        self._rows = Counter(
            "dealgraph_http_rows", "Rows and triples of answers.", ["route"], registry=registry
        )
        self._aborted = Counter(
            "dealgraph_http_aborted",
            "Bodies that broke off: the client left, or the query failed on the way.",
            ["route"],
            registry=registry,
        )
        self._limits = Counter(
            "dealgraph_limits", "Requests that ran into a limit.", ["limit"], registry=registry
        )
        self._writes = Counter(
            "dealgraph_writes",
            "Updates and Graph Store writes by what became of them.",
            ["outcome"],
            registry=registry,
        )
        self._cache = Counter(
            "dealgraph_cache",
            "Requests that the cache of answers was asked for, hit or miss.",
            ["result"],
            registry=registry,
        )
        for result in ("hit", "miss"):
            self._cache.labels(result)
        for limit in sorted(_LIMITS):
            self._limits.labels(limit)  # 0 from the start: an alert sees the first one rise

    def count(self, ended: Exchange) -> None:
        """Adds one request that has ended."""
        # The cache answers before any route is looked for.
        route = ended.route or ("(cache)" if ended.cache == "hit" else "(none)")
        method = ended.method if ended.method in _METHODS else "(other)"
        self._requests.labels(route, method, str(ended.status)).inc()
        self._seconds.labels(route).observe(ended.seconds)
        self._bytes.labels(route).inc(ended.bytes)
        if ended.rows:
            self._rows.labels(route).inc(ended.rows)
        if ended.cache:
            self._cache.labels(ended.cache).inc()
        if ended.aborted:
            self._aborted.labels(route).inc()
        if ended.problem in _LIMITS:
            self._limits.labels(ended.problem).inc()
        if route.split("/<")[0] in _WRITES and method not in _READING:
            self._writes.labels(ended.problem or "done").inc()


class _State(Collector):
    """What is looked at when somebody asks."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges of now."""
        info = GaugeMetricFamily("dealgraph_info", "The version.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        releases = releases_of(self._app)
        loaded = releases.loaded()
        if loaded is not None:
            yield from _release(loaded)
            yield _gauge("dealgraph_workers", "Worker processes.", len(releases.pids()))
        yield from self._queries()

    def _queries(self) -> Iterator[GaugeMetricFamily]:
        states = Tally(each.state for each in releases_of(self._app).running.list())
        queries = GaugeMetricFamily("dealgraph_queries", "Queries by state.", labels=["state"])
        for state in ("waiting", "evaluating", "sending"):
            queries.add_metric([state], states[state])
        yield queries


def _release(loaded: Release) -> Iterator[GaugeMetricFamily]:
    yield _gauge("dealgraph_release", "The number of the release that answers.", loaded.number)
    created = datetime.fromisoformat(loaded.created)
    age = (datetime.now(UTC) - created).total_seconds()
    yield _gauge("dealgraph_release_age_seconds", "Seconds since it was published.", age)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
