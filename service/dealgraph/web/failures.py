"""Every exception as an answer: one table, one shape.

Programs get application/problem+json (https://www.rfc-editor.org/rfc/rfc9457), people a page.
Both say what is wrong, the cure, and the id under which the service's log knows the request.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WrongMethod

from dealgraph.errors import (
    BadInput,
    BrokenShapes,
    DealgraphError,
    EngineBusy,
    MethodNotAllowed,
    NotFound,
    QuerySyntax,
    TooLarge,
    UnsupportedMediaType,
    WorkspaceError,
)
from dealgraph.vocab import BASE
from dealgraph.web.accept import prefers_html
from dealgraph.web.exchange import exchange
from dealgraph.web.language import language
from dealgraph.web.opened import release_in_use

PROBLEM_TYPE: Final = BASE + "problem/"
MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """What the reader is told; ``extra`` holds further members of the JSON and ``headers``."""

    status: int
    slug: str
    title: str
    detail: str
    cure: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def _ours(error: DealgraphError) -> Problem:
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    for name in ("line", "column"):
        place = getattr(error, name, None)
        if isinstance(error, QuerySyntax) and place is not None:
            extra[name] = place
    if isinstance(error, BrokenShapes):
        extra["report"] = list(error.report)
    if isinstance(error, EngineBusy | WorkspaceError):
        extra["retry"] = True
        headers["Retry-After"] = "5"
    return Problem(error.status, error.slug, error.title, error.detail, error.cure, extra, headers)


def _wrong_method(error: WrongMethod) -> Problem:
    allowed = ", ".join(sorted(error.valid_methods or ()))
    ours = MethodNotAllowed(
        f"{request.method} is not allowed at {request.path}.", f"Allowed here: {allowed}."
    )
    problem = _ours(ours)
    return Problem(
        problem.status, problem.slug, problem.title, problem.detail, problem.cure, {},
        {"Allow": allowed},
    )  # fmt: skip


def _http(error: HTTPException) -> Problem:
    """What the framework itself refuses, in the same words as our own errors."""
    match error.code:
        case 404:
            return _ours(
                NotFound(
                    f"There is nothing at {request.path}.",
                    "Check the address, start from the home page, or search for a name.",
                )
            )
        case 413:
            # A write has a limit of its own, which its request knows.
            most = request.max_content_length
            return _ours(TooLarge(f"The body has more than {most} bytes.", "Send less at once."))
        case 415:
            return _ours(
                UnsupportedMediaType(
                    str(error.description), "Send a form, or a query as application/sparql-query."
                )
            )
        case code if code is not None and 400 <= code < 500:
            bad = BadInput(
                str(error.description), "Change the request as this says, and send it again."
            )
            return Problem(code, bad.slug, error.name, bad.detail, bad.cure)
    return _unexpected(error)


def _unexpected(error: Exception) -> Problem:
    """A mistake of ours: the trace goes to the log, the reader gets the id to quote."""
    current_app.logger.error(
        "request %s: %s %r failed", request_id(), request.method, request.path, exc_info=error
    )
    return Problem(
        500,
        "internal",
        "Something went wrong here",
        "The service failed to answer, through no fault of yours.",
        f"Try again; if it stays, tell who runs the service the request id {request_id()}.",
    )


# Exception -> what is told about it; the first line that fits is taken.
TABLE: Final[tuple[tuple[type[Exception], Callable[[Any], Problem]], ...]] = (
    (DealgraphError, _ours),
    (WrongMethod, _wrong_method),
    (HTTPException, _http),
    (Exception, _unexpected),
)


def problem_of(error: Exception) -> Problem:
    """What the reader is told about *error*."""
    return next(tell(error) for kind, tell in TABLE if isinstance(error, kind))


def answer_failure(error: Exception) -> Response | HTTPException:
    """The answer to a request that ended in *error*."""
    if isinstance(error, HTTPException) and error.response is not None:
        return error
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return error
    problem = problem_of(error)
    exchange().problem = problem.slug
    response = _page(problem) if prefers_html(request) else _json(problem)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _json(problem: Problem) -> Response:
    body = {
        "type": PROBLEM_TYPE + problem.slug,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "cure": problem.cure,
        "request_id": request_id(),
        **problem.extra,
    }
    return Response(json.dumps(body, ensure_ascii=False) + "\n", mimetype=MEDIA_TYPE)


def _page(problem: Problem) -> Response:
    texts = current_app.config["DEALGRAPH_MESSAGES"][language()]
    title = texts.get(f"problem.{problem.slug}", problem.title)
    page = render_template(
        "error.html",
        problem=problem,
        title=title,
        request_id=request_id(),
        # Opening a release may be what failed: the foot shows the one at hand or none.
        current_release=release_in_use,
    )
    return Response(page, mimetype="text/html")


def request_id() -> str:
    """The id of this request, as in the X-Request-Id header and in the log."""
    return str(g.request_id)


def init_failures(app: Flask) -> None:
    """Every exception of every route ends here."""
    app.register_error_handler(Exception, answer_failure)
