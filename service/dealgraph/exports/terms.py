"""RDF terms as plain tuples, and their one spelling in N-Triples, which everything is sorted by."""

import re
from typing import NamedTuple

from dealgraph.errors import BadInput

XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_STRING = XSD + "string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

# What https://www.w3.org/TR/n-triples/#grammar-production-IRIREF leaves out.
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')

_ESCAPES = {
    **{chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    "\t": "\\t",
    "\b": "\\b",
    "\n": "\\n",
    "\r": "\\r",
    "\f": "\\f",
    '"': '\\"',
    "\\": "\\\\",
}
_ESCAPED = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")


class Iri(NamedTuple):
    """An IRI in full."""

    value: str


class Literal(NamedTuple):
    """A literal; ``language`` is empty unless ``datatype`` is rdf:langString."""

    value: str
    datatype: str = XSD_STRING
    language: str = ""


Term = Iri | Literal
Triple = tuple[Iri, Iri, Term]


class Quad(NamedTuple):
    """A statement in the named graph ``graph``."""

    subject: Iri
    predicate: Iri
    object: Term
    graph: Iri

    @property
    def triple(self) -> Triple:
        """The statement without its graph."""
        return self.subject, self.predicate, self.object


def quoted(text: str) -> str:
    """A string between double quotes, on one line, in the escapes of N-Triples and Turtle."""
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text) + '"'


def ntriples(term: Term) -> str:
    """A term as N-Triples writes it (https://www.w3.org/TR/n-triples/).

    >>> ntriples(Literal("acordo", LANG_STRING, "pt"))
    '"acordo"@pt'

    :raises BadInput: when an IRI holds a character that no IRI may have.
    """
    if isinstance(term, Iri):
        if _NOT_IN_IRI.search(term.value):
            raise BadInput(
                f"'{term.value}' is no IRI, so it can't be exported.",
                "Percent-encode the characters that an IRI may not have.",
            )
        return f"<{term.value}>"
    if term.language:
        return f"{quoted(term.value)}@{term.language}"
    if term.datatype == XSD_STRING:
        return quoted(term.value)
    return f"{quoted(term.value)}^^{ntriples(Iri(term.datatype))}"


def order(quad: Quad) -> tuple[str, str, str, str]:
    """What quads are sorted by in every file: graph, subject, predicate, object."""
    return quad.graph.value, quad.subject.value, quad.predicate.value, ntriples(quad.object)
