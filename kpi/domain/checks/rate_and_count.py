"""Rates that do not follow from their counts, whatever the population."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.checks.context import CELL_PLACE, Context, decimals, rounding
from kpi.domain.checks.rate_pairs import GROUP, populations, rate_pairs
from kpi.domain.checks.wording import (
    about,
    about_number,
    beside,
    exact,
    figure,
    periods,
    when,
)
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr
from kpi.domain.words import number

_NOISE = 1e-9


def find_misfits(context: Context) -> pl.LazyFrame:
    """Rates and counts of a year that do not share the population of the others.

    One finding for each pair that does not fit; one for several that share another
    population; one where no population fits most pairs. And each rate or percentage whose
    source gives counts that it does not follow from.
    """
    catalogue = context.catalogue
    from_counts = worded(_not_from_counts(context), say=lambda row: _say_counts(row, catalogue))
    if not context.has("rates"):
        return from_counts
    pairs = rate_pairs(context).filter(pl.col("count_low") == pl.col("count_high"))
    judged = pairs.join(populations(context), on=GROUP).with_columns(rate_at=address_expr())
    return pl.concat(
        [
            worded(_odd_pairs(judged), say=lambda row: _say_odd(row, catalogue)),
            worded(_no_population(judged, context), say=lambda row: _say_none(row, catalogue)),
            from_counts,
        ]
    )


def _odd_pairs(judged: pl.LazyFrame) -> pl.LazyFrame:
    """The pairs outside the shared population; those that share another one in one row."""
    low, high = pl.col("people_low"), pl.col("people_high")
    fits = (low <= pl.col("shared_high")) & (high >= pl.col("shared_low"))
    share_another = (low.max() <= high.min()).over(GROUP) & (pl.len().over(GROUP) > 1)
    alone = pl.when(~share_another).then("period")
    return (
        judged.filter(pl.col("is_shared") & ~fits)
        .with_columns(together=alone)
        .filter(pl.col("is_subject").any().over(*GROUP, "together"))
        .sort("period_end")
        .group_by(*GROUP, "together", maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "seq", "rate", "per", "count_low", "count_at").first(),
            pl.col("shared_low", "shared_high", "agreeing", "pair_count").first(),
            people_low=low.max(),
            people_high=high.min(),
            period=pl.col("period").first(),
            periods=pl.col("period"),
            places=decimals(pl.col("rate")).max(),
            related=pl.col("count_at").append(pl.col("rate_at").slice(1)),
        )
        .with_columns(
            value="rate",
            expected=pl.col("count_low")
            * pl.col("per")
            * 2
            / (pl.col("shared_low") + pl.col("shared_high")),
        )
    )


def _no_population(judged: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """The years of which no population fits most pairs, at the newest rate."""
    people = (pl.col("people_low") + pl.col("people_high")) / 2
    return (
        judged.filter(~pl.col("is_shared") & (pl.col("pair_count") > 1))
        .filter(pl.col("is_subject").any().over(GROUP))
        .with_columns(people=people)
        .sort("period_end")
        .group_by(GROUP, maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "seq", "rate", "period", "count_low").last(),
            periods=pl.col("period"),
            fewest=pl.col("people").min(),
            most=pl.col("people").max(),
            fewest_in=pl.col("period").sort_by("people").first(),
            most_in=pl.col("period").sort_by("people").last(),
            newest_people=pl.col("people").last(),
            related=pl.col("count_at").append(pl.col("rate_at").head(pl.len() - 1)),
        )
        .with_columns(value="rate", mid_year=pl.col("year_start").dt.year() - 1)
        .join(context.published.population, on="mid_year", how="left")
    )


def _not_from_counts(context: Context) -> pl.LazyFrame:
    """The own rates and percentages that do not follow from counts given beside them.

    Counts with decimals, such as full-time equivalents, are rounded themselves.
    """
    per = {
        each.id: 100.0 if each.outturn == "percentage" else float(each.per)
        for each in context.catalogue.indicators
        if each.outturn != "number"
    }
    times = pl.col("indicator").replace_strict(per, default=None, return_dtype=pl.Float64)
    part, whole = pl.col("numerator"), pl.col("denominator")
    is_exact = (decimals(part) == 0) & (decimals(whole) == 0)
    part_half, whole_half = (
        pl.when(is_exact).then(0.0).otherwise(rounding(each)) for each in (part, whole)
    )
    slack = rounding(pl.col("value")) + _NOISE * pl.col("expected")
    return (
        context.own()
        .filter(pl.col("is_subject") & pl.col("value").is_not_null())
        .filter(part.is_not_null() & (whole > 0) & (part <= whole))
        .filter(pl.col("indicator").is_in([*per]))
        .with_columns(
            expected=times * part / whole,
            least=times * (part - part_half) / (whole + whole_half),
            most=times * (part + part_half) / (whole - whole_half),
            places=decimals(pl.col("value")),
        )
        .filter(
            (pl.col("value") < pl.col("least") - slack) | (pl.col("value") > pl.col("most") + slack)
        )
    )


def _say_odd(row: Row, catalogue: Catalogue) -> Said:
    indicator, count = catalogue.by_id[row["indicator"]], catalogue.by_id[row["count_id"]]
    others = f"the other {row['agreeing']} share" if row["agreeing"] > 1 else "the others share"
    shared = f"{others} a population of {_span(row['shared_low'], row['shared_high'])}"
    own = f"{_span(row['people_low'], row['people_high'])}"
    if len(row["periods"]) > 1:
        months = periods(row["periods"], indicator)
        return Said(
            f"{_titled(row, catalogue)}, {months}: rates and counts ({count.short}) imply a "
            f"population of {own}, where {shared}",
            "Was the population replaced between two reports? Then recalculate the earlier rates.",
        )
    expected = _told_apart(row["expected"], row["rate"], places=row["places"])
    return Said(
        f"{about(row, catalogue)}: {figure(row['rate'], indicator)} does not follow from "
        f"{_counted(row, catalogue)}, which is {expected} where {shared}; it implies {own}",
        f"Check the rate, and {beside(row['count_at'], row['source_file'])}.",
    )


def _say_none(row: Row, catalogue: Catalogue) -> Said:
    indicator, count = catalogue.by_id[row["indicator"]], catalogue.by_id[row["count_id"]]
    known = ""
    if row["population"] is not None:
        known = f" (published for mid-{row['mid_year']}: {exact(row['population'])})"
    months = periods(row["periods"], indicator)
    return Said(
        f"{_titled(row, catalogue)}, {months}: no one population fits the rates and the counts "
        f"({count.short}); they imply {about_number(row['fewest'])} in "
        f"{when(row['fewest_in'], indicator)}, {about_number(row['most'])} in "
        f"{when(row['most_in'], indicator)}{known}",
        "The rates and the counts are of different cases, or of different days. Make both again "
        "from one extract.",
    )


def _say_counts(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    expected = _told_apart(row["expected"], row["value"], places=row["places"])
    sign = "%" if indicator.outturn == "percentage" else ""
    return Said(
        f"{about(row, catalogue)}: {figure(row['value'], indicator)} does not follow from "
        f"{exact(row['numerator'])} of {exact(row['denominator'])}, which is {expected}{sign}",
        "Correct whichever of the three is wrong.",
    )


def _titled(row: Row, catalogue: Catalogue) -> str:
    return about({**row, "period": None}, catalogue)


def _counted(row: Row, catalogue: Catalogue) -> str:
    count: Indicator = catalogue.by_id[row["count_id"]]
    rate = catalogue.by_id[row["indicator"]]
    is_total = rate.basis == "year-to-date" and count.basis == "in-month"
    return f"{exact(row['count_low'])} ({count.short}{' so far' if is_total else ''})"


def _span(low: float, high: float) -> str:
    first, last = about_number(low), about_number(high)
    return first if first == last else f"{first} to {last}"


def _told_apart(expected: float, said: float, *, places: int) -> str:
    """A computed figure with as many decimals as it takes to tell it from the printed one."""
    while places < 6 and number(expected, decimals=places) == number(said, decimals=places):
        places += 1
    return number(expected, decimals=places)


CHECK = Check(
    code="KPI204",
    title="rate and count disagree",
    severity="warning",
    meaning="A rate does not follow from the count it is of (`rate_of` in the catalogue): the "
    "population that the two imply is not that of the other months; or a percentage does not "
    "follow from the counts given with it.",
    why="One of them is wrong, or the population was replaced half way, and then the months "
    "cannot be compared with each other.",
    advice="Check the cells named. Where the population was replaced, recalculate the earlier "
    "months or accept the finding with the reason.",
    example="board.xlsx:Corporate Parenting!I8 – CLA rate, Oct-21: 104 does not follow from 530 "
    "(CLA), which is 102 where the other 6 share a population of 52,000 to 52,147",
    find=find_misfits,
)
