"""What tests of the pages share: asking as a browser does, and reading what comes."""

from collections.abc import Iterator
from html.parser import HTMLParser

from flask.testing import FlaskClient

from dealgraph.resources import folder

PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
QUESTIONS = sorted(path.stem for path in folder("queries").glob("*.rq"))


def read_page(client: FlaskClient, address: str, lang: str = "en", status: int = 200) -> str:
    """The HTML at *address*, as a reader of that language gets it."""
    response = client.get(address, headers={**PAGE, "Accept-Language": lang})
    assert response.status_code == status, response.text
    assert response.mimetype == "text/html"
    return response.text


class Elements(HTMLParser):
    """Every start tag of a page, and whether all that were opened were closed."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, (tag, self.getpos())

    def having(self, attribute: str) -> Iterator[str]:
        return (attributes[attribute] for _, attributes in self.tags if attribute in attributes)
