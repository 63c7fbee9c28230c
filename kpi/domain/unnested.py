"""Frames without fields inside of fields, for files that know columns only."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl


def unnested(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column `source_file` for each field `file` of a struct `source`.

    Example:
        >>> unnested(pl.DataFrame({"source": [{"file": "a", "cell": "B7"}]})).columns
        ['source_file', 'source_cell']
    """
    return frame.select(_fields(frame))


def _fields(frame: pl.DataFrame) -> Iterator[pl.Expr]:
    for name, dtype in frame.schema.items():
        if isinstance(dtype, pl.Struct):
            for field in dtype.fields:
                yield pl.col(name).struct.field(field.name).alias(f"{name}_{field.name}")
        else:
            yield pl.col(name)
