"""Coded dates as readers see them; files keep the code."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dealgraph.web.written_dates import date_in_words
from pages import read_page


@pytest.mark.parametrize(
    ("code", "english", "portuguese"),
    [
        ("2026-40", "first half of 2026", "primeiro semestre de 2026"),
        ("2026-41", "second half of 2026", "segundo semestre de 2026"),
        ("2026-33", "first quarter of 2026", "primeiro trimestre de 2026"),
        ("2026-34", "second quarter of 2026", "segundo trimestre de 2026"),
        ("2026-35", "third quarter of 2026", "terceiro trimestre de 2026"),
        ("2026-36", "fourth quarter of 2026", "quarto trimestre de 2026"),
        ("203X", "2030s", "década de 2030"),
        ("2026-late", "late 2026", "fim de 2026"),
        ("2032~", "about 2032", "por volta de 2032"),
        ("FY2028", "fiscal year 2028", "ano fiscal de 2028"),
        ("2025/203X", "2025 to 2030s", "2025 a década de 2030"),
        ("/2028-12-31", "until 2028-12-31", "até 2028-12-31"),
        ("2026-41/", "from second half of 2026", "desde segundo semestre de 2026"),
    ],
)
def test_codes_are_words(app: Flask, code: str, english: str, portuguese: str) -> None:
    with app.test_request_context("/?lang=en"):
        assert date_in_words(code) == english
    with app.test_request_context("/?lang=pt"):
        assert date_in_words(code) == portuguese


@pytest.mark.parametrize(
    "text", ["2026", "2026-03", "2026-03-17", "20232", "", "/", "2026-37", "and/or", "2026/7 years"]
)
def test_other_texts_stay_as_they_are(app: Flask, text: str) -> None:
    with app.test_request_context("/"):
        assert date_in_words(text) == text


def test_pages_tell_words_and_files_the_code(client: FlaskClient) -> None:
    page = read_page(client, "/questions/contradictions", "pt")
    assert ">primeiro semestre de 2026</span>" in page
    assert ">fim de 2026</span>" in page
    assert not re.search(r">\s*2026-(40|late)\s*<", page)
    file = client.get("/questions/contradictions.csv").text
    assert ",2026-40," in file
    assert ",2026-late," in file
