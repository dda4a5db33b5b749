"""What went wrong with a remote service, in its own words where it had any."""

import ast
import json

from dealgraph.errors import RemoteError

# How SPARQLWrapper marks the body of an answer in the text of its exceptions.
_BODY = "Response:\n"


def refused(url: str, status: int | None, body: bytes) -> RemoteError:
    """The error for an answer that is a refusal: the problem of RFC 9457, if it is one."""
    try:
        problem = json.loads(body)
        detail, cure = str(problem["detail"]), str(problem.get("cure", ""))
        status = problem.get("status", status)
    except (ValueError, TypeError, KeyError, AttributeError):
        text = " ".join(body.decode("utf-8", "replace").split())[:200]
        detail, cure = text or "no reason was given.", "Check the address of the service."
    return RemoteError(f"{url} refused (status {status}): {detail}", cure)


def wrapped_refusal(url: str, error: Exception) -> RemoteError:
    """The same for an exception of SPARQLWrapper, which keeps the body only in its text."""
    written = str(error).partition(_BODY)[2]
    try:
        body = ast.literal_eval(written) if written else b""
    except (ValueError, SyntaxError):
        body = written.encode()
    return refused(url, _STATUS.get(type(error).__name__), body)


_STATUS = {
    "QueryBadFormed": 400,
    "Unauthorized": 401,
    "EndPointNotFound": 404,
    "URITooLong": 414,
    "EndPointInternalError": 500,
}


def no_answer(url: str, error: Exception) -> RemoteError:
    """The error for a service that could not be reached, or broke off in the middle."""
    reason = getattr(error, "reason", None) or error
    what = str(reason) or type(reason).__name__
    return RemoteError(
        f"{url} gave no whole answer: {what}.",
        "Check that the service runs at this address, or give it more time.",
    )


def broken_answer(url: str, what: str) -> RemoteError:
    """The error for an answer that can't be read as what it should be."""
    return RemoteError(
        f"The answer of {url} can't be used: {what}.",
        "Check that this is the address of a Dealgraph service.",
    )
