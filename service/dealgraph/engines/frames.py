"""Messages between an engine and its workers: a kind, a length, a payload.

May import nothing of ours: the worker starts with little more than this.
"""

import struct
from typing import Final

# From the worker. DATA carries bytes of an answer; END says how it ended, as JSON.
READY: Final = b"R"
DATA: Final = b"D"
END: Final = b"E"
# To the worker, as JSON: first what it needs to open the store, then one query after another.
SETUP: Final = b"S"
QUERY: Final = b"Q"

_HEAD: Final = struct.Struct(">cI")
HEAD_SIZE: Final = _HEAD.size


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """One message as bytes."""
    return _HEAD.pack(kind, len(payload)) + payload


def read_head(head: bytes) -> tuple[bytes, int]:
    """The kind of a message and the bytes that its payload has."""
    kind, length = _HEAD.unpack(head)
    return kind, length
