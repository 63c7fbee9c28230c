"""Where an outturn stands: its difference from each comparator, and the verdict in a word.

A verdict sets the outturn's own interval against the comparator's one value, so it needs
the outturn's numerator and denominator; without them there is the difference only. Which
comparators there are is left to `kpi.domain.comparison.comparators`, making two figures alike to
`kpi.domain.comparison.like_with_like`, rank and quartile to `kpi.domain.comparison.standing`.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.comparison.benchmark import position, verdict
from kpi.domain.comparison.gap import with_gap_in_cases
from kpi.domain.comparison.like_with_like import A_COUNT, BASIS, with_basis, with_terms
from kpi.domain.statistics.intervals import with_interval

OWN: dict[str, pl.DataType] = {
    "own": pl.UInt32(),  # its number
    "indicator": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "area_code": pl.String(),  # DfE's of the authority, or its name where it has none
    "period": pl.String(),
    "period_start": pl.Date(),
    "period_end": pl.Date(),
    "period_months": pl.Int8(),
    "outturn": pl.Float64(),
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "own_population": pl.Float64(),  # children aged 0 to 17; null where not known, and of a unit
    "own_mid_year": pl.Int32(),  # of that population
    "why_no_outturn": pl.String(),  # in words; null where there is one
    "redefined_on": pl.Date(),  # nothing of its own from before is comparable
    "outturn_type": pl.String(),
    "per": pl.Float64(),
    "basis": pl.String(),
    "year": pl.String(),
    "polarity": pl.String(),
    "method": pl.String(),
    "level": pl.Float64(),
    "is_average": pl.Boolean(),  # a number that does not grow with the place
}
"""Columns of the outturns that are compared, one row each."""

REDEFINED = "of an earlier definition, which is not comparable"
A_RATE = f"{A_COUNT}: set beside it is the count that the other's rate would give here"
NO_YEAR = "typed in a report that does not state its year: the difference only"
TYPED = "typed in a report, and nothing published confirms it: the difference only"
NO_DENOMINATOR = "a count, which has no denominator and no interval: the difference only"
NO_COUNTS = "no numerator and denominator, so no interval: the difference only"
NO_INTERVAL = "numerator and denominator give no interval: the difference only"

_OF_OWN = (
    "own", "indicator", "area", "area_code", "period_end", "period_months", "outturn",
    "numerator", "denominator", "own_population", "own_mid_year", "why_no_outturn",
    "redefined_on", "outturn_type", "per", "basis", "year", "polarity", "is_average",
    "interval_low", "interval_high",
)  # fmt: skip


def with_own_counts(own: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with the numerator or denominator that the outturn and the other imply.

    A share of known cases implies how many of them, a rate of known events the population:
    24 per cent of 387 referrals is 93. Counts that were given stay; a number has none.
    """
    value, x, n = pl.col("outturn"), pl.col("numerator"), pl.col("denominator")
    whole = pl.when(pl.col("outturn_type") == "percentage").then(100.0).otherwise("per")
    # Half away from zero; a count is never below it.
    events = (value * n / whole + 0.5).floor()
    is_number = pl.col("outturn_type") == "number"
    return own.with_columns(
        numerator=pl.when(~is_number).then(pl.coalesce(x, events)),
        denominator=pl.when(~is_number).then(
            pl.coalesce(n, pl.when(value > 0).then(x * whole / value))
        ),
    )


def with_own_interval(own: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `interval_low`, `interval_high` and `interval_method` of the outturn.

    Needs the columns of `OWN`. Null where the counts are missing; a number has none.
    """
    return own.pipe(with_interval, level=pl.col("level"), per=pl.col("per"))


def compared(comparators: pl.LazyFrame, *, own: pl.LazyFrame) -> pl.LazyFrame:
    """Each comparator with its difference, verdict and gap.

    Args:
        comparators: Columns of `kpi.domain.comparison.comparators.COMPARATOR`.
        own: Columns of `OWN` and of `with_own_interval`.

    Returns:
        The comparators' columns, those of `with_terms` and `with_gap_in_cases`, and `difference`
        (own - comparator in the same terms, in the outturn's unit; null where they cannot
        be made alike), `verdict` (of `kpi.domain.comparison.benchmark`), `why_not_compared` (in
        words; null where there is a verdict) and `periods_behind` (how many periods of the
        comparator's length it ended before the outturn's; null where its year is not stated).
    """
    difference = pl.col("outturn_compared") - pl.col("value_compared")
    return (
        comparators.join(own.pipe(with_basis).select(*_OF_OWN, *BASIS), on="own")
        .pipe(_without_redefined)
        .pipe(with_terms)
        .with_columns(difference=difference)
        .with_columns(where=_where(), why_not_compared=_why_not_compared())
        .with_columns(
            verdict=verdict(
                pl.when(pl.col("why_not_compared").is_null()).then("where"),
                polarity=pl.col("polarity"),
            )
        )
        .pipe(with_gap_in_cases)
        .with_columns(periods_behind=_periods_behind())
        .drop("where")
    )


def _without_redefined(pairs: pl.LazyFrame) -> pl.LazyFrame:
    """The rows, an earlier year from before a changed definition being unlike."""
    is_before = (pl.col("kind") == "own year") & (pl.col("at") < pl.col("redefined_on")).fill_null(
        value=False
    )
    return pairs.with_columns(
        alike=pl.when(~is_before).then("alike"),
        unlike=pl.when(is_before).then(pl.lit(REDEFINED)).otherwise("unlike"),
    )


def _where() -> pl.Expr:
    """Where the outturn's interval lies, in the same terms as the comparator's value."""
    low, high = (
        pl.col(edge) * pl.col("own_times") / pl.col("own_over")
        for edge in ("interval_low", "interval_high")
    )
    return position(low, high=high, comparator=pl.col("value_compared"))


def _why_not_compared() -> pl.Expr:
    """The first thing that stands in a verdict's way, in words; null where nothing does."""
    has_counts = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    is_number = pl.col("outturn_type") == "number"
    is_beside_place = pl.col("kind") != "own year"
    obstacles = {
        NO_YEAR: pl.col("at").is_null() & pl.col("unlike").is_null(),
        A_RATE: pl.col("is_per_person") & pl.col("value_compared").is_not_null(),
        A_COUNT: is_number & is_beside_place & ~pl.col("is_average"),
        TYPED: pl.col("origin") == "typed",
        NO_DENOMINATOR: is_number,
        NO_COUNTS: ~has_counts,
        NO_INTERVAL: pl.col("interval_low").is_null() | pl.col("interval_high").is_null(),
    }
    # By number first: sentences are slow to move about, row by row.
    number = pl.coalesce(
        pl.when(is_true).then(pl.lit(number, dtype=pl.Int8))
        for number, is_true in enumerate(obstacles.values())
    )
    words = number.replace_strict(dict(enumerate(obstacles)), return_dtype=pl.String)
    return pl.coalesce("why_no_outturn", "unlike", words)


def _periods_behind() -> pl.Expr:
    months = _month_number(pl.col("period_end")) - _month_number(pl.col("at"))
    length = pl.col("comparator_months").cast(pl.Int64)
    return (months + length - 1) // length


def _month_number(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64)
