"""OpenDocument spreadsheets as cells: as LibreOffice and Excel save them, and as none would."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.errors import SourceError
from kpi.readers.grid import CellValue, Grid, GridCell, Merge, Sheet
from kpi.readers.limits import USUAL, Limits
from kpi.readers.opendocument import read_opendocument
from kpi.readers.preflight import check_zip, sniff
from kpi.readers.sheets import NO_RESULT
from tests.readers.ods_files import Percent, a_cell, a_row, a_table, an_ods, rows_of

OFSTED = Path(__file__).parents[1] / "data" / "ofsted_area_send_2016_2022.ods"


def read(content: bytes, *, limits: Limits = USUAL) -> Grid:
    assert sniff(content, "board.ods") == "ods"
    check_zip(content, file="board.ods")
    return read_opendocument(content, file="board.ods", sha256="ab", limits=limits)


def only(*rows: str, styles: str = "") -> Sheet:
    (sheet,) = read(an_ods(a_table(*rows), styles=styles)).sheets
    return sheet


def cell(said: str, *, styles: str = "") -> GridCell | None:
    """What this cell at A1 says."""
    return only(a_row(said), styles=styles).cells.get(1, {}).get(1)


@pytest.fixture(scope="module")
def inspections() -> dict[int, dict[int, GridCell]]:
    grid = read(OFSTED.read_bytes())
    assert [sheet.name for sheet in grid.sheets] == [
        "Cover",
        "Contents",
        "Guidance",
        "Notes",
        "Area_SEND_up_to_31_Aug_2022",
    ]
    assert not any(sheet.hidden for sheet in grid.sheets)
    return grid.sheets[-1].cells


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (5, 3, "Area name"),
        (22, 3, "Bromley"),
        (22, 5, datetime(2019, 9, 16)),
        (22, 6, datetime(2019, 12, 23)),
        (22, 7, "No"),
        (12, 3, "Birmingham"),
        (12, 8, 13),
        (12, 9, datetime(2021, 5, 24)),
        (12, 11, "Some"),
    ],
)
def test_cells_of_a_published_spreadsheet(
    inspections: dict[int, dict[int, GridCell]], row: int, column: int, value: CellValue
) -> None:
    assert inspections[row][column].value == value


def test_a_published_spreadsheet_is_read_whole(
    inspections: dict[int, dict[int, GridCell]],
) -> None:
    """149 areas; a statement of action was required of 82; 36 are not revisited yet."""
    areas = {row: cells for row, cells in inspections.items() if row > 5}
    outcomes = [cells[7].value for cells in areas.values()]
    revisits = [cells[9].value for cells in areas.values() if 9 in cells]
    assert (len(areas), outcomes.count("Yes"), outcomes.count("No")) == (149, 82, 67)
    assert revisits.count("Not revisited yet") == 36
    assert 9 not in inspections[22]


def test_the_grid_carries_file_and_hash() -> None:
    grid = read(an_ods(a_table(a_row(a_cell(1)))))
    assert (grid.file, grid.sha256, grid.notes) == ("board.ods", "ab", ())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (a_cell(336), GridCell(336)),
        (a_cell(-5), GridCell(-5.0)),
        (a_cell(0.1234567890123), GridCell(0.1234567890123)),
        (a_cell(12345678901234567890), GridCell(12345678901234567890.0)),
        (a_cell(0.1234567890123, shown="0.12"), GridCell(0.1234567890123)),
        (a_cell(Percent(0.634), shown="63%"), GridCell(0.634, "0%")),
        (a_cell(Percent(1), shown="100%"), GridCell(1, "0%")),
        (
            '<table:table-cell office:value-type="currency" office:currency="GBP" '
            'office:value="19.99"><text:p>£19.99</text:p></table:table-cell>',
            GridCell(19.99),
        ),
        (a_cell(True), GridCell(True)),
        (a_cell(False), GridCell(False)),
        (a_cell(date(2021, 4, 1), shown="Apr 21"), GridCell(datetime(2021, 4, 1))),
        (a_cell(date(2021, 4, 1), shown="2021"), GridCell(datetime(2021, 4, 1), "yyyy")),
        (a_cell(datetime(2021, 4, 30, 9, 30)), GridCell(datetime(2021, 4, 30, 9, 30))),
        (a_cell("Referrals & visits <all>"), GridCell("Referrals & visits <all>")),
        (a_cell("63.4%"), GridCell("63.4%")),
        (a_cell(more='office:value-type="string" office:string-value="x"'), GridCell("x")),
        (a_cell(more='office:value-type="float"', shown="5"), GridCell("5")),
        (a_cell(shown="5"), GridCell("5")),
        (a_cell(), None),
        (a_cell(""), None),
        (a_cell("\u00a0"), None),
        (a_cell(more='table:style-name="ce1"'), None),
    ],
)
def test_a_cell_says(said: str, expected: GridCell | None) -> None:
    assert cell(said) == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("PT09H30M00S", time(9, 30)),
        ("PT9H30M15.5S", time(9, 30, 15, 500_000)),
        ("PT30H00M00S", timedelta(hours=30)),
        ("P1DT6H", timedelta(hours=30)),
        ("-PT1H", timedelta(hours=-1)),
    ],
)
def test_a_time_is_one_of_the_day_or_a_duration(stored: str, expected: CellValue) -> None:
    said = a_cell(more=f'office:value-type="time" office:time-value="{stored}"', shown="x")
    assert cell(said) == GridCell(expected)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("float", "five"),
        ("percentage", ""),
        ("date", "1 April"),
        ("date", "0000-00-00"),
        ("time", "9:30"),
        ("time", "PT99999999999H"),
        ("unheard-of", "1"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_a_fault(kind: str, stored: str) -> None:
    name = "value" if kind in ("float", "percentage") else f"{kind}-value"
    said = a_cell(more=f'office:value-type="{kind}" office:{name}="{stored}"')
    assert cell(said) == GridCell(stored, fault="not a number or a date")


LIBREOFFICE = 'office:value-type="string" office:string-value="" calcext:value-type="error"'


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        (LIBREOFFICE, "#DIV/0!"),
        (LIBREOFFICE, "Err:502"),
        (LIBREOFFICE, "#WERT!"),
        ('office:value-type="string"', "#N/A"),
        ('office:value-type="float" office:value="0"', "#REF!"),
        ("", "#NAME?"),
    ],
)
def test_an_error_is_a_fault_whatever_it_is_stored_as(more: str, shown: str) -> None:
    said = a_cell(more=f'table:formula="of:=1/0" {more}', shown=shown)
    assert cell(said) == GridCell(shown, fault=shown)


def test_an_error_that_shows_nothing_is_still_one() -> None:
    assert cell(a_cell(more=LIBREOFFICE)) == GridCell(None, fault="error")


@pytest.mark.parametrize(
    ("more", "shown", "expected"),
    [
        ('office:value-type="float" office:value="7"', "7", GridCell(7)),
        ('office:value-type="float"', "", GridCell(None, fault=NO_RESULT)),
        ("", "", GridCell(None, fault=NO_RESULT)),
        ('office:value-type="string"', "", None),
        ('office:value-type="string"', "TBC", GridCell("TBC")),
    ],
)
def test_a_formula_is_its_stored_result(more: str, shown: str, expected: GridCell | None) -> None:
    assert cell(a_cell(more=f'table:formula="of:=[.A2]" {more}', shown=shown)) == expected


def text_of(inner: str, *, styles: str = "") -> CellValue:
    found = cell(
        f'<table:table-cell office:value-type="string">{inner}</table:table-cell>', styles=styles
    )
    return found.value if found else None


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<text:p>two</text:p><text:p>lines</text:p>", "two\nlines"),
        ("<text:p>two<text:line-break/>lines</text:p>", "two\nlines"),
        ("<text:p>a<text:tab/>b<text:s text:c='3'/>c<text:s/>d</text:p>", "a\tb   c d"),
        ("<text:p>\n  written  \n over lines </text:p>", "written over lines"),
        ("<text:p><text:a>a link</text:a> in it</text:p>", "a link in it"),
        ("<text:p>a <text:span>dressed</text:span> word</text:p>", "a dressed word"),
        ("<office:annotation><text:p>who said</text:p></office:annotation><text:p>5</text:p>", "5"),
        ("<text:p>5<office:annotation><text:p>no</text:p></office:annotation></text:p>", "5"),
        ("<draw:frame><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame>", None),
        (
            "<draw:frame><table:table><table:table-row><table:table-cell><text:p>no</text:p>"
            "</table:table-cell></table:table-row></table:table></draw:frame><text:p>yes</text:p>",
            "yes",
        ),
        ("<text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とう"
         "</text:ruby-text></text:ruby></text:p>", "東京"),
    ],
)  # fmt: skip
def test_a_text_is_what_the_cell_shows(inner: str, said: str | None) -> None:
    assert text_of(inner) == said


def a_text_style(name: str, position: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="text"><style:text-properties '
        f'style:text-position="{position}"/></style:style>'
    )


@pytest.mark.parametrize(
    ("position", "said"),
    [("super 58%", "63¹"), ("33% 58%", "63¹"), ("sub 58%", "631"), ("-33% 58%", "631"),
     ("0% 100%", "631")],
)  # fmt: skip
def test_a_raised_digit_stays_raised(position: str, said: str) -> None:
    """`63` with a small raised `1` must never become 631."""
    inner = '<text:p>63<text:span text:style-name="T1">1</text:span></text:p>'
    assert text_of(inner, styles=a_text_style("T1", position)) == said


def test_empty_rows_and_columns_before_a_table_are_kept() -> None:
    sheet = only(
        a_row(a_cell(repeats=1024), repeats=12),
        a_row(a_cell(repeats=16384)),
        a_row(a_cell(repeats=7), a_cell(336), a_cell(repeats=1000)),
        a_row(a_cell(repeats=1024), repeats=1_048_562),
    )
    assert sheet.cells == {14: {8: GridCell(336)}}


def test_a_cell_that_repeats_stands_in_each_place() -> None:
    sheet = only(
        a_row(a_cell(5, repeats=2), a_cell(repeats=2), a_cell(6), repeats=2), a_row(a_cell(7))
    )
    row = {1: GridCell(5), 2: GridCell(5), 5: GridCell(6)}
    assert sheet.cells == {1: row, 2: row, 3: {1: GridCell(7)}}


def test_a_cell_under_a_merge_is_left_out() -> None:
    wide = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    covered = '<table:covered-table-cell office:value-type="float" office:value="9"/>'
    sheet = only(
        a_row(a_cell("Total", more=wide), covered, a_cell(1)),
        a_row('<table:covered-table-cell table:number-columns-repeated="2"/>', a_cell(2)),
    )
    assert sheet.cells == {1: {1: GridCell("Total"), 3: GridCell(1)}, 2: {3: GridCell(2)}}
    assert sheet.merges == (Merge(1, 1, 2, 2),)


def test_a_merge_over_rows_that_repeat_takes_only_what_it_covers() -> None:
    down = 'table:number-rows-spanned="2"'
    sheet = only(a_row(a_cell(1, more=down)), a_row(a_cell(2), a_cell(3), repeats=2))
    assert sheet.cells == {
        1: {1: GridCell(1)},
        2: {2: GridCell(3)},
        3: {1: GridCell(2), 2: GridCell(3)},
    }


def test_rows_inside_groups_and_headers_are_rows() -> None:
    sheet = only(
        "<table:table-header-rows>", a_row(a_cell("a")), "</table:table-header-rows>",
        "<table:table-row-group>", a_row(a_cell("b")), "</table:table-row-group>",
    )  # fmt: skip
    assert [cells[1].value for cells in sheet.cells.values()] == ["a", "b"]


def test_hidden_rows_and_columns_are_read() -> None:
    hidden = '<table:table-row table:visibility="collapse">'
    sheet = only(f"{hidden}{a_cell(1)}</table:table-row>")
    assert sheet.cells == {1: {1: GridCell(1)}}


def a_table_style(name: str, *, display: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table"><style:table-properties '
        f'table:display="{display}"/></style:style>'
    )


def test_hidden_sheets_are_flagged() -> None:
    grid = read(
        an_ods(
            a_table(name="Shown", style="ta1"),
            a_table(name="Working", style="ta2"),
            a_table(name="Plain"),
            styles=a_table_style("ta1", display="true") + a_table_style("ta2", display="false"),
        )
    )
    assert [(sheet.name, sheet.hidden) for sheet in grid.sheets] == [
        ("Shown", False),
        ("Working", True),
        ("Plain", False),
    ]


def test_what_is_drawn_on_a_sheet_is_no_cell() -> None:
    drawn = f"<table:shapes><draw:frame>{a_row(a_cell(99))}</draw:frame></table:shapes>"
    assert only(drawn, a_row(a_cell(1))).cells == {1: {1: GridCell(1)}}


def test_copies_of_other_files_sheets_are_left_out() -> None:
    foreign = a_table("<table:table-source/>", a_row(a_cell(99)), name="'file:///x.ods'#$S")
    grid = read(an_ods(a_table(a_row(a_cell(1))), foreign))
    assert [sheet.name for sheet in grid.sheets] == ["Sheet1"]


def test_a_cell_that_strayed_is_noted() -> None:
    rows = [a_row(a_cell(1)), a_row(a_cell(1)), a_row(a_cell(), repeats=2000), a_row(a_cell(1))]
    grid = read(an_ods(a_table(*rows)))
    assert grid.notes == ("`Sheet1!A2003` stands far from the other cells",)


VALUES = st.one_of(
    st.none(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0, 1).map(Percent),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.text(st.characters(categories=("L", "N")), min_size=1, max_size=5),
)


def held(value: object) -> GridCell:
    if isinstance(value, Percent):
        return GridCell(value.fraction, "0%")
    assert isinstance(value, int | float | datetime | str)
    return GridCell(value)


@given(st.lists(st.lists(VALUES, max_size=4), max_size=4))
def test_every_value_is_read_at_its_address(values: list[list[object]]) -> None:
    expected = {
        row: {n: held(value) for n, value in enumerate(line, start=1) if value is not None}
        for row, line in enumerate(values, start=1)
    }
    assert only(*rows_of(values)).cells == {row: line for row, line in expected.items() if line}


FULL = a_cell(1, repeats=16384)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([a_row(FULL, repeats=1_048_576)], "more than 2,000 columns"),
        ([a_row(a_cell(1, repeats=2_000), repeats=1_001)], "more than 1,000,000 cells"),
        ([a_row(a_cell(1, repeats=10**18))], "outside the sheet"),
        ([a_row(a_cell(1), repeats=500_000)], "more than 100,000 rows are repeats"),
        ([a_row(a_cell(1), repeats=60_000)] * 2, "more than 100,000 rows are repeats"),
        ([a_row(a_cell(1), repeats=10**30)], "more than 1,000,000 cells"),
        ([a_row(a_cell(repeats=10**30), repeats=10**30), a_row(a_cell(1))], "outside the sheet"),
        ([a_row(a_cell(repeats=16_384), a_cell(1))], "outside the sheet"),
        ([a_row(*[a_cell(n) for n in range(2_001)])], "more than 2,000 columns"),
        (["<table:table-row table:number-rows-repeated='many'/>"], "damaged"),
        ([a_row(a_cell("x" * 32_768))], "more than 32,767 characters"),
        ([a_row(a_cell(shown="x" * 70_000))], "more than 32,767 characters"),
        (["<table:table-row-group>" * 200 + "</table:table-row-group>" * 200], "nested"),
        ([a_row(a_cell(1, more='table:number-rows-spanned="2"'))] * 10_001, "merged ranges"),
    ],
)  # fmt: skip
def test_what_would_fill_the_memory_is_refused(rows: list[str], said: str) -> None:
    with pytest.raises(SourceError, match=said) as refused:
        only(*rows)
    assert refused.value.where.startswith("board.ods")
    assert refused.value.hint


def test_spaces_without_end_are_refused() -> None:
    with pytest.raises(SourceError, match="more than 32,767 characters"):
        text_of("<text:p>x" + "<text:s text:c='999999999'/>" * 100 + "x</text:p>")


def test_sheets_without_end_are_refused() -> None:
    with pytest.raises(SourceError, match="more than 1,000 sheets"):
        read(an_ods(a_table() * 1_001))


def test_more_cells_than_allowed_are_refused_before_they_are_read() -> None:
    with pytest.raises(SourceError, match="more than 3 cells"):
        check_zip(an_ods(a_table(a_row(a_cell() * 4))), file="board.ods", limits=Limits(cells=3))


def test_cells_are_counted_over_all_sheets() -> None:
    tables = an_ods(a_table(a_row(a_cell(1, repeats=2))) * 2)
    with pytest.raises(SourceError, match="more than 3 cells"):
        read(tables, limits=Limits(cells=3))
    assert len(read(tables, limits=Limits(cells=4)).sheets) == 2


def test_wider_limits_take_more_columns() -> None:
    row = a_row(*[a_cell(n) for n in range(2_001)])
    (sheet,) = read(an_ods(a_table(row)), limits=USUAL.times(2)).sheets
    assert len(sheet.cells[1]) == 2_001


def test_entities_are_refused() -> None:
    content = '<!DOCTYPE x [<!ENTITY a "aaaa">]><office:document-content/>'
    with pytest.raises(SourceError, match="declares entities"):
        read(an_ods(parts={"content.xml": content}))


@pytest.mark.parametrize(
    "content", ["", "<office:document-content>", "no XML", "<a><b></a></b>", "<office:document/>"]
)
def test_content_that_cannot_be_read_is_damage(content: str) -> None:
    with pytest.raises(SourceError, match="damaged"):
        read(an_ods(parts={"content.xml": content}))


def test_a_spreadsheet_without_content_is_damaged() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(SourceError, match="damaged"):
        read(content.getvalue())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_spreadsheet_is_damaged(share: float) -> None:
    content = OFSTED.read_bytes()
    with pytest.raises(SourceError, match="damaged"):
        read(content[: int(len(content) * share)])


def test_a_locked_spreadsheet_is_refused_as_such() -> None:
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(SourceError, match="password") as refused:
        read(an_ods(parts={"content.xml": "\x00", "META-INF/manifest.xml": manifest}))
    assert "take the password off" in refused.value.hint


SMALL = a_table(a_row(a_cell(Percent(0.5), repeats=2), a_cell("a", more='table:formula="x"')))


@given(st.text("<>/=\"' 0129abct:p-", max_size=20), st.integers(0, len(SMALL)))
def test_overwritten_content_is_refused_or_read_but_never_crashes(noise: str, at: int) -> None:
    with suppress(SourceError):
        read(an_ods(SMALL[:at] + noise + SMALL[at + len(noise) :]))
