"""Every page as a reader meets it: sound, on its own, in both languages, sent once."""

import json
import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conftest import REPOSITORY
from dealgraph.releases.workspace import Workspace
from dealgraph.settings import Settings
from dealgraph.web import conditional
from dealgraph.web.app import create_app
from dealgraph.web.language import load_messages, package_folder
from dealgraph.web.opened import releases_of
from pages import PAGE, QUESTIONS, Elements, read_page

PAGES = [
    "/",
    "/questions",
    "/questions/suppliers",
    "/search?q=open",
    "/search?q=zzzz",
    "/evidence?subject=https://w3id.org/dealgraph/id/deal/amazon-openai-investment",
    "/evidence",
    "/entity/org/openai",
    "/entity/deal/amazon-openai-investment",
    "/entity/component/amazon-openai-equity",
    "/entity/offering/trainium",
    "/about?iri=https://w3id.org/dealgraph/scheme/status/signed",
    "/about?iri=https://w3id.org/dealgraph/ontology%23hasInvestor",
    "/sparql",
    "/export",
    "/releases",
    "/nothing",
]


# ---- every page ----


@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize("address", [*PAGES, *[f"/questions/{name}" for name in QUESTIONS]])
def test_every_page_is_sound(client: FlaskClient, address: str, lang: str) -> None:
    text = read_page(client, address, lang, 404 if address == "/nothing" else 200)
    found = Elements(text)
    assert f'<html lang="{lang}">' in text
    assert text.count("<h1") == 1
    ids = Counter(found.having("id"))
    assert max(ids.values()) == 1, ids.most_common(1)
    for attribute in ("for", "aria-describedby", "aria-labelledby", "data-copy", "data-filter"):
        for value in found.having(attribute):
            assert set(value.split()) <= set(ids), (attribute, value)
    named = set(found.having("for"))
    for tag, attributes in found.tags:
        if tag in ("input", "select", "textarea") and attributes.get("type") != "hidden":
            wrapped = attributes.get("type") == "checkbox"
            assert wrapped or attributes.get("id") in named or "aria-label" in attributes, (
                attributes
            )


@pytest.mark.parametrize("address", PAGES)
def test_no_page_needs_anything_from_elsewhere(client: FlaskClient, address: str) -> None:
    response = client.get(address, headers=PAGE)
    found = Elements(response.text)
    for tag, attributes in found.tags:
        source = attributes.get("src") or (attributes.get("href") if tag == "link" else None)
        assert source is None or source.startswith("/static/"), source
        assert not any(name.startswith("on") for name in attributes), attributes
        assert "style" not in attributes
        assert tag != "style"
        assert tag != "script" or attributes["src"]
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_links_of_the_main_pages_lead_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    for start in ("/", "/questions", "/questions/suppliers", "/entity/org/aws", "/releases"):
        found = Elements(read_page(client, start))
        seen |= {
            attributes["href"]
            for tag, attributes in found.tags
            if tag == "a" and attributes["href"].startswith("/")
        }
    assert len(seen) > 100
    for address in sorted(seen)[::3]:
        assert client.get(address, headers=PAGE).status_code in (200, 303), address


def test_assets_are_kept_for_good_only_under_their_edition(client: FlaskClient) -> None:
    sheet = next(
        attributes["href"]
        for tag, attributes in Elements(read_page(client, "/")).tags
        if tag == "link" and attributes["rel"] == "stylesheet"
    )
    with client.get(sheet) as kept, client.get("/static/combobox.js") as asked_for:
        assert "max-age=31536000" in kept.headers["Cache-Control"]
        assert "no-cache" in asked_for.headers["Cache-Control"]


# ---- languages ----


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("en-GB,en;q=0.9", "en"),
        ("de,pt;q=0.4,en;q=0.3", "pt"),
        ("de", "en"),
        ("pt;q=0", "en"),
    ],
)
def test_the_browser_chooses_the_language(client: FlaskClient, header: str, told: str) -> None:
    response = client.get("/", headers={**PAGE, "Accept-Language": header})
    assert f'<html lang="{told}">' in response.text
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))


def test_a_chosen_language_stays(client: FlaskClient) -> None:
    assert "<h1>Perguntas</h1>" in read_page(client, "/questions?lang=pt")
    assert "<h1>Perguntas</h1>" in read_page(client, "/questions")
    assert "<h1>Questions</h1>" in read_page(client, "/questions?lang=en")


def test_a_language_there_is_not_is_refused_in_the_address_only(client: FlaskClient) -> None:
    text = read_page(client, "/questions?lang=xx", "pt", status=400)
    assert "Give one of en, pt." in text
    assert '<html lang="pt">' in text
    client.set_cookie("lang", "xx")
    assert "<h1>Perguntas</h1>" in read_page(client, "/questions", "xx,pt;q=0.5")


def test_the_switch_of_language_keeps_the_question(client: FlaskClient) -> None:
    text = read_page(client, "/questions/suppliers?firm=openai&firm=anthropic&status=signed")
    switch = next(
        attributes["href"]
        for tag, attributes in Elements(text).tags
        if attributes.get("hreflang") == "pt"
    )
    asked = parse_qs(urlsplit(switch).query)
    assert asked == {"firm": ["openai", "anthropic"], "status": ["signed"], "lang": ["pt"]}
    assert "Quem fornece a uma empresa" in read_page(client, switch)


def test_the_languages_have_the_same_texts() -> None:
    texts = load_messages(package_folder("messages"))
    assert list(texts["en"]) == list(texts["pt"])
    for key, english in texts["en"].items():
        holes = re.findall(r"\{\w+\}", english)
        assert sorted(holes) == sorted(re.findall(r"\{\w+\}", texts["pt"][key])), key


def test_no_text_is_missing_and_none_is_left_over() -> None:
    texts = load_messages(package_folder("messages"))["en"]
    sources = [
        *package_folder("templates").glob("*.html"),
        *package_folder("static").parent.glob("*.py"),
    ]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r"""['"]([a-z_]+(?:\.[a-z_-]+)+)['"]""", code))
    # Keys that are put together: 'verdict.' ~ name, f"count.{name}".
    begun = set(re.findall(r"""['"]([a-z_.]+\.)(?:['"]|\{)""", code))
    for key in texts:
        plain = re.sub(r"\.(one|many)$", "", key)
        assert key in named or plain in named or any(key.startswith(b) for b in begun), key
    for key in named:
        if key.endswith((".html", ".css", ".js", ".svg")):
            continue
        known = key in texts or f"{key}.many" in texts
        assert known or key.split(".")[0] not in {name.split(".")[0] for name in texts}, key


# ---- caching and documentation ----


@pytest.mark.parametrize("address", ["/", "/questions/suppliers", "/entity/org/openai", "/export"])
def test_a_page_is_sent_once_for_each_release_and_language(
    client: FlaskClient, address: str
) -> None:
    def get(lang: str, etag: str = "") -> TestResponse:
        headers = {**PAGE, "Accept-Language": lang, "If-None-Match": etag}
        return client.get(address, headers=headers)

    first = get("en")
    assert get("en", first.headers["ETag"]).status_code == 304
    assert get("pt", first.headers["ETag"]).status_code == 200


@pytest.mark.parametrize("address", ["/", "/questions/suppliers.csv", "/sparql?query=ASK{}",
                                     "/export/graph/schemes.nt"])  # fmt: skip
def test_a_tag_changes_with_the_software(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    # What a running service keeps in memory is of its own version.
    anew = {"Cache-Control": "no-cache"}
    before = client.get(address, headers=anew).headers["ETag"]
    assert client.get(address, headers=anew).headers["ETag"] == before
    monkeypatch.setattr(conditional, "__version__", "another")
    assert client.get(address, headers=anew).headers["ETag"] != before


def test_a_tag_changes_with_the_length_of_pages(client: FlaskClient, workspace: Workspace) -> None:
    short = create_app(workspace, Settings(workers=1, page_rows=3))
    try:
        tags = {
            each.get("/questions/suppliers", headers=PAGE).headers["ETag"]
            for each in (client, short.test_client())
        }
    finally:
        releases_of(short).close()
    assert len(tags) == 2


def test_an_answer_of_another_kind_has_another_tag(client: FlaskClient) -> None:
    tags = {
        client.get("/questions/suppliers", headers={"Accept": accept}).headers["ETag"]
        for accept in ("text/html", "application/json", "text/csv")
    }
    assert len(tags) == 3


def test_every_route_is_documented(app: Flask) -> None:
    documented = (REPOSITORY / "docs" / "http.md").read_text(encoding="utf-8")
    for rule in app.url_map.iter_rules():
        shown = re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule)
        assert f"`{shown}`" in documented, shown


def test_every_kind_of_problem_is_documented(app: Flask) -> None:
    documented = (REPOSITORY / "docs" / "http.md").read_text(encoding="utf-8")
    for key in app.config["DEALGRAPH_MESSAGES"]["en"]:
        if key.startswith("problem.") and "-" in key:
            assert f"`{key.removeprefix('problem.')}`" in documented, key


@pytest.mark.parametrize("lang", ["en", "pt"])
def test_every_documented_problem_has_a_title(app: Flask, lang: str) -> None:
    documented = (REPOSITORY / "docs" / "http.md").read_text(encoding="utf-8")
    slugs = re.findall(r"^\| `([a-z-]+)` \| [45]\d\d \|", documented, re.MULTILINE)
    assert len(slugs) > 20
    texts = app.config["DEALGRAPH_MESSAGES"][lang]
    assert [slug for slug in slugs if f"problem.{slug}" not in texts] == []


def test_the_examples_of_the_documentation_work(client: FlaskClient) -> None:
    documented = (REPOSITORY / "docs" / "http.md").read_text(encoding="utf-8")
    addresses = re.findall(r"'http://127\.0\.0\.1:8020(/[^']*)'", documented)
    assert len(addresses) >= 4
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (200, 303), address
        if response.mimetype == "application/json":
            assert json.loads(response.data)
