"""A workbook's columns and rows have room for what they hold, on the screen and on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kpi.domain.paper.document import Align
from kpi.renderers.workbook_layout import column_widths, heading_height, row_height, shown
from kpi.renderers.workbook_sheets import SheetCell, SheetColumn, SheetTable, number_format
from tests.renderers.workbooks import a_paper, a_row, opened, records

LINE = 15.75
SENTENCE = "The target of 250 a month lies within the limits: chance decides whether it is met."


def a_table(
    *values: str | float,
    title: str = "x",
    width: int = 12,
    align: Align = "left",
    is_filtered: bool = False,
    number_format: str = "#,##0",
) -> SheetTable:
    rows = tuple((SheetCell(value, number_format),) for value in values)
    return SheetTable("T", (SheetColumn(title, width, align),), rows, is_filtered)


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return opened(a_paper(a_row(reason=SENTENCE * 3, analysis=SENTENCE * 9), a_row("contacts")))


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (60.26, number_format(decimals=1, suffix="%"), "-60.3%"),
        (1978.0, number_format(decimals=0), "-1,978"),
        (3.5, number_format(decimals=1, suffix=" pts", is_signed=True), "-3.5 pts"),
        (250.0, number_format(decimals=0, prefix="≤ ", suffix=" a month"), "≤ -250 a month"),
        ("not rated", "", "not rated"),
    ],
)
def test_what_a_number_shows_is_known_with_its_unit(
    value: str | float, number_format: str, text: str
) -> None:
    assert shown(SheetCell(value, number_format)) == text


def test_a_number_makes_its_column_as_wide_as_it_needs() -> None:
    (narrow,) = column_widths(a_table(7.0, width=2))
    (wide,) = column_widths(a_table(7.0, 1_234_567_890.0, width=2))
    assert narrow < 6
    assert wide >= len("-1,234,567,890")


def test_a_text_breaks_at_the_width_of_its_column_and_makes_its_row_higher() -> None:
    table = a_table("Short", SENTENCE, width=30)
    (width,) = column_widths(table)
    assert width <= 30
    assert row_height(table.rows[0], widths=[width]) == pytest.approx(LINE, abs=3)
    assert row_height(table.rows[1], widths=[width]) > 2 * LINE


def test_a_column_is_no_wider_than_its_texts_need() -> None:
    (width,) = column_widths(a_table("RED", width=60))
    assert width < 8


def test_a_word_that_is_no_word_does_not_widen_a_column_without_end() -> None:
    (width,) = column_widths(a_table("x" * 4000, width=10))
    assert width < 50


def test_a_heading_keeps_clear_of_its_button() -> None:
    (bare,) = column_widths(a_table("x", title="Indicator"))
    (filtered,) = column_widths(a_table("x", title="Indicator", is_filtered=True))
    assert filtered >= bare + 2


def test_headings_of_several_words_are_high_enough() -> None:
    table = a_table("x", title="Statistical neighbours 2020/21", width=10)
    assert heading_height(table, widths=column_widths(table)) > 3 * LINE


@given(st.lists(st.sampled_from(("chance", "lies", "within", "250", "WWW", "é"))))
def test_a_text_that_fits_its_column_is_one_line(words: list[str]) -> None:
    table = a_table(" ".join(["x", *words]), width=1000)
    height = row_height(table.rows[0], widths=column_widths(table))
    assert height == pytest.approx(LINE, abs=3)


def test_narrow_letters_take_less_room_than_broad_ones() -> None:
    """Source: the widths of Arial's letters, 222 and 944 thousandths of its size."""
    (narrow,), (broad,) = (column_widths(a_table(each * 20, width=99)) for each in "iW")
    assert broad > 3 * narrow


@given(st.text(), st.integers(4, 60))
def test_a_row_is_never_higher_than_excel_allows(text: str, width: int) -> None:
    cells = (SheetCell(text * 50),)
    assert LINE <= row_height(cells, widths=[width]) <= 409


@given(st.text(st.characters(categories=["L", "N", "Zs"])), st.integers(4, 40))
def test_a_wider_column_never_needs_a_higher_row(text: str, width: int) -> None:
    cells = (SheetCell(text),)
    narrow, wide = (row_height(cells, widths=[each]) for each in (width, 2 * width))
    assert wide <= narrow


def test_rows_of_long_texts_are_high_enough_to_show_them(workbook: Workbook) -> None:
    sheet = workbook["Ratings"]
    rows = records(sheet)
    long, short = (sheet.row_dimensions[row["Reason"].row].height for row in rows)
    assert long > 10 * LINE
    assert short < 3 * LINE


def test_every_sheet_is_one_page_wide_across_and_repeats_its_headings(
    workbook: Workbook,
) -> None:
    for sheet in workbook:
        setup = sheet.page_setup
        assert (setup.orientation, str(setup.paperSize)) == ("landscape", "9")
        assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)
        fitted = sheet.sheet_properties.pageSetUpPr
        assert fitted is not None
        assert fitted.fitToPage
        if sheet.tables:
            (table,) = sheet.tables.values()
            heading = table.ref.partition(":")[0].lstrip("A")
            assert sheet.print_title_rows == f"${heading}:${heading}"


def test_letters_are_12_points_without_serifs(workbook: Workbook) -> None:
    fonts = [
        cell.font for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value
    ]
    assert {font.name for font in fonts} == {"Arial"}
    assert min(font.sz for font in fonts) == 12


def test_ratings_and_comparisons_can_be_filtered(workbook: Workbook) -> None:
    filtered = {
        sheet.title
        for sheet in workbook
        for table in sheet.tables.values()
        if table.autoFilter is not None
    }
    assert filtered <= {"Ratings", "Comparisons"}
    assert "Ratings" in filtered
