"""Partial dates and their bounds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealgraph.articles.dates import add_years, as_printed, parse_date


@pytest.mark.parametrize(
    ("printed", "edtf", "earliest", "latest"),
    [
        ("2032", "2032", date(2032, 1, 1), date(2032, 12, 31)),
        ("2026-02", "2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-03-17", "2026-03-17", date(2026, 3, 17), date(2026, 3, 17)),
        ("203X", "203X", date(2030, 1, 1), date(2039, 12, 31)),
        ("2026-H1", "2026-40", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", "2026-41", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q3", "2026-35", date(2026, 7, 1), date(2026, 9, 30)),
        ("2032~", "2032~", date(2031, 1, 1), date(2033, 12, 31)),
        ("2026-late", "2026-late", date(2026, 9, 1), date(2026, 12, 31)),
        ("FY2028", "FY2028", date(2027, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_partial_date_is_bounded(printed: str, edtf: str, earliest: date, latest: date) -> None:
    bounds = parse_date(printed)
    assert (bounds.text, bounds.earliest, bounds.latest) == (edtf, earliest, latest)


@pytest.mark.parametrize("printed", ["20232", "2026-13", "2025-02-30", "soon", "2026-H3", ""])
def test_what_is_no_date_is_refused_but_may_be_kept_as_printed(printed: str) -> None:
    with pytest.raises(ValueError, match="is no date; dates look like"):
        parse_date(printed)
    kept = as_printed(printed)
    assert kept.text == printed
    assert not kept.known


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_each_day_lies_in_its_month_year_and_decade(day: date) -> None:
    for printed in (day.isoformat(), f"{day:%Y-%m}", f"{day.year}", f"{day.year // 10}X"):
        bounds = parse_date(printed)
        assert bounds.earliest is not None
        assert bounds.latest is not None
        assert bounds.earliest <= day <= bounds.latest


def test_seven_years_from_a_leap_day() -> None:
    assert add_years(date(2024, 2, 29), 7) == date(2031, 2, 28)
    assert add_years(date(2025, 11, 3), 7) == date(2032, 11, 3)
    assert add_years(date(2025, 11, 3), 1.5) == date(2027, 5, 3)
