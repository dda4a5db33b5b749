"""The canned questions of a folder: one ``.rq`` file each, read and checked as a whole."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from dealgraph.errors import DealgraphError, NotFound
from dealgraph.questions.checks import checked
from dealgraph.questions.header import HeaderMistake, parse_header
from dealgraph.questions.model import Question

__all__ = ["BrokenQuestions", "Question", "find", "load"]


class BrokenQuestions(DealgraphError):
    """Mistakes in question files; ``mistakes`` holds every one, as ``file:line: where: what``."""

    status = 500
    exit_code = 4
    slug = "broken-questions"
    title = "The questions have mistakes"

    def __init__(self, mistakes: list[str]) -> None:
        noun = "mistake" if len(mistakes) == 1 else "mistakes"
        super().__init__(f"{len(mistakes)} {noun} in the questions:\n" + "\n".join(mistakes))
        self.mistakes = tuple(mistakes)


def load(folder: Path) -> dict[str, Question]:
    """The questions of a folder by name, in the order of their names; sub-folders are left alone.

    :raises NotFound: when the folder is missing.
    :raises BrokenQuestions: with every mistake of every file.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.", "Give the folder that holds the .rq files.")
    questions = {}
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.rq")):
        try:
            header = parse_header(path.read_text(encoding="utf-8"))
        except HeaderMistake as mistake:
            mistakes.append(f"{path.name}:{mistake.line}: {mistake}")
            continue
        except UnicodeDecodeError as error:
            mistakes.append(f"{path.name}:1: byte {error.start} is not UTF-8; save it as UTF-8")
            continue
        found: list[str] = []
        question = checked(path.stem, header, found)
        mistakes += [f"{path.name}:{text}" for text in found]
        if question is not None:
            questions[question.name] = question
    if mistakes:
        raise BrokenQuestions(mistakes)
    return questions


def find(questions: Mapping[str, Question], name: str) -> Question:
    """The question of that name.

    :raises NotFound: when there is none, with the nearest names or all of them.
    """
    if name not in questions:
        near = get_close_matches(name, questions, n=3) or sorted(questions)
        raise NotFound(f"There is no question '{name[:60]}'.", f"There are: {', '.join(near)}.")
    return questions[name]
