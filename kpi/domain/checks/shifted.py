"""Rows whose comparators stand one column beside their own."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.published_figures import is_of_its_year, with_area_code, with_nearness
from kpi.domain.checks.typed_rows import ROW, with_sheet_place
from kpi.domain.checks.wording import exact, listed
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr

ENOUGH = 3
"""So many figures must be those published for the next column, and fewer for their own."""


def find_shifted(context: Context) -> pl.LazyFrame:
    """Each row that is right, by what is published, once moved by one column.

    A typed target counts as the first column, since what slips to the left ends there.
    """
    catalogue = context.catalogue
    frames = [_moved(context, by=step) for step in (1, -1)]
    found = (
        pl.concat(frames)
        .filter("is_subject")
        .with_columns(
            area=pl.lit(context.authority),
            unit=pl.lit(""),
            period=pl.lit(None, dtype=pl.String),
            related=pl.col("cells").list.slice(1),
            wrong="cells",
        )
    )
    return pl.concat([worded(found, say=lambda row: _say(row, catalogue))])


def _moved(context: Context, *, by: int) -> pl.LazyFrame:
    """The rows that fit when each figure is taken for the column so many to the right."""
    columns = _columns(context)
    meant = columns.select(*ROW, "area", "period", "period_end", order=pl.col("order") - by)
    shifted = (
        columns.filter(pl.col("value").is_not_null())
        .select(*ROW, "order", "value", "source_cell", "address", "is_subject")
        .join(meant, on=[*ROW, "order"], nulls_equal=True)
        .pipe(_published, context)
        .sort(*ROW, "order")
        .group_by(ROW, maintain_order=True)
        .agg(
            shifted_count=pl.col("is_exact").sum(),
            figures=pl.col("value"),
            figure_count=pl.col("value").n_unique(),
            cells=pl.col("address"),
            is_subject=pl.col("is_subject").any(),
            source_cell=pl.col("source_cell").first(),
            periods=pl.col("period").drop_nulls(),
        )
    )
    unmoved = (
        columns.filter(pl.col("value").is_not_null())
        .pipe(_published, context)
        .group_by(ROW)
        .agg(unmoved_count=pl.col("is_exact").sum())
    )
    return (
        shifted.join(unmoved, on=ROW, how="left", nulls_equal=True)
        .filter((pl.col("shifted_count") >= ENOUGH) & (pl.col("figure_count") > 1))
        .filter(pl.col("shifted_count") > pl.col("unmoved_count").fill_null(0))
        .filter(2 * pl.col("shifted_count") > pl.col("cells").list.len())
        .with_columns(side=pl.lit("left" if by > 0 else "right"))
    )


def _columns(context: Context) -> pl.LazyFrame:
    """The row's target and comparators, numbered from the left; own targets have no area's code."""
    typed = context.typed
    targets = (
        context.cells.filter(pl.col("role") == "target")
        .pipe(with_sheet_place)
        .with_columns(address=address_expr(), area=pl.lit(None, dtype=pl.String))
        .join(typed.select(ROW).unique(), on=ROW, how="semi", nulls_equal=True)
    )
    names = [*ROW, "area", "period", "period_end", "value", "source_cell", "address", "is_subject"]
    return (
        pl.concat([frame.select(*names, "sheet_column") for frame in (typed, targets)])
        .with_columns(order=pl.col("sheet_column").rank("ordinal").over(ROW).cast(pl.Int64))
        .sort(*ROW, "order")
    )


def _published(columns: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The figures with `is_exact`: whether they are published for their `area` and year."""
    values = context.published.values.rename({"period_end": "year_end", "value": "published"})
    number = [*ROW, "order"]
    exact_ones = (
        columns.pipe(context.with_indicator)
        .pipe(with_area_code, context)
        .join(context.published.measures, on="measure")
        .filter(pl.col("unit_type") == pl.col("outturn_type"))
        .join(values, on=["measure", "area_code"])
        .filter(is_of_its_year(context))
        .pipe(with_nearness)
        .filter("is_exact")
        .select(*number, is_exact=pl.lit(value=True))
        .unique()
    )
    return columns.join(
        exact_ones, on=number, how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(pl.col("is_exact").fill_null(value=False))


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    said = listed((exact(each) for each in row["figures"]), most=12)
    return Said(
        f"{indicator.short}: {said} are the published figures of the next column: the row has "
        f"slipped one to the {row['side']}",
        "Move the row's figures back by one column.",
    )


CHECK = Check(
    code="KPI226",
    title="slipped columns",
    severity="warning",
    meaning="The comparators of a row are the published figures, each one column beside its own.",
    why="Every figure is right and every one is misread: last year's stands under Target, the "
    "neighbours' under last year.",
    advice="Move the row's figures by one column. An empty cell, or N/A, is usually missing on one "
    "side.",
    example="board.csv!K2 – Re-referrals: 23, 28, 22, 28 and 23 are the published figures of the "
    "next column: the row has slipped one to the left",
    find=find_shifted,
    needs="typed",
    discredits=True,
)
