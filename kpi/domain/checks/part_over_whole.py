"""Numerators larger than their denominators."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.wording import about, exact
from kpi.domain.findings import Check, Row, Said, worded


def find_parts_over_wholes(context: Context) -> pl.LazyFrame:
    """Every percentage whose source gives more cases in the part than in the whole."""
    catalogue = context.catalogue
    wrong = context.held.filter(
        pl.col("is_subject")
        & pl.col("indicator").is_in(context.ids(outturn="percentage"))
        & (pl.col("numerator") > pl.col("denominator"))
    )
    return worded(wrong, say=lambda row: _say(row, catalogue))


def _say(row: Row, catalogue: Catalogue) -> Said:
    part, whole = exact(row["numerator"]), exact(row["denominator"])
    return Said(
        f"{about(row, catalogue)}: {part} of {whole} cases, more than there are",
        "Numerator and denominator may have changed places, or count different things.",
    )


CHECK = Check(
    code="KPI122",
    title="numerator over denominator",
    severity="error",
    meaning="A share's numerator is larger than its denominator.",
    why="The two were not counted from the same cases, or stand in each other's column.",
    advice="Count both again from one list.",
    example="visits.csv!D8 – CLA visits in time, Sep-21: 412 of 380 cases, more than there are",
    find=find_parts_over_wholes,
)
