"""Frames as data: what an analyst edits is checked, and its examples run."""

import shutil
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from dealgraph.articles.reader import read_records
from dealgraph.cli.app import main
from dealgraph.errors import RecordError
from dealgraph.extraction.candidate import Candidate
from dealgraph.extraction.gazetteer import Gazetteer
from dealgraph.extraction.known_names import gazetteer_of
from dealgraph.extraction.language_data import read_language
from dealgraph.extraction.pipeline import Pipeline, failing_examples, load_pipeline
from dealgraph.extraction.reading import read_document
from dealgraph.kinds import COMPONENT_CLASS
from dealgraph.resources import folder

LANGUAGE = folder("data") / "language"


@cache
def pipeline() -> Pipeline:
    return load_pipeline(LANGUAGE, gazetteer_of(read_records(folder("data"))))


def read(text: str, language: str = "en") -> tuple[Candidate, ...]:
    return pipeline().candidates(read_document(text, language))


def parties(candidate: Candidate) -> set[tuple[str, str]]:
    return {(each.role, each.firm or each.name) for each in candidate.parties}


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the language data that a test may break."""
    shutil.copytree(LANGUAGE, tmp_path / "language")
    return tmp_path / "language"


def test_there_are_frames_for_every_kind_in_both_languages() -> None:
    for language in ("en", "pt"):
        kinds = {frame.kind for frame in read_language(LANGUAGE / language).frames}
        assert kinds == set(COMPONENT_CLASS)


def test_every_frame_keeps_its_examples() -> None:
    for language in ("en", "pt"):
        data = read_language(LANGUAGE / language)
        assert len(data.frames) > 40
        assert failing_examples(data) == []


def test_an_edit_that_breaks_a_frame_is_refused_with_its_example(edited: Path) -> None:
    path = edited / "en" / "frames" / "capital.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("verbs: [invest, ", "verbs: [", 1), "utf-8")
    with pytest.raises(RecordError) as refused:
        load_pipeline(edited, Gazetteer())
    assert "en: frame 'invest'" in str(refused.value)
    assert "will invest $10bn in" in str(refused.value)
    # Others go on as they were.
    assert all("frame 'invest'" in mistake for mistake in refused.value.mistakes)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("kind: loan", "kind: lone", "no kind is called 'lone'"),
        ("lender: {from", "lenders: {from", "no role is called 'lenders'"),
        ("  status: announced", "  statu: announced", "did you mean 'status'?"),
        ("- id: lend\n", "- id: loan\n", "stands twice"),
        ("frames:", "frames: [", "not YAML"),
    ],
)
def test_a_mistake_in_a_frame_names_place_and_cure(
    edited: Path, old: str, new: str, complaint: str
) -> None:
    path = edited / "en" / "frames" / "capital.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    done = CliRunner().invoke(
        main, ["extract", "--language-data", str(edited), "-"], input="Nothing to read here."
    )
    assert done.exit_code == 4
    assert complaint in done.output
    assert "capital.yaml" in done.output


def test_a_counterexample_that_fires_is_refused(edited: Path) -> None:
    path = edited / "en" / "frames" / "capital.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('"[JPMorgan] lent its name to the event."', '"[JPMorgan] lent [Acme] $5m."'),
        "utf-8",
    )
    with pytest.raises(RecordError, match="in the counterexample"):
        load_pipeline(edited, Gazetteer())


def test_the_passive_turns_roles_round() -> None:
    (active,) = read("OpenAI acquired Statsig for $1.1bn.")
    (passive,) = read("Statsig was acquired by OpenAI for $1.1bn.")
    assert parties(active) == parties(passive) == {("acquirer", "openai"), ("target", "Statsig")}


def test_what_is_denied_says_so() -> None:
    (denied,) = read("Nvidia did not invest in Anthropic.")
    assert denied.polarity == "denied"
    (excluded,) = read("Amazon would not get the right to sell OpenAI's models.")
    assert (excluded.kind, excluded.polarity) == ("right-exclusion", "affirmed")


def test_a_question_says_nothing() -> None:
    assert read("Will Nvidia invest $10bn in Anthropic?") == ()


def test_what_would_be_is_conditional_and_in_talks() -> None:
    (claim,) = read("A Amazon investiria US$ 10 bilhões na OpenAI.", "pt")
    assert (claim.modality, claim.status) == ("conditional", "in-talks")


def test_said_twice_is_one_claim_with_two_quotes() -> None:
    (claim,) = read(
        "Nvidia to invest $2bn in Nokia\n\nNvidia will invest $2bn in Nokia, the firms said."
    )
    assert len(claim.quotes) == 2


def test_a_new_name_is_told_as_such() -> None:
    (claim,) = read("Halvorsen Compute raised $310m in a Series C round.")
    (party,) = claim.parties
    assert (party.role, party.firm, party.name) == ("investee", None, "Halvorsen Compute")


def test_who_reported_it_is_kept() -> None:
    (claim,) = read("Amazon will invest $10bn in OpenAI, according to Bloomberg.")
    assert claim.reported_by == ("bloomberg",)
    (own,) = read("Amazon will invest $10bn in OpenAI.")
    assert own.reported_by == ()


NAMES = ("Amazon", "OpenAI", "Nvidia", "Microsoft", "Oracle", "Trainium", "Azure", "Halvorsen")
VERBS = ("invest", "invests", "will", "holds", "granted", "buy", "said", "would", "not", "acquired")
NOUNS = ("stake", "chips", "cloud", "deal", "exclusive rights", "models", "warrant", "valuation")
SMALL = (
    "in",
    "from",
    "with",
    "the",
    "a",
    "to",
    "of",
    "by",
    "until the 2030s",
    "which",
    "its",
    "it",
)
MARKS = ("$10bn", "27%", "seven years", ",", ".", "'s", '"', "(", "[", "]", "|", ":", ";", "\u2019")
WORDS = st.sampled_from((*NAMES, *VERBS, *NOUNS, *SMALL, *MARKS))


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=40))
def test_any_words_give_claims_whose_quotes_and_places_are_real(words: list[str]) -> None:
    text = " ".join(words)
    document = read_document(text, "en")
    for claim in pipeline().candidates(document):
        assert claim.kind in COMPONENT_CLASS
        assert claim.quotes
        for quote in claim.quotes:
            assert text[quote.start : quote.end] == quote.exact
        firms = [(each.role, each.firm or each.name) for each in claim.parties]
        assert len(firms) == len(set(firms))
        for party in claim.parties:
            assert 0 <= party.span.start < party.span.end <= len(document.text)


@pytest.mark.parametrize(
    ("text", "language", "modality"),
    [
        ("Nvidia said it would invest $10bn in Anthropic.", "en", "asserted"),
        ("A Nvidia disse que investiria US$ 10 bilhões na Anthropic.", "pt", "asserted"),
        ("Bloomberg said Nvidia would invest $10bn in Anthropic.", "en", "conditional"),
    ],
)
def test_what_a_firm_says_that_it_would_do_is_announced(
    text: str, language: str, modality: str
) -> None:
    (claim,) = read(text, language)
    assert claim.modality == modality
    assert claim.status == ("announced" if modality == "asserted" else "in-talks")
