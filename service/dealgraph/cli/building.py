"""``build`` and ``check``: from records to a release."""

from pathlib import Path

import click

from dealgraph.cli import options
from dealgraph.cli.progress import Bar


@click.command()
@options.workspace
@options.records
@click.option("--message", default="", help="A note that the release carries.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def build(workspace: Path, records: Path | None, message: str, quiet: bool) -> None:
    """Build the graph from the records and publish it as a release.

    Unchanged input publishes nothing: the current release already says the same.
    """
    from dealgraph.releases.build import build as build_release
    from dealgraph.releases.workspace import Workspace
    from dealgraph.resources import folder

    with Bar(quiet) as bar:
        release, new = build_release(
            Workspace(workspace),
            records or folder("data"),
            folder("ontology"),
            progress=bar.advance,
            message=message,
        )
    counts = release.counts
    click.echo(
        f"release {release.number}: {counts['articles']} articles, {counts['claims']} claims, "
        f"{counts['deals']} deals, {counts['quads']} quads"
        if new
        else f"release {release.number} already says the same; nothing was published"
    )


@click.command()
@options.records
@click.option("--no-reasoner", is_flag=True, help="Leave out HermiT, which needs Java.")
def check(records: Path | None, no_reasoner: bool) -> None:
    """Check the records and what follows from them, and prove the ontology coherent.

    Every mistake of every file is reported, with file, line and cure.
    """
    from dealgraph.articles.reader import read_records
    from dealgraph.errors import Inconsistent
    from dealgraph.graph.assemble import assemble
    from dealgraph.graph.clashes import clashes
    from dealgraph.graph.dataset import open_dataset
    from dealgraph.graph.ontology import load_ontology
    from dealgraph.resources import folder

    found = read_records(records or folder("data"))
    click.echo(
        f"records: {len(found.articles)} articles, "
        f"{sum(len(article.claims) for article in found.articles.values())} statements, "
        f"{len(found.deals)} deals, {len(found.organizations)} organizations: no mistake"
    )
    believed = open_dataset()
    assemble(believed, found, folder("ontology"), lambda *_: None)
    clashing = clashes(believed, folder("ontology"))
    if clashing:
        raise Inconsistent(
            " ".join(clash.messages["en"] for clash in clashing),
            "Mend the record that says one of the two, or review one of the claims.",
        )
    click.echo("belief: nothing contradicts itself")
    terms, _ = load_ontology(folder("ontology"))
    if no_reasoner:
        click.echo(f"ontology: {len(terms)} triples read; not reasoned over")
        return
    from dealgraph.graph.reasoner import check_coherent

    result = check_coherent(terms)
    if not result.consistent or result.unsatisfiable:
        empty = ", ".join(sorted(result.unsatisfiable)) or "the ontology as a whole"
        raise Inconsistent(
            f"HermiT finds a contradiction in {empty}.",
            "Take back the last change to ontology/, or mend the axioms of these classes.",
        )
    click.echo(f"ontology: {len(terms)} triples, coherent (HermiT)")
