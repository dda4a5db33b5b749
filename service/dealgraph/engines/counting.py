"""How many rows an answer has, counted in its bytes as they are written.

May import nothing of ours: the worker starts with little more than this. Oxigraph writes the rows
of a SELECT by itself, much faster than Python could hand them over one by one, and doesn't say
how many they were.
"""

import re
from typing import Final

# In JSON outside strings a row, and nothing else, is an object that follows "[" or ",": the
# terms in it, and the parts of a triple term, follow a colon.
_JSON_ROW: Final = re.compile(rb"[\[,]\{")
_ESCAPED: Final = re.compile(rb"\\.", re.DOTALL)
_XML_ROW: Final = b"<result>"


class XmlRows:
    """https://www.w3.org/TR/rdf-sparql-XMLres/#results; in a text "<" is never written as such."""

    def __init__(self) -> None:
        self.rows = 0
        self._tail = b""

    def feed(self, data: bytes) -> None:
        """Counts the rows that begin in *data*, which goes on where the last one ended."""
        text = self._tail + data
        self.rows += text.count(_XML_ROW)
        self._tail = text[1 - len(_XML_ROW) :]


class TsvRows:
    """https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv; in a term a line end is an escape."""

    def __init__(self) -> None:
        self.rows = -1  # the line of names

    def feed(self, data: bytes) -> None:
        """Counts the rows that end in *data*."""
        self.rows += data.count(b"\n")


class CsvRows:
    """https://www.w3.org/TR/sparql11-results-csv-tsv/#csv; line ends stand in quotes, too."""

    def __init__(self) -> None:
        self.rows = -1  # the line of names
        self._quoted = False

    def feed(self, data: bytes) -> None:
        """Counts the rows that end in *data*."""
        parts = data.split(b'"')
        # A quote inside quotes is doubled: that ends them and begins them again at once.
        self.rows += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0


class JsonRows:
    """https://www.w3.org/TR/sparql11-results-json/#select-results, as Oxigraph writes it: dense."""

    def __init__(self) -> None:
        self.rows = 0
        self._quoted = False
        self._escape = b""  # a backslash whose character is yet to come
        self._last = b""  # the last byte outside strings

    def feed(self, data: bytes) -> None:
        """Counts the rows that begin in *data*."""
        text = _ESCAPED.sub(b"", self._escape + data)
        self._escape = b"\\" if text.endswith(b"\\") else b""
        parts = text.removesuffix(b"\\").split(b'"')
        # The quotes are kept: two strings must not make neighbours of what they stand between.
        outside = self._last + b'"'.join(parts[self._quoted :: 2])
        self.rows += len(_JSON_ROW.findall(outside))
        self._quoted ^= len(parts) % 2 == 0
        self._last = b"" if self._quoted else outside[-1:]


Rows = XmlRows | TsvRows | CsvRows | JsonRows
COUNTERS: Final[dict[str, type[Rows]]] = {
    "xml": XmlRows,
    "tsv": TsvRows,
    "csv": CsvRows,
    "json": JsonRows,
}
