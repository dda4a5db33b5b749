"""Plain values that passed the schema become the dataclasses of ``model``."""

from typing import Any

from dealgraph.articles.model import (
    Amount,
    Article,
    ClaimRef,
    Component,
    Deal,
    Names,
    Offering,
    Organization,
    Party,
    Quantity,
    Quote,
    RecordedClaim,
    Relation,
    Right,
    Scope,
    Term,
    Verdict,
)

Value = dict[str, Any]


def article(value: Value) -> Article:
    """An article record; a claim without a reporter chain of its own has the article's."""
    chain = tuple(value["reported_by"])
    fields = ("key", "kind", "address", "title", "title_basis", "outlet", "published")
    return Article(
        **{name: value[name] for name in fields},
        published_basis=value["published_basis"],
        retrieved=value["retrieved"],
        language=value["language"],
        reviewed_by=value["reviewed_by"],
        text_sha256=value.get("text_sha256"),
        claims=tuple(_claim(each, chain) for each in value["claims"]),
    )


def _claim(value: Value, article_chain: tuple[str, ...]) -> RecordedClaim:
    right = value.get("right")
    term = value.get("period")
    quote = value.get("quote")
    chain = value.get("reported_by")
    dates = value.get("dates") or {}
    return RecordedClaim(
        id=value["id"],
        about=value["about"],
        kind=value["kind"],
        sentence=value["sentence"],
        evidence=value["evidence"],
        confidence=value["confidence"],
        reported_by=article_chain if chain is None else tuple(chain),
        status=value.get("status"),
        modality=value.get("modality", "asserted"),
        polarity=value.get("polarity", "affirmed"),
        parties=tuple(Party(**each) for each in value.get("parties", ())),
        amounts=tuple(Amount(**each) for each in value.get("amounts", ())),
        quantities=tuple(Quantity(**each) for each in value.get("quantities", ())),
        period=Term(**term) if term else None,
        right=_right(right) if right else None,
        condition=value.get("condition") or {},
        opinion=value.get("opinion") or {},
        offerings=tuple(value.get("offerings", ())),
        dates={kind: day for kind, day in dates.items() if day is not None},
        quote=Quote(**quote) if quote else None,
    )


def _right(value: Value) -> Right:
    return Right(value["type"], value.get("subject") or {}, value.get("scope") or {})


def organization(value: Value) -> Organization:
    """An entry of organizations.yaml or outlets.yaml."""
    return Organization(**{**value, "aliases": _names(value)})


def offering(value: Value) -> Offering:
    """An entry of offerings.yaml."""
    lists = {name: tuple(value.get(name, ())) for name in ("included_in", "may_overlap")}
    return Offering(**{**value, **lists, "aliases": _names(value)})


def deal(value: Value) -> Deal:
    """An entry of deals.yaml with its components."""
    lists = ("offerings", "replaces", "overlaps")
    parts = tuple(
        Component(
            **{
                **part,
                **{name: tuple(part.get(name, ())) for name in lists},
                "scope": _scope(part),
            },
            deal=value["key"],
        )
        for part in value["components"]
    )
    return Deal(value["key"], value["label"], parts)


def _scope(part: Value) -> Scope:
    return Scope(**{name: tuple(keys) for name, keys in part.get("scope", {}).items()})


def verdict(value: Value) -> Verdict:
    """An entry of ``verdicts``."""
    return Verdict(**{**value, "claims": _refs(value, "claims")})


def relation(value: Value) -> Relation:
    """An entry of ``relations``."""
    refs = {name: _refs(value, name) for name in ("newer", "older", "claims")}
    return Relation(**{**value, **refs, "facets": tuple(value.get("facets", ()))})


def _names(value: Value) -> Names:
    return {lang: tuple(names) for lang, names in value.get("aliases", {}).items()}


def _refs(value: Value, name: str) -> tuple[ClaimRef, ...]:
    refs = []
    for text in value.get(name, ()):
        key, _, statement = text.rpartition("/")
        refs.append(ClaimRef(statement, key or None))
    return tuple(refs)
