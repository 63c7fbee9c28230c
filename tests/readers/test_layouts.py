from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.observation import READ
from kpi.errors import SourceError
from kpi.readers.areas import known_areas
from kpi.readers.layouts import read_layout
from kpi.readers.reading import Labels
from tests.builders import a_catalogue, an_indicator
from tests.readers.grids import a_grid, a_sheet, figures, read_sheets, the_catalogue, unused

SPELLINGS = {
    "months as text": ("Apr-21 | May-21", ["2021-04", "2021-05"]),
    "months in full": ("April 2021 | May 2021", ["2021-04", "2021-05"]),
    "months as ISO": ("2021-04 | 2021-05", ["2021-04", "2021-05"]),
    "last days": ("30/04/2021 | 31/05/2021", ["2021-04", "2021-05"]),
    "real dates": ("@2021-04-01 | @2021-05-01", ["2021-04", "2021-05"]),
    "real dates at the end": ("@2021-04-30 | @2021-05-31", ["2021-04", "2021-05"]),
    "a date, a text and a serial": (
        "@2021-04-01 | May-21 | 44348",
        ["2021-04", "2021-05", "2021-06"],
    ),
    "quarters": (
        "Q1 21/22 | Apr-Jun 2021 | Q2 (Jul-Sep) 2021/22",
        ["2021-Q1", "2021-Q1", "2021-Q2"],
    ),
    "financial years": ("19/20 | 2020-21 | FY22", ["2019/20", "2020/21", "2021/22"]),
    "year to March": ("Year ending March 2021 | Apr-21", ["2020/21", "2021-04"]),
    "years with dashes": ("2010-11 | 2011-12 | 2012-13", ["2010/11", "2011/12", "2012/13"]),
    "years with dashes that could all be months": ("2010-11 | 2011-12", ["2010/11", "2011/12"]),
    "ISO months that could not be years": (
        "2011-10 | 2011-11 | 2011-12",
        ["2011-10", "2011-11", "2011-12"],
    ),
    "short years": ("10/11 | 11/12", ["2010/11", "2011/12"]),
    "the council's name before years": (
        "Southampton 19/20 | Southampton City Council 20/21",
        ["2019/20", "2020/21"],
    ),
    "words that say nothing more": ("Actual Apr-21 | May 2021 outturn", ["2021-04", "2021-05"]),
    "one month twice": ("May-21 | May-21", ["2021-05", "2021-05"]),
    "footnote marks": ("Apr-21* | May-21 [1] | Jun-21¹", ["2021-04", "2021-05", "2021-06"]),
}


@pytest.mark.parametrize(("headings", "periods"), SPELLINGS.values(), ids=SPELLINGS)
def test_periods_are_read_in_any_spelling(headings: str, periods: list[str]) -> None:
    row = " | ".join(str(number) for number in range(1, len(periods) + 1))
    reading = read_sheets(a_sheet(f"Indicator | {headings}\nNumber of contacts | {row}"))
    assert figures(reading) == [
        f"contacts {period} = {number}" for number, period in enumerate(periods, start=1)
    ]
    assert unused(reading) == []


LAYOUTS = {
    "title rows above": (
        """
        Performance report
        October 2021

        Indicator          | Apr-21 | May-21
        Number of contacts | 1      | 2
        """,
        "A1:C1",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "a title merged over the table and touching it": (
        """
        Performance report 2021/22
        Indicator          | Apr-21 | Target
        Number of contacts | 1      | 2
        """,
        "A1:C1",
        ["contacts 2021-04 = 1"],
    ),
    "months under a merged financial year": (
        """
                           | 2020/21 |     | 2021/22 |
        Indicator          | Feb     | Mar | Apr     | Jan
        Number of contacts | 1       | 2   | 3       | 4
        """,
        "B1:C1 D1:E1",
        [
            "contacts 2021-02 = 1",
            "contacts 2021-03 = 2",
            "contacts 2021-04 = 3",
            "contacts 2022-01 = 4",
        ],
    ),
    "months under a calendar year": (
        """
        Indicator          | 2021 |
                           | Jan  | Feb
        Number of contacts | 1    | 2
        """,
        "A1:A2 B1:C1",
        ["contacts 2021-01 = 1", "contacts 2021-02 = 2"],
    ),
    "a year under each month": (
        """
        Indicator          | Dec  | Jan
                           | 2020 | 2021
        Number of contacts | 1    | 2
        """,
        "",
        ["contacts 2020-12 = 1", "contacts 2021-01 = 2"],
    ),
    "months under a calendar year that run past December": (
        """
                           | 2021 |     |     |
        Indicator          | Nov  | Dec | Jan | Feb
        Number of contacts | 1    | 2   | 3   | 4
        """,
        "B1:E1",
        ["contacts 2021-11 = 1", "contacts 2021-12 = 2"],
    ),
    "months of a school year": (
        """
                | 2021/22 |     |     |
        Measure | Sep     | Dec | Apr | Aug
        Pupils  | 1       | 2   | 3   | 4
        """,
        "B1:E1",
        ["pupils 2021-09 = 1", "pupils 2021-12 = 2", "pupils 2022-04 = 3", "pupils 2022-08 = 4"],
    ),
    "months whose year stands in the title": (
        """
        Scorecard 2021/22

        KPI                | Apr | Mar
        Number of contacts | 1   | 2
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2022-03 = 2"],
    ),
    "quarters under a year": (
        """
                           | 2021/22 |    | 2022/23
        Indicator          | Q3      | Q4 | Q1
        Number of contacts | 1       | 2  | 3
        """,
        "B1:C1",
        ["contacts 2021-Q3 = 1", "contacts 2021-Q4 = 2", "contacts 2022-Q1 = 3"],
    ),
    "three lines": (
        """
                           | Southampton |     | Statistical |
                           | 2021/22     |     | Neighbours  | South
        Indicator          | Apr         | May | 20/21       | East
        Number of contacts | 1           | 2   | 3           | 4
        """,
        "B1:C1 B2:C2",
        [
            "contacts 2021-04 = 1",
            "contacts 2021-05 = 2",
            "contacts [Statistical neighbours] 2020/21 = 3",
            "contacts [South East] no-year = 4",
        ],
    ),
    "a label's heading over two lines": (
        """
        Performance        |        |
        Indicator          | Apr-21 | May-21
        Number of contacts | 1      | 2
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "words over all months": (
        """
                           | In-year monitoring |
        Indicator          | Apr-21             | May-21
        Number of contacts | 1                  | 2
        """,
        "B1:C1",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "no heading over the labels": (
        """
                           | Apr-21 | May-21
        Number of contacts | 1      | 2
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "one month and an unusual word over the labels": (
        """
        Library            | Apr-21
        Number of contacts | 1
        """,
        "",
        ["contacts 2021-04 = 1"],
    ),
    "away from the corner": (
        """

        | |                | | Indicator          | Apr-21 | May-21
        | |                | | Number of contacts | 1      | 2
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "blocks below one another with other columns": (
        """
        Indicator          | Apr-21 | May-21
        Number of contacts | 1      | 2
        Notes              |        |

        Indicator          | Type   | Jun-21 | Target
        Reviews on time    | %      | 90     | 95
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2", "reviews 2021-06 = 90"],
    ),
    "a block without a label's heading below a title": (
        """
                           | Apr-21 | May-21
        Number of contacts | 1      | 2

        Timeliness
                           | Jun-21 | Jul-21
        Reviews on time    | 90     | 91
        """,
        "",
        [
            "contacts 2021-04 = 1",
            "contacts 2021-05 = 2",
            "reviews 2021-06 = 90",
            "reviews 2021-07 = 91",
        ],
    ),
    "a block whose header touches the one above": (
        """
        Front door         | Apr-21 | May-21
        Number of contacts | 1      | 2
        Timeliness         | Jun-21 | Jul-21
        Reviews on time    | 90     | 91
        """,
        "",
        [
            "contacts 2021-04 = 1",
            "contacts 2021-05 = 2",
            "reviews 2021-06 = 90",
            "reviews 2021-07 = 91",
        ],
    ),
    "days among the rows are no header": (
        """
        Measure            | Apr-21     | May-21
        Inspection         | 03/04/2021 | 05/05/2021
        Number of contacts | 1          | 2
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "a line of units under the months": (
        """
        Indicator          | Apr-21 | May-21
                           | (no.)  | (no.)
        Number of contacts | 1      | 2
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "side by side": (
        """
        Indicator          | Apr-21 | | Indicator       | Apr-21
        Number of contacts | 1      | | Reviews on time | 90
        """,
        "",
        ["contacts 2021-04 = 1", "reviews 2021-04 = 90"],
    ),
    "a label merged over two rows": (
        """
        Indicator          | Apr-21 | May-21
        Number of contacts | 1      | 2
                           | 1      | 3
        """,
        "A2:A3",
        [
            "contacts 2021-04 = 1",
            "contacts 2021-05 = 2",
            "contacts 2021-04 = 1",
            "contacts 2021-05 = 3",
        ],
    ),
    "a row as tall as two": (
        """
        Indicator          | Apr-21 | May-21
        Number of contacts | 1      | 2
                           |        | 3
        """,
        "A2:A3 B2:B3",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2", "contacts 2021-05 = 3"],
    ),
    "a word merged across months": (
        """
        Indicator          | Apr-21 | May-21
        Number of contacts | TBC    |
        """,
        "B2:C2",
        ["contacts 2021-04 = awaited", "contacts 2021-05 = awaited"],
    ),
    "a figure merged across months is none of theirs": (
        """
        Indicator          | Apr-21 | May-21
        Number of contacts | 7      |
        """,
        "B2:C2",
        ["contacts 2021-04 = unreadable", "contacts 2021-05 = unreadable"],
    ),
    "blanks keep their address": (
        """
        Indicator          | Apr-21 | May-21 | England
        Number of contacts |        | 2      |
        """,
        "",
        ["contacts 2021-04 = blank", "contacts 2021-05 = 2", "contacts [England] no-year = blank"],
    ),
    "years are figures unless the row is plainly a header": (
        """
        Indicator          | Apr-21 | May-21 | Jun-21
        Number of contacts | 2019   | 2020   | 2021
        """,
        "",
        ["contacts 2021-04 = 2019", "contacts 2021-05 = 2020", "contacts 2021-06 = 2021"],
    ),
    "dates of extracts among the rows are no header": (
        """
        Indicator          | Apr-21      | May-21
        Data as at         | @2021-05-05 | @2021-06-04
        Number of contacts | 1           | 2

        Extracted          | @2021-05-05 | @2021-06-04
        Reviews on time    | 90          | 91
        """,
        "",
        [
            "contacts 2021-04 = 1",
            "contacts 2021-05 = 2",
            "reviews 2021-04 = 90",
            "reviews 2021-05 = 91",
        ],
    ),
    "dates of extracts above the header are no period": (
        """
        Data as at         | @2021-05-05 | @2021-06-04
        Indicator          | Apr-21      | May-21
        Number of contacts | 1           | 2
        """,
        "",
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "a percentage is what the user sees": (
        """
        Indicator       | Apr-21   | May-21  | Jun-21 | Jul-21
        Reviews on time | 0.634~0% | '63.4%  | 63.4   | 0.634~General"%"
        """,
        "",
        [
            "reviews 2021-04 = 63.4",
            "reviews 2021-05 = 63.4",
            "reviews 2021-06 = 63.4",
            "reviews 2021-07 = 0.634",
        ],
    ),
    "an area column": (
        """
        Indicator          | Area                   | 2019/20 | 2020/21
        Number of contacts | Southampton            | 1       | 2
        Number of contacts | SN                     | 3       | 4
        Number of contacts | England                | 5       | 6
        """,
        "",
        [
            "contacts 2019/20 = 1",
            "contacts 2020/21 = 2",
            "contacts [Statistical neighbours] 2019/20 = 3",
            "contacts [Statistical neighbours] 2020/21 = 4",
            "contacts [England] 2019/20 = 5",
            "contacts [England] 2020/21 = 6",
        ],
    ),
    "a team column": (
        """
        Indicator          | Team   | Apr-21
        Number of contacts | Team 2 | 1
        Number of contacts |        | 5
        """,
        "",
        ["contacts (Team 2) 2021-04 = 1", "contacts 2021-04 = 5"],
    ),
    "marks of headings and cells": (
        """
        Indicator          | Apr-21 (p) | May-21 [r]
        Number of contacts | '5 [r]     | 6
        """,
        "",
        ["contacts 2021-04 = 5 provisional revised", "contacts 2021-05 = 6 revised"],
    ),
}


@pytest.mark.parametrize(("text", "merges", "expected"), LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(text: str, merges: str, expected: list[str]) -> None:
    lines = [line.removeprefix("        ") for line in text.splitlines()[1:-1]]
    assert figures(read_sheets(a_sheet("\n".join(lines), merges=merges))) == expected


def in_csv(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


CSVS = {
    "quarters once over their parts": (
        """
        |Q1 2021/22|||Q2 2021/22||
        Indicator|Actual|Target|RAG|Actual|Target|RAG
        Number of contacts|1|8|G|2|9|R
        """,
        ["contacts 2021-Q1 = 1", "contacts 2021-Q2 = 2"],
    ),
    "a year beside the title": (
        """
        Scorecard||2021/22
        Indicator|Apr|May
        Number of contacts|1|2
        """,
        ["contacts 2021-04 = 1", "contacts 2021-05 = 2"],
    ),
    "a year once over its months": (
        """
        |2021/22|||SN
        Indicator|Apr|May|Jun|20/21
        Number of contacts|1|2|3|4
        """,
        [
            "contacts 2021-04 = 1",
            "contacts 2021-05 = 2",
            "contacts 2021-06 = 3",
            "contacts [Statistical neighbours] 2020/21 = 4",
        ],
    ),
    "another place over its years, not over the months after them": (
        """
        |Portsmouth|||
        Indicator|19/20|20/21|Apr-21|May-21
        Number of contacts|1|2|3|4
        """,
        [
            "contacts [Portsmouth] 2019/20 = 1",
            "contacts [Portsmouth] 2020/21 = 2",
            "contacts 2021-04 = 3",
            "contacts 2021-05 = 4",
        ],
    ),
    "dates as numbers beside a date": (
        """
        Indicator|01/04/2021|44317
        Number of contacts|1,897|2080
        """,
        ["contacts 2021-04 = 1897", "contacts 2021-05 = 2080"],
    ),
    "percentages with and without their sign": (
        """
        Indicator|Apr-21|May-21
        Reviews on time|63.4%|63.4
        """,
        ["reviews 2021-04 = 63.4", "reviews 2021-05 = 63.4"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CSVS.values(), ids=CSVS)
def test_csv_layouts(text: str, expected: list[str]) -> None:
    assert figures(read_sheets(a_sheet(in_csv(text), name=None, csv=True))) == expected


KINDS_OF_YEAR = """
Indicator          | Q3 2021/22 | 2020/21
Number of contacts | 1          | 2
Pupils             | 3          | 4
Births             | 5          | 6
"""


def test_quarters_and_years_are_those_of_the_rows_indicator() -> None:
    reading = read_sheets(a_sheet(KINDS_OF_YEAR))
    days = reading.observations.select("indicator", "period", "period_start").rows()
    assert [(indicator, period, str(start)) for indicator, period, start in days] == [
        ("contacts", "2021-Q3", "2021-10-01"),
        ("contacts", "2020/21", "2020-04-01"),
        ("pupils", "2021-Q3", "2022-03-01"),
        ("pupils", "2020/21", "2020-09-01"),
    ]


@pytest.mark.parametrize(
    "years", ["2019 | 2020 | 2021", "'2019 | '2020 | '2021", "@2019-01-01~yyyy | 2020 | 2021"]
)
def test_bare_years_head_the_figures_of_calendar_indicators(years: str) -> None:
    reading = read_sheets(a_sheet(f"Indicator | {years}\nBirths | 2019 | 1897 | 2080"))
    assert figures(reading) == ["births 2019 = 2019", "births 2020 = 1897", "births 2021 = 2080"]


def test_bare_years_are_no_financial_years_and_are_named() -> None:
    reading = read_sheets(a_sheet("Indicator | 2019 | 2020\nNumber of contacts | 1 | 2"))
    assert figures(reading) == []
    assert unused(reading) == [
        (year, "its heading names no period in the kind of year of the indicators beneath")
        for year in ("2019", "2020")
    ]


def test_a_row_of_figures_that_look_like_years_is_no_header() -> None:
    text = """
Indicator          | Apr-21 | May-21 | Jun-21
Number of contacts | 1897   | 2080   | 1978
Reviews on time    | 90     | 91     | 92
"""
    assert figures(read_sheets(a_sheet(text))) == [
        "contacts 2021-04 = 1897",
        "contacts 2021-05 = 2080",
        "contacts 2021-06 = 1978",
        "reviews 2021-04 = 90",
        "reviews 2021-05 = 91",
        "reviews 2021-06 = 92",
    ]


COMPARATORS = [
    ("Statistical Neighbours", "[Statistical neighbours] no-year"),
    ("Stat. neighbours 20/21", "[Statistical neighbours] 2020/21"),
    ("SN average", "[Statistical neighbours] no-year"),
    ("Neighbours", "[Statistical neighbours] no-year"),
    ("South East", "[South East] no-year"),
    ("south-east region", "[South East] no-year"),
    ("Inner London 2020/21", "[Inner London] 2020/21"),
    ("Yorkshire & Humber", "[Yorkshire and The Humber] no-year"),
    ("East of England", "[East of England] no-year"),
    ("England", "[England] no-year"),
    ("National", "[England] no-year"),
    ("England average", "[England] no-year"),
    ("England 2020/21", "[England] 2020/21"),
    ("England (20/21)", "[England] 2020/21"),
    ("England\\n2020-21 (provisional)", "[England] 2020/21"),
    ("Portsmouth 19/20", "[Portsmouth] 2019/20"),
    ("Portsmouth", "[Portsmouth] no-year"),
    ("England Oct-21", "[England] 2021-10"),
]


@pytest.mark.parametrize(("heading", "about"), COMPARATORS)
def test_comparators_are_read_in_any_wording(heading: str, about: str) -> None:
    reading = read_sheets(a_sheet(f"Indicator | Apr-21 | {heading}\nNumber of contacts | 1 | 2"))
    assert figures(reading)[1].removesuffix(" provisional") == f"contacts {about} = 2"


TARGETS = [
    ("Target", "300 per month", "contacts no-year = 300 per month"),
    ("Monthly target", "300", "contacts no-year = 300 per month"),
    ("Annual goal", "3600", "contacts no-year = 3600 per year"),
    ("Aim", "at most 36", "contacts no-year = 36"),
    ("Target 2021/22", "90", "contacts 2021/22 = 90"),
    ("Apr-21 Target", "90", "contacts 2021-04 = 90"),
    ("Target", "TBC", "contacts no-year = awaited"),
    ("Target", "N/A", "contacts no-year = not_applicable"),
]


@pytest.mark.parametrize(("heading", "said", "expected"), TARGETS)
def test_typed_targets_are_kept_with_what_they_speak_of(
    heading: str, said: str, expected: str
) -> None:
    text = f"Indicator | Apr-21 | {heading}\nNumber of contacts | 1 | {said}"
    assert figures(read_sheets(a_sheet(text)), role="target") == [expected]


def test_months_with_a_target_beside_each() -> None:
    text = """
Indicator          | Apr-21 |        |     | May-21 |
                   | Actual | Target | RAG | Actual | Target
Number of contacts | 1      | 2      | R   | 3      | 4
"""
    reading = read_sheets(a_sheet(text, merges="A1:A2 B1:D1 E1:F1"))
    assert figures(reading) == ["contacts 2021-04 = 1", "contacts 2021-05 = 3"]
    assert figures(reading, role="target") == ["contacts 2021-04 = 2", "contacts 2021-05 = 4"]


def test_a_row_of_targets_under_a_merged_label() -> None:
    text = """
Indicator          |        | Apr-21 | May-21
Number of contacts | Actual | 1      | 2
                   | Target | 3      | 4
"""
    reading = read_sheets(a_sheet(text, merges="A2:A3"))
    assert figures(reading) == ["contacts 2021-04 = 1", "contacts 2021-05 = 2"]
    assert figures(reading, role="target") == ["contacts 2021-04 = 3", "contacts 2021-05 = 4"]


def test_a_blank_target_is_no_target() -> None:
    reading = read_sheets(a_sheet("Indicator | Apr-21 | Target\nNumber of contacts | 1 |"))
    assert figures(reading, role="target") == []


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Indicator | Apr-21 | May-21 | 100", ["contacts 2021-04 = 5", "contacts 2021-05 = 6"]),
        ("Indicator | Apr-21 | 202105 | 100", ["contacts 2021-04 = 5"]),
        ("1 | Apr-21 | 2 | 3", ["contacts 2021-04 = 5"]),
        (" | Apr-21 | Notes | 3", ["contacts 2021-04 = 5"]),
    ],
)
def test_a_number_for_a_heading_heads_nothing_and_spoils_nothing(
    headings: str, expected: list[str]
) -> None:
    reading = read_sheets(a_sheet(f"{headings}\nNumber of contacts | 5 | 6 | 7"))
    assert figures(reading) == expected


def test_the_corner_of_a_table_with_one_month_may_be_empty() -> None:
    assert figures(read_sheets(a_sheet(" | Apr-21\nNumber of contacts | 5"))) == [
        "contacts 2021-04 = 5"
    ]


def test_rows_of_dated_figures_are_no_table() -> None:
    text = "Number of contacts | 12/04/2021 | 5\nReferrals | 13/04/2021 | 6"
    assert figures(read_sheets(a_sheet(text))) == []


def test_records_with_days_in_them_head_nothing() -> None:
    text = """
Area    | Inspected  | Published  | Revisited
Bromley | 16/09/2019 | 23/12/2019 | No
Camden  | 12/11/2018 | 14/01/2019 | Not revisited yet
Leeds   | 05/12/2016 |            |
Luton   | 09/07/2018 | 20/09/2018 | 24/05/2021
"""
    reading = read_sheets(a_sheet(text))
    assert (figures(reading), unused(reading)) == ([], [])


TO_DATE = {
    "of a year": ("2021/22 YTD", ["contacts 2021/22 = 7 partial"]),
    "to date": ("2021/22 to date", ["contacts 2021/22 = 7 partial"]),
    "of the year that is not named": ("To date", ["contacts 2021/22 = 7 partial"]),
    "of a year, up to a month": ("Jun-21 YTD", ["contacts 2021/22 = 7 partial"]),
    "of a month that has begun": ("Jun-21 to date", ["contacts 2021-06 = 7 partial"]),
    "of a quarter that has begun": ("Q1 2021/22 to date", ["contacts 2021-Q1 = 7 partial"]),
    "of the newest month's year": ("YTD", ["contacts 2021/22 = 7 partial"]),
    "a total of the months so far": ("2021/22 total", ["contacts 2021/22 = 7 partial"]),
    "to a month": ("2021/22 (to Oct)", ["contacts 2021/22 = 7 partial"]),
    "from April to a month": ("Apr-Oct 2021/22", ["contacts 2021/22 = 7 partial"]),
    "a whole year's total": ("2020/21 total", ["contacts 2020/21 = 7"]),
}


@pytest.mark.parametrize(("heading", "expected"), TO_DATE.values(), ids=TO_DATE)
def test_figures_to_date_are_partial_figures_of_what_has_begun(
    heading: str, expected: list[str]
) -> None:
    text = f"Indicator | Apr-21 | May-21 | {heading}\nNumber of contacts | 1 | 2 | 7"
    assert figures(read_sheets(a_sheet(text)))[2:] == expected


@pytest.mark.parametrize("said", ["YTD", "to date"])
def test_a_cumulative_month_is_the_month_of_an_indicator_that_accumulates(said: str) -> None:
    text = f"""
Indicator          | Apr-21 {said} | May-21 {said}
Referral rate      | 64         | 152
Number of contacts | 3          | 7
"""
    assert figures(read_sheets(a_sheet(text))) == [
        "rate 2021-04 = 64",
        "rate 2021-05 = 152",
        "contacts 2021/22 = 7 partial",
    ]


def test_columns_for_two_types_serve_the_rows_of_their_type() -> None:
    text = """
Indicator          | Apr-21 no. | Apr-21 % | May-21 no. | May-21 %
Number of contacts | 5          | 50%      | 6          | 60%
Reviews on time    | 7          | 70%      | 8          | 80%
"""
    assert figures(read_sheets(a_sheet(text))) == [
        "contacts 2021-04 = 5",
        "contacts 2021-05 = 6",
        "reviews 2021-04 = 70",
        "reviews 2021-05 = 80",
    ]


UNUSED = [
    ("RAG", "it is of no use here"),
    ("Direction of travel", "it is of no use here"),
    ("Comments", "it is of no use here"),
    ("Ref", "it is of no use here"),
    ("Forecast 2021/22", "it is of no use here"),
    ("Variance to target", "it is of no use here"),
    ("Hampshire 20/21", "its heading is not understood"),
    ("CIPFA neighbours", "its heading is not understood"),
    ("2020/21 average", "its heading is not understood"),
    ("Latest", "its heading names no period"),
    ("", "it has no heading of its own"),
]


@pytest.mark.parametrize(("heading", "reason"), UNUSED)
def test_a_column_without_use_is_named_with_its_reason(heading: str, reason: str) -> None:
    reading = read_sheets(a_sheet(f"Indicator | Apr-21 | {heading}\nNumber of contacts | 1 | 2"))
    assert figures(reading) == ["contacts 2021-04 = 1"]
    assert unused(reading) == [(heading, reason)]
    assert reading.unused_columns[0].address == "report.xlsx:Sheet1!C1"


def test_region_means_the_region_that_is_given() -> None:
    areas = known_areas("Southampton", region="South East")
    text = "Indicator | Apr-21 | Regional average 20/21\nNumber of contacts | 1 | 2"
    reading = read_layout(a_grid(a_sheet(text)), labels=Labels(the_catalogue()), areas=areas)
    assert figures(reading)[1] == "contacts [South East] 2020/21 = 2"


def test_months_without_any_year_are_said() -> None:
    reading = read_sheets(a_sheet("Indicator | Apr | May\nNumber of contacts | 1 | 2"))
    assert reading.sheets == ()
    assert reading.messages == (
        "report.xlsx:Sheet1!B1 `Apr` is not read: the year of its month or quarter is not plain",
    )


def test_months_without_a_year_beside_a_column_that_is_read_are_named() -> None:
    reading = read_sheets(a_sheet("Indicator | Apr | 19/20\nNumber of contacts | 1 | 2"))
    assert figures(reading) == ["contacts 2019/20 = 2"]
    assert unused(reading) == [("Apr", "the year of its month or quarter is not plain")]


THEMES = {
    "rows between": (
        """
Indicator          | Apr-21 | May-21
Front door         |        |
Number of contacts | 1      | 2
Care               |        |
Reviews on time    | 90     | 91
* A note.          |        |
""",
        "A4:C4",
        ["Front door", "Front door", "Care", "Care"],
    ),
    "a column, merged or filled down": (
        """
Theme      | Indicator          | Apr-21
Front door | Number of contacts | 1
           | Reviews on time    | 90
Care       | Births             | 3
           | Pupils             | 4
""",
        "A2:A3",
        ["Front door", "Front door", "Care", "Care"],
    ),
    "an area of work that is no place": (
        """
Service area | Indicator          | Apr-21
Front door   | Number of contacts | 1
""",
        "",
        ["Front door"],
    ),
    "texts over several blocks": (
        """
Front door
Indicator          | Apr-21
Number of contacts | 1

Care
Indicator          | Apr-21
Reviews on time    | 90
""",
        "",
        ["Front door", "Care"],
    ),
}


@pytest.mark.parametrize(("text", "merges", "themes"), THEMES.values(), ids=THEMES)
def test_the_theme_printed_around_a_row_is_kept(text: str, merges: str, themes: list[str]) -> None:
    reading = read_sheets(a_sheet(text, merges=merges))
    assert reading.observations["source_theme"].to_list() == themes
    assert reading.unmatched == ()


def test_a_sheets_name_is_the_theme_of_what_stands_on_it() -> None:
    text = "Indicator | Apr-21\nNumber of contacts | 1"
    reading = read_sheets(a_sheet(text, name="Front door"), a_sheet(text, name="Care"))
    assert reading.observations["source_theme"].to_list() == ["Front door", "Care"]
    assert reading.sheets == ("Front door", "Care")


def test_a_label_without_a_claim_is_listed_with_its_address_and_the_nearest() -> None:
    text = """
Indicator          | Type   | Apr-21
Number of contact  | NUMBER | 1
Adopters approved  | NUMBER |
Analysis           |        |
CLA reviews        |        | see below, which says at some length why
Key                | Red    |
                   |        | 7
"""
    reading = read_sheets(a_sheet(text))
    said = [(row.label, row.address, row.nearest) for row in reading.unmatched]
    assert said == [
        ("Number of contact", "report.xlsx:Sheet1!A2", ("contacts", "referrals")),
        ("Adopters approved", "report.xlsx:Sheet1!A3", ()),
        ("", "report.xlsx:Sheet1!C7", ()),
    ]


def test_a_number_before_a_theme_is_no_more_than_that() -> None:
    text = """
No. | Indicator          | Apr-21
1   | Front door         |
1.1 | Number of contacts | 5
"""
    assert read_sheets(a_sheet(text)).observations["source_theme"].to_list() == ["Front door"]


def test_a_header_cell_that_holds_an_error_costs_its_column_only() -> None:
    text = "Indicator | Apr-21 | #REF! | Jun-21\nNumber of contacts | 1 | 2 | 3"
    reading = read_sheets(a_sheet(text))
    assert figures(reading) == ["contacts 2021-04 = 1", "contacts 2021-06 = 3"]
    assert unused(reading) == [("error #REF!", "its heading is not understood")]


@pytest.mark.parametrize(
    "heading",
    ["April - October 2021", "Apr-21 to Oct-21", "1 April to 9 November 2021", "19/20 to 20/21"],
)
def test_a_span_that_is_no_period_is_none(heading: str) -> None:
    text = f"Indicator | Apr-21 | {heading}\nNumber of contacts | 1 | 2"
    assert unused(read_sheets(a_sheet(text))) == [(heading, "its heading is not understood")]


WIDE = (
    ("Theme", "Front door"),
    ("Indicator", "Number of contacts"),
    ("Type", "NUMBER"),
    ("Apr-21", "1"),
    ("May-21", "2"),
    ("Target", "3"),
    ("Southampton 20/21", "4"),
    ("Statistical Neighbours", "5"),
    ("South East 20/21", "6"),
    ("England", "7"),
    ("RAG", "R"),
    ("Comments", "None"),
)


@given(st.permutations(WIDE), st.booleans())
def test_the_order_of_columns_changes_nothing_but_addresses(
    columns: list[tuple[str, str]], is_csv: bool
) -> None:
    lines = [" | ".join(column[line] for column in columns) for line in (0, 1)]
    reading = read_sheets(a_sheet("\n".join(lines), csv=is_csv))
    assert sorted([*figures(reading), *figures(reading, role="target")]) == [
        "contacts 2020/21 = 4",
        "contacts 2021-04 = 1",
        "contacts 2021-05 = 2",
        "contacts [England] no-year = 7",
        "contacts [South East] 2020/21 = 6",
        "contacts [Statistical neighbours] no-year = 5",
        "contacts no-year = 3",
    ]
    assert set(reading.observations["source_theme"]) == {"Front door"}
    assert {column.heading for column in reading.unused_columns} == {"RAG", "Comments"}


AWKWARD = st.sampled_from(
    (
        *("", "", "Indicator", "Number of contacts", "Apr-21", "Apr", "2021/22", "2021", "Q1"),
        *("Target", "England", "SN", "5", "1,897", "TBC", "N/A", "%", "s01", "Theme", "Area"),
        *("YTD", "Total", "Team", "Type", "Front door", "#REF!", "@2021-04-01", "44287", "-"),
        *("2011-12", "2012-13", "a note that runs on", "Reviews on time", "63.4%", "RAG"),
    )
)


@given(
    st.lists(st.lists(AWKWARD, min_size=1, max_size=7), min_size=1, max_size=8),
    st.booleans(),
    st.lists(st.tuples(st.integers(1, 8), st.integers(1, 7), st.integers(0, 2), st.integers(0, 3))),
)
def test_no_table_breaks_the_reading_and_no_cell_is_read_twice(
    rows: list[list[str]], is_csv: bool, ranges: list[tuple[int, int, int, int]]
) -> None:
    merges = " ".join(
        f"{chr(64 + column)}{row}:{chr(64 + column + right)}{row + down}"
        for row, column, down, right in ranges
    )
    sheet = a_sheet("\n".join(" | ".join(row) for row in rows), csv=is_csv, merges=merges)
    try:
        reading = read_sheets(sheet)
    except SourceError:
        return
    assert not reading.observations.select("source_cell", "role").is_duplicated().any()
    assert reading.observations.schema == READ


def test_a_claimed_label_alone_in_its_row_is_a_row_of_blanks() -> None:
    reading = read_sheets(a_sheet("Indicator | Apr-21\nNumber of contacts |\nA theme |"))
    assert figures(reading) == ["contacts 2021-04 = blank"]


def test_cells_that_are_not_understood_are_kept_and_listed() -> None:
    text = "Indicator | Apr-21 | May-21 | Target\nNumber of contacts | s01 | #REF! | as6"
    reading = read_sheets(a_sheet(text))
    assert figures(reading) == ["contacts 2021-04 = unreadable", "contacts 2021-05 = unreadable"]
    assert [(cell.address, cell.raw) for cell in reading.unreadable] == [
        ("report.xlsx:Sheet1!B2", "s01"),
        ("report.xlsx:Sheet1!C2", "#REF!"),
        ("report.xlsx:Sheet1!D2", "as6"),
    ]


def test_a_percentage_in_a_row_of_counts_is_read_and_said() -> None:
    reading = read_sheets(a_sheet("Indicator | Apr-21\nNumber of contacts | '96 %"))
    assert figures(reading) == ["contacts 2021-04 = 96"]
    assert reading.messages == (
        "report.xlsx:Sheet1!B2 is written as a percentage, but `contacts` is a number",
    )


RAGGED = {
    "a figure short": ("Number of contacts|1|2|9", "unreadable"),
    "a cell over": ("Number of contacts|1|2|3|9|note|", "unreadable"),
    "a figure short and a note in its place": ("Number of contacts|1|2|9|a note", "unreadable"),
    "nothing missing but the note": ("Number of contacts|1|2|3|9", "3"),
    "whole": ("Number of contacts|1|2|3|9|note", "3"),
}


@pytest.mark.parametrize(("row", "june"), RAGGED.values(), ids=RAGGED)
def test_no_value_of_a_short_or_long_row_slips_a_month(row: str, june: str) -> None:
    header = "Indicator|Apr-21|May-21|Jun-21|England|Comments"
    sheet = a_sheet(f"{header}\n{row}\nReviews on time|90|91|92|93|note", name=None, csv=True)
    reading = read_sheets(sheet, file="report.csv")
    assert figures(reading)[2] == f"contacts 2021-06 = {june}"
    assert figures(reading)[4:7] == [f"reviews 2021-0{n} = {86 + n}" for n in (4, 5, 6)]
    is_refused = june == "unreadable"
    assert len(reading.unreadable) == (4 if is_refused else 0)
    assert len(reading.messages) == is_refused


def test_rows_that_all_end_in_one_more_blank_cell_are_whole() -> None:
    text = "Indicator|Apr-21|May-21\nNumber of contacts|1|2|\nReviews on time|3|4|"
    reading = read_sheets(a_sheet(text, name=None, csv=True), file="report.csv")
    assert len(figures(reading)) == 4
    assert reading.unreadable == ()


def test_computed_indicators_are_not_read() -> None:
    catalogue = a_catalogue(an_indicator("share", title="Share", ratio=("a", "b")))
    reading = read_sheets(a_sheet("Indicator | Apr-21\nShare | 5"), catalogue=catalogue)
    assert figures(reading) == []
    assert reading.messages == ("`share` is computed from others; its row is not read",)


def test_an_outturn_type_printed_otherwise_than_the_catalogue_has_it_is_said() -> None:
    reading = read_sheets(a_sheet("Indicator | Type | Apr-21\nNumber of contacts | RATE | 5"))
    assert figures(reading) == ["contacts 2021-04 = 5"]
    assert reading.messages == ("report.xlsx:Sheet1!B2 says `RATE`, but `contacts` is a number",)


def test_two_periods_in_one_heading_are_said() -> None:
    text = "Indicator | 2019/20\n | Apr-21\nNumber of contacts | 1"
    reading = read_sheets(a_sheet(text))
    assert figures(reading) == ["contacts 2021-04 = 1"]
    assert reading.messages == (
        "report.xlsx:Sheet1!B2 `2019/20 Apr-21` names two periods; the lower one is taken",
    )


def test_a_header_without_rows_is_refused() -> None:
    with pytest.raises(SourceError, match="no rows beneath"):
        read_sheets(a_sheet("Indicator | Apr-21 | May-21"))


def test_a_sheet_without_a_table_gives_nothing() -> None:
    reading = read_sheets(a_sheet("Contents\nOur measures | Owner\nContacts | J"))
    assert reading.sheets == ()
    assert reading.observations.is_empty()


def test_the_label_is_kept_as_printed_on_one_line() -> None:
    reading = read_sheets(a_sheet("Indicator | Apr-21\nNumber of\\ncontacts* | 1"))
    assert reading.observations["label"].to_list() == ["Number of contacts*"]


def test_the_column_whose_texts_the_catalogue_claims_holds_the_labels() -> None:
    text = "Indicator | Description | Apr-21\nPI 1 | Number of contacts | 1"
    reading = read_sheets(a_sheet(text))
    assert figures(reading) == ["contacts 2021-04 = 1"]
