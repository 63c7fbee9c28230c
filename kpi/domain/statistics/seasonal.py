"""In-period counts without the time of year: each month over its usual share of a year.

A profile is twelve shares that sum to 1. Where England's shares come from, and what is done
with an adjusted series, is decided elsewhere; the reported figure always stays beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

YEARS_NEEDED = 3
"""Complete earlier years without which a series has no profile of its own."""


def with_adjusted(
    points: pl.LazyFrame, *, profile: pl.LazyFrame, on: Sequence[str] = ("month",)
) -> pl.LazyFrame:
    """The same points with `adjusted`: the value as if every month had a twelfth of a year.

    Needs `value`, and the columns `on` in both frames, `month` (1 to 12, January 1) among
    them; `share` in the profile, one row for each `on`. `England`'s profile is met on the month,
    a series' own on its keys and the month.

    `adjusted` is value / (12 x share), in the unit of `value`; null where the value or the
    share is null or missing, or the share is not above 0.

    Example:
        >>> august = pl.LazyFrame({"month": [8], "value": [150.0]})
        >>> profile = pl.LazyFrame({"month": [8], "share": [0.0625]})
        >>> with_adjusted(august, profile=profile).collect()["adjusted"].to_list()
        [200.0]
    """
    share = pl.col("_share")
    shares = profile.select(*on, pl.col("share").alias("_share"))
    return (
        points.join(shares, on=list(on), how="left", nulls_equal=True, maintain_order="left")
        .with_columns(adjusted=pl.when(share > 0).then(pl.col("value") / (12 * share)))
        .drop("_share")
    )


def own_profile(points: pl.LazyFrame, *, series: Sequence[str]) -> pl.LazyFrame:
    """Twelve rows for each series: the shares of its own earlier years, pooled.

    Needs the columns `series` (one at least), `year` (a whole number, the indicator's year),
    `month` (1 to 12) and `value`, one row for each year and month. Years before that of the
    series' newest value count, and only those with all twelve months.

    Returns the columns `series`, `month`, and
        share: the month's cases in those years over all their cases; null where refused.
        years: how many complete earlier years there are.
        refused: why the series has no profile of its own, in words; null where it has.
    """
    keys = list(series)
    months = pl.LazyFrame({"month": range(1, 13)}, schema={"month": pl.Int64})
    shares = points.pipe(_complete_earlier_years, series=keys).pipe(_pooled_by_month, series=keys)
    return (
        points.select(keys)
        .unique()
        .join(months, how="cross")
        .join(shares, on=[*keys, "month"], how="left", nulls_equal=True)
        .with_columns(pl.col("years").fill_null(0))
        .with_columns(refused=_refused(series=keys))
        .with_columns(
            share=pl.when(pl.col("refused").is_null()).then(
                pl.col("cases") / pl.col("cases").sum().over(keys)
            )
        )
        .select(*keys, "month", "share", "years", "refused")
        .sort(*keys, "month")
    )


def _complete_earlier_years(points: pl.LazyFrame, *, series: list[str]) -> pl.LazyFrame:
    year = pl.col("year")
    return (
        points.filter(pl.col("value").is_finite())
        .filter(year < year.max().over(series))
        .filter(pl.col("month").n_unique().over([*series, "year"]) == 12)
    )


def _pooled_by_month(points: pl.LazyFrame, *, series: list[str]) -> pl.LazyFrame:
    return points.group_by(*series, pl.col("month").cast(pl.Int64)).agg(
        cases=pl.col("value").sum(), years=pl.col("year").n_unique().cast(pl.Int64)
    )


def _refused(*, series: list[str]) -> pl.Expr:
    years = pl.col("years")
    needed = f"; a profile of its own needs {YEARS_NEEDED}"
    return (
        pl.when(years == 1)
        .then(pl.lit(f"1 complete earlier year{needed}"))
        .when(years < YEARS_NEEDED)
        .then(pl.format(f"{{}} complete earlier years{needed}", years))
        .when((pl.col("cases") <= 0).any().over(series))
        .then(pl.lit("a month without cases in all complete earlier years has no share"))
    )
