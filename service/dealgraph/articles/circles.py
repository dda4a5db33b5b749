"""What would be part of, a unit of, or newer than itself by way of others."""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from dealgraph.articles.known import Sources
from dealgraph.articles.model import Records


def _circle(arrows: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys on one circle of arrows, the first again at its end; nothing where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def circles(records: Records, sources: Sources) -> Iterator[str]:
    """What would be part of, unit of, or newer than itself by way of others."""
    parts = records.components
    where: dict[str, Mapping[str, Iterable[str]]] = {
        "unit_of": {
            firm.key: [firm.unit_of] if firm.unit_of else []
            for firm in records.organizations.values()
        },
        "included_in": {each.key: each.included_in for each in records.offerings.values()},
        "part_of": {part.key: [part.part_of] if part.part_of else [] for part in parts.values()},
        "replaces": {part.key: part.replaces for part in parts.values()},
    }
    sections = {"unit_of": "organizations", "included_in": "offerings"}
    for field, arrows in where.items():
        circle = _circle(arrows)
        if circle:
            section, key = sections.get(field, "deals"), circle[0]
            place = sources.where(section, parts[key].deal if section == "deals" else key)
            yield f"{place}: {field}: {' → '.join(circle)} goes round; take one step out"
    over: dict[str, set[str]] = {}
    for relation in records.relations.values():
        for newer in relation.newer:
            over.setdefault(newer.statement, set()).update(ref.statement for ref in relation.older)
    circle = _circle(over)
    if circle:
        step = set(circle)
        key = next(
            relation.key
            for relation in records.relations.values()
            if step & {ref.statement for ref in relation.newer}
        )
        place = sources.where("relations", key, "newer")
        yield f"{place}: newer: {' → '.join(circle)} goes round; take one step out"
