"""How far chance alone could move an outturn: confidence intervals of shares and rates.

Wilson's interval for percentages; Byar's for rates, the exact one below ten events.
A row whose counts are missing or impossible gets no interval, and the run goes on.
What an interval says about a comparator is left to `kpi.domain.comparison.benchmark`.

Sources: Eayres, APHO Technical Briefing 3: Commonly used public health statistics and
their confidence intervals (2008); Public Health England, Technical Guide: Confidence
Intervals (25 May 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from kpi.domain.statistics.distributions import Number, chi_square_quantiles, z_scores

Method = Literal["Wilson", "Byars", "Exact"]

_EXACT_BELOW = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """The limits of an interval and the name of its method; all null where there is none."""

    low: pl.Expr
    high: pl.Expr
    method: pl.Expr


def wilson_interval(
    numerator: pl.Expr, *, denominator: pl.Expr, level: Number, multiplier: Number = 100.0
) -> Interval:
    """Wilson's score interval of a share, without continuity correction.

    No events give a lower limit of 0, nothing but events an upper limit of 1, times the
    multiplier. Null where a count is null, the denominator not above 0, the numerator
    below 0 or above the denominator.

    Args:
        numerator: Events.
        denominator: Those to whom one event each could happen.
        level: Two-sided, per cent: 95 or 99.8.
        multiplier: 100 for per cent.

    Source: Wilson (1927), J Am Stat Assoc 22:209-212.
    """
    x, n, z = numerator.cast(pl.Float64), denominator.cast(pl.Float64), z_scores(level)
    is_possible = _is_count(x) & _is_count(n) & (n > 0) & (x <= n) & z.is_not_null()
    centre = 2 * x + z * z
    spread = z * (z * z + 4 * x * (1 - x / n)).sqrt()
    width = 2 * (n + z * z)
    low = pl.when(x <= 0).then(0.0).otherwise((centre - spread) / width)
    high = pl.when(x >= n).then(1.0).otherwise((centre + spread) / width)
    return Interval(
        low=pl.when(is_possible).then(low * multiplier),
        high=pl.when(is_possible).then(high * multiplier),
        method=pl.when(is_possible).then(pl.lit("Wilson")),
    )


def rate_interval(
    numerator: pl.Expr, *, denominator: pl.Expr, level: Number, multiplier: Number
) -> Interval:
    """The interval of a rate: Byar's from ten events on, the exact Poisson one below.

    The numerator alone decides, so 9.5 events are exact and 10 are Byar's. It may exceed
    the denominator. Null where a count is null, the denominator not above 0 or the
    numerator below 0.

    Args:
        numerator: Events.
        denominator: The population they happened in.
        level: Two-sided, per cent: 95 or 99.8.
        multiplier: 10,000 for a rate per 10,000.
    """
    x, n = numerator.cast(pl.Float64), denominator.cast(pl.Float64)
    level_is_known = z_scores(level).is_not_null()
    is_possible = _is_count(x) & _is_count(n) & (n > 0) & level_is_known
    is_exact = x < _EXACT_BELOW
    low_exact, high_exact = exact_limits(pl.when(is_exact & (x >= 0)).then(x), level=level)
    low_byar, high_byar = byar_limits(pl.when(~is_exact).then(x), level=level)
    low = pl.when(is_exact).then(low_exact).otherwise(low_byar)
    high = pl.when(is_exact).then(high_exact).otherwise(high_byar)
    method = pl.when(is_exact).then(pl.lit("Exact")).otherwise(pl.lit("Byars"))
    return Interval(
        low=pl.when(is_possible).then(low / n * multiplier),
        high=pl.when(is_possible).then(high / n * multiplier),
        method=pl.when(is_possible).then(method),
    )


def byar_limits(count: pl.Expr, *, level: Number) -> tuple[pl.Expr, pl.Expr]:
    """Byar's limits of a count of events; within 0.2 per cent of exact from ten events on.

    Source: Breslow and Day, Statistical Methods in Cancer Research II (1987).
    """
    z, above = z_scores(level), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * count.sqrt())) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * above.sqrt())) ** 3
    return low, high


def exact_limits(count: pl.Expr, *, level: Number) -> tuple[pl.Expr, pl.Expr]:
    """The exact Poisson limits of a count of events; the lower is 0 for no events.

    Source: Garwood (1936), Biometrika 28:437-442.
    """
    tail = (100 - (level if isinstance(level, pl.Expr) else pl.lit(level))) / 200
    low = chi_square_quantiles(tail, 2 * count) / 2
    high = chi_square_quantiles(1 - tail, 2 * count + 2) / 2
    return low, high


def with_wilson_interval(
    frame: pl.LazyFrame, *, level: Number = 95.0, multiplier: Number = 100.0
) -> pl.LazyFrame:
    """The rows with `interval_low`, `interval_high`, `interval_method` by Wilson's method.

    Needs `numerator` and `denominator`; `wilson_interval` says when there is none.

    Example:
        >>> cases = pl.LazyFrame({"numerator": [0, 3], "denominator": [20, 2]})
        >>> cases.pipe(with_wilson_interval).collect().rows()[1]
        (3, 2, None, None, None)
    """
    interval = wilson_interval(
        pl.col("numerator"),
        denominator=pl.col("denominator"),
        level=level,
        multiplier=multiplier,
    )
    return _with(frame, interval)


def with_rate_interval(
    frame: pl.LazyFrame, *, level: Number = 95.0, multiplier: Number = 10_000.0
) -> pl.LazyFrame:
    """The rows with `interval_low`, `interval_high`, `interval_method` of their rates.

    Needs `numerator` and `denominator`; `rate_interval` says when there is none.
    """
    interval = rate_interval(
        pl.col("numerator"),
        denominator=pl.col("denominator"),
        level=level,
        multiplier=multiplier,
    )
    return _with(frame, interval)


def with_interval(
    frame: pl.LazyFrame, *, level: Number = 95.0, per: Number = 10_000.0
) -> pl.LazyFrame:
    """The rows with the interval that suits each one's `outturn_type`.

    Wilson's for a percentage, that of a rate for a rate, none for a number: a count
    without a population has no chance variation that could be compared.

    Args:
        frame: Needs `outturn_type`, `numerator` and `denominator`.
        level: Two-sided, per cent; an expression where each indicator sets its own.
        per: What rates are per.
    """
    counts = {"numerator": pl.col("numerator"), "denominator": pl.col("denominator")}
    share = wilson_interval(**counts, level=level)
    rate = rate_interval(**counts, level=level, multiplier=per)
    return _with(
        frame,
        Interval(
            low=by_outturn_type(percentage=share.low, rate=rate.low),
            high=by_outturn_type(percentage=share.high, rate=rate.high),
            method=by_outturn_type(percentage=share.method, rate=rate.method),
        ),
    )


def by_outturn_type(*, percentage: pl.Expr, rate: pl.Expr) -> pl.Expr:
    """What suits each row's `outturn_type`; null for a number."""
    outturn_type = pl.col("outturn_type")
    is_rate = outturn_type == "rate"
    return pl.when(outturn_type == "percentage").then(percentage).when(is_rate).then(rate)


def _is_count(count: pl.Expr) -> pl.Expr:
    """Whether a number could be a count: there, finite and not below 0."""
    return (count.is_finite() & (count >= 0)).fill_null(value=False)


def _with(frame: pl.LazyFrame, interval: Interval) -> pl.LazyFrame:
    return frame.with_columns(
        interval_low=interval.low,
        interval_high=interval.high,
        interval_method=interval.method,
    )
