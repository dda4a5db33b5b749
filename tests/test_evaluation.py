"""The scorer: perfect predictions score one, chance scores nothing, and counts can't exceed."""

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import REPOSITORY
from dealgraph.articles.reader import read_records
from dealgraph.cli.app import main
from dealgraph.errors import BadInput, RecordError
from dealgraph.evaluation.contact import read_contacts, record_contact
from dealgraph.evaluation.figures import bootstrap, shuffled, tally, total, wilson
from dealgraph.evaluation.gold import half_of, read_batch, sentences
from dealgraph.evaluation.matching import assign, matches
from dealgraph.evaluation.measuring import without_some
from dealgraph.evaluation.model import GoldClaim, GoldText, Trap
from dealgraph.extraction.candidate import (
    Candidate,
    CandidateAmount,
    CandidateParty,
    CandidateQuote,
)
from dealgraph.extraction.document import Span
from dealgraph.extraction.found import Bounds, Money
from dealgraph.extraction.known_names import gazetteer_of
from dealgraph.resources import folder

FIRMS = ("amazon", "openai", "nvidia", "oracle", "anthropic")
KINDS = {"equity-investment": ("investor", "investee"), "chip-supply": ("supplier", "customer")}
BATCHES = sorted((REPOSITORY / "data" / "evaluation" / "articles").glob("batch-*"))


def same(key: str) -> str:
    return key


def amount(value: int, qualifier: str = "exact") -> CandidateAmount:
    money = Money(Span(0, 1), "x", Bounds(Decimal(value), qualifier), "USD")
    return CandidateAmount(money, "investment")


def candidate_of(claim: GoldClaim) -> Candidate:
    """The candidate that says exactly what a known claim says."""
    return Candidate(
        claim.kind,
        tuple(CandidateParty(role, firm, firm, Span(0, 1)) for role, firm in claim.parties),
        (CandidateQuote(0, 4, "text"),),
        "test",
        "test",
        status=claim.status,
        polarity=claim.polarity,
        amounts=tuple(amount(int(low), qualifier) for low, _, _, qualifier in claim.amounts),
    )


@st.composite
def claims(draw: st.DrawFn) -> GoldClaim:
    kind = draw(st.sampled_from(sorted(KINDS)))
    one, other = draw(st.permutations(FIRMS))[:2]
    value = draw(st.sampled_from([None, 10**9, 2 * 10**9]))
    return GoldClaim(
        id="c",
        kind=kind,
        required=draw(st.booleans()),
        parties=frozenset(zip(KINDS[kind], (one, other), strict=True)),
        polarity=draw(st.sampled_from(["affirmed", "denied"])),
        status=draw(st.sampled_from(["signed", "in-talks"])),
        amounts=() if value is None else ((float(value), float(value), "USD", "exact"),),
    )


TEXTS = st.lists(claims(), max_size=6, unique_by=lambda c: (c.kind, c.parties, c.polarity))


def text_of(several: list[GoldClaim], key: str = "t") -> GoldText:
    return GoldText(key, key, "en", "text", None, tuple(several))


@settings(deadline=None)
@given(TEXTS)
def test_perfect_predictions_are_all_found_and_all_right(several: list[GoldClaim]) -> None:
    ((_, counts),) = tally(
        [text_of(several)], lambda text: [candidate_of(c) for c in text.claims], same
    )
    assert counts.found == counts.valued == counts.whole == counts.required
    assert counts.right == counts.candidates
    assert counts.repeats == 0


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_hits_never_exceed_either_side(gold: list[GoldClaim], said: list[GoldClaim]) -> None:
    candidates = [candidate_of(claim) for claim in (*said, *said)]
    ((_, counts),) = tally([text_of(gold)], lambda _: candidates, same)
    assert counts.found <= counts.required
    assert counts.right + counts.repeats <= counts.candidates
    assert counts.right <= len(gold)
    assert 0 <= counts.precision <= 1
    assert 0 <= counts.recall <= 1


@settings(deadline=None)
@given(TEXTS)
def test_what_is_said_twice_is_a_repeat_and_not_an_error(several: list[GoldClaim]) -> None:
    once = [candidate_of(claim) for claim in several]
    ((_, counts),) = tally([text_of(several)], lambda _: [*once, *once], same)
    assert counts.repeats == len(once)
    assert counts.precision == (1.0 if once else 0.0)


@settings(deadline=None)
@given(TEXTS)
def test_one_candidate_less_costs_recall_only(several: list[GoldClaim]) -> None:
    everything = [candidate_of(claim) for claim in several]
    ((_, whole),) = tally([text_of(several)], lambda _: everything, same)
    ((_, less),) = tally([text_of(several)], lambda _: everything[1:], same)
    assert whole.found - less.found in (0, 1)
    assert less.right == less.candidates


def gold(**changes: object) -> GoldClaim:
    base = GoldClaim(
        "c",
        "equity-investment",
        True,
        frozenset({("investor", "amazon"), ("investee", "openai")}),
        status="signed",
        amounts=((10e9, 10e9, "USD", "exact"),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def test_kind_main_parties_polarity_and_amount_must_agree() -> None:
    said = candidate_of(gold())
    assert matches(said, gold(), same)
    assert matches(said, gold(status="in-talks"), same)
    assert matches(said, gold(amounts=()), same)
    assert matches(said, gold(amounts=((9.95e9, 9.95e9, "USD", "about"),)), same)
    assert not matches(said, gold(amounts=((8e9, 8e9, "USD", "exact"),)), same)
    assert not matches(said, gold(kind="funding-round"), same)
    assert not matches(said, gold(polarity="denied"), same)
    turned = frozenset({("investor", "openai"), ("investee", "amazon")})
    assert not matches(said, gold(parties=turned), same)


def test_units_count_as_their_group() -> None:
    said = candidate_of(gold(parties=frozenset({("investor", "aws"), ("investee", "openai")})))
    assert not matches(said, gold(), same)
    assert matches(said, gold(), lambda key: "amazon" if key == "aws" else key)


def test_a_required_claim_is_taken_before_one_that_may_be_drawn() -> None:
    several = [gold(required=False), gold(id="d")]
    (pair,), _ = assign([candidate_of(gold())], several, same)
    assert several[pair.claim].required


def test_a_trap_is_fallen_into_by_what_it_forbids_in_its_sentence() -> None:
    trap = Trap("t", "text", gold(amounts=()))
    text = replace(text_of([]), traps=(trap,))
    ((_, counts),) = tally([text], lambda _: [candidate_of(gold())], same)
    assert (counts.traps, counts.fallen) == (1, 1)
    elsewhere = replace(candidate_of(gold()), quotes=(CandidateQuote(0, 5, "other"),))
    ((_, counts),) = tally([text], lambda _: [elsewhere], same)
    assert counts.fallen == 0


def test_intervals_hold_the_share_and_shrink_with_n() -> None:
    low, high = wilson(41, 100)
    assert low == pytest.approx(0.32, abs=0.01)
    assert high == pytest.approx(0.51, abs=0.01)
    wide = wilson(4, 10)
    assert wide[1] - wide[0] > high - low
    texts = [text_of([gold()], key=str(number)) for number in range(20)]
    found = tally(texts, lambda t: [candidate_of(gold())] if int(t.key) % 2 else [], same)
    low, high = bootstrap(found, lambda each: each.recall)
    assert low < 0.5 < high
    assert total(counts for _, counts in found).recall == 0.5


def test_claims_of_other_texts_are_found_by_chance_only() -> None:
    records = read_records(folder("data"))
    texts = sentences(records, "author")
    perfect = {text.text: [candidate_of(claim) for claim in text.claims] for text in texts}
    sums = total(
        counts for _, counts in tally(shuffled(texts), lambda text: perfect[text.text], same)
    )
    assert sums.recall < 0.05


def test_a_deal_is_in_one_half_with_both_languages() -> None:
    records = read_records(folder("data"))
    halves = {half: sentences(records, half) for half in ("author", "check")}
    assert {text.group for text in halves["author"]} & {t.group for t in halves["check"]} == set()
    for half, texts in halves.items():
        assert {half_of(text.group) for text in texts} == {half}
        assert sum(t.language == "en" for t in texts) == sum(t.language == "pt" for t in texts)


@pytest.mark.parametrize("batch", BATCHES, ids=lambda path: path.name)
def test_gold_articles_keep_their_format(batch: Path) -> None:
    texts = read_batch(batch, read_records(folder("data")))
    assert len(texts) == 10
    assert {text.language for text in texts} == {"en", "pt"}
    for text in texts:
        assert any(claim.required for claim in text.claims)
        assert text.traps


def test_mistakes_in_gold_are_named(tmp_path: Path) -> None:
    batch = tmp_path / "batch-99"
    batch.mkdir()
    (batch / "01-x.txt").write_text("Amazon invests in OpenAI.", "utf-8")
    claim = {
        "id": "c1",
        "kind": "equity-investment",
        "parties": [{"role": "investor", "firm": "nobody"}],
        "quotes": ["Amazon buys OpenAI."],
    }
    value = {"format": 1, "language": "en", "claims": [claim]}
    (batch / "01-x.yaml").write_text(yaml.safe_dump(value), "utf-8")
    with pytest.raises(RecordError) as refused:
        read_batch(batch, read_records(folder("data")))
    assert "the register has no 'nobody'" in str(refused.value)
    assert "the text doesn't say: Amazon buys OpenAI." in str(refused.value)


def test_a_batch_is_met_once(tmp_path: Path) -> None:
    record_contact(tmp_path, {"batch": "batch-01", "recall": 0.4})
    record_contact(tmp_path, {"batch": "batch-02", "recall": 0.5})
    assert [each["batch"] for each in read_contacts(tmp_path)] == ["batch-01", "batch-02"]
    with pytest.raises(BadInput, match="batch-01 has been met before"):
        record_contact(tmp_path, {"batch": "batch-01", "recall": 0.9})
    assert read_contacts(tmp_path)[0]["recall"] == 0.4


def test_the_command_refuses_to_look_at_a_test_by_accident(tmp_path: Path) -> None:
    shutil.copytree(folder("data") / "evaluation", tmp_path / "evaluation")
    shutil.copytree(folder("data") / "language", tmp_path / "language")
    (tmp_path / "evaluation" / "first-contact.yaml").unlink()
    name = BATCHES[0].name
    command = ["evaluate", "--data", str(tmp_path)]
    refused = CliRunner().invoke(main, [*command, name])
    assert refused.exit_code == 2
    assert "a test that nobody has met yet" in refused.output
    met = CliRunner().invoke(main, [*command, name, "--record", "--format", "json"])
    assert met.exit_code == 0, met.output
    (row,) = json.loads(met.output)
    assert 0 <= row["recall"] <= 1
    assert row["shuffled_recall"] < 0.1
    (entry,) = read_contacts(tmp_path / "evaluation")
    assert entry["batch"] == name
    assert entry["recall"] == row["recall"]
    again = CliRunner().invoke(main, [*command, name, "--errors"])
    assert again.exit_code == 0
    assert "missed " in again.output
    assert CliRunner().invoke(main, [*command, name, "--record"]).exit_code == 2
    log = CliRunner().invoke(main, command)
    assert f"batch {name}" in log.output


def test_a_fifth_of_the_firms_is_hidden() -> None:
    names = gazetteer_of(read_records(folder("data")))
    left = without_some(names)
    gone = set(names.entries) - set(left.entries)
    firms = [key for key, each in names.entries.items() if each.kind == "firm"]
    assert len(gone) == int(len(firms) * 0.2)
    assert all(each.owner not in gone for each in left.entries.values())
