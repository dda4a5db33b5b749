"""A text cut into headlines, bullets and sentences."""

import re
from collections.abc import Iterator

from dealgraph.extraction.document import Role, Span

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"\s*(?:[-*\u2022\u2023\u25aa\u25cf\u2013\u2014]|\d{1,2}[.)])\s+")
# An end mark, what may close after it, then space and what may open a sentence.
_OPENS = r"[\"'(\[\u00bf\u00a1]*[A-Z\u00c0-\u00dd0-9$\u20ac\u00a3]"
_END = re.compile(rf"[.!?\u2026]+[\"')\]]*(?=\s+{_OPENS})")
_ABBREVIATIONS = frozenset(
    "inc corp co ltd llc jr sr mr mrs ms dr prof st vs etc e.g i.e u.s u.k u.n approx no fig "  # noqa: SIM905
    "jan feb mar apr jun jul aug sept sep oct nov dec gen sen rep gov a.m p.m est "
    "sra srta dra art av cia ltda s.a aprox pág ex bi mi tri fev abr mai ago set out dez n".split()
)
_LETTERS = re.compile(r"[^\W\d_](?:\.?[^\W\d_])*$")


def sentences(text: str) -> Iterator[tuple[Span, Role, int]]:
    """Each sentence with its role and the number of its paragraph.

    Every line that isn't blank is a paragraph: news texts wrap lines at paragraphs only. A first
    or short line without an end mark is a headline.
    """
    for number, line in enumerate(_LINE.finditer(text)):
        found = _BULLET.match(line.group())
        bullet = found is not None
        start = line.start() + (found.end() if found else 0)
        body = text[start : line.end()]
        if not body.strip():
            continue
        ended = body.rstrip().rstrip("\"')]").endswith((".", "!", "?", "\u2026", ":"))
        role: Role = "bullet" if bullet else "prose"
        if not bullet and not ended and (number == 0 or len(body) < 120):
            role = "headline"
        for span in _split(text, start, line.end()):
            yield span, role, number


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for mark in _END.finditer(text, start, end):
        if not _abbreviates(text, begin, mark):
            yield from _trimmed(text, begin, mark.end())
            begin = mark.end()
    yield from _trimmed(text, begin, end)


def _abbreviates(text: str, begin: int, mark: re.Match[str]) -> bool:
    """Whether the mark only ends a short form: "Inc.", "U.S.", an initial."""
    if mark.group()[0] != "." or len(mark.group().rstrip("\"')]")) > 1:
        return False
    word = _LETTERS.search(text, begin, mark.start())
    if word is None:
        return False
    lower = word.group().lower()
    return lower in _ABBREVIATIONS or (len(lower) == 1 and word.group().isupper())


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)
