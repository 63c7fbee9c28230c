"""Percentages typed into a row of counts or rates."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.cells_of_series import by_series
from kpi.domain.checks.context import Context
from kpi.domain.checks.wording import about, periods
from kpi.domain.findings import Check, Row, Said, worded


def find_percentages(context: Context) -> pl.LazyFrame:
    """Every cell with a percent sign in the row of an indicator that is no percentage."""
    catalogue = context.catalogue
    wrong = context.cells.filter(
        pl.col("is_subject")
        & (pl.col("state") == "value")
        & ~pl.col("indicator").is_in(context.ids(outturn="percentage"))
        & pl.col("raw").str.contains("%", literal=True)
    )
    return worded(by_series(wrong), say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    months = periods(row["periods"], indicator)
    more = f" and {row['figure_count'] - 1} more ({months})" if row["figure_count"] > 1 else ""
    return Said(
        f"{about(row, catalogue)}: `{row['raw']}`{more}, in a row of type {indicator.outturn}",
        "Type the count, or move the percentage to the row that it belongs to.",
    )


CHECK = Check(
    code="KPI121",
    title="percentage in another row",
    severity="error",
    meaning="A cell with a percent sign stands in the row of a number or a rate.",
    why="The figure belongs to another row, or the row is of another type than the catalogue "
    "says. Either way it means something else than its row does.",
    advice="Type the count, or correct the indicator's `outturn` in the catalogue.",
    example="board.xlsx:Right Service!H11 – CPP, Sep-21: `88%`, in a row of type number",
    find=find_percentages,
    discredits=True,
)
