"""An explanation as JSON, for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dealgraph.engines.rows import Term
from dealgraph.explaining.listing import Held
from dealgraph.explaining.naming import Namer
from dealgraph.explaining.tree import (
    Analysed,
    Because,
    Believed,
    ClaimReason,
    ClaimTold,
    Explained,
    Ground,
    Inferred,
    Stated,
    Statement,
)
from dealgraph.questions.evidence import Evidence

_Behind = Mapping[str, Sequence[Evidence]]


def to_json(explained: Explained, namer: Namer) -> str:
    """The whole explanation as a JSON document."""
    return json.dumps(explained_json(explained, namer), ensure_ascii=False, indent=2) + "\n"


def explained_json(explained: Explained, namer: Namer) -> dict[str, Any]:
    """The whole explanation as a JSON object: ``because`` for what holds, else ``claims``."""
    document: dict[str, Any] = {"holds": explained.because is not None}
    if explained.because is not None:
        document["because"] = _because_json(explained.because, explained.evidence, namer)
    if explained.statement is not None:
        document["statement"] = _statement_json(explained.statement, namer)
    if explained.because is None and explained.statement is None:
        del document["holds"]
    if explained.because is None:
        document["claims"] = [_claim_json(each, namer) for each in explained.claims]
    return document


def held_json(iri: str, held: Sequence[Held], namer: Namer) -> str:
    """What is held of a thing, as a JSON document."""
    return json.dumps(listed_json(iri, held, namer), ensure_ascii=False, indent=2) + "\n"


def listed_json(iri: str, held: Sequence[Held], namer: Namer) -> dict[str, Any]:
    """What is held of a thing, as a JSON object with ``statements``."""
    statements = [
        {**_statement_json(each.statement, namer), "kind": each.kind, "disputed": each.disputed}
        for each in held
    ]
    return {"subject": iri, "name": namer.iri(iri), "statements": statements}


def _because_json(because: Because, behind: _Behind, namer: Namer) -> dict[str, Any]:
    return {
        **_statement_json(because.statement, namer),
        "state": because.state,
        "grounds": [_ground_json(each, behind, namer) for each in because.grounds],
        "more": because.more,
    }


def _ground_json(ground: Ground, behind: _Behind, namer: Namer) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": ground.kind}
    if isinstance(ground, Stated):
        found["graph"] = ground.graph
    elif isinstance(ground, Believed):
        found |= {"node": ground.node, "disputed": ground.disputed, "origins": ground.origins}
        found["modality"] = ground.modality or None
        found["evidence"] = [_evidence_json(one) for one in behind.get(ground.node, ())]
    elif isinstance(ground, Inferred):
        found |= {"rule": ground.rule, "see": ground.see or None, "through": list(ground.through)}
        found["words"] = ground.words.get(namer.lang) or ground.words.get("en", "")
        found["axioms"] = [_statement_json(each, namer) for each in ground.axioms]
        found["absent"] = [
            [_statement_json(each, namer) for each in group] for group in ground.absent
        ]
    if isinstance(ground, Inferred | Analysed):
        found["premises"] = [_because_json(each, behind, namer) for each in ground.premises]
    return found


def _statement_json(statement: Statement, namer: Namer) -> dict[str, Any]:
    parts = zip(("subject", "predicate", "object"), statement, strict=True)
    return {name: _term_json(term, namer) for name, term in parts}


def _term_json(term: Term | None, namer: Namer) -> dict[str, str] | None:
    """As https://www.w3.org/TR/sparql11-results-json/#select-encode-terms, with the name."""
    if term is None:
        return None
    if term.kind == "iri":
        return {"type": "uri", "value": term.value, "name": namer.term(term)}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype:
        found["datatype"] = term.datatype
    return found


def _evidence_json(one: Evidence) -> dict[str, Any]:
    return {
        "claim": one.claim,
        "claims": list(one.claims),
        "sentence": one.sentence.text,
        "language": one.sentence.language,
        "quoted": one.kind == "quote",
        "article": one.article,
        "title": one.title.text,
        "outlet": one.outlet,
        "address": one.address,
        "published": one.published,
        "reporters": list(one.reporters),
        "verdict": one.verdict,
    }


def _told_json(told: ClaimTold, namer: Namer) -> dict[str, Any]:
    return {
        "claim": told.claim,
        "about": told.about,
        "states": [_term_json(each, namer) for each in told.states],
        "verdict": told.verdict,
        "evidence": None if told.evidence is None else _evidence_json(told.evidence),
    }


def _claim_json(claim: ClaimReason, namer: Namer) -> dict[str, Any]:
    return {
        **_told_json(claim.told, namer),
        "reason": claim.reason or None,
        "meaning": claim.meaning,
        "because_of": [_told_json(each, namer) for each in claim.because_of],
        "decisions": [
            {
                "iri": each.iri,
                "note": each.note,
                "relation": each.rule or None,
                "decided_by": each.decided_by,
                "decided_on": each.decided_on,
            }
            for each in claim.decisions
        ],
        "beliefs": [_statement_json(each, namer) for each in claim.beliefs],
    }
