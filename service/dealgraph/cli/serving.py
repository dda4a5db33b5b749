"""``serve``: the HTTP service."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dealgraph.settings import Settings, described


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for each setting, in the order of the table."""
    for entry in reversed(described()):
        option = click.option(
            f"--{entry.name.replace('_', '-')}",
            metavar=entry.type.rsplit(" ", 1)[-1].upper() if entry.name == "workspace" else "VALUE",
            help=f"{entry.help} ({entry.variable}; default: {entry.default})",
        )
        command = option(command)
    return command


@click.command()
@_settings
def serve(**flags: str | None) -> None:
    """Serve the current release: SPARQL, questions, pages and exports.

    A new release is picked up as soon as it is published.
    """
    from dealgraph.releases.plain import begin_plain, refuse_other_kind
    from dealgraph.releases.tokens import Tokens
    from dealgraph.releases.workspace import Workspace
    from dealgraph.releases.write_token import ensure_write_token
    from dealgraph.web.app import create_app
    from dealgraph.web.server import serve as serve_app

    settings = Settings.load(os.environ, flags)
    workspace = Workspace(settings.workspace)
    if settings.plain:
        begin_plain(workspace)
    # Before the service starts: an empty workspace is told here, not by every page.
    refuse_other_kind(workspace.current(), settings.plain)
    if settings.write_token_file:
        ensure_write_token(Tokens(workspace.root), Path(settings.write_token_file))
    serve_app(
        create_app(workspace, settings),
        settings.host,
        settings.port,
        threads=settings.threads,
        ready=lambda address: click.echo(f"Dealgraph is at {address} (Ctrl-C ends it)"),
    )
