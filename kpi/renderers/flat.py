"""An answer's rows as a flat table of texts: what CSV and plain lines are made of.

A nested field becomes columns with its name before theirs (`source_file`), a list of
comparators or of points becomes a line each, any other list one text. Quoting and
guarding are left to the renderers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from kpi.domain.answer import Answer
from kpi.domain.unnested import unnested
from kpi.renderers.words import iso_moment

A_LINE_EACH = {"comparators": "comparator", "series": "series"}
"""Lists of which each element has a line of its own, and what its columns begin with."""

_EXACT_INTEGERS = 2.0**53


@dataclass(frozen=True, slots=True)
class FlatTable:
    """Column names and, line by line, a value for each of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The rows as texts: numbers unrounded, dates in ISO 8601, nothing where null."""
        return (tuple(map(as_text, row)) for row in self.rows)


def flattened(answer: Answer) -> FlatTable:
    """The answer's rows without nesting, in order; `internal` is a column of its own if true.

    A row whose list is empty keeps one line, its element's columns null.
    """
    frame = answer.rows
    for name, prefix in A_LINE_EACH.items():
        dtype = frame.schema.get(name)
        if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct):
            # An empty list would take its whole row with it.
            nothing = pl.concat_list(pl.lit(None, dtype=dtype.inner))
            filled = pl.when(pl.col(name).list.len() > 0).then(pl.col(name)).otherwise(nothing)
            frame = frame.with_columns(filled).explode(name).rename({name: prefix})
    while any(isinstance(dtype, pl.Struct) for dtype in frame.dtypes):
        frame = unnested(frame)
    if answer.internal:
        frame = frame.with_columns(pl.lit(value=True).alias("internal"))
    return FlatTable(tuple(frame.columns), tuple(frame.rows()))


def plain_number(value: float) -> float | int | None:
    """A number as machines get it: whole ones without a point, null for NaN and infinities.

    Example:
        >>> plain_number(340.0), plain_number(63.4), plain_number(float("nan"))
        (340, 63.4, None)
    """
    if not math.isfinite(value):
        return None
    is_whole = abs(value) < _EXACT_INTEGERS and float(value).is_integer()
    return int(value) if is_whole else value


def as_text(value: object) -> str:
    """One value as text; empty for null.

    Example:
        >>> as_text(340.0), as_text(True), as_text(["a", "b"]), as_text([{"old": 1, "new": 2}])
        ('340', 'true', 'a; b', 'old=1, new=2')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            number = plain_number(value)
            return "" if number is None else str(number)
        case datetime():
            return iso_moment(value)
        case date():
            return value.isoformat()
        case list():
            return "; ".join(map(as_text, value))
        case dict():
            return ", ".join(f"{key}={as_text(each)}" for key, each in value.items())
        case _:
            return str(value)
