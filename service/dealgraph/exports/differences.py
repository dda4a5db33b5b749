"""What one release says and another doesn't: as a patch, as counts, and what is believed anew."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dealgraph.errors import Conflict
from dealgraph.exports.quads import difference
from dealgraph.exports.terms import Iri, Literal, Quad, Term, Triple, ntriples, order
from dealgraph.releases.workspace import Release
from dealgraph.vocab import CURRENT_GRAPH, DG, ID, PREFIXES, SCHEME

# What belief says of a component is plain triples; the nodes that say why are not listed one by
# one, nor the fields of values.
_SUBJECTS = tuple(f"{ID}{kind}/" for kind in ("component", "valuation"))
_CLAIM_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# What tells a value node apart, by what stands between: a figure, a day, a period.
_FIELDS = {
    " ": (DG.minValue, DG.pointValue, DG.maxValue, DG.currencyCode),
    "": (DG.dateEdtf,),
    "/": (DG.startEdtf, DG.endEdtf),
}


@dataclass(frozen=True)
class Difference:
    """Two releases of one workspace; every list is sorted as exports are."""

    older: Release
    newer: Release
    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]

    @cached_property
    def graphs(self) -> Mapping[str, tuple[int, int]]:
        """Name of a graph that differs -> the numbers of triples removed from it and added."""
        removed, added = (
            Counter(quad.graph.value for quad in quads) for quads in (self.removed, self.added)
        )
        return {name: (removed[name], added[name]) for name in sorted(removed | added)}

    @property
    def no_longer_believed(self) -> list[Triple]:
        """Plain triples of belief that only the older release has."""
        return _believed(self.removed)

    @property
    def newly_believed(self) -> list[Triple]:
        """Plain triples of belief that only the newer release has."""
        return _believed(self.added)

    @property
    def verdicts(self) -> list[tuple[Iri, Iri | None, Iri | None]]:
        """Claim, its verdict in the older release and in the newer one, where they differ."""
        before, after = (
            {
                quad.subject: quad.object
                for quad in quads
                if quad.predicate.value == str(DG.hasVerdict)
                and quad.subject.value.startswith(ID + "claim/")
                and isinstance(quad.object, Iri)
            }
            for quads in (self.removed, self.added)
        )
        claims = sorted(before.keys() | after.keys())
        return [(claim, before.get(claim), after.get(claim)) for claim in claims]

    def fields(self, node: Iri) -> str:
        """What a value node says, as in ``10000000000 USD`` or ``2025-10-28/2032``; else empty."""
        said = self._literals.get(node, {})
        for separator, properties in _FIELDS.items():
            values = [said.get(str(each), "") for each in properties]
            if any(values):
                return (
                    separator.join(values) if separator == "/" else " ".join(filter(None, values))
                )
        return ""

    @cached_property
    def _literals(self) -> Mapping[Iri, Mapping[str, str]]:
        """Node -> property -> literal: read once, since every line of a page asks for one."""
        found: dict[Iri, dict[str, str]] = defaultdict(dict)
        for quad in (*self.removed, *self.added):
            if isinstance(quad.object, Literal):
                found[quad.subject][quad.predicate.value] = quad.object.value
        return found

    def lines(self) -> list[list[str]]:
        """Sign, thing, property and value of each change of belief or of a verdict, for people."""
        rows = []
        for sign, triples in (("-", self.no_longer_believed), ("+", self.newly_believed)):
            for subject, predicate, value in triples:
                said = isinstance(value, Iri) and self.fields(value)
                rows.append([sign, *map(_short, (subject, predicate)), said or _short(value)])
        for claim, before, after in self.verdicts:
            verdicts = f"{before and _short(before)} → {after and _short(after)}"
            rows.append(["~", _short(claim), "dg:hasVerdict", verdicts])
        return rows

    def plain(self) -> dict[str, object]:
        """What JSON has of it: counts by graph, changes of belief and of verdicts."""
        return {
            "from": self.older.number,
            "to": self.newer.number,
            "graphs": [
                {"graph": name, "removed": removed, "added": added}
                for name, (removed, added) in self.graphs.items()
            ],
            "noLongerBelieved": [list(map(ntriples, each)) for each in self.no_longer_believed],
            "newlyBelieved": [list(map(ntriples, each)) for each in self.newly_believed],
            "verdicts": [
                {"claim": claim.value, "from": before and before.value, "to": after and after.value}
                for claim, before, after in self.verdicts
            ],
        }

    def patch(self) -> Iterator[bytes]:
        """An RDF patch (https://afs.github.io/rdf-delta/rdf-patch.html): D lines, then A lines.

        Applied to the older release it gives the newer one.
        """
        yield b"TX .\n"
        for sign, quads in (("D", self.removed), ("A", self.added)):
            for quad in quads:
                yield f"{sign} {' '.join(map(ntriples, quad))} .\n".encode()
        yield b"TC .\n"


def differences(older: Release, newer: Release) -> Difference:
    """What *newer* says and *older* doesn't, and the other way round.

    All of both is held in memory: some 100 MB for 100,000 quads.

    :raises Conflict: for a plain release: it may have blank nodes, which can't be compared.
    """
    for release in (older, newer):
        if release.by.plain:
            raise Conflict(
                f"Release {release.number} is a plain one; its blank nodes have no names that "
                "could be compared.",
                "Export both and compare them with a tool for graph isomorphism.",
            )
    removed, added = difference(older.store, newer.store)
    return Difference(
        older, newer, tuple(sorted(removed, key=order)), tuple(sorted(added, key=order))
    )


def _believed(quads: tuple[Quad, ...]) -> list[Triple]:
    return [
        quad.triple
        for quad in quads
        if quad.graph.value == str(CURRENT_GRAPH)
        and quad.subject.value.startswith(_SUBJECTS)
        and quad.predicate.value != _CLAIM_TYPE
    ]


def _short(term: Term) -> str:
    if not isinstance(term, Iri):
        return term.value
    for prefix, space in PREFIXES.items():
        if term.value.startswith(space):
            return f"{prefix}:{term.value.removeprefix(space)}"
    return term.value.removeprefix(ID).removeprefix(SCHEME)
