"""The workbook of `kpi report`: accessible, safe, the same every time, and read back as it was."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook

from kpi.domain.paper.commentary import Comment
from kpi.domain.paper.contents import CHANGE, Chapter, Named, Paper
from kpi.renderers.workbook import render_workbook
from kpi.renderers.workbook_sheets import SYMBOLS, cell_text, number_format, sheet_name
from tests.builders import an_indicator
from tests.renderers.workbooks import (
    MONTHS,
    a_commented_project,
    a_comparator,
    a_paper,
    a_row,
    opened,
    records,
    table_of,
    values,
)
from tests.usecases.report_projects import made

HOSTILE = (
    "=1+1",
    "@SUM(A1:A9)",
    "+44 1234",
    "-2+3",
    "\tTab",
    "\x1b[31mred\x1b[0m",
    "=HYPERLINK(http://example.org)",
    "https://example.org/a",
    "{=A1}",
    "<r><t>x</t></r>",
    "a\uffffb \u202e _x0041_ &<\"'",
    "＝1+1",
)


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    return opened(made(a_commented_project(tmp_path)).paper)


def test_the_sheets_are_cover_contents_figures_by_theme_and_notes(workbook: Workbook) -> None:
    assert workbook.sheetnames == [
        *("Cover", "Contents", "Ratings", "Changes", "Demand", "Practice"),
        *("Commentary", "Notes", "Definitions", "Methods"),
    ]


def test_the_first_sheet_is_open_and_each_is_seen_from_its_first_cell(workbook: Workbook) -> None:
    assert workbook.active is workbook.worksheets[0]
    for sheet in workbook:
        view = sheet.sheet_view
        active = [
            each for each in view.selection if not view.pane or each.pane == view.pane.activePane
        ]
        assert [each.activeCell for each in active] == ["A1"]
        assert view.topLeftCell in (None, "A1")
        assert sheet.sheet_state == "visible"


def test_a_sheet_holds_one_table_at_its_left_edge_and_the_cover_none(workbook: Workbook) -> None:
    cover, *others = workbook
    assert not cover.tables
    names = [name for sheet in others for name in sheet.tables]
    assert len(set(names)) == len(names) == len(others)
    for sheet in others:
        (table,) = sheet.tables.values()
        assert table.ref.startswith("A")
        assert table.ref.rpartition(":")[2] == sheet.dimensions.rpartition(":")[2]
        assert table.headerRowCount == 1


def test_no_cell_of_a_table_is_blank_and_headings_differ(workbook: Workbook) -> None:
    for sheet in workbook.worksheets[1:]:
        heading, *rows = table_of(sheet)
        titles = [cell.value.casefold() for cell in heading]
        assert len(set(titles)) == len(titles)
        assert rows
        assert all(cell.value not in (None, "") for row in rows for cell in row)


def test_nothing_is_merged_hidden_or_left_out_between(workbook: Workbook) -> None:
    for sheet in workbook:
        assert not sheet.merged_cells.ranges
        assert not any(each.hidden for each in sheet.row_dimensions.values())
        assert not any(each.hidden for each in sheet.column_dimensions.values())
        assert all(row[0].value for row in sheet.iter_rows())


def test_title_language_and_date_are_the_papers_own() -> None:
    properties = opened(a_paper()).properties
    assert properties.title == "Performance report, October 2021, Southampton"
    assert properties.language == "en-GB"
    assert properties.creator == "Southampton"
    assert properties.created == datetime(2021, 11, 9, 9, 30, 15)
    dated = opened(a_paper(as_of=None)).properties
    assert dated.created == datetime(2021, 10, 31)


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_workbook(a_paper()) == render_workbook(a_paper())


def test_the_cover_says_whose_when_by_which_catalogue_and_what_symbols_mean() -> None:
    cover = [cell.value for cell in opened(a_paper(is_internal=True))["Cover"]["A"]]
    assert cover[:2] == ["Performance report, October 2021", "Southampton"]
    assert "Figures held at 9 Nov 2021, 09:30 UTC, revision 2, catalogue 000000000000." in cover
    assert f"Catalogue's SHA-256: {'0' * 64}" in cover
    assert "Internal: small numbers are not hidden." in cover
    assert {f"{symbol}: {meaning}" for symbol, meaning in SYMBOLS.items()} <= set(cover)
    assert cover[-1] == "Ask the owner of an indicator, whom the sheet Definitions names."


def test_the_contents_lead_to_every_sheet_and_name_themes_without_indicators() -> None:
    chapters = (Chapter("practice", "It's [all]: yours"), Chapter("demand", "Demand"))
    workbook = opened(a_paper(chapters=chapters))
    assert "It's -all- yours" in workbook.sheetnames
    *rows, none = records(workbook["Contents"])
    assert [row["Sheet"].value for row in rows] == workbook.sheetnames[2:]
    for row in rows:
        name = row["Sheet"].value.replace("'", "''")
        assert row["Sheet"].hyperlink.location == f"'{name}'!A1"
    assert [cell.value for cell in none.values()] == ["no sheet", "No indicators: Demand"]


def test_comparisons_are_in_the_same_terms_with_their_working() -> None:
    alike = a_comparator("england", "2020/21", 720.0, value_compared=60.0, difference=0.5)
    bare = a_comparator("own year", "2020/21", 50.0, value_compared=None, outturn_compared=None)
    bare |= {"difference": None, "verdict": "not_compared", "why_not_compared": "no counts"}
    first, second = values(opened(a_paper(a_row(comparators=[alike, bare])))["Comparisons"])
    assert first == {
        "Indicator": "visits",
        "Own figure": 60,
        "Of": "in Oct-21",
        "Set beside": "England, 2020/21",
        "Figure there": 60,
        "Difference": 0.5,
        "Verdict": "similar",
        "Source": "typed",
        "How compared": "as it is",
    }
    assert second["Set beside"] == "Southampton 2020/21"
    # A figure that cannot be its own stands nowhere; why not stands beside it.
    assert (second["Figure there"], second["Difference"]) == ("[z]", "[z]")
    assert (second["Verdict"], second["How compared"]) == ("not compared", "no counts; as it is")


def test_notes_are_named_by_number_where_they_belong() -> None:
    finding = {
        "code": "KPI204",
        "severity": "warning",
        "period": "2021-09",
        "message": "visits: odd",
        "accepted": False,
        "accepted_why": None,
    }
    workbook = opened(a_paper(a_row(), a_row("contacts", findings=[finding])))
    assert [row["Notes"] for row in values(workbook["Practice"])] == ["none", "note 1"]
    assert [list(row.values()) for row in values(workbook["Notes"])] == [
        [1, "Figures", "visits: odd (KPI204)."],
        [2, "Data", "A note on the data."],
    ]


def test_ratings_say_why_and_what_stands_out() -> None:
    (row,) = values(opened(a_paper())["Ratings"])
    assert (row["Rating"], row["Before"], row["Newest figure"]) == (
        "RED",
        "GREEN",
        "60.0% in Oct-21",
    )
    assert row["Reason"].startswith("60%, against")
    assert row["Analysis"] == "A real change."


def test_commentary_and_actions_are_rows_with_their_authors() -> None:
    october = MONTHS[-1]
    workbook = opened(
        a_paper(
            summary=Comment(
                october, ("All told.",), author="A. Officer", written=date(2021, 11, 8)
            ),
            chapters=(Chapter("practice", "Practice", Comment(MONTHS[1], (), ("Visit.",))),),
            comments={"visits": Comment(october, ("One.", "Two."))},
        )
    )
    assert [list(row.values()) for row in values(workbook["Commentary"])] == [
        [1, "The whole paper", "Commentary", "All told.", "A. Officer, 8 Nov 2021"],
        [2, "Practice", "Action", "Visit.", "carried forward from September 2021"],
        [3, "visits", "Commentary", "One.", "October 2021"],
        [4, "visits", "Commentary", "Two.", "October 2021"],
    ]


def a_hostile_paper(text: str) -> Paper:
    """A paper in which everything that a person can write is this text."""
    visits = an_indicator("visits", title=text, short_title=text, outturn="percentage")
    comment = Comment(MONTHS[-1], (text,), (text,), text)
    change = dict.fromkeys(CHANGE, text)
    return a_paper(
        a_row(short_title=text, unit=text, reason=text, analysis=text),
        a_row(short_title=text, area=text),
        indicators=(visits,),
        theme=text,
        changes=pl.DataFrame([change], schema=CHANGE),
        change_notes=(text,),
        summary=comment,
        chapters=(Chapter("practice", text, comment),),
        comments={"visits": comment},
        notes=(text,),
        definitions=(Named(text, text),),
        methods=(Named(text, text),),
        attribution=(text,),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_a_link_or_a_control_character(text: str) -> None:
    content = render_workbook(a_hostile_paper(text))
    workbook = load_workbook(BytesIO(content))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert cell_text(text) in {cell.value for cell in cells}
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    names = {each.replace("'", "''") for each in workbook.sheetnames}
    assert {each.location for each in links} <= {f"'{name}'!A1" for name in names}
    assert not any(each.target for each in links)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        whole = b"".join(map(parts.read, parts.namelist()))
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|<f>|TargetMode=\"External\"", whole)


def test_a_text_too_long_for_a_cell_is_cut_with_a_sign() -> None:
    workbook = opened(a_paper(notes=("𝒳" * 20_000,)))
    said = values(workbook["Notes"])[0]["What it says"]
    assert said.endswith("𝒳…")
    assert 16_000 < len(said) < 32_767


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Right service", (), "Right service"),
        ("Notes", ("Notes",), "Notes 2"),
        ("notes", ("Notes", "Notes 2"), "notes 3"),
        ("History", (), "History 2"),
        ("''", (), "Sheet"),
        ("", (), "Sheet"),
        ("a/b\\c?*[d]:", (), "a-b-c-d-"),
        ("Effective Assessment and Intervention", (), "Effective Assessment and"),
        ("x" * 40, (), "x" * 31),
        ("x" * 40, ("x" * 31,), "x" * 29 + " 2"),
        ("😀" * 20, (), "😀" * 15),
    ],
)
def test_a_sheet_name_is_one_that_excel_takes(
    wanted: str, taken: tuple[str, ...], name: str
) -> None:
    assert sheet_name(wanted, taken=taken) == name


def test_what_tells_sheets_apart_is_not_cut_off() -> None:
    assert sheet_name("x" * 40, apart="quarterly") == "x" * 21 + " quarterly"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"decimals": 0}, "#,##0"),
        ({"decimals": 2, "suffix": "%"}, '#,##0.00"%"'),
        (
            {"decimals": 1, "suffix": " pts", "is_signed": True},
            '+#,##0.0" pts";-#,##0.0" pts";0.0" pts"',
        ),
    ],
)
def test_a_number_format_holds_the_unit_as_a_label(fields: dict[str, Any], shown: str) -> None:
    assert number_format(**fields) == shown
