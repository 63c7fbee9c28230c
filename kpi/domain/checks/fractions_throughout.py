"""Rows of percentages that are fractions from end to end: 0.95, 0.96, 0.94."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Indicator
from kpi.domain.checks.cells_of_series import figures_said
from kpi.domain.checks.context import CELL_PLACE, SERIES, Context, decimals
from kpi.domain.findings import Check, Said, worded
from kpi.domain.observation import address_expr

_FAR = 4.0
"""A fraction's hundredfold lies within so many times its target, and the target far above it."""

_LARGE = 0.5
"""Without a target, a row that reaches this far with two decimals is taken to be fractions."""


def find_rows_of_fractions(context: Context) -> pl.LazyFrame:
    """Every series of a percentage that never leaves 0 to 1, though it is meant to be larger.

    Its target says so, whose size the hundredfold has; without one, two decimals and a half.
    A percent sign, typed or by the cell's format, makes a small percentage plain.
    """
    catalogue = context.catalogue
    value, target = pl.col("value"), pl.col("aim")
    aims = {each.id: aim for each in catalogue.indicators if (aim := _aim(each)) is not None}
    shares = context.held.filter(
        pl.col("indicator").is_in(context.ids(outturn="percentage")) & value.is_not_null()
    )
    rows = (
        shares.sort("period_start")
        .group_by(*SERIES, "period_months", maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "raw", "state").last(),
            period=pl.lit(None, dtype=pl.String),
            is_subject=pl.col("is_subject").any(),
            is_marked=pl.col("raw").str.contains("%", literal=True).any(),
            has_fraction=((value > 0) & (value < 1)).any(),
            least=value.min(),
            most=value.max(),
            middle=value.median(),
            places=decimals(value).max(),
            periods=pl.col("period").drop_nulls(),
            figures=value,
            figure_count=pl.len(),
            related=address_expr().slice(0, pl.len() - 1),
        )
        .with_columns(
            aim=pl.col("indicator").replace_strict(aims, default=None, return_dtype=pl.Float64)
        )
    )
    is_like_target = (100 * pl.col("middle")).is_between(target / _FAR, target * _FAR)
    is_meant_larger = is_like_target & (target > _FAR * pl.col("most"))
    looks_so = (pl.col("most") >= _LARGE) & (pl.col("places") > 1)
    wrong = rows.filter(
        pl.col("is_subject")
        & ~pl.col("is_marked")
        & pl.col("has_fraction")
        & (pl.col("least") >= 0)
        & (pl.col("most") <= 1)
        & pl.when(target.is_not_null()).then(is_meant_larger).otherwise(looks_so)
    )
    return worded(
        wrong,
        say=lambda row: Said(
            f"{figures_said(row, catalogue)}: the whole row reads like fractions",
            "Format its cells as percentages, or type 95 and not 0.95.",
        ),
    )


def _aim(indicator: Indicator) -> float | None:
    """The size of what is aimed at, by the newest target with a figure; null for none."""
    for target in reversed(indicator.target):
        if (aim := target.value if target.value is not None else target.low) is not None:
            return aim
    return None


CHECK = Check(
    code="KPI231",
    title="row of fractions",
    severity="warning",
    meaning="Every figure of a percentage lies between 0 and 1, though its target, or its size, "
    "says that it is meant to be larger.",
    why="A spreadsheet keeps 95% as 0.95. Copied as values, a whole row is read as nearly nothing, "
    "and rated so.",
    advice="Format the cells as percentages, or type 95.",
    example="board.csv!F2 – Reviews in time, Jul-21 to Oct-21: 0.95%, 0.96%, 0.94% and 0.97%: the "
    "whole row reads like fractions",
    find=find_rows_of_fractions,
    discredits=True,
)
