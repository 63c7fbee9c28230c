"""Own figures beside what the authority has returned to the Department for Education."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Coherence, Indicator
from kpi.domain.checks.beside import coherences, figures_of
from kpi.domain.checks.context import (
    CELL_PLACE,
    Context,
    months_into_year,
    rounding,
    year_begins,
)
from kpi.domain.checks.published_figures import REBASED_SHARE, REBASED_UNTIL
from kpi.domain.checks.wording import about, about_number, exact, figure, periods
from kpi.domain.findings import Check, Row, Said, nothing_found, worded
from kpi.domain.observation import address_expr
from kpi.domain.words import relative

USUAL_ALLOWANCE = 5.0
"""Per cent: late entries and clean-ups before a return."""

LEAST = 2.0
"""Differences of months up to so many cases are none."""

_A_YEAR = 12


def find_unlike_returns(context: Context) -> pl.LazyFrame:
    """Own figures that differ from what is published for the authority by more than is allowed.

    For indicators with a `statutory` rule. Counts of the month are held against published
    months, a year of them in one finding; stocks, totals of the year and rates against the
    published year, at the month in which it ends. The allowance is in per cent of the
    published figure; rates of years before the 2021 census may be off by the rebasing of
    populations. Years typed beside months are another check's.
    """
    frames = []
    for indicator, rule in coherences(context.catalogue, "statutory"):
        if rule.with_ and indicator.outturn == "number" and indicator.basis == "in-month":
            frames.append(_months(context, indicator, rule))
        if rule.with_:
            frames.append(_year_ends(context, indicator, rule))
    return pl.concat(frames) if frames else nothing_found()


def _year_ends(context: Context, indicator: Indicator, rule: Coherence) -> pl.LazyFrame:
    """The own figures of a year's end, or of a whole year, unlike the published year."""
    catalogue = context.catalogue
    percent = USUAL_ALLOWANCE if rule.allowance is None else rule.allowance
    is_year = pl.col("period_months") == _A_YEAR
    speaks_of_year = is_year if indicator.basis == "in-month" else pl.lit(value=True)
    is_last = months_into_year(pl.col("period_end"), year=indicator.year) == _A_YEAR
    is_same_unit = (pl.col("unit_type") == indicator.outturn) & (
        (pl.col("unit_type") != "rate") | (pl.col("unit_per") == indicator.per)
    )
    published = (
        context.published.values.filter(pl.col("area_code") == context.published.code)
        .filter(pl.col("measure") == rule.with_[0])
        .join(context.published.measures.filter(is_same_unit), on="measure", how="semi")
        .select("period_end", published="value")
    )
    is_rebased = (pl.col("period_end") <= pl.lit(REBASED_UNTIL)) & pl.lit(
        indicator.outturn == "rate"
    )
    allowed = pl.when(is_rebased).then(max(percent, 100 * REBASED_SHARE)).otherwise(percent)
    gap = (pl.col("value") - pl.col("published")).abs()
    slack = pl.max_horizontal(rounding(pl.col("value")), rounding(pl.col("published")))
    found = (
        figures_of(context, indicator.id)
        .filter(pl.col("is_subject") & (pl.col("unit") == "") & speaks_of_year & is_last)
        .join(context.typed.select(CELL_PLACE), on=CELL_PLACE, how="anti", nulls_equal=True)
        .join(published, on="period_end")
        .filter((gap > allowed / 100 * pl.col("published").abs()) & (gap > slack))
    )
    return worded(found, say=lambda row: _say_year(row, catalogue))


def _months(context: Context, indicator: Indicator, rule: Coherence) -> pl.LazyFrame:
    catalogue = context.catalogue
    percent = USUAL_ALLOWANCE if rule.allowance is None else rule.allowance
    published = context.published.months.filter(pl.col("measure") == rule.with_[0])
    gap = pl.col("value") - pl.col("month_value")
    is_unlike = (gap.abs() > percent / 100 * pl.col("month_value")) & (gap.abs() > LEAST)
    share = gap / pl.col("month_value")
    found = (
        figures_of(context, indicator.id)
        .filter((pl.col("unit") == "") & (pl.col("period_months") == 1))
        .join(published, on="period_end")
        .filter(pl.col("month_value") > 0)
        .with_columns(
            year_start=year_begins(pl.col("period_end"), year=indicator.year),
            is_unlike=is_unlike,
            share=share,
            address=address_expr(),
        )
        .filter("is_subject")
        .sort("period_end")
        .group_by("indicator", "area", "unit", "year_start", maintain_order=True)
        .agg(
            month_count=pl.len(),
            unlike_count=pl.col("is_unlike").sum(),
            **{
                name: pl.col(name).filter("is_unlike").first()
                for name in (*CELL_PLACE, "seq", "state")
            },
            value=pl.col("value").filter("is_unlike").sum(),
            published=pl.col("month_value").filter("is_unlike").sum(),
            least=pl.col("share").filter("is_unlike").min(),
            most=pl.col("share").filter("is_unlike").max(),
            periods=pl.col("period").filter("is_unlike"),
            related=pl.col("address").filter("is_unlike").slice(1),
        )
        .filter(pl.col("unlike_count") > 0)
        .with_columns(period=pl.col("periods").list.last())
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _say_year(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    share = (row["value"] - row["published"]) / row["published"] if row["published"] else None
    way = "above" if row["value"] > row["published"] else "below"
    how = f" ({relative(share)} {way})" if share is not None else ""
    return Said(
        f"{about(row, catalogue)}: {figure(row['value'], indicator)} here, "
        f"{figure(row['published'], indicator)} published for the year{how}",
        _HINT,
    )


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    months = periods(row["periods"], indicator)
    count = len(row["periods"])
    every = (
        f"in each of {count} months"
        if count == row["month_count"]
        else (f"in {count} of {row['month_count']} months")
    )
    ways = {"above" if share > 0 else "below" for share in (row["least"], row["most"])}
    low, high = sorted((row["least"], row["most"]), key=abs)
    if len(ways) == 1:
        sizes = relative(low) if count == 1 else f"{relative(low)} to {relative(high)}"
        how = f"{sizes} {ways.pop()} {every}" if count > 1 else f"{sizes} {ways.pop()}"
    else:
        how = f"{relative(row['least'])} below to {relative(row['most'])} above, {every}"
    return Said(
        f"{indicator.short}, {months}: {exact(row['value'])} here, "
        f"{about_number(row['published'])} in DfE's published months ({how})",
        _HINT,
    )


_HINT = "Counted twice, by family or by child, or not yet cleaned? Say in the report which it is."

CHECK = Check(
    code="KPI227",
    title="unlike the statutory return",
    severity="warning",
    meaning="Own figures differ from those that DfE has published for the authority, by more than "
    "the rule's allowance (`statutory`).",
    why="The board's figure and the nation's are of different things, so that targets and "
    "comparators taken from the return do not fit the months.",
    advice="Find out what is counted otherwise and say so in the report, or accept the finding.",
    example="board.xlsx:Right Service!D7 – Referrals, Apr-21 to Oct-21: 2,582 here, 2,185 in DfE's "
    "published months (13% to 24% above in each of 7 months)",
    find=find_unlike_returns,
)
