"""Values of places, published or ingested: in an indicator's unit, with the right population.

Takes the shipped reference data and the held figures as frames; where they are kept is
left to `kpi.reference` and `kpi.store`, which of them are wanted to
`kpi.domain.comparison.comparators`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kpi.domain.catalogue import Indicator
from kpi.domain.comparison.comparators import PLACES
from kpi.domain.comparison.like_with_like import with_population, with_unit_alike

OF_INDICATOR = (
    "indicator", "outturn_type", "per", "basis", "year", "polarity", "method", "level",
    "is_average",
)  # fmt: skip
"""What comparing needs of an indicator, beside the published measure's key."""


def comparison_frame(indicators: Iterable[Indicator], *, measures: pl.DataFrame) -> pl.DataFrame:
    """What comparing needs of each indicator, one row each.

    Args:
        indicators: Those that are compared.
        measures: `measure`, `outturn`, `is_count`.

    Returns:
        `measure` (null for none) and `OF_INDICATOR`; `is_average` marks a number that does
        not grow with the place, because the published measure does not.
    """
    chosen = list(indicators)
    frame = pl.DataFrame(
        {
            "indicator": [each.id for each in chosen],
            "measure": [each.compare.measure or None for each in chosen],
            "outturn_type": [each.outturn for each in chosen],
            "per": [float(each.per) for each in chosen],
            "basis": [each.basis for each in chosen],
            "year": [each.year for each in chosen],
            "polarity": [each.polarity for each in chosen],
            "method": [each.compare.method for each in chosen],
            "level": [float(each.compare.level) for each in chosen],
        },
        schema_overrides={"measure": pl.String},
    )
    averages = measures.filter((pl.col("outturn") == "number") & ~pl.col("is_count"))
    is_average = pl.col("measure").is_in(averages["measure"].to_list()).fill_null(value=False)
    return frame.with_columns(is_average=(pl.col("outturn_type") == "number") & is_average)


def published_places(
    values: pl.LazyFrame, *, measures: pl.LazyFrame, indicators: pl.LazyFrame
) -> pl.LazyFrame:
    """The published values of the indicators that name a measure (columns: `PLACES`).

    Args:
        values: `measure`, `area_code`, `area_name`, `area_kind`, `period_label`,
            `period_end`, `value`, `numerator`, `denominator`.
        measures: `measure`, `outturn`, `per`, `is_count`.
        indicators: `indicator`, `measure`.
    """
    units = measures.select("measure", "is_count", unit_type="outturn", unit_per="per")
    is_year = pl.col("period_label").str.contains("/", literal=True)
    named = indicators.select("indicator", "measure").drop_nulls()
    return (
        values.join(named.join(units, on="measure"), on="measure")
        .with_columns(
            origin=pl.lit("published"),
            period="period_label",
            period_months=pl.when(is_year).then(12).otherwise(1),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in PLACES.items())
    )


def held_places(
    held: pl.LazyFrame, *, indicators: pl.LazyFrame, areas: pl.LazyFrame
) -> pl.LazyFrame:
    """The held figures that have a value and a whole period, as values of places.

    Args:
        held: Held figures, with `is_typed`.
        indicators: What `comparison_frame` gives.
        areas: `area`, `area_code`, `area_kind`.

    Returns:
        The columns of `PLACES`, `area` and `unit`.
    """
    is_number = pl.col("outturn_type") == "number"
    return (
        held.filter(pl.col("value").is_not_null() & pl.col("period_end").is_not_null())
        .filter(~pl.col("marks").str.contains("partial", literal=True))
        .join(indicators.select(OF_INDICATOR), on="indicator")
        .join(areas, on="area")
        .with_columns(
            area_name="area",
            origin=pl.when("is_typed").then(pl.lit("typed")).otherwise(pl.lit("ingested")),
            unit_type="outturn_type",
            unit_per="per",
            is_count=is_number & ~pl.col("is_average"),
        )
        .select(*(pl.col(name).cast(dtype) for name, dtype in PLACES.items()), "area", "unit")
    )


def in_unit_of_indicators(
    places: pl.LazyFrame, *, indicators: pl.LazyFrame, population: pl.LazyFrame
) -> pl.LazyFrame:
    """The rows with the indicator's columns, population and value in the indicator's unit.

    Args:
        places: Columns of `PLACES`.
        indicators: What `comparison_frame` gives.
        population: Columns that `with_population` needs.

    Returns:
        Adds `OF_INDICATOR`, and what `with_population` and `with_unit_alike` add.
    """
    return (
        places.join(indicators.select(OF_INDICATOR), on="indicator")
        .pipe(with_population, population)
        .pipe(with_unit_alike)
    )
