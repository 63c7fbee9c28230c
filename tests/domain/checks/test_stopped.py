from __future__ import annotations

import pytest

from kpi.domain.checks.stopped import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import comparators, found, messages, months

NO_LAG = a_catalogue(an_indicator("contacts", short_title="Contacts"))
LAG = a_catalogue(an_indicator("contacts", short_title="Contacts", lag_months=2))

CASES = [
    pytest.param(7, [], id="up to the chosen month"),
    pytest.param(5, [], id="two months behind"),
    pytest.param(4, ["Contacts: the newest figure is for Jul-21, 3 months before Oct-21"], id="3"),
    pytest.param(1, [], id="one figure is no series"),
]


@pytest.mark.parametrize(("count", "expected"), CASES)
def test_a_series_has_stopped_after_three_months(count: int, expected: list[str]) -> None:
    assert messages(CHECK, NO_LAG, months([1.0] * count)) == expected


def test_what_is_awaited_has_not_stopped() -> None:
    assert messages(CHECK, LAG, months([1.0] * 4)) == []
    assert len(messages(CHECK, LAG, months([1.0] * 2))) == 1


def test_blank_cells_do_not_keep_a_series_going() -> None:
    (finding,) = found(CHECK, NO_LAG, months([1.0] * 4 + [None] * 3))
    assert finding["source_cell"] == "F2"


def test_tbc_does() -> None:
    assert messages(CHECK, NO_LAG, months([1.0] * 4 + ["awaited"] * 3)) == []


def test_years_stop_after_two() -> None:
    rows = [{"period": period, "value": 1.0} for period in ("2017/18", "2018/19")]
    assert messages(CHECK, NO_LAG, rows, up_to="2021-03") == [
        "Contacts: the newest figure is for 2018/19, 2 years before Mar-21"
    ]
    assert messages(CHECK, NO_LAG, rows, up_to="2021-02") == []


def test_years_typed_beside_months_are_no_series() -> None:
    rows = [*months([1.0] * 7), *comparators(own=[("2015/16", 1.0), ("2016/17", 2.0)])]
    assert messages(CHECK, NO_LAG, rows) == []


def test_teams_come_and_go() -> None:
    assert messages(CHECK, NO_LAG, months([1.0] * 4, unit="Team 1")) == []
