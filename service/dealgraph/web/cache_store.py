"""Answers in memory, the least recently used of them given up first; a bound in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

# What an entry costs beside its bytes: the objects that hold them. Measured with tracemalloc on
# entries of twelve headers, rounded up.
_OVERHEAD: Final = 4096
# No single answer may push out most of the others.
_SHARE: Final = 8


@dataclass(frozen=True)
class Stored:
    """A whole answer of status 200; ``etag`` is the value of its header.

    ``rows`` and ``query`` are what the log is told of each request that gets it.
    """

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    rows: int | None = None
    query: str = ""
    size: int = field(init=False)

    def __post_init__(self) -> None:
        texts = sum(len(name) + len(value) for name, value in self.headers)
        object.__setattr__(self, "size", _OVERHEAD + texts + len(self.body))


class CacheStore:
    """Holds :class:`Stored` answers of *budget* bytes at most, with those still being collected.

    Thread-safe.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.most = budget // _SHARE
        self._lock = threading.Lock()
        self._entries: OrderedDict[bytes, Stored] = OrderedDict()
        self._used = 0
        self._collecting = 0

    @property
    def used(self) -> int:
        """The bytes of what is held and of what is being collected."""
        with self._lock:
            return self._used + self._collecting

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: bytes) -> Stored | None:
        """The answer of that key, which is then the most recently used."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def put(self, key: bytes, entry: Stored) -> bool:
        """Keeps an answer; False for one that is too large."""
        if entry.size > self.most:
            return False
        with self._lock:
            before = self._entries.pop(key, None)
            if before is not None:
                self._used -= before.size
            self._entries[key] = entry
            self._used += entry.size
            self._make_room()
        return True

    def collect(self, count: int) -> bool:
        """Sets bytes aside for an answer that is on its way; False when there is no room.

        Answers on their way take half of the budget at most, or many large ones at once would
        push out everything and be dropped themselves.
        """
        with self._lock:
            if self._collecting + count > self.budget // 2:
                return False
            self._collecting += count
            self._make_room()
            return True

    def release(self, count: int) -> None:
        """Gives back what :meth:`collect` has set aside."""
        with self._lock:
            self._collecting -= count

    def _make_room(self) -> None:
        while self._used + self._collecting > self.budget and self._entries:
            self._used -= self._entries.popitem(last=False)[1].size


class Collected:
    """The pieces of one answer on its way into *store*, under *key* with *headers*."""

    def __init__(
        self, store: CacheStore, key: bytes, headers: Sequence[tuple[str, str]], etag: str
    ) -> None:
        self._store = store
        self._key = key
        self._headers = tuple(headers)
        self._etag = etag
        self._pieces: list[bytes] | None = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """One more piece; from the first that is too much nothing is kept."""
        if self._pieces is None:
            return
        fits = self._size + len(piece) <= self._store.most and self._store.collect(len(piece))
        if not fits:
            self.drop()
            return
        self._size += len(piece)
        self._pieces.append(piece)

    def keep(self, expected: int | None, rows: int | None = None, query: str = "") -> None:
        """Stores it, now that it is whole; *expected* is the size that was announced, if any.

        *rows* and *query* as in :class:`Stored`.
        """
        if self._pieces is None or expected not in (None, self._size):
            self.drop()
            return
        body = b"".join(self._pieces)
        # What was streamed had no size; now it is known.
        sized = tuple(pair for pair in self._headers if pair[0].lower() != "content-length")
        entry = Stored((*sized, ("Content-Length", str(len(body)))), body, self._etag, rows, query)
        self.drop()
        self._store.put(self._key, entry)

    def drop(self) -> None:
        """Forgets it; may be called twice."""
        self._pieces = None
        size, self._size = self._size, 0
        if size:
            self._store.release(size)
