"""The pages in a real browser: typing, choosing by keyboard, evidence, downloads, narrow screens.

Needs Chromium on the PATH; without it the tests are skipped, in CI (CI=true) they fail.
"""

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dealgraph.releases.workspace import Workspace
from serving import serving, until

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGES = [
    "/",
    "/questions",
    "/questions/suppliers",
    "/questions/suppliers?firm=opnai",
    "/questions/money-cycles",
    "/questions/deal-history",
    "/evidence?subject=https://w3id.org/dealgraph/id/deal/amazon-openai-investment",
    "/entity/org/openai",
    "/entity/component/amazon-openai-equity",
    "/sparql?example=suppliers",
    "/sparql?query=SELECT * WHERE { ?s dg:hasAmount ?o } LIMIT 20",
    "/sparql?query=DESCRIBE org:openai",
    "/search?q=open",
    "/export",
    "/releases",
    "/nothing",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = f"none of {', '.join(names)} is on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A page of a reader from Brazil; whatever a script throws or the policy blocks is an error."""
    context = browser.new_context(
        base_url=served, locale="pt-BR", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda message: (
            wrong.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith(served) else wrong.append(request.url),
    )
    yield page
    context.close()
    assert wrong == []


def test_a_question_from_a_portuguese_alias_to_the_csv(page: Page, tmp_path: Path) -> None:
    page.goto("/questions/investors?firm=")
    field = page.get_by_role("combobox", name="Empresa")
    field.fill("")
    field.press_sequentially("dona do ChatGPT", delay=20)
    option = page.get_by_role("option", name="OpenAI")
    expect(option.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(option.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.first.get_attribute("id")
    field.press("Enter")
    # The choice is a chip now, and can be taken back.
    expect(page.get_by_role("button", name="Remover OpenAI")).to_be_visible()
    expect(field).to_have_value("")
    field.press("Enter")
    page.wait_for_url("**/questions/investors?*firm=openai*")
    heading = page.get_by_role("heading", name="Resposta")
    expect(heading).to_contain_text("linhas")
    # The evidence of a row is closed, and opens.
    evidence = page.locator("details.evidence").first
    expect(evidence.locator(".sentence").first).to_be_hidden()
    evidence.locator("summary").click()
    expect(evidence.locator(".sentence").first).to_be_visible()
    expect(evidence).to_contain_text("em nossas palavras, não é citação")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    target = tmp_path / "answer.csv"
    started.value.save_as(target)
    assert started.value.suggested_filename == "dealgraph-1-investors.csv"
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f": {len(rows)} linhas" in heading.inner_text()
    assert "Microsoft" in {row["investorLabel"] for row in rows}
    assert {row["currency"] for row in rows} >= {"USD"}


def test_the_first_name_takes_the_place_of_the_default(page: Page) -> None:
    page.goto("/questions/suppliers?lang=en")
    field = page.get_by_role("combobox", name="Firm")
    expect(page.locator(".chip")).to_contain_text("OpenAI")
    for name in ("Anthropic", "Microsoft"):
        field.press_sequentially(name.lower(), delay=20)
        page.get_by_role("option", name=name).first.click()
    # The second one is added: the default was gone by then.
    expect(page.locator(".chip")).to_contain_text(["Anthropic", "Microsoft"])
    expect(page.locator(".chip")).to_have_count(2)
    # A name that is typed and sent without choosing does the same.
    page.goto("/questions/suppliers?lang=en")
    field.fill("AWS")
    page.get_by_role("button", name="Answer").click()
    page.wait_for_url("**firm=AWS*")
    assert page.url.count("firm=") == 1


def test_a_wide_answer_shows_what_decides(page: Page) -> None:
    for name in ("suppliers", "rights-in-force", "reciprocal-deals"):
        page.goto(f"/questions/{name}?lang=en")
        room = page.locator(".answer .table-box").evaluate(
            "box => [box.scrollWidth, box.clientWidth]"
        )
        assert room[0] <= room[1], name
        head = page.get_by_role("columnheader", name="Component").bounding_box()
        assert head is not None
        assert head["width"] >= 14 * 13, name


def test_several_firms_as_chips(page: Page) -> None:
    page.goto("/questions/suppliers?firm=openai&lang=en")
    field = page.get_by_role("combobox", name="Firm")
    field.press_sequentially("anthro", delay=20)
    # With a pointer, too.
    page.get_by_role("option", name="Anthropic").first.click()
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("button", name="Answer").click()
    page.wait_for_url("**firm=openai&firm=anthropic*")
    assert page.url.count("firm=") == 2
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("button", name="Remove OpenAI").click()
    # Backspace in the empty field takes back the last one.
    page.get_by_role("combobox", name="Firm").press("Backspace")
    expect(page.locator(".chip")).to_have_count(0)


def test_escape_closes_and_a_name_typed_in_full_is_enough(page: Page) -> None:
    page.goto("/questions/suppliers?firm=&lang=en")
    field = page.get_by_role("combobox", name="Firm")
    field.press_sequentially("AWS", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("AWS")
    field.press("Enter")
    page.wait_for_url("**firm=AWS*")
    expect(page.locator(".chip")).to_contain_text("Amazon Web Services")


def test_home_leads_to_a_firm(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Encontrar uma empresa")
    field.press_sequentially("criadora do Claude", delay=10)
    expect(page.get_by_role("option", name="Anthropic")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/entity/org/anthropic")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anthropic")


def test_questions_are_filtered_without_accents(page: Page) -> None:
    page.goto("/questions")
    page.get_by_role("searchbox").fill("avaliacao empresa tempo")
    shown = page.locator("#question-groups li:visible")
    expect(shown).not_to_have_count(0)
    assert shown.count() < 6
    page.get_by_role("searchbox").fill("xyzzy")
    expect(shown).to_have_count(0)
    expect(page.get_by_role("status")).to_be_visible()


def test_a_query_runs_by_keyboard_and_its_sparql_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/questions/suppliers")
    page.locator("summary", has_text="SPARQL").click()
    page.get_by_role("button", name="Copiar").click()
    expect(page.get_by_role("button", name="Copiado")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "VALUES ?firm" in copied
    page.get_by_role("link", name="Abrir na página de consulta").click()
    expect(page.get_by_role("textbox", name="Consulta")).to_have_value(copied)
    page.get_by_role("textbox", name="Consulta").fill("ASK { org:openai a dg:Firm }")
    page.get_by_role("textbox", name="Consulta").press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Sim")


# A reader's hand: the driver of the browser holds every call back until the page that was asked
# for has come, which is what Stop is to prevent.
_STOP_WHEN_SHOWN = """() => {
  const stop = document.querySelector("[data-stop]");
  const looking = setInterval(() => {
    if (!stop.hidden) { clearInterval(looking); setTimeout(() => stop.click(), 1500); }
  }, 50);
}"""


def test_a_query_that_runs_is_stopped_where_it_was_asked(
    browser: Browser, workspace: Workspace
) -> None:
    with serving(workspace.root, workers=1, timeout=60) as server:
        context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", locale="pt-BR")
        page = context.new_page()
        page.goto("/sparql")
        expect(page.get_by_role("button", name="Parar")).to_be_hidden()
        field = page.get_by_role("textbox", name="Consulta")
        field.fill("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")

        def running() -> list[str]:
            listed = context.request.get("/queries", headers={"Accept": "application/json"})
            return [each["state"] for each in listed.json()]

        for _ in range(2):  # what was stopped can be asked again
            page.evaluate(_STOP_WHEN_SHOWN)
            page.evaluate("setTimeout(() => document.querySelector('button.primary').click())")
            until(lambda: running() == ["evaluating"])
            until(lambda: running() == [])
            expect(page.get_by_role("status")).to_have_text("A consulta foi parada.")
            expect(page.get_by_role("button", name="Parar")).to_be_hidden()
            expect(field).to_be_focused()
        field.fill("ASK { org:openai a dg:Firm }")
        field.press("Control+Enter")
        expect(page.locator("main")).to_contain_text("Sim")
        context.close()


def test_the_switch_of_language_keeps_what_was_asked(page: Page) -> None:
    page.goto("/questions/suppliers?firm=anthropic")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who supplies a firm")
    expect(page.locator(".chip")).to_contain_text("Anthropic")


def test_everything_works_without_scripts(browser: Browser, served: str) -> None:
    context = browser.new_context(base_url=served, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto("/questions/suppliers")
    page.get_by_role("textbox", name="Firm").last.fill("dona do Claude")
    page.get_by_role("button", name="Answer").click()
    # Beside the default there is a second firm now.
    fields = page.get_by_role("textbox", name="Firm")
    expect(fields).to_have_count(3)
    expect(fields.nth(1)).to_have_value("Anthropic")
    page.locator("summary", has_text="Evidence").first.click()
    expect(page.locator(".sentence").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("lang", ["en", "pt"])
def test_nothing_sticks_out_sideways(page: Page, width: int, lang: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for address in PAGES:
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        for summary in page.locator("details > summary").all()[:3]:
            summary.click()
        wide = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], f"{address} is {wide[0]} px wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(page: Page, scheme: str) -> None:
    """Contrast of every visible text against what is behind it: WCAG 2.2 AA, 4.5:1."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in PAGES:
        page.goto(address)
        for summary in page.locator("details.evidence > summary").all()[:3]:
            summary.click()
        assert page.evaluate(_CONTRAST) == [], address


_CONTRAST = """
() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[0-9.]+/g).map(Number);
    return [r, g, b, a];
  };
  const luminance = ([r, g, b]) => {
    const part = (value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 1];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [one, other] = [
      luminance(parse(getComputedStyle(element).color)),
      luminance(behind(element)),
    ].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim()}`);
  }
  return [...new Set(poor)].slice(0, 5);
}
"""
