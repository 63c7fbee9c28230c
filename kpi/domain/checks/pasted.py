"""Comparators that are those of another row."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.checks.published_figures import explained
from kpi.domain.checks.typed_rows import ROW
from kpi.domain.checks.wording import beside, listed
from kpi.domain.findings import Check, Row, Said, worded

ENOUGH = 3
"""So many figures, no two alike, under the same headings of two rows are no chance."""

_SAID_NOTHING = ("blank", "not_applicable", "not_available")


def find_pasted(context: Context) -> pl.LazyFrame:
    """Each row whose comparators equal those of another indicator's row, cell for cell.

    Whose they are is told by what is published for either indicator; else by which row's
    own months lie nearer to the earlier years; else the row above keeps them.
    """
    catalogue = context.catalogue
    rows = _rows(context)
    found = (
        rows.join(rows, on=["signature", "seq"], suffix="_owner")
        .filter(pl.col("indicator") != pl.col("indicator_owner"))
        .filter((pl.col("standing") > 0) & (pl.col("standing_owner") == 0))
        .filter(pl.col("is_subject"))
        .with_columns(
            wrong="cells",
            related=pl.concat_list(pl.col("cells").list.slice(1), "cells_owner"),
            area=pl.lit(context.authority),
            unit=pl.lit(""),
            period=pl.lit(None, dtype=pl.String),
            periods=pl.col("years"),
        )
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _rows(context: Context) -> pl.LazyFrame:
    """The printed rows with comparators, and how good a claim each has among its likes.

    `standing` is 0 for the row whose they are.
    """
    says = ~pl.col("state").is_in(_SAID_NOTHING)
    value = pl.col("value")
    is_own_year = pl.col("area") == context.authority
    far = ((value / pl.col("month_middle")).log().abs()).filter(is_own_year & (value > 0))
    cell = pl.format(
        "{}|{}|{}",
        "area",
        pl.col("period").fill_null(""),
        pl.coalesce(value.cast(pl.String), "state"),
    )
    matched = explained(context).select("seq", *CELL_PLACE, is_matched=pl.lit(value=True)).unique()
    rows = (
        context.typed.filter(says)
        .join(matched, on=["seq", *CELL_PLACE], how="left", nulls_equal=True)
        .sort("sheet_column")
        .group_by(ROW, maintain_order=True)
        .agg(
            signature=cell.str.join("; "),
            figure_count=value.n_unique() - value.is_null().any().cast(pl.Int64),
            matched_count=pl.col("is_matched").fill_null(value=False).sum(),
            far=far.mean(),
            is_subject=pl.col("is_subject").any(),
            said=pl.col("raw"),
            years=pl.col("period").drop_nulls(),
            cells=pl.col("address"),
            newest=pl.col("newest").first(),
            source_cell=pl.col("source_cell").first(),
        )
        .filter(pl.col("figure_count") >= ENOUGH)
        .sort("matched_count", "far", "sheet_row", descending=[True, False, False], nulls_last=True)
    )
    return rows.with_columns(standing=pl.int_range(pl.len()).over("signature", "seq"))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    owner = catalogue.by_id[row["indicator_owner"]]
    said = listed((each for each in row["said"]), most=12)
    first, last = row["cells_owner"][0], row["cells_owner"][-1]
    place = beside(first, row["source_file"])
    end = last.rpartition("!")[2]
    return Said(
        f"{indicator.short}: the comparators {said} are those of {owner.short} ({place}:{end})",
        "Type the row's own, or N/A where there are none.",
    )


CHECK = Check(
    code="KPI202",
    title="another row's comparators",
    severity="warning",
    meaning="The earlier years, neighbours, region and England beside a row are, figure by figure, "
    "those of another row.",
    why="They were pasted into the wrong row. A reader sets 60% of visits against a 53 that is a "
    "rate of children looked after, and finds it good.",
    advice="Type the row's own comparators, or N/A.",
    example="board.xlsx:Direct Contact!K6 – CLA visits in time: the comparators 95, TBC, 97, 53 "
    "and 67 are those of CLA rate (Corporate Parenting!K8:O8)",
    find=find_pasted,
    needs="typed",
    discredits=True,
)
