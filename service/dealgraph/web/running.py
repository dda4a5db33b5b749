"""The queries that run now: listed for whoever asked them, stopped when they say so.

A holder of a token with the scope ``operate`` sees and stops those of everybody.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.running import Asker, Running, RunningQueries
from dealgraph.errors import Forbidden
from dealgraph.web.accept import prefers_html
from dealgraph.web.authentication import holder, owner
from dealgraph.web.opened import releases_of
from dealgraph.web.templating import link

blueprint = Blueprint("running", __name__)


def asker() -> Asker:
    """This request as the one that asks: its query is listed under the id of the request.

    ``gone`` is offered by waitress where it reads ahead (channel_request_lookahead).
    """
    return Asker(
        owner=owner(),
        id=str(g.request_id),
        gone=request.environ.get("waitress.client_disconnected"),
    )


@blueprint.get("/queries")
def queries() -> ResponseReturnValue:
    """The running queries of the caller, or everybody's for an operator; a page for a browser."""
    everything = _operates()
    running = _registry().list(None if everything else owner())
    if prefers_html(request):
        page = render_template("queries.html", queries=running, operator=everything)
        return _unkept(Response(page, mimetype="text/html"))
    return _unkept(jsonify([_told(each, everything) for each in running]))


@blueprint.delete("/queries/<id>")
def delete(id: str) -> ResponseReturnValue:
    """Stops a running query.

    :raises NotFound: when the caller has none of that id.
    :raises Forbidden: when a page of another site asks for it.
    """
    _stop(id)
    return Response(status=204)


@blueprint.post("/queries/<id>/stop")
def stop(id: str) -> ResponseReturnValue:
    """The same for the button of the page, which is then shown again."""
    _stop(id)
    return redirect(link("/queries"), 303) if prefers_html(request) else Response(status=204)


def _stop(id: str) -> None:
    if _cross_site():
        raise Forbidden(
            "A page of another site asked for a query to be stopped.",
            "Stop it at /queries, or by a program that sends no Origin.",
        )
    _registry().stop(id, None if _operates() else owner())


def _cross_site() -> bool:
    """Whether a browser says that the request comes from a page that is not ours.

    https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header; older browsers send only Origin.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _operates() -> bool:
    token = holder()
    return token is not None and "operate" in token.scopes


def _registry() -> RunningQueries:
    return releases_of(current_app).running


def _told(running: Running, everything: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": running.id,
        "digest": running.digest,
        "form": running.form,
        "started": datetime.fromtimestamp(running.started, UTC).isoformat(timespec="seconds"),
        "seconds": round(running.seconds, 1),
        "state": running.state,
        "release": running.release,
    }
    if everything:
        told.update(owner=running.owner, text=running.text)
    return told


def _unkept(response: Response) -> Response:
    response.cache_control.no_store = True
    response.vary.add("Accept")
    return response
