from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kpi.domain.catalogue import Catalogue
from kpi.domain.observation import READ
from kpi.domain.period import Period
from kpi.errors import SourceError
from kpi.readers.catalogue import read_catalogue
from kpi.readers.grid import cell_name
from kpi.readers.source import SourceReading, draft_rows, read_source
from tests.builders import a_catalogue, an_indicator
from tests.readers.grids import a_sheet, read_sheets, the_catalogue

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
SEED = DATA / "board-report-2021-10.csv"

Cells = Sequence[Sequence[object]]


@pytest.fixture(scope="module")
def indicators() -> Catalogue:
    return read_catalogue(ROOT / "indicators.toml")


def a_file(folder: Path, text: str, *, name: str = "report.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def a_workbook(folder: Path, sheets: dict[str, Cells], *, hidden: Sequence[str] = ()) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    workbook.save(folder / "report.xlsx")
    return folder / "report.xlsx"


def keyed(reading: SourceReading) -> list[tuple[object, ...]]:
    """The figures without their addresses, blanks left out, in an order of their own."""
    columns = ("indicator", "role", "area", "period", "value", "state", "target_per")
    said = reading.observations.filter(pl.col("state") != "blank").select(columns)
    return sorted(said.rows(), key=str)


TABLE: Cells = [["Indicator", "Apr-21"], ["Number of contacts", 5]]
OTHER: Cells = [["Indicator", "May-21"], ["Number of contacts", 6]]


def test_every_legible_cell_of_the_seed_is_read_at_its_address(indicators: Catalogue) -> None:
    reading = read_source(SEED, catalogue=indicators)
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    typed = {
        cell_name(row, column): said
        for row, cells in enumerate(rows[1:], start=2)
        for column, said in enumerate(cells[:-1], start=1)
        if column > 3 and said
    }
    read = reading.observations.filter(pl.col("state") != "blank")
    assert dict(read.select("source_cell", "raw").iter_rows()) == typed
    assert read["state"].value_counts().filter(pl.col("state") == "unreadable").is_empty()
    assert reading.observations["label"].n_unique() == 34
    assert reading.observations.schema == READ
    assert (reading.unmatched, reading.unreadable) == ((), ())
    assert [column.heading for column in reading.unused_columns] == ["Transcriber's note"]
    assert (reading.sheets, reading.hidden, reading.file) == ((), (), "board-report-2021-10.csv")


SEED_CELLS = [
    ("H16", "Southampton", "2021-08", 507.0),
    ("D2", "Southampton", "2021-04", 27.0),
    ("K14", "Southampton", None, 300.0),
    ("M14", "Southampton", "2020/21", 4092.0),
    ("N2", "Statistical neighbours", None, 22.0),
    ("O2", "South East", None, 28.0),
    ("P2", "England", None, 23.0),
]


@pytest.mark.parametrize(("cell", "area", "period", "value"), SEED_CELLS)
def test_cells_of_the_seed(
    indicators: Catalogue, cell: str, area: str, period: str | None, value: float
) -> None:
    observations = read_source(SEED, catalogue=indicators).observations
    row = observations.row(by_predicate=pl.col("source_cell") == cell, named=True)
    assert (row["area"], row["period"], row["value"]) == (area, period, value)


def test_the_sample_workbook_says_what_the_csv_says(indicators: Catalogue) -> None:
    workbook = read_source(ROOT / "samples" / "board-report-2021-10.xlsx", catalogue=indicators)
    table = read_source(ROOT / "samples" / "board-report-2021-10.csv", catalogue=indicators)
    assert keyed(workbook) == keyed(table)
    assert workbook.hidden == ("Working",)
    assert len(workbook.sheets) == 6
    assert (workbook.unmatched, workbook.unreadable, workbook.unused_columns) == ((), (), ())


def test_the_same_bytes_give_the_same_reading(indicators: Catalogue) -> None:
    first, second = (read_source(SEED, catalogue=indicators) for _ in range(2))
    assert first.observations.equals(second.observations)
    assert first.sha256 == second.sha256


def test_a_catalogue_drafted_from_a_report_reads_it_whole() -> None:
    path = DATA / "library_visitors_monthly.csv"
    drafts = draft_rows(path).drafts
    assert [draft.label for draft in drafts[:3]] == ["Bath Central", "Mobile", "Keynsham"]
    assert {(draft.outturn, draft.months, draft.year) for draft in drafts} == {
        ("number", 1, "financial")
    }
    catalogue = a_catalogue(
        *(an_indicator(f"library-{n}", title=draft.label) for n, draft in enumerate(drafts))
    )
    reading = read_source(path, catalogue=catalogue)
    assert (reading.unmatched, reading.unreadable, reading.unused_columns) == ((), (), ())
    figures = reading.observations.filter(pl.col("label") == "Mobile")
    assert figures["period"].to_list()[:2] == ["2013-04", "2013-05"]
    assert figures["state"].to_list()[0] == "blank"
    assert figures["value"].to_list()[1] == 851
    assert len(reading.observations) == 9 * 18


def test_drafts_say_what_a_report_prints_of_its_indicators() -> None:
    reading = draft_rows(ROOT / "samples" / "board-report-2021-10.xlsx")
    assert reading.authority == "Southampton"
    assert len(reading.drafts) == 35
    by_label = {draft.label: draft for draft in reading.drafts}
    contacts = by_label["Number of contacts"]
    assert (contacts.outturn, contacts.is_outturn_printed) == ("number", True)
    assert contacts.theme == "Right Service"
    assert (contacts.target, contacts.target_raw, contacts.target_per) == (
        1400.0,
        "1400 per month",
        "month",
    )
    proceedings = by_label["Number of cases in care proceedings"]
    assert (proceedings.target, proceedings.target_raw) == (None, "TBC")


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("Leeds City Council: scorecard\n\nKPI,Apr-21\nVisits,5\n", "Leeds"),
        ("KPI,Apr-21,Leeds 19/20,Leeds 20/21\nVisits,5,1,2\n", "Leeds"),
        ("KPI,Apr-21,England 19/20\nVisits,5,1\n", ""),
    ],
)
def test_drafts_name_the_authority_that_the_report_names(
    tmp_path: Path, text: str, authority: str
) -> None:
    assert draft_rows(a_file(tmp_path, text)).authority == authority


@pytest.mark.parametrize(
    ("label", "cell", "outturn"),
    [
        ("Percentage of visits on time", "82", "percentage"),
        ("Visits on time", "82%", "percentage"),
        ("Visits (%)", "82", "percentage"),
        ("Referrals per 10,000", "82", "rate"),
        ("Rate of referrals", "82", "rate"),
        ("Number of referrals", "82", "number"),
        ("Referrals per month", "82", "number"),
    ],
)
def test_an_outturn_type_that_is_not_printed_is_guessed(
    tmp_path: Path, label: str, cell: str, outturn: str
) -> None:
    path = a_file(tmp_path, f'Indicator,Apr-21\n"{label}",{cell}\n')
    [draft] = draft_rows(path).drafts
    assert (draft.outturn, draft.is_outturn_printed) == (outturn, False)


def test_drafts_of_a_tidy_table_are_its_labels(tmp_path: Path) -> None:
    path = a_file(
        tmp_path, "indicator,period,value\nVisits,2021,5%\nVisits,2022,6%\nCalls,2021,7\n"
    )
    drafts = draft_rows(path).drafts
    assert [(draft.label, draft.outturn, draft.year, draft.months) for draft in drafts] == [
        ("Visits", "percentage", "calendar", 12),
        ("Calls", "number", "calendar", 12),
    ]


def test_published_statistics_are_no_report_to_draft_from() -> None:
    with pytest.raises(SourceError, match="published statistics"):
        draft_rows(DATA / "ees-children-looked-after.csv")


def test_hidden_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"Shown": TABLE, "Working": OTHER}, hidden=["Working"])
    reading = read_source(path, catalogue=the_catalogue())
    assert (reading.sheets, reading.hidden) == (("Shown",), ("Working",))
    assert reading.observations["period"].to_list() == ["2021-04"]


def test_hidden_sheets_are_read_when_asked_for(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"Shown": TABLE, "Working": OTHER}, hidden=["Working"])
    reading = read_source(path, catalogue=the_catalogue(), hidden=True)
    assert (reading.sheets, reading.hidden) == (("Shown", "Working"), ())


def test_hidden_sheets_are_read_when_no_visible_one_holds_a_table(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, {"Cover": [["Hello"]], "Working": OTHER}, hidden=["Working"])
    reading = read_source(path, catalogue=the_catalogue())
    assert (reading.sheets, reading.hidden) == (("Working",), ())
    assert "no visible sheet holds a table; the hidden ones were read" in reading.messages


def test_a_tidy_table_on_a_sheet_is_read_beside_a_report(tmp_path: Path) -> None:
    tidy: Cells = [
        ["What our system exports"],
        ["Indicator", "Period", "Value"],
        ["contacts", date(2021, 6, 1), 7],
        ["reviews", datetime(2021, 6, 1), "63.4%"],
    ]
    path = a_workbook(tmp_path, {"Report": TABLE, "Export": tidy})
    reading = read_source(path, catalogue=the_catalogue())
    assert reading.sheets == ("Report", "Export")
    addresses = reading.observations.select("source_sheet", "source_cell", "period", "value")
    assert addresses.rows() == [
        ("Report", "B2", "2021-04", 5.0),
        ("Export", "C3", "2021-06", 7.0),
        ("Export", "C4", "2021-06", 63.4),
    ]


def test_tidy_and_published_files_are_told_by_their_content(tmp_path: Path) -> None:
    path = a_file(tmp_path, "period,indicator,value\n2021-10,contacts,5\n", name="whatever.txt")
    assert len(read_source(path, catalogue=the_catalogue()).observations) == 1
    published = DATA / "ees-referrals-by-month.csv"
    assert "published" in read_source(published, catalogue=the_catalogue()).messages[0]


def test_parquet_that_is_not_tidy_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    pl.DataFrame({"case": [1], "opened": ["2021-04"]}).write_parquet(path)
    with pytest.raises(SourceError, match="not a tidy table"):
        read_source(path, catalogue=the_catalogue())


CHILD_LEVEL = [
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n640353,1,19/02/2004,REFU,Z053273524673,,\n",
    "CHILD,DECOM,RNE,LS,CIN,PLACE\n640353,01/03/2019,P,C2,N2,P1\n",
    "Name,Date of birth,Team\nJo Bloggs,19/02/2004,A\n",
    "Forename,Surname,Allocated\nJo,Bloggs,A\n",
    "Worker,NHS number,Visits\nA,943 476 5919,3\n",
    "List of children\n\nName,Postcode,Apr-21\nJo Bloggs,SO14 7LY,1\n",
    "Team,Number,Apr-21\nA,A123456789012,1\n",
    "indicator,period,value,UPN\ncontacts,2021-04,1,Z053273524673\n",
]


@pytest.mark.parametrize("text", CHILD_LEVEL)
def test_rows_about_single_children_are_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="single children") as refusal:
        read_source(a_file(tmp_path, text), catalogue=the_catalogue())
    said = f"{refusal.value.what} {refusal.value.where} {refusal.value.hint}"
    assert not any(value in said for value in ("Bloggs", "640353", "943 476", "Z0532", "2004"))


def test_a_sheet_about_single_children_refuses_the_whole_workbook(tmp_path: Path) -> None:
    rows: Cells = [["Child", "Gender", "Start date"], [640353, "F", date(2021, 4, 1)]]
    path = a_workbook(tmp_path, {"Report": TABLE, "Cases": rows})
    with pytest.raises(SourceError, match="single children"):
        read_source(path, catalogue=the_catalogue())


def test_a_report_about_children_is_none_about_single_ones(tmp_path: Path) -> None:
    text = "Indicator,Type,Apr-21,May-21\nNumber of contacts,Number,9434765919,9434765919\n"
    assert len(read_source(a_file(tmp_path, text), catalogue=the_catalogue()).observations) == 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Indicator,Apr-21,May-21\n", "no rows beneath"),
        ("indicator,period,value\n", "no rows beneath"),
        ("a,b,c\n1,2,3\n", "no table of indicators"),
        ("Dear all, please find the figures attached.\n", "no table of indicators"),
    ],
)
def test_a_file_without_a_filled_table_is_refused(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(SourceError, match=what) as refusal:
        read_source(a_file(tmp_path, text), catalogue=the_catalogue())
    assert refusal.value.exit_code == 3
    assert "report.csv" in refusal.value.where


def test_the_refusal_says_what_was_looked_for(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Indicator,Apr,May\nNumber of contacts,1,2\n")
    with pytest.raises(SourceError) as refusal:
        read_source(path, catalogue=the_catalogue())
    assert "report.csv!B1 `Apr` is not read" in refusal.value.hint
    assert "`indicator`, `period`, `value`" in refusal.value.hint


def test_other_councils_are_known_as_far_as_they_are_listed(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Indicator,Apr-21,Portsmouth 20/21\nNumber of contacts,1,2\n")
    known = read_source(path, catalogue=the_catalogue(), places=["Portsmouth"])
    assert known.observations["area"].to_list() == ["Southampton", "Portsmouth"]
    unknown = read_source(path, catalogue=the_catalogue())
    assert unknown.observations["area"].to_list() == ["Southampton"]
    assert unknown.unused_columns[0].reason == "its heading is not understood"


SPELLINGS = ("%b-%y", "%B %Y", "%Y-%m", "%d/%m/%Y", "%b %Y", "%Y %B")


@given(
    start=st.integers(0, 400),
    rows=st.lists(st.lists(st.integers(0, 99_999), min_size=3, max_size=3), min_size=1, max_size=4),
    spelling=st.sampled_from(SPELLINGS),
    titles=st.integers(0, 2),
    is_csv=st.booleans(),
)
def test_a_typed_report_gives_the_figures_it_was_typed_from(
    start: int, rows: list[list[int]], spelling: str, titles: int, is_csv: bool
) -> None:
    months = [Period.of_month(1990, 1).shifted(start + n) for n in range(3)]
    heads = " | ".join(f"{month.start:{spelling}}" for month in months)
    lines = [
        *["A title"] * titles,
        f"Indicator | {heads} | Comments",
        *(f"Number of contacts | {' | '.join(map(str, row))} | fine" for row in rows),
    ]
    reading = read_sheets(a_sheet("\n".join(lines), csv=is_csv))
    said = reading.observations.select("period", "value").rows()
    assert said == [
        (str(month), float(figure))
        for row in rows
        for month, figure in zip(months, row, strict=True)
    ]
