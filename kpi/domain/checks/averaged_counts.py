"""Averages of counts of places of different size."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.checks.published_figures import candidates
from kpi.domain.checks.typed_rows import ROW, is_of_own_size, kind_of
from kpi.domain.checks.wording import beside, exact
from kpi.domain.findings import Check, Row, Said, worded

_CELL = ("seq", *CELL_PLACE)


def find_averages(context: Context) -> pl.LazyFrame:
    """Each neighbours' average that stands in a row of counts, and of which year it is.

    Numbers that do not grow with the place, such as cases per worker, may be averaged:
    they are known by a published measure that is no count, by decimals in the row, or by a
    region or England of the authority's own size.
    """
    catalogue = context.catalogue
    averages = context.published.measures.filter(
        (pl.col("unit_type") == "number") & ~pl.col("is_count")
    ).select("measure")
    is_whole = pl.col("value").is_null() | (pl.col("value") == pl.col("value").round(0))
    found = (
        context.typed.filter(pl.col("indicator").is_in(context.ids(outturn="number")))
        .with_columns(kind=kind_of(context))
        .filter(is_whole.all().over(ROW))
        .filter(~is_of_own_size(pl.col("kind")).fill_null(value=False).any().over(ROW))
        .filter((pl.col("kind") == "neighbours") & pl.col("value").is_not_null())
        .filter("is_subject")
        .pipe(context.trusted)
        .pipe(context.with_indicator)
        .join(averages, on="measure", how="anti")
        .join(_years(context), on=_CELL, how="left", nulls_equal=True)
        .join(_newest_beside(context), on=["seq", "source_file"], how="left", nulls_equal=True)
        .with_columns(is_behind=pl.col("newest_beside_year") > pl.col("year_end"))
        .with_columns(
            related=pl.concat_list(pl.when("is_behind").then("newest_beside_at")).list.drop_nulls()
        )
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _years(context: Context) -> pl.LazyFrame:
    """The newest year whose published average a neighbours' figure is, and which average."""
    return (
        candidates(context)
        .filter((pl.col("kind") == "neighbours") & pl.col("is_exact"))
        .sort("is_own_list", "year_end")
        .group_by(_CELL, maintain_order=True)
        .agg(pl.col("year_end", "average", "published").last())
    )


def _newest_beside(context: Context) -> pl.LazyFrame:
    """Of each source, the neighbours' figure that is of the newest year for sure."""
    return (
        candidates(context)
        .filter((pl.col("kind") == "neighbours") & pl.col("is_exact") & pl.col("is_own_list"))
        .filter(pl.col("year_end").n_unique().over(_CELL) == 1)
        .sort("year_end", "address")
        .group_by("seq", "source_file", maintain_order=True)
        .agg(
            newest_beside=pl.col("value").last(),
            newest_beside_id=pl.col("indicator").last(),
            newest_beside_year=pl.col("year_end").last(),
            newest_beside_at=pl.col("address").last(),
        )
    )


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    message = f"{indicator.short}: {exact(row['value'])} is an average of counts"
    if row["average"] is not None:
        message += f", the {row['average']}, year ending March {row['year_end'].year}"
    message += "; places differ in size"
    if row["is_behind"]:
        other = catalogue.by_id[row["newest_beside_id"]].short
        place = beside(row["newest_beside_at"], row["source_file"])
        message += (
            f", and {exact(row['newest_beside'])} for {other} ({place}) is of the year ending "
            f"March {row['newest_beside_year'].year}"
        )
    return Said(message, "Print the neighbours' rate beside the rate instead.")


CHECK = Check(
    code="KPI224",
    title="counts averaged",
    severity="warning",
    meaning="A statistical neighbours' figure stands in a row of counts: an average over places of "
    "different size.",
    why="615 children looked after in the average neighbour says nothing about 530 here: the "
    "neighbours have more children. It is never used for a verdict.",
    advice="Compare rates. Print N/A in the row of counts.",
    example="board.xlsx:Right Service!N9 – CLA: 615 is an average of counts, the mean of 10 "
    "neighbours (model 2021-04), year ending March 2020; places differ in size",
    find=find_averages,
    needs="typed",
)
