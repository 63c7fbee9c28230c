"""The time of year taken out of monthly figures, where the catalogue asks for it.

England's profile or a series' own, by `seasonal`; a series for which neither can be had is
judged as it is, with the reason. The reported figure always stays beside the adjusted one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from kpi.domain.catalogue import Indicator
from kpi.domain.scorecard import ROW
from kpi.domain.statistics.seasonal import own_profile, with_adjusted
from kpi.domain.trend.series import begin_year

NOT_MONTHLY = "only months can be adjusted for the time of year"
NOT_A_FLOW = "only counts and rates of what happens in a month can be adjusted for the time of year"

_FLOWS = ("in-month", "year-to-date")
_APRIL = 4


def wants_season(indicators: Iterable[Indicator]) -> bool:
    """Whether any indicator is to be adjusted for the time of year."""
    return any(each.seasonal != "none" for each in indicators)


def season_profiles(rows: pl.LazyFrame, *, england: Sequence[float]) -> pl.LazyFrame:
    """The profile of every series that is to be adjusted, twelve rows each.

    Args:
        rows: What `series.series_rows` gives.
        england: England's shares, April to March; empty where no indicator asks for them.

    Returns:
        `ROW`, `month` (January 1), `share` (null where refused) and `refused` (why, in words).
    """
    wanted = rows.filter((pl.col("seasonal") != "none") & pl.col("in_period").is_not_null())
    series = wanted.select(*ROW, "seasonal", refused=_refused()).unique()
    by_england = (
        series.filter((pl.col("seasonal") == "england") & pl.col("refused").is_null())
        .join(_england_frame(england), how="cross")
        .select(*ROW, "month", "share", "refused")
    )
    by_own = (
        wanted.filter((pl.col("seasonal") == "own") & _refused().is_null())
        .select(*ROW, year=begin_year(), month=_month(), value="in_period")
        .pipe(own_profile, series=ROW)
        .select(*ROW, "month", "share", "refused")
    )
    others = (
        series.filter(pl.col("refused").is_not_null())
        .with_columns(month=pl.lit(1, dtype=pl.Int64), share=pl.lit(None, dtype=pl.Float64))
        .select(*ROW, "month", "share", "refused")
    )
    return pl.concat([by_england, by_own, others])


def with_season(rows: pl.LazyFrame, profiles: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `adjusted`: the period's figure without the time of year; null where refused.

    Args:
        rows: What `series.series_rows` gives.
        profiles: What `season_profiles` gives.
    """
    return (
        rows.with_columns(outturn="value", value="in_period", month=_month())
        .pipe(with_adjusted, profile=profiles, on=[*ROW, "month"])
        .with_columns(value="outturn")
        .drop("outturn", "month")
    )


def season_refusals(profiles: pl.LazyFrame) -> pl.LazyFrame:
    """`ROW` and `season_refused`, one row for each series that cannot be adjusted."""
    return (
        profiles.filter(pl.col("refused").is_not_null())
        .select(*ROW, season_refused="refused")
        .unique()
    )


def _refused() -> pl.Expr:
    is_flow = pl.col("basis").is_in(_FLOWS) & (pl.col("outturn_type") != "percentage")
    return (
        pl.when(~is_flow)
        .then(pl.lit(NOT_A_FLOW))
        .when(pl.col("period_months") != 1)
        .then(pl.lit(NOT_MONTHLY))
    )


def _month() -> pl.Expr:
    return pl.col("period_end").dt.month().cast(pl.Int64)


def _england_frame(shares: Sequence[float]) -> pl.LazyFrame:
    return pl.LazyFrame(
        {
            "month": [(_APRIL - 1 + place) % 12 + 1 for place in range(len(shares))],
            "share": list(shares),
        },
        schema={"month": pl.Int64, "share": pl.Float64},
    )
