"""The codings in which a body can be sent, and the choice among them.

https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding
"""

import re
import zlib
from collections.abc import Callable
from typing import Final, Protocol

import brotli
import zstandard


class Coder(Protocol):
    """Compresses a body piece by piece."""

    def feed(self, chunk: bytes) -> bytes:
        """What is ready of the coded body when *chunk* has been added; may be empty."""

    def flush(self) -> bytes:
        """What is needed so that the reader can read all that was fed."""

    def finish(self) -> bytes:
        """The end of the coded body; without it a reader knows that something is missing."""


class _Gzip:
    def __init__(self) -> None:
        # 31: a gzip header and trailer around a window of 2^15 bytes. Level 6 is zlib's own choice.
        self._coder = zlib.compressobj(6, zlib.DEFLATED, 31)
        self.feed = self._coder.compress
        self.finish = self._coder.flush

    def flush(self) -> bytes:
        return self._coder.flush(zlib.Z_SYNC_FLUSH)


class _Brotli:
    def __init__(self) -> None:
        # Quality 11, its own choice, is meant for files that are packed once.
        self._coder = brotli.Compressor(quality=4)

    def feed(self, chunk: bytes) -> bytes:
        return bytes(self._coder.process(chunk))

    def flush(self) -> bytes:
        return bytes(self._coder.flush())

    def finish(self) -> bytes:
        return bytes(self._coder.finish())


class _Zstandard:
    def __init__(self) -> None:
        self._coder = zstandard.ZstdCompressor(level=3).compressobj()
        self.feed = self._coder.compress
        self.finish = self._coder.flush

    def flush(self) -> bytes:
        return self._coder.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


# In the order of preference where a client likes several as well: the quick ones first.
CODERS: Final[dict[str, Callable[[], Coder]]] = {
    "zstd": _Zstandard,
    "br": _Brotli,
    "gzip": _Gzip,
}
IDENTITY: Final = "identity"
_ELEMENT: Final = re.compile(
    r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?",
    re.IGNORECASE,
)


def chosen_coding(accept_encoding: str | None) -> str:
    """The best coding that the header allows: a name in :data:`CODERS`, or ``identity``.

    Without a header nothing is known of the client, so it gets no coding. A client that allows
    nothing at all gets none either: the standard lets us, and an answer is of more use.

    >>> chosen_coding("gzip, br;q=0.5"), chosen_coding("gzip;q=0"), chosen_coding("*")
    ('gzip', 'identity', 'zstd')
    """
    weights = _weights(accept_encoding or "")
    anything = weights.get("*")

    def weight(coding: str) -> float:
        found = weights.get(coding, anything)
        return 0.0 if found is None else found

    # Identity need not be named, and is then the last choice.
    plain = weights.get(IDENTITY, 0.0)
    best = max(CODERS, key=weight)
    return best if weight(best) > 0 and weight(best) >= plain else IDENTITY


def identity_allowed(accept_encoding: str | None) -> bool:
    """Whether a body may be sent as it is."""
    weights = _weights(accept_encoding or "")
    return weights.get(IDENTITY, weights.get("*", 1.0)) > 0


def _weights(header: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for element in header.lower().split(","):
        found = _ELEMENT.fullmatch(element.strip())
        if found is not None:
            # Older clients call it so: https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.3
            name = {"x-gzip": "gzip"}.get(found[1], found[1])
            weight = 1.0 if found[2] is None else float(found[2])
            weights[name] = max(weight, weights.get(name, 0.0))
    return weights
