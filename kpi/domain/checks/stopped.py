"""Series that have come to an end."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.checks.gaps import STOPPED_AFTER, series_spans
from kpi.domain.checks.wording import about, when
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.period import Period, short_label

_MANY = 2
"""Of fewer figures nobody can say that they were a series."""


def find_stopped(context: Context) -> pl.LazyFrame:
    """Each own series of the whole authority whose newest period lies far behind the chosen one.

    Far is three months, two quarters or two years, those counted off that are still awaited.
    """
    catalogue = context.catalogue
    limit = pl.col("period_months").replace_strict(STOPPED_AFTER, default=2, return_dtype=pl.Int64)
    found = (
        series_spans(context)
        .filter(pl.col("is_subject") & (pl.col("unit") == ""))
        .filter((pl.col("held_count") >= _MANY) & (pl.col("behind") >= limit))
        .with_columns(pl.col(f"newest_{name}").alias(name) for name in CELL_PLACE)
        .with_columns(period=pl.lit(None, dtype=pl.String))
    )
    return worded(found, say=lambda row: _say(row, catalogue, context.up_to))


def _say(row: Row, catalogue: Catalogue, up_to: Period) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    newest = Period(row["newest_start"], row["period_months"], indicator.year)
    lacking = {1: "months", 3: "quarters", 12: "years"}[row["period_months"]]
    return Said(
        f"{about(row, catalogue)}: the newest figure is for {when(str(newest), indicator)}, "
        f"{row['behind']} {lacking} before {short_label(up_to)}",
        "Was its row renamed? Then add the label to `aliases`; or take the indicator out.",
    )


CHECK = Check(
    code="KPI215",
    title="stopped series",
    severity="warning",
    meaning="A series has had no figure for three months, two quarters or two years.",
    why="A row that is renamed or dropped is missed by nobody. Its last rating was perhaps red.",
    advice="Look for the row under another label; or take the indicator out of the catalogue.",
    example="board.xlsx:Direct Contact!D7 – CIN visits within 4 weeks: the newest figure is for "
    "Jun-21, 4 months before Oct-21",
    find=find_stopped,
)
