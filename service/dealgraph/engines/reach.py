"""What queries and updates may reach outside the release: nothing, unless an operator says so."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from dealgraph.errors import BadInput


@dataclass(frozen=True)
class Reach:
    """The addresses that SERVICE and LOAD may name; one that ends in ``/`` is a beginning."""

    addresses: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Reach":
        """The list in a setting, separated by commas.

        >>> Reach.read("https://example.org/sparql, https://example.org/data/").allows(
        ...     "https://example.org/data/a.ttl")
        True

        :raises BadInput: for an address that is none of http or https, or has no path.
        """
        addresses = tuple(filter(None, (part.strip() for part in text.split(","))))
        for address in addresses:
            scheme, _, rest = address.partition("://")
            # "https://example.org" as a beginning would allow https://example.org.evil.net, and
            # user:password@ is no place for a secret.
            if scheme not in ("http", "https") or "/" not in rest or "@" in rest:
                raise BadInput(
                    f"allow has {address!r}, which is no address with a path.",
                    "Give addresses such as https://example.org/sparql, separated by commas.",
                )
        return cls(addresses)

    def allows(self, iri: str) -> bool:
        """Whether *iri*, absolute and as it is written, may be reached."""
        # Who is asked resolves dots in a path, also encoded ones, and ends up elsewhere.
        path = unquote(re.split("[?#]", iri, maxsplit=1)[0]).replace("\\", "/")
        dots = {".", ".."} & set(path.split("/"))
        return not dots and any(
            iri == address or (address.endswith("/") and iri.startswith(address))
            for address in self.addresses
        )

    def __bool__(self) -> bool:
        return bool(self.addresses)


NOWHERE: Final = Reach()
