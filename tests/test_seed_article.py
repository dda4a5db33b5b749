"""The record of the seed article holds, one by one, the facts that the article states."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).resolve().parent.parent / "data"
KEY = "f4351270cf73a1fc"

Claim = dict[str, Any]


@cache
def article() -> dict[str, Any]:
    value: dict[str, Any] = _load(DATA / "articles" / f"{KEY}.yaml")
    return value


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def claim(key: str) -> Claim:
    return next(each for each in article()["claims"] if each["id"] == key)


def reporters(each: Claim) -> list[str]:
    found: list[str] = each.get("reported_by", article()["reported_by"])
    return found


def parties(each: Claim) -> set[tuple[str, str]]:
    return {(party["role"], party["firm"]) for party in each["parties"]}


def test_where_it_was_published() -> None:
    expected = {
        "outlet": "seed-article",
        "language": "pt",
        "address": None,
        "published": "2025-12-17",
        "published_basis": "inferred",
    }
    assert {key: article()[key] for key in expected} == expected


def test_every_claim_is_told_in_both_languages_in_our_words() -> None:
    for each in article()["claims"]:
        assert set(each["sentence"]) == {"en", "pt"}
        assert each["evidence"] == "paraphrase"


def test_amazon_talks_about_ten_billion_by_the_financial_times() -> None:
    talks = claim("amzn-oai-talks-ft")
    assert talks["status"] == "in-talks"
    assert parties(talks) == {("investor", "amazon"), ("investee", "openai")}
    amount = talks["amounts"][0]
    assert (amount["value"], amount["currency"], amount["qualifier"]) == (10**10, "USD", "about")
    assert reporters(talks) == ["financial-times"]


def test_the_article_itself_calls_the_talks_advanced() -> None:
    advanced = claim("seed-advanced-talks")
    assert advanced["about"] == claim("amzn-oai-talks-ft")["about"]
    assert advanced["status"] == "advanced-talks"
    assert reporters(advanced) == []


def test_openai_would_adopt_trainium() -> None:
    chips = claim("amzn-oai-talks-trainium")
    assert chips["kind"] == "chip-supply"
    assert chips["offerings"] == ["trainium"]
    assert parties(chips) == {("supplier", "amazon"), ("customer", "openai")}
    assert chips["modality"] == "conditional"
    assert claim("seed-next-models-on-trainium")["about"] == chips["about"]


def test_openai_would_use_more_of_aws() -> None:
    cloud = claim("seed-more-aws")
    assert parties(cloud) == {("customer", "openai"), ("cloud-provider", "aws")}
    assert (cloud["status"], cloud["modality"]) == ("in-talks", "conditional")


def test_the_existing_contract_with_aws() -> None:
    contract = claim("seed-aws-38bn")
    assert contract["status"] == "signed"
    assert contract["amounts"][0]["value"] == 38 * 10**9
    assert contract["amounts"][0]["basis"] == "contract"
    assert contract["period"]["years"] == 7
    assert contract["about"] != claim("seed-more-aws")["about"]


def test_the_valuation_could_pass_five_hundred_billion() -> None:
    value = claim("amzn-oai-talks-valuation")
    assert value["kind"] == "valuation"
    assert (value["amounts"][0]["value"], value["amounts"][0]["qualifier"]) == (
        500 * 10**9,
        "more-than",
    )
    assert value["modality"] == "projected"
    assert value["condition"]["en"]


def test_microsoft_holds_exclusive_rights_until_the_2030s() -> None:
    right = claim("seed-microsoft-exclusive-models")
    assert parties(right) == {("rights-holder", "microsoft"), ("grantor", "openai")}
    assert right["right"]["type"] == "exclusive"
    assert right["offerings"] == ["openai-frontier-models"]
    assert right["period"] == {"end": "203X", "relation": "until"}


def test_amazon_would_not_get_the_right_to_sell_the_models() -> None:
    none = claim("amzn-oai-no-resale-right")
    assert none["kind"] == "right-exclusion"
    assert ("restricted-party", "amazon") in parties(none)
    assert none["right"]["type"] == "restriction"
    assert none["modality"] == "conditional"
    assert none["offerings"] == ["openai-frontier-models"]


def test_the_relation_with_microsoft_was_restructured_and_lets_others_in() -> None:
    restructured = claim("seed-microsoft-relation-restructured")
    assert restructured["kind"] == "restructuring"
    assert {firm for _, firm in parties(restructured)} == {"microsoft", "openai"}
    others = claim("seed-other-providers-allowed")
    assert others["status"] == "ended"
    assert parties(others) == {("rights-holder", "microsoft"), ("grantor", "openai")}


@pytest.mark.parametrize(
    ("key", "kind", "role", "firm"),
    [
        ("seed-openai-nvidia", "chip-supply", "supplier", "nvidia"),
        ("seed-openai-oracle", "cloud-commitment", "cloud-provider", "oracle"),
        ("seed-openai-amd", "chip-supply", "supplier", "amd"),
    ],
)
def test_agreements_with_other_suppliers(key: str, kind: str, role: str, firm: str) -> None:
    agreement = claim(key)
    assert agreement["kind"] == kind
    assert agreement["status"] == "signed"
    assert parties(agreement) == {(role, firm), ("customer", "openai")}
    assert "amounts" not in agreement


def test_softbank_and_oracle_together_committed_four_hundred_billion() -> None:
    capacity = claim("sb-ora-400bn")
    assert {("builder", "softbank"), ("builder", "oracle")} <= parties(capacity)
    amount = capacity["amounts"][0]
    assert (amount["value"], amount["qualifier"], amount["joint"]) == (400 * 10**9, "about", True)


def test_investors_worry_about_circular_financing() -> None:
    worry = claim("seed-circular-financing")
    assert "circular" in worry["opinion"]["en"]
    assert "circular" in worry["opinion"]["pt"]
    assert worry["about"] == claim("amzn-oai-talks-ft")["about"]
    assert "status" not in worry
    # Nobody is named, but somebody else than the article is worried: an unnamed group.
    assert reporters(worry) == ["investors"]


def test_work_for_the_marketplace_is_only_explored() -> None:
    work = claim("seed-marketplace-exploring")
    assert work["status"] == "exploring"
    assert work["offerings"] == ["amazon-marketplace"]
    told = claim("amzn-oai-marketplace-talks")
    assert (told["about"], told["status"]) == (work["about"], "exploring")


@pytest.mark.parametrize("merchant", ["etsy", "shopify", "instacart"])
def test_it_is_alike_to_other_commerce(merchant: str) -> None:
    commerce = claim(f"seed-{merchant}")
    assert commerce["kind"] == "commerce"
    assert parties(commerce) == {("merchant", merchant), ("platform", "openai")}


def test_claims_are_about_what_the_other_articles_speak_of() -> None:
    elsewhere = {
        each["about"]
        for path in (DATA / "articles").glob("*.yaml")
        if path.stem != KEY
        for each in _load(path)["claims"]
    }
    alone = {each["about"] for each in article()["claims"]} - elsewhere
    # Only this article has the joint figure for SoftBank and Oracle.
    assert alone == {"softbank-oracle-capacity"}
