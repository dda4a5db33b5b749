"""Between what people write and read, and the terms of a release."""

import re
from dataclasses import dataclass

from dealgraph.engines.rows import Term
from dealgraph.errors import BadInput
from dealgraph.explaining.tree import Statement
from dealgraph.explaining.words import property_word, word
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.names import clipped
from dealgraph.questions.prefixes import prefixed
from dealgraph.vocab import ID, PREFIXES

_TYPE = PREFIXES["rdf"] + "type"
_THINGS = ("firm", "product", "deal", "component", "valuation", "article", "status", "concept")
_KINDS = {
    "subject": (*_THINGS, "term", "kind"),
    "predicate": ("term",),
    "object": (*_THINGS, "kind", "term"),
}
_LITERAL = re.compile(r'"((?:[^"\\]|\\["\\nrt])*)"(?:@([A-Za-z-]+)|\^\^(\S+))?', re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
# A thing of ours without a prefix, as it is shown: flow/…, amount/….
_PATH = re.compile(r"[a-z][a-z-]*/[^\s<>\"{}|^`\\]+")


def read_term(text: str, place: str, labels: LabelIndex) -> Term:
    """What *text* names as the ``subject``, ``predicate`` or ``object`` of a triple.

    It may be an IRI, a prefixed name (``org:openai``), what a name is shown as (``flow/…``), a key,
    a name or alias; an object also a literal: ``"2026-04-27"^^xsd:date``.

    :raises BadInput: when it names nothing of the release, with the nearest names, or several.
    """
    given = text.strip()
    if place == "predicate" and given == "a":
        return Term("iri", _TYPE)
    literal = _LITERAL.fullmatch(given) if place == "object" else None
    if literal is not None:
        value = re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), literal[1])
        datatype = None if literal[3] is None else _iri(literal[3])
        if literal[3] is not None and datatype is None:
            raise BadInput(
                f"'{clipped(literal[3])}' is no datatype.", "Write it like xsd:date, or in < >."
            )
        if datatype == PREFIXES["xsd"] + "string":
            datatype = None
        return Term("literal", value, datatype, literal[2])
    iri = _iri(given)
    if iri is not None:
        return Term("iri", iri)
    try:
        return Term("iri", labels.resolve_any(given, _KINDS[place]))
    except BadInput:
        if _PATH.fullmatch(given):
            return Term("iri", ID + given)
        raise


def read_statement(subject: str, predicate: str, value: str, labels: LabelIndex) -> Statement:
    """The triple that three texts name: see :func:`read_term`.

    :raises BadInput: when one of them names nothing, or several things.
    """
    return Statement(
        read_term(subject, "subject", labels),
        read_term(predicate, "predicate", labels),
        read_term(value, "object", labels),
    )


def _iri(text: str) -> str | None:
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    if text.startswith(("https://", "http://", "urn:")):
        return text
    prefix, colon, rest = text.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else None


def written_term(term: Term | None) -> str:
    """A term as :func:`read_term` takes it."""
    if term is None:
        return "*"
    if term.kind != "literal":
        return term.value
    text = term.value.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"^^<{term.datatype}>' if term.datatype else f'"{text}"'


@dataclass(frozen=True)
class Namer:
    """The names of terms in one language."""

    labels: LabelIndex
    lang: str

    def term(self, term: Term | None) -> str:
        """A term as a person reads it."""
        if term is None:
            return word("anything", self.lang)
        if term.kind != "iri":
            return term.value
        return self.iri(term.value)

    def iri(self, iri: str) -> str:
        """The name of a thing, else its IRI as short as it can be."""
        label = self.labels.label(iri, self.lang) or property_word(iri, self.lang)
        return label or prefixed(iri) or iri.removeprefix(ID)

    def statement(self, statement: Statement) -> str:
        """A triple in one line."""
        return " · ".join(map(self.term, statement))
