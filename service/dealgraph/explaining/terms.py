"""Terms of an engine and nodes of rdflib, one for the other; rows of statements in a query."""

from collections.abc import Iterable, Mapping, Sequence

from rdflib import Literal, URIRef, Variable
from rdflib.namespace import XSD
from rdflib.term import Node

from dealgraph.engines.rows import Term
from dealgraph.explaining.tree import Statement
from dealgraph.questions.internal import internal_query
from dealgraph.questions.labels import Engine
from dealgraph.questions.slots import filled
from dealgraph.questions.written import written

# The place of the rows in queries on whole statements.
_ROWS = "(UNDEF UNDEF UNDEF)"


def node_of(term: Term) -> Node:
    """The rdflib node of a term."""
    if term.kind == "iri":
        return URIRef(term.value)
    datatype = None if term.datatype is None else URIRef(term.datatype)
    return Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def term_of(node: Node) -> Term | None:
    """The term of an rdflib node; None for a variable, which stands for anything."""
    if isinstance(node, Variable):
        return None
    if isinstance(node, Literal):
        datatype = None if node.datatype in (None, XSD.string) else str(node.datatype)
        return Term("literal", str(node), datatype, node.language)
    return Term("iri", str(node))


def statement_of(triple: Iterable[Node]) -> Statement:
    """The statement of a triple or pattern of rdflib."""
    subject, predicate, value = map(term_of, triple)
    return Statement(subject, predicate, value)


def rows_on(
    engine: Engine, query: str, statements: Iterable[Statement]
) -> list[Mapping[str, Term]]:
    """The solutions of an internal query on statements, as the variables that are bound.

    :raises BadInput: when an IRI of a statement is none.
    """
    rows = " ".join(
        f"({' '.join(written(term) for term in each if term is not None)})" for each in statements
    )
    if not rows:
        return []
    return _bound(engine, internal_query(query).replace(_ROWS, rows))


def bound_rows(
    engine: Engine,
    query: str,
    things: Mapping[str, Sequence[str]],
    **terms: Sequence[Term],
) -> list[Mapping[str, Term]]:
    """The solutions of an internal query on *things* (IRIs by the name of their slot) and other
    *terms*, as the variables that are bound; none where there is nothing to ask about.

    :raises BadInput: when a value is one that no query can hold.
    """
    values: dict[str, Sequence[Term]] = {
        name: [Term("iri", iri) for iri in dict.fromkeys(iris)] for name, iris in things.items()
    }
    values |= terms
    if not all(values.values()):
        return []
    return _bound(engine, filled(internal_query(query), values))


def _bound(engine: Engine, text: str) -> list[Mapping[str, Term]]:
    table = engine.table(text)
    return [
        {name: term for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]
