"""Why claims have their verdicts: what the release says of them, and the sentences behind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from dealgraph.engines.rows import Term
from dealgraph.explaining.terms import bound_rows
from dealgraph.explaining.tree import ClaimReason, ClaimTold, Decision, Statement
from dealgraph.kinds import ROLE_PROPERTY
from dealgraph.questions.evidence import Evidence, evidence
from dealgraph.questions.labels import Engine
from dealgraph.vocab import DG

# What a property of belief is in a claim; parties have one for each role.
_STATES = {
    str(DG.hasStatus): str(DG.statesStatus),
    str(DG.hasAmount): str(DG.statesAmount),
    str(DG.hasQuantity): str(DG.statesQuantity),
    str(DG.hasPeriod): str(DG.statesPeriod),
    str(DG.hasEventDate): str(DG.statesEventDate),
    str(DG.hasExclusivity): str(DG.statesExclusivity),
    str(DG.hasSubjectMatter): str(DG.statesOffering),
    str(DG.hasCondition): str(DG.statesCondition),
}

_STANDING = ("accepted", "disputed")


def claim_reasons(engine: Engine, claims: Sequence[str], lang: str) -> tuple[ClaimReason, ...]:
    """Each of *claims* (IRIs) with its reason; none for what it lacks."""
    reasons: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in bound_rows(engine, "claim-reasons", {"claim": claims}):
        reasons[row["claim"].value][row["what"].value].append(row["value"].value)
    named = {each for told in reasons.values() for each in told[str(DG.becauseOfClaim)]}
    told = _told(engine, [*claims, *sorted(named)], lang)
    keys = {each for found in reasons.values() for each in found[str(DG.becauseOfDecision)]}
    decisions = _decisions(engine, sorted(keys), lang)
    beliefs: dict[str, list[Statement]] = defaultdict(list)
    for row in bound_rows(engine, "claim-beliefs", {"claim": claims}):
        beliefs[row["claim"].value].append(
            Statement(row["subject"], row["predicate"], row["object"])
        )
    kinds = {each for found in reasons.values() for each in found[str(DG.hasVerdictReason)]}
    meanings = {
        row["concept"].value: row["definition"].value
        for row in bound_rows(
            engine, "definitions", {"concept": sorted(kinds)}, lang=[Term("literal", lang)]
        )
    }
    found = []
    for claim in dict.fromkeys(claims):
        if claim not in told:
            continue
        why = reasons[claim]
        found.append(
            ClaimReason(
                told=told[claim],
                reason=next(iter(why[str(DG.hasVerdictReason)]), ""),
                meaning=meanings.get(next(iter(why[str(DG.hasVerdictReason)]), ""), ""),
                # What stands comes before what fell in turn.
                because_of=tuple(
                    sorted(
                        (told[each] for each in why[str(DG.becauseOfClaim)] if each in told),
                        key=lambda each: (each.verdict not in _STANDING, each.claim),
                    )
                ),
                decisions=tuple(
                    decisions[each]
                    for each in dict.fromkeys(why[str(DG.becauseOfDecision)])
                    if each in decisions
                ),
                beliefs=tuple(dict.fromkeys(beliefs[claim])),
            )
        )
    return tuple(found)


def claims_that_say(engine: Engine, statement: Statement) -> list[str]:
    """The claims that state what *statement* says, whether they are believed or not."""
    subject, predicate, value = statement
    if subject is None or predicate is None or value is None or subject.kind != "iri":
        return []
    found = []
    for row in bound_rows(engine, "claims-about", {"about": [subject.value]}, value=[value]):
        role = row["role"].value.rsplit("/", 1)[-1] if "role" in row else ""
        says = str(ROLE_PROPERTY.get(role, "")) if role else row["states"].value
        if says in (predicate.value, _STATES.get(predicate.value)):
            found.append(row["claim"].value)
    return sorted(set(found))


def _told(engine: Engine, claims: Sequence[str], lang: str) -> dict[str, ClaimTold]:
    rows: dict[str, list[dict[str, Term]]] = defaultdict(list)
    for row in bound_rows(engine, "claim-contents", {"claim": claims}):
        rows[row["claim"].value].append(dict(row))
    behind: dict[str, list[Evidence]] = evidence(engine, list(rows), lang)
    return {
        claim: ClaimTold(
            claim=claim,
            about=several[0]["about"].value,
            states=tuple(dict.fromkeys(_stated(several, lang))),
            verdict=several[0]["verdict"].value.rsplit("/", 1)[-1],
            evidence=next(iter(behind[claim]), None),
        )
        for claim, several in rows.items()
    }


def _stated(rows: Iterable[dict[str, Term]], lang: str) -> Iterable[Term]:
    for row in sorted(rows, key=lambda row: row["states"].value):
        if row["value"].language in (None, lang):
            yield row["value"]


def _decisions(engine: Engine, iris: Sequence[str], lang: str) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for row in bound_rows(engine, "decisions", {"decision": iris}):
        iri = row["decision"].value
        if iri in found and row["note"].language != lang:
            continue
        found[iri] = Decision(
            iri,
            row["note"].value,
            row["rule"].value if "rule" in row else "",
            row["by"].value,
            row["on"].value,
        )
    return found
