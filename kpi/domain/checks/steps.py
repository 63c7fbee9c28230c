"""Each own month beside the months before and after it, and the steps between all of them."""

from __future__ import annotations

import polars as pl

from kpi.domain.checks.context import SERIES, Context, year_begins
from kpi.domain.observation import address_expr

A_YEAR = 12


def months_with_sides(context: Context) -> pl.LazyFrame:
    """The own months up to the chosen one, series by series in order.

    Returns:
        The columns of `Context.held`, and `judged` (the figure; a running total's own
        month; null where a source gives two), `place` (number of the month), `before` and
        `after` (of the months immediately beside; else null).
    """
    months = (
        context.own(months=1)
        .filter(pl.col("state") == "value")
        .filter(~pl.col("marks").str.contains("partial", literal=True))
        .pipe(context.trusted)
        .with_columns(judged="value", place=month_number(pl.col("period_start")))
    )
    judged, place = pl.col("judged"), pl.col("place")
    follows = (place - place.shift(1).over(SERIES)) == 1
    leads = (place.shift(-1).over(SERIES) - place) == 1
    return (
        months.pipe(_as_own_months, context)
        .sort("place")
        .with_columns(
            before=pl.when(follows).then(judged.shift(1).over(SERIES)),
            after=pl.when(leads).then(judged.shift(-1).over(SERIES)),
        )
    )


def series_steps(months: pl.LazyFrame) -> pl.LazyFrame:
    """Each series' `points`, and the steps from one figure to the next.

    Returns:
        `SERIES`, `points`, `judged_sum`, `judged_count`, `step_sum`, `step_count`.
    """
    judged = pl.col("judged")
    step = judged.diff().abs()
    return months.group_by(SERIES).agg(
        points=pl.len().cast(pl.Int64),
        judged_sum=judged.sum(),
        judged_count=judged.count().cast(pl.Int64),
        step_sum=step.sum(),
        step_count=step.count().cast(pl.Int64),
    )


def with_side_cells(found: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `before_at` and `after_at`, the addresses of the months beside."""
    cells = months.join(found.select(SERIES).unique(), on=SERIES, how="semi").select(
        *SERIES, "place", at=address_expr()
    )
    for name, step in (("before_at", 1), ("after_at", -1)):
        beside = cells.select(*SERIES, pl.col("place") + step, pl.col("at").alias(name))
        found = found.join(beside, on=[*SERIES, "place"], how="left")
    return found


def month_number(day: pl.Expr) -> pl.Expr:
    """A number for each month, one more for the next."""
    return day.dt.year().cast(pl.Int64) * A_YEAR + day.dt.month().cast(pl.Int64)


def _as_own_months(months: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The months, those of a running total as each month's own figure.

    Null where the month before is not held.
    """
    to_date = [
        each
        for each in context.catalogue.indicators
        if each.basis == "year-to-date" and each.outturn != "percentage"
    ]
    others = months.filter(~pl.col("indicator").is_in([each.id for each in to_date]))
    frames = [others]
    for each in to_date:
        is_first = pl.col("period_start") == year_begins(pl.col("period_end"), year=each.year)
        follows = pl.col("place") - pl.col("place").shift(1).over(SERIES) == 1
        step = pl.col("value") - pl.col("value").shift(1).over(SERIES)
        judged = pl.when(is_first).then("value").when(follows).then(step)
        frames.append(
            months.filter(pl.col("indicator") == each.id).sort("place").with_columns(judged=judged)
        )
    return pl.concat(frames)
