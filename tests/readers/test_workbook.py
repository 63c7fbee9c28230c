"""Workbooks as cells: what officers' files hold, what tools leave out, what attackers put in."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kpi.errors import SourceError
from kpi.readers import sheets
from kpi.readers.grid import CellValue, Grid, GridCell, Merge, Sheet
from kpi.readers.limits import USUAL, Limits
from kpi.readers.preflight import check_zip
from kpi.readers.workbook import read_workbook

xlsxwriter = pytest.importorskip("xlsxwriter")  # writes shared strings, as Excel does

SAID = "Referrals in the month"


def saved(book: Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def made(fill: Callable[[Worksheet], None]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    return saved(book)


def read(content: bytes, *, limits: Limits = USUAL) -> Grid:
    check_zip(content)
    return read_workbook(content, file="board.xlsx", sha256="ab", limits=limits)


def only(content: bytes) -> Sheet:
    (sheet,) = read(content).sheets
    return sheet


def edited(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The archive with parts replaced, added, or taken out where the change is null."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        parts: dict[str, bytes | None] = {name: before.read(name) for name in before.namelist()}
        for name, part in (parts | changes).items():
            if part is not None:
                after.writestr(name, part)
    return held.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read(name)


def replaced(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    before = part(content, name)
    assert old in before
    return edited(content, {name: before.replace(old, new)})


def plain() -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.add_worksheet("Sheet").write_row(0, 0, [SAID, 336, 445.5])
    book.close()
    return held.getvalue()


def test_a_sheet_is_its_cells_with_their_values() -> None:
    sheet = only(plain())
    assert sheet.name == "Sheet"
    assert sheet.cells == {1: {1: GridCell(SAID), 2: GridCell(336), 3: GridCell(445.5)}}
    assert (sheet.merges, sheet.hidden, sheet.widths) == ((), False, {})


def test_the_grid_carries_file_and_hash() -> None:
    grid = read(plain())
    assert (grid.file, grid.sha256, grid.notes) == ("board.xlsx", "ab", ())


def test_a_percent_cell_keeps_its_fraction_and_its_format() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["H14"] = 0.634
        sheet["H14"].number_format = "0.0%"
        sheet["I14"] = 63.4
        sheet["I14"].number_format = '0.0"%"'
        sheet["J14"] = 0.5
        sheet["J14"].number_format = "0%"

    assert only(made(fill)).cells == {
        14: {8: GridCell(0.634, "0.0%"), 9: GridCell(63.4, '0.0"%"'), 10: GridCell(0.5, "0%")}
    }


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (datetime(2021, 4, 1), "mmm-yy", datetime(2021, 4, 1)),
        (datetime(2021, 4, 30, 9, 30), "dd/mm/yyyy hh:mm", datetime(2021, 4, 30, 9, 30)),
        (time(9, 30), "h:mm", time(9, 30)),
        (timedelta(hours=30), "[h]:mm", timedelta(hours=30)),
        (44287, "mmm-yy", datetime(2021, 4, 1)),
        (44287, '0 "days"', 44287),
        (44287, "[Red]0", 44287),
    ],
)
def test_a_number_is_a_date_where_its_format_is_a_dates(
    value: CellValue, number_format: str, expected: CellValue
) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = value
        sheet["A1"].number_format = number_format

    assert only(made(fill)).cells[1][1] == GridCell(expected, number_format)


def test_dates_counted_from_1904_are_the_same_dates() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = datetime(2021, 4, 1)
    content = saved(book)
    assert b"date1904" in part(content, "xl/workbook.xml")
    assert only(content).cells[1][1].value == datetime(2021, 4, 1)


def test_a_serial_beyond_all_dates_is_a_fault() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 1e12
        sheet["A1"].number_format = "dd/mm/yyyy"

    assert only(made(fill)).cells[1][1].fault == "not a number or a date"


@pytest.mark.parametrize("error", ["#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?"])
def test_an_excel_error_is_a_fault_with_its_text(error: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B2"] = error

    assert only(made(fill)).cells == {2: {2: GridCell(error, "General", error)}}


def test_a_formula_without_a_stored_result_is_a_fault() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "=1+1"
        sheet["B1"] = 2
        sheet["C1"] = "=B1/4"
        sheet["C1"].number_format = "0%"

    assert only(made(fill)).cells == {
        1: {
            1: GridCell(None, "General", sheets.NO_RESULT),
            2: GridCell(2),
            3: GridCell(None, "0%", "formula without result"),
        }
    }


def calculated(formula: bytes) -> bytes:
    """A workbook whose cell B1 is this XML."""
    content = plain()
    sheet = part(content, "xl/worksheets/sheet1.xml")
    begin, end = sheet.index(b'<c r="B1"'), sheet.index(b'<c r="C1"')
    sheet = sheet[:begin] + formula + sheet[end:]
    workbook_part = part(content, "xl/workbook.xml").replace(b'fullCalcOnLoad="1"', b"")
    return edited(content, {"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": workbook_part})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (b'<c r="B1"><f>A1</f><v>7</v></c>', GridCell(7)),
        (b'<c r="B1"><f>A1</f><v>0</v></c>', GridCell(0)),
        (b'<c r="B1" t="str"><f>A1</f><v>TBC</v></c>', GridCell("TBC")),
        (b'<c r="B1" t="str"><f>IF(A1,1,"")</f><v></v></c>', None),
        (b'<c r="B1" t="b"><f>A1=1</f><v>1</v></c>', GridCell(True)),
        (b'<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', GridCell("#DIV/0!", fault="#DIV/0!")),
        (b'<c r="B1"><f t="shared" si="0"/><v>5</v></c>', GridCell(5)),
        (b'<c r="B1"><f>A1</f></c>', GridCell(None, fault="formula without result")),
        (b'<c r="B1" t="str"><f>A1</f></c>', GridCell(None, fault="formula without result")),
        (b'<c r="B1"><v>1E+400</v></c>', GridCell(float("inf"))),
        (b'<c r="B1"><v>12345678901234567890</v></c>', GridCell(12345678901234567890.0)),
        (b'<c r="B1"><v>0.63400000000000001</v></c>', GridCell(0.634)),
        (b'<c r="B1"><v>-5</v></c>', GridCell(-5.0)),
        (b'<c r="B1"><v>five</v></c>', GridCell("five", fault="not a number or a date")),
        (b'<c r="B1" t="d"><v>2021-04-01T00:00:00</v></c>', GridCell(datetime(2021, 4, 1))),
        (b'<c r="B1" t="inlineStr"><is><t>TB</t></is></c>', GridCell("TB")),
        (b'<c r="B1" t="inlineStr"><is><r><t>T</t></r><r><t>B</t></r></is></c>', GridCell("TB")),
        (b'<c r="B1" t="str"><v>a_x000D_b</v></c>', GridCell("a\rb")),
        (b'<c r="B1" s="99"><v>1</v></c>', GridCell(1)),
        (b'<c r="B1" s="0"/>', None),
        (b'<c r="B1" t="str"><v> \xc2\xa0</v></c>', None),
        (b"<c><v>8</v></c>", GridCell(8)),
        (b'<x:c r="B1"><x:v>8</x:v></x:c>', GridCell(8)),
    ],
)
def test_a_stored_cell_says(cell: bytes, expected: GridCell | None) -> None:
    assert only(calculated(cell)).cells[1].get(2) == expected


def test_zeros_that_a_program_stored_instead_of_calculating_are_faults() -> None:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=B1+1")
    sheet.write_formula("B1", "=1+1", None, 2)
    sheet.write_number("C1", 0)
    book.close()
    cells = only(held.getvalue()).cells[1]
    assert (cells[1].fault, cells[2].value, cells[3].value) == (sheets.NO_RESULT, 2, 0)


def test_a_text_that_begins_with_an_equals_sign_is_text() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"].value = "=cmd|' /C calc'!A0"
        sheet["A1"].data_type = "s"

    assert only(made(fill)).cells[1][1] == GridCell("=cmd|' /C calc'!A0")


def test_rich_text_is_plain_and_a_raised_digit_stays_raised() -> None:
    """`63` with a small raised `1` must never become 631."""

    def fill(sheet: Worksheet) -> None:
        raised = TextBlock(InlineFont(vertAlign="superscript"), "1")
        sheet["A1"] = CellRichText("63", raised)
        sheet["A2"] = CellRichText("Looked ", TextBlock(InlineFont(b=True), "after"), " 12")

    cells = only(made(fill)).cells
    assert (cells[1][1].value, cells[2][1].value) == ("63¹", "Looked after 12")


def test_phonetic_guides_are_no_text() -> None:
    content = plain()
    strings = b"<sst><si><t>Visits</t><rPh sb='0' eb='1'><t>guide</t></rPh></si></sst>"
    assert only(edited(content, {"xl/sharedStrings.xml": strings})).cells[1][1].value == "Visits"


def test_merges_are_told_and_what_they_cover_is_left_out() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "Corporate parenting"
        sheet["B3"] = "Apr-21"
        sheet["D3"] = "May-21"
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("B3:C4")

    covered = b'<row r="4"><c r="C4"><v>999</v></c></row></sheetData>'
    content = replaced(made(fill), "xl/worksheets/sheet1.xml", b"</sheetData>", covered)
    sheet = only(content)
    assert sheet.merges == (Merge(1, 1, 1, 3), Merge(3, 2, 4, 3))
    assert {row: list(cells) for row, cells in sheet.cells.items()} == {1: [1], 3: [2, 4]}


def with_merges(*ranges: str) -> bytes:
    merges = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
    xml = f"</sheetData><mergeCells>{merges}</mergeCells>".encode()
    return replaced(plain(), "xl/worksheets/sheet1.xml", b"</sheetData>", xml)


def test_a_merge_over_a_whole_sheet_costs_nothing() -> None:
    sheet = only(with_merges("A1:XFD1048576"))
    assert sheet.merges == (Merge(1, 1, 1_048_576, 16_384),)
    assert sheet.cells == {1: {1: GridCell(SAID)}}


def test_a_merge_whose_first_cell_is_empty_hides_the_others() -> None:
    assert only(with_merges("A1:A9", "B1:C1", "D2:D4")).cells == {
        1: {1: GridCell(SAID), 2: GridCell(336)}
    }


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        (["A:B"], "no range"),
        (["A1"] * 10_001, "merged ranges"),
    ],
)
def test_broken_merges_are_refused(ranges: list[str], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read(with_merges(*ranges))


def test_merges_that_overlap_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_MERGED_WORK", 100)
    with pytest.raises(SourceError, match="overlap"):
        read(with_merges(*["B1:Z999"] * 200))


def test_hidden_sheets_are_flagged_and_hidden_rows_and_columns_read() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.append(["a", "b"])
    first.append(["c", "d"])
    first.row_dimensions[2].hidden = True
    first.column_dimensions["B"].hidden = True
    for state in ("hidden", "veryHidden"):
        sheet = book.create_sheet(state)
        sheet["A1"] = 1
        sheet.sheet_state = state
    sheets = read(saved(book)).sheets
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [
        ("Sheet", False),
        ("hidden", True),
        ("veryHidden", True),
    ]
    assert list(sheets[0].cells[2].values()) == [GridCell("c"), GridCell("d")]
    assert sheets[1].cells == {1: {1: GridCell(1)}}


def test_chart_sheets_are_left_out_and_the_order_of_sheets_kept() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = 1
    book.create_chartsheet("Chart")
    book.create_sheet("Before", 0)["A1"] = 2
    assert [each.name for each in read(saved(book)).sheets] == ["Before", "Sheet"]


def test_a_cell_in_the_last_corner_is_read_and_noted() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([SAID, 336])
        sheet["XFD1048576"] = "x"

    grid = read(made(fill))
    assert grid.sheets[0].cells[1_048_576] == {16_384: GridCell("x")}
    assert grid.notes == ("`Sheet!XFD1048576` stands far from the other cells",)


def test_a_cell_far_to_the_right_is_noted() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([SAID, 336])
        sheet.cell(1, 5000, "stray")

    assert read(made(fill)).notes == ("`Sheet!GJH1` stands far from the other cells",)


def test_a_declared_size_is_never_believed() -> None:
    content = replaced(plain(), "xl/worksheets/sheet1.xml", b'ref="A1:C1"', b'ref="A1:XFD1048576"')
    assert list(only(content).cells) == [1]


def with_rows(rows: bytes) -> bytes:
    """A workbook whose sheet holds this XML."""
    sheet = part(plain(), "xl/worksheets/sheet1.xml")
    begin, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    return edited(plain(), {"xl/worksheets/sheet1.xml": sheet[:begin] + rows + sheet[end:]})


def test_cells_come_in_order_however_they_are_stored() -> None:
    sheet = only(
        with_rows(
            b'<row r="3"><c r="B3"><v>3</v></c><c r="A3"><v>2</v></c></row>'
            b'<row r="1"><c r="A1"><v>1</v></c></row>'
        )
    )
    assert [(row, list(cells)) for row, cells in sheet.cells.items()] == [(1, [1]), (3, [1, 2])]


def test_cells_without_addresses_are_counted() -> None:
    sheet = only(
        with_rows(
            b"<row><c><v>1</v></c><c/><c><v>3</v></c></row>"
            b'<row r="9"><c><v>4</v></c><c r="D9"><v>5</v></c><c><v>6</v></c></row>'
        )
    )
    assert {row: list(cells) for row, cells in sheet.cells.items()} == {1: [1, 3], 9: [1, 4, 5]}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "`A1` is there twice"),
        (b'<row r="1"><c r="XFE1"><v>1</v></c></row>', "outside the sheet"),
        (b'<row r="1"><c r="A1048577"><v>1</v></c></row>', "outside the sheet"),
        (b'<row r="0"><c><v>1</v></c></row>', "outside the sheet"),
        (b'<row r="1"><c r="a1 or so"><v>1</v></c></row>', "no cell's name"),
        (b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>', "missing"),
        (b'<row r="one"/>', "missing"),
        (b"<row>", "XML"),
        (b"<a>" * 200, "nested"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_damaged(rows: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as refused:
        read(with_rows(rows))
    assert "damaged" in refused.value.what
    assert refused.value.where.startswith("board.xlsx")


def test_a_text_over_the_limit_is_refused_with_its_cell() -> None:
    text = b"x" * 32_768
    with pytest.raises(SourceError, match="32,767") as refused:
        read(with_rows(b'<row r="2"><c r="B2" t="str"><v>' + text + b"</v></c></row>"))
    assert refused.value.where == "board.xlsx:Sheet!B2"


@pytest.mark.parametrize("tag", [b"<v>%s</v>", b"<is><r><t>%s</t></r><r><t>b</t></r></is>"])
def test_a_text_without_end_is_refused(tag: bytes) -> None:
    kind = b"inlineStr" if b"<is>" in tag else b"str"
    rows = b'<row><c t="' + kind + b'">' + tag % (b"ab cd" * 100_000) + b"</c></row>"
    with pytest.raises(SourceError, match="32,767"):
        read(with_rows(rows))


def test_the_longest_text_that_excel_keeps_is_read() -> None:
    text = b"_x000D_" + b"x" * 32_766
    sheet = only(with_rows(b'<row><c t="str"><v>' + text + b"</v></c></row>"))
    assert sheet.cells[1][1].value == "\r" + "x" * 32_766


def test_more_columns_than_a_table_has_are_refused() -> None:
    rows = b"<row>" + b"<c><v>1</v></c>" * 2_001 + b"</row>"
    with pytest.raises(SourceError, match="2,000 columns") as refused:
        read(with_rows(rows))
    assert refused.value.where == "board.xlsx:Sheet"


def test_more_cells_than_allowed_are_refused() -> None:
    """Prefixed tags escape the count before opening, so cells are counted while reading too."""
    with pytest.raises(SourceError, match="more than 10 cells"):
        read(with_rows(b"<x:row>" + b"<x:c/>" * 11 + b"</x:row>"), limits=Limits(cells=10))


def test_wider_limits_take_more_columns() -> None:
    rows = b"<row>" + b"<c><v>1</v></c>" * 2_001 + b"</row>"
    assert len(read(with_rows(rows), limits=USUAL.times(2)).sheets[0].cells[1]) == 2_001


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">',
    ],
)
@pytest.mark.parametrize(
    "name",
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml",
     "_rels/.rels", "xl/_rels/workbook.xml.rels"],
)  # fmt: skip
def test_entities_are_refused_in_every_part(name: str, doctype: bytes) -> None:
    before = part(plain(), name)
    begin = before.index(b"?>") + 2 if before.startswith(b"<?xml") else 0
    with pytest.raises(SourceError, match="entities"):
        read(edited(plain(), {name: before[:begin] + doctype + before[begin:]}))


def decorated() -> bytes:
    """A workbook with a chart, a comment, a link, a table's filter and a rule of colours."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append([SAID, 336])
    sheet["A1"].comment = Comment("checked", "officer")
    sheet["A1"].font = Font(bold=True)
    sheet["B1"].hyperlink = "https://example.org/"
    chart = LineChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=1))
    chart.anchor = "D4"
    sheet.add_chart(chart)
    sheet.auto_filter.ref = "A1:B1"
    return saved(book)


DECORATED = {1: {1: GridCell(SAID), 2: GridCell(336)}}


def test_what_is_no_cell_is_passed_over() -> None:
    assert only(decorated()).cells == DECORATED


@pytest.mark.parametrize(
    "changes",
    [
        {"xl/drawings/drawing1.xml": None},
        {"xl/charts/chart1.xml": b"<nonsense"},
        {"xl/worksheets/_rels/sheet1.xml.rels": None},
        {"xl/theme/theme1.xml": None},
        {"docProps/core.xml": b"<broken"},
        {"docProps/app.xml": None},
        {"[Content_Types].xml": None},
        {"_rels/.rels": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_part_that_cells_do_not_need_may_be_missing_or_broken(
    changes: dict[str, bytes | None],
) -> None:
    assert only(edited(decorated(), changes)).cells == DECORATED


def test_openpyxl_itself_stops_at_a_missing_drawing() -> None:
    """The reason for reading the parts one by one; when this fails, it can be thought over."""
    content = edited(decorated(), {"xl/drawings/drawing1.xml": None})
    with pytest.raises(KeyError):
        openpyxl.load_workbook(io.BytesIO(content))


def test_an_extension_nobody_knows_is_passed_over() -> None:
    extension = b'</sheetData><extLst><ext uri="{0}" xmlns:q="urn:q"><q:c r="??"/></ext></extLst>'
    content = replaced(plain(), "xl/worksheets/sheet1.xml", b"</sheetData>", extension)
    assert only(content).cells[1][2] == GridCell(336)


def test_fonts_and_fills_out_of_order_do_not_matter() -> None:
    content = replaced(plain(), "xl/styles.xml", b"<fonts", b'<bogus a="1"/><fonts odd="yes"')
    assert only(content).cells[1][2] == GridCell(336)


def test_formats_of_rules_are_not_taken_for_those_of_cells() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 0.5
        sheet["A1"].number_format = "0.0%"

    content = made(fill)
    styles = part(content, "xl/styles.xml")
    rule = b'<dxfs><dxf><numFmt numFmtId="164" formatCode="0"/></dxf></dxfs></styleSheet>'
    styles = styles.replace(b"</styleSheet>", rule)
    assert only(edited(content, {"xl/styles.xml": styles})).cells[1][1] == GridCell(0.5, "0.0%")


def test_number_formats_that_cannot_be_read_refuse_the_file() -> None:
    """Without them a percentage could not be told from its fraction."""
    with pytest.raises(SourceError, match="XML"):
        read(edited(plain(), {"xl/styles.xml": b"<styleSheet><numFmts>"}))


def test_part_names_are_found_in_any_case_and_with_either_slash() -> None:
    content = plain()
    strings = part(content, "xl/sharedStrings.xml")
    sheet = part(content, "xl/worksheets/sheet1.xml")
    changes: dict[str, bytes | None] = {
        "xl/sharedStrings.xml": None,
        "XL/SharedStrings.xml": strings,
        "xl/worksheets/sheet1.xml": None,
        "xl\\worksheets\\Sheet1.xml": sheet,
    }
    assert only(edited(content, changes)).cells[1][1] == GridCell(SAID)


def test_strict_open_xml_is_read() -> None:
    """Excel's other xlsx, whose names are the standard's own."""
    content = plain()
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels",
                 "_rels/.rels", "xl/sharedStrings.xml", "xl/styles.xml"):  # fmt: skip
        strict = part(content, name)
        strict = strict.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        content = edited(content, {name: strict})
    assert only(content).cells == {1: {1: GridCell(SAID), 2: GridCell(336), 3: GridCell(445.5)}}


@pytest.mark.parametrize(
    "changes",
    [
        {"xl/worksheets/sheet1.xml": None},
        {"xl/workbook.xml": None},
        {"xl/workbook.xml": b"<workbook><sheets><sheet name='a' id='none'/></sheets></workbook>"},
        {"xl/workbook.xml": b"<workbook>"},
        {"xl/sharedStrings.xml": None},
        {"xl/worksheets/sheet1.xml": b"\xff\xfe not xml"},
        {"xl/worksheets/sheet1.xml": b"<?xml version='1.0' encoding='klingon'?><worksheet/>"},
    ],
)
def test_a_workbook_without_a_part_it_needs_is_damaged(changes: dict[str, bytes | None]) -> None:
    with pytest.raises(SourceError, match="damaged") as refused:
        read(edited(plain(), changes))
    assert refused.value.exit_code == 3
    assert "Excel" in refused.value.hint


def test_what_is_no_zip_is_damaged() -> None:
    with pytest.raises(SourceError, match="damaged"):
        read_workbook(b"PK\x03\x04 and no more", file="board.xlsx", sha256="")


def test_every_cell_is_as_openpyxl_reads_it() -> None:
    numbers = random.Random(4)
    formats = ["General", "0", "0.00%", "#,##0", '0.0"%"', "dd/mm/yyyy", "[h]:mm", "@"]

    def fill(sheet: Worksheet) -> None:
        for row in range(1, 60):
            for column in range(1, 20):
                cell = sheet.cell(row, column)
                values: list[int | float | str | bool] = [row, row / 7, "£ – ¹", True, -4.5]
                cell.value = numbers.choice(values)
                cell.number_format = numbers.choice(formats)

    content = made(fill)
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).active
    assert isinstance(sheet, Worksheet)
    expected = {(cell.row, cell.column): (cell.value, cell.number_format)
                for row in sheet.iter_rows() for cell in row}  # fmt: skip
    seen = {(row, column): (cell.value, cell.number_format)
            for row, cells in only(content).cells.items() for column, cell in cells.items()
            if not cell.fault}  # fmt: skip
    assert seen.items() <= expected.items()
    assert len(seen) > 1000


@given(st.binary(min_size=1, max_size=60), st.integers(0, 6000))
def test_an_overwritten_workbook_is_read_or_refused(noise: bytes, at: int) -> None:
    content = decorated()
    with suppress(SourceError):
        read_workbook(content[:at] + noise + content[at + len(noise) :], file="a", sha256="")


@given(st.binary(max_size=40), st.integers(0, 500))
def test_any_sheet_xml_is_read_or_refused(noise: bytes, at: int) -> None:
    sheet = part(SOUND, "xl/worksheets/sheet1.xml")
    spoilt = sheet[:at] + noise + sheet[at:]
    with suppress(SourceError):
        read(edited(SOUND, {"xl/worksheets/sheet1.xml": spoilt}))


SOUND = plain()


@given(
    st.lists(st.sampled_from(["<c>", "</c>", "<v>", "</v>", "<f>", "</f>", "<row>", "</row>", "7",
                              '<c t="s">', '<c t="d">', '<c t="b">', '<c t="inlineStr">', "<is>",
                              "</is>", "<t>", "</t>", "<r>", "</r>", '<c r="B2">', "x"]))
)  # fmt: skip
def test_any_mixture_of_tags_is_read_or_refused(tags: list[str]) -> None:
    with suppress(SourceError):
        read(with_rows("".join(tags).encode()))
