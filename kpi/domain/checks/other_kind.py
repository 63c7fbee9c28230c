"""Comparators that are of another kind than their row, such as shares beside a count."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.published_figures import is_of_its_year, with_area_code, with_nearness
from kpi.domain.checks.typed_rows import ROW, is_of_own_size, kind_of
from kpi.domain.checks.wording import exact, listed
from kpi.domain.findings import Check, Row, Said, worded

ENOUGH = 3
"""So many comparators must all be another measure's published values, not all of them alike."""


def find_other_kinds(context: Context) -> pl.LazyFrame:
    """Each count whose region or England has fewer than the authority alone; and whose they are.

    A row with a decimal anywhere is an average, which may be less elsewhere; so is one whose
    region and England are of the authority's own size. Of measures
    that fit all of the row's comparators, one that the catalogue names is preferred.
    """
    catalogue = context.catalogue
    is_wide = pl.col("kind") == "area"
    is_whole = pl.col("value") == pl.col("value").round(0)
    cells = (
        context.typed.filter(pl.col("value").is_not_null())
        .filter(pl.col("indicator").is_in(context.ids(outturn="number")))
        .pipe(context.trusted)
        .with_columns(kind=kind_of(context))
        .filter(is_whole.all().over(ROW))
        .filter((is_wide & (pl.col("value") < pl.col("newest"))).any().over(ROW))
        .filter((is_wide & ~is_of_own_size(pl.col("kind"))).any().over(ROW))
    )
    rows = (
        cells.sort("sheet_column")
        .group_by(ROW, maintain_order=True)
        .agg(
            pl.col("newest", "newest_at").first(),
            is_subject=pl.col("is_subject").any(),
            said=pl.col("value"),
            least=pl.col("value").filter(is_wide).min(),
            least_in=pl.col("area")
            .filter(is_wide)
            .sort_by(pl.col("value").filter(is_wide))
            .first(),
            source_cell=pl.col("source_cell").first(),
            cells=pl.col("address"),
            years=pl.col("period").drop_nulls(),
        )
        .join(_whose(cells, context), on=ROW, how="left", nulls_equal=True)
        .filter("is_subject")
        .with_columns(
            wrong="cells",
            related=pl.concat_list(pl.col("cells").list.slice(1), "newest_at"),
            area=pl.lit(context.authority),
            unit=pl.lit(""),
            period=pl.lit(None, dtype=pl.String),
            periods=pl.col("years"),
        )
    )
    return worded(rows, say=lambda row: _say(row, catalogue))


def _whose(cells: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The published measure of another unit that all of a row's comparators are.

    Returns:
        `ROW`, `measure`, `measure_title`, `year_end`.
    """
    named = [each.compare.measure for each in context.catalogue.indicators if each.compare.measure]
    fitting = (
        cells.with_columns(
            cell_count=pl.len().over(ROW), figure_count=pl.col("value").n_unique().over(ROW)
        )
        .filter((pl.col("cell_count") >= ENOUGH) & (pl.col("figure_count") > 1))
        .pipe(with_area_code, context)
        .join(
            context.published.values.rename({"period_end": "year_end", "value": "published"}),
            on="area_code",
        )
        .filter(is_of_its_year(context))
        .join(context.published.measures, on="measure")
        .filter(pl.col("unit_type") != "number")
        .pipe(with_nearness)
        .filter("is_exact")
        .unique([*ROW, "source_cell", "measure", "year_end"])
        .group_by(*ROW, "measure", "measure_title", "year_end")
        .agg(fits=pl.len() == pl.col("cell_count").first())
        .filter("fits")
    )
    return (
        fitting.with_columns(is_named=pl.col("measure").is_in(named))
        .sort("is_named", "year_end", "measure", descending=[True, True, False])
        .unique(ROW, keep="first", maintain_order=True)
        .select(*ROW, "measure", "measure_title", "year_end")
    )


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    said = listed((exact(each) for each in row["said"]), most=12)
    message = (
        f"{indicator.short}: the comparators {said} are no such counts: {row['least_in']} cannot "
        f"have {exact(row['least'])} where {catalogue.authority} has {exact(row['newest'])}"
    )
    hint = "Type the row's own, or N/A where there are none."
    if row["measure"] is None:
        return Said(message, hint)
    owner = next(
        (each.short for each in catalogue.indicators if each.compare.measure == row["measure"]),
        None,
    )
    whose = f"those published for {owner}" if owner else f"published as `{row['measure_title']}`"
    year = row["year_end"].year
    return Said(f"{message}; they are {whose}, year ending March {year}", hint)


CHECK = Check(
    code="KPI223",
    title="comparators of another kind",
    severity="warning",
    meaning="The comparators beside a count cannot be counts: England or the region has fewer than "
    "the authority alone.",
    why="They belong to another row, often to a percentage. Nothing can be learnt from 60 children "
    "beside 11 per cent.",
    advice="Type the row's own comparators, or N/A. Where the published statistics tell, the "
    "finding says whose they are.",
    example="board.xlsx:Corporate Parenting!K19 – CLA: section 20: the comparators 16, 11, 13 and "
    "11 are no such counts: England cannot have 11 where Southampton has 60; they are those "
    "published for CLA with 3+ placements, year ending March 2020",
    find=find_other_kinds,
    needs="typed",
    discredits=True,
)
