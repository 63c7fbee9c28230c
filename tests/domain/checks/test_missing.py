from __future__ import annotations

import pytest

from kpi.domain.checks.missing import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import comparators, found, messages, months

NO_LAG = a_catalogue(an_indicator("contacts", short_title="Contacts"))
LAG = a_catalogue(an_indicator("contacts", short_title="Contacts", lag_months=1))

CASES = [
    pytest.param([1.0] * 7, [], id="every month"),
    pytest.param([1.0, None, *[1.0] * 5], ["Contacts: no figure for May-21 (blank)"], id="a blank"),
    pytest.param([None, *[1.0] * 6], ["Contacts: no figure for Apr-21 (blank)"], id="the first"),
    pytest.param([*[1.0] * 6, None], ["Contacts: no figure for Oct-21 (blank)"], id="the newest"),
    pytest.param([*[1.0] * 6], ["Contacts: no figure for Oct-21"], id="not even a cell"),
    pytest.param([1.0, "awaited", *[1.0] * 5], [], id="TBC says why"),
    pytest.param(["awaited"] * 7, [], id="TBC all through"),
    pytest.param([None] * 7, ["Contacts: no figure for Apr-21 to Oct-21 (blank)"], id="nothing"),
    pytest.param([*[1.0] * 5, None, None], ["Contacts: no figure for Sep-21 to Oct-21 (blank)"],
                 id="two months at the end"),
    pytest.param([*[1.0] * 4, None, None, None], [], id="three have stopped"),
    pytest.param([1.0, "s01", *[1.0] * 5], [], id="a cell that is not understood is not missing"),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_every_month_up_to_the_chosen_one_has_its_word(
    figures: list[float | str | None], expected: list[str]
) -> None:
    assert messages(CHECK, NO_LAG, months(figures)) == expected


def test_a_month_within_the_lag_is_awaited() -> None:
    assert messages(CHECK, LAG, months([*[1.0] * 6, None])) == []


def test_a_month_beyond_the_lag_is_missing() -> None:
    assert messages(CHECK, LAG, months([*[1.0] * 5, None, None])) == [
        "Contacts: no figure for Sep-21 (blank)"
    ]


def test_months_after_the_chosen_one_are_not_missed() -> None:
    assert messages(CHECK, NO_LAG, months([1.0, 1.0, None]), up_to="2021-05") == []


def test_figures_of_every_third_month_have_no_gaps() -> None:
    """Some rows of a monthly table are only filled at the end of a quarter."""
    quarterly = [None, None, 1.0, None, None, 1.0, None]
    assert messages(CHECK, NO_LAG, months(quarterly)) == []


def test_a_quarter_left_out_of_those_is_a_gap() -> None:
    rows = months([1.0, None, None, 1.0, None, None, None, None, None, 1.0], since="2021-01")
    assert messages(CHECK, NO_LAG, rows) == ["Contacts: no figure for Jul-21 (blank)"]


def test_quarters_have_gaps_too() -> None:
    rows = [
        {"period": "2021-Q1", "value": 1.0},
        {"period": "2021-Q3", "value": 1.0},
        {"period": "2021-Q4", "value": 1.0},
    ]
    assert messages(CHECK, NO_LAG, rows, up_to="2022-03") == ["Contacts: no figure for Q2 2021/22"]


def test_a_team_has_gaps_but_no_end() -> None:
    rows = months([None, 1.0, None, 1.0, None, None, None], unit="Team 1")
    assert messages(CHECK, NO_LAG, rows) == []
    rows = months([None, 1.0, 1.0, None, 1.0, None, None], unit="Team 1")
    assert messages(CHECK, NO_LAG, rows) == ["Contacts (Team 1): no figure for Jul-21 (blank)"]


def test_other_areas_and_typed_years_are_not_missed() -> None:
    rows = [*months([1.0] * 7), *comparators(own=[("2019/20", 1.0), ("2021/22", None)])]
    assert messages(CHECK, NO_LAG, rows) == []
    assert messages(CHECK, NO_LAG, months([1.0, None, 1.0], area="Portsmouth")) == []


def test_a_blank_cell_is_named_else_the_newest_one() -> None:
    (blank,) = found(CHECK, NO_LAG, months([1.0, None, *[1.0] * 5]))
    assert (blank["source_cell"], blank["periods"]) == ("D2", ["2021-05"])
    (absent,) = found(CHECK, NO_LAG, months([1.0] * 6))
    assert absent["source_cell"] == "H2"
