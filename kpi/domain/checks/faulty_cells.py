"""Cells that a spreadsheet left without a figure, row by row: a whole row goes wrong at once."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.wording import about, periods
from kpi.domain.findings import Row, Said
from kpi.domain.observation import address_expr

NO_RESULT = "formula without result"
"""What the reader keeps of a formula that has none."""

ERROR_VALUE = r"^#[A-Z0-9/_]+[!?]?$"
"""What errors of spreadsheets look like."""


def faulty_rows(context: Context, *, is_faulty: pl.Expr) -> pl.LazyFrame:
    """The rows of sources that have such unreadable cells, with the first of them.

    Args:
        context: Gives the cells.
        is_faulty: Which unreadable cells, by `raw`.
    """
    row = pl.col("source_cell").str.extract(r"(\d+)$")
    return (
        context.cells.filter((pl.col("state") == "unreadable") & pl.col("is_subject") & is_faulty)
        .sort("row")
        .group_by(
            "seq", "source_file", "source_sheet", row.alias("source_row"), maintain_order=True
        )
        .agg(
            pl.col("indicator", "area", "unit", "period", "role", "raw", "state").first(),
            source_cell=pl.col("source_cell").first(),
            periods=pl.col("period").drop_nulls(),
            cell_count=pl.len(),
            related=address_expr().slice(1),
        )
    )


def say_faulty(row: Row, catalogue: Catalogue, *, what: str, hint: str) -> Said:
    """The words for such a row: what stands in its first cell, and in how many more."""
    said = about(row, catalogue) + (", target" if row["role"] == "target" else "")
    others = row["cell_count"] - 1
    if not others:
        return Said(f"{said}: {what}", hint)
    indicator = catalogue.by_id[row["indicator"]]
    months = periods(row["periods"], indicator)
    return Said(
        f"{indicator.short}: {what}, in {row['cell_count']} cells of the row ({months})", hint
    )
