"""Writes the pages of docs/ that repeat what the code or the ontology says.

``make docs`` writes them; tests/test_docs.py compares them, so none can drift.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from dealgraph.cli.app import main
from dealgraph.graph.ontology import load_ontology
from dealgraph.questions.catalog import load
from dealgraph.resources import folder

DOCS = Path(__file__).resolve().parent
_NOTE = "<!-- Written by `make docs`; edit the source, not this page. -->\n"


def cli_page() -> str:
    """Every command with its help, as the command line prints it."""
    parts = ["# Commands\n", _NOTE]
    for path, command in _commands(main, ("dealgraph",)):
        context = click.Context(command, info_name=" ".join(path), max_content_width=96)
        parts.append(f"## {' '.join(path)}\n\n```\n{command.get_help(context)}\n```\n")
    parts.append(
        "## Exit codes\n\n"
        "| code | meaning |\n|---|---|\n"
        "| 0 | done |\n"
        "| 2 | a value, a query or a format can't be used |\n"
        "| 3 | what was asked for does not exist |\n"
        "| 4 | the records or the ontology have mistakes |\n"
        "| 5 | the workspace can't be used, or another process is writing to it |\n"
        "| 6 | a limit fired: time, memory, or all workers taken |\n"
        "| 7 | a remote service gave no usable answer |\n"
        "| 8 | a program that this step needs is missing |\n"
        "| 9 | a token is needed, or the one given does not allow this |\n"
        "| 70 | a fault in dealgraph itself |\n"
    )
    return "\n".join(parts)


def _commands(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _commands(command.commands[name], (*path, name))


def ontology_page() -> str:
    """Every class and property with its definition in both languages."""
    terms, _ = load_ontology(folder("ontology"))
    parts = ["# The ontology, term by term\n", _NOTE]
    for title, kinds in (
        ("Classes", (OWL.Class,)),
        ("Object properties", (OWL.ObjectProperty,)),
        ("Datatype properties", (OWL.DatatypeProperty,)),
        ("Annotation properties", (OWL.AnnotationProperty,)),
    ):
        parts.append(f"## {title}\n\n| term | under | English | português |\n|---|---|---|---|")
        named = {term for kind in kinds for term in terms.subjects(RDF.type, kind)}
        ours = {term for term in named if isinstance(term, URIRef) and "ontology#" in term}
        parts += [_row(terms, term) for term in sorted(ours)]
        parts.append("")
    return "\n".join(parts)


def _row(terms: Graph, term: URIRef) -> str:
    above = sorted(
        f"`{str(wider).rsplit('#', 1)[-1]}`"
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        for wider in terms.objects(term, predicate)
        if "ontology#" in str(wider)
    )
    cells = [f"`{str(term).rsplit('#', 1)[-1]}`", ", ".join(above)]
    for lang in ("en", "pt"):
        label = _text(terms, term, RDFS.label, lang)
        cells.append(f"**{label}**: {_text(terms, term, SKOS.definition, lang)}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _text(terms: Graph, term: URIRef, predicate: URIRef, lang: str) -> str:
    for value in terms.objects(term, predicate):
        if getattr(value, "language", None) == lang:
            return " ".join(str(value).split())
    return ""


def questions_table() -> str:
    """The list of canned questions, for docs/questions.md."""
    parts = ["| question | what it answers | parameters |", "|---|---|---|"]
    for name, question in sorted(load(folder("queries")).items()):
        parameters = ", ".join(
            f"`{each.name}`" if each.required else f"`{each.name}`?"
            for each in question.parameters.values()
        )
        title = f"{question.title['en']}<br>{question.title['pt']}"
        parts.append(f"| `{name}` | {title} | {parameters} |")
    return "\n".join(parts) + "\n"


START = "<!-- questions: written by `make docs` -->\n"
END = "<!-- /questions -->\n"


def questions_page(text: str) -> str:
    """docs/questions.md with its table written anew; the rest of the page is by hand."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{questions_table()}\n{END}{after}"


def pages() -> dict[Path, str]:
    """Every generated page by its path."""
    questions = DOCS / "questions.md"
    return {
        DOCS / "cli.md": cli_page(),
        DOCS / "ontology.md": ontology_page(),
        questions: questions_page(questions.read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.name}\n")
