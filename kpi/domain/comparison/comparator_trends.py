"""Whether comparators move, and whether the outturn's own place moves the same way.

Two looks: the change on the year before, which needs two values, and the recent trend over
five years (`kpi.domain.statistics.recent_trend`), which needs numerators and denominators.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.statistics.intervals import with_interval
from kpi.domain.statistics.recent_trend import recent_trends

_YEARS = 5
_SERIES = ["own", "kind", "name"]
_OF_SERIES = ["indicator", "at", "outturn_type", "per", "polarity"]


def with_change_on_year(
    comparators: pl.LazyFrame, places: pl.LazyFrame, *, averages: pl.LazyFrame
) -> pl.LazyFrame:
    """The comparators with `change_on_year` and `own_change_on_year`, in the outturn's unit.

    The one is the comparator's value less its value a year before, the other the same of
    the outturn's own place over the same years, so that the two can be held side by side.
    Null where either value is missing, and for an earlier year of its own.

    Args:
        comparators: What `kpi.domain.comparison.verdicts.compared` gives.
        places: What `kpi.domain.comparison.places.in_unit_of_indicators` gives.
        averages: What `kpi.domain.comparison.comparators.neighbour_averages` gives.
    """
    columns = ("indicator", "alike", "period_end", "period_months")
    of_places = places.select(*columns, code="area_code", averaged=pl.lit(value=False))
    of_averages = averages.select(*columns, code="la_code", averaged=pl.lit(value=True))
    values = pl.concat([of_places, of_averages]).drop_nulls("alike")
    a_year_before = pl.col("at").dt.offset_by("-12mo").dt.month_end()
    is_average = pl.col("kind") == "neighbours"
    scale = (
        pl.when(pl.col("kind") == "own year")
        .then(None)
        .when("is_per_person")
        .then("own_population")
        .otherwise(1.0)
    )
    return (
        comparators.with_columns(before=a_year_before, averaged=is_average)
        .pipe(_with_value, values, code="comparator_code", on="before", name="their_before")
        .with_columns(averaged=pl.lit(value=False))
        .pipe(_with_value, values, code="area_code", on="before", name="own_before")
        .pipe(_with_value, values, code="area_code", on="at", name="own_then")
        .with_columns(
            change_on_year=(pl.col("alike") - pl.col("their_before")) * scale,
            own_change_on_year=(pl.col("own_then") - pl.col("own_before")) * scale,
        )
        .drop("before", "averaged", "their_before", "own_before", "own_then")
    )


def _with_value(
    comparators: pl.LazyFrame, values: pl.LazyFrame, *, code: str, on: str, name: str
) -> pl.LazyFrame:
    return comparators.join(
        values.rename({"alike": name}),
        left_on=["indicator", code, on, "comparator_months", "averaged"],
        right_on=["indicator", "code", "period_end", "period_months", "averaged"],
        how="left",
    )


def comparator_trends(
    comparators: pl.LazyFrame, places: pl.LazyFrame, *, neighbours: pl.LazyFrame
) -> pl.LazyFrame:
    """The recent published trend of each comparator that is a place or an average of neighbours.

    Neighbours are pooled: the sums of the numerators and denominators of those that have
    both in each of the five years. What `kpi.domain.statistics.recent_trend` asks for decides
    whether a trend can be calculated.

    Args:
        comparators: What `kpi.domain.comparison.verdicts.compared` gives.
        places: What `kpi.domain.comparison.places.in_unit_of_indicators` gives.
        neighbours: `la_code`, `neighbour_code`.

    Returns:
        `own`, `kind`, `name`, `recent_trend` and `own_recent_trend`, that of the outturn's
        own place over the same years.
    """
    dated = comparators.filter(pl.col("at").is_not_null() & (pl.col("kind") != "own year"))
    is_average = pl.col("kind") == "neighbours"
    single, own = (
        dated.filter(wanted).select(*_SERIES, *_OF_SERIES, area_code=code).pipe(_with_years, places)
        for wanted, code in ((~is_average, "comparator_code"), (pl.lit(value=True), "area_code"))
    )
    lists = neighbours.select("la_code", "neighbour_code").unique()
    pooled = (
        dated.filter(is_average)
        .select(*_SERIES, *_OF_SERIES, la_code="area_code")
        .join(lists, on="la_code")
        .drop("la_code")
        .rename({"neighbour_code": "area_code"})
        .pipe(_with_years, places)
        .pipe(_pooled)
    )
    theirs = pl.concat([single.drop("area_code"), pooled], how="diagonal").pipe(_trends)
    ours = own.pipe(_trends).rename({"recent_trend": "own_recent_trend"})
    return theirs.join(ours, on=_SERIES, how="left")


def _with_years(wanted: pl.LazyFrame, places: pl.LazyFrame) -> pl.LazyFrame:
    """The latest five years by then of each place wanted."""
    values = places.filter(pl.col("origin") == "published").select(
        "indicator", "area_code", "period_end", "alike", "numerator", "denominator"
    )
    years_ago = pl.col("at").dt.year() - pl.col("period_end").dt.year()
    is_recent = (pl.col("period_end") <= pl.col("at")) & (years_ago < _YEARS)
    return wanted.join(values, on=["indicator", "area_code"]).filter(is_recent)


def _pooled(members: pl.LazyFrame) -> pl.LazyFrame:
    """One series of the members that have both counts in every year."""
    has_both = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    whole = pl.when(pl.col("outturn_type") == "percentage").then(100.0).otherwise("per")
    return (
        members.filter(has_both)
        .filter(pl.len().over(*_SERIES, "area_code") == _YEARS)
        .group_by(*_SERIES, *_OF_SERIES, "period_end")
        .agg(pl.col("numerator", "denominator").sum())
        .with_columns(alike=whole * pl.col("numerator") / pl.col("denominator"))
    )


def _trends(series: pl.LazyFrame) -> pl.LazyFrame:
    return (
        series.sort(*_SERIES, "period_end")
        .with_columns(value="alike", marks=pl.lit(""))
        .pipe(with_interval, per=pl.col("per"))
        .pipe(recent_trends, by=_SERIES)
        .select(*_SERIES, "recent_trend")
    )
