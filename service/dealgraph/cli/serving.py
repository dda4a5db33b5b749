"""``serve``: the HTTP service."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dealgraph.settings import Described, Settings, chosen, described

_METAVARS = {"workspace": "FOLDER", "write_token_file": "FILE"}


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for each setting, in the order of the table; a pair where it is yes or no."""
    for entry in reversed(described()):
        command = _option(entry)(command)
    return command


def _option(entry: Described) -> Callable[..., Any]:
    dashed = entry.name.replace("_", "-")
    text = f"{entry.help} ({entry.variable}; default: {entry.default})"
    if entry.type == "yes or no":
        # No default here: a flag that isn't given must leave the word to variable and file.
        return click.option(f"--{dashed}/--no-{dashed}", default=None, help=text)
    return click.option(f"--{dashed}", metavar=_METAVARS.get(entry.name, "VALUE"), help=text)


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML file with settings by name; flags and variables win over it. (DEALGRAPH_CONFIG)",
)
@_settings
@click.option(
    "--check", is_flag=True, help="Show every setting and what set it, and end without serving."
)
def serve(config: Path | None, check: bool, **flags: object) -> None:
    """Serve the current release: SPARQL, questions, pages and exports.

    A new release is picked up as soon as it is published.
    """
    if check:
        _show(config, flags)
        return
    from dealgraph.releases.plain import begin_plain, refuse_other_kind
    from dealgraph.releases.tokens import Tokens
    from dealgraph.releases.workspace import Workspace
    from dealgraph.releases.write_token import ensure_write_token
    from dealgraph.web.app import create_app
    from dealgraph.web.logs import configure
    from dealgraph.web.server import serve as serve_app

    settings = Settings.load(os.environ, flags, config)
    configure(settings.log)
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


def _show(config: Path | None, flags: dict[str, object]) -> None:
    from dealgraph.cli.tables import print_table

    # No setting is a secret: tokens stand in files, and a setting names the file at most.
    rows = [
        [name, str(one.value), one.source]
        for name, one in chosen(os.environ, flags, config).items()
    ]
    print_table(["setting", "value", "set by"], rows)
