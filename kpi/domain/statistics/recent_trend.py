"""Whether an annual series has really moved over its latest five years.

The trend marker of public health: for annual, non-overlapping periods without gaps,
never for months, quarters or rolling years, which have `kpi.domain.statistics.spc_rules`. Leaving
out partial years, and years of another definition, is left to the caller.

In formulas: t is the year, 1 to 5; w a point's weight, y what the line goes through.

Sources: OHID, Fingertips Public Health Technical Guidance, page Trend markers; the trend
calculators of ukhsa-collaboration/fingertips-open (January 2020) and
dhsc-govuk/FingertipsNext (August 2025); for shares, Cochran (1954), Biometrics 10:417
and Armitage (1955), Biometrics 11:375.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from kpi.domain.statistics.distributions import z_score

RecentTrend = Literal["Increasing", "Decreasing", "No significant change", "Cannot be calculated"]

_YEARS = 5
_SPREAD = 2 * z_score(95)
_SIGNIFICANT = z_score(99.8) ** 2
# A slope this small beside the full one is arithmetic noise round a flat line.
_FLAT = 1e-9

_GOOD = {"high": "Increasing", "low": "Decreasing"}

_WHY_NOT = {
    "too_few": "fewer than five annual values",
    "repeated": "more than one value for one of the latest five years",
    "gap": "one of the latest five years has no value",
    "is_broken": "a break in the series within the latest five years",
    "all_or_none": "a share of exactly 0 or 100 per cent in the latest five years",
    "no_counts": "no usable numerator and denominator in one of the latest five years",
    "no_interval": "no interval in one of the latest five years",
}
_TURNED = "leaving out one year turns the slope round"


def recent_trends(annual: pl.LazyFrame, *, by: Sequence[str]) -> pl.LazyFrame:
    """One row a series: its trend over the five years up to its newest value.

    Percentages are tested with the chi-square for linear trend in proportions, all else
    with a straight line weighted by the intervals. Significant means at 99.8 per cent;
    a slope that one year alone makes is no significant change.

    Args:
        annual: One row a year of annual outturns. Needs the columns of `by`,
            `period_end`, `value`, `marks` (where `break` says that a year does not
            compare with those before), `outturn_type`, `polarity`; for percentages
            `numerator` and `denominator`; for all else `interval_low` and
            `interval_high`, at 95 per cent.
        by: What makes a series, such as indicator, area and unit.

    Returns:
        The columns of `by` and `recent_trend` (one of `RecentTrend`),
        `recent_trend_judged` (`Increasing and getting better` and the like, where the
        polarity is `high` or `low`; else the same), `chi_square` (null where it cannot
        be calculated) and `recent_trend_reason` (in words: why it cannot be calculated,
        or that one year alone makes the slope; else null).
    """
    return (
        annual.pipe(_with_year_of_five, by=by)
        .pipe(_with_weights)
        .group_by(*by, maintain_order=True)
        .agg(
            **_obstacles(),
            chi_square=_chi_square(),
            line=_line(),
            is_steady=_is_steady(),
            polarity=pl.col("polarity").last(),
        )
        .pipe(_with_words)
        .select(*by, "recent_trend", "recent_trend_judged", "chi_square", "recent_trend_reason")
    )


def _with_year_of_five(annual: pl.LazyFrame, *, by: Sequence[str]) -> pl.LazyFrame:
    """The rows with `t`: 1 to 5 for a value of the latest five years, else null."""
    year = pl.col("period_end").dt.year().cast(pl.Int64)
    valued = pl.when(pl.col("value").is_not_null()).then(year)
    t = valued - valued.max().over(by) + _YEARS
    return annual.with_columns(t=pl.when(t >= 1).then(t))


def _with_weights(annual: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `w` and `y`, both null where a year cannot carry the line.

    Percentages: the logit of the share, each year alike. All else: the value, by the
    inverse of its variance.
    """
    x, n = (pl.col(count).cast(pl.Float64) for count in ("numerator", "denominator"))
    width = (pl.col("interval_high") - pl.col("interval_low")).fill_nan(None)
    weight = pl.when(width > 0).then((_SPREAD / width) ** 2)
    is_carried = pl.col("t").is_not_null()
    is_share = (x > 0) & (x < n)
    return annual.with_columns(
        w=pl.when(is_carried).then(
            pl.when(_is_percentage()).then(pl.when(is_share).then(1.0)).otherwise(weight)
        ),
        y=pl.when(_is_percentage())
        .then(pl.when(is_share).then((x / (n - x)).log()))
        .otherwise(pl.col("value")),
    )


def _obstacles() -> dict[str, pl.Expr]:
    """What keeps a series from being tested, each true or false, in order of `_WHY_NOT`."""
    x, n, t = pl.col("numerator"), pl.col("denominator"), pl.col("t")
    is_short = pl.col("w").count() < _YEARS
    is_all_or_none = (n > 0) & ((x == 0) | (x == n)) & t.is_not_null()
    is_break = pl.col("marks").fill_null("").str.split(" ").list.contains("break")
    percentage = _is_percentage().last().fill_null(value=False)
    return {
        "too_few": pl.col("value").count() < _YEARS,
        "repeated": t.count() > t.drop_nulls().n_unique(),
        "gap": t.drop_nulls().n_unique() < _YEARS,
        "is_broken": (is_break & (t > 1)).any(),
        "all_or_none": percentage & is_all_or_none.any(),
        "no_counts": percentage & is_short,
        "no_interval": ~percentage & is_short,
    }


def _chi_square() -> pl.Expr:
    """The chi-square of the trend, with one degree of freedom."""
    x, n, t = pl.col("numerator"), pl.col("denominator"), pl.col("t")
    is_used = pl.col("w").is_not_null()
    x, n = pl.when(is_used).then(x), pl.when(is_used).then(n)
    since = _centred(t, n)
    share = x.sum() / n.sum()
    of_shares = (x * since).sum() ** 2 / (share * (1 - share) * (n * since**2).sum())
    years = _centred(t, pl.col("w"))
    of_line = _line() ** 2 / (pl.col("w") * years**2).sum()
    return pl.when(_is_percentage().last()).then(of_shares).otherwise(of_line)


def _line() -> pl.Expr:
    """The weighted sum of products of t and y about their means: the slope's sign."""
    return _products().sum()


def _is_steady() -> pl.Expr:
    """Whether the slope keeps its sign whichever of the years is left out.

    Leaving out a point of weight w takes w t y (1 + w / (sum of the other weights)) from
    the sum of products about the means.
    """
    total = pl.col("w").sum()
    without = _line() - _products() * total / (total - pl.col("w"))
    return (without / _line() > _FLAT).all()


def _products() -> pl.Expr:
    w = pl.col("w")
    return w * _centred(pl.col("t"), w) * _centred(pl.col("y"), w)


def _centred(number: pl.Expr, weight: pl.Expr) -> pl.Expr:
    """A number less its weighted mean."""
    return number - (number * weight).sum() / weight.sum()


def _is_percentage() -> pl.Expr:
    return pl.col("outturn_type") == "percentage"


def _with_words(tested: pl.LazyFrame) -> pl.LazyFrame:
    """The tested series with label, judged label and reason."""
    why_not = pl.coalesce(pl.when(pl.col(key)).then(pl.lit(why)) for key, why in _WHY_NOT.items())
    is_significant = pl.col("chi_square") > _SIGNIFICANT
    return (
        tested.with_columns(why_not=why_not)
        .with_columns(
            recent_trend=pl.when(pl.col("why_not").is_not_null())
            .then(pl.lit("Cannot be calculated"))
            .when(is_significant & pl.col("is_steady") & (pl.col("line") > 0))
            .then(pl.lit("Increasing"))
            .when(is_significant & pl.col("is_steady") & (pl.col("line") < 0))
            .then(pl.lit("Decreasing"))
            .otherwise(pl.lit("No significant change")),
            chi_square=pl.when(pl.col("why_not").is_null()).then(pl.col("chi_square")),
            recent_trend_reason=pl.coalesce(
                "why_not", pl.when(is_significant & ~pl.col("is_steady")).then(pl.lit(_TURNED))
            ),
        )
        .with_columns(recent_trend_judged=_judged())
    )


def _judged() -> pl.Expr:
    """The label with what it means by polarity, where the series moves and has one."""
    trend, polarity = pl.col("recent_trend"), pl.col("polarity")
    good = polarity.replace_strict(_GOOD, default=None, return_dtype=pl.String)
    meaning = pl.when(trend == good).then(pl.lit("better")).otherwise(pl.lit("worse"))
    is_judged = trend.is_in(list(_GOOD.values())) & good.is_not_null()
    return pl.when(is_judged).then(trend + " and getting " + meaning).otherwise(trend)
