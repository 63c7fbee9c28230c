"""The numerators and denominators that published rates and percentages rest on.

Intervals and trend tests need them, and DfE publishes them apart: as measures of their
own, in its data files, and as the population. A pair is kept only where it gives the
published value back, so that no interval rests on counts of something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpi.reference.build_ees import read_ees
from kpi.reference.sources import Sources

_IN_TIME = ("Same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days")
_CONFERENCES = ("10_ICPC", "15_ICPC", "20_ICPC", "21_ICPC")
_POPULATION = ("population",)
_COLUMNS = {
    "referrals": (
        "referral_count", "rereferral_count", "no_further_action_count", "not_in_need_count",
    ),
    "children-in-need": ("At31_episodes",),
    "assessments": (*_IN_TIME, "Assessments_completed"),
    "plans": ("2_years_or_more", "CPP_At31"),
}  # fmt: skip
"""The counts taken from each data file."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How a measure follows from counts: `per` times the sum of some over the sum of others.

    `decimals` is how many DfE publishes.
    """

    measure: str
    numerator: Sequence[str]
    denominator: Sequence[str]
    per: int = 100
    decimals: int = 1


RATIOS = (
    Ratio("CPP_Total_Rateper10,000", ["CPP_Total_NumRef"], _POPULATION, per=10_000),
    Ratio("ReReferral", ["rereferral_count"], ["referral_count"]),
    Ratio("CIN_Refferals_NFA", ["no_further_action_count"], ["referral_count"]),
    Ratio("Referrals_AssessedNotNeed", ["not_in_need_count"], ["referral_count"]),
    Ratio("CIN", ["At31_episodes"], _POPULATION, per=10_000),
    Ratio("Continue_Assess_Comp", _IN_TIME, ["Assessments_completed"]),
    Ratio("ISCP_Conf", _CONFERENCES, _POPULATION, per=10_000),
    Ratio("CP_conf_15days", _CONFERENCES[:2], _CONFERENCES),
    Ratio("CPP_rate", ["CPP_Num"], _POPULATION, per=10_000),
    Ratio("CPP_Abuse_Rate", ["CPP_Abuse"], _POPULATION, per=10_000),
    Ratio("PrevRegCPR", ["ReRegCPR"], ["CPP_Abuse"]),
    Ratio("CPPlans2yrsActive", ["2_years_or_more"], ["CPP_At31"]),
    Ratio("RevCP", ["CPP_Reviewed_InReqTimeScl"], ["CPP_31March_3MnthorMore"]),
    Ratio("LAC", ["LACnum"], _POPULATION, per=10_000, decimals=0),
    Ratio("LAC_Start_Rate", ["LACnum_Start"], _POPULATION, per=10_000, decimals=0),
    Ratio("LAC_Cease_Rate", ["LACceased"], _POPULATION, per=10_000, decimals=0),
    Ratio("LACStable_2016on", ["LACStableNum_2016on"], ["LACnum"], decimals=0),
    Ratio("%_of LAC Adopted", ["No_of LAC Adopted"], ["LACceased"], decimals=0),
    Ratio("Unacc_Asylmn_Seek_Childn%", ["Unacc_Asylmn_Seek_Childn"], ["LACnum"], decimals=0),
    Ratio("CareLeaverAcc", ["NoCareLeaverAcc"], ["NoCareLeavers"], decimals=0),
)

MEASURES_COUNTED_FROM = {
    key: [ratio.measure for ratio in RATIOS if set(ratio.numerator) & set(columns)]
    for key, columns in _COLUMNS.items()
}
"""The measures whose counts come from each data file."""


def with_counts(
    values: pl.DataFrame,
    *,
    folder: Path,
    sources: Sources,
    areas: pl.DataFrame,
    population: pl.DataFrame,
) -> pl.DataFrame:
    """The values with `numerator` and `denominator`, null where they are not published.

    Raises:
        SourceError: A data file is missing or has renamed its columns.
    """
    counts = pl.concat(
        [
            _published(folder, sources=sources, areas=areas),
            _year_before(population),
            values.select("area_code", "period_end", name="measure", count="value"),
        ]
    )
    pairs = pl.concat([_pairs(counts, ratio=ratio) for ratio in RATIOS])
    key = ["measure", "area_code", "period_end"]
    rows = values.join(pairs, on=key, how="left").with_columns(
        pl.when(_gives_the_value_back()).then(pl.col("numerator", "denominator"))
    )
    return rows.drop("per", "decimals").sort(key)


def _published(folder: Path, *, sources: Sources, areas: pl.DataFrame) -> pl.DataFrame:
    files = [
        read_ees(folder, dataset=sources.dataset(key), areas=areas, columns=columns).unpivot(
            columns, index=["area_code", "year"], variable_name="name", value_name="raw"
        )
        for key, columns in _COLUMNS.items()
    ]
    return (
        pl.concat(files)
        .select(
            "area_code",
            "name",
            period_end=pl.date("year", 3, 31),
            count=pl.col("raw").cast(pl.Float64, strict=False),
        )
        .select("area_code", "period_end", "name", "count")
        .drop_nulls()
    )


def _year_before(population: pl.DataFrame) -> pl.DataFrame:
    """Populations at the 31 March whose rates DfE bases on them: those of the year before."""
    return population.select(
        "area_code",
        period_end=pl.date(pl.col("mid_year") + 1, 3, 31),
        name=pl.lit("population"),
        count=pl.col("population").cast(pl.Float64),
    )


def _pairs(counts: pl.DataFrame, *, ratio: Ratio) -> pl.DataFrame:
    numerator = _sum_of(counts, names=ratio.numerator, called="numerator")
    denominator = _sum_of(counts, names=ratio.denominator, called="denominator")
    return numerator.join(denominator, on=["area_code", "period_end"]).with_columns(
        measure=pl.lit(ratio.measure), per=ratio.per, decimals=ratio.decimals
    )


def _sum_of(counts: pl.DataFrame, *, names: Sequence[str], called: str) -> pl.DataFrame:
    """The sum of some counts, where all of them are published."""
    return (
        counts.filter(pl.col("name").is_in(list(names)))
        .group_by("area_code", "period_end")
        .agg(pl.col("count").sum().alias(called), n=pl.len())
        .filter(pl.col("n") == len(names))
        .drop("n")
    )


def _gives_the_value_back() -> pl.Expr:
    implied = pl.col("per") * pl.col("numerator") / pl.col("denominator")
    off = (implied - pl.col("value")).abs()
    half_a_unit = pl.when(pl.col("decimals") == 0).then(0.5).otherwise(0.05)
    return (pl.col("denominator") > 0) & (off <= half_a_unit * (1 + 1e-9))
