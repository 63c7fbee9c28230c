"""Two rates of one year that rest on different populations."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.checks.rate_pairs import GROUP, populations, rate_pairs
from kpi.domain.checks.wording import about_number
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr

_PLACE = ("area", "unit", "year_start", "period_months")


def find_two_populations(context: Context) -> pl.LazyFrame:
    """Each two rates per the same number of the same people whose populations differ.

    Both must have one that most of their pairs share. The people are the same where the
    catalogue's words for the denominator are, or where one of the two has none.
    """
    catalogue = context.catalogue
    rates = _rates(context)
    is_same_people = (
        (pl.col("people") == pl.col("people_other"))
        | (pl.col("people") == "")
        | (pl.col("people_other") == "")
    )
    is_apart = (pl.col("shared_low") > pl.col("shared_high_other")) | (
        pl.col("shared_high") < pl.col("shared_low_other")
    )
    found = (
        rates.join(rates, on=_PLACE, suffix="_other")
        .filter(pl.col("order") > pl.col("order_other"))
        .filter(is_same_people & is_apart & (pl.col("per") == pl.col("per_other")))
        .filter(pl.col("is_subject") | pl.col("is_subject_other"))
        .with_columns(related=pl.concat_list("at_other"))
        .join(_published(context), on="year_start", how="left")
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _rates(context: Context) -> pl.LazyFrame:
    """Each rate's shared population, with the cell of its newest figure and its people."""
    people = {
        each.id: each.denominator.casefold().strip()
        for each in context.catalogue.indicators
        if each.outturn == "rate"
    }
    newest = (
        rate_pairs(context)
        .sort("period_end")
        .group_by(GROUP)
        .agg(
            pl.col(*CELL_PLACE, "seq", "period", "per").last(),
            is_subject=pl.col("is_subject").any(),
            at=address_expr().last(),
        )
    )
    return (
        populations(context)
        .filter("is_shared")
        .join(newest, on=GROUP)
        .with_columns(
            order=pl.col("indicator").replace_strict(
                {each: place for place, each in enumerate(people)},
                default=-1,
                return_dtype=pl.Int64,
            ),
            people=pl.col("indicator").replace_strict(people, default="", return_dtype=pl.String),
        )
        .filter(pl.col("order") >= 0)
    )


def _published(context: Context) -> pl.LazyFrame:
    """The published population by the year whose rates rest on it."""
    return context.published.population.select(
        "mid_year", "population", year_start=pl.date(pl.col("mid_year") + 1, 4, 1)
    )


def _say(row: Row, catalogue: Catalogue) -> Said:
    one, other = (catalogue.by_id[row[name]].short for name in ("indicator", "indicator_other"))
    known = ""
    if row["population"] is not None:
        known = f" (published for mid-{row['mid_year']}: {about_number(row['population'])})"
    return Said(
        f"{one} implies a population of {about_number(row['shared_low'])} to "
        f"{about_number(row['shared_high'])}, {other} of "
        f"{about_number(row['shared_low_other'])} to {about_number(row['shared_high_other'])} in "
        f"the same year{known}",
        "Calculate both with the same estimate.",
    )


CHECK = Check(
    code="KPI222",
    title="two populations",
    severity="warning",
    meaning="Two rates per the same people imply different populations in the same year.",
    why="One of them was calculated with another estimate. Such rates cannot be set side by side, "
    "nor against published ones.",
    advice="Use one estimate for all rates of a year; DfE's is the one for the middle of the year "
    "before the reporting year's end.",
    example="board.xlsx:Corporate Parenting!I8 – CLA rate implies a population of 52,000 to "
    "52,147, Referral rate of 51,281 to 51,345 in the same year",
    find=find_two_populations,
    needs="rates",
)
