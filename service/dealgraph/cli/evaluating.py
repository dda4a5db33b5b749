"""``dealgraph evaluate``: how well extraction does on texts with known claims."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dealgraph.cli import options
from dealgraph.errors import BadInput
from dealgraph.resources import folder
from dealgraph.version import __version__

if TYPE_CHECKING:
    from dealgraph.articles.model import Records
    from dealgraph.evaluation.model import GoldText
    from dealgraph.extraction.candidate import Candidate


@click.command("evaluate")
@click.argument("sets", nargs=-1, metavar="[SET]...")
@click.option("--record", is_flag=True, help="Log this as the first contact with a batch.")
@click.option("--hide-names", is_flag=True, help="Take a fifth of the firms out of the gazetteer.")
@click.option("--errors", is_flag=True, help="List what was missed and what was wrong.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="The folder with evaluation/ and language/; default: the shipped one.",
)
@options.form
def evaluate(
    sets: Sequence[str], record: bool, hide_names: bool, errors: bool, data: Path | None, form: str
) -> None:
    """Measure extraction on sets of texts with known claims.

    A SET is author or check (the sentences of the shipped records, by halves of deals), a batch
    of articles (batch-05), or development: all batches that were met before. Without one the log
    of first contacts is printed. A batch is a test once: its first run must be recorded.
    """
    from dealgraph.articles.reader import read_records
    from dealgraph.evaluation.contact import read_contacts, record_contact, state_of
    from dealgraph.evaluation.measuring import LOGGED, measure, without_some
    from dealgraph.extraction.known_names import gazetteer_of
    from dealgraph.extraction.pipeline import load_pipeline
    from dealgraph.extraction.reading import read_document

    base = data or folder("data")
    log = base / "evaluation"
    contacts = read_contacts(log)
    met = [each["batch"] for each in contacts]
    if not sets:
        _print_log(contacts, form)
        return
    records = read_records(folder("data"))
    known = gazetteer_of(records)
    names = without_some(known) if hide_names else known
    pipeline = load_pipeline(base / "language", names)

    def extract(text: "GoldText") -> "Sequence[Candidate]":
        document = read_document(text.text, text.language, text.published)
        return pipeline.candidates(document)

    rows = []
    for name in [each for given in sets for each in (met if given == "development" else [given])]:
        batch = name not in ("author", "check")
        if batch and name not in met and not record:
            raise BadInput(
                f"{name} is a test that nobody has met yet.",
                "Give --record to make this its first contact.",
            )
        if batch and name in met and record:
            raise BadInput(f"{name} has been met before.", "Evaluate it without --record.")
        texts = _texts(name, log, records)
        row = measure(name, texts, extract, known.root)
        rows.append(row)
        if batch and record:
            entry = {key: row[key] for key in LOGGED}
            entry |= {"date": date.today().isoformat(), "version": __version__}
            record_contact(log, {**entry, "language_data": state_of(base / "language")})
        if errors and form == "table":
            _print_errors(texts, extract, known.root)
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        _print_row(row)


def _texts(name: str, log: Path, records: "Records") -> "tuple[GoldText, ...]":
    from dealgraph.evaluation.gold import read_batch, sentences

    if name in ("author", "check"):
        return sentences(records, name)
    return read_batch(log / "articles" / name, records)


def _print_log(entries: Sequence[Any], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(entries, indent=2))
        return
    if not entries:
        click.echo("no batch has been met yet; give one, with --record")
    for each in entries:
        click.echo("  ".join(f"{key} {value}" for key, value in each.items()))


def _print_row(row: dict[str, Any]) -> None:
    click.echo(f"{row['batch']}: {row['texts']} texts, {row['required']} required claims")
    for name in ("recall", "precision"):
        click.echo(
            f"  {name:10} {row[name]:.3f}  95 % {row[name + '_95']} by article or deal,"
            f" {row[name + '_wilson']} by claim"
        )
    click.echo(
        f"  with amount and qualifier {row['with_amount']:.3f}, fully right {row['whole']:.3f};"
        f" status of those found {row['status_of_matched']:.3f}"
    )
    click.echo(
        f"  candidates {row['candidates']}, of them repeats {row['repeats']};"
        f" quotes exact {row['exact_quotes']}; traps {row['fallen']} of {row['traps']};"
        f" found by chance {row['shuffled_recall']:.3f}"
    )
    for lang, pair in row["by_language"].items():
        click.echo(f"  {lang}: {pair}")
    click.echo("  kinds: " + ", ".join(f"{kind} {n}" for kind, n in row["by_kind"].items()))
    click.echo(f"  {row['texts_a_second']} texts a second on one core")


def _print_errors(
    texts: "Sequence[GoldText]",
    extract: "Callable[[GoldText], Sequence[Candidate]]",
    root: Callable[[str], str],
) -> None:
    from dealgraph.evaluation.figures import missed, told

    for text in texts:
        claims, wrong = missed(text, extract(text), root)
        for claim in claims:
            parties = ", ".join(f"{role} {firm}" for role, firm in sorted(claim.parties))
            click.echo(
                f"{text.key}: missed {claim.kind}: {parties} | {(claim.quotes or (text.text,))[0]}"
            )
        for candidate in wrong:
            click.echo(f"{text.key}: wrong {told(candidate)} | {candidate.quotes[0].exact}")
