"""Rates beside the counts they are made of, and the population that each pair implies.

A printed rate is rounded, so a pair implies an interval of populations: 336 at 64 per
10,000 is 52,093 to 52,913 children. The pairs of one year agree where their intervals
share a population. Saying so is left to the checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.checks.context import (
    CELL_PLACE,
    Context,
    decimals,
    months_into_year,
    rounding,
    year_begins,
)
from kpi.domain.observation import address_expr

GROUP = ("indicator", "count_id", "area", "unit", "year_start", "period_months")
"""The pairs that one population should fit."""

_SPAN = ("area", "unit", "period_months", "year_start")
_PER_CENT = 100.0


@dataclass(frozen=True, slots=True)
class RateOf:
    """A rate and the count that it is said to be of.

    Attributes:
        rate: The indicator of the rate.
        count: The indicator of the count.
        is_to_date: Whether the count is of the month and the rate accumulates.
        allowance: Width of a printed rate's rounding, in units of its last place.
    """

    rate: Indicator
    count: Indicator
    is_to_date: bool
    allowance: float

    @property
    def per(self) -> float:
        """What the rate is per: 100 for a percentage."""
        return _PER_CENT if self.rate.outturn == "percentage" else self.rate.per


def rates_of(catalogue: Catalogue) -> Iterator[RateOf]:
    """Every rate that the catalogue says to be of a count."""
    for rate in catalogue.indicators:
        for each in rate.coheres:
            count = catalogue.by_id.get(each.with_[0]) if each.with_ else None
            if each.rule == "rate_of" and count is not None:
                is_to_date = rate.basis == "year-to-date" and count.basis == "in-month"
                allowance = 1.0 if each.allowance is None else each.allowance
                yield RateOf(rate, count, is_to_date, allowance)


def rate_pairs(context: Context) -> pl.LazyFrame:
    """Each own rate with the count of its period, or of the year so far.

    Returns:
        `GROUP`, the period's columns, the rate's cell (`CELL_PLACE`, `seq`), `rate`, `per`,
        `half` (half the rate's rounding), `count_low` and `count_high` (unlike where a
        source gives two figures), `people_low` and `people_high` (the populations implied),
        `count_at` (address), `month_said` (every figure given for the period's own count),
        `rest` (the count without it), `is_subject`.
    """
    pairs = [_pairs(context, each) for each in rates_of(context.catalogue)]
    return pl.concat(pairs) if pairs else pl.LazyFrame(schema=_SCHEMA)


def populations(context: Context) -> pl.LazyFrame:
    """The population that the most pairs of a year share.

    Returns:
        `GROUP`, `pair_count`, `agreeing` (how many share it), `shared_low`, `shared_high`,
        `is_shared`: whether at least two pairs, and more than half of them, agree.
    """
    sure = rate_pairs(context).filter(pl.col("count_low") == pl.col("count_high"))
    low, high, at = pl.col("people_low"), pl.col("people_high"), pl.col("at")
    covers = (low <= at) & (at <= high)
    return (
        sure.select(*GROUP, at="people_low")
        .unique()
        .join(sure.select(*GROUP, "people_low", "people_high"), on=GROUP)
        .group_by(*GROUP, "at")
        .agg(
            pair_count=pl.len(),
            agreeing=covers.sum(),
            shared_low=low.filter(covers).max(),
            shared_high=high.filter(covers).min(),
        )
        .sort("agreeing", "at", descending=[True, False])
        .unique(GROUP, keep="first", maintain_order=True)
        .drop("at")
        .with_columns(
            is_shared=(pl.col("agreeing") >= 2) & (2 * pl.col("agreeing") > pl.col("pair_count"))
        )
    )


def expected_rates(context: Context) -> pl.LazyFrame:
    """The rates that follow from each count at the population which the other pairs share.

    Returns:
        The rate's key, `count_id`, `count_at`, and `counts` (every figure given for the
        count) with `expected` (the rate that follows from each, rounded as the others are).
    """
    shared = populations(context).filter("is_shared")
    places = rate_pairs(context).group_by(GROUP).agg(places=decimals(pl.col("rate")).max())
    people = (pl.col("shared_low") + pl.col("shared_high")) / 2
    frames = [
        _counts(context, each)
        .with_columns(indicator=pl.lit(each.rate.id), count_id=pl.lit(each.count.id))
        .join(shared, on=GROUP)
        .join(places, on=GROUP)
        .explode("month_said")
        .with_columns(count=pl.col("month_said") + pl.col("rest"))
        .with_columns(expected=_rounded(pl.col("count") * each.per / people, pl.col("places")))
        .group_by("indicator", "area", "unit", "period", "count_id", "count_at")
        .agg(counts=pl.col("count"), expected=pl.col("expected"))
        for each in rates_of(context.catalogue)
    ]
    return pl.concat(frames) if frames else pl.LazyFrame(schema=_EXPECTED)


def fitting_counts(context: Context) -> pl.LazyFrame:
    """Of the figures that a source gives for one count, those that fit the rate beside it.

    Returns:
        The count's key, `fitting` (list of values), `fit_rate`, `fit_rate_id`,
        `fit_rate_at`; a row for each count given twice whose rate stands beside it.
    """
    value = pl.col("month_said") + pl.col("rest")
    per, rate, half = pl.col("per"), pl.col("rate"), pl.col("half")
    low, high = value * per / (rate + half), value * per / (rate - half)
    fits = (low <= pl.col("shared_high")) & (high >= pl.col("shared_low"))
    return (
        rate_pairs(context)
        .filter(pl.col("month_said").list.len() > 1)
        .join(populations(context).filter("is_shared"), on=GROUP)
        .with_columns(fit_rate_at=address_expr())
        .explode("month_said")
        .group_by("count_id", "area", "unit", "period", maintain_order=True)
        .agg(
            fitting=pl.col("month_said").filter(fits).unique().sort(),
            fit_rate=rate.first(),
            fit_rate_id=pl.col("indicator").first(),
            fit_rate_at=pl.col("fit_rate_at").first(),
        )
        .rename({"count_id": "indicator"})
    )


def _pairs(context: Context, each: RateOf) -> pl.LazyFrame:
    rate, half = pl.col("rate"), pl.col("half")
    rates = (
        context.own()
        .filter((pl.col("indicator") == each.rate.id) & (pl.col("value") > 0))
        .pipe(context.trusted)
        .with_columns(
            rate="value",
            half=rounding(pl.col("value")) * each.allowance,
            per=pl.lit(each.per),
            year_start=year_begins(pl.col("period_end"), year=each.rate.year),
            count_id=pl.lit(each.count.id),
        )
    )
    return (
        rates.join(
            _counts(context, each).rename({"is_subject": "count_is_subject"}),
            on=[*_SPAN, "period"],
        )
        .filter((pl.col("count_low") > 0) & (rate > half))
        .with_columns(
            is_subject=pl.col("is_subject") | pl.col("count_is_subject"),
            people_low=pl.col("count_low") * pl.col("per") / (rate + half),
            people_high=pl.col("count_high") * pl.col("per") / (rate - half),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())
    )


def _counts(context: Context, each: RateOf) -> pl.LazyFrame:
    """The counts of the periods, or of the year so far, where every part of it is held."""
    value = pl.element().struct.field("value")
    said = pl.col("said").list.eval(value.drop_nulls())
    month_said = pl.when("conflict").then(said).otherwise(pl.concat_list("value"))
    counts = (
        context.own()
        .filter((pl.col("indicator") == each.count.id) & pl.col("period_end").is_not_null())
        .filter(pl.col("state") == "value")
        .pipe(context.trusted)
        .with_columns(
            month_said=month_said,
            year_start=year_begins(pl.col("period_end"), year=each.rate.year),
            elapsed=months_into_year(pl.col("period_end"), year=each.rate.year),
            count_at=address_expr(),
        )
        .with_columns(
            month_low=pl.col("month_said").list.min(), month_high=pl.col("month_said").list.max()
        )
    )
    if each.is_to_date:
        counts = counts.sort("period_end").with_columns(
            count_low=pl.col("month_low").cum_sum().over(_SPAN),
            count_high=pl.col("month_high").cum_sum().over(_SPAN),
            parts=pl.col("month_low").cum_count().over(_SPAN).cast(pl.Int64),
        )
        is_whole = pl.col("parts") * pl.col("period_months").cast(pl.Int64) == pl.col("elapsed")
        counts = counts.filter(is_whole)
    else:
        counts = counts.with_columns(count_low="month_low", count_high="month_high")
    return counts.select(
        *_SPAN,
        "period",
        "count_low",
        "count_high",
        "count_at",
        "month_said",
        "is_subject",
        rest=pl.col("count_low") - pl.col("month_low"),
    )


def _rounded(value: pl.Expr, places: pl.Expr) -> pl.Expr:
    """Half away from zero to so many decimals; a rate is never negative."""
    scale = pl.lit(10.0).pow(places.cast(pl.Float64))
    return (value * scale + 0.5).floor() / scale


_SCHEMA: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "count_id": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "year_start": pl.Date(),
    "period_months": pl.Int8(),
    "period": pl.String(),
    "period_start": pl.Date(),
    "period_end": pl.Date(),
    **{name: pl.String() for name in CELL_PLACE},
    "seq": pl.Int64(),
    "rate": pl.Float64(),
    "per": pl.Float64(),
    "half": pl.Float64(),
    "count_low": pl.Float64(),
    "count_high": pl.Float64(),
    "people_low": pl.Float64(),
    "people_high": pl.Float64(),
    "count_at": pl.String(),
    "month_said": pl.List(pl.Float64()),
    "rest": pl.Float64(),
    "is_subject": pl.Boolean(),
}
_EXPECTED: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "period": pl.String(),
    "count_id": pl.String(),
    "count_at": pl.String(),
    "counts": pl.List(pl.Float64()),
    "expected": pl.List(pl.Float64()),
}
