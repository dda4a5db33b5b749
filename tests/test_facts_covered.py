"""The records hold every reported fact of the source file that they were written from.

The file is not part of this project; where it is absent there is nothing to compare with.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT.parent / "shared" / "facts" / "deals.yaml"
SEED_URL = "seed:000_f4351270cf73a1fc"

pytestmark = pytest.mark.skipif(
    not SOURCE.is_file(), reason="the source file ../shared/facts/deals.yaml is not here"
)

Value = dict[str, Any]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A payment date and a delivery year are no term of the arrangement, and the year from which an
# option may be used is a condition of it: the records leave them out of the term.
WITHOUT_PERIOD = {
    "nv-groq-13bn-paid",
    "sk-samsung-900k-2029",
    "aws-oai-expand-option",
    "msft-nscale-700mw-option",
}
# The source file has the seed say more than its text does: the record of the seed states this
# one in its own words (seed-aws-38bn), and tells the other in its own voice.
OTHERWISE_IN_THE_SEED = ("aws-oai-38bn", SEED_URL)
OWN_VOICE_OF_THE_SEED = ("sb-ora-400bn", SEED_URL)
# The source file calls these talks; its own sentence, and the text of the seed, say "explored".
EXPLORED_IN_THE_SEED = ("amzn-oai-marketplace-talks", SEED_URL)
# The right ends on a day; that is its term and no restriction of somebody.
OTHER_RIGHT = {"msft-oai-research-ip": "unspecified"}
RIGHT_NAMES = {"right-of-first-refusal": "first-refusal"}
CHANGED_RIGHT_KINDS = {"restriction": "right-exclusion", "carve-out": "right-exclusion"}


@cache
def source() -> Value:
    value: Value = _load(SOURCE)
    return value


@cache
def facts() -> dict[str, Value]:
    return {fact["id"]: fact for fact in source()["facts"]}


@cache
def articles() -> list[Value]:
    return [_load(path) for path in sorted((ROOT / "data" / "articles").glob("*.yaml"))]


@cache
def assessments() -> Value:
    folder = ROOT / "data" / "assessments"
    return {**_load(folder / "verdicts.yaml"), **_load(folder / "relations.yaml")}


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


@cache
def fact_of(claim: str) -> str | None:
    """The fact that a claim states, whole or in part: ``<fact>`` or ``<fact>-<part>``."""
    found = [key for key in facts() if claim == key or claim.startswith(f"{key}-")]
    return max(found, key=len, default=None)


@cache
def stated() -> dict[tuple[str, str], list[Value]]:
    """(fact, address of the article) -> the claims that state it there, the main one first."""
    found = defaultdict(list)
    for article in articles():
        for claim in article["claims"]:
            fact = None if claim["id"].startswith("seed-") else fact_of(claim["id"])
            if fact is not None:
                found[fact, article["address"] or SEED_URL].append(claim)
    return dict(found)


@cache
def mentions() -> list[tuple[Value, Value, Value, list[Value]]]:
    """(fact, its source, the article, its claims) for every mention of the file."""
    by_address = {article["address"] or SEED_URL: article for article in articles()}
    found = []
    for fact in facts().values():
        for mention in fact["sources"]:
            if (fact["id"], mention["url"]) == OTHERWISE_IN_THE_SEED:
                continue
            claims = stated().get((fact["id"], mention["url"]), [])
            found.append((fact, mention, by_address.get(mention["url"], {}), claims))
    return found


def test_the_source_is_the_one_that_was_read() -> None:
    assert len(facts()) == 313
    assert len(mentions()) == 563 - 1
    assert len(source()["disagreements"]) == 80


def test_every_fact_is_claimed_in_exactly_the_articles_of_its_sources() -> None:
    expected = {(fact["id"], mention["url"]) for fact, mention, _, _ in mentions()}
    assert set(stated()) == expected
    main = [claims for *_, claims in mentions() if fact_of(claims[0]["id"]) != claims[0]["id"]]
    assert main == []


def test_articles_say_where_they_come_from() -> None:
    wrong = [
        (article["key"], mention["url"])
        for _, mention, article, _ in mentions()
        if (article["outlet"], article["language"]) != (mention["outlet"], mention["language"])
        or (mention["url"] != SEED_URL and article["published"] != mention["published"])
    ]
    assert wrong == []


def test_reporters_and_confidence_are_kept() -> None:
    wrong = [
        (article["key"], claim["id"])
        for fact, mention, article, claims in mentions()
        for claim in claims
        if claim.get("reported_by", article["reported_by"])
        != ([] if (fact["id"], mention["url"]) == OWN_VOICE_OF_THE_SEED else mention["reported_by"])
        or claim["confidence"] != mention["confidence"]
    ]
    assert wrong == []


def test_sentences_are_kept_in_both_languages() -> None:
    wrong = [
        claim["id"]
        for fact, *_, claims in mentions()
        for claim in claims
        if claim["sentence"] != {"en": fact["statement_en"], "pt": fact["statement_pt"]}
        # Readers of a page don't know which article "the seed" is.
        and claim["id"] != OWN_VOICE_OF_THE_SEED[0]
    ]
    assert wrong == []


def test_status_and_dates_are_kept() -> None:
    wrong = [
        fact["id"]
        for fact, mention, _, claims in mentions()
        if claims[0]["status"]
        != ("exploring" if (fact["id"], mention["url"]) == EXPLORED_IN_THE_SEED else fact["status"])
        or claims[0].get("dates", {}) != {k: v for k, v in fact["dates"].items() if v}
    ]
    assert wrong == []


def _parties(entries: list[Value]) -> set[tuple[str, str]]:
    return {(party["role"], party["firm"]) for party in entries}


def test_parties_are_kept() -> None:
    wrong = []
    for fact, *_, claims in mentions():
        expected = _parties(fact["parties"])
        found = set().union(*(_parties(claim.get("parties", [])) for claim in claims))
        # A part of a fact, or a right, may name the role that a firm of the fact has in it.
        extra = found - expected
        known = {firm for _, firm in expected}
        told_in_parts = len(claims) > 1 or bool(fact["right"])
        strange = {(role, firm) for role, firm in extra if firm not in known}
        if expected - found or {role for role, _ in strange} - {"valued-firm"}:
            wrong.append((fact["id"], expected ^ found))
        elif extra and not told_in_parts:
            wrong.append((fact["id"], extra))
    assert wrong == []


def _figures(entries: list[Value], unit: str) -> set[tuple[Any, ...]]:
    return {(each["value"], each[unit], each["qualifier"], each["of"]) for each in entries}


@pytest.mark.parametrize(("field", "unit"), [("amounts", "currency"), ("quantities", "unit")])
def test_figures_are_kept(field: str, unit: str) -> None:
    wrong = [
        fact["id"]
        for fact, *_, claims in mentions()
        if _figures(fact[field], unit)
        != set().union(*(_figures(claim.get(field, []), unit) for claim in claims))
    ]
    assert wrong == []


def test_terms_and_conditions_are_kept() -> None:
    wrong = []
    for fact, *_, claims in mentions():
        term = fact["term"]
        expected = {"years": term["years"], "start": term["start"]}
        expected["end"] = term["end"] or term["end_fuzzy"]
        period = claims[0].get("period", {})
        found = {key: period.get(key) for key in expected}
        if found != expected and fact["id"] not in WITHOUT_PERIOD:
            wrong.append(fact["id"])
        conditions = [claim.get("condition", {}).get("en") for claim in claims]
        if term["condition"] is not None and term["condition"] not in conditions:
            wrong.append(fact["id"])
    assert wrong == []


def test_rights_and_products_are_kept() -> None:
    wrong = []
    for fact, *_, claims in mentions():
        if claims[0].get("offerings", []) != fact["products"]:
            wrong.append((fact["id"], "products"))
        if fact["right"] is None:
            continue
        kind = RIGHT_NAMES.get(fact["right"]["type"], fact["right"]["type"])
        right = next(claim["right"] for claim in claims if "right" in claim)
        if right["type"] != OTHER_RIGHT.get(fact["id"], kind):
            wrong.append((fact["id"], right["type"]))
        firms = {party["firm"] for claim in claims for party in claim["parties"]}
        if not {fact["right"]["holder"], fact["right"]["grantor"]} <= firms:
            wrong.append((fact["id"], "holder or grantor"))
        expected = CHANGED_RIGHT_KINDS.get(right["type"])
        if expected is not None and claims[0]["kind"] != expected:
            wrong.append((fact["id"], claims[0]["kind"]))
    assert wrong == []


def test_suspect_facts_have_the_verdict_and_no_others() -> None:
    judged = {
        fact_of(claim)
        for verdict in assessments()["verdicts"]
        if verdict["verdict"] == "suspect"
        for claim in verdict["claims"]
    }
    assert judged == {key for key, fact in facts().items() if fact["reliability"] == "suspect"}
    assert len(judged) == 34


@cache
def related() -> set[frozenset[str | None]]:
    """The pairs of facts that a relation between claims speaks of."""
    pairs = set()
    for entry in assessments()["relations"]:
        left = entry.get("newer", entry.get("claims", []))
        right = entry.get("older", entry.get("claims", []))
        pairs |= {frozenset((fact_of(one), fact_of(two))) for one in left for two in right}
    return pairs


def test_every_disagreement_is_decided() -> None:
    open_ones = [
        each["id"]
        for each in source()["disagreements"]
        if frozenset(each["facts"]) not in related()
    ]
    assert open_ones == []


def test_every_supersession_is_decided() -> None:
    pairs = [(fact["id"], old) for fact in facts().values() for old in fact["supersedes"]]
    assert len(pairs) == 57
    assert [pair for pair in pairs if frozenset(pair) not in related()] == []
