"""The recipes of docs/cookbook.md, as a reader of the page finds them."""

import re
from dataclasses import dataclass
from functools import cache

from conftest import REPOSITORY

_LANGUAGE = 'VALUES ?lang { "en" }'


@dataclass(frozen=True)
class Recipe:
    """A section of the page: its heading, its title in Portuguese, its text and its query.

    ``sparql`` is empty where the section shows a command instead.
    """

    title: str
    pt: str
    text: str
    sparql: str

    def query(self, lang: str) -> str:
        """The query with its texts in a language, changed as the page says."""
        return self.sparql.replace(_LANGUAGE, f'VALUES ?lang {{ "{lang}" }}')


@cache
def recipes() -> dict[str, Recipe]:
    """Every recipe by its heading, in the order of the page."""
    page = (REPOSITORY / "docs" / "cookbook.md").read_text(encoding="utf-8")
    found = {}
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        named = re.match(r"\n\*(.+)\*\n", text)
        if named is None:
            continue
        queries = re.findall(r"^```sparql\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert len(queries) <= 1, title
        found[title] = Recipe(title, named[1], text, queries[0] if queries else "")
    return found
