"""The queries that questions need for themselves: ``queries/internal/*.rq``, no questions."""

from functools import cache

from dealgraph.resources import folder

FOLDER = "internal"


@cache
def internal_query(name: str) -> str:
    """The text of an internal query; it is read once.

    :raises NotFound: when the shipped folder is missing.
    """
    return (folder("queries") / FOLDER / f"{name}.rq").read_text(encoding="utf-8")
