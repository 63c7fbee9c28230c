"""The p-chart for percentages whose counts are known: limits that widen where cases are few.

Laney's p'-chart, which also allows for more variation between periods than counting alone
brings. Its rows are alike to those of `spc.with_spc`, but for limits that differ from point
to point; `spc.verdicts_of` reads both.

Source: Laney (2002), Improved control charts for attributes, Quality Engineering 14(4):531.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpi.domain.statistics.spc import (
    group_sum,
    in_groups,
    is_baseline,
    moving_range,
    with_group_mean,
)
from kpi.domain.statistics.spc_rules import with_rules

RANGES_PER_SIGMA = 1.128
"""Average moving range of two points, in standard deviations."""

_NUMERATOR = pl.col("numerator").cast(pl.Float64)
_DENOMINATOR = pl.col("denominator").cast(pl.Float64)
_SIGMA = pl.col("_spc_sigma")
_Z = pl.col("_spc_z")
_SIGMA_Z = pl.col("_spc_sigma_z")


def with_p_chart(points: pl.LazyFrame, *, series: Sequence[str]) -> pl.LazyFrame:
    """The points of every series, in order, with the p-chart's limits, rules and labels.

    Needs `numerator` and `denominator` in place of `value`, and the other columns of
    `spc.with_spc`; `screen` is not looked at. A point with a null count, or a denominator of 0
    or less, is dropped.

    Adds the columns of `spc.with_spc` with these differences:
        value: numerator over denominator, per cent.
        mean: numerators over denominators of the baseline, pooled, per cent; `side` is told
            from the counts, so a share equal to the pooled one lies on it.
        lower_limit, upper_limit: of the point, per cent, never clipped to 0 or 100; null where
            the baseline has one point.
        fallback: false.

    The rules look at how many standard deviations a point lies from the mean, so a trend is
    one of those. Where the baseline is all 0 % or all 100 %, limits lie on the mean.

    Example:
        >>> audits = pl.LazyFrame(
        ...     {"position": [1, 2], "numerator": [30, 45], "denominator": [50, 50]}
        ... ).with_columns(
        ...     improvement=pl.lit(1),
        ...     baseline=pl.lit(None, pl.Int64),
        ...     two_in_three=pl.lit("older"),
        ...     rebase=pl.lit(False),
        ... )
        >>> chart = with_p_chart(audits, series=[]).collect()
        >>> chart.select("value", "mean", pl.col("upper_limit").round(1)).rows()
        [(60.0, 75.0, 154.8), (90.0, 75.0, 154.8)]
    """
    percentage = pl.when(_DENOMINATOR > 0).then(100 * _NUMERATOR / _DENOMINATOR)
    return (
        points.with_columns(value=percentage)
        .pipe(in_groups, series=series)
        .pipe(_with_distance)
        .pipe(_with_limits)
        .pipe(_with_place)
        .pipe(with_rules)
        .select(pl.exclude("^_spc_.*$"))
    )


def _with_distance(grouped: pl.LazyFrame) -> pl.LazyFrame:
    """The points with the pooled share, and how far they lie from it in their own deviations."""
    cases, of = pl.col("_spc_cases"), pl.col("_spc_of")
    share = cases / of
    # Above all cases or below none there is nothing to count; a share is then at its edge.
    variance = (share * (1 - share)).clip(0)
    gap = pl.col("_spc_gap")
    return (
        grouped.with_columns(
            _spc_cases=_pooled(_NUMERATOR),
            _spc_of=_pooled(_DENOMINATOR),
        )
        .with_columns(
            mean=100 * share,
            _spc_sigma=(variance / _DENOMINATOR).sqrt(),
            # Multiplied out, whole counts give exactly 0 where a share equals the pooled one.
            _spc_gap=_NUMERATOR * of - cases * _DENOMINATOR,
        )
        .with_columns(
            _spc_z=gap / (of * _DENOMINATOR) / pl.when(_SIGMA > 0).then(_SIGMA).otherwise(1.0),
            side=gap.sign().cast(pl.Int8),
        )
    )


def _pooled(counts: pl.Expr) -> pl.Expr:
    return group_sum(pl.when(is_baseline()).then(counts))


def _with_limits(measured: pl.LazyFrame) -> pl.LazyFrame:
    base = pl.when(is_baseline()).then(_Z)
    spread = 3 * _SIGMA * _SIGMA_Z * 100
    return (
        measured.pipe(with_group_mean, moving_range(base), name="_spc_sigma_z")
        .with_columns(_spc_sigma_z=_SIGMA_Z / RANGES_PER_SIGMA)
        .with_columns(
            lower_limit=pl.col("mean") - spread,
            upper_limit=pl.col("mean") + spread,
            fallback=pl.lit(False),
        )
    )


def _with_place(limited: pl.LazyFrame) -> pl.LazyFrame:
    distance = _Z.abs()
    is_outside = distance > 3 * _SIGMA_Z
    return limited.with_columns(
        outside=is_outside.fill_null(False),
        close=((distance > 2 * _SIGMA_Z) & ~is_outside).fill_null(False),
        _spc_signal=_Z,
    )
