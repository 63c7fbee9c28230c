"""Totals of the year so far that fall."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import SERIES, Context, rounding, year_begins
from kpi.domain.checks.wording import about, figure, when
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr


def find_falls(context: Context) -> pl.LazyFrame:
    """Each count or rate of the year to date that is below an earlier one of the same year.

    A rate may fall by the rounding of the two: 503 and then 502 can be 502.6 and 502.4.
    Percentages may fall, and so may anything after a marked break.
    """
    catalogue = context.catalogue
    span = [*SERIES, "period_months", "year_start"]
    indicators = [
        each
        for each in catalogue.indicators
        if each.basis == "year-to-date" and each.outturn != "percentage"
    ]
    frames = [
        _in_years(context, each.id, year_begins(pl.col("period_end"), year=each.year))
        for each in indicators
    ]
    if not frames:
        return worded(context.held.head(0), say=lambda row: _say(row, catalogue))
    fallen = pl.col("value") < pl.col("before") - pl.col("slack")
    found = (
        pl.concat(frames)
        .sort("period_end")
        .with_columns(
            before=pl.col("value").shift(1).over(span),
            before_period=pl.col("period").shift(1).over(span),
            before_at=address_expr().shift(1).over(span),
            slack=pl.when("is_rate")
            .then(rounding(pl.col("value")) + rounding(pl.col("value").shift(1).over(span)))
            .otherwise(0.0),
        )
        .filter(fallen & pl.col("is_subject"))
        .filter(~pl.col("marks").str.contains("break", literal=True))
        .with_columns(related=pl.concat_list("before_at"))
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _in_years(context: Context, indicator: str, year_start: pl.Expr) -> pl.LazyFrame:
    is_rate = context.catalogue.by_id[indicator].outturn == "rate"
    return (
        context.own()
        .filter((pl.col("indicator") == indicator) & pl.col("value").is_not_null())
        .filter(pl.col("period_end").is_not_null())
        .with_columns(year_start=year_start, is_rate=pl.lit(is_rate))
    )


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    before = f"{figure(row['before'], indicator)} in {when(row['before_period'], indicator)}"
    return Said(
        f"{about(row, catalogue)}: {figure(row['value'], indicator)} after {before}, though it "
        "adds up over the year",
        "Was a month taken back, or typed instead of the total? Or is the basis not year-to-date?",
    )


CHECK = Check(
    code="KPI214",
    title="falling total",
    severity="warning",
    meaning="A figure that accumulates over the year is smaller than one before it in the same "
    "year.",
    why="A total can only grow. A fall is a month's figure in the place of a total, a slip, or "
    "cases taken back, and every month's own figure would be wrong by it.",
    advice="Correct the cell. If the indicator does not accumulate, its `basis` is another.",
    example="board.xlsx:Right Service!H8 – Referral rate, Sep-21: 328 after 345 in Aug-21, though "
    "it adds up over the year",
    find=find_falls,
)
