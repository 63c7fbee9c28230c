"""Where the limits of a series begin anew: at a stated date, or with a changed definition.

A stated date comes with its reason, a definition counts that does not compare with the one
before. A date means the period it lies in; on a gap it means the next point, which is said; before
the first point and after the last it means nothing. What begins there is left to `spc`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kpi.domain.catalogue import Indicator

STARTS: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "start_on": pl.Date(),
    "start_why": pl.String(),
    "is_redefinition": pl.Boolean(),
}


def start_frame(indicators: Iterable[Indicator]) -> pl.DataFrame:
    """The dates from which limits begin anew, one row each (columns: `STARTS`)."""
    rows = [
        (each.id, rebase.on, rebase.why, False) for each in indicators for rebase in each.spc.rebase
    ] + [
        (each.id, version.begins, version.what, True)
        for each in indicators
        for version in each.redefinitions
    ]
    return pl.DataFrame(rows, schema=STARTS, orient="row")


def starts_at(points: pl.LazyFrame, starts: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each date that begins a group: the point it begins at.

    Args:
        points: The points of all series, none without a value, with `series`, `indicator`,
            `period`, `period_start` and `period_end`.
        starts: Columns of `STARTS`.

    Returns:
        `series`, `period`, `period_end`, the columns of `STARTS` and `is_moved`: the date
        lies on a gap before the point.
    """
    before = pl.col("period_end").shift(1).over("series", order_by="period_end")
    on, first = pl.col("start_on"), pl.col("period_start")
    dated = points.select(
        "series", "indicator", "period", "period_start", "period_end", before=before
    )
    return (
        dated.join(starts, on="indicator")
        .filter(on <= pl.col("period_end"))
        .filter(
            pl.when(pl.col("before").is_null()).then(on >= first).otherwise(on > pl.col("before"))
        )
        .with_columns(is_moved=on < first)
        .select("series", "period", "period_end", *STARTS, "is_moved")
        .sort("series", "start_on")
    )


def with_rebase(points: pl.LazyFrame, starts: pl.LazyFrame, *, none: bool) -> pl.LazyFrame:
    """The points with `rebase`: whether a new group begins there.

    Args:
        points: As in `starts_at`.
        starts: What `starts_at` gives.
        none: Whether the catalogue holds no such date, so that nothing needs to be looked up.
    """
    if none:
        return points.with_columns(rebase=pl.lit(value=False))
    found = starts.select("series", "period", rebase=pl.lit(value=True)).unique()
    return points.join(
        found, on=["series", "period"], how="left", maintain_order="left"
    ).with_columns(pl.col("rebase").fill_null(value=False))
