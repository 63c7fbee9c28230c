"""Rank and quartile of an outturn among authorities, and its place in a funnel.

An outturn is ranked against the values of the other authorities, all of one period: its
own where they are held, else the newest that ended before. Its own published value of
that period gives way to the outturn, so that nobody is counted twice. England, the
regions and parts of an authority are not counted.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.comparison.like_with_like import A_YEAR, BASIS, with_basis, with_terms
from kpi.domain.statistics.funnel import with_funnel, with_pooled_reference
from kpi.domain.statistics.quantiles import with_quartile, with_rank

LIMITS = ("lower_95", "upper_95", "lower_99_8", "upper_99_8")

_OF_OWN = (
    "own", "indicator", "period_end", "period_months", "outturn", "own_population",
    "outturn_type", "per", "polarity",
)  # fmt: skip


def fields(own: pl.LazyFrame, places: pl.LazyFrame) -> pl.LazyFrame:
    """Each outturn among the authorities it is ranked with, all in the outturn's terms.

    Args:
        own: Columns of `kpi.domain.comparison.verdicts.OWN`.
        places: Columns of `kpi.domain.comparison.comparators.PLACES` and of `with_unit_alike`.

    Returns:
        One row an outturn and authority: `own`, `own_code`, `area_code` and `area_name`
        (both null for the outturn itself), `is_own`, `field_period`, `at` (its last day),
        `value_compared` (never null), `numerator`, `denominator`, `outturn_type`, `per`,
        `polarity`. No row for an outturn beside which no other authority has a value.
    """
    wider = places.filter(pl.col("area_kind") != "authority").select("area_code").unique()
    ours = own.filter(pl.col("outturn").is_not_null() & (pl.col("unit") == "")).join(
        wider, on="area_code", how="anti"
    )
    others = (
        ours.pipe(with_basis)
        .select(*_OF_OWN, *BASIS, own_code="area_code")
        .join(_of_authorities(places), on="indicator")
        .filter(pl.col("at") <= pl.col("period_end"))
        .filter(pl.col("area_code").ne_missing(pl.col("own_code")))
        .pipe(_of_one_period)
        .pipe(with_terms)
        .filter(pl.col("value_compared").is_not_null())
        .with_columns(is_own=pl.lit(value=False))
    )
    own_rows = others.pipe(_own_rows, ours)
    # In order, for the last digit of a pooled sum depends on it.
    return pl.concat([others, own_rows], how="diagonal").sort("own", "is_own", "area_code")


def with_standing(field: pl.LazyFrame, *, by: list[str], value: str = "value") -> pl.LazyFrame:
    """The rows with `rank`, `of_areas` and `quartile` among those of their group.

    Needs `value` and `polarity`; see `kpi.domain.statistics.quantiles`. Rank 1 and quartile A are
    best by polarity, ties share the lowest number, a value on a cut belongs to the lower-valued
    band, and there is neither for the polarities `range` and `none`.
    """
    return field.pipe(with_rank, by=by, value=value).pipe(with_quartile, by=by, value=value)


def standings(field: pl.LazyFrame) -> pl.LazyFrame:
    """One row an outturn: `rank`, `of_areas`, `quartile`, `field_period`.

    Args:
        field: What `fields` gives.
    """
    return (
        field.pipe(with_standing, by=["own"], value="value_compared")
        .filter("is_own")
        .select("own", "rank", "of_areas", "quartile", "field_period")
    )


def neighbour_league(field: pl.LazyFrame, *, neighbours: pl.LazyFrame) -> pl.LazyFrame:
    """Each outturn among its neighbours only, best first, or highest first without polarity.

    Args:
        field: What `fields` gives.
        neighbours: `la_code`, `neighbour_code`.

    Returns:
        `own`, `area_name` (null for the outturn), `is_own`, `value_compared`,
        `rank_of_neighbours`, `of_neighbours` (those with a value, the outturn included).
    """
    lists = neighbours.select(own_code="la_code", area_code="neighbour_code").unique()
    members = field.filter(~pl.col("is_own")).join(lists, on=["own_code", "area_code"], how="semi")
    group = pl.concat([members, field.filter("is_own")], how="diagonal")
    sign = pl.when(pl.col("polarity") == "low").then(1).otherwise(-1)
    return (
        group.pipe(with_rank, by=["own"], value="value_compared")
        .filter(pl.col("of_areas") > 1)
        .sort("own", pl.col("value_compared") * sign, "area_name", nulls_last=True)
        .select(
            "own",
            "area_name",
            "is_own",
            "value_compared",
            rank_of_neighbours="rank",
            of_neighbours="of_areas",
        )
    )


def place_funnels(field: pl.LazyFrame) -> pl.LazyFrame:
    """Each outturn in the funnel of the authorities it is ranked with.

    The reference is their pooled value; the limits are at the outturn's own denominator,
    in the outturn's terms as reported.

    Args:
        field: What `fields` gives.

    Returns:
        `own`, the four limits and `significance`; null where counts are missing.
    """
    ours = pl.col("comparator_times") * pl.col("own_over")
    theirs = pl.col("comparator_over") * pl.col("own_times")
    is_own = pl.col("is_own")
    in_their_terms = pl.col("numerator") * theirs / ours
    return (
        field.with_columns(
            numerator=pl.when(is_own).then(in_their_terms).otherwise("numerator"),
            own_numerator="numerator",
        )
        .pipe(with_pooled_reference, by=["own"], per=pl.col("per"))
        .filter(is_own)
        .with_columns(reference=pl.col("reference") * ours / theirs, numerator="own_numerator")
        .pipe(with_funnel, per=pl.col("per"))
        .select("own", *LIMITS, "significance")
    )


def unit_funnels(own: pl.LazyFrame) -> pl.LazyFrame:
    """Each unit's outturn in the funnel of all units of its area in the same period.

    Args:
        own: Columns of `kpi.domain.comparison.verdicts.OWN`.

    Returns:
        As `place_funnels`; a lone unit has no funnel.
    """
    group = ["indicator", "area", "period"]
    return (
        own.filter((pl.col("unit") != "") & pl.col("outturn").is_not_null())
        .filter(pl.len().over(group) > 1)
        .pipe(with_pooled_reference, by=group, per=pl.col("per"))
        .pipe(with_funnel, per=pl.col("per"))
        .select("own", *LIMITS, "significance")
    )


def _own_rows(others: pl.LazyFrame, ours: pl.LazyFrame) -> pl.LazyFrame:
    """The outturns themselves, in the terms in which the others of their field stand."""
    shared = (
        "own_code", "field_period", "at", "outturn_type", "per", "polarity",
        "own_times", "own_over", "comparator_times", "comparator_over",
    )  # fmt: skip
    return (
        others.group_by("own")
        .agg(pl.col(shared).first(), value_compared=pl.col("outturn_compared").first())
        .join(ours.select("own", "numerator", "denominator"), on="own")
        .with_columns(
            is_own=pl.lit(value=True),
            area_code=pl.lit(None, dtype=pl.String),
            area_name=pl.lit(None, dtype=pl.String),
        )
    )


def _of_one_period(others: pl.LazyFrame) -> pl.LazyFrame:
    """The values of the newest period by then; of those that end alike, the outturn's length."""
    is_newest = pl.col("at") == pl.col("at").max().over("own")
    length = (
        pl.when(pl.col("field_months") == pl.col("period_months"))
        .then(A_YEAR + 1)
        .otherwise(pl.col("field_months").cast(pl.Int64))
    )
    return others.filter(is_newest).filter(length == length.max().over("own"))


def _of_authorities(places: pl.LazyFrame) -> pl.LazyFrame:
    """The values of authorities, under names that an outturn's columns leave free."""
    return places.filter(
        (pl.col("area_kind") == "authority") & pl.col("alike").is_not_null()
    ).select(
        "indicator",
        "area_code",
        "area_name",
        "alike",
        "is_per_person",
        "numerator",
        "denominator",
        field_period="period",
        field_months="period_months",
        at="period_end",
        speaks_of=pl.when(pl.col("origin") == "published")
        .then(A_YEAR)
        .otherwise(pl.col("period_months").cast(pl.Int64)),
    )
