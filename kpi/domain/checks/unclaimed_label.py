"""Rows whose label no indicator of the catalogue claims."""

from __future__ import annotations

import polars as pl

from kpi.domain.checks.context import Context
from kpi.domain.checks.wording import listed
from kpi.domain.findings import Check, Row, Said, worded


def find_unclaimed(context: Context) -> pl.LazyFrame:
    """One finding for each such row; only files are known to have them, the store does not."""
    found = context.labels.with_columns(period=pl.lit(None, dtype=pl.String))
    return worded(found, say=_say)


def _say(row: Row) -> Said:
    near = listed((f"`{each}`" for each in row["nearest"] or []), last="or")
    hint = "Add the label to its indicator's `aliases`, or add an indicator."
    message = f"`{row['label']}` is no label of the catalogue, so its row is not read"
    return Said(message, f"Is it {near}? {hint}" if near else hint)


CHECK = Check(
    code="KPI206",
    title="unknown label",
    severity="warning",
    meaning="A row has figures, and no indicator of the catalogue has its label.",
    why="The row is not read. Labels change from report to report, and an indicator then seems "
    "to have stopped.",
    advice="Put the label, as printed, among the `aliases` of its indicator. Leave the finding out "
    "with `--ignore KPI206` where the row is not wanted.",
    example="board.xlsx:Assessment!A7 – `Assesments in the month` is no label of the catalogue, so "
    "its row is not read",
    find=find_unclaimed,
)
