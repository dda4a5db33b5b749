"""Tables in the terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Below so many characters a column is a tower of syllables, and a row is better read as a block.
_LEAST = 14


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows to standard output, whole: nothing is cut; columns without a value are left out.

    Where the terminal is too narrow for the columns each row is a block of lines.
    """
    shown = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    if not rows:
        shown = list(range(len(columns)))
    names = [columns[place] for place in shown]
    cells = [[row[place] for place in shown] for row in rows]
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        # Into a pipe rich would assume 80 columns and fold every cell; its reader wants lines.
        console = Console(width=max(200, 40 * len(names)))
    if rows and console.width < _LEAST * len(names):
        _print_blocks(console, names, cells)
        return
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for row in cells:
        # Text, not markup: a cell may hold square brackets.
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _print_blocks(console: Console, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        block = Table.grid(padding=(0, 2))
        for name, cell in zip(names, row, strict=True):
            if cell:
                block.add_row(Text(name, style="dim"), Text(cell))
        console.print(block)
        console.print()
