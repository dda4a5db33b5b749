"""All that is held of a thing, one statement each: what there is to ask "why?" about."""

from dataclasses import dataclass
from typing import Literal

from dealgraph.engines.rows import Term
from dealgraph.explaining.terms import bound_rows
from dealgraph.explaining.tree import Statement
from dealgraph.questions.labels import Engine
from dealgraph.vocab import ANALYSES_GRAPH, CURRENT_GRAPH, GRAPH, INFERRED_GRAPH, PREFIXES

_NAMES = frozenset({PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "altLabel"})
_KIND: dict[str, Literal["believed", "inferred", "analysed"]] = {
    str(CURRENT_GRAPH): "believed",
    str(INFERRED_GRAPH): "inferred",
    str(ANALYSES_GRAPH): "analysed",
}
_STATED = frozenset(GRAPH + name for name in ("entities", "schemes", "ontology", "catalog"))


@dataclass(frozen=True)
class Held:
    """A statement, how it is held, and whether its value is disputed."""

    statement: Statement
    kind: Literal["stated", "believed", "inferred", "analysed"]
    disputed: bool


def is_held(graph: str) -> bool:
    """Whether a graph (an IRI) has what is held, not what is merely claimed or decided."""
    return graph in _KIND or graph in _STATED


def held_of(engine: Engine, subject: str, lang: str, predicate: str | None = None) -> list[Held]:
    """What is held of *subject* (an IRI), names and texts of other languages left out.

    :raises BadInput: when it is no IRI.
    """
    found: dict[Statement, Held] = {}
    for row in bound_rows(engine, "entity-facts", {"thing": [subject]}):
        graph, value = row["graph"].value, row["object"]
        if not is_held(graph):
            continue
        if row["predicate"].value in _NAMES or value.language not in (None, lang):
            continue
        if predicate is not None and row["predicate"].value != predicate:
            continue
        statement = Statement(Term("iri", subject), row["predicate"], value)
        disputed = row["disputed"].value == "true"
        found.setdefault(statement, Held(statement, _KIND.get(graph, "stated"), disputed))
    order = ("stated", "believed", "analysed", "inferred")
    return sorted(
        found.values(),
        key=lambda each: (order.index(each.kind), str(each.statement)),
    )
