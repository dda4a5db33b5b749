"""Hostile Accept headers: any text is read, soon, and no format is sent that was ruled out."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealgraph.engines.accept import parse_accept
from dealgraph.engines.formats import Form, choose, formats_of, named
from dealgraph.errors import BadInput, NotAcceptable
from dealgraph.web.accept import wants_page
from hostile import UNHURRIED, dice, rounds, spoilt

FORMS: tuple[Form, ...] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
TYPES = sorted(
    {
        kind
        for form in FORMS
        for each in formats_of(form)
        for kind in (each.media_type, *each.aliases)
    }
    | {"text/html", "application/xhtml+xml", "*/*", "text/*", "application/*", "image/webp"}
)
WEIGHTS = ("", ";q=0", ";q=0.0", "; Q=0.000", ";q=1", ";q=0.5", ";q=0.001", ";charset=utf-8;q=0.3")
HEADERS = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "application/sparql-results+json;q=0.9, text/csv;q=0, */*;q=0.1",
    'text/turtle;profile="a,b\\"c", application/rdf+xml;q=0.5, text/*;q=0',
    "application/ld+json;profile=x;q=0.2,,; ,text/csv ; q=0.3",
)

header = st.lists(
    st.tuples(st.sampled_from(TYPES), st.sampled_from(WEIGHTS)).map("".join), max_size=8
).map(", ".join)


def chosen(form: Form, accept: str) -> str | None:
    """The media type that is sent; None where there is none."""
    try:
        return choose(form, accept).media_type
    except (NotAcceptable, BadInput) as error:
        assert error.detail
        assert error.cure
        return None


@UNHURRIED
@given(st.sampled_from(FORMS), st.text() | st.text('aq=01.,;/*"\\ text'))
def test_any_text_is_read(form: Form, accept: str) -> None:
    chosen(form, accept)
    wants_page(accept)
    with suppress(BadInput):
        named(form, accept)


def test_spoilt_headers_are_read() -> None:
    throws = dice()
    for _ in range(rounds(5_000)):
        accept = spoilt(throws, throws.choice(HEADERS), HEADERS)
        wants_page(accept)
        for form in FORMS:
            chosen(form, accept)


@UNHURRIED
@given(st.sampled_from(FORMS), header, st.sampled_from(TYPES))
def test_what_is_ruled_out_is_not_sent(form: Form, accept: str, ruled_out: str) -> None:
    """However long the list around it; an alias rules out itself only."""
    elements = [each for each in accept.split(", ") if each.split(";")[0] != ruled_out]
    sent = chosen(form, ", ".join([*elements, f"{ruled_out};q=0"]))
    if ruled_out == "*/*":
        types = {each.split(";")[0] for each in elements}
        kinds = next(
            ({each.media_type, *each.aliases} for each in formats_of(form)
             if each.media_type == sent), set()
        )  # fmt: skip
        wild = {kind.split("/")[0] + "/*" for kind in kinds}
        assert sent is None or types & (kinds | wild)
    else:
        assert sent != ruled_out


@UNHURRIED
@given(st.sampled_from(FORMS), header)
def test_nothing_is_sent_where_all_is_ruled_out(form: Form, accept: str) -> None:
    none = ", ".join(f"{each.split(';')[0]};q=0" for each in accept.split(", ") if each)
    assert (chosen(form, none) is None) == bool(none)
    assert not wants_page(none)


@pytest.mark.parametrize(
    "part",
    ['\\"', '"', 'a"', '"\\', "\\", "a/b,", "a/b;", ";a=", ";q=0", ' ;a="b"', ", ", ";", " ", "\t",
     "a/", "/", "*/*;", "*", "a" * 50 + "/", 'a/b;c="', 'a/b;c="\\', "é", "\x00", "q=", "=", ",;"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", '"', "a/b", 'a/b;c="', "a/b;q=1", ' a/b;q="'])
def test_long_headers_take_no_longer_than_they_are_long(head: str, part: str) -> None:
    """The server takes 256 KiB of headers: what is quadratic there takes minutes."""
    accept = head + part * (250_000 // len(part))
    begun = time.process_time()
    parse_accept(accept)
    wants_page(accept)
    chosen("SELECT", accept)
    assert time.process_time() - begun < 10
