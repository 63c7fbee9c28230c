"""New baselines set for a day on which the series is not yet, or no longer, there."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.checks.gaps import series_spans
from kpi.domain.findings import Check, Row, Said, worded

_DATES = {"indicator": pl.String(), "rebase_on": pl.Date(), "rebase_why": pl.String()}


def find_outside(context: Context) -> pl.LazyFrame:
    """Each rebase date before the first period of its series or after its newest.

    In the first period it changes nothing either: there is no earlier point.
    """
    catalogue = context.catalogue
    rebases = pl.LazyFrame(
        [
            (each.id, rebase.on, rebase.why)
            for each in catalogue.indicators
            for rebase in each.spc.rebase
        ],
        schema=_DATES,
        orient="row",
    )
    months = pl.format("{}mo", pl.col("period_months").cast(pl.Int64))
    ends = pl.col("newest_start").dt.offset_by(months)
    found = (
        series_spans(context)
        .filter(pl.col("is_subject") & (pl.col("unit") == ""))
        .join(rebases, on="indicator")
        .with_columns(
            is_early=pl.col("rebase_on") <= pl.col("first_held"),
            is_late=pl.col("rebase_on") >= ends,
        )
        .filter(pl.col("is_early") | pl.col("is_late"))
        .with_columns(pl.col(f"newest_{name}").alias(name) for name in CELL_PLACE)
        .with_columns(period=pl.lit(None, dtype=pl.String))
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    how = "before the series begins" if row["is_early"] else "after the newest figure"
    baseline = f"the new baseline of {row['rebase_on'].isoformat()} ({row['rebase_why']})"
    return Said(
        f"{indicator.short}: {baseline} lies {how} and changes nothing",
        "Correct the date in the catalogue, or take it out.",
    )


CHECK = Check(
    code="KPI228",
    title="rebase outside the series",
    severity="warning",
    meaning="The catalogue sets new limits from a day that no period of the series follows or "
    "precedes.",
    why="The limits are then not what the catalogue says, and a step that was meant to be taken "
    "out of them is still in.",
    advice="Correct `on` of the indicator's `spc.rebase`, or take it out.",
    example="board.xlsx:Right Service!J6 – Contacts: the new baseline of 2012-04-01 (new front "
    "door) lies before the series begins and changes nothing",
    find=find_outside,
)
