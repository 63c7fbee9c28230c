"""The basis that a report's rows are drafted with, by their words and figures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.draft_basis import guessed_basis

FLAT = (70.1, 70.9, 71.2, 71.5, 70.8, 71.5)
RISING = (52.0, 101.0, 160.0, 214.0, 270.0, 322.0)

NUMBERS: list[tuple[str, dict[str, Any], str]] = [
    ("UASC", {"figures": (38, 40, 41, 39), "years": (35, 36)}, "snapshot"),
    ("UASC", {}, "snapshot"),
    ("Average caseload", {"figures": (16.2, 17.0)}, "snapshot"),
    ("Average number of referrals per social worker in the month", {}, "snapshot"),
    ("Caseloads per worker", {}, "snapshot"),
    ("Open cases", {}, "snapshot"),
    ("Referrals awaiting allocation", {}, "snapshot"),
    ("Number of children in care", {"years": (440,), "figures": (450, 455)}, "snapshot"),
    ("Children subject to a child protection plan", {}, "snapshot"),
    ("Children on a plan", {}, "snapshot"),
    ("Children looked after", {}, "snapshot"),
    ("Social worker vacancies", {}, "snapshot"),
    ("Contacts at month end awaiting a decision", {}, "snapshot"),
    ("Children in need", {"figures": (700, 710), "years": (690,)}, "snapshot"),
    ("Households supported", {"figures": (210, 220, 208), "years": (205, 199)}, "snapshot"),
    ("Households supported", {"figures": (21, 22, 20), "years": (250, 240)}, "in-month"),
    ("Households supported", {}, "in-month"),
    ("Children missing from care", {}, "in-month"),
    ("Contacts", {"figures": (1400, 1380), "years": (1350,)}, "in-month"),
    ("Referrals received", {"figures": (300, 310), "years": (3600,)}, "in-month"),
    ("Assessments completed", {}, "in-month"),
    ("Children who started to be looked after", {}, "in-month"),
    ("CLA who ceased", {}, "in-month"),
    ("CLA reviews held", {}, "in-month"),
    ("Children becoming looked after in the month", {}, "in-month"),
    ("Assessments per month", {}, "in-month"),
    ("Children subject to section 47 enquiries", {}, "in-month"),
    ("Referrals received in the current month", {}, "in-month"),
    ("Plans finished by the end of month", {}, "in-month"),
    # It rises from a twelfth of the year before towards the whole of it.
    ("Households supported", {"figures": RISING, "years": (610,), "rises": True}, "year-to-date"),
    ("Households supported", {"figures": RISING, "rises": True}, "in-month"),
]

RATES: list[tuple[str, dict[str, Any], str]] = [
    ("CLA rate per 10,000", {"figures": FLAT, "years": (69.0, 70.2)}, "snapshot"),
    ("CLA rate per 10,000", {}, "snapshot"),
    ("CLA rate per 10,000", {"figures": FLAT, "years": (7.1,)}, "snapshot"),
    ("Rate of referrals per 10,000", {"figures": RISING, "rises": True}, "year-to-date"),
    # A year's worth in each month: annualised.
    ("Rate of referrals per 10,000", {"figures": (545, 550), "years": (560,)}, "snapshot"),
    ("Rate of referrals per 10,000", {"figures": (45, 46), "years": (560,)}, "in-month"),
    ("Rate of referrals per 10,000", {"figures": (45, 46, 44, 47)}, "snapshot"),
    ("Rate of referrals per 10,000", {"figures": (45, 91)}, "in-month"),
    ("Offences per 1,000", {"figures": (4.1, 4.0, 4.3, 4.2)}, "snapshot"),
]

PERCENTAGES: list[tuple[str, dict[str, Any], str]] = [
    ("CLA with an up to date review", {}, "snapshot"),
    ("Assessments completed within 45 days", {}, "in-month"),
    ("Audits graded good", {}, "in-month"),
    ("Care leavers in education", {}, "snapshot"),
]


@pytest.mark.parametrize(
    ("outturn", "label", "fields", "basis"),
    [
        (outturn, *case)
        for outturn, cases in (("number", NUMBERS), ("rate", RATES), ("percentage", PERCENTAGES))
        for case in cases
    ],
)
def test_the_basis_is_guessed_from_words_and_figures(
    outturn: Any, label: str, fields: dict[str, Any], basis: str
) -> None:
    assert guessed_basis(label, outturn=outturn, **({"months": 1} | fields))[0] == basis


@pytest.mark.parametrize(
    ("label", "fields", "why"),
    [
        ("Number of UASC", {}, 'guessed from "UASC"'),
        ("Cases open", {}, 'guessed from "open"'),
        (
            "Households",
            {"figures": (20, 21), "years": (22,)},
            "guessed from its earlier years, about as large as its months",
        ),
        ("Households", {}, "a guess: or snapshot, year-to-date, rolling-12"),
        ("Referrals YTD", {}, 'guessed from "YTD"'),
    ],
)
def test_the_reason_says_what_was_guessed_from(label: str, fields: Any, why: str) -> None:
    assert guessed_basis(label, outturn="number", months=1, **fields)[1] == why


def test_quarters_are_added_up_to_a_year_by_four() -> None:
    fields: dict[str, Any] = {"outturn": "number", "months": 3, "figures": (50, 52)}
    assert guessed_basis("Households", years=(210,), **fields)[0] == "in-month"
    assert guessed_basis("Households", years=(51,), **fields)[0] == "snapshot"


finite = st.floats(-1e9, 1e9)


@given(
    st.text(max_size=60),
    st.sampled_from(["number", "rate", "percentage"]),
    st.sampled_from([1, 3, 12]),
    st.lists(finite, max_size=5),
    st.lists(finite, max_size=3),
    st.booleans(),
)
def test_any_row_has_a_basis_and_a_reason(
    label: str, outturn: Any, months: int, figures: list[float], years: list[float], rises: bool
) -> None:
    basis, why = guessed_basis(
        label, outturn=outturn, months=months, rises=rises, figures=figures, years=years
    )
    assert basis
    assert why
