"""A first catalogue from what a report prints."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.draft_text import quoted, render_catalogue
from kpi.domain.drafting import DraftCatalogue, Printed, draft_catalogue, slug
from kpi.readers.catalogue import read_catalogue


def drafted(*rows: Printed) -> DraftCatalogue:
    return draft_catalogue(rows, authority="Anytown", source="report.xlsx")


def a_row(label: str = "Contacts", **fields: Any) -> Printed:
    given_fields: dict[str, Any] = {
        "theme": None,
        "outturn": "number",
        "is_outturn_printed": True,
    } | fields
    return Printed(label, **given_fields)


@pytest.mark.parametrize(
    ("label", "made"),
    [
        ("Number of contacts", "contacts"),
        ("Percentage of re-referrals within 12 months", "re-referrals-within-12-months"),
        (
            "Rates of referrals per 10,000 of Under 18 Population",
            "referrals-10000-under-18-population",
        ),
        ("Número de niños", "numero-de-ninos"),
        ("£", "indicator"),
        ("Number", "number"),
    ],
)
def test_an_id_is_made_of_the_telling_words(label: str, made: str) -> None:
    assert slug(label) == made


def test_labels_that_would_share_an_id_get_numbers() -> None:
    draft = drafted(a_row("Number of CLA"), a_row("Percentage of CLA"), a_row("Rate of CLA"))
    assert [each.id for each in draft.indicators] == ["cla", "cla-2", "cla-3"]


def test_a_label_printed_twice_is_one_indicator() -> None:
    draft = drafted(a_row("Contacts", theme="A"), a_row("contacts*", theme="B"))
    assert [each.title for each in draft.indicators] == ["Contacts"]


@pytest.mark.parametrize(
    ("label", "months", "basis"),
    [
        ("Number of CLA at the end of the month", 1, "snapshot"),
        ("Plans as at the end of month", 1, "snapshot"),
        ("Referrals YTD", 1, "year-to-date"),
        ("Rolling turnover", 1, "rolling-12"),
        ("Number of contacts", 1, "in-month"),
        ("Number of contacts", 12, "annual"),
    ],
)
def test_the_basis_is_read_off_the_label_where_it_says_so(
    label: str, months: int, basis: str
) -> None:
    assert drafted(a_row(label, months=months)).indicators[0].basis == basis


@pytest.mark.parametrize(
    ("outturn", "rises", "basis"),
    [
        ("rate", True, "year-to-date"),
        ("rate", False, "in-month"),
        # A count may rise by chance, and most are of the month.
        ("number", True, "in-month"),
    ],
)
def test_a_rate_that_rises_in_every_month_is_taken_for_a_running_total(
    outturn: str, rises: bool, basis: str
) -> None:
    assert drafted(a_row(outturn=outturn, rises=rises)).indicators[0].basis == basis


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"target": 300.0, "target_raw": "300 per month", "target_per": "month"},
         '{ value = 300, per = "month" }'),
        ({"target": 92.5, "target_raw": "92.5"}, "92.5"),
        ({"target_raw": "TBC"}, '"TBC"'),
        ({}, ""),
        ({"target": 0.0, "target_raw": "0"}, ""),
        ({"target": 120.0, "target_raw": "120", "outturn": "percentage"}, ""),
    ],
)  # fmt: skip
def test_the_typed_target_is_taken_over_where_it_can_be(
    fields: dict[str, Any], target: str
) -> None:
    assert drafted(a_row(**fields)).indicators[0].target == target


labels = st.text(min_size=1, max_size=60) | st.sampled_from(["CLA", "CLA 2", "% CLA", "cla-2"])


@given(
    st.lists(
        st.builds(
            Printed,
            label=labels,
            theme=st.none() | labels,
            outturn=st.sampled_from(["percentage", "number", "rate"]),
            is_outturn_printed=st.booleans(),
            target=st.none() | st.floats(-1e6, 1e6),
            target_raw=st.just("as typed"),
            target_per=st.sampled_from([None, "month", "quarter", "year"]),
            months=st.sampled_from([1, 3, 12]),
            year=st.sampled_from(["financial", "calendar"]),
        ),
        max_size=5,
    )
)
def test_every_draft_is_a_valid_catalogue(rows: list[Printed]) -> None:
    draft = drafted(*rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "indicators.toml")
        path.write_text(render_catalogue(draft), encoding="utf-8")
        assert len(read_catalogue(path).indicators) == len(draft.indicators)


def test_an_empty_draft_is_valid_and_shows_how(tmp_path: Path) -> None:
    path = tmp_path / "indicators.toml"
    path.write_text(render_catalogue(DraftCatalogue('St. "Anytown"\n')), encoding="utf-8")
    assert read_catalogue(path).authority == 'St. "Anytown"\n'
    assert "# [indicator.referrals]" in path.read_text(encoding="utf-8")


def test_quotes_and_control_characters_stay_text() -> None:
    assert quoted('a"b\\c\x1b') == '"a\\"b\\\\c\\u001b"'
