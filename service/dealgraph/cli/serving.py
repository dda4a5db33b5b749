"""``serve``: the HTTP service."""

from pathlib import Path

import click

from dealgraph.cli import options


@click.command()
@options.workspace
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(workspace: Path, host: str, port: int) -> None:
    """Serve the current release: SPARQL, questions, pages and exports."""
