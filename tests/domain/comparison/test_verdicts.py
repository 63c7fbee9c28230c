from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.comparison.like_with_like import A_COUNT
from kpi.domain.comparison.verdicts import (
    A_RATE,
    NO_COUNTS,
    NO_DENOMINATOR,
    NO_INTERVAL,
    NO_YEAR,
    REDEFINED,
    TYPED,
)
from kpi.domain.statistics.intervals import wilson_interval
from tests.domain.comparison.comparison_frames import one_compared, outturns

# 50 of 100: Wilson's interval at 95 per cent is 40.4 to 59.6, at 99.8 per cent 35.2 to 64.8.
HALF = {"outturn": 50.0, "denominator": 100.0}


@pytest.mark.parametrize(
    ("polarity", "level", "value", "verdict"),
    [
        ("low", 95.0, 40.0, "worse"),
        ("low", 95.0, 41.0, "similar"),
        ("low", 95.0, 60.0, "better"),
        ("high", 95.0, 40.0, "better"),
        ("high", 95.0, 60.0, "worse"),
        ("high", 95.0, 50.0, "similar"),
        ("none", 95.0, 40.0, "higher"),
        ("none", 95.0, 60.0, "lower"),
        ("none", 95.0, 50.0, "similar"),
        ("range", 95.0, 40.0, "higher"),
        ("low", 99.8, 40.0, "similar"),
        ("low", 99.8, 35.0, "worse"),
    ],
)
def test_the_interval_against_the_value_gives_the_verdict(
    polarity: str, level: float, value: float, verdict: str
) -> None:
    found = one_compared(HALF | {"polarity": polarity, "level": level}, {"value": value})
    assert (found["verdict"], found["why_not_compared"]) == (verdict, None)


def test_touching_the_interval_counts_as_similar() -> None:
    limits = wilson_interval(pl.lit(50), denominator=pl.lit(100), level=95.0)
    low = pl.select(low=limits.low).item()
    assert one_compared(HALF, {"value": low})["verdict"] == "similar"
    assert one_compared(HALF, {"value": low * (1 - 1e-8)})["verdict"] == "worse"


def test_the_interval_of_a_year_to_date_is_annualised_too() -> None:
    """70 per 10,000 in 7 months is 120 a year, on 70 events 94 to 152: 115 is similar."""
    own: dict[str, Any] = {"outturn": 70.0, "numerator": 70.0, "denominator": 10_000.0}
    own |= {"outturn_type": "rate", "basis": "year-to-date"}
    assert one_compared(own, {"value": 115.0})["verdict"] == "similar"
    assert one_compared(own, {"value": 90.0})["verdict"] == "worse"


@pytest.mark.parametrize(
    ("own", "comparator", "why", "has_difference"),
    [
        pytest.param({"denominator": None}, {}, NO_COUNTS, True, id="no denominator"),
        pytest.param(
            {"numerator": 120.0, "denominator": 100.0},
            {},
            NO_INTERVAL,
            True,
            id="impossible counts",
        ),
        pytest.param(
            {},
            {"period": None, "origin": "typed"},
            NO_YEAR,
            True,
            id="a typed figure without its year",
        ),
        pytest.param({}, {"origin": "typed"}, TYPED, True, id="a typed figure with its year"),
        pytest.param(
            {"outturn_type": "number"},
            {"kind": "own year"},
            NO_DENOMINATOR,
            True,
            id="a count beside an own year's",
        ),
        pytest.param(
            {"outturn_type": "number"},
            {"alike": None, "unlike": A_COUNT},
            A_COUNT,
            False,
            id="a count beside another place's",
        ),
        pytest.param(
            {"outturn_type": "number", "own_population": 100.0},
            {"alike": 0.4, "is_per_person": True},
            A_RATE,
            True,
            id="a count beside another place's rate",
        ),
        pytest.param(
            {"outturn_type": "number"},
            {"alike": 0.4, "is_per_person": True},
            A_COUNT,
            False,
            id="a count of a place of unknown size",
        ),
        pytest.param(
            {"outturn_type": "number", "is_average": True},
            {},
            NO_DENOMINATOR,
            True,
            id="an average",
        ),
        pytest.param(
            {"outturn": None, "why_no_outturn": "two different outturns stand in one source"},
            {},
            "two different outturns stand in one source",
            False,
            id="a conflict",
        ),
        pytest.param(
            {"redefined_on": date(2021, 4, 1)},
            {"kind": "own year"},
            REDEFINED,
            False,
            id="an own year of an earlier definition",
        ),
    ],
)
def test_without_a_verdict_it_is_said_why(
    own: dict[str, Any], comparator: dict[str, Any], why: str, has_difference: bool
) -> None:
    found = one_compared(HALF | own, {"value": 40.0} | comparator)
    assert (found["verdict"], found["why_not_compared"]) == ("not_compared", why)
    assert (found["difference"] is not None) == has_difference


def test_a_changed_definition_bars_nothing_of_other_places_and_later_years() -> None:
    redefined = HALF | {"redefined_on": date(2020, 4, 1)}
    assert one_compared(redefined, {"value": 40.0})["verdict"] == "worse"
    assert one_compared(redefined, {"value": 40.0, "kind": "own year"})["verdict"] == "worse"


@pytest.mark.parametrize(
    ("given_", "numerator", "denominator"),
    [
        pytest.param(
            {"outturn": 24.0, "denominator": 387.0}, 93.0, 387.0, id="a share of known cases"
        ),
        pytest.param(
            {"outturn": 25.0, "numerator": 50.0}, 50.0, 200.0, id="known cases of a share"
        ),
        pytest.param(
            {"outturn": 104.0, "outturn_type": "rate", "numerator": 520.0},
            520.0,
            50_000.0,
            id="known events of a rate",
        ),
        pytest.param(
            {"outturn": 104.0, "outturn_type": "rate", "denominator": 50_000.0},
            520.0,
            50_000.0,
            id="a rate of a known population",
        ),
        pytest.param(
            {"outturn": 40.0, "numerator": 3.0, "denominator": 8.0}, 3.0, 8.0, id="both were given"
        ),
        pytest.param({"outturn": 0.0, "numerator": 0.0}, 0.0, None, id="nothing of nobody knows"),
        pytest.param({"outturn": 24.0}, None, None, id="neither"),
        pytest.param(
            {"outturn": 24.0, "outturn_type": "number", "denominator": 5.0},
            None,
            None,
            id="a number has none",
        ),
    ],
)
def test_one_count_and_the_outturn_imply_the_other(
    given_: dict[str, Any], numerator: float | None, denominator: float | None
) -> None:
    found = outturns(given_).collect().row(0, named=True)
    assert (found["numerator"], found["denominator"]) == (numerator, denominator)


@pytest.mark.parametrize(
    ("outturn_type", "numerator", "method"),
    [("percentage", 50.0, "Wilson"), ("rate", 10.0, "Byars"), ("rate", 9.0, "Exact")],
)
def test_the_interval_names_its_method(outturn_type: str, numerator: float, method: str) -> None:
    own = {"outturn_type": outturn_type, "numerator": numerator, "denominator": 100.0}
    assert outturns(own).collect()["interval_method"].item() == method


@pytest.mark.parametrize(
    ("own", "comparator", "gap", "months"),
    [
        pytest.param(
            {"outturn": 24.0, "denominator": 387.0, "basis": "in-month"},
            {"value": 21.8},
            387 * 2.2 / 100,
            1,
            id="of a month's cases",
        ),
        pytest.param(
            {"outturn": 24.0, "denominator": 1161.0, "basis": "in-month", "period": "2021-Q2"},
            {"value": 21.8},
            387 * 2.2 / 100,
            1,
            id="of a quarter's cases, a month",
        ),
        pytest.param(
            {"outturn": 24.0, "denominator": 2709.0, "basis": "year-to-date"},
            {"value": 21.8},
            387 * 2.2 / 100,
            1,
            id="of seven months' cases, a month",
        ),
        pytest.param(
            {"outturn": 90.0, "denominator": 200.0}, {"value": 95.0}, -10.0, None, id="more needed"
        ),
        pytest.param(
            {"outturn": 503.0, "outturn_type": "rate", "basis": "year-to-date"}
            | {"numerator": 2582.0, "denominator": 51_332.0},
            {"value": 647.0},
            (12 * 503 / 7 - 647) / 10_000 * 51_332 / 12,
            1,
            id="a year to date's rate, a month",
        ),
        pytest.param(
            {"outturn": 104.0, "outturn_type": "rate", "own_population": 50_000.0},
            {"value": 69.0},
            175.0,
            None,
            id="a rate of the published population",
        ),
        pytest.param(
            {"outturn": 387.0, "outturn_type": "number", "basis": "in-month"},
            {"value": 4092.0, "kind": "own year"},
            46.0,
            1,
            id="a count is its own gap",
        ),
        pytest.param(
            {"outturn": 1161.0, "outturn_type": "number", "basis": "in-month", "period": "2021-Q2"},
            {"value": 4092.0, "kind": "own year"},
            46.0,
            1,
            id="a quarter's count, a month",
        ),
        pytest.param(
            {"outturn": 2800.0, "outturn_type": "number", "basis": "year-to-date"},
            {"value": 3600.0, "kind": "own year"},
            100.0,
            1,
            id="a year to date's count, a month",
        ),
        pytest.param(
            {"outturn": 300.0, "outturn_type": "number", "basis": "annual", "period": "2021/22"},
            {"value": 240.0, "kind": "own year"},
            60.0,
            None,
            id="a year's count, over the year",
        ),
        pytest.param({"outturn": 24.0}, {"value": 21.8}, None, None, id="of unknown cases"),
        pytest.param(
            {"outturn": 24.0, "denominator": 387.0},
            {"value": 21.8, "period": None, "origin": "typed"},
            None,
            None,
            id="beside a figure without a year",
        ),
        pytest.param(
            {"outturn": 17.0, "outturn_type": "number", "is_average": True},
            {"value": 16.0},
            None,
            None,
            id="an average",
        ),
    ],
)
def test_the_gap_is_in_cases(
    own: dict[str, Any], comparator: dict[str, Any], gap: float | None, months: int | None
) -> None:
    found = one_compared(own, comparator)
    assert found["gap_in_cases"] == (None if gap is None else pytest.approx(gap))
    assert found["gap_months"] == months


@pytest.mark.parametrize(
    ("own", "period", "behind"),
    [
        ("2021-10", "2020/21", 1),
        ("2021-10", "2019/20", 2),
        ("2021-10", "2021-09", 1),
        ("2021-10", "2021-10", 0),
        ("2021-03", "2020/21", 0),
        ("2021-10", "2021-Q2", 1),
        ("2021/22", "2020/21", 1),
        ("2021-10", None, None),
    ],
)
def test_it_is_said_how_many_periods_a_comparator_is_behind(
    own: str, period: str | None, behind: int | None
) -> None:
    found = one_compared({"period": own}, {"value": 1.0, "period": period, "origin": "ingested"})
    assert found["periods_behind"] == behind


@given(
    cases=st.integers(1, 5000),
    share=st.floats(0, 1),
    value=st.floats(0, 100),
)
def test_turning_polarity_round_turns_the_verdict_round(
    cases: int, share: float, value: float
) -> None:
    own = {"outturn": 100 * round(share * cases) / cases, "denominator": float(cases)}
    low, high = (
        one_compared(own | {"polarity": polarity}, {"value": value})["verdict"]
        for polarity in ("low", "high")
    )
    turned = {"better": "worse", "worse": "better", "similar": "similar"}
    assert high == turned[low]
