"""The fields that the rows of every command on indicators begin with (design.md, section 6)."""

from __future__ import annotations

import polars as pl

SOURCE: dict[str, pl.DataType] = {
    "file": pl.String(),
    "sheet": pl.String(),
    "cell": pl.String(),
}
"""Where a figure was typed; the file's name is without folders."""

FIGURE: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "title": pl.String(),
    "theme": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "period": pl.String(),
    "outturn": pl.Float64(),
    "outturn_type": pl.String(),
    "state": pl.String(),
    "source": pl.Struct(SOURCE),
}
"""Which figure a row is about, its value as reported, and where it comes from."""
