"""The header of a ``.rq`` file: ``#+`` lines that are one YAML document, with their lines kept.

All scalars stay text but null, true and false: a default date or amount must not turn into
something else on the way in.
"""

from dataclasses import dataclass
from typing import Any

from dealgraph.lined_yaml import KeyTwice, NotYaml, ValuePath, YamlMistake, line_of, parse

MARK = "#+"


@dataclass(frozen=True)
class Header:
    """The value of the header, the line in the file of each value in it, and what follows it."""

    value: Any
    lines: dict[ValuePath, int]
    text: str
    first_line: int

    def line(self, path: ValuePath) -> int:
        """The line of a value, or of the nearest one around it that there is."""
        return line_of(self.lines, path)


class HeaderMistake(ValueError):
    """A header that can't be read at all; ``line`` is where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse_header(content: str) -> Header:
    """The header at the top of a file, and the query below it.

    :raises HeaderMistake: when there is no header, or it is no YAML.
    """
    rows = content.splitlines()
    count = next((at for at, row in enumerate(rows) if not row.startswith(MARK)), len(rows))
    if count == 0:
        raise HeaderMistake(f"there is no header; begin the file with lines '{MARK} title: …'", 1)
    document = "\n".join(row[len(MARK) :].removeprefix(" ") for row in rows[:count])
    try:
        value, lines = parse(document, numbers=False)
    except NotYaml as error:
        # What is missing at the end is told of the line after it, which is no line of the header.
        line = min(error.line, count)
        raise HeaderMistake(
            f"the header is no YAML: {error.problem}; mend or quote it", line
        ) from None
    except KeyTwice as error:
        raise HeaderMistake(f"'{error.key}' stands twice; keep one", error.line) from None
    except YamlMistake as error:
        raise HeaderMistake(str(error), error.line) from None
    while count < len(rows) and not rows[count].strip():
        count += 1
    return Header(value, lines, "\n".join(rows[count:]).rstrip() + "\n", count + 1)
