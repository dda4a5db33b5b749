"""Why? The whole answer on a triple or a claim of a release."""

from pathlib import Path

from dealgraph.errors import NotFound
from dealgraph.explaining.building import Builder, Limits
from dealgraph.explaining.claims import claim_reasons, claims_that_say
from dealgraph.explaining.terms import bound_rows, rows_on
from dealgraph.explaining.tree import Because, Believed, Explained, Statement
from dealgraph.explaining.ways import Ways, rules_of
from dealgraph.questions.evidence import evidence
from dealgraph.questions.labels import Engine

# Claims of one statement that does not hold.
_MOST_CLAIMS = 40
# Statements that an analysis looked at; a circle of four has some ten.
_MOST_LOOKED_AT = 40


def why(
    engine: Engine, statement: Statement, lang: str, ontology: Path, limits: Limits | None = None
) -> Explained:
    """Why a triple holds: its tree down to sentences; or the claims that say it all the same, with
    why they are not believed.

    *ontology* is the folder with the rules that the release was made with.

    :raises NotFound: when the release neither holds it nor has a claim of it.
    """
    limits = limits or Limits()
    ways = Ways(engine, (), limits.statements)
    ways.place([statement])
    placed = ways.placed[statement]
    if not placed.holds:
        claims = claims_that_say(engine, statement)
        if not claims:
            raise NotFound(
                "This release does not say so: the triple is neither stated, believed nor "
                "inferred, and no claim states it.",
                "Ask with a subject alone for all that is said of it.",
            )
        return Explained(None, statement, claim_reasons(engine, claims[:_MOST_CLAIMS], lang))
    looked_at: list[Statement] = []
    if not placed.grounds and not placed.follows:
        looked_at = _looked_at(engine, statement)[:_MOST_LOOKED_AT]
        ways.place(looked_at)
    follow = [
        each
        for each in looked_at or [statement]
        if not ways.placed[each].grounds and ways.placed[each].follows
    ]
    if follow:
        ways = Ways(engine, rules_of(engine, ontology), limits.statements)
        ways.place([statement, *looked_at])
        for each in follow:
            ways.follow(each)
    because = Builder(ways, limits, looked_at).build(statement, frozenset(), 0)
    return Explained(because, statement, (), evidence(engine, _nodes(because), lang))


def _looked_at(engine: Engine, statement: Statement) -> list[Statement]:
    """What the analysis that found a statement looked at, in a stable order."""
    found = {
        Statement(row["from"], row["how"], row["what"])
        for row in rows_on(engine, "looked-at", [statement])
        if {"from", "how", "what"} <= set(row)
    }
    return sorted(found, key=lambda each: [str(term and term.value) for term in each])


def why_claim(engine: Engine, claim: str, lang: str) -> Explained:
    """Why a claim (an IRI) is believed, or is not.

    :raises NotFound: when the release has no such claim.
    """
    found = claim_reasons(engine, [claim], lang)
    if not found:
        raise NotFound(
            f"This release has no claim <{claim}>.",
            "Take the address of a claim from the evidence of an answer.",
        )
    return Explained(None, None, found)


def believed_statement(engine: Engine, belief: str) -> Statement | None:
    """The triple that a node of belief (an IRI) is of; None where the release has no such node."""
    for row in bound_rows(engine, "belief-statement", {"belief": [belief]}):
        return Statement(row["subject"], row["predicate"], row["object"])
    return None


def _nodes(because: Because) -> list[str]:
    """The nodes of all that is believed in a tree."""
    return list(
        dict.fromkeys(
            ground.node
            for each in because.walk()
            for ground in each.grounds
            if isinstance(ground, Believed)
        )
    )
