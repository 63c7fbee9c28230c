"""The four rules of an SPC chart: which points are special cause, under which label, since when.

For every chart alike: a chart first places its points (`spc` and `spc_pchart` say how) and
then asks here. Runs are found by comparing neighbours in the ordered frame, never across
the start of a group, so the work grows with the number of points alone.

Source: NHS England, Making Data Count; rules and precedence as in NHSRplotthedots 0.2.2.
"""

from __future__ import annotations

import polars as pl

RUN_LENGTH = 7
"""Points that make a trend, and points on one side that make a shift."""

RULES = (
    "Above UCL",
    "Below LCL",
    "7 Point Trend (Increasing)",
    "7 Point Trend (Decreasing)",
    "2 in 3 Above CL",
    "2 in 3 Below CL",
    "7 Points Above CL",
    "7 Points Below CL",
    "Common Cause",
)
"""The labels; where several fit a point, the first is given."""

POINT_TYPES = (
    "common_cause",
    "special_cause_improvement",
    "special_cause_concern",
    "special_cause_neutral_high",
    "special_cause_neutral_low",
)

_ROW = pl.col("_spc_row")
_FIRST = pl.col("_spc_first")
_SIDE = pl.col("side")
_OUTSIDE = pl.col("_spc_outside")
_TREND = pl.col("_spc_trend")
_TWO = pl.col("_spc_two")
_SHIFT = pl.col("_spc_shift")


def with_rules(placed: pl.LazyFrame) -> pl.LazyFrame:
    """The points with their label, what it means, and where the signal began.

    Needs points in order, with `position`, `improvement`, `two_in_three`, and as placed by a
    chart: `side` (1 above the centre, -1 below, 0 on it), `outside`, `close`, `_spc_signal`
    (the number whose rise and fall makes a trend), `_spc_row` (0, 1, 2, ... down the frame),
    `_spc_group` (a number of its own for each group) and `_spc_first` (first of its group).

    Adds:
        rule: one of `RULES`.
        point_type: one of `POINT_TYPES`, by the sense of the label and `improvement`.
        since: the position of the first point of the run that the label speaks of, whichever
            labels the points between bear; null for common cause. For 2 in 3 it is the first
            flagged point of windows that overlap without a break.

    A point that ends one trend and begins another takes the later one.

    Source: methods of NHS England, Making Data Count: trend, shift and 2 in 3 as there; an
    equal neighbour breaks a trend, a point on the centre breaks a shift.
    """
    return (
        placed.pipe(_with_outside)
        .pipe(_with_trend)
        .pipe(_with_two_in_three)
        .pipe(_with_shift)
        .pipe(_with_label)
    )


def _with_outside(placed: pl.LazyFrame) -> pl.LazyFrame:
    return placed.with_columns(_spc_outside=_SIDE * pl.col("outside")).with_columns(
        _spc_outside_from=_run_start(_OUTSIDE)
    )


def _with_trend(placed: pl.LazyFrame) -> pl.LazyFrame:
    change, starts, ending = (pl.col(f"_spc_{c}") for c in ("change", "change_from", "ending"))
    # A group's first point has no change, so no trend seems to begin on the point before it.
    beginning = ending.shift(-1, fill_value=0)
    return (
        placed.with_columns(_spc_change=pl.when(_FIRST).then(0).otherwise(_change()).cast(pl.Int8))
        .with_columns(_spc_change_from=_run_start(change))
        .with_columns(_spc_ending=_where_long(change, starts, length=RUN_LENGTH - 1))
        .with_columns(
            _spc_trend=pl.when(beginning != 0).then(beginning).otherwise(ending),
            # A run of changes begins one point after the run of points that it joins.
            _spc_trend_from=pl.when(beginning != 0).then(starts.shift(-1)).otherwise(starts) - 1,
        )
    )


def _change() -> pl.Expr:
    signal, before = pl.col("_spc_signal"), pl.col("_spc_signal").shift(1)
    return (signal > before).cast(pl.Int8) - (signal < before).cast(pl.Int8)


def _with_two_in_three(placed: pl.LazyFrame) -> pl.LazyFrame:
    near, window = pl.col("_spc_near"), pl.col("_spc_window")
    counted = pl.col("close") | (pl.col("outside") & (pl.col("two_in_three") == "newer"))
    # A window is known by its last point, so a point lies in its own and the next two.
    in_window = window | window.shift(-1, fill_value=False) | window.shift(-2, fill_value=False)
    goes_on = window | (~_FIRST & (_TWO.shift(1) == _TWO))
    return (
        placed.with_columns(_spc_near=counted)
        .with_columns(_spc_window=_ends_window(near).fill_null(False))
        .with_columns(_spc_two=_SIDE * (near & in_window))
        .with_columns(
            _spc_two_from=pl.when((_TWO != 0) & ~goes_on.fill_null(False)).then(_ROW).forward_fill()
        )
    )


def _ends_window(near: pl.Expr) -> pl.Expr:
    group = pl.col("_spc_group")
    one_group = group == group.shift(2)
    one_side = (_SIDE.shift(1) == _SIDE) & (_SIDE.shift(2) == _SIDE)
    last, middle, first = near, near.shift(1), near.shift(2)
    return one_group & one_side & ((last & middle) | (last & first) | (middle & first))


def _with_shift(placed: pl.LazyFrame) -> pl.LazyFrame:
    return placed.with_columns(_spc_shift_from=_run_start(_SIDE)).with_columns(
        _spc_shift=_where_long(_SIDE, pl.col("_spc_shift_from"), length=RUN_LENGTH)
    )


def _run_start(state: pl.Expr) -> pl.Expr:
    begins = _FIRST | (state != state.shift(1))
    return pl.when(begins.fill_null(True)).then(_ROW).forward_fill()


def _where_long(state: pl.Expr, starts: pl.Expr, *, length: int) -> pl.Expr:
    """The state where its run, from row `starts`, has at least `length` rows, else 0."""
    ends = starts != starts.shift(-1)
    last = pl.when(ends.fill_null(True)).then(_ROW).backward_fill()
    return state * (last - starts + 1 >= length)


def _with_label(signalled: pl.LazyFrame) -> pl.LazyFrame:
    sense = pl.col("_spc_sense")
    return signalled.with_columns(
        rule=_rule(),
        _spc_sense=_of_first_rule(_OUTSIDE, _TREND, _TWO, _SHIFT),
        _spc_since=_of_first_rule(
            *(pl.col(f"_spc_{rule}_from") for rule in ("outside", "trend", "two", "shift"))
        ),
    ).with_columns(
        point_type=_point_type(sense),
        since=pl.when(sense != 0).then(pl.col("position").gather(pl.col("_spc_since"))),
    )


def _of_first_rule(outside: pl.Expr, trend: pl.Expr, two: pl.Expr, shift: pl.Expr) -> pl.Expr:
    return (
        pl.when(_OUTSIDE != 0)
        .then(outside)
        .when(_TREND != 0)
        .then(trend)
        .when(_TWO != 0)
        .then(two)
        .otherwise(shift)
    )


def _rule() -> pl.Expr:
    above, below, rising, falling, two_above, two_below, seven_above, seven_below, common = (
        pl.lit(label, dtype=pl.Enum(RULES)) for label in RULES
    )
    return _of_first_rule(
        pl.when(_OUTSIDE > 0).then(above).otherwise(below),
        pl.when(_TREND > 0).then(rising).otherwise(falling),
        pl.when(_TWO > 0).then(two_above).otherwise(two_below),
        pl.when(_SHIFT > 0).then(seven_above).when(_SHIFT < 0).then(seven_below).otherwise(common),
    )


def _point_type(sense: pl.Expr) -> pl.Expr:
    common, improvement, concern, high, low = (
        pl.lit(word, dtype=pl.Enum(POINT_TYPES)) for word in POINT_TYPES
    )
    good = sense * pl.col("improvement")
    return (
        pl.when(good > 0)
        .then(improvement)
        .when(good < 0)
        .then(concern)
        .when(sense > 0)
        .then(high)
        .when(sense < 0)
        .then(low)
        .otherwise(common)
    )
