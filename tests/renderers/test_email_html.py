"""A document as the HTML of an e-mail: what Outlook and Gmail keep, and no more than they take."""

from __future__ import annotations

import binascii
import re

import pytest

from kpi.domain.paper.document import (
    Cell,
    Column,
    Document,
    Paragraph,
    Picture,
    Section,
    Table,
    Tone,
)
from kpi.renderers.email_html import LONGEST, Attached, email_html
from kpi.renderers.encoding import readable
from kpi.renderers.palette import PAINTS
from tests.renderers.awkward import DOCUMENT, LONG_NAME
from tests.renderers.mail import Read, a_chart

TAGS = {
    "html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "b", "ul", "li", "pre",
    "table", "thead", "tbody", "tr", "th", "td", "img",
}  # fmt: skip
GMAIL_CUTS_AT = 102 * 1024
SENTENCE = (
    "No sign of a real change: 87% in October 2021 lies within the limits of 63.2% to 93.4%, "
    "and no rule fires. The target of 100% is above the upper limit of 93.4%: not reachable "
    "without a change in the process. To meet the target next month takes 123 more of 532 "
    "cases, better than any month on record (the best is 85% in April 2021). Worse than the "
    "statistical neighbours (53%), by more than chance; 9th of 11, in the lowest quarter."
)


def drawn(document: Document) -> Read:
    return Read(email_html(readable(document), pictures={}, width=78))


def test_only_what_every_mail_program_knows_is_written() -> None:
    page = email_html(readable(DOCUMENT), pictures={}, width=78)
    assert {tag for tag, _ in Read(page).tags} <= TAGS
    assert not re.search(r"flex|data:|url\(|https?:|class=|\sid=|\son\w+=", page)


def test_every_heading_of_a_table_says_what_it_heads() -> None:
    page = drawn(DOCUMENT)
    scopes = [each.get("scope") for tag, each in page.tags if tag == "th"]
    assert (scopes.count("col"), scopes.count("row"), scopes.count("rowgroup")) == (6, 5, 2)
    assert None not in scopes


def test_a_table_has_the_columns_that_stand_in_the_text() -> None:
    text = drawn(DOCUMENT).text
    assert "Sep-21" in text
    assert "Statistical neighbours" not in text
    assert "Since last month" not in text


def test_a_table_that_cannot_stand_in_the_text_keeps_its_columns() -> None:
    names = [f"Heading-that-nothing-can-break-{number}" for number in range(9)]
    row = tuple(Cell("x" * 30) for _ in names)
    table = Table(tuple(Column(name) for name in names), (row,))
    page = drawn(Document("Wide", (), (Section("", (table,)),)))
    assert page.text.count("Heading-that") == 9


@pytest.mark.parametrize("tone", ["red", "amber", "green", "blue"])
def test_a_rating_stands_in_dark_ink_on_its_tint(tone: Tone) -> None:
    table = Table((Column("Rating"),), ((Cell("WORD", tone),),))
    page = drawn(Document("One", (), (Section("", (table,)),)))
    styles = [each["style"] or "" for _, each in page.tags if "style" in each]
    tint, ink = PAINTS[tone].ground, PAINTS[tone].ink
    assert [style for style in styles if f"color:{ink};background-color:{tint}" in style]


def test_a_picture_that_is_not_shown_is_read_out() -> None:
    chart = a_chart('Visits "in time" & more')
    document = readable(Document("One", (), (Section("", (Picture(chart),)),)))
    page = Read(email_html(document, pictures={chart: attached(1)}, width=78))
    assert page.values("alt") == [chart.alt]
    assert page.values("src") == ["cid:1@kpi"]


def test_a_paper_of_40_indicators_is_not_cut_by_gmail() -> None:
    page = paper_page(indicators=40)
    assert page.count("<img") == 40
    assert ">Oct-16</th>" in page
    assert len(page.encode()) <= LONGEST < GMAIL_CUTS_AT
    assert len(binascii.b2a_qp(page.encode())) < GMAIL_CUTS_AT


def test_a_longer_paper_loses_the_optional_columns_of_the_highest_numbers() -> None:
    page = paper_page(indicators=43)
    assert ">Oct-16</th>" not in page
    assert ">Oct-21</th>" in page
    assert len(page.encode()) <= LONGEST


def test_a_paper_too_long_for_that_keeps_all_that_is_not_optional() -> None:
    page = paper_page(indicators=200)
    assert ">Oct-21</th>" not in page
    assert ">Target</th>" in page
    assert page.count("<img") == 200


def test_a_table_of_optional_columns_alone_stays() -> None:
    table = Table((Column("Figure", optional=1),), ((Cell("1,978"),),))
    sections = (Section("", (table, Paragraph("x" * LONGEST))),)
    page = email_html(readable(Document("One", (), sections)), pictures={}, width=78)
    assert ">1,978</th>" in page


def paper_page(*, indicators: int) -> str:
    document = readable(a_paper(indicators=indicators))
    charts = [each.chart for each in document.sections[1].blocks if isinstance(each, Picture)]
    pictures = {chart: attached(number) for number, chart in enumerate(charts)}
    return email_html(document, pictures=pictures, width=78)


def attached(number: int) -> Attached:
    return Attached(f"{number}@kpi", b"", 640, 324)


def a_paper(*, indicators: int) -> Document:
    """A paper as long as the real one: table, sentences and chart of each, and the notes."""
    columns = (
        Column("Rating"),
        Column("Indicator", wraps=True),
        *(Column(f"Oct-{year}", "right", optional=30 - year) for year in range(10, 22)),
        Column("Target", "right"),
        Column("2020/21", "right", optional=40),
        Column("Statistical neighbours", "right", optional=41),
    )
    row = (Cell("RED", "red"), Cell(LONG_NAME[:80]), *(Cell("1,978") for _ in range(15)))
    blocks = [
        block
        for number in range(indicators)
        for block in (
            Paragraph(SENTENCE, label=f"Indicator {number}"),
            Picture(a_chart(f"Indicator {number}, {LONG_NAME[:60]}", points=31)),
            Paragraph(SENTENCE, label=f"On indicator {number}"),
        )
    ]
    table = Table(columns, (row,) * indicators)
    notes = (LONG_NAME[:100],) * indicators + (SENTENCE,) * 12
    return Document(
        "Performance",
        (SENTENCE,),
        (Section("All", (table,)), Section("Each", tuple(blocks))),
        notes,
    )
