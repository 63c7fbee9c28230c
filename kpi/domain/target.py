"""Which target holds for an indicator in a period, and the outturn in that target's terms.

The working is design.md, section 7, rule 1: an in-month count against a yearly target is
twelve times itself, a year to date is what the whole year comes to at that pace.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator, Target
from kpi.domain.period import FIRST_MONTH

ALWAYS = date(1, 1, 1)
PER_MONTHS = {"month": 1, "quarter": 3, "year": 12, "point": 0}

TARGETS: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "target_value": pl.Float64(),
    "target_low": pl.Float64(),
    "target_high": pl.Float64(),
    "target_blue": pl.Float64(),
    "target_awaited": pl.Boolean(),
    "target_per": pl.String(),
    "target_begins": pl.Date(),
    "target_ends": pl.Date(),
    "target_profile": pl.List(pl.Float64()),
    "target_typed": pl.Boolean(),
}
"""Columns of a frame of targets, one row a target; `target_typed` came from a sheet."""


def target_frame(catalogue: Catalogue) -> pl.DataFrame:
    """The catalogue's targets, one row each (columns: `TARGETS`)."""
    return pl.DataFrame(
        [
            _target_row(indicator, target)
            for indicator in catalogue.indicators
            for target in indicator.target
        ],
        schema=TARGETS,
        orient="row",
    )


def typed_target_frame(held_targets: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Targets typed in a sheet, for the indicators to which the catalogue gives none.

    One whose column names a period, such as `Target 2021/22`, holds in it and no longer; where
    it could as well be a month's as the year's, none is taken.

    Args:
        held_targets: The newest typed target an indicator and period: `indicator`, `value`,
            `state`, `typed_per` (null: the sheet does not say), `period_start`, `period_end`
            (null: the column names no period), `period_months`.
        catalogue: Says which indicators have a target, and what period is usual.
    """
    without = {each.id: each for each in catalogue.indicators if not each.target}
    # Of a year's and a month's target that begin together, the month's holds.
    by_beginning = held_targets.sort("period_months", nulls_last=True).unique(
        ["indicator", "period_start"], keep="first", maintain_order=True
    )
    rows = [
        _target_row(
            without[row["indicator"]],
            Target(
                value=row["value"],
                awaited=row["state"] == "awaited",
                per=row["typed_per"],
                begins=row["period_start"],
                ends=row["period_end"],
            ),
            typed=True,
        )
        for row in by_beginning.iter_rows(named=True)
        if row["indicator"] in without
        and row["state"] in ("value", "awaited")
        and _is_plain(row, without[row["indicator"]])
    ]
    return pl.DataFrame(rows, schema=TARGETS, orient="row")


def _is_plain(row: dict[str, object], indicator: Indicator) -> bool:
    """Whether it is plain what period a typed target speaks of."""
    usual = PER_MONTHS[indicator.target_per(Target())]
    return row["typed_per"] is not None or row["period_months"] in (None, usual) or not usual


def with_target(outturns: pl.LazyFrame, targets: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows with the target that holds: the latest begun on or before the last day.

    Needs `indicator` and `period_end`; adds the columns of `TARGETS`, all null where no
    target has begun or the latest has ended.
    """
    held = (
        outturns.select("indicator", "period_end")
        .unique()
        .join(targets, on="indicator")
        .filter(pl.col("target_begins") <= pl.col("period_end"))
        .filter(
            pl.col("target_begins") == pl.col("target_begins").max().over("indicator", "period_end")
        )
        .filter(pl.col("target_ends").is_null() | (pl.col("target_ends") >= pl.col("period_end")))
    )
    return outturns.join(held, on=["indicator", "period_end"], how="left", maintain_order="left")


def months_elapsed(period_end: pl.Expr, year: pl.Expr) -> pl.Expr:
    """How many months of the indicator's year have elapsed on a period's last day: April is 1."""
    first = year.replace_strict(FIRST_MONTH, return_dtype=pl.Int64)
    return (period_end.dt.month().cast(pl.Int64) - first) % 12 + 1


def compared_value() -> pl.Expr:
    """The outturn in its target's terms; null where there is none.

    Needs `value`, `outturn_type`, `basis`, `period_months`, `months_elapsed`, `target_per`,
    `target_profile`. With a profile, the share of the year's target that was due takes the
    place of the share of the year that has passed.

    Source: design.md, section 7, rule 1.
    """
    value, per = pl.col("value"), _per_months()
    as_it_is = (
        (pl.col("outturn_type") == "percentage")
        | (pl.col("basis") == "snapshot")
        | (pl.col("target_per") == "point")
    )
    # Multiplying first keeps whole numbers whole: 12 x 503 / 7, not 12/7 x 503.
    return (
        pl.when(as_it_is)
        .then(value)
        .when(_has_profile() & (_share_due() > 0))
        .then(value * per / (12 * _share_due()))
        .when(_has_profile())
        .then(None)
        .otherwise(value * per / months_behind())
    )


def months_behind() -> pl.Expr:
    """The months an outturn speaks of: those elapsed for a year to date, else its own, or 12."""
    return (
        pl.when(pl.col("basis") == "year-to-date")
        .then(pl.col("months_elapsed"))
        .when(pl.col("basis") == "in-month")
        .then(pl.col("period_months").cast(pl.Int64))
        .otherwise(12)
    )


def _share_due() -> pl.Expr:
    """The share of a year's target that the months behind an outturn should have brought."""
    profile, elapsed, behind = pl.col("target_profile"), pl.col("months_elapsed"), months_behind()
    due = profile.list.slice(elapsed - behind, behind).list.sum()
    spread = pl.col("basis").is_in(["in-month", "year-to-date"])
    return pl.when(spread).then(due / profile.list.sum()).otherwise(1.0)


def _has_profile() -> pl.Expr:
    return pl.col("target_profile").list.len().fill_null(0) > 0


def _per_months() -> pl.Expr:
    return pl.col("target_per").replace_strict(PER_MONTHS, return_dtype=pl.Int64)


def _target_row(indicator: Indicator, target: Target, *, typed: bool = False) -> tuple[object, ...]:
    return (
        indicator.id,
        target.value,
        target.low,
        target.high,
        target.blue,
        target.awaited,
        indicator.target_per(target),
        target.begins or ALWAYS,
        target.ends,
        list(target.profile),
        typed,
    )
