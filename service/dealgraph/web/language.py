"""Which language a reader gets, and the texts of pages in it.

The texts are YAML (``messages/<language>.yaml``); a test holds the languages to the same keys.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml
from flask import Flask, Request, Response, current_app, g, request

from dealgraph.errors import BadInput
from dealgraph.settings import LANGUAGES

COOKIE: Final = "lang"
_YEAR: Final = 365 * 24 * 3600


def package_folder(name: str) -> Path:
    """A folder of this package: templates, static or messages."""
    return Path(str(files("dealgraph.web"))) / name


def load_messages(folder: Path) -> dict[str, dict[str, str]]:
    """The texts of every language by dotted key: ``load_messages(f)["pt"]["nav.questions"]``."""
    return {
        lang: dict(_flat(yaml.safe_load((folder / f"{lang}.yaml").read_text(encoding="utf-8"))))
        for lang in LANGUAGES
    }


def load_groups(folder: Path) -> dict[str, list[str]]:
    """The names of questions under the key of each heading, in the order of the lists."""
    return dict(yaml.safe_load((folder / "groups.yaml").read_text(encoding="utf-8")))


def _flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


def choose_language(asked: Request, default: str) -> str:
    """The language of ``?lang=``, else of the cookie, else the best of Accept-Language.

    https://www.rfc-editor.org/rfc/rfc9110#field.accept-language
    """
    # An unknown one is passed over here, since a page of an error needs a language, too.
    for named in (asked.args.get("lang"), asked.cookies.get(COOKIE)):
        if named in LANGUAGES:
            return str(named)
    # A reader of pt-BR or en-GB is served by the plain language too.
    ranked = sorted(asked.accept_languages, key=lambda pair: -pair[1])
    for tag, quality in ranked:
        plain = tag.split("-")[0].lower()
        if quality > 0 and plain in LANGUAGES:
            return plain
    return default


def check_language() -> None:
    """Refuses an address that asks for a language there is not, before anything is done.

    :raises BadInput: when ``?lang=`` is none of the languages.
    """
    asked = request.args.get("lang")
    if asked and asked not in LANGUAGES and request.endpoint != "static":
        raise BadInput(
            f"lang is {asked[:40]!r}, which is no language of the pages.",
            f"Give one of {', '.join(LANGUAGES)}.",
        )


def language() -> str:
    """The language of this request."""
    if "language" not in g:
        g.language = choose_language(request, current_app.config["DEALGRAPH_SETTINGS"].language)
    return str(g.language)


def told(key: str, **values: object) -> str:
    """The text of *key* in the reader's language; ``{name}`` in it takes ``name=value``."""
    texts: dict[str, dict[str, str]] = current_app.config["DEALGRAPH_MESSAGES"]
    text = texts[language()][key]
    return text.format_map(values) if values else text


def counted(key: str, count: int, **values: object) -> str:
    """The text of ``key.one`` or ``key.many``, with *count* written the reader's way."""
    form = "one" if count == 1 else "many"
    return told(f"{key}.{form}", count=number(count), **values)


def number(value: object) -> str:
    """A number with the thousands marked: 1,234.5 in English, 1.234,5 in Portuguese."""
    text = f"{value:,}" if isinstance(value, int) else str(value)
    return text.translate(_SWAPPED) if language() == "pt" else text


_SWAPPED: Final = str.maketrans({",": ".", ".": ","})


def remember_language(response: Response) -> Response:
    """Keeps a language that was asked for by ``?lang=``, for the pages that follow."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and response.mimetype == "text/html":
        response.set_cookie(COOKIE, str(asked), max_age=_YEAR, samesite="Lax", httponly=True)
    return response


def init_language(app: Flask) -> None:
    """Gives the templates their texts and the app its memory of the choice."""
    app.config["DEALGRAPH_GROUPS"] = load_groups(package_folder("messages"))
    app.config["DEALGRAPH_MESSAGES"] = load_messages(package_folder("messages"))
    app.jinja_env.globals.update(
        t=told, counted=counted, number=number, language=language, languages=LANGUAGES
    )
    app.before_request(check_language)
    app.after_request(remember_language)
