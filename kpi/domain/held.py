"""Which of several observations of one figure counts, and when two contradict each other.

The newest batch that holds a key counts, blank cells aside. Within that batch a value
beats a state and a whole period beats one "to date"; equal values merge, different ones
are a conflict, whose value is null until the source is mended (design.md, section 4).
"""

from __future__ import annotations

import polars as pl

from kpi.domain.observation import KEY, address_expr

SIGNIFICANT_DIGITS = 9
"""Floats are compared after rounding to so many significant digits (design.md, section 7)."""

FIRST_OF_CELL = (
    "period_start",
    "period_end",
    "period_months",
    "numerator",
    "denominator",
    "state",
    "marks",
    "raw",
    "label",
    "source_file",
    "source_sheet",
    "source_cell",
    "source_theme",
    "batch",
    "seq",
    "ingested_at",
    "report_end",
)

SAID = pl.List(
    pl.Struct(
        {
            "value": pl.Float64,
            "numerator": pl.Float64,
            "denominator": pl.Float64,
            "address": pl.String,
            "theme": pl.String,
            "sheet": pl.String,
        }
    )
)
"""Of `with_held`'s column `said`: each cell that says something of a figure."""


def counted_outturns(observations: pl.LazyFrame) -> pl.LazyFrame:
    """The rows that may count as an outturn: no typed targets, nothing from an older report."""
    return observations.filter((pl.col("role") == "outturn") & ~pl.col("older"))


def with_held(observations: pl.LazyFrame) -> pl.LazyFrame:
    """One row a key: the figure that counts for each indicator, area, unit and period.

    Args:
        observations: Stored rows, of one role. A filter on any of the key's columns may
            come before; a filter on anything else changes the answer.

    Returns:
        The key, `value` (null in a conflict), the columns of the first cell that says
        it, and `typed_per` (the period that a typed target's words speak of), `conflict`
        (Boolean), `said` (list of struct `value`, `numerator`, `denominator`, `address`,
        `theme`, `sheet`: every cell of the newest batch, in the source's order), `related`
        (list of their addresses, where there are several).
    """
    return (
        observations.pipe(_newest_batch)
        .pipe(_best_in_batch)
        .sort("seq", "row")
        .group_by(*KEY, maintain_order=True)
        .agg(
            pl.col("value").first(),
            *(pl.col(name).first() for name in FIRST_OF_CELL),
            typed_per=pl.col("target_per").first(),
            conflict=_rounded("value").drop_nulls().n_unique() > 1,
            said=pl.struct(
                "value",
                "numerator",
                "denominator",
                address=address_expr(),
                theme="source_theme",
                sheet="source_sheet",
            ),
            related=address_expr().filter(pl.len() > 1),
        )
        .with_columns(
            pl.when(~pl.col("conflict")).then(pl.col(name)).alias(name)
            for name in ("value", "numerator", "denominator")
        )
    )


def _newest_batch(observations: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of the newest batch that says something for the key; blanks only if none does."""
    says_something = pl.col("state") != "blank"
    newest = pl.col("seq").filter(says_something).max().over(KEY)
    newest_blank = pl.col("seq").max().over(KEY)
    return observations.filter(
        pl.when(newest.is_not_null())
        .then(says_something & (pl.col("seq") == newest))
        .otherwise(pl.col("seq") == newest_blank)
    )


def _best_in_batch(observations: pl.LazyFrame) -> pl.LazyFrame:
    """Whole values where there are any, else values to date, else states."""
    return observations.filter(standing() == standing().max().over(KEY))


def standing() -> pl.Expr:
    """How much a row of one batch says: 2 a whole value, 1 a value to date, 0 a state."""
    is_value = pl.col("state") == "value"
    is_whole = ~pl.col("marks").str.contains("partial", literal=True)
    return pl.when(is_value & is_whole).then(2).when(is_value).then(1).otherwise(0)


def _rounded(column: str) -> pl.Expr:
    return pl.col(column).round_sig_figs(SIGNIFICANT_DIGITS)
