"""The months across: which columns a paper has, and the figure of each row in each of them.

Figures that were hidden before stay hidden; nothing is computed here but which one stands
where.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.paper.contents import FIGURE
from kpi.domain.period import Period, YearKind
from kpi.domain.scorecard import ROW

MOST_ACROSS = 12
"""So many columns at most: as many as the sparkline has bars."""


def periods_across(held: pl.DataFrame, *, up_to: Period, year: YearKind) -> tuple[Period, ...]:
    """The columns: months, or the shortest periods held, from the first with a figure on.

    Args:
        held: The figures of the paper's rows, up to the chosen period.
        up_to: The chosen period, whose last month is the last column.
        year: The kind of year that a quarter or a year belongs to.
    """
    said = held.filter(pl.col("state") != "blank")
    months = said["period_months"].min()
    if months is None or months == 1:
        last = Period.of_month(up_to.end.year, up_to.end.month)
    else:
        last = _newest(said.filter(pl.col("period_months") == months), year=year)
    starts = set(said.filter(pl.col("period_months") == last.months)["period_start"])
    columns = [last.shifted(-back) for back in range(MOST_ACROSS - 1, -1, -1)]
    first = next((at for at, each in enumerate(columns) if each.start in starts), len(columns) - 1)
    return tuple(columns[first:])


def with_figures(
    rows: pl.DataFrame,
    held: pl.DataFrame,
    *,
    periods: tuple[Period, ...],
    restated: pl.DataFrame,
) -> pl.DataFrame:
    """The same rows with `figures`: a struct of `FIGURE` for each of the periods.

    A quarter or a year stands under the month that it ends in; the figure that a row is
    judged by stands in the last column where it is of none of them.

    Args:
        rows: Needs `ROW` and `period`.
        held: Held figures (columns of `kpi.domain.held.with_held`).
        periods: The columns.
        restated: `ROW` and `period` of what was restated.
    """
    keys = rows.select(*ROW, "period").with_row_index("paper_row")
    known = restated.select(*ROW, "period").unique().with_columns(restated=pl.lit(value=True))
    found = _by_column(keys, held, periods=periods).join(
        known, on=[*ROW, "period"], how="left", maintain_order="left"
    )
    figures = (
        keys.select("paper_row")
        .join(_columns(periods).select("column"), how="cross")
        .join(found, on=["paper_row", "column"], how="left", maintain_order="left")
        .select("paper_row", figures=pl.struct(_figure()))
        .group_by("paper_row", maintain_order=True)
        .agg("figures")
    )
    return rows.with_columns(figures["figures"].cast(pl.List(pl.Struct(FIGURE))))


def _newest(held: pl.DataFrame, *, year: YearKind) -> Period:
    newest = held.sort("period_end").tail(1)
    return Period(newest["period_start"].item(), newest["period_months"].item(), year)


def _columns(periods: tuple[Period, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "column": range(len(periods)),
            "period_end": [each.end for each in periods],
        },
        schema={"column": pl.Int64, "period_end": pl.Date},
    )


def _by_column(
    keys: pl.DataFrame, held: pl.DataFrame, *, periods: tuple[Period, ...]
) -> pl.DataFrame:
    """The held figure of each row and column, the shortest that ends there."""
    last = len(periods) - 1
    figures = held.join(keys.select("paper_row", *ROW), on=ROW)
    across = figures.join(_columns(periods), on="period_end").filter(
        pl.col("period_months") >= periods[0].months
    )
    judged = (
        held.join(keys, on=[*ROW, "period"])
        .join(across.select("paper_row", "period"), on=["paper_row", "period"], how="anti")
        .with_columns(column=pl.lit(last, dtype=pl.Int64))
    )
    return (
        pl.concat([across, judged], how="diagonal")
        .sort("paper_row", "column", "period_months")
        .unique(["paper_row", "column"], keep="first", maintain_order=True)
    )


def _figure() -> list[pl.Expr]:
    source = pl.struct(file="source_file", sheet="source_sheet", cell="source_cell")
    return [
        pl.col("period"),
        pl.col("value").alias("outturn"),
        pl.col("state"),
        pl.col("marks"),
        pl.col("conflict").fill_null(value=False),
        pl.col("restated").fill_null(value=False),
        pl.when(pl.col("source_file").is_not_null()).then(source).alias("source"),
    ]
