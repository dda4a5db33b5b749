"""Partial dates as the press prints them, and the days that bound them.

A printed date becomes an EDTF string (https://www.loc.gov/standards/datetime/) where EDTF can
say it, and always an earliest and a latest day. Queries use only the days.

The forms are a closed list, so this is a table and not a parser: the ``edtf`` package warns
under current pyparsing, returns a made-up start for an unknown one, and has no word for "late
2026" or a fiscal year.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Bounds:
    """What is known of a date: its EDTF form or the printed text, and its first and last day.

    ``earliest`` and ``latest`` are both None when the text bounds nothing (a misprint).
    """

    text: str
    earliest: date | None
    latest: date | None

    @property
    def known(self) -> bool:
        """Whether the text bounds anything at all."""
        return self.earliest is not None


_Days = tuple[str, date, date]


def _day(year: str, month: str, day: str) -> _Days:
    value = date(int(year), int(month), int(day))
    return value.isoformat(), value, value


def _month(year: str, month: str) -> _Days:
    last = monthrange(int(year), int(month))[1]
    return f"{year}-{month}", date(int(year), int(month), 1), date(int(year), int(month), last)


def _year(year: str) -> _Days:
    return year, date(int(year), 1, 1), date(int(year), 12, 31)


def _half(year: str, half: str) -> _Days:
    # EDTF level 2: 40 and 41 are the semesters of a year.
    first = 1 if half == "1" else 7
    return (
        f"{year}-{39 + int(half)}",
        date(int(year), first, 1),
        date(int(year), first + 5, 30 if half == "1" else 31),
    )


def _quarter(year: str, quarter: str) -> _Days:
    # EDTF level 2: 33 to 36 are the quarters of a year.
    first = 3 * int(quarter) - 2
    last = monthrange(int(year), first + 2)[1]
    return (
        f"{year}-{32 + int(quarter)}",
        date(int(year), first, 1),
        date(int(year), first + 2, last),
    )


def _decade(decade: str) -> _Days:
    return f"{decade}X", date(int(decade + "0"), 1, 1), date(int(decade + "9"), 12, 31)


def _about_year(year: str) -> _Days:
    # By policy "about 2032" is widened by a year each side.
    return f"{year}~", date(int(year) - 1, 1, 1), date(int(year) + 1, 12, 31)


def _late(year: str) -> _Days:
    # EDTF has no "late"; its fourth quarter is narrower than what the press means by it.
    return f"{year}-late", date(int(year), 9, 1), date(int(year), 12, 31)


def _fiscal(year: str) -> _Days:
    # A fiscal year may start up to a year before the calendar year that names it.
    return f"FY{year}", date(int(year) - 1, 1, 1), date(int(year), 12, 31)


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., _Days]], ...] = (
    (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), _day),
    (re.compile(r"([0-9]{4})-([0-9]{2})"), _month),
    (re.compile(r"([0-9]{4})"), _year),
    (re.compile(r"([0-9]{4})-H([12])"), _half),
    (re.compile(r"([0-9]{4})-Q([1-4])"), _quarter),
    (re.compile(r"([0-9]{3})X"), _decade),
    (re.compile(r"([0-9]{4})~"), _about_year),
    (re.compile(r"([0-9]{4})-late"), _late),
    (re.compile(r"FY([0-9]{4})"), _fiscal),
)

# What a message may show as the forms that are read.
EXAMPLES = "2026, 2026-03, 2026-03-17, 2026-H1, 2026-Q3, 203X, 2032~, 2026-late, FY2028"


def parse_date(text: str) -> Bounds:
    """The bounds of a printed date.

    >>> parse_date("203X").latest
    datetime.date(2039, 12, 31)
    >>> parse_date("2026-H2").text
    '2026-41'

    :raises ValueError: when the text is none of the forms, or names a day that isn't one.
    """
    for pattern, days in _FORMS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return Bounds(*days(*found.groups()))
            except ValueError:
                break  # the form is right and the calendar has no such day
    raise ValueError(f"'{text}' is no date; dates look like {EXAMPLES}")


def as_printed(text: str) -> Bounds:
    """The bounds of a printed date, or none at all for a misprint such as 20232."""
    try:
        return parse_date(text)
    except ValueError:
        return Bounds(text, None, None)


def add_years(day: date, years: float) -> date:
    """The day *years* later, rounded to whole months; 29 February becomes the 28th."""
    months = day.month - 1 + round(years * 12)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
