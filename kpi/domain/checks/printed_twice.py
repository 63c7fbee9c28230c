"""One row printed under two themes."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import SERIES, Context
from kpi.domain.checks.wording import about, listed
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import KEY, address_expr


def find_printed_twice(context: Context) -> pl.LazyFrame:
    """One finding for each indicator whose own figures stand under two themes of a source.

    Where they differ, that is said of each figure by `two_values`.
    """
    catalogue = context.catalogue
    repeated = (
        context.cells.filter((pl.col("role") == "outturn") & pl.col("is_subject"))
        .filter((pl.col("area") == context.authority) & (pl.col("state") == "value"))
        .filter(pl.len().over(KEY) > 1)
    )
    found = (
        repeated.sort("row")
        .group_by(*SERIES, "seq", maintain_order=True)
        .agg(
            pl.col("source_file", "source_sheet", "source_cell").first(),
            period=pl.lit(None, dtype=pl.String).first(),
            periods=pl.col("period").drop_nulls().unique(maintain_order=True),
            themes=pl.col("source_theme").drop_nulls().unique(maintain_order=True),
            related=address_expr().slice(1),
        )
        .filter(pl.col("themes").list.len() > 1)
        .join(context.held.filter("conflict"), on=SERIES, how="anti")
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    themes = listed(f"`{theme}`" for theme in row["themes"])
    return Said(
        f"{about(row, catalogue)}: the row is printed under {themes}, with the same figures",
        "Print it once and refer to it, before the two drift apart.",
    )


CHECK = Check(
    code="KPI207",
    title="printed twice",
    severity="warning",
    meaning="The same indicator stands under two themes of one source, so far with the same "
    "figures.",
    why="A figure that is typed twice is sooner or later mended once. The number of children "
    "looked after of one real report was 511 on one page and 514 on another.",
    advice="Print the row once. Or accept the finding in the catalogue.",
    example="board.csv!D16 – CLA: the row is printed under `Right Service` and `Corporate "
    "Parenting`, with the same figures",
    find=find_printed_twice,
)
