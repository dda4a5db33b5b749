"""The header of a ``.rq`` file: ``#+`` lines that are one YAML document, with their lines kept.

The only module of this part that knows YAML. All scalars stay text but null, true and false: a
default date must not turn into something else on the way in.
"""

from dataclasses import dataclass
from typing import Any

import yaml

MARK = "#+"

ValuePath = tuple[str | int, ...]


@dataclass(frozen=True)
class Header:
    """The value of the header, the line in the file of each value in it, and what follows it."""

    value: Any
    lines: dict[ValuePath, int]
    text: str
    first_line: int

    def line(self, path: ValuePath) -> int:
        """The line of a value, or of the nearest one around it that there is."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


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
        node = yaml.compose(document, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = error.problem or "can't be read"
        raise HeaderMistake(f"the header is no YAML: {problem}; mend or quote it", line) from None
    except yaml.YAMLError as error:
        raise HeaderMistake(f"the header is no YAML: {error}; mend it", 1) from None
    lines: dict[ValuePath, int] = {(): 1}
    value = None if node is None else _value(node, (), lines)
    while count < len(rows) and not rows[count].strip():
        count += 1
    return Header(value, lines, "\n".join(rows[count:]).rstrip() + "\n", count + 1)


def _value(node: yaml.Node, path: ValuePath, lines: dict[ValuePath, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in mapping:
                raise HeaderMistake(f"'{key}' stands twice; keep one", line)
            lines[*path, key] = line
            mapping[key] = _value(value_node, (*path, key), lines)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, at), lines) for at, item in enumerate(node.value)]
    text = str(node.value)
    if node.tag.endswith(":null"):
        return None
    if node.tag.endswith(":bool") and text in ("true", "false"):
        return text == "true"
    return text
