"""Figures in both languages: amounts, measures and terms, with their bounds."""

from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealgraph.extraction.found import Money, Values
from dealgraph.extraction.lexicon import read_lexicon
from dealgraph.extraction.reading import read_document
from dealgraph.extraction.values import ValueFinder
from dealgraph.resources import folder


@cache
def finder(language: str) -> ValueFinder:
    return ValueFinder(read_lexicon(folder("data") / "language" / language / "values.yaml"))


def values(language: str, text: str) -> Values:
    return finder(language).find(read_document(text, language))


def money(language: str, text: str) -> Money:
    (found,) = values(language, text).money
    return found


AMOUNTS = [
    ("en", "for $10bn", 10e9, "USD", "exact"),
    ("en", "about $38 billion", 38e9, "USD", "about"),
    ("en", "as much as US$1.5 trillion", 1.5e12, "USD", "up-to"),
    ("en", "no less than ten billion dollars", 10e9, "USD", "at-least"),
    ("en", "nearly half a billion euros", 0.5e9, "EUR", "less-than"),
    ("en", "north of £200m", 200e6, "GBP", "more-than"),
    ("en", "$1,250,000 or more", 1.25e6, "USD", "at-least"),
    ("en", "a 1.3 billion-euro cheque", 1.3e9, "EUR", "exact"),
    ("pt", "por US$ 10 bilhões", 10e9, "USD", "exact"),
    ("pt", "cerca de 38 bilhões de dólares", 38e9, "USD", "about"),
    ("pt", "até US$ 1,5 trilhão", 1.5e12, "USD", "up-to"),
    ("pt", "ao menos dez bilhões de dólares", 10e9, "USD", "at-least"),
    ("pt", "quase meio bilhão de euros", 0.5e9, "EUR", "less-than"),
    ("pt", "mais de R$ 200 milhões", 200e6, "BRL", "more-than"),
    ("pt", "1,7 mil milhões de euros", 1.7e9, "EUR", "exact"),
    ("pt", "um bilião de euros", 1e12, "EUR", "exact"),
    ("pt", "US$ 1.250.000 ou mais", 1.25e6, "USD", "at-least"),
    ("pt", "$38 bi", 38e9, "USD", "exact"),
]


@pytest.mark.parametrize(("language", "text", "value", "currency", "qualifier"), AMOUNTS)
def test_amounts(language: str, text: str, value: float, currency: str, qualifier: str) -> None:
    found = money(language, text)
    assert found.bounds.value == Decimal(value)
    assert (found.currency, found.bounds.qualifier) == (currency, qualifier)
    assert found.text in text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "$8bn to $10bn"),
        ("en", "between 8 and 10 billion dollars"),
        ("en", "$8-10bn"),
        ("pt", "entre US$ 8 bilhões e US$ 10 bilhões"),
        ("pt", "de 8 a 10 bilhões de dólares"),
    ],
)
def test_ranges_keep_both_ends(language: str, text: str) -> None:
    bounds = money(language, text).bounds
    assert (bounds.value, bounds.low, bounds.high) == (None, Decimal(8 * 10**9), Decimal(10**10))


def test_a_bare_sign_is_taken_for_dollars_and_says_so() -> None:
    assert money("pt", "$10 bilhões").assumed
    assert not money("pt", "US$ 10 bilhões").assumed


@pytest.mark.parametrize(
    ("language", "text", "values_"),
    [
        ("en", "closed at $6.6bn, valuing it at 500 billion.", [6.6e9, 500e9]),
        ("pt", "fechou em US$ 6,6 bilhões, avaliando-a em 500 bilhões.", [6.6e9, 500e9]),
        ("en", "paid $6.6bn for an app with 500 million users.", [6.6e9]),
        ("en", "an app with 500 million.", []),
    ],
)
def test_a_bare_figure_goes_on_in_the_currency_before_it(
    language: str, text: str, values_: list[float]
) -> None:
    found = values(language, text).money
    assert [each.bounds.value for each in found] == [Decimal(str(int(v))) for v in values_]
    assert {each.currency for each in found} <= {"USD"}


@pytest.mark.parametrize(
    ("language", "text", "hint"),
    [
        ("en", "at a $500bn valuation", "valuation"),
        ("en", "valued at $61.5bn", "valuation"),
        ("en", "$3bn a year", "yearly"),
        ("en", "$0.01 per share", "share-price"),
        ("en", "a contract worth $300bn", None),
        ("pt", "avaliada em US$ 852 bilhões", "valuation"),
        ("pt", "US$ 1 bilhão por ano", "yearly"),
        ("pt", "um contrato de US$ 300 bilhões", None),
    ],
)
def test_words_beside_an_amount_tell_what_it_measures(
    language: str, text: str, hint: str | None
) -> None:
    assert money(language, text).hint == hint


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "6 gigawatts of capacity", 6, "GW"),
        ("en", "about 27% of it", 27, "percent"),
        ("en", "160,000 Nvidia GPUs", 160_000, "chips"),
        ("en", "up to 160 million shares", 160_000_000, "shares"),
        ("pt", "mais de 700 megawatts", 700, "MW"),
        ("pt", "100 mil chips da Nvidia", 100_000, "chips"),
        ("pt", "20 por cento da receita", 20, "percent"),
    ],
)
def test_measures(language: str, text: str, value: int, unit: str) -> None:
    (found,) = values(language, text).measures
    assert (found.bounds.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("language", "text", "years", "start", "end", "relation"),
    [
        ("en", "rents it over seven years", 7, None, None, "until"),
        ("en", "a five-year contract", 5, None, None, "until"),
        ("en", "runs through 2032", None, None, "2032", "through"),
        ("en", "exclusive until the 2030s", None, None, "203X", "until"),
        ("en", "starting in the second half of 2026", None, "2026-H2", None, "until"),
        ("pt", "nos próximos sete anos", 7, None, None, "until"),
        ("pt", "até a década de 2030", None, None, "203X", "until"),
        ("pt", "até o fim de 2028", None, None, "2028", "through"),
        ("pt", "a partir de março de 2027", None, "2027-03", None, "until"),
    ],
)
def test_terms(
    language: str,
    text: str,
    years: int | None,
    start: str | None,
    end: str | None,
    relation: str,
) -> None:
    (found,) = values(language, text).durations
    assert (found.years, found.start, found.end) == (years, start, end)
    assert found.relation == relation


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "GPT-5 launched in 2025, seven years ago the firm was 3 years old, call 555-1234"),
        ("pt", "O GPT-5 saiu em 2025; há sete anos, a Série F e o 11 de setembro"),
    ],
)
def test_other_numbers_are_no_values(language: str, text: str) -> None:
    assert values(language, text) == Values()


HOSTILE = st.text(
    alphabet=st.sampled_from("$€US0123456789.,-–% abnmilhõesdr\u00a0GWyeartouil"), max_size=60
)


@settings(max_examples=300, deadline=None)
@given(HOSTILE, st.sampled_from(["en", "pt"]))
def test_any_text_gives_ordered_values_that_say_what_they_stand_on(
    text: str, language: str
) -> None:
    document = read_document(text, language)
    found = finder(language).find(document)
    for several in (found.money, found.measures, found.durations):
        spans = [each.span for each in several]
        assert spans == sorted(spans)
        for each in several:
            assert document.text[each.span.start : each.span.end] == each.text
    for amount in (*found.money, *found.measures):
        bounds = amount.bounds
        assert bounds.value is not None or (bounds.low or 0) < (bounds.high or 0)


@settings(deadline=None)
@given(st.integers(1, 999), st.sampled_from(["million", "bn", "trillion"]))
def test_an_amount_that_is_written_is_read(number: int, scale: str) -> None:
    powers = {"million": 6, "bn": 9, "trillion": 12}
    found = money("en", f"They paid ${number} {scale}.")
    assert found.bounds.value == number * 10 ** powers[scale]
