from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.domain.comparison.like_with_like import (
    A_COUNT,
    mid_year_of,
    with_population,
    with_unit_alike,
)
from tests.domain.comparison.comparison_frames import one_compared

COUNT = {"outturn_type": "number", "basis": "in-month"}
RATE_TO_DATE = {"outturn_type": "rate", "basis": "year-to-date"}


@pytest.mark.parametrize(
    ("own", "comparator", "outturn", "value"),
    [
        pytest.param({"outturn": 24.0}, {"value": 22.7}, 24.0, 22.7, id="a percentage as it is"),
        pytest.param(
            {"outturn": 24.0, "basis": "in-month"},
            {"value": 22.7},
            24.0,
            22.7,
            id="a percentage of a month beside a year's",
        ),
        pytest.param(
            {"outturn": 104.0, "outturn_type": "rate"},
            {"value": 69.0},
            104.0,
            69.0,
            id="a snapshot beside 31 March",
        ),
        pytest.param(
            COUNT | {"outturn": 387.0},
            {"value": 4092.0, "kind": "own year"},
            387.0,
            341.0,
            id="a month's count beside a year's, divided",
        ),
        pytest.param(
            COUNT | {"outturn": 1100.0, "period": "2021-Q2"},
            {"value": 4092.0, "kind": "own year"},
            1100.0,
            1023.0,
            id="a quarter's count beside a year's",
        ),
        pytest.param(
            COUNT | {"outturn": 387.0},
            {"value": 400.0, "period": "2021-10", "origin": "ingested"},
            387.0,
            400.0,
            id="a month beside a month",
        ),
        pytest.param(
            COUNT | {"outturn": 387.0},
            {"value": 1200.0, "period": "2021-Q2", "origin": "ingested"},
            387.0,
            400.0,
            id="a month beside another place's quarter",
        ),
        pytest.param(
            RATE_TO_DATE | {"outturn": 503.0},
            {"value": 507.1},
            12 * 503.0 / 7,
            507.1,
            id="a year to date, annualised",
        ),
        pytest.param(
            RATE_TO_DATE | {"outturn": 503.0},
            {"value": 561.0, "period": None, "origin": "typed"},
            12 * 503.0 / 7,
            561.0,
            id="a year to date beside a figure without a year",
        ),
        pytest.param(
            RATE_TO_DATE | {"outturn": 503.0},
            {"value": 480.0, "period": "2021-10", "origin": "ingested"},
            503.0,
            480.0,
            id="two years to date of the same months",
        ),
        pytest.param(
            RATE_TO_DATE | {"outturn": 503.0},
            {"value": 420.0, "period": "2021-09", "origin": "ingested"},
            12 * 503.0 / 7,
            840.0,
            id="two years to date of different months",
        ),
        pytest.param(
            RATE_TO_DATE | {"outturn": 822.7, "period": "2020/21"},
            {"value": 507.1},
            822.7,
            507.1,
            id="a whole year to date",
        ),
        pytest.param(
            COUNT | {"outturn": 17.0, "is_average": True},
            {"value": 16.0},
            17.0,
            16.0,
            id="an average caseload is never divided",
        ),
        pytest.param(
            COUNT | {"outturn": 387.0, "own_population": 50_000.0},
            {"value": 600_000.0, "alike": 0.048, "is_per_person": True},
            387.0,
            200.0,
            id="a count becomes what the other's rate would give",
        ),
        pytest.param(
            {"outturn": 12.0, "basis": "rolling-12"}, {"value": 9.0}, 12.0, 9.0, id="rolling"
        ),
    ],
)
def test_two_figures_are_put_in_the_same_terms(
    own: dict[str, Any], comparator: dict[str, Any], outturn: float, value: float
) -> None:
    found = one_compared(own, comparator)
    assert (found["outturn_compared"], found["value_compared"]) == pytest.approx((outturn, value))
    assert found["difference"] == pytest.approx(outturn - value)


def test_whole_numbers_stay_whole() -> None:
    """12 x 503 / 7 is worked out in that order, as the working is printed."""
    found = one_compared(RATE_TO_DATE | {"outturn": 7.0}, {"value": 1.0})
    assert found["outturn_compared"] == 12.0


def _alike(**given: Any) -> dict[str, Any]:
    place = {
        "value": 600.0,
        "unit_type": "percentage",
        "unit_per": 10000.0,
        "is_count": False,
        "population": 10_000.0,
        "outturn_type": "percentage",
        "per": 10000.0,
    }
    frame = pl.LazyFrame(
        [place | given],
        schema_overrides={"population": pl.Float64, "value": pl.Float64, "unit_per": pl.Float64},
    )
    return frame.pipe(with_unit_alike).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("given", "alike", "is_per_person", "unlike"),
    [
        pytest.param({}, 600.0, False, None, id="a percentage"),
        pytest.param({"unit_type": "rate", "outturn_type": "rate"}, 600.0, False, None, id="rates"),
        pytest.param(
            {"unit_type": "rate", "outturn_type": "rate", "per": 1000.0},
            60.0,
            False,
            None,
            id="a rate per other children",
        ),
        pytest.param(
            {"unit_type": "number", "is_count": True, "outturn_type": "rate"},
            600.0,
            False,
            None,
            id="a count becomes a rate",
        ),
        pytest.param(
            {"unit_type": "number", "is_count": True, "outturn_type": "number"},
            0.06,
            True,
            None,
            id="a count is so many per child",
        ),
        pytest.param(
            {"unit_type": "rate", "outturn_type": "number"},
            0.06,
            True,
            None,
            id="a rate beside a count is so many per child",
        ),
        pytest.param(
            {"unit_type": "number", "outturn_type": "number"}, 600.0, False, None, id="an average"
        ),
        pytest.param(
            {
                "unit_type": "number",
                "is_count": True,
                "outturn_type": "number",
                "population": None,
            },
            None,
            True,
            A_COUNT,
            id="a count without a population",
        ),
        pytest.param(
            {"unit_type": "rate"},
            None,
            False,
            "a rate, and the indicator is a percentage",
            id="another unit",
        ),
        pytest.param(
            {"unit_type": "number", "is_count": True},
            None,
            False,
            "a number, and the indicator is a percentage",
            id="a count beside a percentage",
        ),
        pytest.param({"value": None}, None, False, None, id="nothing in, nothing out"),
    ],
)
def test_a_value_is_put_in_the_indicators_unit_or_it_is_said_why_not(
    given: dict[str, Any], alike: float | None, is_per_person: bool, unlike: str | None
) -> None:
    found = _alike(**given)
    assert found["alike"] == (None if alike is None else pytest.approx(alike))
    assert (found["is_per_person"], found["unlike"]) == (is_per_person, unlike)


@pytest.mark.parametrize(
    ("end", "mid_year"),
    [
        (date(2025, 3, 31), 2024),
        (date(2021, 3, 31), 2020),
        (date(2021, 4, 30), 2021),
        (date(2021, 10, 31), 2021),
        (date(2022, 1, 31), 2021),
        (date(2021, 9, 30), 2021),
    ],
)
def test_a_figure_rests_on_the_mid_year_before_its_reporting_year_ends(
    end: date, mid_year: int
) -> None:
    days = pl.DataFrame({"day": [end]})
    assert days.select(mid_year_of(pl.col("day"))).item() == mid_year


@pytest.mark.parametrize(
    ("code", "end", "population", "mid_year"),
    [
        pytest.param("852", date(2021, 3, 31), 100, 2020, id="of its year"),
        pytest.param("852", date(2023, 3, 31), 110, 2021, id="the newest stands in"),
        pytest.param("853", date(2021, 3, 31), None, 2020, id="none held"),
    ],
)
def test_a_population_is_of_the_right_year(
    code: str, end: date, population: int | None, mid_year: int
) -> None:
    held = pl.LazyFrame(
        {"area_code": ["852", "852"], "mid_year": [2020, 2021], "population": [100, 110]},
        schema_overrides={"mid_year": pl.Int32},
    )
    figures = pl.LazyFrame({"area_code": [code], "period_end": [end]})
    found = figures.pipe(with_population, held).collect().row(0, named=True)
    assert (found["population"], found["mid_year"]) == (population, mid_year)
