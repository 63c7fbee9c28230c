"""Typed comparators that are not the figures published for them."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.checks.published_figures import candidates
from kpi.domain.checks.wording import exact, figure, listed
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import STATISTICAL_NEIGHBOURS

_CELL = ("seq", *CELL_PLACE)

NEIGHBOURS_SHARE = 0.10
"""Lists of neighbours differ: an average is another only when it is so far from all known."""


def find_unpublished(context: Context) -> pl.LazyFrame:
    """Each typed comparator unlike every published value that it may be.

    Allowed for are the rounding of either, the rebasing of rates on the 2021 census, and
    that a report's list of neighbours may be another than the ones shipped.
    """
    catalogue = context.catalogue
    gap = (pl.col("value") - pl.col("published")).abs()
    is_near = gap <= NEIGHBOURS_SHARE * pl.col("published").abs()
    is_neighbours = pl.col("kind") == "neighbours"
    fits = pl.col("is_exact") | pl.col("is_rebased") | (is_neighbours & is_near)
    found = (
        candidates(context)
        .filter("is_subject")
        .sort("year_end", descending=True)
        .group_by(_CELL, maintain_order=True)
        .agg(
            pl.col("indicator", "area", "unit", "period", "value", "state", "kind").first(),
            fits=fits.any(),
            published=pl.col("published"),
            years=pl.col("year_end").dt.year(),
        )
        .filter(~pl.col("fits"))
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    typed = figure(row["value"], indicator)
    known = dict(zip(row["years"], row["published"], strict=True))
    if row["period"]:
        value = exact(next(iter(known.values())), percent=indicator.outturn == "percentage")
        return Said(
            f"{indicator.short}, {row['area']} {row['period']}: {typed} where the published figure "
            f"is {value}",
            "Was it typed before the final figure came out?",
        )
    values = listed(
        f"{figure(round(value, 1), indicator)} (year ending March {year})"
        for year, value in known.items()
    )
    area = "neighbours" if row["area"] == STATISTICAL_NEIGHBOURS else row["area"]
    return Said(
        f"{indicator.short}, {area}: {typed} is published for none of the recent years: {values}",
        "Type the published figure, and its year in the heading.",
    )


CHECK = Check(
    code="KPI225",
    title="not as published",
    severity="warning",
    meaning="A comparator, or an earlier own year, is not the figure that is published for it; "
    "rounding and rebased populations are allowed for.",
    why="It is a slip, a provisional figure, or another year's. Whoever compares, compares with "
    "the wrong thing.",
    advice="Type the published figure with its year. `kpi reference` says which release is "
    "shipped.",
    example="board.xlsx:Right Service!M9 – CLA, Southampton 2020/21: 495 where the published "
    "figure is 498",
    find=find_unpublished,
    needs="typed",
)
