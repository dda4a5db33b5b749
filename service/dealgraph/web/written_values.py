"""Amounts, quantities, periods and days written out: people read a figure, not the IRI of one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from dealgraph.engines.rows import Term
from dealgraph.vocab import DG
from dealgraph.web.figures import amount_text
from dealgraph.web.language import language, told
from dealgraph.web.opened import OpenRelease
from dealgraph.web.written_dates import date_in_words

Fields = Mapping[str, Term]


def written_values(opened: OpenRelease, rows: Sequence[tuple[Term | None, ...]]) -> dict[str, str]:
    """The text of each value node, from its fields as (node, property, value)."""
    nodes: dict[str, dict[str, Term]] = defaultdict(dict)
    for node, field, value in rows:
        if node is not None and field is not None and value is not None:
            nodes[node.value][field.value] = value
    found = {iri: _text(opened, fields) for iri, fields in nodes.items()}
    return {iri: text for iri, text in found.items() if text}


def _text(opened: OpenRelease, fields: Fields) -> str:
    if str(DG.dateEdtf) in fields:
        kind = _name(opened, fields, str(DG.dateKind))
        day = date_in_words(fields[str(DG.dateEdtf)].value)
        return f"{kind}: {day}" if kind else ""
    if str(DG.currencyCode) in fields or str(DG.unit) in fields:
        return _figure(opened, fields)
    return _period(fields)


def _figure(opened: OpenRelease, fields: Fields) -> str:
    figure = next(
        (fields[str(each)] for each in (DG.pointValue, DG.minValue, DG.maxValue)
         if str(each) in fields), None,
    )  # fmt: skip
    if figure is None:
        return ""
    exact = fields.get(str(DG.qualifier))
    how = "" if exact is None or exact.value.endswith("/exact") else _name(
        opened, fields, str(DG.qualifier)
    )  # fmt: skip
    currency = fields.get(str(DG.currencyCode))
    unit = currency.value if currency else _name(opened, fields, str(DG.unit))
    what = _name(opened, fields, str(DG.basis)) or _name(opened, fields, str(DG.measure))
    text = " ".join(filter(None, (how, amount_text(figure), unit)))
    return f"{text} ({what})" if what else text


def _period(fields: Fields) -> str:
    start = _day(fields, str(DG.earliestStart), str(DG.latestStart))
    end = _day(fields, str(DG.earliestEnd), str(DG.latestEnd))
    if not start and not end:
        return ""
    return f"{start or told('period.unknown')} – {end or told('period.unknown')}"


def _day(fields: Fields, earliest: str, latest: str) -> str:
    """A day, or the two that it lies between."""
    days = [fields[each].value for each in (earliest, latest) if each in fields]
    return " … ".join(dict.fromkeys(days))


def _name(opened: OpenRelease, fields: Fields, field: str) -> str:
    term = fields.get(field)
    return "" if term is None else opened.labels.label(term.value, language()) or ""
