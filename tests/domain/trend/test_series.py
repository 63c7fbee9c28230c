"""Which figures make a series, and what each point is worth."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.catalogue import Indicator, Version
from kpi.domain.scorecard import figures
from kpi.domain.trend.series import judged_keys, series_rows, trend_settings
from tests.builders import a_catalogue, an_indicator, observations
from tests.domain.trend.trends_of import Row, months


def rows_of(
    *indicators: Indicator, rows: list[Row], hide_small: bool = False, settings_of: int = 1
) -> list[Row]:
    """The rows of the series of the first indicators, the others only lending counts."""
    catalogue = a_catalogue(*indicators)
    settings = trend_settings(indicators[:settings_of]).lazy()
    stored = observations(*rows).lazy()
    held = figures(stored, catalogue, hide_small=hide_small)
    keys = judged_keys(figures(stored, catalogue, hide_small=False), settings=settings)
    found = series_rows(held, keys, settings=settings, catalogue=catalogue).collect()
    return list(found.iter_rows(named=True))


def in_period(found: list[Row]) -> list[float | None]:
    return [row["in_period"] for row in found]


def left_out(found: list[Row]) -> list[str | None]:
    return [row["left_out"] for row in found]


def a_total(**fields: Any) -> Indicator:
    return an_indicator(**({"basis": "year-to-date"} | fields))


def test_months_quarters_and_years_never_mix() -> None:
    found = rows_of(
        an_indicator(),
        rows=[
            *months([5.0, 6.0], first="2021-04"),
            {"period": "2021-Q1", "value": 17.0},
            {"period": "2020/21", "value": 70.0},
        ],
    )
    assert [row["period"] for row in found] == ["2021-04", "2021-05"]


def test_the_finest_kind_that_holds_a_value_counts() -> None:
    found = rows_of(
        an_indicator(),
        rows=[
            {"period": "2021-04", "state": "awaited"},
            {"period": "2021-Q1", "value": 17.0},
            {"period": "2020/21", "value": 70.0},
        ],
    )
    assert [row["period"] for row in found] == ["2021-Q1"]


@pytest.mark.parametrize("basis", ["snapshot", "in-month", "annual"])
def test_a_figure_that_does_not_accumulate_is_its_periods_own(basis: str) -> None:
    found = rows_of(an_indicator(basis=basis), rows=months([5.0, 9.0, 7.0]))
    assert in_period(found) == [5.0, 9.0, 7.0]


@pytest.mark.parametrize(
    ("totals", "expected", "why"),
    [
        ([100.0, 190.0, 300.0], [100.0, 90.0, 110.0], [None, None, None]),
        ([100.0, None, 300.0, 390.0], [100.0, None, 90.0], [None, "spans", None]),
        ([None, 190.0, 300.0], [None, 110.0], ["spans", None]),
        ([100.0, 90.0], [100.0, -10.0], [None, None]),
    ],
    ids=["whole", "gap", "first month missing", "falling"],
)
def test_a_running_total_becomes_what_each_month_brought(
    totals: list[float | None], expected: list[float | None], why: list[str | None]
) -> None:
    found = rows_of(a_total(), rows=months(totals, first="2021-04"))
    assert in_period(found) == expected
    assert left_out(found) == why


@pytest.mark.parametrize(
    ("year", "expected"),
    [("financial", [None, 70.0, 20.0]), ("academic", [None, 10.0, 20.0])],
)
def test_a_running_total_begins_anew_with_its_year(year: str, expected: list[float | None]) -> None:
    """April is the first month of a financial year and any other month of an academic one."""
    found = rows_of(a_total(year=year), rows=months([60.0, 70.0, 90.0], first="2021-03"))
    assert in_period(found) == expected


def test_quarters_of_a_running_total_are_told_apart_too() -> None:
    quarters = [{"period": f"2021-Q{n}", "value": 100.0 * n + n} for n in (1, 2, 3)]
    assert in_period(rows_of(a_total(), rows=quarters)) == [101.0, 101.0, 101.0]


def test_a_conflict_and_a_period_to_date_are_no_points() -> None:
    found = rows_of(
        an_indicator(),
        rows=[
            *months([5.0, 6.0, 7.0], first="2021-04"),
            {"period": "2021-05", "value": 9.0},
            {"period": "2021-07", "value": 3.0, "marks": "partial"},
        ],
    )
    assert in_period(found) == [5.0, None, 7.0, None]
    assert left_out(found) == [None, "conflict", None, "partial"]


def test_rolling_years_are_no_points() -> None:
    found = rows_of(an_indicator(basis="rolling-12"), rows=months([5.0, 6.0]))
    assert in_period(found) == [None, None]
    assert left_out(found) == [None, None]


def test_a_percentage_of_the_year_so_far_is_told_apart_by_its_counts() -> None:
    share = a_total(outturn="percentage")
    found = rows_of(
        share,
        rows=months(
            [70.0, 65.0, 65.0],
            first="2021-04",
            numerator=[7.0, 13.0, 13.0],
            denominator=[10.0, 20.0, 20.0],
        ),
    )
    assert in_period(found) == [70.0, 60.0, None]
    assert left_out(found) == [None, None, "no_value"]


def test_a_percentage_of_the_year_so_far_without_counts_is_no_point() -> None:
    found = rows_of(a_total(outturn="percentage"), rows=months([70.0, 65.0], first="2021-04"))
    assert left_out(found) == ["no_counts", "no_counts"]


def test_the_count_of_a_month_may_come_from_another_indicator() -> None:
    rate = a_total(id="rate", outturn="rate", numerator="referrals")
    found = rows_of(
        rate,
        an_indicator("referrals"),
        rows=[
            *months([64.0, 152.0], first="2021-04", indicator="rate"),
            *months([336.0, 445.0], first="2021-04", indicator="referrals"),
        ],
    )
    assert in_period(found) == [64.0, 88.0]
    assert [row["in_numerator"] for row in found] == [336.0, 445.0]


def test_a_running_total_is_not_told_apart_across_a_changed_definition() -> None:
    changed = Version(date(2021, 6, 1), "all visits count", comparable=False)
    found = rows_of(
        a_total(version=(changed,)), rows=months([10.0, 20.0, 45.0, 60.0], first="2021-04")
    )
    assert in_period(found) == [10.0, 10.0, None, 15.0]
    assert left_out(found) == [None, None, "redefined", None]


def test_each_area_and_unit_is_a_series_of_its_own() -> None:
    found = rows_of(
        a_total(),
        rows=[
            *months([10.0, 25.0], first="2021-04"),
            *months([1.0, 3.0], first="2021-04", unit="Team 2"),
            *months([100.0, 220.0], first="2021-04", area="Portsmouth"),
        ],
    )
    assert [(row["area"], row["unit"], row["in_period"]) for row in found] == [
        ("Portsmouth", "", 100.0),
        ("Portsmouth", "", 120.0),
        ("Southampton", "", 10.0),
        ("Southampton", "", 15.0),
        ("Southampton", "Team 2", 1.0),
        ("Southampton", "Team 2", 2.0),
    ]
    assert [row["series"] for row in found] == [0, 0, 1, 1, 2, 2]


def test_statistical_neighbours_are_no_series() -> None:
    found = rows_of(an_indicator(), rows=months([5.0], area="Statistical neighbours"))
    assert found == []


@pytest.mark.parametrize(
    ("outturn", "values", "counts"),
    [
        ("number", [10.0, 20.0, 23.0, 45.0], None),
        ("rate", [20.0, 45.0, 55.0, 80.0], [100.0, 225.0, 228.0, 400.0]),
        ("percentage", [50.0, 50.0, 48.2, 50.0], [20.0, 40.0, 40.0, 80.0]),
    ],
)
def test_a_small_figure_of_one_month_is_not_got_back_from_running_totals(
    outturn: str, values: list[float], counts: list[float] | None
) -> None:
    """June brought 3 cases, or none of 3."""
    indicator = a_total(outturn=outturn, suppress_below=6)
    cases = [40.0, 80.0, 83.0, 160.0] if outturn == "percentage" else None
    rows = months(values, first="2021-04", numerator=counts, denominator=cases)
    assert in_period(rows_of(indicator, rows=rows))[2] is not None
    assert in_period(rows_of(indicator, rows=rows, hide_small=True))[2] is None


brought = st.lists(st.integers(0, 500), min_size=1, max_size=30)


@given(brought, st.integers(1, 12))
def test_a_year_to_date_and_back_is_the_identity(brought: list[int], month: int) -> None:
    """Months that began with April, added up year by year, come apart into themselves."""
    first = f"2019-{month:02d}"
    so_far, totals = 0, []
    for place, value in enumerate(brought):
        begins = (month - 1 + place) % 12 == 3
        so_far = value if begins or place == 0 else so_far + value
        totals.append(float(so_far))
    found = rows_of(a_total(), rows=months(totals, first=first))
    known = brought if month == 4 else brought[1:]
    assert in_period(found)[len(brought) - len(known) :] == [float(value) for value in known]


def test_settings_are_one_row_an_indicator() -> None:
    settings = trend_settings((an_indicator("a", polarity="high"), an_indicator("b")))
    assert settings.select("indicator", "improvement", "chart").rows() == [
        ("a", 1, "xmr"),
        ("b", 0, "xmr"),
    ]
    assert settings.schema["baseline"] == pl.Int64
