"""The Flask app: one function that puts the parts together."""

import hashlib
from typing import Final

from flask import Flask, request

from dealgraph.releases.tokens import Tokens
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web.authentication import init_authentication
from dealgraph.web.cache import AnswerCache
from dealgraph.web.changes import blueprint as changes
from dealgraph.web.compression import init_compression
from dealgraph.web.descriptions import blueprint as descriptions
from dealgraph.web.entities import blueprint as entities
from dealgraph.web.exchange import init_exchanges
from dealgraph.web.exports import blueprint as exports
from dealgraph.web.failures import init_failures
from dealgraph.web.graph_store import blueprint as graph_store
from dealgraph.web.headers import init_headers
from dealgraph.web.health import blueprint as health
from dealgraph.web.language import init_language, package_folder
from dealgraph.web.logs import init_logs
from dealgraph.web.metrics import blueprint as metrics
from dealgraph.web.metrics import init_metrics
from dealgraph.web.openapi import blueprint as openapi
from dealgraph.web.opened import init_releases, releases_of
from dealgraph.web.pages import blueprint as pages
from dealgraph.web.questions import blueprint as questions
from dealgraph.web.running import blueprint as running
from dealgraph.web.sparql import blueprint as sparql
from dealgraph.web.templating import init_templates
from dealgraph.web.updating import blueprint as updating
from dealgraph.web.writing import close_writing, init_writing

# What a store without our ontology has, and what needs it.
_PLAIN: Final = (health, metrics, openapi, sparql, updating, graph_store, running)
_BLUEPRINTS: Final = (*_PLAIN, pages, questions, entities, exports, changes, descriptions)


class Service(Flask):
    """Flask, with assets cached for good under an address that changes with them."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """A year where the address carries the edition, else ask each time (seconds)."""
        return 365 * 24 * 3600 if "v" in request.args else None


def create_app(workspace: Workspace, settings: Settings) -> Flask:
    """The service over *workspace*; it may be empty yet, then every answer says what to do.

    Close the worker processes with :func:`close_app`; :func:`serve` does.
    """
    app = Service("dealgraph.web", static_folder=str(package_folder("static")))
    app.config["DEALGRAPH_SETTINGS"] = settings
    app.config["MAX_CONTENT_LENGTH"] = settings.body
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.body
    app.config["DEALGRAPH_EDITION"] = _edition()
    cache = AnswerCache(app.wsgi_app, workspace, settings)
    app.extensions["dealgraph.cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
    init_exchanges(app)  # around the cache: what it answers is logged and counted too
    init_logs(app)
    init_metrics(app)
    # What is registered first comes last: a body is coded when all its headers are there.
    init_compression(app)
    # Before the rest: every answer, errors included, carries the headers and the release.
    init_releases(app, workspace, settings)
    init_headers(app)
    init_authentication(app, Tokens(workspace.root))
    init_failures(app)
    init_language(app)
    init_templates(app)
    init_writing(app, workspace, settings)
    for blueprint in _PLAIN if settings.plain else _BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def close_app(app: Flask) -> None:
    """Ends every process that the service has started."""
    close_writing(app)
    releases_of(app).close()


def _edition() -> str:
    """A digest of templates, texts and assets: pages and caches change with them."""
    digest = hashlib.sha256()
    for name in ("templates", "messages", "static"):
        for path in sorted(package_folder(name).iterdir()):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
