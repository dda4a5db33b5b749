"""YAML files of language data that keep to a schema beside this module."""

from pathlib import Path
from typing import Any

from dealgraph import schemas
from dealgraph.errors import RecordError
from dealgraph.lined_yaml import YamlMistake, line_of, load


def read_checked(path: Path, schema: str) -> dict[str, Any]:
    """The value of a file that keeps to ``<schema>.schema.json``.

    :raises RecordError: with every mistake, each as ``file:line: where: what; cure``.
    """
    try:
        value, lines = load(path)
    except YamlMistake as mistake:
        raise RecordError([f"{path.name}:{mistake.line}: {mistake}"]) from None
    wrong = [
        f"{path.name}:{line_of(lines, where)}: {'.'.join(map(str, where)) or 'the file'}: {what}"
        for where, what in schemas.mistakes("dealgraph.extraction", schema, value)
    ]
    if wrong:
        raise RecordError(wrong)
    assert isinstance(value, dict)
    return value
