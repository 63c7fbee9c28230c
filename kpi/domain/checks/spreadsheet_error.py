"""Cells in which a spreadsheet shows an error."""

from __future__ import annotations

import polars as pl

from kpi.domain.checks.context import Context
from kpi.domain.checks.faulty_cells import ERROR_VALUE, faulty_rows, say_faulty
from kpi.domain.findings import Check, worded


def find_errors(context: Context) -> pl.LazyFrame:
    """One finding for each row in which cells show an error."""
    found = faulty_rows(context, is_faulty=pl.col("raw").str.contains(ERROR_VALUE))
    catalogue = context.catalogue
    return worded(
        found,
        say=lambda row: say_faulty(
            row,
            catalogue,
            what=f"`{row['raw']}`, an error of the spreadsheet",
            hint="Mend the formula, or type the figure.",
        ),
    )


CHECK = Check(
    code="KPI102",
    title="spreadsheet error",
    severity="error",
    meaning="A cell shows an error such as `#DIV/0!` or `#REF!`.",
    why="There is no figure. A share of nothing (`#DIV/0!`) is no zero either.",
    advice="Mend the formula. Where nothing was to be counted, write N/A.",
    example="board.xlsx:Quality!F6 – Audits good or outstanding, Jul-21: `#DIV/0!`, an error of "
    "the spreadsheet",
    find=find_errors,
    needs="unreadable",
)
