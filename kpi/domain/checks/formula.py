"""Formulas whose result was never stored in the workbook."""

from __future__ import annotations

import polars as pl

from kpi.domain.checks.context import Context
from kpi.domain.checks.faulty_cells import NO_RESULT, faulty_rows, say_faulty
from kpi.domain.findings import Check, worded


def find_formulas(context: Context) -> pl.LazyFrame:
    """One finding for each row in which formulas have no result."""
    found = faulty_rows(context, is_faulty=pl.col("raw") == NO_RESULT)
    catalogue = context.catalogue
    return worded(
        found,
        say=lambda row: say_faulty(
            row,
            catalogue,
            what="a formula without a result",
            hint="Open the workbook in Excel, let it calculate, and save it.",
        ),
    )


CHECK = Check(
    code="KPI103",
    title="formula without result",
    severity="error",
    meaning="A cell holds a formula, and the workbook does not hold what it comes to.",
    why="Programs that write workbooks often leave the calculating to Excel. Until it has been "
    "opened there, the figure exists nowhere.",
    advice="Open the workbook in Excel, save it, and read it again.",
    example="board.xlsx:Assessment!C5 – Assessments, Apr-21: a formula without a result",
    find=find_formulas,
    needs="unreadable",
)
