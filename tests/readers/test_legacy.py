"""Legacy workbooks as cells: every form a figure is stored in, and what harms a reader."""

from __future__ import annotations

import random
import struct
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import SourceError
from kpi.readers import legacy, legacy_sheet
from kpi.readers.grid import CellValue, Grid, GridCell, Merge, Sheet
from kpi.readers.legacy import read_legacy
from kpi.readers.limits import MAX_XLS_BYTES, USUAL, Limits
from kpi.readers.sheets import NO_RESULT
from tests.readers.xls_files import (
    END,
    EXCEL_95,
    XlsSheet,
    a_begin,
    a_container,
    a_formula,
    a_label,
    a_number,
    a_stream,
    a_text,
    an_xls,
    formats,
    record,
)

ONS = Path(__file__).parents[1] / "data" / "ons_monthly_gdp_april2023.xls"


def read(content: bytes, *, limits: Limits = USUAL) -> Grid:
    return read_legacy(content, file="board.xls", sha256="ab", limits=limits)


def only(records: bytes, *, settings: bytes = b"") -> Sheet:
    (sheet,) = read(an_xls(XlsSheet(records), settings=settings)).sheets
    return sheet


def cell(records: bytes, *, settings: bytes = b"") -> GridCell | None:
    """What these records say of cell A1."""
    return only(records, settings=settings).cells.get(1, {}).get(1)


@pytest.fixture(scope="module")
def gva() -> dict[int, dict[int, GridCell]]:
    grid = read(ONS.read_bytes())
    assert [(sheet.name, sheet.hidden) for sheet in grid.sheets] == [
        ("Cover_page", False),
        ("Table_of_contents", False),
        ("Notes", False),
        ("GVA", False),
        ("REV", False),
    ]
    return grid.sheets[3].cells


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (5, 1, "Time Period"),
        (5, 3, "Total GVA at basic prices (A - T)"),
        (6, 2, "Weight"),
        (7, 1, "[Not applicable]"),
        (7, 3, "YBFR"),
        (8, 1, 2018),
        (10, 3, 89.4),
        (38, 1, "2023 Apr"),
        (38, 3, 100.4),
        (122, 1, "2023 Apr"),
        (122, 3, 0.2),
    ],
)
def test_cells_of_a_published_workbook(
    gva: dict[int, dict[int, GridCell]], row: int, column: int, value: CellValue
) -> None:
    """April 2023, monthly index 100.4, change on the month 0.2; annual index of 2020 89.4."""
    assert gva[row][column].value == value


def test_a_published_workbook_is_read_whole(gva: dict[int, dict[int, GridCell]]) -> None:
    assert [row for row, cells in gva.items() if cells.get(2, GridCell(None)).value == "CDID"] == [
        7, 13, 39, 45, 71, 97, 123,
    ]  # fmt: skip
    assert max(gva) == 148
    assert not any(each.fault for cells in gva.values() for each in cells.values())


def test_the_grid_carries_file_and_hash() -> None:
    grid = read(an_xls(XlsSheet(a_number(0, 0, 1))))
    assert (grid.file, grid.sha256, grid.notes) == ("board.xls", "ab", ())


def test_empty_rows_and_columns_before_a_table_are_kept() -> None:
    assert only(a_number(13, 7, 336)).cells == {14: {8: GridCell(336)}}


def test_a_percent_cell_keeps_its_fraction_and_its_format() -> None:
    sheet = only(
        a_number(0, 0, 0.634, style=1) + a_number(0, 1, 63.4, style=2) + a_number(0, 2, 5),
        settings=formats("General", "0.0%", '0.0"%"'),
    )
    assert sheet.cells == {
        1: {1: GridCell(0.634, "0.0%"), 2: GridCell(63.4, '0.0"%"'), 3: GridCell(5)}
    }


@pytest.mark.parametrize(("style", "code"), [(9, "0%"), (10, "0.00%"), (0, "General")])
def test_a_format_that_excel_has_built_in_needs_no_record(style: int, code: str) -> None:
    styles = record(0x00E0, struct.pack("<HH", 0, style) + bytes(16))
    assert cell(a_number(0, 0, 0.5), settings=styles) == GridCell(0.5, code)


def test_a_style_that_is_not_there_is_none() -> None:
    assert cell(a_number(0, 0, 0.5, style=99)) == GridCell(0.5)


def short(packed: int) -> bytes:
    return record(0x027E, struct.pack("<HHHI", 0, 0, 0, packed & 0xFFFFFFFF))


def upper_half(number: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", number))[0] >> 32)


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (336 << 2 | 2, 336),
        (-5 << 2 | 2, -5),
        (6340 << 2 | 3, 63.4),
        (-6340 << 2 | 3, -63.4),
        (57 << 2 | 3, 0.57),
        (upper_half(0.5), 0.5),
        (upper_half(-1.5), -1.5),
        (upper_half(12.5) | 1, 0.125),
        (upper_half(2.0), 2),
    ],
)
def test_a_number_in_the_short_form(packed: int, value: float) -> None:
    found = cell(short(packed))
    assert found == GridCell(value)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        (0.1234567890123, 0.1234567890123),
        (336.0, 336),
        (-0.0, 0),
        (1e15, 1e15),
        (float("inf"), float("inf")),
    ],
)
def test_a_number_is_not_rounded(stored: float, value: float) -> None:
    found = cell(a_number(0, 0, stored))
    assert found == GridCell(value)
    assert type(found.value) is type(value)


def test_numbers_in_a_row_stand_side_by_side() -> None:
    packed = b"".join(struct.pack("<HI", style, n << 2 | 2) for style, n in ((0, 7), (1, 8)))
    sheet = only(
        record(0x00BD, struct.pack("<HH", 2, 3) + packed + struct.pack("<H", 4)),
        settings=formats("General", "0%"),
    )
    assert sheet.cells == {3: {4: GridCell(7), 5: GridCell(8, "0%")}}


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (44287, "mmm-yy", datetime(2021, 4, 1)),
        (44316.395833333336, "dd/mm/yyyy hh:mm", datetime(2021, 4, 30, 9, 30)),
        (0.5, "h:mm", time(12)),
        (44287, '0 "days"', 44287),
    ],
)
def test_a_number_is_a_date_where_its_format_is_a_dates(
    number: float, code: str, expected: CellValue
) -> None:
    assert cell(a_number(0, 0, number), settings=formats(code)) == GridCell(expected, code)


def test_dates_counted_from_1904_are_the_same_dates() -> None:
    settings = record(0x0022, b"\x01\x00") + formats("mmm-yy")
    found = cell(a_number(0, 0, 44287 - 1462), settings=settings)
    assert found == GridCell(datetime(2021, 4, 1), "mmm-yy")


def test_a_serial_beyond_all_dates_is_a_fault() -> None:
    found = cell(a_number(0, 0, 1e12), settings=formats("dd/mm/yyyy"))
    assert found == GridCell("1000000000000", "dd/mm/yyyy", "not a number or a date")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (0x00, "#NULL!"),
        (0x07, "#DIV/0!"),
        (0x0F, "#VALUE!"),
        (0x17, "#REF!"),
        (0x1D, "#NAME?"),
        (0x24, "#NUM!"),
        (0x2A, "#N/A"),
        (0x99, "#ERROR!"),
    ],
)
def test_an_error_is_a_fault_with_its_text(code: int, said: str) -> None:
    typed = record(0x0205, struct.pack("<HHHBB", 0, 0, 0, code, 1))
    result = a_formula(0, 0, bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF]))
    assert cell(typed) == cell(result) == GridCell(said, fault=said)


def test_a_boolean_is_one() -> None:
    typed = record(0x0205, struct.pack("<HHHBB", 0, 0, 0, 1, 0))
    result = a_formula(0, 0, bytes([1, 0, 1, 0, 0, 0, 0xFF, 0xFF]))
    assert cell(typed) == cell(result) == GridCell(True)


A_TEXT_RESULT = bytes([0, 0, 0, 0, 0, 0, 0xFF, 0xFF])


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (a_formula(0, 0, struct.pack("<d", 7.5)), GridCell(7.5)),
        (a_formula(0, 0, struct.pack("<d", 0)), GridCell(0)),
        (a_formula(0, 0, struct.pack("<d", 7.5), flags=3), GridCell(7.5)),
        (a_formula(0, 0, struct.pack("<d", 0), flags=3), GridCell(None, fault=NO_RESULT)),
        (a_formula(0, 0, A_TEXT_RESULT) + record(0x0207, a_text("TBC")), GridCell("TBC")),
        (
            a_formula(0, 0, A_TEXT_RESULT)
            + record(0x04BC, b"shared")
            + record(0x0207, a_text("x")),
            GridCell("x"),
        ),
        (a_formula(0, 0, A_TEXT_RESULT) + record(0x0207, a_text("")), None),
        (a_formula(0, 0, A_TEXT_RESULT), GridCell(None, fault=NO_RESULT)),
        (a_formula(0, 0, A_TEXT_RESULT) + a_number(5, 5, 1), GridCell(None, fault=NO_RESULT)),
        (a_formula(0, 0, bytes([3, 0, 0, 0, 0, 0, 0xFF, 0xFF])), None),
    ],
)
def test_a_formula_is_its_stored_result(records: bytes, expected: GridCell | None) -> None:
    assert cell(records) == expected


def test_a_long_text_result_goes_on_in_the_next_record() -> None:
    first = struct.pack("<H", 6) + b"\x00" + b"abc"
    second = b"\x01" + "dé☺".encode("utf-16-le")
    records = a_formula(0, 0, A_TEXT_RESULT) + record(0x0207, first) + record(0x003C, second)
    assert cell(records) == GridCell("abcdé☺")


@pytest.mark.parametrize("said", ["Referrals in the month", "Ärzte", "☺ £", " a\nb "])
def test_a_text_is_as_typed(said: str) -> None:
    assert cell(a_label(0, 0, said)) == GridCell(said)


@pytest.mark.parametrize("said", ["", " ", "\u00a0"])
def test_a_text_of_nothing_is_no_cell(said: str) -> None:
    assert only(a_label(0, 0, said)).cells == {}


def shared(*bodies: bytes) -> bytes:
    """The record of shared texts and those that continue it."""
    head = struct.pack("<II", 1, 1)  # how many there are is often wrong
    return record(0x00FC, head + bodies[0]) + b"".join(record(0x003C, each) for each in bodies[1:])


def shared_cells(count: int) -> bytes:
    return b"".join(record(0x00FD, struct.pack("<HHHI", row, 0, 0, row)) for row in range(count))


def texts(*bodies: bytes, count: int, fonts: bytes = b"") -> list[CellValue]:
    sheet = only(shared_cells(count), settings=fonts + shared(*bodies))
    return [cells[1].value for cells in sheet.cells.values()]


def test_shared_texts_are_looked_up() -> None:
    assert texts(a_text("one") + a_text("☺", wide=True), a_text("three"), count=3) == [
        "one",
        "☺",
        "three",
    ]


def test_a_shared_text_may_change_its_width_where_it_goes_on() -> None:
    begun = struct.pack("<HB", 5, 0) + b"ab"
    assert texts(begun, b"\x01" + "☺de".encode("utf-16-le") + a_text("next"), count=2) == [
        "ab☺de",
        "next",
    ]


FONT = struct.Struct("<HHHHH")


def test_rich_text_is_plain_and_a_raised_digit_stays_raised() -> None:
    """`63` with a small raised `1` must never become 631; no font has the number 4."""
    fonts = b"".join(record(0x0031, FONT.pack(200, 0, 0, 400, n == 5) + b"\x00") for n in range(6))
    rich = struct.pack("<HBH", 3, 8, 2) + b"631" + struct.pack("<HHHH", 2, 6, 3, 0)
    plain = struct.pack("<HBH", 3, 8, 1) + b"631" + struct.pack("<HH", 2, 5)
    assert texts(rich + plain, count=2, fonts=fonts) == ["63¹", "631"]


def test_how_a_text_is_pronounced_is_left_out() -> None:
    spoken = struct.pack("<HBI", 2, 4, 7) + b"ab" + b"phoneti" + a_text("next")
    assert texts(spoken[:-8], spoken[-8:], count=2) == ["ab", "next"]


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    begun = struct.pack("<HB", 40_000, 0) + b"x" * 8000
    with pytest.raises(SourceError, match="more than 32,767 characters") as refused:
        texts(begun, *[b"\x00" + b"x" * 8000] * 4, count=1)
    assert refused.value.where == "board.xls:Sheet1!A1"


def old(*records: bytes, settings: bytes = b"") -> Sheet:
    """A sheet of Excel 95, whose texts are bytes."""
    stream = a_stream(XlsSheet(b"".join(records), "Größe"), settings=settings, version=EXCEL_95)
    (sheet,) = read(a_container({"Book": stream})).sheets
    return sheet


def test_a_workbook_of_excel_95_is_read() -> None:
    code = record(0x041E, struct.pack("<HB", 164, 4) + b"0.0%")
    style = record(0x00E0, struct.pack("<HH", 0, 164) + bytes(12))
    sheet = old(
        a_number(0, 1, 0.634),
        record(0x0204, struct.pack("<HHHH", 0, 0, 0, 5) + b"\xa3 \xe9t\xe9"[:5]),
        settings=code + style,
    )
    assert sheet.name == "Größe"
    assert sheet.cells == {1: {1: GridCell("£ ét" + "é", "0.0%"), 2: GridCell(0.634, "0.0%")}}


@pytest.mark.parametrize(("page", "letter"), [(1251, "ж"), (10000, "Ê"), (1, "æ"), (32769, "æ")])
def test_the_bytes_of_excel_95_are_letters_of_its_code_page(page: int, letter: str) -> None:
    typed = record(0x0204, struct.pack("<HHHH", 0, 0, 0, 1) + b"\xe6")
    sheet = old(typed, settings=record(0x0042, struct.pack("<H", page)))
    assert sheet.cells[1][1].value == letter


def test_a_raised_digit_of_excel_95_stays_raised() -> None:
    fonts = b"".join(record(0x0031, FONT.pack(200, 0, 0, 400, n == 1) + b"\x00") for n in range(2))
    dressed = record(0x00D6, struct.pack("<HHHH", 0, 0, 0, 3) + b"631" + bytes([1, 2, 1]))
    plain = record(0x00D6, struct.pack("<HHHH", 1, 0, 0, 3) + b"631")
    sheet = old(dressed, plain, settings=fonts)
    assert [cells[1].value for cells in sheet.cells.values()] == ["63¹", "631"]


def test_figures_that_a_chart_keeps_are_no_cells() -> None:
    """They have rows and columns of their own, and would overwrite the sheet's."""
    chart = a_begin(0x0020) + a_number(0, 0, 99) + a_begin(0x0020) + END + END
    assert only(a_number(0, 0, 1) + chart + a_number(1, 0, 2)).cells == {
        1: {1: GridCell(1)},
        2: {1: GridCell(2)},
    }


def test_a_cell_under_a_merge_is_left_out() -> None:
    merged = record(0x00E5, struct.pack("<H4H", 1, 0, 1, 0, 1))
    sheet = only(a_number(0, 0, 1) + a_number(0, 1, 2) + a_number(1, 0, 3) + merged)
    assert sheet.cells == {1: {1: GridCell(1)}}
    assert sheet.merges == (Merge(1, 1, 2, 2),)


def test_hidden_sheets_are_flagged_and_charts_left_out() -> None:
    grid = read(
        an_xls(
            XlsSheet(a_number(0, 0, 1), "Shown"),
            XlsSheet(b"", "Hidden", state=1),
            XlsSheet(b"", "Very", state=2),
            XlsSheet(b"", "Chart", kind=2),
            XlsSheet(a_number(0, 0, 2), "Last"),
        )
    )
    assert [(sheet.name, sheet.hidden) for sheet in grid.sheets] == [
        ("Shown", False),
        ("Hidden", True),
        ("Very", True),
        ("Last", False),
    ]
    assert grid.sheets[-1].cells == {1: {1: GridCell(2)}}


def test_a_cell_that_strayed_is_noted() -> None:
    grid = read(an_xls(XlsSheet(a_number(0, 0, 1) + a_number(1, 0, 1) + a_number(60_000, 0, 1))))
    assert grid.notes == ("`Sheet1!A60001` stands far from the other cells",)


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "Book"])
def test_the_workbooks_stream_is_found_whatever_its_spelling(name: str) -> None:
    content = a_container({"Other": b"x" * 600, name: a_stream(XlsSheet(a_number(0, 0, 7)))})
    assert read(content).sheets[0].cells == {1: {1: GridCell(7)}}


def test_of_two_forms_in_one_file_the_newer_is_read() -> None:
    streams = {
        "Book": a_stream(XlsSheet(a_number(0, 0, 5)), version=EXCEL_95),
        "Workbook": a_stream(XlsSheet(a_number(0, 0, 7))),
    }
    assert read(a_container(streams)).sheets[0].cells == {1: {1: GridCell(7)}}


def test_a_workbook_embedded_in_the_workbook_is_not_read() -> None:
    inner, outer = (a_stream(XlsSheet(a_number(0, 0, n))) for n in (1, 2))
    content = a_container({"Workbook": outer}, embedded={"Workbook": inner})
    assert read(content).sheets[0].cells == {1: {1: GridCell(2)}}


def test_a_short_workbook_lies_in_small_sectors() -> None:
    content = a_container({"Other": b"x" * 100, "Workbook": a_stream(XlsSheet(a_number(0, 0, 7)))},
                          small=True)  # fmt: skip
    assert read(content).sheets[0].cells == {1: {1: GridCell(7)}}


@pytest.mark.parametrize("size", [7_200_000, 16_000_000])
def test_a_large_container_lists_its_tables_in_further_sectors(size: int) -> None:
    streams = {"Pictures": bytes(size), "Workbook": a_stream(XlsSheet(a_number(0, 0, 7)))}
    assert read(a_container(streams)).sheets[0].cells == {1: {1: GridCell(7)}}


def test_a_container_with_impossible_sectors_is_damaged() -> None:
    content = bytearray(an_xls(XlsSheet(a_number(0, 0, 1))))
    content[30] = 60
    with pytest.raises(SourceError, match="damaged"):
        read(bytes(content))


def test_what_follows_the_last_sheet_does_not_matter() -> None:
    stream = a_stream(XlsSheet(a_number(0, 0, 7))) + b"\xff" * 100
    assert read(a_container({"Workbook": stream})).sheets[0].cells == {1: {1: GridCell(7)}}


def test_a_locked_workbook_is_refused_as_such() -> None:
    settings = record(0x0042, b"\xe4\x04") + record(0x002F, b"\x01\x00")
    with pytest.raises(SourceError, match="password") as refused:
        only(b"", settings=settings)
    assert refused.value.where == "board.xls"
    assert "take the password off" in refused.value.hint


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        a_container({"WordDocument": b"x" * 600}),
        a_container({"Workbook": b""}),
        a_container({"Workbook": b"\x09\x08"}),
        a_container({"Workbook": b"x" * 600}),
        a_container({"Workbook": a_begin(0x0005)}),
        a_container({"Workbook": a_stream(XlsSheet(a_number(0, 0, 1)))[:-4]}),
        an_xls(XlsSheet(a_number(0, 0, 1) + a_number(0, 0, 2))),
        an_xls(XlsSheet(a_number(0, 40_000, 1))),
        an_xls(XlsSheet(shared_cells(1))),
        an_xls(XlsSheet(record(0x0203, b"\x00"))),
        an_xls(XlsSheet(a_number(0, 0, 1)), settings=record(0x041E, b"\xa4\x00\xff\x00\x00x")),
    ],
)
def test_a_workbook_that_does_not_hold_together_is_damaged(content: bytes) -> None:
    with pytest.raises(SourceError, match="damaged") as refused:
        read(content)
    assert refused.value.where.startswith("board.xls")
    assert refused.value.exit_code == 3


@pytest.mark.parametrize("said", ["the other's", "none"])
def test_a_sheet_must_begin_where_a_sheet_begins_and_no_other_does(said: str) -> None:
    """Else its cells would be read twice, or it would pass for empty."""
    stream = a_stream(XlsSheet(a_number(0, 0, 1), "a"), XlsSheet(a_number(0, 0, 1), "b"))
    second = stream.rindex(a_begin(0x0010))
    first = stream.index(a_begin(0x0010))
    wrong = first if said == "the other's" else second + 20
    content = stream.replace(struct.pack("<I", second), struct.pack("<I", wrong), 1)
    assert content != stream
    with pytest.raises(SourceError, match="damaged"):
        read(a_container({"Workbook": content}))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_truncated_workbook_is_damaged(share: float) -> None:
    content = ONS.read_bytes()
    with pytest.raises(SourceError, match="damaged"):
        read(content[: int(len(content) * share)])


LONG = an_xls(XlsSheet(a_label(0, 0, "x" * 2000)))


@pytest.mark.parametrize(
    ("place", "form", "said"),
    [
        (len(LONG) - 508, "<I", 0),  # the second sector is followed by the first
        (len(LONG) - 508, "<I", 0xFFFFFFFF),  # by none, and yet it is not the last
        (len(LONG) - 508, "<I", 500),  # by one that is not there
        (LONG.index("Workbook".encode("utf-16-le")) + 120, "<Q", 1_000_000),
        (LONG.index("Root Entry".encode("utf-16-le")) + 66, "<B", 2),
        (LONG.index("Root Entry".encode("utf-16-le")) + 76, "<I", 0xFFFFFFFF),
    ],
)
def test_a_container_that_does_not_hold_together_is_damaged(
    place: int, form: str, said: int
) -> None:
    content = bytearray(LONG)
    struct.pack_into(form, content, place, said)
    with pytest.raises(SourceError, match="damaged"):
        read(bytes(content))


TWO = a_number(0, 0, 1) + a_number(0, 1, 1)
FOUR = struct.pack("<HH", 1, 0) + struct.pack("<HI", 0, 6) * 4 + struct.pack("<H", 3)


@pytest.mark.parametrize(
    "content",
    [
        an_xls(XlsSheet(TWO, "a"), XlsSheet(TWO, "b")),
        an_xls(XlsSheet(record(0x00BD, FOUR))),
        an_xls(XlsSheet(), settings=shared(a_text("") * 4)),
    ],
    ids=["over all sheets", "many in a record", "texts"],
)
def test_more_cells_than_allowed_are_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match="more than 3 cells") as refused:
        read(content, limits=Limits(cells=3))
    assert "`kpi ingest --limits 4`" in refused.value.hint
    read(content, limits=Limits(cells=4))


def test_a_larger_file_than_any_report_is_refused_unread() -> None:
    content = bytes(1001)
    with pytest.raises(SourceError, match="larger than 20 MB"):
        read(bytes(MAX_XLS_BYTES + 1))
    with pytest.raises(SourceError, match="larger than 0 MB"):
        read(content, limits=Limits(xls_bytes=1000))
    with pytest.raises(SourceError, match="damaged"):
        read(content, limits=Limits(xls_bytes=1001))


def test_more_sheets_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "MAX_SHEETS", 3)
    with pytest.raises(SourceError, match="more than 1,000 sheets"):
        read(an_xls(*(XlsSheet(name=str(n)) for n in range(4))))


def test_more_merges_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_sheet, "MAX_MERGES", 3)
    with pytest.raises(SourceError, match="more than 10,000 merged ranges"):
        only(record(0x00E5, struct.pack("<H", 4) + struct.pack("<4H", 0, 1, 0, 1) * 4))


def test_records_without_end_are_refused() -> None:
    content = an_xls(XlsSheet(record(0x0201) * 30))
    with pytest.raises(SourceError, match="damaged"):
        read(content, limits=Limits(records=31))
    read(content, limits=Limits(records=32))


def test_settings_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "MAX_SETTINGS", 20)
    with pytest.raises(SourceError, match="damaged"):
        only(b"", settings=record(0x0031, bytes(20)) * 20)


def test_more_columns_than_any_report_has_are_refused() -> None:
    with pytest.raises(SourceError, match="more than 2,000 columns"):
        only(b"".join(a_number(0, column, 1) for column in range(2_001)))


SMALL = an_xls(
    XlsSheet(
        a_number(0, 0, 0.634, style=1)
        + a_label(0, 1, "Referrals")
        + a_formula(1, 0, A_TEXT_RESULT)
        + record(0x0207, a_text("TBC"))
        + shared_cells(3)[14:],
    ),
    settings=formats("General", "0.0%") + shared(a_text("a") * 2, a_text("b")),
)


@given(st.binary(max_size=40), st.integers(0, len(SMALL)))
def test_overwritten_workbooks_are_refused_or_read_but_never_crash(noise: bytes, at: int) -> None:
    spoilt = SMALL[:at] + noise + SMALL[at + len(noise) :]
    with suppress(SourceError):
        read(spoilt)


def test_flipped_bits_of_a_real_workbook_never_crash() -> None:
    sound, dice = ONS.read_bytes(), random.Random(1)
    for _ in range(20):
        content = bytearray(sound)
        for _ in range(30):
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        with suppress(SourceError):
            read(bytes(content))
