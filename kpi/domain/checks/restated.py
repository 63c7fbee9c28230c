"""Figures that differ from what an earlier source gave."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, SERIES, Context
from kpi.domain.checks.wording import about, beside, figure
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.history import restatements
from kpi.domain.observation import KEY
from kpi.domain.words import difference, plain, relative

RESTATED: dict[str, pl.DataType] = {
    **{name: pl.String() for name in (*KEY, *CELL_PLACE)},
    "period_end": pl.Date(),
    "seq": pl.Int64(),
    "old": pl.Float64(),
    "new": pl.Float64(),
    "old_address": pl.String(),
}
"""Columns of changed figures, one row each; a null `new` was withdrawn."""


def restated_by_reports(
    observations: pl.LazyFrame, *, authority: str, seqs: Collection[int]
) -> pl.LazyFrame:
    """The own figures that these batches changed when they came (columns: `RESTATED`).

    Args:
        observations: Stored rows, nothing that was taken back.
        authority: Whose figures.
        seqs: Numbers of the batches.
    """
    own = observations.filter(
        (pl.col("area") == authority) & (pl.col("role") == "outturn") & ~pl.col("older")
    ).pipe(without_typed_years)
    is_changed = pl.col("seq").min().over(KEY) < pl.col("seq").max().over(KEY)
    several = own.filter(pl.col("period").is_not_null()).filter(is_changed)
    cells = (
        several.filter(pl.col("seq").is_in([*seqs]))
        .sort(pl.col("state") != "value", "row")
        .unique([*KEY, "seq"], keep="first", maintain_order=True)
        .select(*KEY, "seq", "period_end", *CELL_PLACE)
    )
    return (
        restatements(several)
        .join(cells, on=[*KEY, "seq"], nulls_equal=True)
        .select(pl.col(name).cast(dtype) for name, dtype in RESTATED.items())
    )


def without_typed_years(own: pl.LazyFrame) -> pl.LazyFrame:
    """The rows but for years of indicators that have months: those are typed for comparison.

    They are held against what is published, not against each other.
    """
    months = pl.col("period_months")
    return own.filter((months < 12) | (months.min().over(SERIES) == 12))


def find_restated(context: Context) -> pl.LazyFrame:
    """Each own figure that the newest source changes, with the size of the change."""
    catalogue = context.catalogue
    found = context.restated.with_columns(
        value="new",
        state=pl.when(pl.col("new").is_not_null()).then(pl.lit("value")),
        related=pl.concat_list("old_address"),
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    old, new = row["old"], row["new"]
    place = beside(row["old_address"], row["source_file"])
    if new is None:
        return Said(
            f"{about(row, catalogue)}: {figure(old, indicator)} ({place}) is withdrawn",
            "Say in the report why.",
        )
    places = max(len(plain(each).partition(".")[2]) for each in (old, new))
    size = difference(new - old, outturn=indicator.outturn, decimals=places)
    if indicator.outturn != "percentage" and old:
        size += f", {relative((new - old) / old)}"
    sign = "up" if new > old else "down"
    return Said(
        f"{about(row, catalogue)}: {figure(new, indicator)}, where {place} had "
        f"{figure(old, indicator)} ({sign} {size})",
        "Say in the report that it was revised, and why.",
    )


CHECK = Check(
    code="KPI208",
    title="restated",
    severity="warning",
    meaning="The newest source gives another figure for a past period than the source before.",
    why="The board was told something else. Late entries and clean-ups are normal; a change that "
    "nobody mentions costs trust.",
    advice="Mark the figure as revised and give the reason, or correct the slip. `kpi history` "
    "lists every restatement.",
    example="board-2021-10.xlsx:Assessment!H7 – Assessments, Sep-21: 297, where "
    "board-2021-09.xlsx:Assessment!H7 had 289 (up 8, 2.8%)",
    find=find_restated,
)
