"""Targets that have ended with none after them."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.target import target_frame


def find_ended(context: Context) -> pl.LazyFrame:
    """Each indicator whose newest target ended before the end of its newest figure's period."""
    catalogue = context.catalogue
    newest = (
        context.own()
        .filter((pl.col("unit") == "") & (pl.col("state") == "value"))
        .filter(pl.col("period_end") <= context.up_to.end)
        .sort("period_end", -pl.col("period_months").cast(pl.Int64))
        .group_by("indicator", maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "seq", "area", "unit", "period", "period_end", "is_subject").last()
        )
    )
    targets = (
        target_frame(catalogue)
        .lazy()
        .sort("target_begins")
        .group_by("indicator")
        .agg(ended=pl.col("target_ends").last())
        .drop_nulls("ended")
    )
    found = newest.join(targets, on="indicator").filter(
        pl.col("is_subject") & (pl.col("ended") < pl.col("period_end"))
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    return Said(
        f"{indicator.short}: the target ended on {row['ended'].isoformat()}, and none holds for "
        f"{row['period']}",
        "Add the next `[[indicator.….target]]`, or take out its `to`.",
    )


CHECK = Check(
    code="KPI229",
    title="target has ended",
    severity="warning",
    meaning="The catalogue's last target for an indicator ended before the newest figure.",
    why="The indicator is no longer rated, and nobody may notice.",
    advice="Add the new target with its `from`, or remove the old one's `to`.",
    example="board.xlsx:Right Service!J8 – Referral rate: the target ended on 2021-03-31, and none "
    "holds for 2021-10",
    find=find_ended,
)
