"""Which outturn of each indicator is compared, and the counts it rests on.

Takes held figures (`kpi.domain.scorecard.figures`); what they are set against is left to
`kpi.domain.comparison.comparators`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.observation import STATISTICAL_NEIGHBOURS
from kpi.domain.period import Period
from kpi.domain.scorecard import ROW, Place
from kpi.domain.target import months_elapsed

TWO_FIGURES = "two different outturns stand in one source"
HIDDEN = "the outturn rests on small numbers and is suppressed"


def newest_keys(held: pl.LazyFrame, *, place: Place, up_to: Period) -> pl.LazyFrame:
    """The indicator, area, unit and period of each newest own value by a period's end.

    Of a month and a longer period that end on one day the month counts. A period "to
    date" is never the newest, nor is a figure whose year is not stated, nor, where every
    area is asked for, one that a report typed in for comparison.

    Args:
        held: Held figures with `is_typed`, small ones not hidden, so that hiding changes
            no period.
        place: Whose outturns.
        up_to: The chosen period.
    """
    return (
        held.filter(place.filter() & (pl.col("area") != STATISTICAL_NEIGHBOURS))
        .filter(~pl.col("is_typed") | pl.lit(place.area is not None))
        .filter((pl.col("state") == "value") & (pl.col("period_end") <= up_to.end))
        .filter(~pl.col("marks").str.contains("partial", literal=True))
        .sort(*ROW, pl.col("period_end"), -pl.col("period_months").cast(pl.Int64))
        .unique(ROW, keep="last", maintain_order=True)
        .select(*ROW, "period")
    )


def own_outturns(held: pl.LazyFrame, keys: pl.LazyFrame) -> pl.LazyFrame:
    """The held rows of these keys with `outturn` and `why_no_outturn` (in words, or null).

    Args:
        held: Held figures, small ones hidden where they must be.
        keys: What `newest_keys` gives.
    """
    return held.join(keys, on=[*ROW, "period"], how="semi").with_columns(
        outturn="value",
        why_no_outturn=pl.when("conflict")
        .then(pl.lit(TWO_FIGURES))
        .when(pl.col("value").is_null())
        .then(pl.lit(HIDDEN)),
    )


def with_redefinition(own: pl.LazyFrame, indicators: Iterable[Indicator]) -> pl.LazyFrame:
    """The rows with `redefined_on`: the day from which the definition holds that counts.

    Null where no change by the outturn's period bars comparison with what was before.
    """
    changes = pl.LazyFrame(
        [
            (indicator.id, change.begins)
            for indicator in indicators
            for change in indicator.redefinitions
        ],
        schema={"indicator": pl.String, "redefined_on": pl.Date},
        orient="row",
    )
    key = [*ROW, "period"]
    latest = (
        own.select(*key, "period_end")
        .join(changes, on="indicator")
        .filter(pl.col("redefined_on") <= pl.col("period_end"))
        .group_by(key)
        .agg(pl.col("redefined_on").max())
    )
    return own.join(latest, on=key, how="left", maintain_order="left")


def with_counts_to_date(
    own: pl.LazyFrame, held: pl.LazyFrame, catalogue: Catalogue
) -> pl.LazyFrame:
    """The rows with a year to date's counts, where the catalogue links it to a monthly count.

    The months since the year began are pooled, and only if every one of them is held:
    503 per 10,000 since April rests on the referrals of April to October. A count that
    the source gives stays.

    Args:
        own: Outturns: the columns of `held`, and the catalogue's `year`.
        held: Held figures.
        catalogue: Gives the links.
    """
    for column in ("numerator", "denominator"):
        links = _links(catalogue, column=column)
        if links:
            pooled = _pooled(own, held, links=links).rename({"pooled": f"pooled_{column}"})
            own = (
                own.join(pooled, on=[*ROW, "period"], how="left", maintain_order="left")
                .with_columns(pl.coalesce(column, f"pooled_{column}").alias(column))
                .drop(f"pooled_{column}")
            )
    return own


def _links(catalogue: Catalogue, *, column: str) -> dict[str, str]:
    """The indicators of the year to date that name a monthly count, with its id."""
    return {
        each.id: part
        for each in catalogue.indicators
        if each.basis == "year-to-date"
        and (part := getattr(each, column)) in catalogue.by_id
        and catalogue.by_id[part].basis == "in-month"
        and catalogue.by_id[part].outturn == "number"
    }


def _pooled(own: pl.LazyFrame, held: pl.LazyFrame, *, links: dict[str, str]) -> pl.LazyFrame:
    """The sum of the linked count since the year began, for each outturn that has it whole."""
    months = held.filter((pl.col("period_months") == 1) & pl.col("value").is_not_null()).select(
        "area", "unit", linked="indicator", month_end="period_end", month_value="value"
    )
    elapsed = months_elapsed(pl.col("period_end"), pl.col("year"))
    since = pl.col("period_end").dt.month_start().dt.offset_by(pl.format("-{}mo", elapsed - 1))
    is_since = (pl.col("month_end") >= since) & (pl.col("month_end") <= pl.col("period_end"))
    return (
        own.with_columns(linked=pl.col("indicator").replace_strict(links, default=None))
        .join(months, on=["area", "unit", "linked"])
        .filter(is_since)
        .group_by(*ROW, "period")
        .agg(
            pooled=pl.col("month_value").sum(),
            held_months=pl.len().cast(pl.Int64),
            elapsed=elapsed.first(),
        )
        .filter(pl.col("held_months") == pl.col("elapsed"))
        .select(*ROW, "period", "pooled")
    )
