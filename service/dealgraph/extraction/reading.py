"""From a stored text to a document: normalised, its language known, cut into sentences."""

from dealgraph.errors import UnreadableArticle
from dealgraph.extraction.document import Document, Sentence
from dealgraph.extraction.language import language_of
from dealgraph.extraction.normalise import normalise
from dealgraph.extraction.sentences import sentences
from dealgraph.extraction.words import tokens_of
from dealgraph.settings import LANGUAGES


def read_document(
    stored: str, language: str | None = None, published: str | None = None
) -> Document:
    """The document of a text; its language is found where none is given.

    :raises UnreadableArticle: when it is in a language that there are no frames for.
    """
    text, offsets = normalise(stored)
    code = language or language_of(text)
    if code not in LANGUAGES:
        raise UnreadableArticle(
            f"The text is in '{code}'." if code != "unknown" else "No language is recognised.",
            f"Give an article in one of: {', '.join(LANGUAGES)}; or name its language.",
        )
    cut = tuple(
        Sentence(span, role, paragraph, tokens_of(text, span, code))
        for span, role, paragraph in sentences(text)
    )
    return Document(stored, text, offsets, code, published, cut)
