"""A document as a web page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.paper.document import Cell, Column, Document, Paragraph, Section, Table
from kpi.renderers.html import render_html
from tests.renderers.awkward import DOCUMENT

VOID = {"meta"}


class Page(HTMLParser):
    """The tags of a page, checked to be nested, and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    def count(self, tag: str) -> int:
        return sum(each == tag for each, _ in self.tags)


def test_the_page_has_a_language_a_title_and_landmarks() -> None:
    page = Page(render_html(DOCUMENT))
    assert ("html", {"lang": "en-GB"}) in page.tags
    assert [page.count(tag) for tag in ("title", "header", "main", "footer", "h1")] == [1] * 5


def test_a_table_has_a_caption_and_headings_that_say_what_they_head() -> None:
    page = Page(render_html(DOCUMENT))
    scopes = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert page.count("caption") == page.count("table") == 1
    assert (scopes.count("col"), scopes.count("row"), scopes.count("rowgroup")) == (8, 5, 2)
    assert None not in scopes


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = render_html(DOCUMENT)
    page = Page(text)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "link", "iframe", "a"})
    assert not re.search(r"https?:|url\(|@import|\son\w+=", text)


def a_page(*titles: str) -> str:
    sections = tuple(Section(title, (Paragraph("x"),)) for title in titles)
    return render_html(Document("x", sections=sections))


def test_a_long_page_begins_with_a_way_past_its_contents() -> None:
    page = Page(a_page("One", "Two & three", "Four", "Five", ""))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == ["#main", "#section-1", "#section-2", "#section-3", "#section-4"]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert {f"#{each}" for each in ids} == set(links)
    assert next(tag for tag, _ in page.tags if tag in ("a", "header", "nav")) == "a"
    assert page.texts.count("Two & three") == 2


def test_a_short_page_needs_no_contents() -> None:
    page = Page(a_page("One", "Two", "Three"))
    assert (page.count("a"), page.count("nav")) == (0, 0)


def test_a_label_that_stands_alone_is_a_heading_below_its_sections() -> None:
    blocks = (Paragraph("", label="Notes"), Paragraph("x", label="Who"))
    assert "<h3>Notes</h3>\n<p><strong>Who:</strong> x</p>" in render_html(
        Document("x", sections=(Section("One", blocks),))
    )
    alone = Page(render_html(Document("x", sections=(Section("", blocks),))))
    assert alone.count("h3") == 0


@pytest.mark.parametrize(("columns", "lies"), [(11, "portrait"), (12, "landscape")])
def test_paper_lies_across_for_a_broad_table(columns: int, lies: str) -> None:
    table = Table((Column("x"),) * columns, ((Cell("1"),) * columns,))
    text = render_html(Document("x", sections=(Section("", (table,)),)))
    assert f"@page {{ size: A4 {lies};" in text
    assert ('<table class="broad">' in text) == (lies == "landscape")


def test_a_pages_end_cuts_no_row_and_may_cut_a_table() -> None:
    table = Table((Column("x"),), ((Cell("1"),),) * 3)
    text = render_html(Document("x", sections=(Section("", (table,)),)))
    assert "tr { break-inside: avoid; }" in text
    assert "<table>" in text


def test_figures_and_headings_of_one_word_never_break() -> None:
    columns = (Column("Indicator", wraps=True), Column("Apr-21", "right"), Column("Own 2020/21"))
    row = (Cell("Visits in time"), Cell("60%"), Cell("70%"))
    text = render_html(Document("x", sections=(Section("", (Table(columns, (row,)),)),)))
    assert '<th scope="row" class="wraps">Visits in time</th><td class="right">60%</td>' in text
    assert '<th scope="col" class="right">Apr-21</th><th scope="col" class="words">Own' in text


def test_the_page_adapts_to_paper_and_to_the_dark() -> None:
    text = render_html(DOCUMENT)
    assert "@media print" in text
    assert "prefers-color-scheme: dark" in text


def test_a_colour_stands_on_a_word() -> None:
    assert '<td class="red">RED</td>' in render_html(DOCUMENT)


@given(st.text())
def test_text_is_shown_and_never_obeyed(text: str) -> None:
    table = Table((Column(text, wraps=True),), ((Cell(text),),), {0: text})
    sections = (Section(text, (Paragraph(text, label=text), table)),)
    page = Page(render_html(Document(text, (text,), sections, (text,))))
    usual = Page(render_html(Document("x", ("x",), (Section("x", ()),), ("x",))))
    extra = {"table", "caption", "thead", "tbody", "tr", "th", "td", "div", "p", "strong"}
    extra |= {"span", "h3"}
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in usual.tags} | extra
