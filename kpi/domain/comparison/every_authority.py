"""Every authority as its own council: published values compared with published values.

One pipeline over all authorities, measures and years, made of the same steps as the
comparison of one authority's outturns.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi.domain.comparison.comparators import (
    area_comparators,
    neighbour_averages,
    neighbour_comparators,
    own_year_comparators,
)
from kpi.domain.comparison.standing import with_standing
from kpi.domain.comparison.verdicts import OWN, compared, with_own_interval

_PLACE_KINDS = ("england", "region")
_SAID = (
    "own", "kind", "name", "comparator_code", "comparator_period", "at", "value", "n", "of",
    "method", "value_compared", "difference", "verdict", "why_not_compared", "gap_in_cases",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """All authorities' outturns and their comparators.

    Attributes:
        outturns: One row an authority, indicator and year: `kpi.domain.comparison.verdicts.OWN`,
            the interval, `rank`, `of_areas`, `quartile`.
        comparators: One row an outturn and comparator: what
            `kpi.domain.comparison.verdicts.compared` finds, without its working.
    """

    outturns: pl.LazyFrame
    comparators: pl.LazyFrame


def every_authority(
    places: pl.LazyFrame, *, areas: pl.LazyFrame, neighbours: pl.LazyFrame
) -> Compared:
    """Each authority's value of each indicator and year, compared with that year's others.

    Args:
        places: Published values, what `kpi.domain.published.in_unit_of_indicators` gives.
        areas: `area_code`, `area_kind`, `region_code`.
        neighbours: `la_code`, `neighbour_code`.
    """
    numbered = (
        places.filter(pl.col("area_kind") == "authority")
        # The plan is worked out more than once, and must number alike each time.
        .sort("indicator", "area_code", "period_end")
        .with_row_index("own")
        .with_columns(
            own=pl.col("own").cast(pl.UInt32),
            area="area_name",
            unit=pl.lit(""),
            period_start=_start(),
            outturn="value",
            own_population="population",
            own_mid_year="mid_year",
        )
    )
    missing = {name: pl.lit(None, dtype=OWN[name]) for name in ("why_no_outturn", "redefined_on")}
    own = numbered.with_columns(**missing).select(
        *(pl.col(name).cast(dtype) for name, dtype in OWN.items()), "alike"
    )
    judged = own.pipe(with_own_interval).pipe(
        with_standing, by=["indicator", "period_end"], value="alike"
    )
    comparators = pl.concat(
        [
            neighbour_comparators(own, neighbour_averages(places, neighbours)),
            area_comparators(own, places, wanted=_wanted(own, areas)),
            own_year_comparators(own, places.with_columns(area="area_name", unit=pl.lit(""))),
        ]
    )
    return Compared(judged.drop("alike"), comparators.pipe(compared, own=judged).select(_SAID))


def _start() -> pl.Expr:
    back = pl.format("-{}mo", pl.col("period_months").cast(pl.Int64))
    return pl.col("period_end").dt.offset_by("1d").dt.offset_by(back)


def _wanted(own: pl.LazyFrame, areas: pl.LazyFrame) -> pl.LazyFrame:
    """England and the region of each outturn."""
    of_areas = areas.select("area_code", region="region_code")
    england = areas.filter(pl.col("area_kind") == "england").select(england="area_code")
    return (
        own.select("own", "area_code")
        .join(of_areas, on="area_code", how="left")
        .join(england, how="cross")
        .unpivot(
            on=list(_PLACE_KINDS),
            index="own",
            variable_name="kind",
            value_name="comparator_code",
        )
        .drop_nulls("comparator_code")
    )
