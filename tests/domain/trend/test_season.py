"""Figures without the time of year: where that is asked for, and can be had."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpi.domain.catalogue import Indicator, Target
from kpi.domain.trend.season import NOT_A_FLOW, NOT_MONTHLY
from kpi.reference import england_referral_profile
from tests.builders import an_indicator
from tests.domain.trend.trends_of import months, trend_of

ENGLAND = england_referral_profile()


def seasonal(by: str, **fields: Any) -> Indicator:
    return an_indicator(polarity="low", seasonal=by, **fields)


def test_a_series_with_englands_very_shape_does_not_move() -> None:
    row = trend_of(seasonal("england"), months([3600 * share for share in ENGLAND]))
    assert row["lower_limit"] == pytest.approx(300)
    assert row["upper_limit"] == pytest.approx(300)
    assert [point["adjusted"] for point in row["series"]] == pytest.approx([300] * 12)


def test_reported_figures_stand_beside_the_adjusted() -> None:
    values = [330.0, 350.0, 310.0]
    row = trend_of(seasonal("england"), months(values))
    assert [point["value"] for point in row["series"]] == values
    assert (row["outturn"], row["in_period"]) == (310.0, 310.0)
    assert row["adjusted"] == pytest.approx(310 / (12 * ENGLAND[2]))
    assert row["change_on_previous"] == -40.0
    assert "England's profile" in row["sentence"]


def test_a_running_total_is_adjusted_month_by_month() -> None:
    shares = [sum(ENGLAND[: place + 1]) for place in range(12)]
    rate = seasonal("england", basis="year-to-date", outturn="rate")
    row = trend_of(rate, months([600 * share for share in shares]))
    assert [point["adjusted"] for point in row["series"]] == pytest.approx([50] * 12)


def test_a_series_own_shape_is_of_its_complete_earlier_years() -> None:
    shape = [90.0, 110.0, *[100.0] * 10]
    row = trend_of(seasonal("own"), months([*shape * 3, 180.0, 220.0], first="2018-04"))
    assert row["adjusted"] == pytest.approx(200)
    assert row["since"] is not None
    assert "its own earlier years" in row["sentence"]


@pytest.mark.parametrize(
    ("fields", "rows", "reason"),
    [
        ({"seasonal": "own"}, months([5.0, 6.0]), "0 complete earlier years"),
        ({"seasonal": "own", "basis": "snapshot"}, months([5.0, 6.0]), NOT_A_FLOW),
        ({"seasonal": "england", "outturn": "percentage"}, months([5.0]), NOT_A_FLOW),
        ({"seasonal": "england"}, [{"period": "2021-Q1", "value": 5.0}], NOT_MONTHLY),
    ],
)
def test_where_it_cannot_be_had_the_figures_stay_and_the_reason_is_said(
    fields: dict[str, Any], rows: list[dict[str, Any]], reason: str
) -> None:
    row = trend_of(an_indicator(polarity="low", **fields), rows)
    assert row["adjusted"] is None
    assert row["mean"] == pytest.approx(sum(each["value"] for each in rows) / len(rows))
    assert any(
        note.startswith(f"Not adjusted for the time of year: {reason}") for note in row["notes"]
    )


def test_an_adjusted_month_meets_a_flat_share_of_the_years_target() -> None:
    profiled = Target(value=1200, per="year", begins=date(2020, 4, 1), profile=(2.0, *[1.0] * 11))
    values = [100.0, 110.0, 90.0]
    assert trend_of(seasonal("none", target=(profiled,)), months(values[:1]))[
        "target_of_period"
    ] == pytest.approx(2400 / 13)
    adjusted = trend_of(seasonal("england", target=(profiled,)), months(values[:1]))
    assert adjusted["target_of_period"] == 100.0
