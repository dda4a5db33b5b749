"""What an analyst edits for one language, read as a whole."""

from dataclasses import dataclass
from pathlib import Path

from dealgraph.extraction.frame import Frame, Stance
from dealgraph.extraction.frame_files import read_frames, read_grammar, read_stance
from dealgraph.extraction.grammar import Grammar
from dealgraph.extraction.lexicon import read_lexicon
from dealgraph.extraction.values import ValueFinder


@dataclass(frozen=True)
class LanguageData:
    """Word classes, stance, frames and figures of one language."""

    language: str
    grammar: Grammar
    stance: Stance
    frames: tuple[Frame, ...]
    values: ValueFinder


def read_language(folder: Path) -> LanguageData:
    """The data in ``data/language/<language>/``; the examples of frames are not run here.

    :raises RecordError: with the mistakes of the first file that has some.
    """
    return LanguageData(
        folder.name,
        read_grammar(folder / "grammar.yaml"),
        read_stance(folder / "stance.yaml"),
        read_frames(folder / "frames"),
        ValueFinder(read_lexicon(folder / "values.yaml")),
    )
