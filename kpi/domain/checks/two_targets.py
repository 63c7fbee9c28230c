"""A rate's target and its count's target that cannot both be met."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Coherence, Indicator
from kpi.domain.checks.aims import AIM, aims
from kpi.domain.checks.beside import coherences
from kpi.domain.checks.context import Context
from kpi.domain.checks.rate_pairs import populations
from kpi.domain.checks.wording import about_number, exact, figure
from kpi.domain.findings import Check, Row, Said, nothing_found, worded
from kpi.domain.words import PER_WORDS

USUAL_ALLOWANCE = 2.0
"""Per cent of the target: what rounding, or another estimate of the population, makes of it."""


def find_contradictions(context: Context) -> pl.LazyFrame:
    """Each target that does not follow from another's (`target_of`), at the chosen period.

    A count's target becomes one for the year, and a rate by the population that the rates
    imply; where none is implied, by the newest published one. The allowance is in per cent.
    """
    frames = [
        _of(context, indicator, rule)
        for indicator, rule in coherences(context.catalogue, "target_of")
        if rule.with_
    ]
    return pl.concat(frames) if frames else nothing_found()


def _of(context: Context, indicator: Indicator, rule: Coherence) -> pl.LazyFrame:
    catalogue = context.catalogue
    other = catalogue.by_id[rule.with_[0]]
    allowance = USUAL_ALLOWANCE if rule.allowance is None else rule.allowance
    is_rate = indicator.outturn == "rate" and other.outturn == "number"
    own = aims(context).filter(pl.col("indicator") == indicator.id)
    theirs = (
        aims(context)
        .filter(pl.col("indicator") == other.id)
        .select(pl.col(name).alias(f"other_{name}") for name in AIM)
    )
    people = _people(context, indicator) if is_rate else pl.LazyFrame({"people": [1.0]})
    times = indicator.per if is_rate else 1.0
    follows = pl.col("other_aim_year") * times / pl.col("people")
    found = (
        own.join(theirs, how="cross")
        .join(people, how="cross")
        .with_columns(
            follows=follows,
            area=pl.lit(context.authority),
            unit=pl.lit(""),
            period=pl.lit(None, dtype=pl.String),
            value="aim",
            related=pl.concat_list("other_aim_at").list.drop_nulls(),
        )
        .filter(
            (pl.col("follows") - pl.col("aim_year")).abs()
            > allowance / 100 * pl.col("aim_year").abs()
        )
    )
    return worded(found, say=lambda row: _say(row, catalogue, other=other, is_rate=is_rate))


def _people(context: Context, rate: Indicator) -> pl.LazyFrame:
    """The population to make a rate by: one row, or none where none is known."""
    middle = (pl.col("shared_low") + pl.col("shared_high")) / 2
    implied = (
        populations(context)
        .filter(pl.col("is_shared") & (pl.col("unit") == ""))
        .select(
            people=middle,
            surer=pl.when(pl.col("indicator") == rate.id).then(0).otherwise(1),
            newest=pl.col("year_start"),
        )
    )
    published = context.published.population.select(
        people=pl.col("population").cast(pl.Float64),
        surer=pl.lit(2),
        newest=pl.date("mid_year", 6, 30),
    ).filter(pl.col("newest") <= pl.lit(context.up_to.end))
    return (
        pl.concat([implied, published])
        .sort("surer", "newest", descending=[False, True])
        .head(1)
        .select("people")
    )


def _say(row: Row, catalogue: Catalogue, *, other: Indicator, is_rate: bool) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    theirs = _aim(row["other_aim"], row["other_aim_per"], other)
    working = f"{theirs} ({other.short})"
    if row["other_aim_year"] != row["other_aim"]:
        working += f" is {exact(row['other_aim_year'])} a year"
    if is_rate:
        working += (
            f", {about_number(row['follows'])} per {exact(indicator.per)} of a population of "
            f"{about_number(row['people'])}"
        )
    return Said(
        f"{indicator.short}: the target is {_aim(row['aim'], row['aim_per'], indicator)}, but "
        f"{working}",
        "Both cannot be met at once: set one by the other.",
    )


def _aim(value: float, per: str, indicator: Indicator) -> str:
    words = {str(name): said for name, said in PER_WORDS.items()}
    return f"{figure(value, indicator)} {words.get(per, '')}".strip()


CHECK = Check(
    code="KPI218",
    title="targets contradict",
    severity="warning",
    meaning="A target does not follow from the target of the count behind it (`target_of`).",
    why="One row is green and the other red for the same cases, whatever the service does.",
    advice="Set one target by the other, with the population that the rates rest on.",
    example="board.xlsx:Right Service!K8 – Referral rate: the target is 647 a year, but 300 a "
    "month (Referrals) is 3,600 a year, 702 per 10,000 of a population of 51,313",
    find=find_contradictions,
)
