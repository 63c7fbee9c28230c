"""A chart on a page: drawn where pictures can be, elsewhere told in words."""

from __future__ import annotations

import re

import pytest

from kpi.cli.output import Surface, rendered
from kpi.domain.paper.document import Document, Paragraph, Picture, Section
from kpi.renderers.chart_figures import chart_figures
from kpi.renderers.encoding import readable
from kpi.renderers.html import render_html
from tests.charted import CONCERN, HOSTILE, KINDS, a_chart, starting
from tests.golden_files import assert_golden
from tests.renderers.awkward import ANSWER
from tests.renderers.test_html import Page

CHART = a_chart(
    [30, 31, 29, 30, None, 20, 26, 20],
    title="Visits – within <timescale> | in time",
    limits=(27.25, 20.5, 31.0),
    signals={6: CONCERN},
    starts=starting(m2021_09="new team – at £40"),
    suffix="%",
    target=25,
)
PAGE = Document(
    "Visits",
    sections=(
        Section("", (Picture(CHART), Paragraph("Fewer visits.", label="Trend"))),
        Section("Again", (Picture(CHART),)),
    ),
)


@pytest.mark.parametrize(
    ("format_", "encoding", "name"),
    [
        ("text", "utf-8", "text.txt"),
        ("text", "ascii", "text-ascii.txt"),
        ("table", "utf-8", "table.txt"),
        ("markdown", "utf-8", "markdown.md"),
        ("html", "utf-8", "html-without-svg.html"),
    ],
)
def test_what_is_drawn_is_the_golden_file(format_: str, encoding: str, name: str) -> None:
    drawn = rendered(ANSWER, PAGE, format_=format_, surface=Surface(78, encoding))
    # What the picture itself holds is the library's affair.
    shown = re.sub(rb"(<svg [^>]*><title.*?</desc>).*?</svg>", rb"\1</svg>", drawn)
    assert_golden(shown, f"charts/{name}")


def test_a_page_holds_each_picture_once_with_its_figures_to_unfold() -> None:
    page = Page(render_html(PAGE))
    counts = [page.count(tag) for tag in ("figure", "svg", "details", "summary", "table")]
    assert counts == [2] * 5


def test_the_ids_of_a_page_are_unique_and_all_that_is_named_is_there() -> None:
    page = Page(render_html(PAGE))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    named = [attributes.get("aria-labelledby") or "" for _, attributes in page.tags]
    assert len(set(ids)) == len(ids)
    assert set(" ".join(named).split()) <= set(ids)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = render_html(PAGE)
    tags = {tag for tag, _ in Page(text).tags}
    assert tags.isdisjoint(
        {"script", "img", "link", "iframe", "a", "image", "use", "foreignobject"}
    )
    assert not re.search(r"https?:|url\(|@import|\son\w+=", text)


def test_text_that_looks_like_markup_is_shown_as_typed() -> None:
    chart = a_chart(title=HOSTILE, starts=starting(m2021_07=HOSTILE))
    page = Page(render_html(Document("x", sections=(Section("", (Picture(chart),)),))))
    assert page.count("b") == 0


def test_a_page_without_pictures_has_no_style_for_them() -> None:
    assert "figure" not in render_html(Document("x", sections=(Section("", (Paragraph("y"),)),)))


def test_the_page_repaints_its_pictures_in_the_dark() -> None:
    text = render_html(PAGE)
    assert '@media screen and (prefers-color-scheme: dark) {\nfigure [fill="#0b0c0c"]' in text


def test_a_chart_is_folded_to_what_an_encoding_has_and_folding_again_changes_nothing() -> None:
    safe = readable(PAGE, encoding="ascii")
    block = safe.sections[0].blocks[0]
    assert isinstance(block, Picture)
    assert block.chart.alt.isascii()
    assert "GBP 40" in block.chart.alt
    assert readable(safe, encoding="ascii") == safe


def test_the_figures_name_every_period_and_what_it_shows() -> None:
    table = chart_figures(CHART)
    rows = [[cell.text for cell in row] for row in table.rows]
    assert rows[0] == ["Apr-21", "30%", "27.3%", "20.5%", "31.0%", "no signal"]
    assert rows[4] == ["Aug-21", "–", "–", "–", "–", "–"]
    assert rows[6][-1] == "concern"
    assert [row[6 - 1].tone for row in table.rows][6] == "worse"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_chart_stands_on_a_page(kind: str) -> None:
    assert (
        Page(render_html(Document("x", sections=(Section("", (Picture(KINDS[kind]),)),)))).count(
            "svg"
        )
        == 1
    )
