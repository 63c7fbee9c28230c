"""Which figures make a series that is judged, and what each of its points is worth.

A series is one indicator, area and unit, in the finest kind of period that is held whole:
months, quarters and years never mix. A running total becomes the figure of each period; what
cannot be set apart, a conflict and a period "to date" are left out, with the reason. Where
limits begin anew is left to `starts`, the time of year to `season`, judging
to `trend`.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.comparison.own_outturns import with_redefinition
from kpi.domain.observation import STATISTICAL_NEIGHBOURS
from kpi.domain.scorecard import PERIOD, ROW, indicator_frame
from kpi.domain.target import months_elapsed

IMPROVEMENT = {"high": 1, "low": -1, "range": 0, "none": 0}
"""The sign of an improvement by polarity; 0 makes no judgement."""

LEFT_OUT = (
    "conflict",  # two figures stand in one source
    "partial",  # a period "to date"
    "no_value",  # a state, or a blank
    "no_counts",  # a percentage of the year to date whose counts are not known
    "redefined",  # a running total across a changed definition
    "spans",  # a running total whose period before is missing
)
"""Why a row is no point; in this order, the first that applies."""

COUNTS = ("numerator", "denominator")

_SETTINGS = (
    "order", "indicator", "outturn_type", "basis", "year", "polarity", "per", "improvement",
    "baseline", "screen", "two_in_three", "chart", "seasonal",
)  # fmt: skip
_VALUES = ("value", "numerator", "denominator", "state", "marks", "conflict")


def trend_settings(indicators: tuple[Indicator, ...]) -> pl.DataFrame:
    """What judging a series needs of each indicator: `indicator_frame`, and how it is charted."""
    charted = pl.DataFrame(
        {
            "per": [float(each.per) for each in indicators],
            "improvement": [IMPROVEMENT[each.polarity] for each in indicators],
            "baseline": [each.spc.baseline for each in indicators],
            "screen": [each.spc.screen for each in indicators],
            "two_in_three": [each.spc.two_in_three for each in indicators],
            "chart": [each.spc.chart for each in indicators],
            "seasonal": [each.seasonal for each in indicators],
        },
        schema_overrides={"improvement": pl.Int8, "baseline": pl.Int64},
    )
    return pl.concat([indicator_frame(indicators), charted], how="horizontal")


def judged_keys(held: pl.LazyFrame, *, settings: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each series that has a value: the period at which it is judged.

    Args:
        held: Held figures up to the chosen period, small ones not hidden, so that hiding
            changes no period.
        settings: What `trend_settings` gives.

    Returns:
        `ROW`, `kind` (months in a period of the series) and `judged_end` (last day of its
        newest value; two contradicting ones are a value here, whose figure is null).
    """
    return (
        held.join(settings.select("indicator"), on="indicator", how="semi")
        .filter((pl.col("state") == "value") & ~is_partial())
        .filter(pl.col("period").is_not_null() & (pl.col("area") != STATISTICAL_NEIGHBOURS))
        .filter(pl.col("period_months") == pl.col("period_months").min().over(ROW))
        .group_by(ROW)
        .agg(kind=pl.col("period_months").first(), judged_end=pl.col("period_end").max())
    )


def is_partial() -> pl.Expr:
    """Whether a row is about a period "to date"."""
    return pl.col("marks").str.contains("partial", literal=True)


def series_rows(
    held: pl.LazyFrame,
    keys: pl.LazyFrame,
    *,
    settings: pl.LazyFrame,
    catalogue: Catalogue,
) -> pl.LazyFrame:
    """Every held row of the series, in order, with the figure of its period alone.

    Up to the judged period; after it periods "to date", which are no points.

    Args:
        held: Held figures of the indicators and of those their counts come from.
        keys: What `judged_keys` gives.
        settings: What `trend_settings` gives.
        catalogue: Gives changed definitions, and the links of counts.

    Returns:
        `ROW`, `PERIOD`, `value` (as reported; null in a conflict and for a period to date),
        `marks`, the indicators' settings, and
            series: 0 for the first series, one more for each.
            in_period: the figure of the period alone, in the indicator's unit; null for what
                is no point, and all through rolling years.
            in_numerator, in_denominator: its counts, where known.
            left_out: one of `LEFT_OUT`; null for points and all through rolling years.
            redefined_on: nothing that ended before this day is comparable.
            follows: whether the row before is the period immediately before, and comparable.
            is_first: whether it is the first period of its year.
    """
    rows = (
        held.select(*ROW, *PERIOD, *_VALUES)
        .join(keys, on=ROW)
        .filter(pl.col("period_months") == pl.col("kind"))
        .filter((pl.col("period_end") <= pl.col("judged_end")) | is_partial())
        .join(settings.select(_SETTINGS), on="indicator")
        .sort("order", "area", "unit", "period_end")
        .pipe(_with_redefined_on, catalogue)
    )
    for column in COUNTS:
        rows = rows.pipe(_with_month_count, held, catalogue, column=column)
    return (
        rows.pipe(_with_places)
        .pipe(_with_in_period)
        .with_columns(left_out=_left_out())
        .drop("is_counted", "is_adjacent", *(f"month_{column}" for column in COUNTS))
    )


def is_to_date() -> pl.Expr:
    """Whether a figure accumulates over its year."""
    return pl.col("basis") == "year-to-date"


def begin_year() -> pl.Expr:
    """The calendar year in which the indicator's year of a row began."""
    last = pl.col("period_end")
    months = last.dt.year().cast(pl.Int64) * 12 + last.dt.month().cast(pl.Int64)
    return (months - months_elapsed(last, pl.col("year"))) // 12


def _with_redefined_on(rows: pl.LazyFrame, catalogue: Catalogue) -> pl.LazyFrame:
    changed = [each for each in catalogue.indicators if each.redefinitions]
    if not changed:
        return rows.with_columns(redefined_on=pl.lit(None, dtype=pl.Date))
    return rows.pipe(with_redefinition, changed)


def _with_month_count(
    rows: pl.LazyFrame, held: pl.LazyFrame, catalogue: Catalogue, *, column: str
) -> pl.LazyFrame:
    """Adds `month_numerator` or `month_denominator`: the count of the month to a running total.

    It is the figure of the same month of the in-month indicator that the catalogue names.
    """
    links = {
        each.id: part
        for each in catalogue.indicators
        if each.basis == "year-to-date"
        and (part := getattr(each, column)) in catalogue.by_id
        and catalogue.by_id[part].basis == "in-month"
        and catalogue.by_id[part].outturn == "number"
    }
    if not links:
        return rows.with_columns(pl.lit(None, dtype=pl.Float64).alias(f"month_{column}"))
    months = held.filter(pl.col("period_months") == 1).select(
        "area", "unit", "period", pl.col("value").alias(f"month_{column}"), linked="indicator"
    )
    return (
        rows.with_columns(linked=pl.col("indicator").replace_strict(links, default=None))
        .join(months, on=["linked", "area", "unit", "period"], how="left", maintain_order="left")
        .drop("linked")
    )


def _with_places(rows: pl.LazyFrame) -> pl.LazyFrame:
    is_same = pl.all_horizontal(
        (pl.col(key) == pl.col(key).shift(1)).fill_null(value=False) for key in ROW
    )
    return rows.with_columns(
        pl.when(~is_partial()).then("value").alias("value"),
        series=(~is_same).cast(pl.Int64).cum_sum() - 1,
        follows=(is_same & _is_next() & _is_comparable()).fill_null(value=False),
        is_adjacent=(is_same & _is_next()).fill_null(value=False),
        is_first=months_elapsed(pl.col("period_end"), pl.col("year")) == pl.col("period_months"),
    )


def _is_next() -> pl.Expr:
    return pl.col("period_end").shift(1).dt.offset_by("1d") == pl.col("period_start")


def _is_comparable() -> pl.Expr:
    redefined_on = pl.col("redefined_on")
    return redefined_on.is_null() | (pl.col("period_end").shift(1) >= redefined_on)


def _with_in_period(rows: pl.LazyFrame) -> pl.LazyFrame:
    for column in COUNTS:
        counted = pl.coalesce(_of_period(pl.col(column)), f"month_{column}")
        rows = rows.with_columns(
            pl.when(is_to_date()).then(counted).otherwise(column).alias(f"in_{column}")
        )
    cases, of = pl.col("in_numerator"), pl.col("in_denominator")
    share = pl.when(of > 0).then(100 * cases / of)
    in_period = (
        pl.when(pl.col("value").is_null() | (pl.col("basis") == "rolling-12"))
        .then(None)
        .when(~is_to_date())
        .then("value")
        .when(pl.col("outturn_type") == "percentage")
        .then(share)
        .otherwise(_of_period(pl.col("value")))
    )
    return rows.with_columns(
        in_period=in_period, is_counted=pl.all_horizontal(map(_is_known, COUNTS))
    )


def _is_known(column: str) -> pl.Expr:
    return pl.coalesce(column, f"month_{column}").is_not_null()


def _of_period(total: pl.Expr) -> pl.Expr:
    """What a running total grew by in its period; the first of a year is all of it."""
    return pl.when("is_first").then(total).when("follows").then(total - total.shift(1))


def _left_out() -> pl.Expr:
    is_share = pl.col("outturn_type") == "percentage"
    reasons = {
        "conflict": pl.col("conflict"),
        "partial": is_partial(),
        "no_value": pl.col("value").is_null() | (is_share & (pl.col("in_denominator") == 0)),
        "no_counts": is_share & ~pl.col("is_counted"),
        "redefined": pl.col("is_adjacent") & ~pl.col("follows"),
        "spans": pl.lit(value=True),
    }
    first = pl.coalesce(
        pl.when(reasons[name].fill_null(value=False)).then(pl.lit(name)) for name in LEFT_OUT
    )
    is_point = pl.col("in_period").is_not_null() | (pl.col("basis") == "rolling-12")
    return pl.when(~is_point).then(first)
