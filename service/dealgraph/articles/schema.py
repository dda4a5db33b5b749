"""The JSON Schemas of the record files; they lie beside this module."""

from collections.abc import Iterator
from typing import Any

from dealgraph import schemas
from dealgraph.lined_yaml import ValuePath

_HERE = "dealgraph.articles"


def schema(name: str) -> dict[str, Any]:
    """The schema ``article``, ``register`` or ``assessments`` as a plain value."""
    return schemas.schema(_HERE, name)


def mistakes(name: str, value: Any) -> Iterator[tuple[ValuePath, str]]:
    """Where and how a value breaks the schema of that name; each sentence names the cure."""
    return schemas.mistakes(_HERE, name, value)
