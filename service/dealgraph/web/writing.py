"""What every route that writes does: who may, under which conditions, and what is answered."""

import re
from pathlib import Path
from typing import Any, Final, cast

from flask import Flask, Response, current_app, g, jsonify, request

from dealgraph.errors import BadInput, Forbidden, PreconditionFailed
from dealgraph.releases.tokens import Token
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder
from dealgraph.settings import Settings
from dealgraph.web.authentication import require
from dealgraph.web.opened import releases_of
from dealgraph.writes.change import Change, Outcome
from dealgraph.writes.committer import Committer

_EXTENSION: Final = "dealgraph.committer"
_MIB: Final = 1024 * 1024
_LONGEST: Final = 1_000
# Entity tags of what may be written begin with the release: "r12-…".
_TAG: Final = re.compile(r"r([0-9]{1,18})(?:[-.].*)?")


def writer() -> Token:
    """The token of this request, which may write.

    :raises Unauthorized, Forbidden: when there is none, or writing is off.
    """
    if _EXTENSION not in current_app.extensions:
        raise Forbidden(
            "This service takes no writes.", "Who runs it may switch them on: the setting writes."
        )
    return require("write")


def commit(token: Token, **what: Any) -> Outcome:
    """Carries out the change of this request as its token, under its If-Match, and waits for it.

    The next request, by whomever, is answered from the new release.
    """
    change = Change(
        **what,
        expected=_expected(),
        present=request.if_match.star_tag,
        author=token.name,
        message=_message(),
        request=g.request_id,
    )
    committer = cast(Committer, current_app.extensions[_EXTENSION])
    outcome = committer.commit(change)
    releases_of(current_app).expect(outcome.release)
    return outcome


def told(outcome: Outcome, status: int) -> Response:
    """What became of a write: the release that is current after it, as JSON and as its tag."""
    response = jsonify(release=outcome.release, published=outcome.published)
    response.status_code = status
    response.set_etag(f"r{outcome.release}")
    response.cache_control.no_store = True
    response.headers["X-Dealgraph-Release"] = str(outcome.release)
    return response


def none_match() -> dict[str, Any]:
    """What If-None-Match asks of the graph that is written, for :func:`commit`.

    A tag counts by its release, as one in If-Match does, but a weak one too.
    https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match
    """
    tags = request.if_none_match
    found = filter(None, map(_TAG.fullmatch, tags.as_set(include_weak=True)))
    return {"absent": tags.star_tag, "unexpected": tuple(int(match[1]) for match in found)}


def _expected() -> tuple[int, ...] | None:
    """The releases of the strong tags in If-Match; None where there is no such condition.

    https://www.rfc-editor.org/rfc/rfc9110#field.if-match
    """
    if not request.headers.get("If-Match") or request.if_match.star_tag:
        return None
    strong = request.if_match.as_set(include_weak=False)
    found = [match for tag in strong if (match := _TAG.fullmatch(tag))]
    if not found:
        raise PreconditionFailed(
            "If-Match names no release of this service.",
            'Send the ETag that came with what you read, or "r" and the number in '
            "X-Dealgraph-Release.",
        )
    return tuple(int(match[1]) for match in found)


def _message() -> str:
    message = request.args.get("message") or request.headers.get("X-Dealgraph-Message", "")
    if len(message) > _LONGEST or any(ord(character) < 32 for character in message):
        raise BadInput(
            f"The message has {len(message)} characters, or a control character.",
            f"Give one line of {_LONGEST} characters at most.",
        )
    return message


def init_writing(app: Flask, workspace: Workspace, settings: Settings) -> None:
    """Makes :func:`commit` work, where the settings allow writes; close_writing ends it."""
    if not (settings.writes or settings.write_token_file):
        return
    app.extensions[_EXTENSION] = Committer(
        workspace,
        ontology=Path(folder("ontology")),
        reach=releases_of(app).reach.addresses,
        memory=settings.memory * _MIB,
        most=settings.write_body,
        keep=settings.keep,
        seconds=settings.write_timeout,
        queue=settings.queue,
    )


def close_writing(app: Flask) -> None:
    """Ends the process that writes."""
    committer = app.extensions.get(_EXTENSION)
    if committer is not None:
        committer.close()
