"""Dates as people say them: "first half of 2026" instead of 2026-40.

Only pages do this; CSV, JSON and SPARQL keep the code. A year, a month or a day is left as it is:
https://www.loc.gov/standards/datetime/
"""

import re
from typing import Final

from dealgraph.web.language import told

# Level 2 of EDTF writes halves and quarters of a year as months beyond 12. "late" and FY are ours:
# EDTF has neither.
_FORMS: Final = tuple(
    (re.compile(form), key)
    for form, key in (
        (r"(\d{4})-40", "date.half_first"),
        (r"(\d{4})-41", "date.half_second"),
        (r"(\d{4})-33", "date.quarter_first"),
        (r"(\d{4})-34", "date.quarter_second"),
        (r"(\d{4})-35", "date.quarter_third"),
        (r"(\d{4})-36", "date.quarter_fourth"),
        (r"(\d{3})X", "date.decade"),
        (r"(\d{4})-late", "date.late"),
        (r"(\d{4})~", "date.about"),
        (r"FY(\d{4})", "date.fiscal"),
    )
)
_PLAIN: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")


def date_in_words(text: str) -> str:
    """What a coded date means, in the reader's language; any other text as it is.

    A term of two dates, ``2025/2030`` or with one side open, is written out as well.
    """
    start, slash, end = text.partition("/")
    if not slash:
        return _words(text) or text
    sides = [_words(side) or side for side in (start, end)]
    if not all(_words(side) or _PLAIN.fullmatch(side) for side in (start, end) if side):
        return text
    if start and end:
        return told("date.term", start=sides[0], end=sides[1])
    if start:
        return told("date.begins", start=sides[0])
    return told("date.ends", end=sides[1]) if end else text


def _words(text: str) -> str:
    for form, key in _FORMS:
        found = form.fullmatch(text)
        if found:
            year = found[1]
            return told(key, year=f"{year}0" if key == "date.decade" else year)
    return ""
