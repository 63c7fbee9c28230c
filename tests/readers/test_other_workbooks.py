"""Reports saved as ods and as xls give what the same report gives as xlsx."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from kpi.errors import SourceError
from kpi.readers.source import SourceReading, draft_rows, read_source
from tests.readers.grids import the_catalogue
from tests.readers.ods_files import Percent, a_table, an_ods, rows_of
from tests.readers.xls_files import (
    XlsSheet,
    a_formula,
    a_label,
    a_number,
    an_xls,
    formats,
    record,
)

Rows = Sequence[Sequence[object]]

APRIL, MAY = date(2021, 4, 1), date(2021, 5, 1)
REPORT: Rows = [
    ["Children's services: performance report"],
    [],
    [None, "Indicator", APRIL, MAY, "Target", "England 20/21"],
    [None, "Number of contacts", 1397, 1402, "1400 per month", None],
    [None, "Reviews on time", Percent(0.634), Percent(0.57), Percent(0.9), Percent(0.71)],
    [None, "Referral rate", 530.25, "TBC", 545, "N/A"],
    [None, "Number of dragons", 1, 2, None, None],
]
WORKING: Rows = [["Indicator", APRIL], ["Number of contacts", 9]]


def as_ods(rows: Rows, working: Rows) -> bytes:
    hidden = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    return an_ods(
        a_table(*rows_of(rows), name="Report"),
        a_table(*rows_of(working), name="Working", style="ta2"),
        styles=hidden,
    )


def as_xls(rows: Rows, working: Rows) -> bytes:
    return an_xls(
        XlsSheet(records_of(rows), "Report"),
        XlsSheet(records_of(working), "Working", state=1),
        settings=formats("General", "0.0%", "mmm-yy"),
    )


def records_of(rows: Rows) -> bytes:
    return b"".join(
        record_of(row, column, value)
        for row, line in enumerate(rows)
        for column, value in enumerate(line)
        if value is not None
    )


def record_of(row: int, column: int, value: object) -> bytes:
    if isinstance(value, str):
        return a_label(row, column, value)
    if isinstance(value, Percent):
        return a_number(row, column, value.fraction, style=1)
    if isinstance(value, date):
        return a_number(row, column, (value - date(1899, 12, 30)).days, style=2)
    assert isinstance(value, int | float)
    return a_number(row, column, value)


def as_xlsx(path: Path, rows: Rows, working: Rows) -> None:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, lines in (("Report", rows), ("Working", working)):
        sheet = workbook.create_sheet(name)
        for row, line in enumerate(lines, start=1):
            for column, value in enumerate(line, start=1):
                cell = sheet.cell(row, column)
                cell.value = value.fraction if isinstance(value, Percent) else value
                cell.number_format = "0.0%" if isinstance(value, Percent) else "General"
                if isinstance(value, date):
                    cell.number_format = "mmm-yy"
    workbook["Working"].sheet_state = "hidden"
    workbook.save(path)


@pytest.fixture(params=["ods", "xls"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = {"ods": as_ods, "xls": as_xls}[request.param](REPORT, WORKING)
    path = tmp_path / f"report.{request.param}"
    path.write_bytes(made)
    return path


def said(reading: SourceReading) -> list[tuple[object, ...]]:
    columns = (
        "indicator", "role", "area", "period", "value", "state", "raw", "source_sheet",
        "source_cell",
    )  # fmt: skip
    return reading.observations.select(columns).rows()


def test_percentages_are_what_the_reader_of_the_sheet_sees(path: Path) -> None:
    reading = read_source(path, catalogue=the_catalogue())
    figures = {row[8]: row[4] for row in said(reading) if row[0] == "reviews"}
    assert figures == {"C5": 63.4, "D5": 57.0, "E5": 90.0, "F5": 71.0}


def test_a_report_gives_what_it_gives_as_xlsx(path: Path, tmp_path: Path) -> None:
    as_xlsx(tmp_path / "report.xlsx", REPORT, WORKING)
    expected = read_source(tmp_path / "report.xlsx", catalogue=the_catalogue())
    reading = read_source(path, catalogue=the_catalogue())
    assert said(reading) == said(expected)
    assert len(reading.observations) == 12
    assert (reading.sheets, reading.hidden) == (("Report",), ("Working",))
    assert [(row.label, row.address) for row in reading.unmatched] == [
        ("Number of dragons", f"{path.name}:Report!B7")
    ]
    assert (reading.unreadable, reading.messages) == (expected.unreadable, expected.messages)


def test_hidden_sheets_are_read_when_asked_for(path: Path) -> None:
    reading = read_source(path, catalogue=the_catalogue(), hidden=True)
    assert (reading.sheets, reading.hidden) == (("Report", "Working"), ())


def test_a_catalogue_is_drafted_from_it(path: Path) -> None:
    drafts = {draft.label: draft.outturn for draft in draft_rows(path).drafts}
    assert drafts["Reviews on time"] == "percentage"
    assert drafts["Number of contacts"] == "number"


def test_an_error_is_unreadable_and_never_blank(tmp_path: Path) -> None:
    shown = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
        "</table:table-cell>"
    )
    rows = rows_of([["Indicator", APRIL, MAY], ["Number of contacts", 5]])
    rows[1] = rows[1].replace("</table:table-row>", f"{shown}</table:table-row>")
    (tmp_path / "a.ods").write_bytes(an_ods(a_table(*rows)))
    records = records_of([["Indicator", APRIL, MAY], ["Number of contacts", 5]])
    error = a_formula(1, 2, bytes([2, 0, 7, 0, 0, 0, 0xFF, 0xFF]))
    settings = formats("General", "0.0%", "mmm-yy")
    (tmp_path / "a.xls").write_bytes(an_xls(XlsSheet(records + error), settings=settings))
    for name in ("a.ods", "a.xls"):
        reading = read_source(tmp_path / name, catalogue=the_catalogue())
        assert [(each.address, each.raw) for each in reading.unreadable] == [
            (f"{name}:Sheet1!C2", "#DIV/0!")
        ]
        assert reading.observations["state"].to_list() == ["value", "unreadable"]


def test_half_a_file_is_damaged_and_not_half_a_report(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(SourceError, match="damaged") as refused:
        read_source(path, catalogue=the_catalogue())
    assert path.name in refused.value.where


def test_a_locked_file_is_refused_as_such(tmp_path: Path) -> None:
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    locked = {
        "a.ods": an_ods(a_table(), parts={"META-INF/manifest.xml": manifest}),
        "a.xls": an_xls(XlsSheet(), settings=record(0x002F, struct.pack("<H", 1))),
    }
    for name, content in locked.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError, match="password"):
            read_source(tmp_path / name, catalogue=the_catalogue())


def test_rows_about_single_children_are_refused(tmp_path: Path) -> None:
    rows: Rows = [["Child", "Gender", "Start date"], [640353, "F", APRIL]]
    for name, content in (("a.ods", as_ods(rows, WORKING)), ("a.xls", as_xls(rows, WORKING))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError, match="single children"):
            read_source(tmp_path / name, catalogue=the_catalogue())
