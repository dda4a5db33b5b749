"""``dealgraph extract``: what the machine would propose for a text; nothing is stored."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dealgraph.cli import options
from dealgraph.errors import UnreadableArticle
from dealgraph.resources import folder
from dealgraph.settings import LANGUAGES

if TYPE_CHECKING:
    from dealgraph.extraction.pipeline import Pipeline

_LARGEST = 1_000_000  # Code points; the longest articles have some 50,000.


@click.command("extract")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@options.records
@click.option(
    "--language-data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="A folder with your own frames and words; default: the shipped one.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="Default: found.")
@click.option("--published", default=None, help="The day of the article, as 2026-03-17.")
@options.text_form
def extract(
    files: Sequence[Path],
    records: Path | None,
    language_data: Path | None,
    language: str | None,
    published: str | None,
    form: str,
) -> None:
    """Propose claims for plain texts in English or Portuguese; FILE may be - for standard input.

    Proposals are to be reviewed: docs/evaluation.md says how many are right. Nothing is stored.
    """
    from dealgraph.articles.reader import read_records
    from dealgraph.extraction.known_names import gazetteer_of
    from dealgraph.extraction.pipeline import load_pipeline

    base = records or folder("data")
    names = gazetteer_of(read_records(base))
    pipeline = load_pipeline(language_data or folder("data") / "language", names)
    told = [_told(file, pipeline, language, published) for file in files]
    if form == "json":
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for each in told:
        _print(each)


def _told(
    file: Path, pipeline: "Pipeline", language: str | None, published: str | None
) -> dict[str, Any]:
    from dealgraph.extraction.reading import read_document
    from dealgraph.extraction.told import plain

    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise UnreadableArticle(
            f"{file} can't be read: {error.strerror}.", "Give a file."
        ) from None
    except UnicodeDecodeError as error:
        raise UnreadableArticle(
            f"{file} is not UTF-8 at byte {error.start}.", "Save the text as UTF-8."
        ) from None
    if len(text) > _LARGEST:
        raise UnreadableArticle(
            f"{file} has {len(text):,} characters.", f"Give {_LARGEST:,} at most: one article."
        )
    document = read_document(text, language, published)
    return {
        "file": str(file),
        "language": document.language,
        "claims": [plain(each, document) for each in pipeline.candidates(document)],
    }


def _print(told: dict[str, Any]) -> None:
    click.echo(f"{told['file']}: {len(told['claims'])} proposals ({told['language']})")
    for claim in told["claims"]:
        parties = ", ".join(f"{each['role']} {each['name']}" for each in claim["parties"])
        amounts = ", ".join(each["text"] for each in claim.get("amounts", ()))
        said = " · ".join(
            each for each in (claim["kind"], claim.get("status", ""), parties, amounts) if each
        )
        click.echo(f"- {said}")
        click.echo(f"    {claim['quotes'][0]['exact']}")
