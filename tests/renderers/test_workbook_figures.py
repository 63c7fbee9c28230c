"""The sheets of figures in the workbook of `kpi report`."""

from __future__ import annotations

from typing import Any

import pytest

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
        "England 2020/21": 70,
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
    counts = {"green": 1, "moved worse": 0, "moved better": 0, "concern": 0, "improvement": 0}
    rows = a_paper().rows.clear()
    workbook = opened(a_paper(is_exceptions=True, chapters=(), rows=rows, counts=counts))
    assert "Red and amber, worst first" not in workbook.sheetnames
    assert any("1 indicator: 1 green." in str(cell.value) for cell in workbook["Cover"]["A"])


def test_a_comparator_stands_under_its_own_year_or_under_none() -> None:
    row = a_row(
        comparators=[
            a_comparator("neighbours", None, 66.0),
            a_comparator("neighbours", "2019/20", 64.0),
            a_comparator("neighbours", "2020/21", 65.0),
            a_comparator("region", "2021-03", 63.0),
            a_comparator("own year", "2020/21", 61.0),
            a_comparator("place", "2020/21", 60.0, name="Leeds"),
        ]
    )
    (found,) = values(opened(a_paper(row))["Practice"])
    assert list(found)[-6:-1] == [
        "Own 2020/21",
        "Statistical neighbours",
        "Statistical neighbours 2019/20",
        "Statistical neighbours 2020/21",
        "South East Mar 2021",
    ]


def test_a_heading_has_the_period_of_all_its_figures() -> None:
    """A page's column has the period of most of them, which a workbook's must not."""
    first = a_row(comparators=[a_comparator("england", "2020/21", 70.0)])
    second = a_row("contacts", comparators=[a_comparator("england", "2019/20", 5.0)])
    one, other = values(opened(a_paper(first, second))["Practice"])
    assert (one["England 2020/21"], one["England 2019/20"]) == (70, "[x]")
    assert (other["England 2020/21"], other["England 2019/20"]) == ("[x]", 5)


@pytest.mark.parametrize(
    ("fields", "is_there"),
    [
        ({"origin": "published", "value_compared": 70.0}, True),
        ({"origin": "published", "value_compared": 70.0 / 12}, True),  # a month of the year's
        ({"origin": "published", "value_compared": 7.0}, False),  # of another number of people
        ({"origin": "published", "value_compared": None}, False),  # a count beside a rate
        ({"origin": "typed", "value_compared": None}, True),
    ],
)
def test_a_published_figure_in_another_unit_stands_in_no_column(
    fields: dict[str, Any], *, is_there: bool
) -> None:
    row = a_row(comparators=[a_comparator("england", "2020/21", 70.0) | fields])
    workbook = opened(a_paper(row))
    (found,) = values(workbook["Practice"])
    assert ("England 2020/21" in found) == is_there
    assert len(values(workbook["Comparisons"])) == 1
