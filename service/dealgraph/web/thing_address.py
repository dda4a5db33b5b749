"""Between the path of an address and the IRI of a thing."""

import re
from typing import Final

from dealgraph.errors import NotFound

# What our own IRIs are made of; anything else names nothing here and is no part of an IRI.
_KEY: Final = re.compile(r"[A-Za-z0-9_~%+,:=-][A-Za-z0-9._~%+,:=-]*(/[A-Za-z0-9._~%+,:=-]+)*")


def thing_iri(space: str, key: str) -> str:
    """The IRI of *key* in a namespace.

    :raises NotFound: when it could be no IRI of ours.
    """
    if not _KEY.fullmatch(key):
        raise NotFound(
            f"{key[:80]!r} is no name of anything here.", "Search for its name at /search?q=…"
        )
    return space + key
