"""Stands in for the module of the same names until tokens are merged."""

from dataclasses import dataclass

from flask import request

from dealgraph.errors import Unauthorized


@dataclass(frozen=True)
class Token:
    """A token."""

    id: str
    scopes: frozenset[str]


def holder() -> Token | None:
    """The token of this request."""
    return None


def require(scope: str) -> Token:
    """The token of this request, which has that scope."""
    raise Unauthorized(f"{request.path} needs a token with the scope {scope}.", "")


def owner() -> str:
    """Who this request belongs to."""
    return f"address:{request.remote_addr}"
