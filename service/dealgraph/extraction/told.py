"""Candidates as plain values: the fields of the record format, with their places in the text."""

from decimal import Decimal
from typing import Any

from dealgraph.extraction.candidate import Candidate, CandidateAmount
from dealgraph.extraction.document import Document, Span
from dealgraph.extraction.found import Bounds, Duration, Measure


def plain(candidate: Candidate, document: Document) -> dict[str, Any]:
    """A candidate for JSON; fields without a value are left out.

    ``start`` and ``end`` are code points of the stored text; a firm that the register doesn't
    hold has a ``name`` and no ``firm``.
    """
    value: dict[str, Any] = {
        "kind": candidate.kind,
        "status": candidate.status,
        "modality": candidate.modality,
        "polarity": candidate.polarity,
        "parties": [
            {
                "role": each.role,
                **({"firm": each.firm} if each.firm else {}),
                "name": each.name,
                **_place(each.span, document),
            }
            for each in candidate.parties
        ],
        "amounts": [_amount(each, document) for each in candidate.amounts],
        "quantities": [_quantity(each, document) for each in candidate.quantities],
        "period": _period(candidate.period),
        "right": {"type": candidate.right.type} if candidate.right else None,
        "offerings": list(candidate.offerings),
        "reported_by": list(candidate.reported_by),
        "quotes": [
            {"exact": each.exact, "start": each.start, "end": each.end} for each in candidate.quotes
        ],
        "extractor": candidate.extractor,
        "rule": candidate.rule,
        "band": candidate.band,
    }
    return {key: each for key, each in value.items() if each not in (None, [], {})}


def _place(span: Span, document: Document) -> dict[str, int]:
    start, end, _ = document.quote(span)
    return {"start": start, "end": end}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _bounds(bounds: Bounds) -> dict[str, Any]:
    if bounds.value is not None:
        return {"value": _number(bounds.value), "qualifier": bounds.qualifier}
    return {
        "min": _number(bounds.low),
        "max": _number(bounds.high),
        "qualifier": bounds.qualifier,
    }


def _amount(amount: CandidateAmount, document: Document) -> dict[str, Any]:
    money = amount.money
    return {
        **_bounds(money.bounds),
        "currency": money.currency,
        "basis": amount.basis,
        "text": money.text,
        **({"currency_assumed": True} if money.assumed else {}),
        **_place(money.span, document),
    }


def _quantity(measure: Measure, document: Document) -> dict[str, Any]:
    return {
        **_bounds(measure.bounds),
        "unit": measure.unit,
        "text": measure.text,
        **_place(measure.span, document),
    }


def _period(period: Duration | None) -> dict[str, Any] | None:
    if period is None:
        return None
    found = {
        "years": _number(period.years),
        "start": period.start,
        "end": period.end,
        "relation": period.relation if period.end else None,
    }
    return {key: each for key, each in found.items() if each is not None}
