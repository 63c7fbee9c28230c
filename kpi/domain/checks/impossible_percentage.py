"""Percentages below 0 or above 100."""

from __future__ import annotations

import polars as pl

from kpi.domain.checks.cells_of_series import by_series, figures_said
from kpi.domain.checks.context import Context
from kpi.domain.findings import Check, Said, worded


def find_impossible(context: Context) -> pl.LazyFrame:
    """Every percentage outside 0 to 100, of any area; both ends are possible."""
    catalogue = context.catalogue
    value = pl.col("value").round_sig_figs(9)
    wrong = context.cells.filter(
        (pl.col("role") == "outturn")
        & pl.col("is_subject")
        & pl.col("indicator").is_in(context.ids(outturn="percentage"))
        & ((value < 0) | (value > 100))
    )
    return worded(
        by_series(wrong),
        say=lambda row: Said(
            f"{figures_said(row, catalogue)}, which no share can be",
            "Correct the cell; or is the row a rate or a number? Then say so in the catalogue.",
        ),
    )


CHECK = Check(
    code="KPI120",
    title="impossible percentage",
    severity="error",
    meaning="A figure of an indicator that is a percentage lies below 0 or above 100.",
    why="A share of a whole cannot; so the cell holds something else, often a count.",
    advice="Correct the cell. If the indicator is no share of a whole, its `outturn` in the "
    "catalogue is `number` or `rate`.",
    example="board.xlsx:Direct Contact!H5 – CPP seen in 15 working days, Sep-21: 130%, which no "
    "share can be",
    find=find_impossible,
    discredits=True,
)
