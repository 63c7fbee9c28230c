"""Exported tables as Parquet and as CSV. The workbook is left to `export_workbook`.

A text is cleaned in both: no control, direction or invisible character leaves the project.
Only in CSV does it get an apostrophe where a spreadsheet would take it for a formula.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Literal

import polars as pl

from kpi.domain.visible import visible
from kpi.renderers.records import guarded

PARQUET_COMPRESSION: Literal["snappy"] = "snappy"
"""The one that every reader of Parquet knows, the old and the small ones too."""


def render_parquet(table: pl.DataFrame) -> bytes:
    """A table as a Parquet file."""
    written = io.BytesIO()
    respelt(table, visible).write_parquet(written, compression=PARQUET_COMPRESSION)
    return written.getvalue()


def render_table_csv(table: pl.DataFrame) -> bytes:
    """A table as CSV in UTF-8: numbers unrounded, dates in ISO 8601, nothing where null."""
    numbers = [name for name, dtype in table.schema.items() if dtype == pl.Float64]
    texts = [name for name, dtype in table.schema.items() if dtype == pl.String]
    shown = respelt(table, guarded).with_columns(
        # Whole numbers without a point, as in all our CSV.
        *(pl.col(name).cast(pl.String).str.strip_suffix(".0") for name in numbers),
        *(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts),
    )
    return shown.write_csv().encode()


def respelt(table: pl.DataFrame, spelling: Callable[[str], str]) -> pl.DataFrame:
    """The table with each text spelt anew.

    Args:
        table: Any table.
        spelling: What becomes of a text.
    """
    columns = []
    for name, dtype in table.schema.items():
        if dtype == pl.String:
            texts = table[name].drop_nulls().unique().to_list()
            new = {text: spelling(text) for text in texts}
            if differing := {text: said for text, said in new.items() if said != text}:
                columns.append(pl.col(name).replace(differing))
    return table.with_columns(columns)
