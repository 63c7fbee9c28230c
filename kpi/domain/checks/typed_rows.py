"""The comparators that a report has typed in beside its own months, row by row.

A report prints the earlier years, the neighbours, the region and England in the row of the
months; a tidy file gives each a row of its own, and so has none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from kpi.domain.observation import STATISTICAL_NEIGHBOURS, address_expr

if TYPE_CHECKING:
    from kpi.domain.checks.context import Context

ROW = ("seq", "source_file", "source_sheet", "sheet_row", "indicator")
"""One printed row."""

OWN_SIZE = 2.0
"""Figures up to so many times each other are of one size."""

_A_YEAR = 12


def typed_cells(cells: pl.LazyFrame, *, authority: str) -> pl.LazyFrame:
    """The comparator cells of printed rows: earlier own years and other places, all states.

    Args:
        cells: Columns of `kpi.domain.observation.STORED`.
        authority: Whose months make a row the authority's own.

    Returns:
        Those columns, `sheet_row`, `sheet_column`, `address`, and of the
        row's own months `month_count`, `month_middle` (median), `newest`, `newest_period`
        and `newest_at` (address).
    """
    is_own = (pl.col("area") == authority) & (pl.col("unit") == "")
    is_month = is_own & (pl.col("period_months") < _A_YEAR)
    is_comparator = (pl.col("unit") == "") & ~is_month.fill_null(value=False)
    cells = cells.filter(pl.col("role") == "outturn").pipe(with_sheet_place)
    months = (
        cells.filter(is_month & pl.col("value").is_not_null())
        .sort("period_end")
        .group_by(ROW)
        .agg(
            month_count=pl.len(),
            month_middle=pl.col("value").median(),
            newest=pl.col("value").last(),
            newest_period=pl.col("period").last(),
            newest_at=address_expr().last(),
        )
    )
    return (
        cells.filter(is_comparator)
        .join(months, on=ROW, nulls_equal=True)
        .with_columns(address=address_expr())
    )


def with_sheet_place(cells: pl.LazyFrame) -> pl.LazyFrame:
    """The cells with `sheet_row` and `sheet_column`, both counted from 1: B7 is 7 and 2."""
    letters = pl.col("source_cell").str.extract(r"^([A-Z]{1,3})\d")
    number = pl.lit(0, dtype=pl.Int64)
    for place in range(3):
        code = letters.str.slice(place, 1).str.to_integer(base=36, strict=False) - 9
        number = pl.when(code.is_not_null()).then(number * 26 + code).otherwise(number)
    return cells.with_columns(
        sheet_row=pl.col("source_cell").str.extract(r"(\d+)$").cast(pl.Int64, strict=False),
        sheet_column=pl.when(letters.is_not_null()).then(number),
    )


def kind_of(context: Context) -> pl.Expr:
    """What a comparator is: `own` for an earlier year, `neighbours`, or `area`."""
    return (
        pl.when(pl.col("area") == context.authority)
        .then(pl.lit("own"))
        .when(pl.col("area") == STATISTICAL_NEIGHBOURS)
        .then(pl.lit("neighbours"))
        .otherwise(pl.lit("area"))
    )


def is_of_own_size(kind: pl.Expr) -> pl.Expr:
    """Whether a region's or England's figure is of the size of the row's own newest one.

    A count of a whole region is many times that of one of its places; days, cases a worker
    and rates are not, so their row counts nothing that grows with the place.

    Args:
        kind: As `kind_of` gives it.
    """
    newest = pl.col("newest")
    return (kind == "area") & pl.col("value").is_between(newest / OWN_SIZE, newest * OWN_SIZE)
