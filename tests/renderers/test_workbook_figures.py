"""The sheets of figures in the workbook of `kpi report`."""

from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import OutturnType
from kpi.domain.paper.document import Table
from kpi.renderers.report_notes import Notes
from kpi.renderers.report_tables import wide_table
from kpi.renderers.words import outturn
from tests.renderers.workbooks import (
    MONTHS,
    a_comparator,
    a_figure,
    a_paper,
    a_row,
    opened,
    read_back,
    records,
    values,
)


def test_a_table_of_figures_has_everything_of_a_theme() -> None:
    (row,) = values(opened(a_paper())["Practice"])
    assert row == {
        "Indicator": "visits",
        "Outturn type": "Percentage",
        "Rating": "RED",
        "Aug 2021": 80,
        "Sep 2021": 70.5,
        "Oct 2021": 60,
        "Target": 90,
        "Gap to target": -30,
        "Change": "worse",
        "Trend": "CONCERN",
        "Against England 2020/21": 70,
        "Notes": "none",
    }


def test_a_theme_stands_in_the_first_cell_and_leads_back() -> None:
    sheet = opened(a_paper())["Practice"]
    assert [sheet.cell(row, 1).value for row in (1, 5)] == ["Practice", "Back to the contents"]
    assert sheet["A5"].hyperlink.location == "'Contents'!A1"
    assert sheet.freeze_panes == "B7"


@pytest.mark.parametrize(
    ("figure", "value", "shown"),
    [
        (a_figure("2021-10", 60.25), 60.25, '#,##0.0"%"'),
        (a_figure("2021-10", 60.0, restated=True), 60, '#,##0.0"% [r]"'),
        (
            a_figure("2021-10", 60.0, marks="provisional partial", restated=True),
            60,
            '#,##0.0"% [r] [p] [part]"',
        ),
        (a_figure("2021-10", state="value", conflict=True), "conflict", "General"),
        (a_figure("2021-10", state="value"), "[x]", "General"),
        (a_figure("2021-10"), "[x]", "General"),
        (a_figure("2021-10", state="blank"), "[x]", "General"),
        (a_figure("2021-10", state="awaited"), "TBC", "General"),
        (a_figure("2021-10", state="suppressed"), "[c]", "General"),
        (a_figure("2021-10", state="not_applicable"), "[z]", "General"),
        (a_figure("2021-10", state="not_available"), "[x]", "General"),
        (a_figure("2021-10", state="rounds_to_zero"), "[low]", "General"),
        (a_figure("2021-10", state="unreliable"), "[u]", "General"),
        (a_figure("2021-10", state="unreadable"), "unreadable", "General"),
    ],
)
def test_a_figure_is_a_number_with_its_marks_or_a_symbol(
    figure: dict[str, Any], value: float | str, shown: str
) -> None:
    row = a_row(figures=[a_figure("2021-08"), a_figure("2021-09"), figure])
    (found,) = records(opened(a_paper(row))["Practice"])
    cell = found["Oct 2021"]
    assert (cell.value, cell.number_format) == (value, shown)
    assert found["Aug 2021"].value == "[x]"


def test_a_figure_keeps_all_its_digits() -> None:
    row = a_row(figures=[a_figure("2021-08", 100 * 2 / 3), *(a_figure("2021-10", 0.1 + 0.2),) * 2])
    (found,) = values(opened(a_paper(row))["Practice"])
    assert (found["Aug 2021"], found["Oct 2021"]) == (100 * 2 / 3, 0.1 + 0.2)


def test_a_month_that_is_still_awaited_is_not_called_unavailable() -> None:
    figures = [a_figure(str(each)) for each in MONTHS]
    row = a_row(why_unrated="awaited", rag_status=None, figures=figures)
    (found,) = values(opened(a_paper(row))["Practice"])
    assert (found["Sep 2021"], found["Oct 2021"], found["Gap to target"]) == (
        "[x]",
        "TBC",
        "awaited",
    )


@pytest.mark.parametrize(
    ("fields", "value", "shown"),
    [
        ({"target": 92.5, "target_words": "at least 92.5%"}, 92.5, '#,##0.0"%"'),
        ({"target": 8.0, "target_words": "at most 8%"}, 8, '"≤ "#,##0"%"'),
        ({"target": None, "target_words": "TBC"}, "TBC", "General"),
        ({"target": None, "target_words": ""}, "[z]", "General"),
    ],
)
def test_a_target_is_a_number_with_bound_and_unit(
    fields: dict[str, Any], value: float | str, shown: str
) -> None:
    (found,) = records(opened(a_paper(a_row(**fields)))["Practice"])
    assert (found["Target"].value, found["Target"].number_format) == (value, shown)


def test_a_count_s_target_says_its_period_and_its_gap_has_a_sign() -> None:
    row = a_row(
        "contacts",
        target=1400.0,
        target_words="at most 1,400 a month",
        distance_to_target=12.5,
    )
    (found,) = records(opened(a_paper(row))["Practice"])
    assert found["Target"].number_format == '"≤ "#,##0" a month"'
    assert found["Gap to target"].number_format == "+#,##0.0;-#,##0.0;0.0"
    assert found["Outturn type"].value == "Number"


def test_a_range_has_a_column_that_is_read_as_no_figure() -> None:
    row = a_row(target=None, target_low=30.0, target_words="30% to 40%")
    paper = a_paper(row, a_row("contacts"))
    first, second = values(opened(paper)["Practice"])
    assert (first["Target"], first["Target thresholds"]) == ("[z]", "30% to 40%")
    assert (second["Target"], second["Target thresholds"]) == (90, "[z]")
    assert not read_back(paper).unreadable


def test_rating_words_are_repeated_by_dark_ink_on_a_tint() -> None:
    sheet = opened(a_paper())["Practice"]
    rules = {
        rule.formula[0].strip('"'): rule.dxf
        for each in sheet.conditional_formatting
        for rule in each.rules
        if str(each.sqref) == "C7"
    }
    assert set(rules) == {"RED", "AMBER", "GREEN", "BLUE"}
    for look in rules.values():
        assert _luminance(look.font.color.rgb) < 0.05 < 0.5 < _luminance(look.fill.bgColor.rgb)


def _luminance(rgb: str) -> float:
    channels = [int(rgb[at : at + 2], 16) / 255 for at in (2, 4, 6)]
    weights = (0.2126, 0.7152, 0.0722)
    return sum(w * float(c**2.2) for w, c in zip(weights, channels, strict=True))


def test_quarters_years_and_teams_have_sheets_of_their_own() -> None:
    quarter = a_row(
        "contacts",
        period="2021-Q2",
        figures=[a_figure("2021-08"), a_figure("2021-Q2", 12.0), a_figure("2021-10")],
        comparators=[],
    )
    workbook = opened(a_paper(a_row(), quarter, a_row(unit="North")))
    figures = [name for name in workbook.sheetnames if name.startswith("Practice")]
    assert figures == ["Practice", "Practice quarterly", "Practice by team"]
    (row,) = values(workbook["Practice quarterly"])
    assert row["Q2 2021/22"] == 12
    assert "Oct 2021" not in row
    assert values(workbook["Practice by team"])[0]["Team"] == "North"


def test_exceptions_stand_on_one_sheet_with_their_themes() -> None:
    workbook = opened(a_paper(is_exceptions=True, chapters=()))
    assert values(workbook["Red and amber, worst first"])[0]["Theme"] == "Practice"


def test_a_paper_without_exceptions_says_so_on_its_cover() -> None:
    moved = {"worse": 0, "moved worse": 0, "moved better": 0}
    counts = {"green": 1, **moved, "concern": 0, "improvement": 0}
    rows = a_paper().rows.clear()
    workbook = opened(a_paper(is_exceptions=True, chapters=(), rows=rows, counts=counts))
    assert "Red and amber, worst first" not in workbook.sheetnames
    assert any("1 indicator: 1 green." in str(cell.value) for cell in workbook["Cover"]["A"])


def test_comparators_are_those_of_the_page_with_the_same_figures() -> None:
    """One in other terms, one that is another row's, one of another year than its column."""
    first = a_row(
        comparators=[
            a_comparator("neighbours", None, 66.0, value_compared=None),
            a_comparator("region", "2021-03", 63.0),
            a_comparator("england", "2020/21", 840.0, value_compared=70.25),
            a_comparator("own year", "2020/21", 732.0, value_compared=61.0),
            a_comparator("own year", "2019/20", 720.0, value_compared=60.0),
            a_comparator("place", "2020/21", 60.0, name="Leeds"),
        ]
    )
    second = a_row("contacts", comparators=[a_comparator("england", "2019/20", 5.0)])
    paper = a_paper(first, second)
    one, other = records(opened(paper)["Practice"])
    (page,) = wide_table(paper, list(paper.rows.iter_rows(named=True)), Notes({}, ()))
    assert isinstance(page, Table)
    beside = [at for at, each in enumerate(page.columns) if at > _last(page, "Trend")]
    said = [f"against {page.columns[at].title}".casefold() for at in beside]
    assert [each.casefold() for each in one if each.startswith("Against")] == said
    for cells, row in zip((one, other), page.rows, strict=True):
        mine = [cell for name, cell in cells.items() if name.startswith("Against")]
        assert [_shown(cell) for cell in mine] == [row[at].text for at in beside]
    assert said == [
        "against own 2019/20",
        "against own 2020/21",
        "against south east 2021-03",
        "against england 2020/21",
    ]
    assert (one["Against England 2020/21"].value, one["Against own 2020/21"].value) == (70.25, 61)


def _last(table: Table, title: str) -> int:
    return max(at for at, each in enumerate(table.columns) if each.title == title)


def _shown(cell: Any) -> str:
    """What a cell of a page says in place of a workbook's."""
    if cell.value == "[x]":
        return "–"
    unit: OutturnType = "percentage" if "%" in cell.number_format else "number"
    decimals = len(cell.number_format.partition(".")[2].rstrip('"%'))
    return outturn(cell.value, outturn_type=unit, decimals=decimals)


@pytest.mark.parametrize(
    ("figures", "why", "said", "newest"),
    [
        ([("2021-10", None)], "awaited", "TBC", "TBC in Oct-21"),
        ([(None, None)], "awaited", "TBC", "TBC in Oct-21"),
        ([(None, None)], "no_outturn", "[x]", "[x] in Oct-21"),
        ([("2021-10", 60.0)], None, 60, "60.0% in Oct-21"),
    ],
)
def test_a_figure_is_the_same_on_every_sheet(
    figures: list[tuple[str | None, float | None]], why: str | None, said: Any, newest: str
) -> None:
    (period, value) = figures[0]
    across = [a_figure("2021-08", 80.0), a_figure("2021-09", 70.5)]
    now = a_figure("2021-10", value) | {"period": period}
    row = a_row(figures=[*across, now], why_unrated=why)
    workbook = opened(a_paper(row))
    assert values(workbook["Practice"])[0]["Oct 2021"] == said
    assert values(workbook["Ratings"])[0]["Newest figure"] == newest


@pytest.mark.parametrize(
    ("moved", "why", "said"),
    [
        ("better", None, "better"),
        (None, None, "[x]"),
        (None, "no_polarity", "[z]"),
        ("up", "no_polarity", "up"),
    ],
)
def test_a_change_is_in_the_same_word_on_every_sheet(
    moved: str | None, why: str | None, said: str
) -> None:
    workbook = opened(a_paper(a_row(direction_of_travel=moved, why_unrated=why)))
    for sheet in ("Practice", "Ratings"):
        assert values(workbook[sheet])[0]["Change"] == said
