"""Turtle and TriG that are the same, byte for byte, for the same statements.

One block for each subject, one line for each statement, everything sorted: a statement more is a
line more, so that a diff shows what changed and nothing else. Predicates are repeated on purpose.
https://www.w3.org/TR/turtle/ and https://www.w3.org/TR/trig/.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from dealgraph.exports.terms import XSD, Iri, Literal, Quad, Term, Triple, ntriples
from dealgraph.vocab import PREFIXES, SCHEME

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

# Narrower than https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL: nothing that any
# parser would need escapes or Unicode tables for.
_SAFE_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")

# Name of a concept scheme that may stand as its prefix.
_SAFE_PREFIX = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")

# Datatypes that Turtle can write bare, where the value is spelt as it would be read back.
_BARE = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"),
    XSD + "boolean": re.compile(r"true|false"),
}

_NAMESPACES = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def turtle(triples: Iterable[Triple]) -> Iterator[str]:
    """The statements as Turtle: the prefixes that are used, then one block for each subject.

    :raises BadInput: when an IRI holds a character that no IRI may have.
    """
    blocks = _by_subject(triples)
    yield from _prefixes({term for block in blocks.values() for term in _named(block)})
    for subject in sorted(blocks):
        yield "\n" + _block(subject, blocks[subject], "")


def trig(quads: Iterable[Quad]) -> Iterator[str]:
    """The statements as TriG: the graphs in order, each as ``turtle`` would write it.

    :raises BadInput: when an IRI holds a character that no IRI may have.
    """
    graphs: dict[Iri, list[Triple]] = defaultdict(list)
    for quad in quads:
        graphs[quad.graph].append(quad.triple)
    yield from _prefixes({*graphs, *(term for each in graphs.values() for term in _named(each))})
    for graph in sorted(graphs):
        blocks = _by_subject(graphs[graph])
        yield f"\n{_written(graph)} {{\n"
        for position, subject in enumerate(sorted(blocks)):
            yield ("\n" if position else "") + _block(subject, blocks[subject], "    ")
        yield "}\n"


def _named(triples: Iterable[Triple]) -> Iterator[Term]:
    """The terms that are written out: rdf:type has a word of its own."""
    for subject, predicate, value in triples:
        yield subject
        if predicate.value != _RDF_TYPE:
            yield predicate
        yield value


def _by_subject(triples: Iterable[Triple]) -> dict[Iri, set[Triple]]:
    blocks: dict[Iri, set[Triple]] = defaultdict(set)
    for triple in triples:
        blocks[triple[0]].add(triple)
    return blocks


def _block(subject: Iri, triples: set[Triple], indent: str) -> str:
    lines = [f"{indent}{_written(subject)}\n"]
    for _, predicate, value in sorted(triples, key=_order):
        verb = "a" if predicate.value == _RDF_TYPE else _written(predicate)
        lines.append(f"{indent}    {verb} {_written(value)} ;\n")
    lines.append(f"{indent}.\n")
    return "".join(lines)


def _order(triple: Triple) -> tuple[bool, str, str]:
    _, predicate, value = triple
    return predicate.value != _RDF_TYPE, predicate.value, ntriples(value)


def _prefixes(terms: Iterable[Term]) -> Iterator[str]:
    used: dict[str, str] = {}
    for term in terms:
        name = term if isinstance(term, Iri) else Iri(term.datatype)
        short = _shortened(name.value)
        if short and not (isinstance(term, Literal) and _without_datatype(term)):
            used[short[0]] = name.value[: -len(short[1])]
    for prefix in sorted(used):
        yield f"@prefix {prefix}: <{used[prefix]}> .\n"


def _shortened(iri: str) -> tuple[str, str] | None:
    """The prefix and local name of an IRI, where there is a prefix and the name is safe."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    namespace, local = iri[:cut], iri[cut:]
    if not _SAFE_LOCAL.fullmatch(local):
        return None
    prefix = _NAMESPACES.get(namespace)
    if prefix is None and namespace.startswith(SCHEME):
        # Each concept scheme is its own prefix: qualifier:about, amount-basis:investment.
        name = namespace[len(SCHEME) : -1]
        if _SAFE_PREFIX.fullmatch(name) and name not in PREFIXES:
            prefix = name
    return None if prefix is None else (prefix, local)


def _without_datatype(literal: Literal) -> bool:
    if literal.language or literal.datatype == XSD + "string":
        return True
    bare = _BARE.get(literal.datatype)
    return bare is not None and bool(bare.fullmatch(literal.value))


def _written(term: Term) -> str:
    if isinstance(term, Iri):
        short = _shortened(term.value)
        return f"{short[0]}:{short[1]}" if short else ntriples(term)
    if term.language or term.datatype == XSD + "string":
        return ntriples(term)
    if _without_datatype(term):
        return term.value
    return f"{ntriples(Literal(term.value))}^^{_written(Iri(term.datatype))}"
