"""Every error that a user can cause: what is wrong, and the cure.

May import nothing of ours. ``status`` is the HTTP status (RFC 9110), ``exit_code`` what the
command line leaves with; both are data of the class, read by the one place at each edge that
turns an exception into an answer.
"""

from collections.abc import Sequence
from typing import ClassVar


class DealgraphError(Exception):
    """Base of all errors that name their culprit and cure.

    ``detail`` is one sentence with the culprit, ``cure`` one sentence with what to do.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, cure: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.detail} {self.cure}".strip()


class BadInput(DealgraphError):
    """A value that was given can't be used."""

    status = 400
    exit_code = 2
    slug = "bad-input"
    title = "A value can't be used"


class NotFound(DealgraphError):
    """What was asked for does not exist."""

    status = 404
    exit_code = 3
    slug = "not-found"
    title = "Not found"


class NotAcceptable(DealgraphError):
    """No format that was asked for can be made of this answer."""

    status = 406
    exit_code = 2
    slug = "not-acceptable"
    title = "No such format"


class MethodNotAllowed(DealgraphError):
    """The address exists, the method does not."""

    status = 405
    exit_code = 2
    slug = "method-not-allowed"
    title = "Method not allowed"


class UnsupportedMediaType(DealgraphError):
    """The body came in a format that isn't read here."""

    status = 415
    exit_code = 2
    slug = "unsupported-media-type"
    title = "Unsupported media type"


class TooLarge(DealgraphError):
    """A body or value is over its limit."""

    status = 413
    exit_code = 2
    slug = "too-large"
    title = "Too large"


class RecordError(DealgraphError):
    """Mistakes in article records or the register; ``mistakes`` holds every one of them."""

    status = 422
    exit_code = 4
    slug = "broken-records"
    title = "The records have mistakes"

    def __init__(self, mistakes: Sequence[str]) -> None:
        count = len(mistakes)
        noun = "mistake" if count == 1 else "mistakes"
        super().__init__(f"{count} {noun} in the records:\n" + "\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class UnreadableArticle(DealgraphError):
    """A text that can't be taken as an article: its language, its size, its form."""

    status = 422
    exit_code = 4
    slug = "unreadable-article"
    title = "The article can't be read"


class QuerySyntax(DealgraphError):
    """A query that isn't SPARQL; ``line`` and ``column`` count from 1, None where unknown."""

    status = 400
    exit_code = 2
    slug = "query-syntax"
    title = "The query is not well-formed SPARQL"

    def __init__(
        self, detail: str, cure: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(detail, cure)
        self.line = line
        self.column = column


class QueryRefused(DealgraphError):
    """A query that would reach out of the release, or change it."""

    status = 403
    exit_code = 2
    slug = "query-refused"
    title = "The query is refused"


class QueryTimeout(DealgraphError):
    """A query that ran past its deadline; its worker was killed."""

    status = 504
    exit_code = 6
    slug = "query-timeout"
    title = "The query ran out of time"


class QueryOutOfMemory(DealgraphError):
    """A query that needed more memory than a worker has; its worker ended."""

    status = 507
    exit_code = 6
    slug = "query-out-of-memory"
    title = "The query needs too much memory"


class EngineBusy(DealgraphError):
    """All workers are taken."""

    status = 503
    exit_code = 6
    slug = "engine-busy"
    title = "The service is busy"


class RemoteError(DealgraphError):
    """A SPARQL service that was asked gave no usable answer."""

    status = 502
    exit_code = 7
    slug = "remote-error"
    title = "The SPARQL service gave no usable answer"


class WorkspaceError(DealgraphError):
    """A workspace folder that can't be used as it is."""

    status = 503
    exit_code = 5
    slug = "workspace"
    title = "The workspace can't be used"


class Unconfirmed(DealgraphError):
    """A change that is there, but that the disk may not keep. No workspace error: not to be retried
    by a machine, since it was carried out."""

    status = 500
    exit_code = 5
    slug = "unconfirmed"
    title = "The disk has not confirmed the change"


class WorkspaceBusy(WorkspaceError):
    """Another process is writing to the workspace."""

    slug = "workspace-busy"
    title = "Another process is writing"


class Inconsistent(DealgraphError):
    """The ontology, or data under it, contradicts itself."""

    status = 422
    exit_code = 4
    slug = "inconsistent"
    title = "The statements contradict one another"


class ToolMissing(DealgraphError):
    """A program that this step needs is not installed."""

    status = 503
    exit_code = 8
    slug = "tool-missing"
    title = "A needed program is missing"


class ResultTooLarge(DealgraphError):
    """A query with more rows or bytes in its answer than one may have; nothing is shortened."""

    status = 507
    exit_code = 6
    slug = "result-too-large"
    title = "The answer is too large"


class QueryStopped(DealgraphError):
    """A query that its owner or an operator has stopped."""

    status = 503
    exit_code = 6
    slug = "query-stopped"
    title = "The query was stopped"


class Unauthorized(DealgraphError):
    """No token, or one that is not known, revoked or expired."""

    status = 401
    exit_code = 9
    slug = "unauthorized"
    title = "A token is needed"


class Forbidden(DealgraphError):
    """The token does not have the scope that this needs, or writing is switched off."""

    status = 403
    exit_code = 9
    slug = "forbidden"
    title = "Not allowed"


class Conflict(DealgraphError):
    """The state of the workspace does not allow this change."""

    status = 409
    exit_code = 4
    slug = "conflict"
    title = "The change does not fit"


class PreconditionFailed(DealgraphError):
    """Somebody else has changed what ``If-Match`` or ``If-None-Match`` speaks of."""

    status = 412
    exit_code = 4
    slug = "precondition-failed"
    title = "It has changed in the meantime"


class BrokenShapes(DealgraphError):
    """A change after which the data break the shapes; ``report`` has a line for each break."""

    status = 422
    exit_code = 4
    slug = "broken-shapes"
    title = "The data would break the shapes"

    def __init__(self, detail: str, cure: str = "", report: Sequence[str] = ()) -> None:
        super().__init__(detail, cure)
        self.report = tuple(report)
