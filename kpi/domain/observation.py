"""The columns of an observation: one figure as one source reported it.

The store keeps frames of these columns as they are, so they are also what DuckDB,
Spark or Power BI find in its folder. Which of several observations counts is left to
`kpi.domain.held`.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

State = Literal[
    "value",
    "awaited",
    "not_applicable",
    "not_available",
    "suppressed",
    "rounds_to_zero",
    "unreliable",
    "blank",
    "unreadable",
]
Mark = Literal["provisional", "revised", "break", "estimate", "partial"]
Role = Literal["outturn", "target"]

STATISTICAL_NEIGHBOURS = "Statistical neighbours"
ENGLAND = "England"

KEY = ("indicator", "area", "unit", "period")
"""What one figure is about; a null period is a comparator whose year is not stated."""

READ: dict[str, pl.DataType] = {
    # What it is about.
    "indicator": pl.String(),  # the catalogue's id
    "area": pl.String(),  # the authority, a region, England, Statistical neighbours, another LA
    "unit": pl.String(),  # service/team/worker path; empty for the whole authority
    "role": pl.String(),  # outturn, or target: a target typed in a sheet
    "period": pl.String(),  # as printed: 2021-10, 2021-Q3, 2021/22, 2021; null: year not stated
    "period_start": pl.Date(),
    "period_end": pl.Date(),  # last day; periods order by it, then by months
    "period_months": pl.Int8(),  # 1, 3 or 12
    # What it says.
    "value": pl.Float64(),  # percentages as 63.4; null in every state but `value`
    "numerator": pl.Float64(),  # may be null
    "denominator": pl.Float64(),  # may be null
    "state": pl.String(),  # one of `State`
    "marks": pl.String(),  # of `Mark`, space separated, in that order; empty for none
    "target_per": pl.String(),  # of a typed target: month, quarter, year, when its words say so
    # Where it stands.
    "raw": pl.String(),  # the cell as typed
    "label": pl.String(),  # the row's label as printed
    "source_file": pl.String(),  # the file's name without folders
    "source_sheet": pl.String(),  # null where the source has no sheets
    "source_cell": pl.String(),  # such as H14
    "source_theme": pl.String(),  # the theme as printed around it; null for none
}
"""The columns that a reader gives, in order, one row a cell."""

STORED: dict[str, pl.DataType] = READ | {
    "batch": pl.String(),  # SHA-256 of the source's bytes
    "seq": pl.Int64(),  # order of ingestion, one number a batch
    "row": pl.Int64(),  # order inside the batch: the source's own
    "ingested_at": pl.Datetime("us", "UTC"),
    "report_end": pl.Date(),  # last day of the newest period its report holds a figure for
    "older": pl.Boolean(),  # came from an older report than the figure then held: never counts
}
"""The columns that the store keeps."""


def empty_read() -> pl.DataFrame:
    """A frame of no rows with the columns that a reader gives."""
    return pl.DataFrame(schema=READ)


def address(file: str, sheet: str | None, cell: str | None) -> str:
    """A cell's address in words: `file:Sheet!B7`, or `file!B7` where there are no sheets.

    Example:
        >>> address("board.xlsx", "Right service", "H14"), address("board.csv", None, "B7")
        ('board.xlsx:Right service!H14', 'board.csv!B7')
    """
    place = f"{file}:{sheet}" if sheet else file
    return f"{place}!{cell}" if cell else place


def address_expr() -> pl.Expr:
    """`address` as an expression over the source columns; null where there is no file."""
    place = pl.col("source_file") + pl.when(pl.col("source_sheet").is_null()).then(
        pl.lit("")
    ).otherwise(pl.lit(":") + pl.col("source_sheet").fill_null(""))
    cell = (
        pl.when(pl.col("source_cell").is_null())
        .then(pl.lit(""))
        .otherwise(pl.lit("!") + pl.col("source_cell").fill_null(""))
    )
    return place + cell
