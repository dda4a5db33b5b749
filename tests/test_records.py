"""The reader of article records, the register and the assessments."""

import json
from pathlib import Path

import pytest

from dealgraph import kinds
from dealgraph.articles.model import Amount, Party, Records
from dealgraph.articles.reader import read_records
from dealgraph.articles.schema import schema
from dealgraph.errors import NotFound, RecordError


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _mistakes(folder: Path) -> list[str]:
    with pytest.raises(RecordError) as caught:
        read_records(folder)
    return list(caught.value.mistakes)


def test_a_record_is_read_whole(mini: Records) -> None:
    talks, cloud, right = mini.articles["gazette-1"].claims
    assert talks.parties == (Party("investor", "acme"), Party("investee", "bolt"))
    assert talks.amounts == (Amount(10_000_000_000, "USD", "about", "investment", "investment"),)
    assert talks.reported_by == ("herald",)
    assert cloud.reported_by == (), "a claim's own chain wins over the article's"
    assert cloud.period is not None
    assert cloud.period.years == 7
    assert right.right is not None
    assert right.right.subject["pt"] == "os modelos mais avançados"
    assert mini.components["acme-bolt-open"].replaces == ("acme-bolt-exclusive",)


def test_the_country_norway_is_not_false(mini: Records) -> None:
    assert mini.organizations["bolt"].country == "NO"


def test_an_unquoted_date_stays_a_date_as_printed(mini_folder: Path) -> None:
    _edit(mini_folder / "articles" / "gazette-1.yaml", "'2025-12-17'", "2025-12-17")
    assert read_records(mini_folder).articles["gazette-1"].published == "2025-12-17"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "articles/gazette-1.yaml",
            "status: in-talks",
            "status: talking",
            "articles/gazette-1.yaml:18: claims[0].status: 'talking' is not known here; use one of",
            id="unknown status",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "  confidence: high",
            "  confidance: high",
            "there is no key 'confidance' here; did you mean 'confidence'?",
            id="misspelt key",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "  sentence: {en: Acme talks of ten billion., pt: A Acme fala em dez bilhões.}\n",
            "",
            "claims[0]: the key 'sentence' is missing; add it",
            id="missing sentence",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "firm: acme}",
            "firm: acne}",
            "there is no organization 'acne'; did you mean acme",
            id="unknown firm",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "about: acme-bolt-equity",
            "about: acme-bolt-equities",
            "there is no component 'acme-bolt-equities'; did you mean acme-bolt-equity",
            id="unknown component",
        ),
        pytest.param(
            "register/register.yaml",
            "offerings: [bolt-large]}",
            "scope: {over: [bolt-larg]}}",
            "scope: over: there is no offering 'bolt-larg'; did you mean bolt-large",
            id="right over what is not there",
        ),
        pytest.param(
            "register/register.yaml",
            "offerings: [bolt-large]}",
            "scope: {activities: [resell]}}",
            "'resell' is not known here; use one of: commercialise,",
            id="unknown activity",
        ),
        pytest.param(
            "register/register.yaml",
            "kind: cloud-commitment, ",
            "kind: cloud-commitment, scope: {over: [bolt-large]}, ",
            "scope: only distribution, right-exclusion, right-grant, undertaking have one; take it "
            "out",
            id="scope of a purchase",
        ),
        pytest.param(
            "register/register.yaml",
            "included_in: [bolt-models]",
            "may_overlap: [bolt-large]",
            "may_overlap: an offering always overlaps itself; take it out",
            id="overlap with itself",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "value: 10000000000",
            "value: ten billion",
            "'ten billion' is no number",
            id="amount in words",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "announced: '2025-11-03'",
            "announced: 'last autumn'",
            "announced: 'last autumn' is no date; dates look like 2026,",
            id="date in words",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "end: 203X",
            "end: '20232'",
            "end: '20232' is no date",
            id="misprinted year that nobody doubts",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "key: gazette-1",
            "key: gazette-9",
            "the file is named gazette-1.yaml; name the file gazette-9.yaml or mend the key",
            id="file name",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "format: 1",
            "format: 1\nformat: 1",
            "articles/gazette-1.yaml:2: the key 'format' stands twice; keep one",
            id="key twice",
        ),
        pytest.param(
            "articles/gazette-1.yaml",
            "language: en",
            "language: [en",
            "articles/gazette-1.yaml",
            id="not YAML",
        ),
        pytest.param(
            "register/register.yaml",
            "unit_of: acme}",
            "unit_of: acme-cloud}",
            "unit_of: acme-cloud → acme-cloud goes round; take one step out",
            id="unit of itself",
        ),
        pytest.param(
            "register/register.yaml",
            "of: bolt, label",
            "label",
            "of: a valuation names the firm that is valued",
            id="valuation of nobody",
        ),
        pytest.param(
            "register/register.yaml",
            "key: bolt-value,",
            "key: acme-bolt-cloud,",
            "the component 'acme-bolt-cloud' is also at register/register.yaml",
            id="component twice",
        ),
        pytest.param(
            "assessments/decisions.yaml",
            "newer: [signed]",
            "newer: [sigend]",
            "there is no statement 'sigend'; did you mean signed",
            id="unknown statement",
        ),
        pytest.param(
            "assessments/decisions.yaml",
            "newer: [signed]",
            "newer: [talks]",
            "'talks' is also newer; take one out",
            id="newer than itself",
        ),
        pytest.param(
            "assessments/decisions.yaml",
            "  claims: [value-500, value-600]\n",
            "  newer: [value-500]\n  older: [value-600]\n",
            "updates and corrects take 'newer' and 'older'",
            id="conflict with an order",
        ),
    ],
)
def test_a_mistake_names_file_line_and_cure(
    mini_folder: Path, file: str, old: str, new: str, expected: str
) -> None:
    _edit(mini_folder / file, old, new)
    mistakes = _mistakes(mini_folder)
    assert any(expected in mistake for mistake in mistakes), mistakes
    assert all(mistake.split(":")[1].isdigit() for mistake in mistakes), mistakes


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("articles/gazette-1.yaml", "value: 10000000000", "value: .inf", "is no number"),
        ("articles/gazette-1.yaml", "{years: 7}", "{years: 10000}", "must be 200 or less"),
        ("articles/gazette-1.yaml", "{years: 7}", "{start: '2026', end: '2025'}", "is before the"),
        ("articles/gazette-1.yaml", "language: en", "language: &x [*x]", "alias"),
        ("articles/gazette-1.yaml", "firm: acme}", 'firm: "acme\\n"}', "is not an ASCII slug"),
        ("articles/gazette-1.yaml", "'2025-11-03'", "'٢٠٢٥'", "is no date"),
        (
            "register/register.yaml",
            "key: acme-bolt-exclusive, kind: right-grant,",
            "key: acme-bolt-exclusive, kind: right-grant, replaces: [acme-bolt-open],",
            "goes round; take one step out",
        ),
        (
            "register/register.yaml",
            "key: acme-bolt-cloud,",
            "key: acme-bolt-cloud, of: bolt,",
            "only a valuation is of a firm",
        ),
        (
            "assessments/decisions.yaml",
            "- key: value-open",
            "- {key: back, relation: updates, newer: [talks], older: [signed],"
            " note: {en: x, pt: x}, decided_on: '2026-11-24', decided_by: us}\n- key: value-open",
            "goes round; take one step out",
        ),
        (
            "assessments/decisions.yaml",
            "claims: [value-500, value-600]",
            "claims: [value-500, herald-2/value-500]",
            "keep one",
        ),
    ],
    ids=lambda value: value[:24],
)
def test_what_no_record_can_mean_is_refused(
    mini_folder: Path, file: str, old: str, new: str, expected: str
) -> None:
    _edit(mini_folder / file, old, new)
    mistakes = _mistakes(mini_folder)
    assert any(expected in mistake for mistake in mistakes), mistakes


def test_every_mistake_of_every_file_is_reported_at_once(mini_folder: Path) -> None:
    _edit(mini_folder / "articles" / "gazette-1.yaml", "status: in-talks", "status: talking")
    _edit(mini_folder / "articles" / "gazette-1.yaml", "currency: USD", "currency: dollars")
    _edit(mini_folder / "articles" / "herald-2.yaml", "confidence: high", "confidence: sure")
    _edit(mini_folder / "register" / "register.yaml", "kind: outlet", "kind: paper")
    mistakes = _mistakes(mini_folder)
    assert len(mistakes) == 4, mistakes
    assert [mistake.split(":")[0] for mistake in mistakes] == [
        "register/register.yaml",
        "articles/gazette-1.yaml",
        "articles/gazette-1.yaml",
        "articles/herald-2.yaml",
    ]


def test_a_mistake_of_one_kind_hides_none_of_another(mini_folder: Path) -> None:
    """A misspelt role must not keep the reader from the firms and days that are wrong elsewhere."""
    gazette = mini_folder / "articles" / "gazette-1.yaml"
    _edit(gazette, "role: investor", "role: inwestor")
    _edit(gazette, "announced: '2025-11-03'", "announced: '2025-13-45'")
    _edit(mini_folder / "articles" / "herald-2.yaml", "firm: acme}", "firm: acne}")
    (mini_folder / "articles" / "empty.yaml").write_text("")
    _edit(
        mini_folder / "register" / "register.yaml",
        "key: bolt-large, kind: model",
        "key: bolt-large",
    )
    mistakes = _mistakes(mini_folder)
    for expected in ("'inwestor'", "'2025-13-45' is no date", "'acne'", "empty.yaml:1", "'kind'"):
        assert any(expected in mistake for mistake in mistakes), (expected, mistakes)
    assert len(mistakes) == 5, "what points to a broken entry is no mistake of its own"
    assert any(mistake.startswith("articles/gazette-1.yaml:37:") for mistake in mistakes)


def test_what_points_into_a_file_that_cannot_be_read_is_not_blamed(mini_folder: Path) -> None:
    (mini_folder / "register" / "register.yaml").write_text("organizations: [")
    [mistake] = _mistakes(mini_folder)
    assert mistake.startswith("register/register.yaml:2: not YAML")


def test_a_statement_is_about_one_thing_in_all_articles(mini_folder: Path) -> None:
    _edit(mini_folder / "articles" / "herald-2.yaml", "id: value-500", "id: cloud")
    _edit(mini_folder / "assessments" / "decisions.yaml", "[value-500,", "[cloud,")
    assert any("the statement 'cloud' is about" in mistake for mistake in _mistakes(mini_folder))


def test_a_folder_without_records_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has no folder register/"):
        read_records(tmp_path)


def test_the_schemas_know_what_the_vocabulary_knows() -> None:
    claim = schema("article")["properties"]["claims"]["items"]["properties"]
    assert claim["kind"]["enum"] == list(kinds.COMPONENT_CLASS)
    roles = claim["parties"]["items"]["properties"]["role"]["enum"]
    assert roles == list(kinds.ROLE_PROPERTY)
    assert schema("article")["properties"]["kind"]["enum"] == list(kinds.ARTICLE_CLASS)
    entries = schema("register")["properties"]
    organizations = entries["organizations"]["items"]["properties"]
    assert organizations["kind"]["enum"] == list(kinds.ORGANIZATION_CLASS)
    assert entries["offerings"]["items"]["properties"]["kind"]["enum"] == list(kinds.OFFERING_CLASS)


def test_the_schemas_are_json_schemas_that_name_their_draft() -> None:
    for name in ("article", "register", "assessments"):
        assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert json.loads(json.dumps(schema(name))) == schema(name)
