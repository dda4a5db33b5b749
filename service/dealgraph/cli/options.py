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


def _form(first: str, help_: str) -> Callable[[Any], Any]:
    return click.option(
        "--format",
        "form",
        type=click.Choice([first, "json"]),
        default=first,
        show_default=True,
        help=help_,
    )


form = _form("table", "A table for people, or what a machine reads.")
text_form = _form("text", "A text for people, or what a machine reads.")

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


known: Callable[[Any], Any] = click.option(
    "--known",
    type=str,
    default=None,
    metavar="YYYY-MM-DD",
    help="Answer from what had been reported by the end of that day; default: all of it.",
)


def chosen_release(folder: Path, number: int | None, known: str | None = None) -> "Release":
    """The release that the options name, as known on a day where one is given.

    :raises BadInput: when *known* is no day.
    :raises Conflict: when the release doesn't tell what was known when.
    """
    from dealgraph.releases.workspace import Workspace

    space = Workspace(folder)
    release = space.current() if number is None else space.release(number)
    if known is None:
        return release
    from dealgraph.releases.views import make_view, read_known
    from dealgraph.resources import folder as shipped

    return make_view(space.root, release, read_known(known), shipped("ontology"))
