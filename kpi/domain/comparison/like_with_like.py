"""Two figures made comparable: basis, period and unit agree, or are made to agree.

An outturn and a comparator are both put in the same terms, so that their difference means
something; the working in words is left to `kpi.domain.comparison.words`. Raw counts of
two places are never set against each other: they become rates by the right population.

In formulas: a figure in the other's terms is itself times a whole number over another,
multiplied first, so that whole numbers stay whole.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.period import FIRST_MONTH
from kpi.domain.target import months_elapsed

A_YEAR = 12
BASIS = ("is_to_date", "is_flow", "own_elapsed", "first_month")
"""Columns that say what an outturn's basis asks of a comparator."""

A_COUNT = "a count, and places differ in size"
"""Why a raw count of another place is not set against one of its own."""


def mid_year_of(period_end: pl.Expr) -> pl.Expr:
    """The mid-year whose population a figure rests on: that before its reporting year's end.

    A year ending on 31 March 2025 rests on 30 June 2024, and so does each of its months,
    as in the Department for Education's rates of children in need and looked after.
    """
    before_april = (period_end.dt.month() <= 3).cast(pl.Int32)
    return period_end.dt.year() - before_april


def with_population(figures: pl.LazyFrame, population: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `population` and `mid_year`, the year it is of; null where none is held.

    Args:
        figures: Needs `area_code` and `period_end`.
        population: `area_code`, `mid_year`, `population`. Where a mid-year is not out yet
            the newest stands in for it, and `mid_year` says so.
    """
    known = population.select("area_code", "mid_year", "population")
    newest = known.select(newest_mid_year=pl.col("mid_year").max())
    wanted = pl.min_horizontal(mid_year_of(pl.col("period_end")), "newest_mid_year")
    return (
        figures.join(newest, how="cross")
        .with_columns(mid_year=wanted.cast(pl.Int32))
        .drop("newest_mid_year")
        .join(known, on=["area_code", "mid_year"], how="left")
    )


def with_unit_alike(places: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with their value in the indicator's unit, or why it cannot be.

    Args:
        places: Values of places: `value`, `unit_type` and `unit_per` (what the value is),
            `is_count` (whether it grows with the place), `population`, and the indicator's
            `outturn_type` and `per`.

    Returns:
        Adds `alike` (in the indicator's unit), `is_per_person` (then `alike` is so many
        per child and becomes a count by a place's own population) and `unlike` (why
        `alike` is null, in words; else null).
    """
    value, outturn_type, unit = pl.col("value"), pl.col("outturn_type"), pl.col("unit_type")
    is_count, per_person = pl.col("is_count"), value / pl.col("population")
    is_number, is_rate = outturn_type == "number", outturn_type == "rate"
    per, unit_per = pl.col("per"), pl.col("unit_per")
    becomes_count = is_number & (is_count | (unit == "rate"))
    alike = (
        pl.when(is_count & is_rate)
        .then(per_person * per)
        .when(is_count & is_number)
        .then(per_person)
        .when((unit == "rate") & is_number)
        .then(value / unit_per)
        .when((unit == "rate") & is_rate & (per != unit_per))
        .then(value * per / unit_per)
        .when((unit == outturn_type) & ~is_count)
        .then(value)
    )
    other_unit = pl.format("a {}, and the indicator is a {}", unit, outturn_type)
    return places.with_columns(alike=alike, is_per_person=becomes_count).with_columns(
        unlike=pl.when(pl.col("alike").is_null() & value.is_not_null()).then(
            pl.when(is_count & (is_number | is_rate)).then(pl.lit(A_COUNT)).otherwise(other_unit)
        )
    )


def with_basis(own: pl.LazyFrame) -> pl.LazyFrame:
    """The outturns with what their basis asks of a comparator (columns: `BASIS`).

    `is_to_date` and `is_flow` mark figures that grow with the months they speak of, a year
    to date and an in-month one; percentages, snapshots, averages, rolling and annual
    figures say the same of a month and of a year. `own_elapsed` are the months of the
    indicator's year elapsed, `first_month` is that year's first.

    Args:
        own: Needs `outturn_type`, `basis`, `year`, `is_average`, `period_end`.
    """
    grows = (pl.col("outturn_type") != "percentage") & ~pl.col("is_average")
    return own.with_columns(
        is_to_date=grows & (pl.col("basis") == "year-to-date"),
        is_flow=grows & (pl.col("basis") == "in-month"),
        own_elapsed=months_elapsed(pl.col("period_end"), pl.col("year")),
        first_month=pl.col("year").replace_strict(FIRST_MONTH, return_dtype=pl.Int64),
    )


def with_terms(pairs: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with outturn and comparator in the same terms.

    What says the same of a month and of a year stays as it is. In-month figures are set
    against as many months of the comparator's; a year to date against another of the same
    months as it is, against anything else as what a whole year comes to at that pace.

    Args:
        pairs: An outturn and a comparator a row: `outturn`, `period_months`,
            `own_population`, the columns of `BASIS`, and `alike`, `is_per_person`, `at` (its
            last day) and `speaks_of` (months that its value speaks of).

    Returns:
        Adds `own_times`, `own_over`, `comparator_times`, `comparator_over` (the whole
        numbers), `outturn_compared` and `value_compared`, in the outturn's unit; the latter
        is null where the comparator cannot be made alike.
    """
    own, comparator = _whole_numbers()
    scaled = pl.when("is_per_person").then(pl.col("alike") * pl.col("own_population"))
    return (
        pairs.with_columns(
            own_times=own[0],
            own_over=own[1],
            comparator_times=comparator[0],
            comparator_over=comparator[1],
        )
        .with_columns(
            outturn_compared=pl.col("outturn") * pl.col("own_times") / pl.col("own_over"),
            value_compared=scaled.otherwise(pl.col("alike"))
            * pl.col("comparator_times")
            / pl.col("comparator_over"),
        )
        .with_columns(pl.col("outturn_compared", "value_compared").fill_nan(None))
    )


def _whole_numbers() -> tuple[tuple[pl.Expr, pl.Expr], tuple[pl.Expr, pl.Expr]]:
    """What outturn and comparator are multiplied by and divided by."""
    months, speaks_of = pl.col("period_months").cast(pl.Int64), pl.col("speaks_of")
    own_elapsed = pl.col("own_elapsed")
    is_part_of_year = (speaks_of < A_YEAR) & pl.col("at").is_not_null()
    elapsed = (pl.col("at").dt.month().cast(pl.Int64) - pl.col("first_month")) % A_YEAR + 1
    their_elapsed = pl.when(is_part_of_year).then(elapsed).otherwise(A_YEAR)
    is_annualised = pl.col("is_to_date") & (own_elapsed != their_elapsed)
    is_flow = pl.col("is_flow") & (months != speaks_of)

    def chosen(annualised: pl.Expr | int, flow: pl.Expr | int) -> pl.Expr:
        return (
            pl.when(is_annualised)
            .then(annualised)
            .when(is_flow)
            .then(flow)
            .otherwise(1)
            .cast(pl.Int64)
        )

    own = chosen(A_YEAR, 1), chosen(own_elapsed, 1)
    return own, (chosen(A_YEAR, months), chosen(their_elapsed, speaks_of))
