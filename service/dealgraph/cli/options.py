"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dealgraph.settings import LANGUAGES

if TYPE_CHECKING:
    from dealgraph.releases.workspace import Release

workspace: Callable[[Any], Any] = click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("workspace"),
    show_default=True,
    envvar="DEALGRAPH_WORKSPACE",
    help="The folder that holds the releases.",
)

records: Callable[[Any], Any] = click.option(
    "--records",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="A folder of article records; default: the shipped ones.",
)

form: Callable[[Any], Any] = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table for people, or what a machine reads.",
)

release: Callable[[Any], Any] = click.option(
    "--release",
    "number",
    type=int,
    default=None,
    help="The release to ask; default: the current one.",
)

language: Callable[[Any], Any] = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of labels and sentences.",
)


def chosen_release(folder: Path, number: int | None) -> "Release":
    """The release that the options name."""
    from dealgraph.releases.workspace import Workspace

    space = Workspace(folder)
    return space.current() if number is None else space.release(number)
