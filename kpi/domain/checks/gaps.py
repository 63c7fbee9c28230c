"""Series with the periods that they should have and have not.

A period is held when its cell says anything: a figure, or why there is none. Expected are
all periods from a series' first cell to the chosen period, those still awaited left out;
of a series that is only given every third month, every third month.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kpi.domain.catalogue import Indicator
from kpi.domain.checks.context import CELL_PLACE, SERIES, Context
from kpi.domain.period import FIRST_MONTH, Period

LENGTH = (*SERIES, "period_months")

STOPPED_AFTER = {1: 3, 3: 2, 12: 2}
"""So many periods without a word at its end, by their length, and a series has stopped."""


def series_spans(context: Context) -> pl.LazyFrame:
    """The own series, each with its first and last period and the one expected last.

    Years typed beside months are no series of their own.

    Returns:
        `LENGTH`, `first_start` (of the first cell, blank or not), `first_held`,
        `newest_start` (null where nothing is held), `held_count`, `cadence` (every how many
        periods there is one), `due_start` (of the newest period that must be there),
        `behind` (periods of the cadence between the newest and the due one), the newest
        cell's place (`newest_source_file` and so on), `seq`, `is_subject`.
    """
    is_held = pl.col("state") != "blank"
    start, months = pl.col("period_start"), pl.col("period_months").cast(pl.Int64)
    number = start.dt.year().cast(pl.Int64) * 12 + start.dt.month().cast(pl.Int64)
    spans = (
        context.own()
        # A month that has not begun, its year mistyped, is no end of a series.
        .filter(start.is_not_null() & (pl.col("period_end") <= context.up_to.end))
        .sort("period_end")
        .group_by(LENGTH, maintain_order=True)
        .agg(
            first_start=start.first(),
            first_held=start.filter(is_held).first(),
            newest_start=start.filter(is_held).last(),
            newest_number=number.filter(is_held).last(),
            least_step=number.filter(is_held).diff().min(),
            held_count=is_held.sum().cast(pl.Int64),
            is_subject=pl.col("is_subject").any(),
            seq=pl.col("seq").last(),
            **{f"newest_{name}": pl.col(name).filter(is_held).last() for name in CELL_PLACE},
        )
        .filter(pl.col("period_months") == pl.col("period_months").min().over(SERIES))
    )
    due = _due(context).lazy()
    behind = (pl.col("due_number") - pl.col("newest_number")) // months // pl.col("cadence")
    return (
        spans.join(due, on=["indicator", "period_months"], how="left")
        .with_columns(cadence=(pl.col("least_step") // months).fill_null(1))
        .with_columns(behind=behind.clip(lower_bound=0))
        .drop("least_step", "newest_number", "due_number")
    )


def _due(context: Context) -> pl.DataFrame:
    """The newest period that must be there, by indicator and length in months."""
    rows = [
        (each.id, months, start, start.year * 12 + start.month)
        for each in context.catalogue.indicators
        for months in STOPPED_AFTER
        for start in [_newest_due(context.up_to, indicator=each, months=months)]
    ]
    schema = {
        "indicator": pl.String,
        "period_months": pl.Int8,
        "due_start": pl.Date,
        "due_number": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _newest_due(up_to: Period, *, indicator: Indicator, months: int) -> date:
    """First day of the newest period that has ended, the months that are awaited counted off."""
    newest = Period.of_month(up_to.end.year, up_to.end.month).shifted(-indicator.lag_months)
    after = newest.next()
    begun = (after.start.month - FIRST_MONTH[indicator.year]) % months
    return after.shifted(-begun - months).start
