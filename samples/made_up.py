"""What the sample workbooks and the damaged CSV hold beyond `board-report-2021-10.csv`.

Here is what was made up to turn the report's table into files as councils keep them: sheets,
headings, notes, last month's figures. The scanner's damage is the scan's own. `make.py` builds
the files from this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MonthStyle = Literal["first of month", "last of month", "Apr-21", "April 2021", "year above"]
PercentStyle = Literal["percent format", "plain and text"]

MONTHS = ("Apr-21", "May-21", "Jun-21", "Jul-21", "Aug-21", "Sep-21", "Oct-21")
LABELS = ("Indicator", "Outturn type")
COMPARATORS = (
    "Southampton 19/20",
    "Southampton 20/21",
    "Statistical Neighbours",
    "South East",
    "England",
)
TWO_LINES = {
    "Southampton 19/20": ("Southampton", "19/20"),
    "Southampton 20/21": ("Southampton", "20/21"),
    "Statistical Neighbours": ("Statistical", "Neighbours"),
}

# What September's report said where October's says something else. The two referral figures
# move together, so that each month's count and rate still imply one population.
SEPTEMBER_FIGURES = {
    ("Number of assessments completed per month", "Sep-21"): "289",
    (
        "Percentage of children subject to a Child Protection Plan seen in the last 15 working "
        "days",
        "Sep-21",
    ): "85%",
    ("Number of contacts", "Aug-21"): "1871",
    ("Number of referrals in the month", "Sep-21"): "419",
    ("Rates of referrals per 10,000 of Under 18 Population", "Sep-21"): "427",
    (
        "Percentage of children in care for at least 12 months for whom health assessments are "
        "up to date",
        "Aug-21",
    ): "87%",
}

# What the scanner made of single cells, and of two rows' cells from April onwards.
DAMAGED_CELLS = {
    ("Right Service at the Right Time", "Number of CLA at the end of the month"): {
        "May-21": "298",
        "Jun-21": "s01",
        "Target": "as6",
    },
    ("Robust Corporate Parenting", "Rate of CLA per 10,000 of Under 18 population"): {
        "May-21": "%",
    },
    (
        "Robust Corporate Parenting",
        "Number of Looked after Children placed for adoption at period end",
    ): {"Apr-21": "v"},
    ("Effective Assessment and Intervention", "Percentage of re-referrals within 12 months"): {
        "Target": "23",
        "Southampton 19/20": "28",
        "Southampton 20/21": "22",
        "Statistical Neighbours": "28",
        "South East": "23",
        "England": "N/A",
    },
}
SHORT_ROWS = {
    "Percentage of C&F assessments completed within 45 working days": (
        *("91%", "87%", "89%", "94%", "86%", "90%"),
        *("85", "87", "89", "88"),
    ),
}


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows of a theme under one heading of their own; an empty title shows none."""

    rows: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one theme's sheet is laid out.

    Attributes:
        headings_on_two_lines: Merged headings over two rows; else line breaks within one row.
        left: The first column used, counted from 1.
        columns: What stands to the right of the months.
        last_months_missing: Months at the end that the theme does not report yet.
    """

    sheet: str
    theme: str
    months: MonthStyle
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    percentages: PercentStyle = "percent format"
    headings_on_two_lines: bool = True
    left: int = 1
    columns: tuple[str, ...] = ("Target", *COMPARATORS)
    last_months_missing: int = 0


PLANS = (
    Plan(
        sheet="Assessment",
        theme="Effective Assessment and Intervention",
        months="first of month",
        blocks=(Block(4),),
        notes=("N/A: no target or no comparator.",),
    ),
    Plan(
        sheet="Direct Contact",
        theme="Purposeful Direct Contact",
        months="Apr-21",
        blocks=(Block(3),),
        notes=("CLA visits: six weeks or less, as the child's plan says.",),
        headings_on_two_lines=False,
    ),
    Plan(
        sheet="Management Support",
        theme="Management Support for better Practice",
        months="last of month",
        blocks=(Block(4),),
        notes=("Supervision within the timescale of the supervision policy.",),
        percentages="plain and text",
    ),
    Plan(
        sheet="Right Service",
        theme="Right Service at the Right Time",
        months="year above",
        blocks=(Block(8),),
        notes=(
            "* CIN: open plans, without children allocated to the Children with Disabilities team.",
            "TBC: proceedings data was not available for analysis before the Improvement Board.",
        ),
        left=2,
    ),
    Plan(
        sheet="Corporate Parenting",
        theme="Robust Corporate Parenting",
        months="first of month",
        blocks=(
            Block(3, "Children looked after"),
            Block(9, "Reviews, health, placements and permanence"),
        ),
        notes=(
            "TBC: initial health assessments, data being obtained with health colleagues; "
            "permanence plans, to follow with the new case management system.",
            "IFA: independent fostering agency. BLA: becoming looked after.",
        ),
    ),
    Plan(
        sheet="Quality Assurance",
        theme="Rigorous Quality Assurance",
        months="April 2021",
        blocks=(Block(4),),
        notes=("RI: requires improvement.",),
        headings_on_two_lines=False,
        columns=("Target",),
        last_months_missing=1,
    ),
)

BREAKS_IN_LABELS = {"the last 15 working days": "\nthe last 15 working days"}
COVER_NOTES = (
    "One sheet for each theme of the improvement plan; the months of the financial year so far, "
    "then the target and the comparators.",
    "N/A: does not apply, or no comparator is published. TBC: to be confirmed.",
    "Sample for the kpi project: figures from the report to the improvement board, layout made up.",
)
