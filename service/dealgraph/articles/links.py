"""What a schema can't see: whether the things that records point to exist, and make sense."""

import difflib
from collections.abc import Iterable, Iterator

from dealgraph.articles.circles import circles
from dealgraph.articles.dates import EXAMPLES, as_printed, parse_date
from dealgraph.articles.known import Broken, Names, Sources
from dealgraph.articles.model import (
    Article,
    ClaimRef,
    Component,
    RecordedClaim,
    Records,
    Scope,
    Term,
)
from dealgraph.kinds import SCOPED
from dealgraph.lined_yaml import ValuePath


def dangling(records: Records, sources: Sources, broken: Broken) -> list[str]:
    """Every reference that points nowhere, and every entry that can't be meant, with its cure."""
    names = Names.of(records, broken)
    return [
        *_register(records, names, sources),
        *circles(records, sources),
        *_articles(records, names, sources),
        *_assessments(records, broken, sources),
    ]


def _unknown(what: str, key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), n=2)
    hint = f"did you mean {' or '.join(near)}?" if near else "add it or mend the key"
    return f"there is no {what} '{key}'; {hint}"


def _register(records: Records, names: Names, sources: Sources) -> Iterator[str]:
    firms = names.organizations
    for firm in records.organizations.values():
        if firm.unit_of is not None and firm.unit_of not in firms:
            where = sources.where("organizations", firm.key, "unit_of")
            yield f"{where}: unit_of: {_unknown('organization', firm.unit_of, firms)}"
    for offering in records.offerings.values():
        where = sources.where("offerings", offering.key)
        if offering.offered_by is not None and offering.offered_by not in firms:
            yield f"{where}: offered_by: {_unknown('organization', offering.offered_by, firms)}"
        for wider in offering.included_in:
            if wider not in names.offerings:
                yield f"{where}: included_in: {_unknown('offering', wider, names.offerings)}"
        for other in offering.may_overlap:
            if other not in names.offerings:
                yield f"{where}: may_overlap: {_unknown('offering', other, names.offerings)}"
            elif other == offering.key:
                yield f"{where}: may_overlap: an offering always overlaps itself; take it out"
    seen: dict[str, str] = {}
    for deal in records.deals.values():
        for index, part in enumerate(deal.components):
            where = sources.where("deals", deal.key, "components", index, "key")
            if part.key in seen:
                yield f"{where}: key: the component '{part.key}' is also at {seen[part.key]}"
            seen[part.key] = where
            yield from (f"{where}: {text}" for text in _component(part, names))


def _component(part: Component, names: Names) -> Iterator[str]:
    singles = [] if part.part_of is None else [("part_of", part.part_of)]
    many = [("replaces", key) for key in part.replaces]
    for field, key in singles + many + [("overlaps", key) for key in part.overlaps]:
        if key not in names.components:
            yield f"{field}: {_unknown('component', key, names.components)}"
        elif key == part.key:
            yield f"{field}: a component can't stand in this relation to itself; take it out"
    for key in part.offerings:
        if key not in names.offerings:
            yield f"offerings: {_unknown('offering', key, names.offerings)}"
    for key in part.scope.over:
        if key not in names.offerings:
            yield f"scope: over: {_unknown('offering', key, names.offerings)}"
    if part.scope != Scope() and part.kind not in SCOPED:
        yield f"scope: only {', '.join(sorted(SCOPED))} have one; take it out"
    if part.kind == "valuation" and (part.of is None or part.of not in names.organizations):
        yield "of: a valuation names the firm that is valued; add 'of' with a known organization"
    if part.kind != "valuation" and part.of is not None:
        yield "of: only a valuation is of a firm; take it out, and name parties in claims"


def _articles(records: Records, names: Names, sources: Sources) -> Iterator[str]:
    subjects: dict[str, tuple[str, str]] = {}
    # A misprint may stand as it was printed, but only where a reviewer has called it one.
    doubted = {ref.statement for entry in records.verdicts.values() for ref in entry.claims}
    for article in records.articles.values():
        here = sources.where("articles", article.key, "outlet")
        if article.outlet not in names.organizations:
            yield f"{here}: outlet: {_unknown('outlet', article.outlet, names.organizations)}"
        for field in ("published", "retrieved"):
            text = getattr(article, field)
            if text is not None and not _is_date(text):
                place = sources.where("articles", article.key, field)
                yield f"{place}: {field}: '{text}' is no date; dates look like {EXAMPLES}"
        for path, what in _claims(article, names):
            yield f"{sources.where('articles', article.key, 'claims', *path)}: {what}"
        for index, claim in enumerate(article.claims):
            if claim.period is not None and claim.id not in doubted:
                place = sources.where("articles", article.key, "claims", index, "period")
                yield from (f"{place}: {what}" for what in _period(claim.period))
            about, first = subjects.setdefault(claim.id, (claim.about, article.key))
            if about != claim.about:
                place = sources.where("articles", article.key, "claims", index, "about")
                yield (
                    f"{place}: about: the statement '{claim.id}' is about '{about}' in "
                    f"{first}; give it another id or the same subject"
                )


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def _period(term: Term) -> Iterator[str]:
    for field, text in (("start", term.start), ("end", term.end)):
        if text is not None and not _is_date(text):
            yield f"{field}: '{text}' is no date; dates look like {EXAMPLES}"
    start, end = (as_printed(text) if text else None for text in (term.start, term.end))
    if start and end and start.earliest and end.latest and start.earliest > end.latest:
        yield f"end: {term.end} is before the start {term.start}; mend one of them"


def _claims(article: Article, names: Names) -> Iterator[tuple[ValuePath, str]]:
    seen: set[str] = set()
    for index, claim in enumerate(article.claims):
        if claim.id in seen:
            yield (index, "id"), f"id: the statement '{claim.id}' stands twice; keep one"
        seen.add(claim.id)
        for place, what in _claim(claim, names):
            yield (index, *place), what


def _claim(claim: RecordedClaim, names: Names) -> Iterator[tuple[ValuePath, str]]:
    firms = names.organizations
    if claim.about not in names.components:
        yield ("about",), f"about: {_unknown('component', claim.about, names.components)}"
    for index, party in enumerate(claim.parties):
        if party.firm not in firms:
            yield (
                ("parties", index, "firm"),
                f"firm: {_unknown('organization', party.firm, firms)}",
            )
    for key in claim.offerings:
        if key not in names.offerings:
            yield ("offerings",), f"offerings: {_unknown('offering', key, names.offerings)}"
    for key in claim.reported_by:
        if key not in firms:
            yield ("reported_by",), f"reported_by: {_unknown('outlet', key, firms)}"
    for kind, text in claim.dates.items():
        if not _is_date(text):
            yield (
                ("dates", kind),
                f"{kind}: '{text}' is no date; dates look like {EXAMPLES}",
            )
    if claim.evidence == "quote" and claim.quote is None:
        yield ("evidence",), "evidence: a quote needs its words; add 'quote' or say paraphrase"
    if claim.quote is not None and claim.quote.end - claim.quote.start != len(claim.quote.exact):
        yield ("quote",), "quote: end - start must be the length of the words; mend the offsets"


def _assessments(records: Records, broken: Broken, sources: Sources) -> Iterator[str]:
    if "article" in broken.unread:
        return  # what it states is not known
    made: dict[str, set[str]] = {}
    for statement, key in broken.statements:
        made.setdefault(statement, set()).add(key)
    for article in records.articles.values():
        for claim in article.claims:
            made.setdefault(claim.id, set()).add(article.key)
    named: list[tuple[str, str, str, tuple[ClaimRef, ...]]] = [
        ("verdicts", entry.key, "claims", entry.claims) for entry in records.verdicts.values()
    ]
    for entry in records.relations.values():
        for field in ("newer", "older", "claims"):
            named.append(("relations", entry.key, field, getattr(entry, field)))
    for section, key, field, refs in named:
        where = sources.where(section, key, field)
        for ref in refs:
            if ref.statement not in made:
                yield f"{where}: {field}: {_unknown('statement', ref.statement, made)}"
            elif ref.article is not None and ref.article not in made[ref.statement]:
                yield f"{where}: {field}: {_unknown('article', ref.article, made[ref.statement])}"
    for entry in records.relations.values():
        named_twice = [ref.statement for ref in entry.claims if ref.article is not None]
        whole = {ref.statement for ref in entry.claims if ref.article is None}
        for statement in sorted(set(named_twice) & whole):
            where = sources.where("relations", entry.key, "claims")
            yield f"{where}: claims: '{statement}' of one article is in '{statement}'; keep one"
        both = set(entry.newer) & set(entry.older)
        if both:
            where = sources.where("relations", entry.key, "older")
            yield f"{where}: older: '{both.pop().statement}' is also newer; take one out"
