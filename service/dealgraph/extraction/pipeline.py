"""All stages in a row: from a document and a gazetteer to candidates."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from dealgraph.errors import RecordError
from dealgraph.extraction.candidate import Candidate
from dealgraph.extraction.document import Document
from dealgraph.extraction.examples import all_examples, parse_example
from dealgraph.extraction.frames import FrameExtractor
from dealgraph.extraction.gazetteer import Gazetteer
from dealgraph.extraction.language_data import LanguageData, read_language
from dealgraph.extraction.mentions import find_mentions
from dealgraph.extraction.names import NameFinder
from dealgraph.extraction.reading import read_document


class Pipeline:
    """The stages for one gazetteer and the languages that there is data for."""

    def __init__(self, languages: Iterable[LanguageData], gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._finder = NameFinder(gazetteer)
        self._languages: Mapping[str, LanguageData] = {each.language: each for each in languages}
        self._frames = {
            each.language: FrameExtractor(each.frames, each.grammar, each.stance, gazetteer)
            for each in self._languages.values()
        }

    def candidates(self, document: Document) -> tuple[Candidate, ...]:
        """What one article says."""
        data = self._languages[document.language]
        values = data.values.find(document)
        mentions = find_mentions(document, self._gazetteer, self._finder, data.grammar)
        return self._frames[document.language].candidates(document, mentions, values)


def load_pipeline(folder: Path, gazetteer: Gazetteer) -> Pipeline:
    """The pipeline for the language data in a folder, once all its examples hold.

    :raises RecordError: with every mistake of the data and every example that fails.
    """
    languages = [read_language(each) for each in sorted(folder.iterdir()) if each.is_dir()]
    wrong = [what for each in languages for what in failing_examples(each)]
    if wrong:
        raise RecordError(wrong)
    return Pipeline(languages, gazetteer)


def failing_examples(data: LanguageData) -> list[str]:
    """What is wrong with the examples of a language's frames, a line each.

    An example is read by its own frame alone, so that it says what that frame does.
    """
    wrong = []
    for frame, marked, must_fire in all_examples(data.frames):
        example = parse_example(marked)
        alone = replace(data, frames=(frame,))
        document = read_document(example.text, data.language)
        found = {
            frozenset((each.role, each.firm or each.name) for each in candidate.parties)
            for candidate in Pipeline([alone], example.gazetteer).candidates(document)
        }
        where = f"{data.language}: frame '{frame.id}'"
        if must_fire and example.expected not in found:
            seen = " / ".join(_told(each) for each in found) or "nothing"
            wanted = _told(example.expected)
            wrong.append(f"{where}: finds {seen}, not {wanted}, in the example: {marked}; mend one")
        elif not must_fire and found:
            seen = " / ".join(_told(each) for each in found)
            wrong.append(f"{where}: finds {seen} in the counterexample: {marked}; mend one")
    return wrong


def _told(parties: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{role} {firm}" for role, firm in sorted(parties))
