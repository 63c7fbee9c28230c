"""Units that do not add up to the authority."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context, alike
from kpi.domain.checks.wording import about, exact
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr

_WHOLE = ("indicator", "area", "parent", "period")

MOSTLY = 0.5
"""Units that together have less than this share of the whole are not meant to be all of it."""

EVIDENCE = 3
"""After so many periods in which they never add up, the units are plainly not all of the whole."""


def find_units(context: Context) -> pl.LazyFrame:
    """Each count whose units, two or more, sum to another figure than the whole they belong to.

    Units of one level belong to the path above them, those of the first to the authority.
    A sum above the whole is always told. One below it may be that some units are not
    reported: it is told where the sum is right in other periods, or where the units have
    most of the cases and there are too few periods to know.
    """
    catalogue = context.catalogue
    counts = (
        context.own()
        .filter(pl.col("indicator").is_in(context.ids(outturn="number")))
        .filter(pl.col("value").is_not_null() & pl.col("period").is_not_null())
        .pipe(context.trusted)
    )
    in_units = counts.filter(pl.col("unit") != "")
    parents = in_units.with_columns(
        parent=pl.col("unit").str.extract(r"^(.*)/[^/]*$").fill_null("")
    )
    sums = parents.group_by(_WHOLE).agg(
        unit_count=pl.len(),
        sum=pl.col("value").sum(),
        units=pl.col("unit").sort(),
        related=address_expr().sort_by("unit"),
        any_subject=pl.col("is_subject").any(),
    )
    series = ["indicator", "area", "parent"]
    is_right = alike(pl.col("sum"), pl.col("value"))
    is_over = pl.col("sum") > pl.col("value")
    untold = (pl.col("right_count") == 0) & (pl.col("period_count") >= EVIDENCE)
    found = (
        counts.rename({"unit": "parent"})
        .join(sums, on=_WHOLE, suffix="_units")
        .filter(pl.col("unit_count") > 1)
        .with_columns(unit="parent", related="related_units")
        .with_columns(right_count=is_right.sum().over(series), period_count=pl.len().over(series))
        .filter(~is_right & (pl.col("is_subject") | pl.col("any_subject")))
        .filter(is_over | (~untold & (pl.col("sum") >= MOSTLY * pl.col("value"))))
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    gap = row["sum"] - row["value"]
    return Said(
        f"{about(row, catalogue)}: {exact(row['value'])}, where its {row['unit_count']} units sum "
        f"to {exact(row['sum'])} ({exact(abs(gap))} {'more' if gap > 0 else 'fewer'})",
        "Is a unit missing, or a case counted in two?",
    )


CHECK = Check(
    code="KPI221",
    title="units and whole",
    severity="warning",
    meaning="The figures of services or teams do not sum to the figure they belong to.",
    why="A team is missing, or cases are counted twice: either the teams or the whole is wrong.",
    advice="Compare the list of teams. Cases that belong to no team need a unit of their own.",
    example="teams.csv!C2 – Referrals, Sep-21: 426, where its 4 units sum to 419 (7 fewer)",
    find=find_units,
)
