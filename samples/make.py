"""Builds the sample workbooks and the damaged CSV from `board-report-2021-10.csv`.

    python samples/make.py

The CSV beside this script is the one table that everything comes from: the report's figures as
transcribed. What the files hold beyond them is in `made_up.py`, and `README.md` says which is
which. The same CSV gives the same bytes. The package never reads this script.

    python samples/make.py FOLDER

writes elsewhere.
"""

from __future__ import annotations

import calendar
import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import accumulate, groupby, islice
from pathlib import Path

import openpyxl
from made_up import (
    BREAKS_IN_LABELS,
    COVER_NOTES,
    DAMAGED_CELLS,
    LABELS,
    MONTHS,
    PLANS,
    SEPTEMBER_FIGURES,
    SHORT_ROWS,
    TWO_LINES,
    Block,
    MonthStyle,
    PercentStyle,
    Plan,
)
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FOLDER = Path(__file__).parent
REPORT = FOLDER / "board-report-2021-10.csv"

Row = dict[str, str]
Value = str | int | float | date | None

NAVY, PALE, GREY = "1F3864", "D9E2F3", "BFBFBF"
LINE = Side(style="thin", color=GREY)
EDGE = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
BUILT_AT = datetime(2021, 11, 10, 9, 0, 0)


def build(folder: Path) -> tuple[Path, ...]:
    """The files made from the report's CSV, written into a folder; their paths come back."""
    october = read_report()
    september = as_of_september(october)
    made = {
        "board-report-2021-09.xlsx": workbook_bytes(september, months=MONTHS[:-1]),
        "board-report-2021-10.xlsx": workbook_bytes(october, months=MONTHS),
        "scan-damage.csv": damaged_csv(october).encode(),
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in made)


def read_report() -> list[Row]:
    """The report's rows in printed order, each cell as printed, by column heading."""
    with REPORT.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def as_of_september(october: list[Row]) -> list[Row]:
    """The rows as September's report had them; its missing months are left to the layout."""
    return [
        row
        | {month: SEPTEMBER_FIGURES.get((row["Indicator"], month), row[month]) for month in MONTHS}
        for row in october
    ]


def damaged_csv(rows: list[Row]) -> str:
    """The report as the scanner read it, with one row shorter than the header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    for row in rows:
        damaged = row | DAMAGED_CELLS.get((row["Theme"], row["Indicator"]), {})
        cells = list(damaged.values())
        short = SHORT_ROWS.get(row["Indicator"])
        writer.writerow([*cells[:3], *short] if short else cells)
    return text.getvalue()


def workbook_bytes(rows: list[Row], *, months: tuple[str, ...]) -> bytes:
    """A report's workbook: a cover, a sheet a theme, and a hidden working sheet."""
    book = openpyxl.Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    _fill_cover(cover, newest=months[-1])
    for plan in PLANS:
        themed = [row for row in rows if row["Theme"] == plan.theme]
        _fill_theme(book.create_sheet(plan.sheet), plan, rows=themed, months=months)
    _fill_working(book.create_sheet("Working"), rows, months=months)
    book.properties.creator = "kpi samples"
    book.properties.title = f"Practice and Performance Summary, {_long_month(months[-1])}"
    book.properties.created = BUILT_AT
    saved = io.BytesIO()
    book.save(saved)
    return _with_fixed_times(saved.getvalue())


def _fill_cover(sheet: Worksheet, *, newest: str) -> None:
    sheet.title = "Cover"
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 100
    lines = (
        "Practice and Performance Summary",
        "Children's Social Care: report to the improvement board",
        f"Data to the end of {_long_month(newest)}",
        "",
        "Contents",
        *(f"{plan.sheet}: {plan.theme}" for plan in PLANS),
        "",
        "Notes",
        *COVER_NOTES,
    )
    for number, line in enumerate(lines, start=1):
        if line:
            _write(sheet, number, 1, line, alignment=LEFT)
    sheet.row_dimensions[1].height = 30
    sheet["A1"].font = _font(size=20, bold=True, color=NAVY)
    sheet["A2"].font = _font(size=13, color=NAVY)
    for row in (5, 7 + len(PLANS)):
        sheet.cell(row, 1).font = _font(bold=True, color=NAVY)
    for row in range(len(lines) - len(COVER_NOTES) + 1, len(lines) + 1):
        sheet.row_dimensions[row].height = 30


def _fill_theme(sheet: Worksheet, plan: Plan, *, rows: list[Row], months: tuple[str, ...]) -> None:
    own_months = months[: len(months) - plan.last_months_missing]
    columns = (*LABELS, *own_months, *plan.columns)
    _set_up_page(sheet, plan, columns)
    _write(sheet, 1, plan.left, plan.theme, font=_font(size=14, bold=True, color=NAVY))
    _write(sheet, 2, plan.left, f"What the data tells us: data to {_long_month(own_months[-1])}")
    line, remaining = 4, iter(rows)
    for block in plan.blocks:
        line = _fill_block_title(sheet, plan, block, line=line, width=len(columns))
        line = _fill_header(sheet, plan, columns, line=line)
        for row in islice(remaining, block.rows):
            _fill_row(sheet, plan, columns, line=line, row=row)
            line += 1
        line += 1
    assert next(remaining, None) is None, f"{plan.sheet}: rows without a block"
    for note in plan.notes:
        _write(sheet, line, plan.left, note, font=_font(size=9, italic=True, color="595959"))
        line += 1


def _set_up_page(sheet: Worksheet, plan: Plan, columns: tuple[str, ...]) -> None:
    widths = {"Indicator": 46.0, "Outturn type": 15.0, "Target": 15.0}
    for number, title in enumerate(columns, start=plan.left):
        sheet.column_dimensions[get_column_letter(number)].width = widths.get(
            title, 10.5 if title in MONTHS else 12.5
        )
    if plan.left > 1:
        sheet.column_dimensions["A"].width = 2.5
    sheet.row_dimensions[1].height = 22
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = f"{get_column_letter(plan.left + 1)}1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _fill_block_title(sheet: Worksheet, plan: Plan, block: Block, *, line: int, width: int) -> int:
    """The next free line after a band across the block, or the same line without a title."""
    if not block.title:
        return line
    band = PatternFill("solid", fgColor=PALE)
    _write(sheet, line, plan.left, block.title, font=_font(bold=True, color=NAVY), fill=band)
    _merge(sheet, line, plan.left, line, plan.left + width - 1)
    return line + 1


def _fill_header(sheet: Worksheet, plan: Plan, columns: tuple[str, ...], *, line: int) -> int:
    """The next free line after a block's headings."""
    if not plan.headings_on_two_lines:
        for number, title in enumerate(columns, start=plan.left):
            heading = "\n".join(TWO_LINES.get(title, ()))
            _write_heading(sheet, line, number, heading or _month_heading(title, plan.months))
        sheet.row_dimensions[line].height = 32
        return line + 1
    pairs = [_two_lines(title, plan.months) for title in columns]
    for number, pair in enumerate(pairs, start=plan.left):
        for offset, text in enumerate(pair):
            _write_heading(sheet, line + offset, number, text)
        if pair[1] is None:
            _merge(sheet, line, number, line + 1, number)
    for first, last in _runs_to_merge(pairs):
        _merge(sheet, line, plan.left + first, line, plan.left + last)
    return line + 2


def _two_lines(title: str, months: MonthStyle) -> tuple[Value, Value]:
    """A heading's upper and lower cell; the lower is null where one cell spans both."""
    if title in MONTHS and months == "year above":
        day = _first_day(title)
        return day.year, calendar.month_name[day.month]
    return TWO_LINES.get(title) or (_month_heading(title, months), None)


def _runs_to_merge(pairs: list[tuple[Value, Value]]) -> Iterator[tuple[int, int]]:
    """First and last position of neighbours under one upper heading, the lower ones apart."""
    position = 0
    for (_, has_lower), run in groupby(pairs, key=lambda pair: (pair[0], pair[1] is not None)):
        length = len(list(run))
        if has_lower and length > 1:
            yield position, position + length - 1
        position += length


def _month_heading(title: str, months: MonthStyle) -> Value:
    if title not in MONTHS or months == "Apr-21":
        return title
    first = _first_day(title)
    if months == "April 2021":
        return _long_month(title)
    last = calendar.monthrange(first.year, first.month)[1]
    return first if months == "first of month" else first.replace(day=last)


def _fill_row(
    sheet: Worksheet, plan: Plan, columns: tuple[str, ...], *, line: int, row: Row
) -> None:
    for number, column in enumerate(columns, start=plan.left):
        value, number_format = _typed(row, column, plan.percentages, as_text=line % 2 == 0)
        alignment = LEFT if column in LABELS else CENTRE
        cell = _write(sheet, line, number, value, alignment=alignment)
        cell.number_format = number_format
        cell.border = EDGE
    sheet.row_dimensions[line].height = 16.0 * max(1, -(-len(row["Indicator"]) // 42))


def _typed(row: Row, column: str, percentages: PercentStyle, *, as_text: bool) -> tuple[Value, str]:
    """What an officer would have typed to show a printed cell, and the cell's format."""
    printed = row[column]
    if column == "Indicator":
        for ending, broken in BREAKS_IN_LABELS.items():
            printed = printed.replace(f" {ending}", broken)
        return printed, "General"
    if printed.removesuffix("%").isdigit():
        number = int(printed.removesuffix("%"))
        if not printed.endswith("%"):
            return number, "#,##0" if row["Outturn type"] == "NUMBER" else "General"
        if percentages == "percent format":
            return number / 100, "0%"
        if column in MONTHS and not as_text:
            return number, '0"%"'
    return printed or None, "General"


def _fill_working(sheet: Worksheet, rows: list[Row], *, months: tuple[str, ...]) -> None:
    """The hidden sheet: referrals as printed, and their running total over the year."""
    sheet.sheet_state = "hidden"
    sheet.column_dimensions["A"].width = 46
    label = "Number of referrals in the month"
    printed = next(row for row in rows if row["Indicator"] == label)
    counts = [int(printed[month]) for month in months]
    table: tuple[tuple[Value, ...], ...] = (
        ("Working: not for the report",),
        ("Indicator", *months),
        (label, *counts),
        ("Referrals since 1 April, running total", *accumulate(counts)),
    )
    for line, values in enumerate(table, start=1):
        for number, value in enumerate(values, start=1):
            _write(sheet, line, number, value)


def _write_heading(sheet: Worksheet, line: int, number: int, value: Value) -> None:
    cell = _write(sheet, line, number, value, font=_font(bold=True, color="FFFFFF"))
    cell.alignment = CENTRE
    cell.fill = PatternFill("solid", fgColor=NAVY)
    cell.border = EDGE
    if isinstance(value, date):
        cell.number_format = "mmm-yy"


def _write(
    sheet: Worksheet,
    line: int,
    number: int,
    value: Value,
    *,
    font: Font | None = None,
    fill: PatternFill | None = None,
    alignment: Alignment | None = None,
) -> Cell:
    cell = sheet.cell(line, number)
    assert isinstance(cell, Cell)
    cell.value = value
    cell.font = font or _font()
    if fill:
        cell.fill = fill
    if alignment:
        cell.alignment = alignment
    return cell


def _font(
    *, size: int = 11, bold: bool = False, italic: bool = False, color: str = "000000"
) -> Font:
    return Font(name="Calibri", size=size, bold=bold, italic=italic, color=color)


def _merge(
    sheet: Worksheet, first_row: int, first_column: int, last_row: int, last_column: int
) -> None:
    sheet.merge_cells(
        start_row=first_row,
        start_column=first_column,
        end_row=last_row,
        end_column=last_column,
    )


def _first_day(month: str) -> date:
    number = list(calendar.month_abbr).index(month[:3])
    return date(2000 + int(month[-2:]), number, 1)


def _long_month(month: str) -> str:
    day = _first_day(month)
    return f"{calendar.month_name[day.month]} {day.year}"


def _with_fixed_times(workbook: bytes) -> bytes:
    """The same workbook without the moment of saving, so that equal tables give equal bytes."""
    stamp = f"{BUILT_AT.isoformat()}Z".encode()
    modified = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(rebuilt, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = modified.sub(rb"\g<1>" + stamp, content)
            fixed = zipfile.ZipInfo(entry.filename, date_time=BUILT_AT.timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.create_system = 0  # the same on every operating system
            new.writestr(fixed, content)
    return rebuilt.getvalue()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for path in build(target):
        print(path.name)
