"""Periods of a series for which nothing is held."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator
from kpi.domain.checks.context import CELL_PLACE, Context
from kpi.domain.checks.gaps import LENGTH, STOPPED_AFTER, series_spans
from kpi.domain.checks.wording import about, periods
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr
from kpi.domain.period import Period

_A_YEAR = 12


def find_missing(context: Context) -> pl.LazyFrame:
    """Each own series with periods that are empty or not there.

    Looked for are months and quarters up to the chosen period, but for those so young that
    they are awaited (`lag_months`); a series that has stopped is another check's. Of units
    only gaps between two periods count: teams come and go.
    """
    catalogue = context.catalogue
    limit = pl.col("period_months").replace_strict(STOPPED_AFTER, return_dtype=pl.Int64)
    is_whole, is_regular = pl.col("unit") == "", pl.col("cadence") == 1
    ends_soon = (is_whole & (pl.col("behind") < limit)).fill_null(value=True)
    spans = (
        series_spans(context)
        .filter((pl.col("period_months") < _A_YEAR) & pl.col("is_subject"))
        .filter(pl.col("newest_start").is_not_null() | is_whole)
        .with_columns(
            since=pl.when(is_whole & is_regular)
            .then("first_start")
            .otherwise(pl.coalesce("first_held", "first_start")),
            until=pl.when(ends_soon)
            .then(pl.max_horizontal("due_start", "newest_start"))
            .otherwise("newest_start"),
        )
    )
    found = (
        spans.pipe(_with_missing, context)
        .group_by(LENGTH, maintain_order=True)
        .agg(
            starts=pl.col("start"),
            is_blank=pl.col("source_cell").is_not_null().first(),
            seq=pl.col("seq").first(),
            related=pl.col("address").drop_nulls().slice(1),
            **{name: pl.coalesce(name, f"newest_{name}").first() for name in CELL_PLACE},
        )
        .with_columns(state=pl.lit("blank"), periods=_printed(catalogue))
        .with_columns(
            period=pl.when(pl.col("periods").list.len() == 1).then(pl.col("periods").list.first())
        )
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _with_missing(spans: pl.LazyFrame, context: Context) -> pl.LazyFrame:
    """A row for each missing period: `start`, and the place of its blank cell if there is one."""
    own = context.own().filter(pl.col("period_start").is_not_null())
    held = own.filter(pl.col("state") != "blank").select(*LENGTH, start="period_start")
    blank = own.filter(pl.col("state") == "blank").select(
        *LENGTH, *CELL_PLACE, start="period_start", address=address_expr()
    )
    expected = []
    for months in (1, 3):
        starts = pl.date_ranges("since", "until", interval=f"{months}mo")
        expected.append(
            spans.filter(pl.col("period_months") == months)
            .filter(pl.col("since") <= pl.col("until"))
            .with_columns(start=starts, place=pl.int_ranges(0, starts.list.len()))
            .explode("start", "place")
        )
    return (
        pl.concat(expected)
        .filter(pl.col("place") % pl.col("cadence") == 0)
        .join(held, on=[*LENGTH, "start"], how="anti")
        .join(blank, on=[*LENGTH, "start"], how="left")
        .sort(*LENGTH, "start")
    )


def _printed(catalogue: Catalogue) -> pl.Expr:
    """The missing periods as they are printed, from their `starts`."""

    def printed(rows: pl.Series) -> pl.Series:
        said = [
            [_period(start, row, catalogue.by_id[row["indicator"]]) for start in row["starts"]]
            for row in rows
        ]
        return pl.Series(said, dtype=pl.List(pl.String))

    columns = pl.struct("indicator", "period_months", "starts")
    return columns.map_batches(printed, return_dtype=pl.List(pl.String))


def _period(start: object, row: Row, indicator: Indicator) -> str:
    return str(Period(start, row["period_months"], indicator.year))  # type: ignore[arg-type]


def _say(row: Row, catalogue: Catalogue) -> Said:
    indicator = catalogue.by_id[row["indicator"]]
    title = about({**row, "period": None}, catalogue)
    blank = " (blank)" if row["is_blank"] else ""
    return Said(
        f"{title}: no figure for {periods(row['periods'], indicator)}{blank}",
        "Type it, or why there is none: TBC, N/A.",
    )


CHECK = Check(
    code="KPI213",
    title="missing period",
    severity="warning",
    meaning="A series has no figure, and no reason for its absence, for a period that it should "
    "have.",
    why="A blank says nothing: not collected, not yet typed, and none at all look alike. A chart "
    "joins over it, and a total of the year is too small.",
    advice="Type the figure, or TBC (awaited) or N/A. If the newest months always come later, give "
    "the indicator `lag_months`.",
    example="board.xlsx:Assessment!C8 – Assessment rate: no figure for Apr-21 (blank)",
    find=find_missing,
)
