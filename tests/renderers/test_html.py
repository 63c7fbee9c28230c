"""A document as a web page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

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
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in usual.tags} | extra
