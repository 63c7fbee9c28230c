"""What a report's rows say of their indicators before there is a catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.domain.draft_text import render_catalogue
from kpi.domain.drafting import Printed, draft_catalogue
from kpi.readers.catalogue import read_catalogue
from kpi.readers.source import draft_rows

MONTHS = "Apr-24,May-24,Jun-24,Jul-24"


def drafts(folder: Path, text: str) -> dict[str, Printed]:
    path = folder / "report.csv"
    path.write_text(text, encoding="utf-8")
    return {draft.label: draft for draft in draft_rows(path).drafts}


def toml(folder: Path, text: str) -> str:
    """The drafted catalogue, which reads without a mistake."""
    draft = draft_catalogue(drafts(folder, text).values(), authority="Anytown", source="r.csv")
    path = folder / "indicators.toml"
    path.write_text(render_catalogue(draft), encoding="utf-8")
    assert read_catalogue(path).indicators
    return path.read_text(encoding="utf-8")


def test_a_row_is_drafted_with_its_months_and_its_own_earlier_years(tmp_path: Path) -> None:
    text = (
        f"Kirklees City Council\n\nIndicator,{MONTHS},Kirklees 2022/23,Kirklees 2023/24,"
        "England 2023/24,2024/25 YTD\nVisits,1,2,3,4,40,44,9000,10\n"
    )
    row = drafts(tmp_path, text)["Visits"]
    assert (row.figures, row.years) == ((1, 2, 3, 4), (40, 44))


@pytest.mark.parametrize(
    ("header", "figures", "rises"),
    [
        (MONTHS, "50,101,150,203", True),
        ("Jul-24,Jun-24,May-24,Apr-24", "203,150,101,50", True),
        (MONTHS, "50,50,101,203", True),
        (MONTHS, "50,101,90,203", False),
        (MONTHS, "50,51,52,53", False),
        (MONTHS, "0,0,0,0", False),
        ("Apr-24,May-24,Jun-24", "50,101,150", False),
        # A running total starts anew in April.
        ("Jan-24,Feb-24,Mar-24," + MONTHS, "450,500,551,50,101,150,203", True),
        ("Feb-24,Mar-24," + MONTHS, "551,500,50,101,150,203", False),
    ],
)
def test_figures_rise_through_a_financial_year(
    tmp_path: Path, header: str, figures: str, rises: bool
) -> None:
    row = drafts(tmp_path, f"Indicator,{header}\nReferrals per 10000,{figures}\n")
    assert row["Referrals per 10000"].rises == rises


def test_targets_in_words_stand_in_a_comment(tmp_path: Path) -> None:
    said = toml(
        tmp_path,
        f"Indicator,Target,{MONTHS}\n"
        "Visits,95% by March 2026,90%,91%,92%,93%\n"
        "Calls,Reduce to 650,700,710,720,705\n"
        "Beds,between 450 and 520,460,470,480,475\n"
        "Plans,at least 95%,90%,91%,92%,93%\n",
    )
    assert '# printed target, not understood: "95% by March 2026"' in said
    assert '# printed target, not understood: "Reduce to 650"' in said
    assert '# printed target, not understood: "between 450 and 520"' in said
    assert '# a band is polarity = "range" and target = { low = 450, high = 520 }' in said
    assert "target   = 95\n" in said
    assert "at least 95" not in said


def test_the_way_that_the_report_says_is_good_stands_beside_the_polarity(tmp_path: Path) -> None:
    said = toml(
        tmp_path,
        f"Indicator,Good is,Target,{MONTHS}\n"
        "Visits,,at least 95%,90%,91%,92%,93%\n"
        "Calls,Low,650,700,710,720,705\n"
        "Beds,,450,460,470,480,475\n",
    )
    assert (
        'polarity = "none"  # to fill in: the report says "at least", so probably "high"\n' in said
    )
    assert (
        'polarity = "none"  # to fill in: under "Good is" the report says "Low", '
        'so probably "low"\n'
    ) in said
    assert 'polarity = "none"  # fill in: "high" or "low" is good\n' in said
