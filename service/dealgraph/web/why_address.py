"""The addresses of explanations."""

from urllib.parse import urlencode

from dealgraph.engines.rows import Term
from dealgraph.explaining.naming import written_term
from dealgraph.explaining.tree import Statement
from dealgraph.vocab import ID


def why_address(*things: str) -> str:
    """Where claims, beliefs or all that is held of things (IRIs) are explained."""
    pairs = [("claim" if _is_claim(iri) else "subject", iri) for iri in things]
    return f"/why?{urlencode(pairs)}"


def why_statement(statement: Statement) -> str:
    """Where a triple is explained."""
    names = ("subject", "predicate", "object")
    return f"/why?{urlencode(list(zip(names, map(written_term, statement), strict=True)))}"


def why_triple(subject: str, predicate: str, value: Term) -> str:
    """Where a triple of a thing is explained."""
    return why_statement(Statement(Term("iri", subject), Term("iri", predicate), value))


def _is_claim(iri: str) -> bool:
    return iri.startswith(f"{ID}claim/")
