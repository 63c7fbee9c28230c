"""What whole columns of cells say, each distinct text looked at once.

The meaning of a cell is that of `kpi.readers.cells`; this only keeps a million records
from costing a million look-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from kpi.domain.observation import READ
from kpi.domain.period import Period
from kpi.readers.cells import LARGEST, read_cell
from kpi.readers.grid import GridCell
from kpi.readers.reading import marks_text, period_columns

_PLAIN_NUMBER = r"^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
_READING = {
    "value": pl.Float64(),
    "state": pl.String(),
    "marks": pl.String(),
    "raw": pl.String(),
    "percent": pl.Boolean(),
}
PERIOD = ("period", "period_start", "period_end", "period_months")


def readings_of(column: pl.Series) -> pl.DataFrame:
    """What each cell of a column says: `value`, `state`, `marks`, `raw`, `percent`.

    Args:
        column: Texts, or the numbers of a typed column; null for blank.

    Example:
        >>> readings_of(pl.Series(["5", "c", None, "63.4%"]))["state"].to_list()
        ['value', 'suppressed', 'blank', 'value']
    """
    if column.dtype == pl.String:
        return _texts_read(column)
    if column.dtype.is_numeric():
        return _numbers_read(column)
    return _texts_read(column.cast(pl.String, strict=False))


def periods_of(
    frame: pl.DataFrame, *, said: Iterable[str], parse: Callable[..., Period | None]
) -> pl.DataFrame:
    """The distinct combinations of some columns with the period's columns beside them.

    Args:
        frame: The records.
        said: The columns that together name a period.
        parse: Takes their values by position; gives the period, or null.
    """
    names = list(said)
    distinct = frame.select(names).unique(maintain_order=True)
    parsed = [period_columns(parse(*row)) for row in distinct.iter_rows()]
    columns = zip(*parsed, strict=True) if parsed else ((), (), (), ())
    return distinct.with_columns(
        pl.Series(name, list(values), dtype=READ[name])
        for name, values in zip(PERIOD, columns, strict=True)
    )


def outturn_expr() -> pl.Expr:
    """The outturn that the counts give: 100 n/d, per n/d or n, by the indicator's type.

    Columns needed: `outturn`, `per`, `numerator`, `denominator`. Null where a count that is
    needed is null, or the denominator is 0.
    """
    scale = pl.when(pl.col("outturn") == "percentage").then(100.0).otherwise(pl.col("per"))
    # Multiplied first: 3 per 10,000 comes out as 3, and not as 2.9999999999999996.
    scaled = scale * pl.col("numerator")
    return (
        pl.when(pl.col("outturn") == "number")
        .then(pl.col("numerator"))
        .when(pl.col("denominator") != 0)
        .then(scaled / pl.col("denominator"))
    )


def counted_state_expr(numerator: str, denominator: str) -> pl.Expr:
    """The state of an outturn that follows from counts, given the columns of their states.

    What keeps the numerator from us keeps the outturn from us; so does what keeps the
    denominator, and a denominator of 0 makes it not applicable. Needs `outturn` and
    `denominator`.
    """
    needs = pl.col("outturn") != "number"
    return (
        pl.when(pl.col(numerator) != "value")
        .then(pl.col(numerator))
        .when(needs & (pl.col(denominator) != "value"))
        .then(pl.col(denominator))
        .when(needs & (pl.col("denominator") == 0))
        .then(pl.lit("not_applicable"))
        .otherwise(pl.lit("value"))
    )


def _texts_read(column: pl.Series) -> pl.DataFrame:
    texts = pl.DataFrame({"text": column})
    plain = pl.col("text").str.contains(_PLAIN_NUMBER)
    others = texts.filter(plain.not_())["text"].unique(maintain_order=True)
    says = [read_cell(GridCell(text)) for text in others]
    known = pl.DataFrame(
        {
            "text": others,
            "other_value": pl.Series([said.value for said in says], dtype=pl.Float64),
            "other_state": pl.Series([said.state for said in says], dtype=pl.String),
            "other_marks": pl.Series([marks_text(said.marks) for said in says], dtype=pl.String),
            "other_raw": pl.Series([said.raw for said in says], dtype=pl.String),
            "other_percent": pl.Series([said.percent for said in says], dtype=pl.Boolean),
        }
    )
    joined = texts.with_row_index("place").join(known, on="text", how="left").sort("place")
    return joined.select(
        pl.when(plain).then(pl.col("text")).cast(pl.Float64).fill_null(pl.col("other_value"))
        .alias("value"),
        pl.when(plain).then(pl.lit("value")).otherwise(pl.col("other_state")).fill_null("blank")
        .alias("state"),
        pl.col("other_marks").fill_null("").alias("marks"),
        pl.coalesce("other_raw", "text").fill_null("").alias("raw"),
        pl.col("other_percent").fill_null(False).alias("percent"),
    )  # fmt: skip


def _numbers_read(column: pl.Series) -> pl.DataFrame:
    numbers = pl.DataFrame({"said": column}).with_columns(
        pl.col("said").cast(pl.Float64).alias("number")
    )
    is_sound = pl.col("number").is_finite() & (pl.col("number").abs() <= LARGEST)
    return numbers.select(
        pl.when(is_sound).then(pl.col("number")).alias("value"),
        pl.when(pl.col("number").is_null())
        .then(pl.lit("blank"))
        .when(is_sound)
        .then(pl.lit("value"))
        .otherwise(pl.lit("unreadable"))
        .alias("state"),
        pl.lit("").alias("marks"),
        pl.col("said").cast(pl.String).fill_null("").alias("raw"),
        pl.lit(False).alias("percent"),
    ).cast(_READING)  # type: ignore[arg-type] # a schema is what it takes
