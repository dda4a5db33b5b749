"""``query``, ``ask`` and ``questions``: answers from a release, without a running service."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from dealgraph.cli import options
from dealgraph.errors import BadInput

if TYPE_CHECKING:
    from dealgraph.engines.rows import Term
    from dealgraph.questions.asking import Answer

_MACHINE = ["json", "xml", "csv", "tsv", "ttl", "nt", "rdf", "jsonld", "trig", "nq"]


@click.command()
@click.argument("query", required=False)
@click.option(
    "--file",
    "-f",
    type=click.File(encoding="utf-8"),
    help="Read the query from a file, or from standard input where it is -.",
)
@options.workspace
@options.release
@options.known
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *_MACHINE]),
    default="table",
    show_default=True,
    help="A table for people, or what a machine reads.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.001),
    default=30.0,
    show_default=True,
    help="Seconds that the query may take.",
)
def query(
    query: str | None,
    file: TextIO | None,
    workspace: Path,
    number: int | None,
    known: str | None,
    form: str,
    timeout: float,
) -> None:
    """Answer a SPARQL query from a release.

    The prefixes dg, org, offering, deal, component, claim, graph, skos, prov … are declared.
    """
    from dealgraph.cli.tables import print_table
    from dealgraph.engines.guard import inspect
    from dealgraph.engines.rows import RowsEngine

    if (query is None) == (file is None):
        raise BadInput(
            "Give one query: as an argument, or with --file.",
            "For example: dealgraph query --file deals.rq",
        )
    text = query if query is not None else str(file.read() if file is not None else "")
    release = options.chosen_release(workspace, number, known)
    with RowsEngine(release, workers=1, deadline=timeout) as engine:
        kind = inspect(text).form
        if form == "table" and kind == "SELECT":
            table = engine.table(text)
            print_table(table.columns, [[_cell(term) for term in row] for row in table.rows])
            return
        name = form if form != "table" else ("json" if kind == "ASK" else "ttl")
        for chunk in engine.answer(text, name).chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


@click.command()
@click.argument("question")
@options.workspace
@options.release
@options.known
@click.option(
    "--param",
    "-p",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter; again for a second value. A firm by name, alias or key.",
)
@options.language
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "sparql"]),
    default="table",
    show_default=True,
    help="sparql: the query itself, with the values bound.",
)
def ask(
    question: str,
    workspace: Path,
    number: int | None,
    known: str | None,
    pairs: tuple[str, ...],
    lang: str,
    form: str,
) -> None:
    """Answer a canned QUESTION (dealgraph questions lists them)."""
    from dealgraph.cli.tables import print_table
    from dealgraph.engines.rows import RowsEngine
    from dealgraph.questions.asking import ask as ask_question
    from dealgraph.questions.catalog import find, load
    from dealgraph.questions.labels import LabelIndex
    from dealgraph.questions.rendering import to_csv, to_json
    from dealgraph.resources import folder

    chosen = find(load(folder("queries")), question)
    values: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadInput(f"'{pair}' is no NAME=VALUE.", "For example: --param firm=OpenAI")
        values.setdefault(name, []).append(value)
    release = options.chosen_release(workspace, number, known)
    with RowsEngine(release, workers=1) as engine:
        labels = LabelIndex.from_engine(engine)
        answer = ask_question(chosen, values, engine, labels, lang)
    if form == "sparql":
        click.echo(answer.sparql)
    elif form == "csv":
        # RFC 4180 has its own line ends; text mode would change them on some systems.
        sys.stdout.buffer.write(to_csv(answer).encode())
        sys.stdout.buffer.flush()
    elif form == "json":
        click.echo(to_json(answer), nl=False)
    else:
        print_table(answer.headings(), _grouped(answer))


def _grouped(answer: "Answer") -> list[list[str]]:
    """The cells of an answer, the digits of money in groups of three."""
    mark = "." if answer.lang == "pt" else ","
    money = {place for place, column in enumerate(answer.columns) if column.kind == "money"}
    return [
        [
            f"{int(cell):,}".replace(",", mark) if place in money and cell.isdigit() else cell
            for place, cell in enumerate(row)
        ]
        for row in answer.cells()
    ]


@click.command()
@options.language
def questions(lang: str) -> None:
    """List the canned questions and their parameters."""
    from dealgraph.cli.tables import print_table
    from dealgraph.questions.catalog import load
    from dealgraph.resources import folder

    rows = []
    for name, question in sorted(load(folder("queries")).items()):
        parameters = ", ".join(
            parameter.name if parameter.required else f"[{parameter.name}]"
            for parameter in question.parameters.values()
        )
        rows.append([name, question.title[lang], parameters])
    print_table(["question", "what it answers", "parameters"], rows)


def _cell(term: "Term | None") -> str:
    """A term as a person reads it: a known prefix instead of a long IRI."""
    from dealgraph.questions.prefixes import prefixed

    if term is None:
        return ""
    return (prefixed(term.value) or f"<{term.value}>") if term.kind == "iri" else term.value
