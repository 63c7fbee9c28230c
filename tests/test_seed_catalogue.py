"""The repository's own catalogue knows every row of the report it was made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.domain.catalogue import Catalogue
from kpi.readers.catalogue import find_catalogue, read_catalogue

REPORT: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    (
        "assessment",
        "Effective Assessment and Intervention",
        [
            ("Percentage of re-referrals within 12 months", "percentage", "N/A"),
            ("Number of assessments completed per month", "number", "250"),
            ("Rates of Single Assessments completed per 10,000", "rate", "637"),
            ("Percentage of C&F assessments completed within 45 working days", "percentage", ""),
        ],
    ),
    (
        "direct-contact",
        "Purposeful Direct Contact",
        [
            (
                "Percentage of children subject to a Child Protection Plan seen in the last "
                "15 working days",
                "percentage",
                "100",
            ),
            (
                "Percentage of CLA for whom a visit has taken place within statutory timescales "
                "(6 weeks or less visits)",
                "percentage",
                "100",
            ),
            ("CIN visits completed within 4 weeks", "percentage", "100"),
        ],
    ),
    (
        "management-support",
        "Management Support for better Practice",
        [
            (
                "Percentage of CIN who have had their supervision within timescale",
                "percentage",
                "90%",
            ),
            (
                "Percentage of CPP who have had their supervision within timescale",
                "percentage",
                "100%",
            ),
            (
                "Percentage of CLA who have had their supervision within timescale",
                "percentage",
                "90%",
            ),
            (
                "Percentage of Care Leavers who have had their supervision within timescale",
                "percentage",
                "90%",
            ),
        ],
    ),
    (
        "right-service",
        "Right Service at the Right Time",
        [
            ("Number of contacts", "number", "1400 per month"),
            ("Number of referrals in the month", "number", "300 per month"),
            ("Rates of referrals per 10,000 of Under 18 Population", "rate", "647"),
            ("Number of CLA at the end of the month", "number", "456"),
            (
                "Number of children with an active Child in Need Plan not allocated to CWD (CIN*)",
                "number",
                "475",
            ),
            (
                "Number of children who are subject of a Child Protection Plan as at the end of "
                "month",
                "number",
                "340",
            ),
            ("Number of care leavers", "number", "150"),
            ("Number of cases in care proceedings", "number", "TBC"),
        ],
    ),
    (
        "corporate-parenting",
        "Robust Corporate Parenting",
        [
            ("Rate of CLA per 10,000 of Under 18 population", "rate", "89"),
            ("Number of CLA at the end of the month who are UASC", "number", "35"),
            ("Percentage of CLA with an up to date review", "percentage", "100%"),
            (
                "Percentage of children in care for at least 12 months for whom health "
                "assessments are up to date",
                "percentage",
                "100%",
            ),
            (
                "Percentage of initial health assessments delivered within 20 working days of "
                "date child became looked after",
                "percentage",
                "95%",
            ),
            (
                "Percentage of CLA at end of month with 3 or more placements during the year",
                "percentage",
                "8%",
            ),
            ("Number of CLA allocated to CWD", "number", "N/A"),
            (
                "Number of Voluntarily Accommodated Section 20s (S20) at period end",
                "number",
                "40",
            ),
            (
                "Percentage of Looked after Children (LAC) with a permanence plan in place "
                "within 6 months of BLA",
                "percentage",
                "100%",
            ),
            (
                "Number of Looked after Children placed for adoption at period end",
                "number",
                "N/A",
            ),
            ("Percentage of CLA placed with IFAs at end of period", "percentage", "36"),
        ],
    ),
    (
        "quality-assurance",
        "Rigorous Quality Assurance",
        [
            ("Number of Cases Audited", "number", ""),
            ("Percentage of cases that are Good or Outstanding", "percentage", "70%"),
            ("Percentage of cases that are RI", "percentage", ""),
            ("Percentage of cases that are Inadequate", "percentage", ""),
        ],
    ),
]
"""The report's themes and rows as printed: label, outturn type, target. The number of CLA,
printed twice, stands once."""

ROWS = [(theme, *row) for theme, _, rows in REPORT for row in rows]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(find_catalogue(Path(__file__).parent))


def test_the_catalogue_has_the_reports_34_indicators_and_no_other(catalogue: Catalogue) -> None:
    assert len(catalogue.indicators) == len(ROWS) == 34


def test_indicators_and_themes_stand_in_the_reports_order(catalogue: Catalogue) -> None:
    assert [catalogue.indicator(row[1]) for row in ROWS] == list(catalogue.indicators)
    themes = [(theme.id, theme.title) for theme in catalogue.themes]
    assert themes == [(theme, title) for theme, title, _ in REPORT]


@pytest.mark.parametrize(("theme", "label", "outturn", "target"), ROWS)
def test_a_printed_row_is_known_as_printed(
    theme: str, label: str, outturn: str, target: str, catalogue: Catalogue
) -> None:
    indicator = catalogue.indicator(label)
    assert (indicator.theme, indicator.outturn) == (theme, outturn)
    aims = ["TBC" if each.awaited else f"{each.value:g}" for each in indicator.target]
    assert aims == ([] if target in ("", "N/A") else [target.split()[0].rstrip("%")])


@pytest.mark.parametrize(
    ("indicator", "basis", "per"),
    [
        ("contacts", "in-month", "month"),
        ("referrals", "in-month", "month"),
        ("assessments", "in-month", "month"),
        ("referral-rate", "year-to-date", "year"),
        ("assessment-rate", "year-to-date", "year"),
        ("cla", "snapshot", "point"),
        ("cla-rate", "snapshot", "point"),
        ("audit-good", "in-month", "point"),
    ],
)
def test_a_target_speaks_of_the_period_that_the_report_means(
    indicator: str, basis: str, per: str, catalogue: Catalogue
) -> None:
    found = catalogue.indicator(indicator)
    assert found.basis == basis
    assert [found.target_per(target) for target in found.target] == [per]


def test_short_titles_leave_room_in_78_columns(catalogue: Catalogue) -> None:
    assert [each.id for each in catalogue.indicators if len(each.short) > 34] == []


def test_who_is_looked_after_is_not_judged(catalogue: Catalogue) -> None:
    unjudged = {each.id for each in catalogue.indicators if each.polarity == "none"}
    assert unjudged == {
        "cla-uasc", "cla-cwd", "placed-for-adoption", "audit-requires-improvement",
    }  # fmt: skip


def test_audit_shares_rest_on_at_least_20_cases_and_hide_nothing(catalogue: Catalogue) -> None:
    shares = [each for each in catalogue.indicators if each.denominator == "cases-audited"]
    assert {each.id for each in shares} == {
        "audit-good", "audit-requires-improvement", "audit-inadequate",
    }  # fmt: skip
    assert {(each.small, each.suppress_below) for each in shares} == {(20, 0)}


def test_the_scanners_readings_of_a_label_are_known_too(catalogue: Catalogue) -> None:
    scanned = "Percentage of Care Leaver who have had their supervision and within timescale"
    assert catalogue.indicator(scanned).id == "care-leaver-supervision"
