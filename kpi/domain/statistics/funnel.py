"""Funnel limits round a reference, and whether an outturn lies significantly outside.

The reference is the pooled value of the set compared, or any other in the outturn's
unit. Nothing is adjusted for overdispersion. A standardised ratio is a rate whose
denominators are the expected events and whose reference is 100. Where a chart puts its
axis is left to the renderers.

Sources: Public Health England, Technical Guide: Funnel plots (June 2017); Spiegelhalter
(2005), Statistics in Medicine 24:1185-1202.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from kpi.domain.statistics.distributions import Number, z_scores
from kpi.domain.statistics.intervals import by_outturn_type, exact_limits, rate_interval

Significance = Literal[
    "High (0.001)", "High (0.025)", "Low (0.001)", "Low (0.025)", "Not significant"
]
Limits = tuple[pl.Expr, pl.Expr]

_DIGITS = 9
_INNER, _OUTER = 95.0, 99.8


def pooled_reference(
    numerator: pl.Expr, *, denominator: pl.Expr, multiplier: Number = 100.0
) -> pl.Expr:
    """The numerators' sum over the denominators' sum, of the rows that have both.

    Null where no row has both, or the denominators come to 0.
    """
    has_both = numerator.is_not_null() & denominator.is_not_null()
    total = pl.when(has_both).then(denominator).sum()
    share = pl.when(has_both).then(numerator).sum() / pl.when(total > 0).then(total)
    return share * multiplier


def share_limits(
    denominator: pl.Expr, *, reference: pl.Expr, level: Number, multiplier: Number = 100.0
) -> Limits:
    """Funnel limits of a share at this denominator, clipped to 0 and the multiplier.

    Null where the denominator is not above 0 or the reference is no share.
    """
    n = denominator.cast(pl.Float64)
    share = pl.when(n > 0).then(reference / multiplier)
    spread = z_scores(level) * (share * (1 - share) / n).sqrt().fill_nan(None)
    low, high = ((share + side * spread).clip(0, 1) * multiplier for side in (-1, 1))
    return low, high


def rate_limits(numerator: pl.Expr, *, reference: pl.Expr, level: Number) -> Limits:
    """Funnel limits of a rate or ratio at the population that gave this many events.

    Of the expected counts at which so few, or so many, events become significant. No
    events give a lower limit of 0 and no upper one.

    Args:
        numerator: Observed events.
        reference: The reference rate, or 100 for a standardised ratio.
        level: Two-sided, per cent: 95 or 99.8.
    """
    observed = numerator.cast(pl.Float64)
    fewest, most = exact_limits(pl.when(observed >= 0).then(observed), level=level)
    return reference * observed / most, reference * observed / pl.when(fewest > 0).then(fewest)


def significance(inner: Limits, *, outer: Limits, value: pl.Expr) -> pl.Expr:
    """Whether a value lies beyond the 99.8 per cent limits, the 95 per cent ones, or neither.

    On a limit is inside, after rounding to nine significant digits. Null where the value
    or a limit is null.
    """
    (low_95, high_95), (low_99_8, high_99_8) = (map(_comparable, pair) for pair in (inner, outer))
    at = _comparable(value)
    missing = pl.any_horizontal(number.is_null() for number in (*inner, *outer, value))
    return (
        pl.when(missing)
        .then(pl.lit(None, dtype=pl.String))
        .when(at > high_99_8)
        .then(pl.lit("High (0.001)"))
        .when(at < low_99_8)
        .then(pl.lit("Low (0.001)"))
        .when(at > high_95)
        .then(pl.lit("High (0.025)"))
        .when(at < low_95)
        .then(pl.lit("Low (0.025)"))
        .otherwise(pl.lit("Not significant"))
    )


def share_significance(
    numerator: pl.Expr, *, denominator: pl.Expr, reference: pl.Expr, multiplier: Number = 100.0
) -> pl.Expr:
    """Whether a share lies outside the funnel: the share against the funnel's limits."""
    inner, outer = (
        share_limits(denominator, reference=reference, level=level, multiplier=multiplier)
        for level in (_INNER, _OUTER)
    )
    is_share = (numerator >= 0) & (numerator <= denominator)
    share = pl.when(is_share).then(numerator / denominator * multiplier)
    return significance(inner, outer=outer, value=share)


def rate_significance(
    numerator: pl.Expr, *, denominator: pl.Expr, reference: pl.Expr, multiplier: Number
) -> pl.Expr:
    """Whether a rate lies outside the funnel: its own interval against the reference.

    The reference above the interval means a low rate, so the words are turned round.
    """
    inner, outer = (
        rate_interval(numerator, denominator=denominator, level=level, multiplier=multiplier)
        for level in (_INNER, _OUTER)
    )
    seen = significance((inner.low, inner.high), outer=(outer.low, outer.high), value=reference)
    return seen.replace(
        {
            "High (0.001)": "Low (0.001)",
            "High (0.025)": "Low (0.025)",
            "Low (0.001)": "High (0.001)",
            "Low (0.025)": "High (0.025)",
        }
    )


def with_pooled_reference(
    frame: pl.LazyFrame, *, by: Sequence[str], per: Number = 10_000.0
) -> pl.LazyFrame:
    """The rows with `reference`, the pooled value of each set.

    Args:
        frame: Needs `outturn_type`, `numerator`, `denominator` and the columns of `by`.
        by: What makes a set, such as indicator and period.
        per: What rates are per.
    """
    share = pooled_reference(
        pl.col("numerator"), denominator=pl.col("denominator"), multiplier=1.0
    ).over(by)
    return frame.with_columns(reference=by_outturn_type(percentage=share * 100, rate=share * per))


def with_funnel(
    frame: pl.LazyFrame, *, reference: str = "reference", per: Number = 10_000.0
) -> pl.LazyFrame:
    """The rows with `lower_95`, `upper_95`, `lower_99_8`, `upper_99_8` and `significance`.

    All null for numbers and where counts or reference are missing or impossible.

    Args:
        frame: Needs `outturn_type`, `numerator`, `denominator` and the reference.
        reference: Column of the reference, in the outturn's unit.
        per: What rates are per.
    """
    x, n, centre = pl.col("numerator"), pl.col("denominator"), pl.col(reference)
    limits = {}
    for name, level in (("95", _INNER), ("99_8", _OUTER)):
        of_share = share_limits(n, reference=centre, level=level)
        of_rate = rate_limits(pl.when(n > 0).then(x), reference=centre, level=level)
        for edge, share, rate in zip(("lower", "upper"), of_share, of_rate, strict=True):
            limits[f"{edge}_{name}"] = by_outturn_type(percentage=share, rate=rate)
    share_words = share_significance(x, denominator=n, reference=centre)
    rate_words = rate_significance(x, denominator=n, reference=centre, multiplier=per)
    words = by_outturn_type(percentage=share_words, rate=rate_words)
    return frame.with_columns(**limits, significance=words)


def _comparable(number: pl.Expr) -> pl.Expr:
    return number.round_sig_figs(_DIGITS)
