"""The gap in cases: how many fewer or more would bring an outturn level with a comparator.

A share of cases, a rate per so many children and a count all become the same thing here:
a number of children, referrals or assessments. The sentence about it is left to
`kpi.domain.comparison.words`.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.comparison.like_with_like import A_YEAR


def with_gap_in_cases(pairs: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `gap_in_cases` and `gap_months`.

    Args:
        pairs: An outturn and a comparator a row: what `with_terms` needs and gives,
            `difference`, `per`, and the outturn's `denominator` and `own_population`. A
            share's gap is a part of its own cases, a rate's a part of its own population.

    Returns:
        Adds `gap_in_cases`, own minus comparator, a month's worth where the basis is
        in-month or year to date; null where the cases are not known, for averages, and
        where a comparator's year is not stated. `gap_months` is 1 for a gap a month and
        null for one at a point in time or over a year.
    """
    difference, outturn_type = pl.col("difference"), pl.col("outturn_type")
    population = pl.coalesce("denominator", "own_population")
    cases = (
        pl.when(pl.col("is_average") | pl.col("at").is_null())
        .then(None)
        .when(outturn_type == "percentage")
        .then(difference * pl.col("denominator") / 100)
        .when(outturn_type == "rate")
        .then(difference * population / pl.col("per"))
        .otherwise(difference)
    )
    is_flow = pl.col("basis").is_in(["in-month", "year-to-date"])
    return pairs.with_columns(
        gap_in_cases=pl.when(is_flow).then(cases / _months_of_difference()).otherwise(cases),
        gap_months=pl.when(is_flow & cases.is_not_null()).then(1),
    )


def _months_of_difference() -> pl.Expr:
    """How many months a difference speaks of."""
    is_annualised = pl.col("own_over") != pl.col("own_times")
    return (
        pl.when(is_annualised)
        .then(A_YEAR)
        .when(pl.col("basis") == "year-to-date")
        .then(pl.col("own_elapsed"))
        .otherwise(pl.col("period_months").cast(pl.Int64))
    )
