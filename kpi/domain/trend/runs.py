"""The latest point of each series and the runs that end there, for saying what happened.

A point's label names one rule; a sentence also tells of the others that hold at it: how
many points in a row have risen or fallen, and how many lie on one side of the mean.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.scorecard import ROW

_PLACE = pl.col("_place")
_KEPT = (
    "points", "mean", "lower_limit", "upper_limit", "trial_limits", "fallback", "group",
    "group_points", "chart_used", "since", "side", "run_from", "run_from_end", "side_from_end",
    "first_end", "group_lowest", "group_highest",
)  # fmt: skip


def latest_runs(judged: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each series with a point: its latest one and the runs that end there.

    Args:
        judged: What `trend.judged_points` gives, in order.

    Returns:
        `ROW`; of the chart `points`, `mean`, `lower_limit`, `upper_limit`, `rule`,
        `point_type`, `since`, `trial_limits`, `fallback`, `group`, `group_points`,
        `chart_used`; and
            latest_end, charted_value, charted_adjusted: last day, judged and adjusted value.
            run: 1 risen, -1 fallen, 0 neither, since the point before.
            run_points: points of the unbroken rise or fall, its first included.
            run_from, run_from_end: the value and last day of that first point.
            side, side_points, side_from_end: above (1) or below (-1) the mean, for so many
                points, since that last day.
            first_end: last day of the series' first point.
            lowest: the lowest judged value of the series.
            group_lowest, group_highest: of the figures as reported of their periods, in the
                group; null where they are adjusted.
    """
    return (
        judged.pipe(_with_runs)
        .filter("is_latest")
        .select(
            *ROW,
            *_KEPT,
            pl.col("rule", "point_type").cast(pl.String),
            latest_end="period_end",
            charted_value="value",
            charted_adjusted="adjusted",
            run=pl.col("_change").fill_null(0),
            run_points=_PLACE - pl.col("_run_from") + 1,
            side_points=_PLACE - pl.col("_side_from") + 1,
            lowest="_lowest",
        )
    )


def _with_runs(judged: pl.LazyFrame) -> pl.LazyFrame:
    """The points with where the runs that they belong to began, and with what value."""
    return (
        judged.with_columns(_place=pl.int_range(pl.len()), _first=_begins_group())
        .with_columns(_change=_change())
        .with_columns(
            _rise_from=_since(pl.col("_first") | _differs("_change")),
            _side_from=_since(pl.col("_first") | _differs("side")),
            _series_from=_since(_differs("series")),
            _lowest=pl.col("value").min().over("series"),
            group_lowest=_reported().min().over("series", "group"),
            group_highest=_reported().max().over("series", "group"),
        )
        .with_columns(_run_from=pl.col("_rise_from") - 1)
        .with_columns(
            run_from=_of("value", at="_run_from"),
            run_from_end=_of("period_end", at="_run_from"),
            side_from_end=_of("period_end", at="_side_from"),
            first_end=_of("period_end", at="_series_from"),
        )
    )


def _begins_group() -> pl.Expr:
    return _differs("series") | _differs("group")


def _reported() -> pl.Expr:
    return pl.when(pl.col("adjusted").is_null()).then("in_period")


def _differs(column: str) -> pl.Expr:
    return (pl.col(column) != pl.col(column).shift(1)).fill_null(value=True)


def _change() -> pl.Expr:
    value = pl.col("value")
    change = (value > value.shift(1)).cast(pl.Int8) - (value < value.shift(1)).cast(pl.Int8)
    return pl.when(~pl.col("_first")).then(change)


def _since(begins: pl.Expr) -> pl.Expr:
    """The row on which the run of each row began."""
    return pl.when(begins).then(_PLACE).forward_fill()


def _of(column: str, *, at: str) -> pl.Expr:
    """A column's value on another row; the row before the first is no row."""
    return pl.col(column).gather(pl.col(at).clip(0))
