"""``why``: the reasons for a triple, or for the verdict on a claim."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealgraph.cli import options
from dealgraph.errors import BadInput, NotFound
from dealgraph.vocab import ID

if TYPE_CHECKING:
    from dealgraph.engines.rows import RowsEngine
    from dealgraph.explaining.naming import Namer


@click.command()
@click.argument("parts", nargs=-1, required=True, metavar="SUBJECT [PREDICATE [OBJECT]] | CLAIM")
@options.workspace
@options.release
@options.language
@options.text_form
def why(parts: tuple[str, ...], workspace: Path, number: int | None, lang: str, form: str) -> None:
    """Explain a triple, inferred or believed: rules, premises, claims, sentences, reporters.

    A CLAIM alone is explained by its verdict: why it is believed, or is not. A SUBJECT alone, or
    with a PREDICATE, lists what is held of it. Each is a name, a key (openai), a prefixed name
    (org:openai) or an IRI; an OBJECT may be a literal: '"2026-04-27"^^xsd:date'.
    """
    from dealgraph.engines.rows import RowsEngine
    from dealgraph.explaining.as_json import to_json
    from dealgraph.explaining.as_text import to_text
    from dealgraph.explaining.naming import Namer, read_statement, read_term
    from dealgraph.explaining.why import why as explain
    from dealgraph.explaining.why import why_claim
    from dealgraph.questions.labels import LabelIndex
    from dealgraph.resources import folder

    if len(parts) > 3:
        raise BadInput(
            f"{len(parts)} values are no triple.",
            "Put names with blanks in quotes.",
        )
    with RowsEngine(options.chosen_release(workspace, number), workers=1) as engine:
        labels = LabelIndex.from_engine(engine)
        namer = Namer(labels, lang)
        if len(parts) == 3:
            statement = read_statement(*parts, labels)
            explained = explain(engine, statement, lang, folder("ontology"))
        else:
            subject = read_term(parts[0], "subject", labels).value
            if not subject.startswith(f"{ID}claim/"):
                predicate = read_term(parts[1], "predicate", labels) if parts[1:] else None
                _list(engine, namer, subject, predicate.value if predicate else None, form)
                return
            if parts[1:]:
                raise NotFound(
                    "Nothing follows from what a claim says.", "Give the claim alone, or a triple."
                )
            explained = why_claim(engine, subject, lang)
    click.echo((to_json if form == "json" else to_text)(explained, namer), nl=False)


def _list(
    engine: "RowsEngine", namer: "Namer", subject: str, predicate: str | None, form: str
) -> None:
    from dealgraph.cli.tables import print_table
    from dealgraph.explaining.as_json import held_json
    from dealgraph.explaining.listing import held_of

    held = held_of(engine, subject, namer.lang, predicate)
    if not held:
        raise NotFound(
            f"This release holds nothing of <{subject}>.", "Give a firm, a deal or a part of one."
        )
    if form == "json":
        click.echo(held_json(subject, held, namer), nl=False)
        return
    print_table(
        ["predicate", "object", "held as"],
        [
            [
                namer.term(each.statement.predicate),
                namer.term(each.statement.object),
                f"{each.kind}, disputed" if each.disputed else each.kind,
            ]
            for each in held
        ],
    )
