"""A streamed body and the release that it is read from."""

from collections.abc import Iterator

from flask import current_app

from dealgraph.web.opened import OpenRelease, releases_of


class Held(Iterator[bytes]):
    """A streamed body that keeps its release open until it has been sent or given up."""

    def __init__(self, first: bytes, rest: Iterator[bytes], opened: OpenRelease) -> None:
        self._first: bytes | None = first
        self._rest = rest
        self._releases = releases_of(current_app)
        self._opened: OpenRelease | None = self._releases.share(opened)

    def __next__(self) -> bytes:
        if self._first is not None:
            chunk, self._first = self._first, None
            return chunk
        try:
            return next(self._rest)
        except BaseException:
            self.close()
            raise

    def measured(self) -> int:
        """The bytes that the body has, which are then gone: what a HEAD request is told."""
        return sum(len(chunk) for chunk in self)

    def close(self) -> None:
        """Ends the query behind the body; may be called twice."""
        end = getattr(self._rest, "close", None)
        if end is not None:
            end()
        if self._opened is not None:
            opened, self._opened = self._opened, None
            self._releases.give_back(opened)
