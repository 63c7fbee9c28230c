"""What an outturn is set against: England, its region, neighbours, earlier years, others.

Each comparator is of the outturn's own period where that is held, else of the newest that
ended before; never of a later one. England and the regions are published pooled figures,
never a mean of authorities; a neighbour average is the only average made here. Making two
figures alike is left to `kpi.domain.comparison.like_with_like`, judging to
`kpi.domain.comparison.verdicts`.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.comparison.like_with_like import A_COUNT, A_YEAR
from kpi.domain.observation import STATISTICAL_NEIGHBOURS

PLACES: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "area_code": pl.String(),  # DfE's, or the area's name where it has none
    "area_name": pl.String(),
    "area_kind": pl.String(),  # authority, region or england
    "origin": pl.String(),  # published or ingested
    "period": pl.String(),
    "period_end": pl.Date(),
    "period_months": pl.Int8(),
    "value": pl.Float64(),  # never null
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "unit_type": pl.String(),  # what the value is: percentage, rate or number
    "unit_per": pl.Float64(),
    "is_count": pl.Boolean(),  # it grows with the place
}
"""Columns of the values of places, one row an indicator, place and period."""

COMPARATOR: dict[str, pl.DataType] = {
    "own": pl.UInt32(),  # number of the outturn it is set against
    "kind": pl.String(),  # one of `KINDS`
    "name": pl.String(),
    "comparator_code": pl.String(),  # of a place; of an average, whose neighbours; null if typed
    "origin": pl.String(),  # published, ingested or typed
    "comparator_period": pl.String(),  # null: year not stated
    "at": pl.Date(),  # its last day
    "comparator_months": pl.Int8(),
    "speaks_of": pl.Int64(),  # months that its value speaks of
    "value": pl.Float64(),  # as published, ingested or typed
    "n": pl.Int64(),  # neighbours that have a value
    "of": pl.Int64(),  # neighbours that the list names
    "method": pl.String(),  # mean or median
    "alike": pl.Float64(),  # as in `with_unit_alike`, and so the next four
    "is_per_person": pl.Boolean(),
    "unlike": pl.String(),
    "population": pl.Float64(),
    "mid_year": pl.Int32(),
}
"""Columns of the comparators, one row an outturn and comparator."""

KINDS = ("neighbours", "region", "england", "own year", "place")
"""In the order in which they are shown."""

YEARS_SHOWN = 2
"""How many earlier years of its own an outturn is set against."""

SURER = ("published", "ingested", "typed")
"""Where two values are of one place and period, the earlier origin counts."""


def one_each(values: pl.LazyFrame, *, by: list[str]) -> pl.LazyFrame:
    """The rows, of those that agree in the columns of `by` only the one of the surest origin."""
    surer = pl.col("origin").replace_strict(
        SURER, list(range(len(SURER))), default=None, return_dtype=pl.Int8
    )
    return values.sort(*by, surer, maintain_order=True).unique(
        by, keep="first", maintain_order=True
    )


def area_comparators(
    own: pl.LazyFrame, places: pl.LazyFrame, *, wanted: pl.LazyFrame
) -> pl.LazyFrame:
    """The comparators that are one place each: England, the region, another authority.

    Args:
        own: One row an outturn: `own`, `indicator`, `period_end`, `period_months`.
        places: Columns of `PLACES` and of `with_unit_alike`.
        wanted: `own`, `kind` and `comparator_code` of every place wanted.

    Returns:
        The columns of `COMPARATOR`; no row for a place without a value by then.
    """
    return (
        own.select("own", "indicator", "period_end", own_months="period_months")
        .join(wanted, on="own")
        .pipe(
            _newest_by_then,
            places.rename({"area_name": "name"}),
            by=["indicator", "comparator_code"],
            of=["indicator", "area_code"],
        )
        .pipe(_as_comparators)
    )


def neighbour_averages(places: pl.LazyFrame, neighbours: pl.LazyFrame) -> pl.LazyFrame:
    """The mean or median of each authority's neighbours that have a value, period by period.

    Raw counts are averaged as rates, never as they are.

    Args:
        places: As in `area_comparators`, with the indicator's `method`.
        neighbours: `la_code`, `neighbour_code`.

    Returns:
        `la_code`, `indicator`, `period_end`, `period_months`, `n`, `of`, `alike` and what
        else one place's value has of the columns of `COMPARATOR`.
    """
    valued = places.filter((pl.col("area_kind") == "authority") & pl.col("alike").is_not_null())
    cell = ["indicator", "period_end", "period_months"]
    cells = (
        valued.group_by(cell)
        .agg(pl.col("period", "is_per_person", "method").first())
        .sort(cell)
        .with_row_index("cell")
    )
    lists = (
        neighbours.select("la_code", "neighbour_code")
        .unique()
        .with_columns(of=pl.len().over("la_code").cast(pl.Int64))
    )
    average = (
        pl.when(pl.col("method") == "median")
        .then(pl.col("members").list.median())
        .otherwise(pl.col("members").list.mean())
    )
    return (
        valued.join(cells, on=cell)
        .pipe(_members, lists)
        .join(cells, on="cell")
        .with_columns(alike=average)
        .drop("cell", "members")
    )


def neighbour_comparators(own: pl.LazyFrame, averages: pl.LazyFrame) -> pl.LazyFrame:
    """The comparator `Statistical neighbours` of each outturn whose neighbours have a value.

    Args:
        own: As in `area_comparators`, with `area_code` and `own_population`.
        averages: What `neighbour_averages` gives.

    Returns:
        The columns of `COMPARATOR`; beside a count, the value is the count that the own
        population would have at the neighbours' average rate.
    """
    count = pl.col("alike") * pl.col("own_population")
    return (
        own.select(
            "own",
            "indicator",
            "period_end",
            "area_code",
            "own_population",
            own_months="period_months",
        )
        .pipe(
            _newest_by_then,
            averages,
            by=["indicator", "area_code"],
            of=["indicator", "la_code"],
        )
        .with_columns(
            kind=pl.lit("neighbours"),
            comparator_code="area_code",
            name=pl.lit(STATISTICAL_NEIGHBOURS),
            value=pl.when("is_per_person").then(count).otherwise("alike"),
        )
        .pipe(_as_comparators)
    )


def own_year_comparators(own: pl.LazyFrame, years: pl.LazyFrame) -> pl.LazyFrame:
    """The newest years of the same place that ended before the outturn's period began.

    A count of the same place stays a count.

    Args:
        own: `own`, `indicator`, `area`, `unit`, `period_start`.
        years: Columns of `PLACES`, of `with_unit_alike`, and `area`, `unit`: annual values
            of the places whose outturns are compared, of any origin, one for each year.
    """
    place = ["indicator", "area", "unit"]
    is_own_count = pl.col("is_count") & (pl.col("outturn_type") == "number")
    age = pl.col("at").rank("ordinal", descending=True).over("own")
    return (
        own.select("own", *place, "period_start")
        .join(years.rename({"period_end": "at"}), on=place)
        .filter(pl.col("at") < pl.col("period_start"))
        .filter(age <= YEARS_SHOWN)
        .with_columns(
            kind=pl.lit("own year"),
            comparator_code="area_code",
            name=pl.format("{} {}", "area", "period"),
            alike=pl.when(is_own_count).then("value").otherwise("alike"),
            is_per_person=pl.col("is_per_person") & ~is_own_count,
            unlike=pl.when(~is_own_count).then("unlike"),
        )
        .pipe(_as_comparators)
    )


def typed_comparators(own: pl.LazyFrame, typed: pl.LazyFrame) -> pl.LazyFrame:
    """The figures of other places that a report has typed in beside its own.

    Args:
        own: As in `area_comparators`, with `area`.
        typed: `indicator`, `kind`, `name`, `period`, `period_end`, `period_months` (all
            three null where the year is not stated), `value` and `is_count`. The newest by
            then counts, one with a year before one without.
    """
    is_by_then = pl.col("at").is_null() | (pl.col("at") <= pl.col("period_end"))
    return (
        own.select("own", "indicator", "area", "period_end")
        .join(typed.rename({"period_end": "at"}), on="indicator")
        .filter(is_by_then & (pl.col("name") != pl.col("area")))
        .sort("own", "kind", "name", "at", descending=True, nulls_last=True)
        .unique(["own", "kind", "name"], keep="first", maintain_order=True)
        .with_columns(
            origin=pl.lit("typed"),
            alike="value",
            is_per_person=pl.lit(value=False),
            unlike=pl.when("is_count").then(pl.lit(A_COUNT)),
        )
        .pipe(_as_comparators)
    )


def left_out(
    comparators: pl.LazyFrame, places: pl.LazyFrame, *, neighbours: pl.LazyFrame
) -> pl.LazyFrame:
    """The neighbours without a value, for each neighbour average among the comparators.

    Args:
        comparators: Columns of `COMPARATOR`, with the outturn's `indicator`, `area_code`.
        places: As in `neighbour_averages`.
        neighbours: `la_code`, `neighbour_code`, `neighbour_name`, `rank`.

    Returns:
        `own` and `left_out`, their names, closest first; no row where none is left out.
    """
    valued = places.filter(pl.col("alike").is_not_null()).select(
        "indicator",
        neighbour_code="area_code",
        at="period_end",
        comparator_months="period_months",
    )
    return (
        comparators.filter((pl.col("kind") == "neighbours") & pl.col("n").is_not_null())
        .select("own", "indicator", "at", "comparator_months", la_code="area_code")
        .join(neighbours, on="la_code")
        .join(valued, on=["indicator", "neighbour_code", "at", "comparator_months"], how="anti")
        .sort("own", "rank")
        .group_by("own", maintain_order=True)
        .agg(left_out=pl.col("neighbour_name"))
    )


def _members(valued: pl.LazyFrame, lists: pl.LazyFrame) -> pl.LazyFrame:
    """The values of each list's neighbours for each indicator and period, which is a `cell`."""
    is_published = pl.col("origin") == "published"
    return (
        valued.select("area_code", "cell", "alike", is_published=is_published)
        .join(lists, left_on="area_code", right_on="neighbour_code")
        .group_by("la_code", "cell")
        .agg(
            pl.col("of").first(),
            members=pl.col("alike"),
            n=pl.len().cast(pl.Int64),
            origin=pl.when(pl.col("is_published").all())
            .then(pl.lit("published"))
            .otherwise(pl.lit("ingested")),
        )
        # Sorted as a list: the last digit of a sum depends on the order, and a sort before
        # a plain mean is optimised away.
        .with_columns(members=pl.col("members").list.sort())
    )


def _newest_by_then(
    sought: pl.LazyFrame, held: pl.LazyFrame, *, by: list[str], of: list[str]
) -> pl.LazyFrame:
    """The rows with what is held of their own period, else with the newest that ended by then.

    Args:
        sought: Needs `own`, `period_end`, `own_months` and the columns of `by`, `indicator`
            among them.
        held: Needs `period_end`, `period_months` and the columns of `of`, one row for each;
            no other column may be in `sought`. Its last day comes back as `at`.
        by: What must agree.
        of: Its names in `held`.
    """
    lengths = sought.select("indicator", "own_months").unique()
    # Of periods that end on one day the last is taken: the outturn's length, else the longest.
    values = (
        held.rename({"period_end": "at"})
        .join(lengths, on="indicator")
        .sort("at", pl.col("period_months") == pl.col("own_months"), "period_months")
    )
    return (
        sought.sort("period_end")
        .join_asof(
            values,
            left_on="period_end",
            right_on="at",
            by_left=[*by, "own_months"],
            by_right=[*of, "own_months"],
            coalesce=False,
            check_sortedness=False,
        )
        .filter(pl.col("at").is_not_null())
    )


def _as_comparators(found: pl.LazyFrame) -> pl.LazyFrame:
    """The columns of `COMPARATOR`, null where this kind has none."""
    # A published value is a year's, even where it stands at a day in September.
    is_years = (pl.col("origin") == "published") | pl.col("period_months").is_null()
    known = found.collect_schema().names()
    is_average = pl.col("kind") == "neighbours"
    method = pl.when(is_average).then("method") if "method" in known else pl.lit(None)
    return found.with_columns(
        method=method,
        comparator_period="period",
        comparator_months="period_months",
        speaks_of=pl.when(is_years).then(A_YEAR).otherwise(pl.col("period_months")),
        **{
            name: pl.lit(None, dtype=dtype)
            for name, dtype in COMPARATOR.items()
            if name not in (*known, "method", "comparator_period", "comparator_months", "speaks_of")
        },
    ).select(pl.col(name).cast(dtype) for name, dtype in COMPARATOR.items())
