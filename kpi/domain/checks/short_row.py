"""Rows with fewer or more cells than their heading, so that no figure can be placed."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.wording import listed
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr

_SOURCE_ROW = ("seq", "source_file", "source_sheet", "source_row", "indicator", "unit")

_READABLE = (
    r"(?i)^(?:[-(]?£?[0-9][0-9,]*(?:\.[0-9]+)?\s*%?\)?|tb[acd]|n/?a|\[?[cxzuk]\]?|\[?low\]?|"
    r"\.\.|[-:*–]|<\s*[0-9]+)?$"
)
"""Texts that are readable wherever it is known what they are about: nothing is one of them."""


def with_refused(unreadable: pl.LazyFrame, cells: pl.LazyFrame) -> pl.LazyFrame:
    """The unreadable cells with `source_row`, and `is_refused`: no cell of its row is placed.

    A reader that cannot tell which cell is which takes none of a row's figures. So all of
    its cells are unreadable, and some of them plainly are not.

    Args:
        unreadable: The cells that are not understood.
        cells: All cells.
    """
    row = pl.col("source_cell").str.extract(r"(\d+)$")
    with_row = unreadable.with_columns(source_row=row)
    rows = (
        cells.filter(pl.col("role") == "outturn")
        .with_columns(source_row=row)
        .join(with_row, on=_SOURCE_ROW, how="semi", nulls_equal=True)
        .group_by(_SOURCE_ROW)
        .agg(
            is_refused=(pl.col("state") == "unreadable").all()
            & pl.col("raw").str.contains(_READABLE).any()
            & (pl.len() > 1)
        )
    )
    return (
        with_row.join(rows, on=_SOURCE_ROW, how="left", nulls_equal=True)
        .with_columns(is_refused=pl.col("is_refused").fill_null(value=False))
        .with_columns(is_refused=pl.col("is_refused") & (pl.col("role") == "outturn"))
    )


def find_short_rows(context: Context) -> pl.LazyFrame:
    """One finding for each row of which nothing is placed."""
    catalogue = context.catalogue
    is_own_month = (pl.col("area") == context.authority) & (pl.col("period_months") < 12)
    is_filled = pl.col("raw") != ""
    is_percent = pl.col("raw").str.ends_with("%")
    months = pl.col("raw").filter(is_own_month)
    rows = (
        context.cells.filter(pl.col("state") == "unreadable")
        .pipe(with_refused, context.cells)
        .filter(pl.col("is_refused") & pl.col("is_subject"))
        .sort("row")
        .group_by(_SOURCE_ROW, maintain_order=True)
        .agg(
            area=pl.lit(context.authority).first(),
            source_cell=pl.col("source_cell").first(),
            periods=pl.col("period").drop_nulls(),
            said=pl.col("raw").filter(is_filled),
            month_count=months.len(),
            percent_count=is_percent.filter(is_own_month).sum(),
            percents_first=(
                is_percent.filter(is_own_month).cast(pl.Int8).diff().fill_null(0) <= 0
            ).all(),
            empty_count=(~is_filled).sum(),
            related=address_expr().slice(1),
        )
        .with_columns(state=pl.lit("unreadable"))
    )
    return worded(rows, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    title = catalogue.by_id[row["indicator"]].short
    said = listed((f"`{each}`" for each in row["said"]), most=12)
    wide = (
        "has fewer cells than its heading"
        if row["empty_count"]
        else "has another width than its heading"
    )
    message = f"{title}: the row {wide}, so none of its figures is placed: {said}"
    short = row["month_count"] - row["percent_count"]
    if row["percents_first"] and 0 < short < row["percent_count"]:
        message += (
            f"; by their signs, {row['percent_count']} values for {row['month_count']} months"
        )
    return Said(message, "Which is missing? Put an empty cell, or TBC, in its place.")


CHECK = Check(
    code="KPI205",
    title="short row",
    severity="warning",
    meaning="A row has fewer cells, or more, than the heading above it.",
    why="Every figure after the missing cell would be taken for the month, or the place, beside "
    "its own. So none of the row's figures is read.",
    advice="Find the month that has no value and give it a cell: empty, or TBC.",
    example="report.csv!D5 – Assessments within 45 days: the row has fewer cells than its heading, "
    "so none of its figures is placed: `91%`, `87%`, `89%`; by their signs, 6 values for 7 months",
    find=find_short_rows,
    needs="unreadable",
)
