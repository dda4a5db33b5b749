"""Between an address and the IRI of a thing."""

import re
from typing import Final

from dealgraph.errors import BadInput, NotFound
from dealgraph.vocab import BASE

# What our own IRIs are made of; anything else names nothing here and is no part of an IRI.
_CHARACTER: Final = "(?:[A-Za-z0-9._~+,:=-]|%[0-9A-Fa-f]{2})"
# Segments of dots would be resolved away by whoever follows the address.
_SEGMENT: Final = rf"(?!\.{{1,2}}(?:[/#]|$)){_CHARACTER}+"
_KEY: Final = re.compile(rf"(?!\.){_SEGMENT}(?:/{_SEGMENT})*")
_REST: Final = re.compile(rf"(?:{_SEGMENT}(?:/{_SEGMENT})*)?/?(?:#{_CHARACTER}*)?")
_MOST: Final = 1_000


def thing_iri(space: str, key: str) -> str:
    """The IRI of *key* in a namespace.

    :raises NotFound: when it could be no IRI of ours.
    """
    if not _KEY.fullmatch(key):
        raise NotFound(
            f"{key[:80]!r} is no name of anything here.", "Search for its name at /search?q=…"
        )
    return space + key


def our_iri(text: str, parameter: str) -> str:
    """An IRI of ours that a *parameter* of the address gives.

    :raises BadInput: when it is none.
    """
    if len(text) > _MOST or not text.startswith(BASE) or not _REST.fullmatch(text[len(BASE) :]):
        raise BadInput(
            f"{text[:80]!r} is no IRI of ours.",
            f"Give one that begins with {BASE}, as ?{parameter}=…",
        )
    return text
