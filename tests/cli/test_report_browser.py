"""The board's page as readers meet it: drawn by Chromium, judged by axe-core, reached by keys."""

from __future__ import annotations

import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpi.__main__ import run_command_line
from tests.browser import Browser, Page, a_browser, axe
from tests.cli.processes import ROOT

PAGES = {
    "board": ["report"],
    "exceptions": ["report", "--exceptions"],
    "ratings": ["rag"],
    "chart": ["trend", "health-assessments"],
}
# So wide that no cell of a table is out of sight: of what is, no contrast can be told.
ALL = 2400
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"width": ALL, "scheme": "light"},
    "dark": {"width": ALL, "scheme": "dark"},
    "print": {"width": ALL, "media": "print"},
    "narrow": {"width": 320},
}
# Of a line of bars axe cannot tell the contrast, which is that of the cells beside it; nor
# whether the heading of a group of rows has cells, as it stands above them. Charts have a
# test of their own.
UNDECIDED = {"nonBmp", "th-has-data-cells"}
RUN_AXE = """axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(found => ({
  faults: found.violations.map(each => [each.id, each.nodes.map(node => node.html)]),
  undecided: found.incomplete.flatMap(each => each.nodes)
    .filter(node => !node.html.startsWith("<text"))
    .flatMap(node => node.any.concat(node.all, node.none))
    .map(check => check.data?.messageKey ?? check.id),
  passed: found.passes.map(each => each.id),
}))"""
TAB, ENTER = 9, 13


@pytest.fixture(scope="module")
def pages(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of the sample's project, written by the command line."""
    folder = tmp_path_factory.mktemp("pages")
    catalogue = shutil.copy(ROOT / "indicators.toml", folder)
    shutil.copytree(kept, folder / ".kpi")
    shutil.copytree(ROOT / "tests" / "data" / "commentary", folder / "commentary")
    paths = {name: folder / f"{name}.html" for name in PAGES}
    for name, words in PAGES.items():
        code = run_command_line([*words, "--catalogue", str(catalogue), "-o", str(paths[name])])
        assert code == 0
    return paths


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with a_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.open()
    yield page
    page.do("Page.close")


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.2, success criterion 1.4.3 and the definition of contrast ratio."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """Of a colour as the browser says it: `rgb(11, 12, 12)`."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def reached(page: Page) -> dict[str, Any]:
    """What has the focus: its tag, its class, where it leads, and where it stands."""
    found: dict[str, Any] = page.evaluate(
        """(at => ({
          tag: at.localName, name: at.className, href: at.getAttribute("href"), id: at.id,
          place: [...document.querySelectorAll("*")].indexOf(at),
          seen: at.getBoundingClientRect().width > 1,
          outline: getComputedStyle(at).outlineStyle,
        }))(document.activeElement)"""
    )
    return found


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_fault(page: Page, pages: dict[str, Path], name: str, look: str) -> None:
    checks = axe()
    page.look(**LOOKS[look])
    page.show(pages[name])
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(f"{checks}; null")
    found = page.evaluate(RUN_AXE)
    assert found["faults"] == []
    assert "color-contrast" in found["passed"]
    out_of_sight = {"elmPartiallyObscured", "shortTextContent"} if look == "narrow" else set()
    assert set(found["undecided"]) <= UNDECIDED | out_of_sight


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_chart_says_can_be_read(page: Page, pages: dict[str, Path], scheme: str) -> None:
    page.look(scheme=scheme)
    page.show(pages["board"])
    inks, ground = page.evaluate(
        """[[...new Set([...document.querySelectorAll("svg text")]
          .map(each => getComputedStyle(each).fill))],
          getComputedStyle(document.body).backgroundColor]"""
    )
    assert len(inks) >= 4
    assert min(contrast(ink, ground) for ink in inks) >= 4.5


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_but_itself(page: Page, pages: dict[str, Path], name: str) -> None:
    page.show(pages[name])
    assert page.requests == [pages[name].as_uri()]
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert page.evaluate("document.scripts.length") == 0


def test_everything_is_read_without_script(page: Page, pages: dict[str, Path]) -> None:
    page.show(pages["board"])
    scripted = page.evaluate("document.body.innerText")
    page.do("Emulation.setScriptExecutionDisabled", value=True)
    page.show(pages["board"])
    assert page.evaluate("document.body.innerText") == scripted
    assert "Robust Corporate Parenting" in scripted


@pytest.mark.parametrize("name", PAGES)
def test_at_320_pixels_only_tables_scroll_sideways(
    page: Page, pages: dict[str, Path], name: str
) -> None:
    page.look(width=320)
    page.show(pages[name])
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    beyond = """[...document.querySelectorAll("main *, header *, nav *, footer *")].filter(each =>
      !each.closest(".wide, pre, svg, .unseen") && each.getBoundingClientRect().right > 320
    ).map(each => each.outerHTML.slice(0, 80))"""
    assert page.evaluate(beyond) == []


def test_the_first_key_leads_past_the_contents(page: Page, pages: dict[str, Path]) -> None:
    page.show(pages["board"])
    page.press("Tab", code=TAB)
    skip = reached(page)
    assert (skip["tag"], skip["name"], skip["href"]) == ("a", "skip", "#main")
    assert skip["seen"]
    page.press("Enter", code=ENTER)
    assert reached(page)["id"] == "main"
    page.press("Tab", code=TAB)
    assert reached(page)["name"] == "wide"


def test_keys_reach_all_links_tables_and_charts_in_the_order_of_the_page(
    page: Page, pages: dict[str, Path]
) -> None:
    page.show(pages["board"])
    wanted = page.evaluate(
        """[...document.querySelectorAll("a, summary, [tabindex='0']")]
          .filter(each => each.checkVisibility()).length"""
    )
    stops = []
    for _ in range(wanted):
        page.press("Tab", code=TAB)
        stops.append(reached(page))
    places = [stop["place"] for stop in stops]
    assert places == sorted(set(places))
    assert {stop["tag"] for stop in stops} == {"a", "div", "summary"}
    assert "none" not in {stop["outline"] for stop in stops}


def test_figures_of_a_chart_are_unfolded_by_a_key(page: Page, pages: dict[str, Path]) -> None:
    page.show(pages["board"])
    page.evaluate("document.querySelector('summary').focus()")
    page.press("Enter", code=ENTER)
    assert page.evaluate("document.querySelector('details').open") is True


@pytest.mark.parametrize(("name", "width"), [("board", 1032), ("exceptions", 703)])
def test_on_paper_no_table_is_cut(
    page: Page, pages: dict[str, Path], name: str, width: int
) -> None:
    """A4 with margins of 12 mm is 1032 pixels wide where it lies across, else 703."""
    page.look(width=width, media="print")
    page.show(pages[name])
    widths = "[...document.querySelectorAll('table')].map(each => each.offsetWidth)"
    assert max(page.evaluate(widths)) <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_row_of_figures_is_taller_than_its_words_need(
    page: Page, pages: dict[str, Path]
) -> None:
    """Figures stand on one line; only an indicator's name breaks, over three lines at most."""
    page.show(pages["board"])
    heights = "[...document.querySelectorAll('tbody tr')].map(each => each.offsetHeight)"
    assert max(page.evaluate(heights)) <= 3 * 14 * 1.35 + 12


def test_every_chart_has_a_title_a_description_and_its_figures(
    page: Page, pages: dict[str, Path]
) -> None:
    page.show(pages["board"])
    charts = page.evaluate(
        """[...document.querySelectorAll("figure")].map(each => [
          each.querySelector("svg[role=img] > title").textContent,
          each.querySelector("svg > desc").textContent,
          each.querySelectorAll("details tbody tr").length,
        ])"""
    )
    assert len(charts) == 30
    assert all(title and len(told) > len(title) and rows > 1 for title, told, rows in charts)
    names = page.do("Accessibility.getFullAXTree")["nodes"]
    images = {each["name"]["value"] for each in names if each["role"]["value"] == "image"}
    assert all(any(title in image for image in images) for title, _, _ in charts)


def test_a_rating_is_a_word_before_it_is_a_colour(page: Page, pages: dict[str, Path]) -> None:
    page.show(pages["board"])
    toned = page.evaluate(
        """[...document.querySelectorAll(".red, .amber, .green, .blue")]
          .map(each => [each.className, each.textContent])"""
    )
    assert toned
    assert all(text.startswith(tone.upper()) for tone, text in toned)


def test_the_exceptions_are_two_sheets_of_paper(page: Page, pages: dict[str, Path]) -> None:
    page.show(pages["exceptions"])
    printed = b64decode(page.do("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
