"""Negative figures in rows that have none otherwise."""

from __future__ import annotations

import polars as pl

from kpi.domain.checks.cells_of_series import by_series, figures_said
from kpi.domain.checks.context import SERIES, Context
from kpi.domain.findings import Check, Said, worded


def find_negative(context: Context) -> pl.LazyFrame:
    """Every negative number or rate, unless at least half of its series are negative.

    A variance against budget is negative as often as not; a count of children never is.
    """
    catalogue = context.catalogue
    series = [*SERIES, "period_months"]
    value = pl.col("value")
    counts = context.held.filter(
        ~pl.col("indicator").is_in(context.ids(outturn="percentage")) & value.is_not_null()
    )
    touched = counts.filter((value < 0) & pl.col("is_subject")).select(series).unique()
    wrong = (
        counts.join(touched, on=series, how="semi", nulls_equal=True)
        .with_columns(share=(value < 0).mean().over(series), count=value.count().over(series))
        .filter((value < 0) & pl.col("is_subject"))
        .filter((pl.col("share") < 0.5) | (pl.col("count") == 1))
        .with_columns(row=pl.col("period_start").rank("ordinal"))
    )
    return worded(
        by_series(wrong),
        say=lambda row: Said(
            f"{figures_said(row, catalogue)}, below zero",
            "Is the sign a slip, or a dash before the figure? `(5)` is read as -5.",
        ),
    )


CHECK = Check(
    code="KPI211",
    title="negative count",
    severity="warning",
    meaning="A number or rate is below zero, and most of its series is not.",
    why="Nobody can count fewer than none. A dash before a figure, or brackets around it, are read "
    "as a sign.",
    advice="Correct the cell. For a difference, such as a variance, accept the finding.",
    example="board.xlsx:Corporate Parenting!F9 – CLA: UASC, Jul-21: -3, below zero",
    find=find_negative,
)
