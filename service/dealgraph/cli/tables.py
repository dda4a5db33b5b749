"""Tables in the terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table to standard output, whole: cells wrap, nothing is cut."""
    # Into a pipe rich would assume 80 columns and fold every cell; a reader of a pipe wants lines.
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=max(200, 40 * len(columns)))
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        # Text, not markup: a cell may hold square brackets.
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
