"""Negative figures in rows that have none otherwise."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.cells_of_series import by_series, figures_said
from kpi.domain.checks.context import SERIES, Context
from kpi.domain.findings import Check, Said, worded
from kpi.domain.statistics.spc import LIMIT_RANGES

STEP_OF_CHANCE = 1.128
"""Mean step between two figures that vary by chance, in standard deviations."""

MOSTLY = 0.5
"""A series of which so many figures are below zero is meant to be."""

OFTEN, OFTEN_SHARE = 3, 0.25
"""And one of which so many are, if they are so large a part of it."""

CHANCE = 2.0
"""Counts step from month to month by so many times what chance alone makes of them."""


def find_negative(context: Context) -> pl.LazyFrame:
    """Every negative number or rate of a series that keeps clear of zero, or counts something.

    A variance against budget crosses zero as it comes; a count of children never does. So
    a series is left alone whose other figures step about as far as they lie from zero,
    unless its steps are no more than those of a count, or the catalogue has other figures
    rest on it.
    """
    catalogue = context.catalogue
    series = [*SERIES, "period_months"]
    value = pl.col("value")
    figures = context.held.filter(
        ~pl.col("indicator").is_in(context.ids(outturn="percentage")) & value.is_not_null()
    )
    touched = figures.filter((value < 0) & pl.col("is_subject")).select(series).unique()
    wrong = (
        figures.join(touched, on=series, how="semi", nulls_equal=True)
        .join(figures.pipe(_others, series), on=series, how="left", nulls_equal=True)
        .with_columns(below=(value < 0).sum().over(series), count=value.count().over(series))
        .filter((value < 0) & pl.col("is_subject"))
        .filter((pl.col("below") < MOSTLY * pl.col("count")) | (pl.col("count") == 1))
        .filter(~_crosses_zero() | pl.col("indicator").is_in(_counts(catalogue)))
        .with_columns(row=pl.col("period_start").rank("ordinal"))
    )
    return worded(
        by_series(wrong),
        say=lambda row: Said(
            f"{figures_said(row, catalogue)}, below zero",
            "Is the sign a slip, or a dash before the figure? `(5)` is read as -5.",
        ),
    )


def _others(figures: pl.LazyFrame, series: list[str]) -> pl.LazyFrame:
    """Of each series the mean of what is not below zero, and the mean step between those."""
    return (
        figures.filter(pl.col("value") >= 0)
        .sort("period_end")
        .group_by(series)
        .agg(mean=pl.col("value").mean(), step=pl.col("value").diff().abs().mean())
    )


def _crosses_zero() -> pl.Expr:
    """Whether zero is crossed often, or lies within the limits of figures that are no count's."""
    mean, step = pl.col("mean"), pl.col("step")
    of_a_count = step <= CHANCE * STEP_OF_CHANCE * mean.sqrt()
    is_often = (pl.col("below") >= OFTEN) & (pl.col("below") >= OFTEN_SHARE * pl.col("count"))
    is_near = (mean < LIMIT_RANGES * step).fill_null(value=False)
    return is_often | (is_near & ~of_a_count.fill_null(value=False))


def _counts(catalogue: Catalogue) -> list[str]:
    """The indicators that are counts for sure: others rest on them, or small ones are hidden."""
    rules = [rule for each in catalogue.indicators for rule in each.coheres]
    bases = {each for rule in rules for each in rule.with_}
    bases |= {base for each in catalogue.indicators for base in (each.numerator, each.denominator)}
    bases |= {base for each in catalogue.indicators for base in each.ratio}
    return [
        each.id
        for each in catalogue.indicators
        if each.id in bases or each.suppress_below or each.coheres
    ]


CHECK = Check(
    code="KPI211",
    title="negative count",
    severity="warning",
    meaning="A number or rate is below zero, and its series otherwise keeps clear of zero.",
    why="Nobody can count fewer than none. A dash before a figure, or brackets around it, are read "
    "as a sign.",
    advice="Correct the cell. For a difference, such as a variance, accept the finding.",
    example="board.xlsx:Corporate Parenting!F9 – CLA: UASC, Jul-21: -3, below zero",
    find=find_negative,
)
