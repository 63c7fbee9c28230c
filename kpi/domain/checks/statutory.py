"""Own months beside what the authority has returned to the Department for Education."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Coherence, Indicator
from kpi.domain.checks.beside import coherences, figures_of
from kpi.domain.checks.context import CELL_PLACE, Context, year_begins
from kpi.domain.checks.wording import about_number, exact, periods
from kpi.domain.findings import Check, Row, Said, nothing_found, worded
from kpi.domain.observation import address_expr
from kpi.domain.words import relative

USUAL_ALLOWANCE = 5.0
"""Per cent: late entries and clean-ups before a return."""

LEAST = 2.0
"""Differences up to so many cases are none."""


def find_unlike_returns(context: Context) -> pl.LazyFrame:
    """Each year in which own months differ from the published ones by more than is allowed.

    For indicators with a `statutory` rule whose measure is published by month. The
    allowance is in per cent of the published figure.
    """
    frames = [
        _of(context, indicator, rule)
        for indicator, rule in coherences(context.catalogue, "statutory")
        if rule.with_ and indicator.outturn == "number" and indicator.basis == "in-month"
    ]
    return pl.concat(frames) if frames else nothing_found()


def _of(context: Context, indicator: Indicator, rule: Coherence) -> pl.LazyFrame:
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
        "Counted twice, by family or by child, or not yet cleaned? Say in the report which it is.",
    )


CHECK = Check(
    code="KPI227",
    title="unlike the statutory return",
    severity="warning",
    meaning="Own months differ from the months that DfE has published for the authority, by more "
    "than the rule's allowance.",
    why="The board's figure and the nation's are of different things, so that targets and "
    "comparators taken from the return do not fit the months.",
    advice="Find out what is counted otherwise and say so in the report, or accept the finding.",
    example="board.xlsx:Right Service!D7 – Referrals, Apr-21 to Oct-21: 2,582 here, 2,185 in DfE's "
    "published months (13% to 24% above in each of 7 months)",
    find=find_unlike_returns,
)
