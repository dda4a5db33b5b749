"""Terms as SPARQL text: the one way in which a value gets into a query.

https://www.w3.org/TR/sparql11-query/#rQueryUnit
"""

import re

from dealgraph.engines.rows import Term
from dealgraph.errors import BadInput

XSD = "http://www.w3.org/2001/XMLSchema#"

# What the grammar of IRIREF leaves out; the rest of an IRI can't end it.
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]')

# Without a scheme it would be taken as relative to something, which a query has not.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPES = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
}  # fmt: skip
_ESCAPED = re.compile(r'[\\"\n\r\t\x08\x0c]')
# Codepoint escapes are decoded before a query is read (SPARQL 1.1, 19.2), by some readers even
# behind an escaped backslash: a typed \u0022 would end the string. So no backslash may stand
# before a u: the u itself is written as a codepoint.
_BEFORE_U = re.compile(r"(?<=\\)[uU]")

_BARE = {
    XSD + "integer": re.compile(r"-?[0-9]+"),
    XSD + "decimal": re.compile(r"-?[0-9]+\.[0-9]+"),
}


def written(term: Term) -> str:
    """A term as it stands in a VALUES block.

    :raises BadInput: when an IRI or text holds characters that no query can hold.
    """
    if term.kind == "iri":
        if _NOT_IN_IRI.search(term.value):
            raise BadInput(f"'{term.value}' is no IRI.", "Write it without < > and blanks.")
        if not _SCHEME.match(term.value):
            raise BadInput(f"'{term.value}' is no IRI.", "Write it in full, from https:// on.")
        if _BAD_ESCAPE.search(term.value):
            raise BadInput(
                f"'{term.value}' is no IRI.",
                "Write % as %25, or two hexadecimal digits after it.",
            )
        return f"<{term.value}>"
    if _SURROGATE.search(term.value):
        raise BadInput(
            f"{term.value!r} holds half of a character.", "Send the text as UTF-8, whole."
        )
    bare = _BARE.get(term.datatype or "")
    if bare is not None and bare.fullmatch(term.value):
        return term.value
    if term.datatype == XSD + "decimal" and term.value.isdigit():
        return f"{term.value}.0"
    text = _ESCAPED.sub(lambda found: _ESCAPES[found[0]], term.value)
    text = _BEFORE_U.sub(lambda found: f"\\U{ord(found[0]):08X}", text)
    quoted = f'"{text}"'
    if term.language:
        return f"{quoted}@{term.language}"
    if term.datatype in (None, XSD + "string"):
        return quoted
    return f"{quoted}^^<{term.datatype}>"
