"""The samples are what their README says, figure for figure."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SAMPLES = Path(__file__).parent.parent / "samples"
SEPTEMBER, OCTOBER = "board-report-2021-09.xlsx", "board-report-2021-10.xlsx"
MONTHS = ("Apr-21", "May-21", "Jun-21", "Jul-21", "Aug-21", "Sep-21", "Oct-21")
THEMES = {
    "Assessment": "Effective Assessment and Intervention",
    "Direct Contact": "Purposeful Direct Contact",
    "Management Support": "Management Support for better Practice",
    "Right Service": "Right Service at the Right Time",
    "Corporate Parenting": "Robust Corporate Parenting",
    "Quality Assurance": "Rigorous Quality Assurance",
}

Shown = dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def october() -> Workbook:
    return openpyxl.load_workbook(SAMPLES / OCTOBER)


@pytest.fixture(scope="module")
def september() -> Workbook:
    return openpyxl.load_workbook(SAMPLES / SEPTEMBER)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders, each with what the script makes."""
    folders = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for folder in folders:
        subprocess.run(
            [sys.executable, str(SAMPLES / "make.py"), str(folder)],
            check=True,
            capture_output=True,
        )
    return folders


def read_rows(name: str) -> list[list[str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def sheet_of(workbook: Workbook, name: str) -> Worksheet:
    sheet = workbook[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def shown(cell: object) -> str:
    """A cell as a spreadsheet shows it, without thousands separators."""
    value = getattr(cell, "value", None)
    number_format = getattr(cell, "number_format", "General")
    if number_format == "0%":
        return f"{value:.0%}"
    if number_format == '0"%"':
        return f"{value}%"
    return "" if value is None else " ".join(str(value).split())


def shown_rows(workbook: Workbook) -> Shown:
    """Each theme sheet's rows by sheet and label, from the outturn type on."""
    rows: Shown = {}
    for name in THEMES:
        for cells in sheet_of(workbook, name).iter_rows():
            texts = [shown(cell) for cell in cells]
            label, *rest = texts[1:] if name == "Right Service" else texts
            if rest and rest[0] in {"NUMBER", "PERCENTAGE", "RATE"}:
                rows[name, label] = rest
    return rows


def printed_rows() -> Shown:
    """The CSV's rows as the workbook should show them."""
    rows: Shown = {}
    for theme, label, *cells in read_rows("board-report-2021-10.csv")[1:]:
        sheet = next(name for name, title in THEMES.items() if title == theme)
        # The audits have no October, and no columns for comparators.
        rows[sheet, label] = [*cells[:7], cells[8]] if sheet == "Quality Assurance" else cells
    return rows


def readme_table(heading: str) -> list[list[str]]:
    """The cells of the README's first table under a heading, without its header."""
    section = (SAMPLES / "README.md").read_text(encoding="utf-8").split(f"## {heading}\n")[1]
    lines = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def differences(before: Shown, after: Shown) -> set[tuple[str, str, str, str, str]]:
    """Figures of months in both reports that are not the same."""
    found = set()
    for (sheet, label), cells in before.items():
        months = MONTHS[: 5 if sheet == "Quality Assurance" else 6]
        for place, month in enumerate(months, start=1):
            old, new = cells[place], after[sheet, label][place]
            if old != new:
                found.add((sheet, label, month, old, new))
    return found


def test_the_csv_has_all_printed_rows_and_no_transcribers_note() -> None:
    header, *rows = read_rows("board-report-2021-10.csv")
    assert header == [
        *("Theme", "Indicator", "Outturn type", *MONTHS, "Target"),
        *("Southampton 19/20", "Southampton 20/21", "Statistical Neighbours"),
        *("South East", "England"),
    ]
    assert len(rows) == 35
    assert {len(row) for row in rows} == {16}
    assert len({row[1] for row in rows}) == 34


def test_the_workbook_shows_each_printed_row_cell_for_cell(october: Workbook) -> None:
    assert shown_rows(october) == printed_rows()


def test_the_workbook_keeps_the_printed_order(october: Workbook) -> None:
    assert list(shown_rows(october)) == list(printed_rows())


def test_both_september_figures_of_cla_are_left_in(october: Workbook) -> None:
    rows = shown_rows(october)
    label = "Number of CLA at the end of the month"
    assert rows["Right Service", label][6] == "511"
    assert rows["Corporate Parenting", label][6] == "514"


def test_october_restates_exactly_what_the_readme_lists(
    september: Workbook, october: Workbook
) -> None:
    listed = {tuple(cells) for cells in readme_table("What October restates")}
    assert differences(shown_rows(september), shown_rows(october)) == listed
    assert 4 <= len(listed) <= 6


def test_targets_and_comparators_are_the_same_in_both_months(
    september: Workbook, october: Workbook
) -> None:
    def beyond_months(rows: Shown, newest: int) -> Shown:
        return {
            key: cells[newest if key[0] == "Quality Assurance" else newest + 1 :]
            for key, cells in rows.items()
        }

    assert beyond_months(shown_rows(september), 6) == beyond_months(shown_rows(october), 7)


@pytest.mark.parametrize(
    ("sheet", "address", "value", "number_format"),
    [
        ("Assessment", "C4", datetime(2021, 4, 1), "mmm-yy"),
        ("Assessment", "I4", datetime(2021, 10, 1), "mmm-yy"),
        ("Direct Contact", "C4", "Apr-21", "General"),
        ("Direct Contact", "K4", "Southampton\n19/20", "General"),
        ("Management Support", "C4", datetime(2021, 4, 30), "mmm-yy"),
        ("Management Support", "I4", datetime(2021, 10, 31), "mmm-yy"),
        ("Right Service", "D4", 2021, "General"),
        ("Right Service", "J5", "October", "General"),
        ("Right Service", "L4", "Southampton", "General"),
        ("Right Service", "M5", "20/21", "General"),
        ("Right Service", "N4", "Statistical", "General"),
        ("Right Service", "N5", "Neighbours", "General"),
        ("Corporate Parenting", "C5", datetime(2021, 4, 1), "mmm-yy"),
        ("Corporate Parenting", "C12", datetime(2021, 4, 1), "mmm-yy"),
        ("Quality Assurance", "H4", "September 2021", "General"),
    ],
)
def test_headings_are_written_in_each_of_the_forms_teams_use(
    october: Workbook, sheet: str, address: str, value: object, number_format: str
) -> None:
    cell = sheet_of(october, sheet)[address]
    assert isinstance(cell, Cell)
    assert (cell.value, cell.number_format) == (value, number_format)


@pytest.mark.parametrize(
    ("sheet", "merged"),
    [
        ("Assessment", {"A4:A5", "C4:C5", "J4:J5", "K4:L4"}),
        ("Management Support", {"A4:A5", "K4:L4"}),
        ("Right Service", {"D4:J4", "L4:M4", "B4:B5"}),
        ("Corporate Parenting", {"A4:O4", "K5:L5", "A11:O11", "K12:L12"}),
    ],
)
def test_two_line_headings_are_merged(october: Workbook, sheet: str, merged: set[str]) -> None:
    ranges = {str(merge) for merge in sheet_of(october, sheet).merged_cells.ranges}
    assert merged <= ranges


def test_percentages_are_fractions_in_most_sheets(october: Workbook) -> None:
    for sheet, address, value in (
        ("Assessment", "C6", 0.27),
        ("Direct Contact", "C5", 1),
        ("Corporate Parenting", "C14", 0.98),
        ("Quality Assurance", "D6", 0),
    ):
        cell = sheet_of(october, sheet)[address]
        assert isinstance(cell, Cell)
        assert (cell.value, cell.number_format) == (value, "0%")


def test_one_sheet_types_percentages_as_numbers_and_as_text(october: Workbook) -> None:
    sheet = sheet_of(october, "Management Support")
    typed = {(cell.value, cell.number_format) for cell in (sheet["C6"], sheet["C7"])}
    assert typed == {("85%", "General"), (88, '0"%"')}


def test_counts_have_a_thousands_format(october: Workbook) -> None:
    cell = sheet_of(october, "Right Service")["D6"]
    assert isinstance(cell, Cell)
    assert (cell.value, cell.number_format) == (1897, "#,##0")


def test_only_the_working_sheet_is_hidden(october: Workbook) -> None:
    hidden = [sheet.title for sheet in october.worksheets if sheet.sheet_state != "visible"]
    assert hidden == ["Working"]
    assert october.sheetnames == ["Cover", *THEMES, "Working"]


def test_notes_stand_below_each_table(october: Workbook) -> None:
    for name in THEMES:
        sheet = sheet_of(october, name)
        left = 2 if name == "Right Service" else 1
        last = [cell.value for cell in sheet[sheet.max_row]]
        assert isinstance(last[left - 1], str)
        assert not any(last[left:])


def test_no_cell_holds_a_formula(october: Workbook, september: Workbook) -> None:
    for workbook in (october, september):
        for sheet in workbook.worksheets:
            kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
            assert "f" not in kinds


def test_the_scans_damage_is_in_the_cells_the_readme_lists() -> None:
    header, *intact = read_rows("board-report-2021-10.csv")
    _, *damaged = read_rows("scan-damage.csv")
    found = {
        (row[1], header[place]): cell
        for row, before in zip(damaged, intact, strict=True)
        for place, (cell, was) in enumerate(zip(row, before, strict=False))
        if cell != was and len(row) == len(before)
    }
    single = {place: cell for place, cell in found.items() if "re-referrals" not in place[0]}
    listed = readme_table("The scan's damage")
    assert single == {
        (label.removesuffix(" (Right Service)"), column): scanned.strip("`")
        for label, column, scanned, _ in listed
        if scanned.startswith("`") and "," not in scanned
    }


def test_the_scan_shifts_one_row_and_shortens_another() -> None:
    rows = {row[1]: row for row in read_rows("scan-damage.csv")}
    shifted = rows["Percentage of re-referrals within 12 months"]
    assert shifted[10:] == ["23", "28", "22", "28", "23", "N/A"]
    short = rows["Percentage of C&F assessments completed within 45 working days"]
    assert short[3:] == ["91%", "87%", "89%", "94%", "86%", "90%", "85", "87", "89", "88"]


@pytest.mark.parametrize("name", [SEPTEMBER, OCTOBER])
def test_the_script_makes_the_kept_workbooks(rebuilt: tuple[Path, Path], name: str) -> None:
    made = openpyxl.load_workbook(rebuilt[0] / name)
    assert as_written(made) == as_written(openpyxl.load_workbook(SAMPLES / name))


def as_written(workbook: Workbook) -> list[object]:
    """Sheets with their state, merged ranges, widths, and cells with value and format."""
    return [
        (
            sheet.title,
            sheet.sheet_state,
            sorted(str(merge) for merge in sheet.merged_cells.ranges),
            {letter: column.width for letter, column in sheet.column_dimensions.items()},
            [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()],
        )
        for sheet in workbook.worksheets
    ]


def test_the_script_makes_the_kept_damaged_csv(rebuilt: tuple[Path, Path]) -> None:
    made = (rebuilt[0] / "scan-damage.csv").read_text(encoding="utf-8")
    assert made == (SAMPLES / "scan-damage.csv").read_text(encoding="utf-8")


def test_the_script_makes_the_same_bytes_each_time(rebuilt: tuple[Path, Path]) -> None:
    first, second = rebuilt
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
