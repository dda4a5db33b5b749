"""``releases``: list, show, verify and prune what a workspace holds."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealgraph.cli import options
from dealgraph.errors import WorkspaceError

if TYPE_CHECKING:
    from dealgraph.releases.workspace import Release


@click.group()
def releases() -> None:
    """The releases of a workspace."""


@releases.command("list")
@options.workspace
@options.form
def list_(workspace: Path, form: str) -> None:
    """List all releases, the newest first."""
    from dealgraph.cli.tables import print_table
    from dealgraph.releases.workspace import Workspace

    space = Workspace(workspace)
    current = space.current().number
    found = sorted(space.releases(), key=lambda release: -release.number)
    if form == "json":
        click.echo(json.dumps([_plain(release) for release in found], indent=2))
        return
    rows = [
        [
            f"{release.number}{' (current)' if release.number == current else ''}",
            release.created,
            str(release.counts.get("articles", "")),
            str(release.counts.get("claims", "")),
            str(release.counts.get("quads", "")),
            release.content_sha256[:12],
            release.message,
        ]
        for release in found
    ]
    print_table(["release", "created", "articles", "claims", "quads", "content", "message"], rows)


@releases.command("show")
@options.workspace
@click.argument("number", type=int, required=False)
def show_(workspace: Path, number: int | None) -> None:
    """Show one release as JSON; default: the current one."""
    click.echo(json.dumps(_plain(options.chosen_release(workspace, number)), indent=2))


@releases.command()
@options.workspace
@click.option("--author", default=None, help="Only what this author wrote.")
def log(workspace: Path, author: str | None) -> None:
    """Show the audit log as JSON lines: who published which release, when, why."""
    from dealgraph.releases.audit import Audit

    for entry in Audit(workspace).entries():
        if author in (None, entry.author):
            click.echo(json.dumps(asdict(entry), ensure_ascii=False))


@releases.command()
@options.workspace
@click.argument("number", type=int, required=False)
def verify(workspace: Path, number: int | None) -> None:
    """Compare the files and the content of releases with the hashes taken at publishing."""
    from dealgraph.releases.workspace import Workspace

    space = Workspace(workspace)
    numbers = [number] if number is not None else [each.number for each in space.releases()]
    broken = []
    for each in numbers:
        problems = space.verify(each)
        click.echo(f"release {each}: " + ("sound" if not problems else "; ".join(problems)))
        if problems:
            broken.append(str(each))
    if broken:
        raise WorkspaceError(
            f"Broken: release {', '.join(broken)}.",
            "Restore the folder from a backup, or build a new release from the records.",
        )


@releases.command()
@options.workspace
@click.argument("older", type=int)
@click.argument("newer", type=int, required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "patch"]),
    default="table",
    show_default=True,
    help="A table of belief for people, all counts as JSON, or an RDF patch of every quad.",
)
def diff(workspace: Path, older: int, newer: int | None, form: str) -> None:
    """Show what changed from release OLDER to NEWER; default: the current one."""
    from dealgraph.cli.tables import print_table
    from dealgraph.exports.differences import differences

    first, second = (options.chosen_release(workspace, number) for number in (older, newer))
    found = differences(first, second)
    if form == "patch":
        for chunk in found.patch():
            click.echo(chunk, nl=False)
    elif form == "json":
        click.echo(json.dumps(found.plain(), indent=2, ensure_ascii=False))
    else:
        if found.graphs:
            rows = [[name, str(gone), str(new)] for name, (gone, new) in found.graphs.items()]
            print_table(["graph", "removed", "added"], rows)
        else:
            click.echo(f"Releases {first.number} and {second.number} say the same.")
        if lines := found.lines():
            print_table(["", "thing", "says", "what"], lines)


@releases.command()
@options.workspace
@click.option("--keep", type=click.IntRange(min=1), required=True, help="How many to keep.")
def prune(workspace: Path, keep: int) -> None:
    """Delete all but the newest releases; the current one always stays."""
    from dealgraph.releases.workspace import Workspace

    gone = Workspace(workspace).prune(keep)
    click.echo(f"deleted: {', '.join(map(str, gone))}" if gone else "nothing to delete")


def _plain(release: "Release") -> dict[str, object]:
    plain = asdict(release)
    return {key: str(value) if isinstance(value, Path) else value for key, value in plain.items()}
