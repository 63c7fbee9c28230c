"""The aim of each indicator at the chosen period: the catalogue's, else the one typed in."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Target
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.observation import address_expr
from kpi.domain.target import PER_MONTHS, target_frame, with_target

AIM = ("aim", "aim_per", "aim_year", "aim_at", *CELL_PLACE, "seq")


def aims(context: Context) -> pl.LazyFrame:
    """One row an indicator that the sources tell of and that has a single aim.

    Returns:
        `indicator`, `aim` (as written), `aim_per`, `aim_year` (what it comes to in twelve
        months; an aim for a point in time as it is), and the cell in which it is typed too
        (`CELL_PLACE`, `aim_at`, `seq`; null where it is not).
    """
    usual = {each.id: each.target_per(Target()) for each in context.catalogue.indicators}
    told = context.cells.filter("is_subject").select("indicator").unique()
    typed = (
        context.targets.filter((pl.col("area") == context.authority) & (pl.col("unit") == ""))
        .filter(pl.col("value").is_not_null())
        .sort("period_end", "seq", descending=True, nulls_last=False)
        .group_by("indicator")
        .agg(
            pl.col(*CELL_PLACE, "seq").first(),
            typed=pl.col("value").first(),
            typed_per=pl.col("typed_per").first(),
            aim_at=address_expr().first(),
        )
    )
    per = pl.coalesce(
        "target_per",
        "typed_per",
        pl.col("indicator").replace_strict(usual, default=None, return_dtype=pl.String),
    )
    months = pl.col("aim_per").replace_strict(PER_MONTHS, default=0, return_dtype=pl.Int64)
    return (
        told.with_columns(period_end=pl.lit(context.up_to.end))
        .pipe(with_target, target_frame(context.catalogue).lazy())
        .join(typed, on="indicator", how="left")
        .with_columns(aim=pl.coalesce("target_value", "typed"), aim_per=per)
        .filter(pl.col("aim").is_not_null() & pl.col("target_low").is_null())
        .with_columns(
            aim_year=pl.when(months > 0).then(pl.col("aim") * 12 / months).otherwise("aim")
        )
        .select("indicator", *AIM)
    )
