"""Outturn, target, tolerance and polarity to a RAG status, or to why there is none.

The rules that decide a colour are design.md, section 7. A rating never looks at the
trend; missing is never red and never green.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.held import SIGNIFICANT_DIGITS
from kpi.domain.target import compared_value, months_elapsed, with_target

RANK = {"blue": 0, "green": 1, "amber": 2, "red": 3}
"""From best to worst; a higher number than before is worse."""

WHY_UNRATED = (
    "no_polarity",
    "conflict",
    "awaited",
    "suppressed",
    "no_outturn",
    "partial_period",
    "target_awaited",
    "no_target",
    "small_denominator",
)
"""In this order, the first that applies."""


def with_rating(outturns: pl.LazyFrame, targets: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows with target, compared value, RAG status and why unrated.

    Args:
        outturns: One row an indicator, area, unit and period, with `value`, `state`
            (null: nothing held), `marks`, `denominator`, `conflict`, `awaited_by_lag`,
            `period_end`, `period_months` and the catalogue's `outturn_type`, `basis`,
            `year`, `polarity`, `tolerance`, `tolerance_kind`, `small`.
        targets: Columns of `kpi.domain.target.TARGETS`.

    Returns:
        Adds the target's columns, `months_elapsed`, `compared` (in the target's terms),
        `edge_distance` (compared - target; for a range, to the nearer edge), `tolerance_size`
        (in the target's unit), `why_unrated` (null when rated) and `rag_status` (null when not).
    """
    return (
        outturns.pipe(with_target, targets)
        .with_columns(months_elapsed=months_elapsed(pl.col("period_end"), pl.col("year")))
        .with_columns(compared=compared_value())
        .pipe(_with_edges)
        .with_columns(why_unrated=_why_unrated())
        .with_columns(rag_status=pl.when(pl.col("why_unrated").is_null()).then(_status()))
    )


def is_worse(now: pl.Expr, before: pl.Expr) -> pl.Expr:
    """Whether a status ranks below the one before; false unless both are rated."""
    rank_now = now.replace_strict(RANK, return_dtype=pl.Int8)
    rank_before = before.replace_strict(RANK, return_dtype=pl.Int8)
    return (rank_now > rank_before).fill_null(False)


def movement(now: pl.Expr, before: pl.Expr, *, polarity: pl.Expr) -> pl.Expr:
    """`better`, `worse` or `same` than before by polarity; null where it cannot be said.

    For `range`, `now` and `before` are distances outside the range.
    """
    step = _rounded(now) - _rounded(before)
    sign = polarity.replace_strict({"high": 1, "low": -1, "range": -1}, default=None)
    return (
        pl.when((step * sign) > 0)
        .then(pl.lit("better"))
        .when((step * sign) < 0)
        .then(pl.lit("worse"))
        .when((step * sign) == 0)
        .then(pl.lit("same"))
    )


def outside_range() -> pl.Expr:
    """How far the compared value lies outside its target's range; 0 inside it, null for none."""
    compared = pl.col("compared")
    below, above = pl.col("target_low") - compared, compared - pl.col("target_high")
    # The greatest of several passes over nulls.
    return pl.when(below.is_not_null() & above.is_not_null()).then(
        pl.max_horizontal(below, above, pl.lit(0.0))
    )


def _with_edges(outturns: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `nearer_edge`, `edge_distance` and `tolerance_size`."""
    compared, low, high = pl.col("compared"), pl.col("target_low"), pl.col("target_high")
    nearer = pl.when((compared - low).abs() <= (compared - high).abs()).then(low).otherwise(high)
    edge = pl.when(pl.col("polarity") == "range").then(nearer).otherwise(pl.col("target_value"))
    # What is equal to nine digits is no distance away, as the rating has it.
    is_on_edge = _rounded(compared) == _rounded(pl.col("nearer_edge"))
    return outturns.with_columns(nearer_edge=edge).with_columns(
        edge_distance=pl.when(is_on_edge).then(0.0).otherwise(compared - pl.col("nearer_edge")),
        tolerance_size=pl.when(pl.col("tolerance_kind") == "points")
        .then(pl.col("tolerance"))
        .otherwise(pl.col("nearer_edge").abs() * pl.col("tolerance") / 100),
    )


def _why_unrated() -> pl.Expr:
    state, is_range = pl.col("state"), pl.col("polarity") == "range"
    aim = pl.when(is_range).then(pl.col("target_low")).otherwise(pl.col("target_value"))
    reasons = {
        "no_polarity": pl.col("polarity") == "none",
        "conflict": pl.col("conflict"),
        "awaited": (state == "awaited") | pl.col("awaited_by_lag"),
        "suppressed": state == "suppressed",
        "no_outturn": state.is_null() | (state != "value") | pl.col("value").is_null(),
        "partial_period": pl.col("marks").str.contains("partial", literal=True),
        "target_awaited": pl.col("target_awaited"),
        # A profile that asks for nothing yet sets no target either.
        "no_target": aim.is_null() | pl.col("compared").is_null(),
        "small_denominator": pl.col("denominator") < pl.col("small"),
    }
    return pl.coalesce(
        pl.when(reasons[name].fill_null(False)).then(pl.lit(name)) for name in WHY_UNRATED
    )


def _status() -> pl.Expr:
    """The colour of a row that can be rated; every edge belongs to the better side."""
    compared, target = _rounded(pl.col("compared")), pl.col("target_value")
    tolerance, blue = pl.col("tolerance_size"), _rounded(pl.col("target_blue"))
    low, high = pl.col("target_low"), pl.col("target_high")
    is_low, is_range = pl.col("polarity") == "low", pl.col("polarity") == "range"
    return (
        pl.when(is_range)
        .then(
            _ladder(
                None,
                _between(compared, low, high),
                _between(compared, low - tolerance, high + tolerance),
            )
        )
        .when(is_low)
        .then(
            _ladder(
                compared <= blue,
                compared <= _rounded(target),
                compared <= _rounded(target + tolerance),
            )
        )
        .otherwise(
            _ladder(
                compared >= blue,
                compared >= _rounded(target),
                compared >= _rounded(target - tolerance),
            )
        )
    )


def _ladder(blue: pl.Expr | None, green: pl.Expr, amber: pl.Expr) -> pl.Expr:
    reached = [("green", green), ("amber", amber)]
    if blue is not None:
        reached.insert(0, ("blue", blue))
    return pl.coalesce(
        *(pl.when(rule).then(pl.lit(status)) for status, rule in reached), pl.lit("red")
    )


def _between(value: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    return (value >= _rounded(low)) & (value <= _rounded(high))


def _rounded(value: pl.Expr) -> pl.Expr:
    return value.round_sig_figs(SIGNIFICANT_DIGITS)
