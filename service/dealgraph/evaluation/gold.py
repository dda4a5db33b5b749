"""Reads texts with known claims: articles from ``data/evaluation``, sentences from the records."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from dealgraph.articles.model import Records
from dealgraph.errors import NotFound, RecordError
from dealgraph.evaluation.model import GoldClaim, GoldText, Trap
from dealgraph.kinds import COMPONENT_CLASS, ROLE_PROPERTY
from dealgraph.lined_yaml import YamlMistake, load
from dealgraph.schemas import mistakes

_HERE = "dealgraph.evaluation"


def read_batch(folder: Path, records: Records) -> tuple[GoldText, ...]:
    """The articles of a batch, in the order of their names.

    :raises NotFound: when there is no such folder.
    :raises RecordError: with every mistake: a quote that the text doesn't have, an unknown firm.
    """
    if not folder.is_dir():
        known = ", ".join(sorted(each.name for each in folder.parent.glob("batch-*")))
        raise NotFound(f"There is no batch '{folder.name}'.", f"Give one of: {known}.")
    texts, wrong = [], []
    for path in sorted(folder.glob("*.yaml")):
        try:
            value, _ = load(path)
        except YamlMistake as mistake:
            wrong.append(f"{path.name}:{mistake.line}: {mistake}")
            continue
        found = [
            f"{path.name}: {'.'.join(map(str, where))}: {what}"
            for where, what in mistakes(_HERE, "gold", value)
        ]
        text = path.with_suffix(".txt").read_text("utf-8")
        if not found:
            found = [f"{path.name}: {what}" for what in _broken(value, text, records)]
        wrong += found
        if not found:
            texts.append(_text(path, value, text))
    if wrong:
        raise RecordError(wrong)
    return tuple(texts)


def _broken(value: Mapping[str, Any], text: str, records: Records) -> Iterator[str]:
    for claim in [*value["claims"], *(trap["forbidden"] for trap in value.get("traps", ()))]:
        where = claim.get("id", "a trap")
        if claim["kind"] not in COMPONENT_CLASS:
            known = ", ".join(COMPONENT_CLASS)
            yield f"{where}: no kind is called '{claim['kind']}'; use one of: {known}"
        for party in claim["parties"]:
            if party["role"] not in ROLE_PROPERTY:
                yield f"{where}: no role is called '{party['role']}'"
            if "firm" in party and party["firm"] not in records.organizations:
                yield f"{where}: the register has no '{party['firm']}'; give it as a name"
        for quote in claim.get("quotes", ()):
            if quote not in text:
                yield f"{where}: the text doesn't say: {quote}"
    for trap in value.get("traps", ()):
        if trap["quote"] not in text:
            yield f"{trap['id']}: the text doesn't say: {trap['quote']}"


def _text(path: Path, value: Mapping[str, Any], text: str) -> GoldText:
    key = f"{path.parent.name}/{path.stem}"
    return GoldText(
        key,
        key,
        value["language"],
        text,
        value.get("published"),
        tuple(_claim(each) for each in value["claims"]),
        tuple(
            Trap(each["id"], each["quote"], _claim({"id": each["id"], **each["forbidden"]}))
            for each in value.get("traps", ())
        ),
    )


def _claim(value: Mapping[str, Any]) -> GoldClaim:
    period = value.get("period")
    right = value.get("right")
    return GoldClaim(
        value["id"],
        value["kind"],
        value.get("required", True),
        frozenset(
            (each["role"], each.get("firm") or str(each["name"]).casefold())
            for each in value["parties"]
        ),
        value.get("polarity", "affirmed"),
        value.get("status"),
        tuple(_amount(each) for each in value.get("amounts") or ()),
        (period.get("years"), period.get("start"), period.get("end")) if period else None,
        right["type"] if right else None,
        tuple(
            each if isinstance(each, str) else str(each["name"])
            for each in value.get("reported_by") or ()
        ),
        tuple(value.get("quotes") or ()),
    )


def _amount(value: Mapping[str, Any]) -> tuple[float, float, str, str]:
    low = float(value.get("min", value.get("value", 0)))
    high = float(value.get("max", value.get("value", low)))
    return low, high, value["currency"], value.get("qualifier", "exact")


def sentences(records: Records, half: str) -> tuple[GoldText, ...]:
    """The sentences of the shipped statements with the claim that each says, by halves of deals.

    ``author`` is for writing frames, ``check`` for looking once; a deal and both languages of a
    statement are in one half. A sentence may say more than its claim: precision is a lower bound.
    """
    parts, seen, found = records.components, set[str](), []
    for article in records.articles.values():
        for claim in article.claims:
            if claim.id in seen:
                continue
            seen.add(claim.id)
            deal = parts[claim.about].deal
            if half_of(deal) != half:
                continue
            gold = GoldClaim(
                claim.id,
                claim.kind,
                True,
                frozenset((each.role, each.firm) for each in claim.parties),
                claim.polarity,
                claim.status,
                tuple(
                    (float(each.value), float(each.value), each.currency, each.qualifier)
                    for each in claim.amounts
                ),
                (claim.period.years, claim.period.start, claim.period.end)
                if claim.period
                else None,
                claim.right.type if claim.right else None,
                claim.reported_by,
                (),
            )
            found += [
                GoldText(f"{claim.id}/{lang}", deal, lang, text, article.published, (gold,))
                for lang, text in claim.sentence.items()
            ]
    return tuple(found)


def half_of(deal: str) -> str:
    """``author`` or ``check``, by a hash of the key: the same in every run."""
    return "author" if sha256(deal.encode()).digest()[0] % 2 else "check"
