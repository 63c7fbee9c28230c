"""Quantiles of the normal and chi-square distributions, for intervals and limits.

A level is two-sided and in per cent: 99.8 leaves 0.1 per cent in each tail. Expressions
here work out each distinct level or count once, not once a row. What the quantiles are
used for is left to `kpi.domain.statistics.intervals` and `kpi.domain.statistics.funnel`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import polars as pl

Number = float | pl.Expr
"""One number for all rows, or an expression that gives each row its own."""

_LARGE_SHAPE = 1e6
_STEPS, _SMALL_STEP = 100, 1e-10  # the error after a step is of the order of its square
_TERMS, _SMALL_TERM = 100_000, 1e-16
_BELOW_ONE = math.nextafter(1.0, 0.0)


def z_score(level: float) -> float:
    """The standard normal quantile of a two-sided level, not rounded to 1.96 or 3.09.

    Args:
        level: In per cent, above 0 and below 100.

    Example:
        >>> round(z_score(95), 6), round(z_score(99.8), 6)
        (1.959964, 3.090232)
    """
    return NormalDist().inv_cdf(1 - (100 - level) / 200)


def z_scores(level: Number) -> pl.Expr:
    """`z_score` as an expression; null where the level is null or no level."""
    if isinstance(level, pl.Expr):
        usable = pl.when(level.is_between(0, 100, closed="none")).then(level)
        return _once_per_distinct(z_score, usable)
    return pl.lit(z_score(level))


def chi_square_quantile(probability: float, *, degrees: float) -> float:
    """The chi-square quantile, good to about twelve significant digits.

    Newton's method on the logarithm of the tail as a function of log x. That curve is
    concave (the logarithm of a gamma variate has a log-concave density), so the steps
    cannot cycle, whatever the start.

    Args:
        probability: Of a value up to the quantile; above 0 and below 1.
        degrees: Degrees of freedom, whole or not; 0 means a quantile of 0.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964): 6.5.29
        (series) and 6.5.31 (continued fraction) for the tail, 26.4.17 (Wilson-Hilferty)
        for the start, and for the answer itself above two million degrees of freedom,
        where it is good to nine digits.

    Example:
        >>> round(chi_square_quantile(0.998, degrees=1), 6)
        9.549536
    """
    if degrees <= 0:
        return 0.0
    shape = degrees / 2
    start = _wilson_hilferty(probability, degrees) / 2
    if shape > _LARGE_SHAPE:
        return 2 * start
    by_lower = probability <= 0.5
    wanted = math.log(probability if by_lower else 1 - probability)
    # Where Wilson-Hilferty falls below zero, the first term of the series is near enough.
    first_term = (math.log(probability) + math.lgamma(shape + 1)) / shape
    log_x = math.log(start) if start > 0 else first_term
    for _ in range(_STEPS):
        log_tail, slope = _log_tail(shape, log_x, lower=by_lower)
        step = max(-2.0, min(2.0, (log_tail - wanted) / slope))
        log_x -= step
        if abs(step) < _SMALL_STEP:
            break
    return 2 * math.exp(log_x)


def chi_square_quantiles(probability: pl.Expr, degrees: pl.Expr) -> pl.Expr:
    """`chi_square_quantile` as an expression; null where either is null, NaN or impossible."""
    usable = probability.is_between(0, 1, closed="none") & degrees.is_between(0, math.inf)
    return _once_per_distinct(
        lambda p, d: chi_square_quantile(p, degrees=d),
        pl.when(usable).then(probability),
        pl.when(usable).then(degrees),
    )


def _wilson_hilferty(probability: float, degrees: float) -> float:
    """An approximate chi-square quantile; below zero where it does not hold."""
    spread = 2 / (9 * degrees)
    cube_root = 1 - spread + NormalDist().inv_cdf(probability) * math.sqrt(spread)
    return float(degrees * cube_root**3)


def _log_tail(shape: float, log_x: float, *, lower: bool) -> tuple[float, float]:
    """The logarithm of a gamma tail at x, and its slope in log x."""
    x = math.exp(log_x)
    log_density = shape * log_x - x - math.lgamma(shape)
    is_low = x < shape + 1
    ratio = _lower_series(shape, x) if is_low else _upper_fraction(shape, x)
    log_tail = log_density + math.log(ratio)
    if lower != is_low:
        log_tail = math.log1p(-min(math.exp(log_tail), _BELOW_ONE))
    slope = math.exp(min(log_density - log_tail, 700.0))
    return log_tail, slope if lower else -slope


def _lower_series(shape: float, x: float) -> float:
    """The lower gamma tail over x times the density."""
    term = total = 1 / shape
    for k in range(1, _TERMS):
        term *= x / (shape + k)
        total += term
        if term < total * _SMALL_TERM:
            break
    return total


def _upper_fraction(shape: float, x: float) -> float:
    """The upper gamma tail over x times the density, by Lentz's forward evaluation."""
    base = x + 1 - shape
    over, under = math.inf, 1 / base
    total = under
    for k in range(1, _TERMS):
        numerator = -k * (k - shape)
        base += 2
        under = 1 / (base + numerator * under)
        over = base + numerator / over
        factor = over * under
        total *= factor
        if abs(factor - 1) < _SMALL_TERM:
            break
    return total


def _once_per_distinct(function: Callable[..., float], *arguments: pl.Expr) -> pl.Expr:
    """A function of plain numbers, called once for each distinct row of its arguments."""

    def answers(rows: pl.Series) -> pl.Series:
        asked = rows.struct.unnest()
        distinct = asked.drop_nulls().unique()
        found = pl.Series([function(*row) for row in distinct.iter_rows()], dtype=pl.Float64)
        return asked.join(
            distinct.with_columns(found.alias("answer")),
            on=asked.columns,
            how="left",
            maintain_order="left",
        )["answer"]

    named = [
        argument.cast(pl.Float64).fill_nan(None).alias(f"argument_{i}")
        for i, argument in enumerate(arguments)
    ]
    return pl.struct(named).map_batches(answers, return_dtype=pl.Float64, is_elementwise=True)
