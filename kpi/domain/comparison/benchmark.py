"""Better, similar or worse than a comparator: the own interval against its one value.

Touching counts as similar: limits and comparator are set against each other after
rounding to nine significant digits. Intervals come from `kpi.domain.statistics.intervals`; which
comparators there are, and of which period, is left to others.

Source: Public Health England, Technical Guide: RAG rating indicator values (July 2017);
the comparers of ukhsa-collaboration/fingertips-open (January 2020).
"""

from __future__ import annotations

from typing import Literal

import polars as pl

Verdict = Literal["better", "similar", "worse", "higher", "lower", "not_compared"]

_DIGITS = 9
_GOOD = {"high": "higher", "low": "lower"}


def position(low: pl.Expr, *, high: pl.Expr, comparator: pl.Expr) -> pl.Expr:
    """Where an interval lies: `lower`, `similar` or `higher` than the comparator's value.

    Null where a limit or the comparator is null.
    """
    low, high, comparator = (
        number.cast(pl.Float64).fill_nan(None).round_sig_figs(_DIGITS)
        for number in (low, high, comparator)
    )
    return (
        pl.when(low.is_null() | high.is_null() | comparator.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(high < comparator)
        .then(pl.lit("lower"))
        .when(low > comparator)
        .then(pl.lit("higher"))
        .otherwise(pl.lit("similar"))
    )


def verdict(where: pl.Expr, *, polarity: pl.Expr) -> pl.Expr:
    """A position in words of judgement: `better` or `worse` by polarity.

    `higher` and `lower` stay as they are for the polarities `range` and `none`, null
    too; a null position is `not_compared`.

    Args:
        where: What `position` gives.
        polarity: `high`, `low`, `range` or `none`.
    """
    good = polarity.replace_strict(_GOOD, default=None, return_dtype=pl.String)
    judged = pl.when(where == good).then(pl.lit("better")).otherwise(pl.lit("worse"))
    return (
        pl.when(where.is_null())
        .then(pl.lit("not_compared"))
        .when((where == "similar") | good.is_null())
        .then(where)
        .otherwise(judged)
    )


def two_level_verdict(at_95: pl.Expr, *, at_99_8: pl.Expr) -> pl.Expr:
    """The verdicts at 95 and 99.8 per cent as one: beyond the wider interval is the extreme.

    Similar at 95 per cent is `similar`; different at 95 alone keeps its word; different
    at 99.8 too is `best`, `worst`, `highest` or `lowest`.

    Args:
        at_95: The verdict by the interval at 95 per cent.
        at_99_8: The verdict by the interval at 99.8 per cent.
    """
    extremes = {"better": "best", "worse": "worst", "higher": "highest", "lower": "lowest"}
    return pl.when(at_95 == at_99_8).then(at_95.replace(extremes)).otherwise(at_95)


def with_verdict(
    frame: pl.LazyFrame, *, comparator: str = "comparator_value", polarity: str = "polarity"
) -> pl.LazyFrame:
    """The rows with `verdict` and, where it is `not_compared`, `why_not_compared` in words.

    Args:
        frame: Needs `value`, `numerator`, `denominator`, `interval_low`, `interval_high`
            and the two columns named below.
        comparator: Column of the comparator's value, in the outturn's unit.
        polarity: Column of the polarity.

    Example:
        >>> own = {"value": 30.0, "numerator": 30, "denominator": 100, "interval_low": 21.9}
        >>> own |= {"interval_high": 39.6, "comparator_value": 40.0, "polarity": "low"}
        >>> pl.LazyFrame(own).pipe(with_verdict).collect()["verdict"].item()
        'better'
    """
    low = pl.when(pl.col("value").is_not_null()).then(pl.col("interval_low"))
    where = position(low, high=pl.col("interval_high"), comparator=pl.col(comparator))
    return frame.with_columns(
        verdict=verdict(where, polarity=pl.col(polarity)),
        why_not_compared=pl.when(where.is_null()).then(_why_not_compared(pl.col(comparator))),
    )


def _why_not_compared(comparator: pl.Expr) -> pl.Expr:
    """The first thing that is wanting; of use only where no position could be told."""
    has_counts = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    return (
        pl.when(pl.col("value").is_null())
        .then(pl.lit("no outturn"))
        .when(comparator.is_null())
        .then(pl.lit("the comparator has no value"))
        .when(~has_counts)
        .then(pl.lit("no numerator and denominator, so no interval"))
        .otherwise(pl.lit("its numerator and denominator give no interval"))
    )
