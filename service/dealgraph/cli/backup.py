"""``backup`` and ``restore``: a workspace as one file."""

from pathlib import Path

import click

from dealgraph.cli import options


@click.command()
@options.workspace
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(workspace: Path, file: Path) -> None:
    """Write the workspace into FILE, a tar archive; the service may go on running.

    It holds the releases, the tokens (hashed) and the audit trail; its owner only may read it.
    """
    from dealgraph.releases.backup import backup as write

    numbers = write(workspace, file)
    click.echo(f"{file}: {_named(numbers)}, {file.stat().st_size} bytes")


@click.command()
@options.workspace
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(workspace: Path, file: Path) -> None:
    """Make a new workspace of FILE, which dealgraph backup has written.

    The workspace must not be there yet, or be empty. Everything is compared with the digests
    taken at the backup and at publishing before it takes its place.
    """
    from dealgraph.releases.backup import restore as read

    click.echo(f"{workspace}: {_named(read(file, workspace))}")


def _named(numbers: list[int]) -> str:
    return f"release{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
