"""YAML to plain values, with the line that each value stands on. May import nothing of ours.

Dates stay text and only ``true`` and ``false`` are booleans: the country code NO and the date
2026-03-17 must not turn into something else on the way in.
"""

import math
from pathlib import Path
from typing import Any

import yaml

ValuePath = tuple[str | int, ...]
Lines = dict[ValuePath, int]

# No record is nested half as deep; an alias that points at what it stands in has no end.
_DEPTH = 20

# The C loader is ten times faster; a few platforms have none.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlMistake(ValueError):
    """A document that can't be taken; ``line`` is where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class NotYaml(YamlMistake):
    """A document that isn't YAML; ``problem`` is what the parser says."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(f"not YAML: {problem}; mend the line or quote it", line)
        self.problem = problem


class KeyTwice(YamlMistake):
    """A mapping that has one ``key`` twice."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(f"the key '{key}' stands twice; keep one", line)
        self.key = key


def load(path: Path) -> tuple[Any, Lines]:
    """The value of a YAML file and the line of each value in it.

    :raises YamlMistake: when the file can't be read as YAML in UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlMistake(f"byte {error.start} is not UTF-8; save the file as UTF-8", 1) from None
    return parse(text)


def parse(text: str, *, numbers: bool = True) -> tuple[Any, Lines]:
    """The value of a YAML document and the line of each value in it.

    Without *numbers* what looks like one stays text, as it is written.

    :raises YamlMistake: when it isn't YAML, has one key twice, or an alias that holds itself.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotYaml(error.problem or "can't be read", line) from None
    except yaml.YAMLError as error:
        raise NotYaml(str(error), 1) from None
    lines: Lines = {(): 1}
    if node is None:
        return None, lines
    return _value(node, (), lines, numbers), lines


def line_of(lines: Lines, path: ValuePath) -> int:
    """The line of a value, or of the nearest one around it that there is; 1 for none."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def _value(node: yaml.Node, path: ValuePath, lines: Lines, numbers: bool) -> Any:
    lines[path] = node.start_mark.line + 1
    if len(path) > _DEPTH:
        message = f"nested more than {_DEPTH} deep, or an alias that holds itself; write it out"
        raise YamlMistake(message, lines[path])
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in mapping:
                raise KeyTwice(key, line)
            mapping[key] = _value(value_node, (*path, key), lines, numbers)
            lines[(*path, key)] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_value(item, (*path, index), lines, numbers) for index, item in items]
    return _scalar(node, numbers)


def _scalar(node: yaml.Node, numbers: bool) -> Any:
    text = str(node.value)
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if not numbers:
        return text
    if kind == "int":
        try:
            return int(text.replace("_", ""))
        except ValueError:
            return text
    if kind == "float":
        try:
            number = float(text.replace("_", ""))
        except ValueError:
            return text
        # Infinity is no figure; as text the schema names it.
        return number if math.isfinite(number) else text
    return text
