"""Where limits begin anew: a date means its period, on a gap the next point, outside nothing."""

from __future__ import annotations

from datetime import date

import pytest

from kpi.domain.catalogue import Indicator, Rebase, Spc, Version
from tests.builders import an_indicator
from tests.domain.trend.trends_of import Row, months, trend_of

STEP = [10.0, 11.0, 12.0, 11.0, 10.0, 11.0, 20.0, 21.0, 22.0, 21.0, 20.0, 21.0]


def rebased(*days: date) -> Indicator:
    return an_indicator(
        polarity="high", spc=Spc(rebase=tuple(Rebase(day, "new front door") for day in days))
    )


def groups(row: Row) -> list[int]:
    return [point["group"] for point in row["series"]]


@pytest.mark.parametrize("day", [1, 15, 31])
def test_a_date_means_the_period_that_it_lies_in(day: int) -> None:
    row = trend_of(rebased(date(2020, 10, day)), months(STEP))
    assert groups(row) == [0] * 6 + [1] * 6
    assert row["mean"] == pytest.approx(125 / 6)
    assert row["notes"] == ["Limits begin anew in October 2020: new front door."]


def test_a_date_on_a_gap_means_the_next_point_and_that_is_said() -> None:
    gap: list[float | None] = [*STEP[:6], None, *STEP[7:]]
    row = trend_of(rebased(date(2020, 10, 15)), months(gap))
    assert groups(row) == [0] * 6 + [1] * 5
    assert row["series"][6]["period"] == "2020-11"
    assert row["notes"][0] == (
        "Limits begin anew in November 2020 (2020-10-15 lies on a gap before it): new front door."
    )


def test_a_period_without_a_usable_figure_is_a_gap_too() -> None:
    twice = [*months(STEP), {"period": "2020-10", "value": 99.0}]
    row = trend_of(rebased(date(2020, 10, 15)), twice)
    assert groups(row) == [0] * 6 + [1] * 5


@pytest.mark.parametrize("outside", [date(2020, 3, 31), date(2021, 4, 1)])
def test_a_date_outside_the_series_does_nothing(outside: date) -> None:
    row = trend_of(rebased(outside), months(STEP))
    assert groups(row) == [0] * 12
    assert row["notes"] == []


def test_a_date_after_the_chosen_period_does_nothing_yet() -> None:
    row = trend_of(rebased(date(2020, 10, 15)), months(STEP), up_to="2020-09")
    assert groups(row) == [0] * 6


def test_limits_may_begin_anew_more_than_once() -> None:
    row = trend_of(rebased(date(2020, 7, 1), date(2020, 10, 1)), months(STEP))
    assert groups(row) == [0] * 3 + [1] * 3 + [2] * 6
    assert len(row["notes"]) == 2


def test_a_definition_that_does_not_compare_begins_a_group() -> None:
    changed = Version(date(2020, 10, 1), "all visits count", comparable=False)
    row = trend_of(an_indicator(polarity="high", version=(changed,)), months(STEP))
    assert groups(row) == [0] * 6 + [1] * 6
    assert row["notes"] == [
        "A new definition holds from October 2020, all visits count: limits begin anew, and "
        "nothing is compared across it."
    ]


def test_a_definition_that_compares_changes_nothing() -> None:
    changed = Version(date(2020, 10, 1), "a clearer wording")
    assert groups(trend_of(an_indicator(version=(changed,)), months(STEP))) == [0] * 12


@pytest.mark.parametrize(
    ("up_to", "on_previous", "on_year"),
    [
        ("2020-10", None, None),
        ("2020-11", 1.0, None),
        ("2021-09", 0.0, None),
        ("2021-10", 1.0, 2.0),
    ],
)
def test_nothing_is_compared_across_a_definition_that_does_not_compare(
    up_to: str, on_previous: float | None, on_year: float | None
) -> None:
    changed = Version(date(2020, 10, 1), "all visits count", comparable=False)
    values = [*STEP, 21.0, 21.0, 21.0, 21.0, 21.0, 21.0, 22.0]
    indicator = an_indicator(polarity="high", version=(changed,))
    row = trend_of(indicator, months(values), up_to=up_to)
    assert (row["change_on_previous"], row["change_on_year"]) == (on_previous, on_year)
    assert (row["direction_of_travel"] is None) == (on_previous is None)


def test_each_groups_own_first_points_are_its_baseline() -> None:
    indicator = an_indicator(spc=Spc(baseline=3, rebase=(Rebase(date(2020, 10, 1), "moved"),)))
    row = trend_of(indicator, months(STEP))
    assert row["mean"] == 21.0
    assert row["notes"][-1] == "Limits rest on the first 3 points of each group."
