"""``export``: a release, a graph or an entity as RDF."""

import sys
from pathlib import Path

import click

from dealgraph.cli import options


@click.command()
@click.argument("what", default="release")
@options.workspace
@options.release
@click.option(
    "--format",
    "form",
    type=click.Choice(["ttl", "nq", "trig", "jsonld", "nt", "rdf"]),
    default="ttl",
    show_default=True,
    help="Turtle, N-Quads, TriG, JSON-LD, N-Triples or RDF/XML.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; default: standard output.",
)
def export(what: str, workspace: Path, number: int | None, form: str, output: Path | None) -> None:
    """Export WHAT from a release: the same release gives the same bytes.

    WHAT is "release" (the default), a graph ("graph/current", "graph/article/…") or an entity
    ("deal/…", "org/…", "component/…"), each also as a whole IRI.
    """
    from dealgraph.cli.naming import named
    from dealgraph.exports.export import export as export_parts

    release = options.chosen_release(workspace, number)
    chunks = export_parts(release, named(what), form)
    if output is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return
    # A reader must never find half a file under the name that was asked for.
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
