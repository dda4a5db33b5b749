"""The group of all commands, and the one place where an error becomes a line and an exit code."""

import os
import sys
from typing import Any

import click

from dealgraph.cli.answering import ask, query, questions
from dealgraph.cli.backup import backup, restore
from dealgraph.cli.building import build, check
from dealgraph.cli.evaluating import evaluate
from dealgraph.cli.explaining import why
from dealgraph.cli.exporting import export
from dealgraph.cli.extracting import extract
from dealgraph.cli.releasing import releases
from dealgraph.cli.serving import serve
from dealgraph.cli.tokens import tokens
from dealgraph.errors import DealgraphError
from dealgraph.version import __version__


class _Commands(click.Group):
    """Leaves with the exit code of the error, and with one sentence instead of a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DealgraphError as error:
            click.echo(f"dealgraph: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # The reader of a pipe has gone, as head does: that is no error of ours. What is still
            # in the buffer must not fail once more when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except click.exceptions.Exit:
            raise
        except Exception as error:
            # A fault of ours: no user can act on a trace, and who mends it asks for one.
            if isinstance(error, click.ClickException) or ctx.params.get("traceback"):
                raise
            click.echo(
                f"dealgraph: a fault in dealgraph itself: {type(error).__name__}: {error}. "
                "Run it again as: dealgraph --traceback …, and report what it prints.",
                err=True,
            )
            ctx.exit(70)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dealgraph")
@click.option("--traceback", is_flag=True, help="Show where in the code an unexpected fault arose.")
def main(traceback: bool) -> None:
    """Deals of the AI industry as a knowledge graph, each answer traceable to a sentence."""


for command in (
    build, check, serve, query, ask, questions, why, export, releases, tokens, backup, restore,
    extract, evaluate,
):  # fmt: skip
    main.add_command(command)
