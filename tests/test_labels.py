"""Names: found as one types, whatever the accents, and resolved to one thing or an error."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealgraph.engines.rows import RowsEngine, Table, Term
from dealgraph.errors import BadInput
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.names import Name, fold, rank
from dealgraph.releases.workspace import Release
from dealgraph.vocab import DG, concept, identity

ACME = str(identity("org", "acme"))
CLOUD = str(identity("org", "acme-cloud"))


@pytest.fixture(scope="module")
def labels(mini_release: Release) -> Iterator[LabelIndex]:
    engine = RowsEngine(mini_release, workers=1)
    yield LabelIndex.from_engine(engine)
    engine.close()


def test_a_label_is_in_the_language_that_is_asked_for(labels: LabelIndex) -> None:
    assert labels.label(CLOUD, "en") == "Acme Cloud"
    assert labels.label(CLOUD, "pt") == "Nuvem Acme"
    assert labels.label("https://e.example/nobody", "en") is None


@pytest.mark.parametrize(
    ("iri", "label"),
    [
        (str(identity("deal", "acme-bolt")), "Acme and Bolt"),
        (str(identity("component", "acme-bolt-open")), "Non-exclusive licence"),
        (str(identity("valuation", "bolt-value")), "Value of Bolt"),
        (str(identity("article", "gazette-3")), "Bolt's worth"),
        (str(concept("status", "in-talks")), "in talks"),
        (str(DG.CloudSupply), "cloud supply"),
        (str(DG.hasInvestor), "has investor"),
    ],
)
def test_everything_in_a_release_has_a_label(labels: LabelIndex, iri: str, label: str) -> None:
    assert labels.label(iri, "en") == label


@pytest.mark.parametrize(
    "text", ["acme cl", "ACME CLOUD", "clo ac", "nuvem", "núvem", "acme-cloud"]
)
def test_a_firm_is_found_by_the_beginning_of_any_word(labels: LabelIndex, text: str) -> None:
    assert CLOUD in [match.iri for match in labels.search(text, "firm", "pt", 10)]


def test_the_best_match_comes_first_and_says_what_matched(labels: LabelIndex) -> None:
    found = labels.search("acme", "firm", "en", 10)
    assert [match.key for match in found] == ["acme", "acme-cloud"]
    alias = labels.search("dona da", "firm", "en", 10)[0]
    assert (alias.iri, alias.key, alias.label) == (ACME, "acme", "Acme")
    assert (alias.matched, alias.kind) == ("dona da Acme", "firm")


def test_a_search_without_a_kind_finds_things_but_no_concepts(labels: LabelIndex) -> None:
    kinds = {match.kind for match in labels.search("b", None, "en", 50)}
    assert kinds == {"firm", "product", "component", "deal", "valuation", "article"}
    assert labels.search("signed", None, "en", 10) == []


def test_a_search_is_limited_and_an_empty_one_finds_nothing(labels: LabelIndex) -> None:
    assert len(labels.search("a", None, "en", 2)) == 2
    assert labels.search("  ", None, "en", 10) == []
    assert labels.search("?!", None, "en", 10) == []


@pytest.mark.parametrize("text", ["acme", "Acme", " ACME ", ACME, "Acme Corp.", "dona da acme"])
def test_a_firm_is_named_by_key_label_alias_or_iri(labels: LabelIndex, text: str) -> None:
    assert labels.resolve(text, "firm") == ACME


def test_kinds_are_named_as_records_name_them_and_by_family(labels: LabelIndex) -> None:
    assert labels.resolve("cloud-commitment", "kind") == str(DG.CloudSupply)
    assert labels.resolve("CloudSupply", "kind") == str(DG.CloudSupply)
    assert labels.resolve("fornecimento de nuvem", "kind") == str(DG.CloudSupply)
    assert labels.resolve("supply component", "kind").endswith("#SupplyComponent")


def test_choices_are_sorted_by_name(labels: LabelIndex) -> None:
    statuses = labels.choices("status", "pt")
    assert len(statuses) == 10
    assert [fold(match.label) for match in statuses] == sorted(fold(m.label) for m in statuses)
    assert {"cloud-commitment", "valuation", "SupplyComponent"} <= {
        match.key for match in labels.choices("kind", "en")
    }


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("Bolte", "firm", "'Bolte' is not a firm of this release. Did you mean Bolt?"),
        ("acme-bolt", "firm", "'acme-bolt' is not a firm of this release."),
        (ACME, "product", "is not a product of this release. Search for it"),
        ("https://e.example/x", "firm", "is not a firm of this release"),
        ("x" * 500, "deal", f"'{'x' * 60}…' is not a deal of this release"),
    ],
)
def test_a_name_that_is_not_known_comes_with_the_nearest(
    labels: LabelIndex, text: str, kind: str, message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        labels.resolve(text, kind)
    assert message in str(caught.value)


class Names:
    """Answers with names that a test makes up."""

    def __init__(self, *rows: tuple[str, str, str]) -> None:
        self._rows = rows

    def table(self, text: str) -> Table:
        return Table(
            ("iri", "name", "role"),
            [
                (
                    Term("iri", str(identity("org", key)), None, None),
                    Term("literal", name, None, "en"),
                    Term("literal", role, None, None),
                )
                for key, name, role in self._rows
            ],
        )


def test_a_name_of_two_things_is_an_error_that_names_both() -> None:
    index = LabelIndex.from_engine(
        Names(("a1", "Delta", "label"), ("a2", "Delta Air", "label"), ("a2", "delta", "alias"))
    )
    with pytest.raises(BadInput, match=r"'Delta' names more than a firm\. Give one of: a1, a2\."):
        index.resolve("Delta", "firm")
    assert index.resolve("a1", "firm").endswith("/a1")


def test_a_key_beats_the_name_of_another_thing() -> None:
    index = LabelIndex.from_engine(Names(("x", "y", "label"), ("y", "Ypsilon", "label")))
    assert index.resolve("y", "firm").endswith("/y")


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_name_is_always_found_by_itself_and_its_beginning(name: str, other: str) -> None:
    whole = Name.of(f"{name} {other}")
    assert rank(whole, whole) is not None
    if whole.words:
        assert rank(Name.of(whole.words[0][:2]), whole) is not None


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
