"""Counts adjusted for the time of year, and a series' own profile or the reason for none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from kpi.domain.statistics.seasonal import own_profile, with_adjusted

# Twelve months that add up to 120, so that each share is a count over 120.
YEAR = [6, 8, 14, 9, 11, 12, 10, 2, 13, 12, 15, 8]


def _years(
    years: Mapping[int, Sequence[float | None]], *, indicator: str = "contacts"
) -> pl.LazyFrame:
    rows = [
        (indicator, year, month, value)
        for year, values in years.items()
        for month, value in enumerate(values, start=1)
    ]
    schema = {"indicator": pl.String, "year": pl.Int64, "month": pl.Int8, "value": pl.Float64}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def _profile(years: Mapping[int, Sequence[float | None]]) -> pl.DataFrame:
    return own_profile(_years(years), series=["indicator"]).collect()


def _refusal(profile: pl.DataFrame) -> object:
    return profile["refused"].unique().item()


def test_adjusted_is_the_value_over_twelve_times_its_months_share() -> None:
    profile = pl.LazyFrame({"month": [1, 2], "share": [0.125, 0.0625]})
    points = pl.LazyFrame({"month": [2, 1, 2], "value": [150.0, 150.0, 75.0]})
    assert with_adjusted(points, profile=profile).collect()["adjusted"].to_list() == [
        200.0,
        100.0,
        100.0,
    ]


def test_equal_shares_leave_a_count_as_it_is() -> None:
    profile = pl.LazyFrame({"month": range(1, 13), "share": [1 / 12] * 12})
    points = pl.LazyFrame({"month": range(1, 13), "value": [float(n) for n in YEAR]})
    adjusted = with_adjusted(points, profile=profile).collect()["adjusted"].to_list()
    assert adjusted == pytest.approx(YEAR)


@pytest.mark.parametrize(("month", "value"), [(1, None), (2, 5.0), (3, 5.0), (4, 5.0), (None, 5.0)])
def test_without_a_value_or_a_share_nothing_is_adjusted(
    month: int | None, value: float | None
) -> None:
    profile = pl.LazyFrame({"month": [1, 2, 3], "share": [0.5, 0.0, None]})
    points = pl.LazyFrame(
        {"month": [month], "value": [value]}, schema={"month": pl.Int64, "value": pl.Float64}
    )
    assert with_adjusted(points, profile=profile).collect()["adjusted"].to_list() == [None]


def test_an_adjusted_frame_keeps_its_rows_their_order_and_its_columns() -> None:
    profile = pl.LazyFrame({"month": [1, 2], "share": [0.125, 0.0625], "years": [3, 3]})
    points = pl.LazyFrame(
        {"cell": ["C2", "B2", "D2"], "month": [2, 1, 7], "value": [1.0, 2.0, 3.0]}
    )
    adjusted = with_adjusted(points, profile=profile).collect()
    assert adjusted.columns == ["cell", "month", "value", "adjusted"]
    assert adjusted["cell"].to_list() == ["C2", "B2", "D2"]


def test_an_own_profile_pools_the_complete_earlier_years() -> None:
    doubled = [2.0 * n for n in YEAR]
    profile = _profile({2018: YEAR, 2019: doubled, 2020: YEAR, 2021: [99.0]})
    assert profile["share"].to_list() == pytest.approx([n / 120 for n in YEAR])
    assert profile["month"].to_list() == list(range(1, 13))
    assert set(profile["years"]) == {3}
    assert _refusal(profile) is None


def test_a_busy_year_weighs_more_than_a_quiet_one() -> None:
    flat = [100.0] * 12
    profile = _profile({2018: flat, 2019: flat, 2020: [100.0, 1300.0, *[100.0] * 10], 2021: [1.0]})
    assert profile["share"][1] == pytest.approx(1500 / 4800)


def test_the_shares_of_a_year_add_up_to_one() -> None:
    profile = _profile({2018: YEAR, 2019: YEAR, 2020: YEAR, 2021: YEAR})
    assert profile["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("years", "reason"),
    [
        ({2021: YEAR}, "0 complete earlier years; a profile of its own needs 3"),
        ({2020: YEAR, 2021: YEAR}, "1 complete earlier year; a profile of its own needs 3"),
        (
            {2019: YEAR, 2020: YEAR, 2021: YEAR},
            "2 complete earlier years; a profile of its own needs 3",
        ),
        (
            {2018: YEAR, 2019: YEAR, 2020: [None, *YEAR[1:]], 2021: YEAR},
            "2 complete earlier years; a profile of its own needs 3",
        ),
        (
            {2018: YEAR[:11], 2019: YEAR, 2020: YEAR, 2021: YEAR},
            "2 complete earlier years; a profile of its own needs 3",
        ),
        (
            {year: [0.0, *YEAR[1:]] for year in range(2018, 2022)},
            "a month without cases in all complete earlier years has no share",
        ),
    ],
)
def test_an_own_profile_is_refused_with_the_reason(
    years: Mapping[int, Sequence[float | None]], reason: str
) -> None:
    profile = _profile(years)
    assert _refusal(profile) == reason
    assert profile["share"].to_list() == [None] * 12


def test_a_year_that_only_begins_is_the_newest_when_it_has_a_value() -> None:
    """A row without a value does not make the year before an earlier one."""
    profile = _profile({2018: YEAR, 2019: YEAR, 2020: YEAR, 2021: [None]})
    assert profile["years"].unique().item() == 2


def test_each_series_has_the_profile_of_its_own_years() -> None:
    long = _years(dict.fromkeys(range(2018, 2022), YEAR))
    short = _years({2021: YEAR}, indicator="referrals")
    profile = own_profile(pl.concat([short, long]), series=["indicator"]).collect()
    assert profile.group_by("indicator").agg(pl.col("share").count()).sort("indicator").rows() == [
        ("contacts", 12),
        ("referrals", 0),
    ]


def test_an_own_profile_adjusts_the_series_it_came_from() -> None:
    points = _years(dict.fromkeys(range(2018, 2022), YEAR)).with_columns(
        pl.col("month").cast(pl.Int64)
    )
    profile = own_profile(points, series=["indicator"])
    adjusted = with_adjusted(points, profile=profile, on=["indicator", "month"]).collect()
    assert adjusted["adjusted"].to_list() == pytest.approx([10.0] * 48)
