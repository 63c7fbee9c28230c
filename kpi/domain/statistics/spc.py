"""Statistical process control: is a change in a series real, and can its target be relied on.

The XmR chart in the style of Making Data Count. Judges figures as they are given: the
in-period figure of a running total, the seasonal adjustment (`seasonal`), where a new group
begins and what the target is per period are settled before; sentences are made after. The
rules themselves are in `spc_rules`, the chart for percentages with counts in `spc_pchart`.

Everything is an expression over one ordered frame, so all series are judged at once. It is
quickest when collected with `engine="in-memory"`.

Source: NHS England, Making Data Count; Wheeler, Understanding Variation (2.66); Nelson (1982),
Journal of Quality Technology 14(3):172 (screening of moving ranges).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpi.domain.statistics.spc_rules import with_rules

LIMIT_RANGES = 2.66
"""Average moving ranges from the mean to a limit."""

SCREENED_FROM = 3.267
"""A moving range this many average ranges wide or wider is left out of the limits."""

TRIAL_BELOW = 13
"""Limits of a group with fewer points than this are trial limits."""

ASSURANCES = ("consistent_pass", "consistent_fail", "inconsistent")

_GROUP = "_spc_group"
_SERIES = "_spc_series"
_ANCHOR = 8192
_ROW = pl.col("_spc_row")


def with_spc(points: pl.LazyFrame, *, series: Sequence[str]) -> pl.LazyFrame:
    """The points of every series, in order, with the XmR chart's limits, rules and labels.

    Needs the columns `series`; `position` (integer or date, no two alike in a series) and
    `value`; and, the same all through a series: `improvement` (1 high is good, -1 low is good,
    0 neither), `baseline` (limits rest on the first so many points of each group, 2 or more;
    null: on all), `screen` (leave out outlying moving ranges) and `two_in_three` (`older`, or
    `newer`: points outside the limits count as close); and `rebase` (true where a point begins
    a new group). A null `value` is dropped and its neighbours are adjacent; a `rebase` on
    it moves to the next point.

    Adds, besides `rule`, `point_type` and `since` of `spc_rules.with_rules`:
        group: 0 for the first group, one more after each rebase; a rebase on the first point
            numbers it 1.
        mean, lower_limit, upper_limit: of the group, in the unit of `value`; limits are null
            where the baseline has one point, and never clipped to a possible range.
        fallback: screening would have left only ranges of zero though the values differ, so
            the limits rest on the unscreened average.
        side: 1 above the mean, -1 below, 0 exactly on it.
        outside: beyond a limit; a point on it is inside.
        close: beyond two thirds of the way to a limit and not outside.
        group_points, trial_limits: points in the group, and whether they are fewer than 13.
        points, is_latest: points in the series, and whether this is its last.

    Rows come back ordered by series and position.

    Example:
        >>> outturns = pl.LazyFrame(
        ...     {"indicator": ["visits"] * 3, "position": [1, 2, 3], "value": [90.0, 94.0, 92.0]}
        ... ).with_columns(
        ...     improvement=pl.lit(1),
        ...     baseline=pl.lit(None, pl.Int64),
        ...     screen=pl.lit(True),
        ...     two_in_three=pl.lit("older"),
        ...     rebase=pl.lit(False),
        ... )
        >>> chart = with_spc(outturns, series=["indicator"])
        >>> chart.select("mean", "lower_limit", "upper_limit", "rule").collect().rows()[-1]
        (92.0, 84.02, 99.98, 'Common Cause')
    """
    return (
        points.pipe(in_groups, series=series)
        .pipe(_with_limits)
        .pipe(_with_place)
        .pipe(with_rules)
        .select(pl.exclude("^_spc_.*$"))
    )


def latest_verdicts(points: pl.LazyFrame, *, series: Sequence[str]) -> pl.LazyFrame:
    """One row for each series that has a point: what its XmR chart says now.

    Needs the columns of `with_spc` and `target`; columns come back as from `verdicts_of`.
    """
    return points.pipe(with_spc, series=series).pipe(verdicts_of, series=series)


def verdicts_of(judged: pl.LazyFrame, *, series: Sequence[str]) -> pl.LazyFrame:
    """One row for each series: what its chart says of the latest point.

    Needs what `with_spc` or `with_p_chart` added, and `target` (in the unit of `value`; null
    when there is none; the latest point's counts).

    Returns the columns `series` and `position`, `value`, `points`, `mean`, `lower_limit`,
    `upper_limit`, `variation` (the point type), `rule`, `since`, `trial_limits`, `fallback`
    and `assurance`.
    """
    return judged.filter("is_latest").select(
        *series,
        "position",
        "value",
        "points",
        "mean",
        "lower_limit",
        "upper_limit",
        pl.col("point_type").alias("variation"),
        "rule",
        "since",
        "trial_limits",
        "fallback",
        assurance().alias("assurance"),
    )


def assurance() -> pl.Expr:
    """Whether the process as it is meets its `target`: always, never, or now and then.

    Looks at `lower_limit`, `upper_limit` and `improvement`, not at whether the latest value
    met the target. A target on a limit is `inconsistent`. Null without a target or limits,
    and where neither high nor low is good.
    """
    passes, fails, inconsistent = (pl.lit(word, dtype=pl.Enum(ASSURANCES)) for word in ASSURANCES)
    target, improvement = pl.col("target"), pl.col("improvement")
    beyond = (target > pl.col("upper_limit")).cast(pl.Int8) - (target < pl.col("lower_limit")).cast(
        pl.Int8
    )
    out_of_reach = beyond * improvement
    return (
        pl.when(out_of_reach.is_null() | (improvement == 0))
        .then(None)
        .when(out_of_reach > 0)
        .then(fails)
        .when(out_of_reach < 0)
        .then(passes)
        .otherwise(inconsistent)
    )


def in_groups(points: pl.LazyFrame, *, series: Sequence[str]) -> pl.LazyFrame:
    """The points that have a value, ordered, numbered and told apart by series and group.

    For the charts: adds `group`, `group_points`, `trial_limits`, `points` and `is_latest`
    (see `with_spc`), and the working columns `_spc_group`, `_spc_row`, `_spc_place` (both from
    0, in the frame and in the group) and `_spc_first`.
    """
    return (
        points.sort(*series, "position")
        .pipe(_with_group_numbers, series=series)
        .filter(pl.col("value").is_finite())
        .with_columns(
            _spc_row=pl.int_range(pl.len()),
            _spc_first=_differs(_GROUP, from_row=1),
            is_latest=_differs(_SERIES, from_row=-1),
            group_points=pl.len().over(_GROUP).cast(pl.Int64),
            points=pl.len().over(_SERIES).cast(pl.Int64),
        )
        .with_columns(
            _spc_place=_ROW - _ROW.min().over(_GROUP),
            trial_limits=pl.col("group_points") < TRIAL_BELOW,
        )
    )


def _with_group_numbers(ordered: pl.LazyFrame, *, series: Sequence[str]) -> pl.LazyFrame:
    # Counted before values are dropped, so that a rebase on a gap holds from the next point.
    begins, rebase, rebases = pl.col("_spc_begins"), pl.col("rebase"), pl.col("_spc_rebases")
    changes = (pl.col(key).ne_missing(pl.col(key).shift(1)) for key in series)
    # Said to be sorted, as running sums are: what is asked over them then needs no hashing.
    return (
        ordered.with_columns(
            _spc_begins=pl.any_horizontal(pl.int_range(pl.len()) == 0, *changes),
            _spc_rebases=rebase.cast(pl.Int64).cum_sum(),
        )
        .with_columns(
            _spc_series=begins.cast(pl.Int64).cum_sum().set_sorted(),
            _spc_group=(begins | rebase).cast(pl.Int64).cum_sum().set_sorted(),
        )
        .with_columns(group=rebases - (rebases - rebase.cast(pl.Int64)).min().over(_SERIES))
    )


def _differs(column: str, *, from_row: int) -> pl.Expr:
    return (pl.col(column) != pl.col(column).shift(from_row)).fill_null(True)


def is_baseline() -> pl.Expr:
    """Whether a point is one that the limits of its group rest on."""
    return pl.col("baseline").is_null() | (pl.col("_spc_place") < pl.col("baseline"))


def moving_range(values: pl.Expr) -> pl.Expr:
    """How far a value lies from the one before it in the group; null for the first."""
    return pl.when(~pl.col("_spc_first")).then((values - values.shift(1)).abs())


def with_group_mean(grouped: pl.LazyFrame, values: pl.Expr, *, name: str) -> pl.LazyFrame:
    """The rows with the exact mean of the values over the group, under that name.

    Exact to the last bit, for up to 2,048 points in a group: a mean one rounding step out
    would put the points that lie on it to one side, and seven of those are a false signal.
    A value is cut in two at an anchor far above it; the coarse parts add up without rounding,
    and what the fine parts lose is far below the last bit of the mean. Null values do not
    count; null where there are no others.

    Source: Rump, Ogita and Oishi (2008), Accurate floating-point summation, SIAM Journal on
    Scientific Computing 31(1):189.
    """
    anchor, coarse, centre, n = (pl.col(f"_spc_{c}") for c in ("anchor", "coarse", "centre", "n"))
    left_over = group_sum(coarse - centre) + group_sum(values - coarse)
    return (
        grouped.with_columns(
            _spc_anchor=_ANCHOR * values.abs().max().over(_GROUP),
            _spc_n=values.count().over(_GROUP),
        )
        .with_columns(_spc_coarse=(anchor + values) - anchor)
        .with_columns(_spc_centre=(anchor + group_sum(coarse) / n) - anchor)
        .with_columns((centre + left_over / n).alias(name))
    )


def group_sum(values: pl.Expr) -> pl.Expr:
    """The sum of the values over the group, the same to the last bit on every run."""
    # A list adds up in its order; polars' streaming engine adds a group up in any.
    return values.fill_null(0).implode().list.sum().over(_GROUP)


def _with_limits(grouped: pl.LazyFrame) -> pl.LazyFrame:
    base, moved, used = pl.col("_spc_base"), pl.col("_spc_range"), pl.col("_spc_used")
    average, screened = pl.col("_spc_average"), pl.col("_spc_screened")
    is_kept = ~pl.col("screen") | (moved < SCREENED_FROM * average)
    is_usable = (screened > 0).fill_null(False)
    return (
        grouped.with_columns(_spc_base=pl.when(is_baseline()).then(pl.col("value")))
        .with_columns(_spc_range=moving_range(base))
        .pipe(with_group_mean, base, name="mean")
        .pipe(with_group_mean, moved, name="_spc_average")
        .with_columns(_spc_kept=pl.when(is_kept).then(moved))
        .pipe(with_group_mean, pl.col("_spc_kept"), name="_spc_screened")
        .with_columns(
            _spc_used=pl.when(is_usable).then(screened).otherwise(average),
            fallback=((average > 0) & ~is_usable).fill_null(False),
        )
        .with_columns(
            lower_limit=pl.col("mean") - LIMIT_RANGES * used,
            upper_limit=pl.col("mean") + LIMIT_RANGES * used,
        )
    )


def _with_place(limited: pl.LazyFrame) -> pl.LazyFrame:
    value, mean = pl.col("value"), pl.col("mean")
    inner = 2 * (LIMIT_RANGES / 3) * pl.col("_spc_used")
    is_outside = (value > pl.col("upper_limit")) | (value < pl.col("lower_limit"))
    is_beyond_inner = (value > mean + inner) | (value < mean - inner)
    return limited.with_columns(
        side=(value > mean).cast(pl.Int8) - (value < mean).cast(pl.Int8),
        outside=is_outside.fill_null(False),
        close=(is_beyond_inner & ~is_outside).fill_null(False),
        _spc_signal=value,
    )
