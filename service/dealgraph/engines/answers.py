"""One answer to a query, on its way to whoever asked."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from dealgraph.engines.chunks import Chunks
from dealgraph.engines.formats import Form, Format


@dataclass(frozen=True)
class Answer:
    """An answer on its way: ``chunks`` are the bytes of the document in ``format``.

    Evaluation has got as far as the first MiB, or to the end, when this is handed out. A failure
    after that is raised by ``chunks``: it never ends as if the answer were whole. Give it up
    early by :meth:`close`.
    """

    form: Form
    format: Format
    chunks: Iterator[builtins.bytes]

    @property
    def rows(self) -> int | None:
        """The rows or triples of the answer, once it has ended; 0 for an ASK."""
        return self.chunks.rows if isinstance(self.chunks, Chunks) else None

    @property
    def bytes(self) -> int | None:
        """The bytes of the document, once it has ended."""
        return self.chunks.bytes if isinstance(self.chunks, Chunks) else None

    @property
    def media_type(self) -> str:
        """The media type of the document, without parameters."""
        return self.format.media_type

    def read(self) -> builtins.bytes:
        """The whole document.

        :raises DealgraphError: when evaluation fails on the way.
        """
        return b"".join(self.chunks)

    def close(self) -> None:
        """Stops the query if it still runs; may be called twice."""
        if isinstance(self.chunks, Chunks):
            self.chunks.close()
