"""Stocks that do not follow from the one before, what began and what ended."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Coherence, Indicator
from kpi.domain.checks.beside import beside, coherences
from kpi.domain.checks.cells_of_series import MANY
from kpi.domain.checks.context import CELL_PLACE, SERIES, Context
from kpi.domain.checks.wording import about, exact, listed, when
from kpi.domain.findings import Check, Row, Said, nothing_found, worded
from kpi.domain.observation import address_expr
from kpi.domain.words import relative

USUAL_ALLOWANCE = 2.0
"""Per cent of the cases that the sum is made of. Of DfE's published plans it holds exactly in
42% of the years of an authority, and within so much in 97%: the rest were mended later."""

LEAST = 1.0
"""Differences of up to so many cases are none, unless the catalogue states an allowance."""


def find_broken_flows(context: Context) -> pl.LazyFrame:
    """Each stock unlike the last one plus starts minus ends (`flow_of`).

    Every case may be mended later, so the allowance is in per cent of the earlier stock, the
    starts and the ends together. A series that is broken three times or more is one finding.
    """
    frames = [
        _of(context, stock, rule)
        for stock, rule in coherences(context.catalogue, "flow_of")
        if len(rule.with_) == 2
    ]
    return pl.concat(frames) if frames else nothing_found()


def _of(context: Context, stock: Indicator, rule: Coherence) -> pl.LazyFrame:
    catalogue = context.catalogue
    is_usual = rule.allowance is None
    percent, least = (USUAL_ALLOWANCE, LEAST) if is_usual else (rule.allowance, 0.0)
    series = [*SERIES, "period_months"]
    begins = pl.col("period_start")
    months = pl.format("{}mo", pl.col("period_months").cast(pl.Int64))
    follows = begins.shift(1).over(series).dt.offset_by(months) == begins
    stocks = beside(context, stock.id, others=[]).sort("period_end")
    last = stocks.with_columns(
        last=pl.when(follows).then(pl.col("value").shift(1).over(series)),
        last_at=address_expr().shift(1).over(series),
    ).select(*SERIES, "period", "last", "last_at")
    began, ended = pl.col("other_0"), pl.col("other_1")
    cases = pl.sum_horizontal(pl.col("last"), began, ended)
    broken = (
        beside(context, stock.id, others=rule.with_)
        .join(last.filter(pl.col("last").is_not_null()), on=[*SERIES, "period"])
        .with_columns(
            gap=pl.col("value") - (pl.col("last") + began - ended),
            related=pl.concat_list("last_at", "related"),
            period_count=pl.len().over(series),
        )
        .filter("is_subject")
        .filter(pl.col("gap").abs() > pl.max_horizontal(cases * percent / 100, pl.lit(least)))
    )
    found = _brought_together(broken, series).with_columns(
        started=pl.lit(rule.with_[0]), ended=pl.lit(rule.with_[1])
    )
    return worded(found, say=lambda row: _say(row, catalogue))


def _brought_together(broken: pl.LazyFrame, series: list[str]) -> pl.LazyFrame:
    """One row a finding: a series' breaks one by one, or all together where there are many."""
    is_many = pl.len().over(series) >= MANY
    return (
        broken.sort("period_end")
        .with_columns(slip=pl.when(~is_many).then(pl.int_range(pl.len())))
        .group_by(*series, "slip", maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "seq", "value", "state").first(),
            pl.col("last", "other_0", "other_1", "period_count").first(),
            period=pl.when(pl.len() == 1).then(pl.col("period").first()),
            periods=pl.col("period"),
            gaps=pl.col("gap"),
            related=pl.concat([address_expr().slice(1), pl.col("related").list.explode()]),
            wrong=address_expr(),
        )
        .with_columns(pl.col("related").list.unique(maintain_order=True))
    )


def _say(row: Row, catalogue: Catalogue) -> Said:
    started, ended = (catalogue.by_id[row[name]].short for name in ("started", "ended"))
    if len(row["gaps"]) > 1:
        return _say_many(row, catalogue, flows=f"+ {started} - {ended}")
    (gap,) = row["gaps"]
    size = f", {relative(gap / row['value'])}" if row["value"] else ""
    return Said(
        f"{about(row, catalogue)}: {exact(row['value'])}, where {exact(row['last'])} before + "
        f"{exact(row['other_0'])} ({started}) - {exact(row['other_1'])} ({ended}) is "
        f"{exact(row['value'] - gap)} ({_more_or_fewer(gap)}{size})",
        "Were starts or ends entered late, or the earlier stock mended?",
    )


def _say_many(row: Row, catalogue: Catalogue, *, flows: str) -> Said:
    indicator, count = catalogue.by_id[row["indicator"]], len(row["gaps"])
    said = listed(
        f"{when(period, indicator)} ({_more_or_fewer(gap)})"
        for period, gap in zip(row["periods"], row["gaps"], strict=True)
    )
    is_most = 2 * count > row["period_count"]
    return Said(
        f"{about(row, catalogue)}: {count} of {row['period_count']} are not the one before "
        f"{flows}: {said}",
        "In most periods it does not hold: are all three of the same cases? If not, take "
        "`flow_of` out of the catalogue."
        if is_most
        else "Were starts or ends entered late, or the earlier stocks mended?",
    )


def _more_or_fewer(gap: float) -> str:
    return f"{exact(abs(gap))} {'more' if gap > 0 else 'fewer'}"


CHECK = Check(
    code="KPI219",
    title="stock and flow",
    severity="warning",
    meaning="A stock is not the last one plus what began minus what ended (`flow_of`).",
    why="Cases have appeared or gone without being counted, so the flows cannot be trusted for "
    "planning.",
    advice="Compare the lists behind the figures. Small differences are usual: give the rule an "
    "`allowance`, in per cent of the earlier stock, the starts and the ends together.",
    example="board.xlsx:Plans!H6 – CPP, Sep-21: 385, where 419 before + 40 (Plans begun) - 45 "
    "(Plans ended) is 414 (29 fewer, 7.5%)",
    find=find_broken_flows,
)
