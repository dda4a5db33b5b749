"""Normalising, language, sentences and words: whatever the text, places in it stay right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealgraph.errors import UnreadableArticle
from dealgraph.extraction.document import Span
from dealgraph.extraction.language import language_of
from dealgraph.extraction.normalise import normalise
from dealgraph.extraction.reading import read_document
from dealgraph.extraction.sentences import sentences
from dealgraph.extraction.words import infinitive_of, lemma_of, tokens_of

# Letters that change when normalised, beside ordinary ones.
TRICKY = "aé e\u0301o\u0303\u00a0\u200b\u00ad\u2019\u201c\ufb01\r\n\t$10bn .!?A\u0130\ud7a3"


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8"))))
def test_each_place_leads_back_to_the_stored_text(stored: str) -> None:
    text, offsets = normalise(stored)
    assert len(offsets) == len(text) + 1
    assert list(offsets) == sorted(offsets)
    assert offsets[-1] == len(stored)
    assert normalise(text)[0] == text


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8"))))
def test_a_quote_says_what_its_span_says(stored: str) -> None:
    document = read_document(stored, "en")
    for sentence in document.sentences:
        start, end, exact = document.quote(sentence.span)
        assert stored[start:end] == exact
        said = document.text[sentence.span.start : sentence.span.end]
        assert normalise(exact)[0].startswith(said[:1])
        assert said.strip() == said != ""
        for token in sentence.tokens:
            assert document.text[token.span.start : token.span.end] == token.text


def test_curly_quotes_and_hard_spaces_are_read_as_plain_ones() -> None:
    stored = "OpenAI\u2019s\u00a0deal \u2013 \u201cbig\u201d cafe\u0301"
    text, offsets = normalise(stored)
    assert text == 'OpenAI\'s deal \u2013 "big" caf\u00e9'
    assert stored[offsets[text.index("big")] :].startswith("big")


PROSE = {
    "en": "The company said that it will invest in the firm, and the deal is for a stake in it.",
    "pt": "A empresa disse que não vai investir na rival, mas o acordo com a companhia é de anos.",
    "es": "La empresa dijo que no va a invertir en la compañía, pero el acuerdo es de los años.",
    "fr": "La société a dit que le projet est dans les cartons et que des accords sont signés.",
    "de": "Die Firma sagte, dass der Vertrag mit dem Konzern nicht auf das Jahr begrenzt ist.",
    "gl": "A empresa dixo que non vai investir na compañía, pero o acordo é dunha década máis.",
    "unknown": "OpenAI Nvidia AMD Oracle SoftBank",
}


@pytest.mark.parametrize("code", sorted(PROSE))
def test_the_language_of_a_text_is_found(code: str) -> None:
    assert language_of(PROSE[code]) == code


@pytest.mark.parametrize("code", ["es", "fr", "de", "unknown"])
def test_other_languages_are_refused_by_name(code: str) -> None:
    with pytest.raises(UnreadableArticle) as refused:
        read_document(PROSE[code])
    assert code in str(refused.value) or code == "unknown"
    assert "en, pt" in str(refused.value)


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span, _, _ in sentences(text)]


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = (
        "Nvidia invests $1.5 bn. in xAI Inc. of the U.S. and waits. It pays A$3 million! Really?\n"
        'A Sr. Silva diz "sim." A OpenAI pagará US$ 10 bi. em 2026, segundo a S.A. local.'
    )
    assert cut(text) == [
        "Nvidia invests $1.5 bn. in xAI Inc. of the U.S. and waits.",
        "It pays A$3 million!",
        "Really?",
        'A Sr. Silva diz "sim."',
        "A OpenAI pagará US$ 10 bi. em 2026, segundo a S.A. local.",
    ]


def test_headlines_and_bullets_are_told_from_prose() -> None:
    text = "Amazon in talks\n\n- A first point.\n\u2022 A second one.\nThe company said so."
    assert [(role, paragraph) for _, role, paragraph in sentences(text)] == [
        ("headline", 0),
        ("bullet", 1),
        ("bullet", 2),
        ("prose", 3),
    ]


def test_words_are_cut_so_that_names_stand_alone() -> None:
    text = "Nvidia's Microsoft-backed d'água US$ 1.5bn GPT-5"
    words = [token.text for token in tokens_of(text, Span(0, len(text)), "en")]
    assert words[:2] == ["Nvidia", "'s"]
    assert "d'água" in words
    assert "1.5" in words


@pytest.mark.parametrize(
    ("word", "language", "lemma"),
    [
        ("invested", "en", "invest"),
        ("leasing", "en", "lease"),
        ("building", "en", "build"),
        ("running", "en", "run"),
        ("investiu", "pt", "investir"),
        ("retém", "pt", "reter"),
    ],
)
def test_lemmas(word: str, language: str, lemma: str) -> None:
    assert lemma_of(word, language) == lemma


def test_portuguese_participles_have_a_verb() -> None:
    assert infinitive_of("avaliada", "pt") == "avaliar"
    assert infinitive_of("cedidos", "pt") == "ceder"
    assert infinitive_of("avaliada", "en") == ""
    assert infinitive_of("empresa", "pt") == ""
