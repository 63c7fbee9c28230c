"""What is published for each typed comparator: the candidates, and how near they come.

A comparator without a year may be of any recent year; an earlier own year is of its own.
Rates of years before the population was rebased on the 2021 census were published with
another population, so the newest published rate may differ from a typed one that was right.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kpi.domain.checks.context import CELL_PLACE, NEIGHBOURS_CODE, Context, rounding
from kpi.domain.checks.typed_rows import kind_of
from kpi.domain.observation import STATISTICAL_NEIGHBOURS

REBASED_UNTIL = date(2022, 3, 31)
"""Last year whose rates were first published with populations from before the 2021 census."""

REBASED_SHARE = 0.10
"""How far a rebased rate may differ: populations of single authorities changed as much."""

YEARS_BACK = 4
"""How many years a comparator without a year may be behind the chosen period."""


def candidates(context: Context) -> pl.LazyFrame:
    """The published values that each typed comparator with a figure may be meant to be.

    Only of indicators with a published measure in the indicator's own unit.

    Returns:
        A row for each cell and published value: the columns of `Context.typed`, `kind`,
        `year_end`, `published`, `average` (which neighbours' average it is, in words; else
        null), `is_exact` (the same but for rounding) and `is_rebased` (a rate of a rebased
        year, not exact but near enough).
    """
    of_indicator = ["outturn_type", "per", "measure"]
    cells = (
        context.typed.filter(pl.col("value").is_not_null())
        .pipe(context.trusted)
        .pipe(context.with_indicator)
        .with_columns(kind=kind_of(context))
        .pipe(with_area_code, context)
    )
    is_same_unit = (pl.col("unit_type") == pl.col("outturn_type")) & (
        (pl.col("unit_type") != "rate") | (pl.col("unit_per") == pl.col("per"))
    )
    return (
        cells.join(context.published.measures, on="measure")
        .filter(is_same_unit)
        .join(
            context.published.values.rename({"period_end": "year_end", "value": "published"}),
            on=["measure", "area_code"],
        )
        .filter(is_of_its_year(context))
        .pipe(with_nearness)
        .drop(*of_indicator[:2])
    )


def with_area_code(cells: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The cells with `area_code`, null for places without one; neighbours have their own."""
    return cells.join(
        context.published.areas.select("area", "area_code"), on="area", how="left"
    ).with_columns(
        area_code=pl.when(pl.col("area") == STATISTICAL_NEIGHBOURS)
        .then(pl.lit(NEIGHBOURS_CODE))
        .otherwise("area_code")
    )


def is_of_its_year(context: Context) -> pl.Expr:
    """Whether a published value is of the cell's year, or of a recent one where none is stated."""
    newest = context.up_to.end
    oldest = date(newest.year - YEARS_BACK, newest.month, 1)
    is_recent = pl.col("year_end").is_between(pl.lit(oldest), pl.lit(newest))
    return (pl.col("year_end") == pl.col("period_end")).fill_null(value=False) | (
        pl.col("period_end").is_null() & is_recent
    )


def with_nearness(pairs: pl.LazyFrame) -> pl.LazyFrame:
    """The pairs of `value` and `published` with `is_exact` and `is_rebased`.

    Either may be the other rounded; rounding twice may be off by a little more.
    """
    value, published = pl.col("value"), pl.col("published")
    gap = (value - published).abs()
    is_exact = gap <= pl.max_horizontal(rounding(value), rounding(published)) + 1e-9
    is_near = gap <= REBASED_SHARE * published.abs()
    is_before = pl.col("year_end") <= pl.lit(REBASED_UNTIL)
    return pairs.with_columns(
        is_exact=is_exact,
        is_rebased=~is_exact & (pl.col("unit_type") == "rate") & is_before & is_near,
    )


def explained(context: Context) -> pl.LazyFrame:
    """The typed cells with a published value that is exact or rebased (columns: `CELL_PLACE`)."""
    return (
        candidates(context)
        .filter(pl.col("is_exact") | pl.col("is_rebased"))
        .select("seq", *CELL_PLACE, "is_exact", "year_end")
    )
