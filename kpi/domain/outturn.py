"""What an outturn is made of: counts from other rows, and indicators that are a ratio.

Works on held figures (`kpi.domain.held`), one row a key.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator

PLACE = ("area", "unit", "period")


def with_counts(held: pl.LazyFrame, catalogue: Catalogue) -> pl.LazyFrame:
    """The same rows with numerators and denominators filled in from other indicators.

    Where the catalogue names an indicator as numerator or denominator and the source gave
    none, the figure of that indicator for the same area, unit and period is it.
    """
    for column in ("numerator", "denominator"):
        held = _with_linked(held, catalogue, column=column)
    return held


def with_ratios(held: pl.LazyFrame, catalogue: Catalogue) -> pl.LazyFrame:
    """The same rows and those of the indicators that the catalogue derives as a ratio.

    A derived row has the value, numerator and denominator that follow; null where either
    part is missing, with that part's state, and `not_applicable` where the denominator is 0.
    Its source is that of its numerator, its `related` the address of the denominator too.
    """
    for indicator in _in_order([each for each in catalogue.indicators if each.ratio]):
        held = pl.concat([held, _ratio_rows(held, indicator)], how="diagonal")
    return held


def ratio_parts(catalogue: Catalogue, ids: set[str]) -> set[str]:
    """These ids and those of every indicator that their figures rest on."""
    by_id = catalogue.by_id
    wanted: set[str] = set()
    left = set(ids)
    while left:
        indicator = by_id[left.pop()]
        wanted.add(indicator.id)
        rests_on = {*indicator.ratio, indicator.numerator, indicator.denominator}
        rests_on &= by_id.keys()
        left |= rests_on - wanted
    return wanted


def _with_linked(held: pl.LazyFrame, catalogue: Catalogue, *, column: str) -> pl.LazyFrame:
    by_id = catalogue.by_id
    links = {
        each.id: part
        for each in catalogue.indicators
        if (part := getattr(each, column)) in by_id and _same_span(each, by_id[part])
    }
    if not links:
        return held
    counts = held.select(
        pl.col("indicator").alias("linked"), *PLACE, pl.col("value").alias("linked_value")
    )
    return (
        held.with_columns(linked=pl.col("indicator").replace_strict(links, default=None))
        .join(counts, on=["linked", *PLACE], how="left", nulls_equal=True)
        .with_columns(pl.coalesce(column, "linked_value").alias(column))
        .drop("linked", "linked_value")
    )


def _same_span(indicator: Indicator, part: Indicator) -> bool:
    """Whether two indicators' figures of one month are about the same months.

    A count of the month is no numerator of a year to date.
    """
    return (indicator.basis == "year-to-date") == (part.basis == "year-to-date")


def _ratio_rows(held: pl.LazyFrame, indicator: Indicator) -> pl.LazyFrame:
    over, under = indicator.ratio
    columns = held.collect_schema().names()
    parts = held.filter(pl.col("indicator") == over).join(
        held.filter(pl.col("indicator") == under).select(
            *PLACE, "value", "state", "conflict", "said", "marks"
        ),
        on=PLACE,
        how="inner",
        nulls_equal=True,
        suffix="_under",
    )
    times = {"percentage": 100.0, "rate": indicator.per, "number": 1.0}[indicator.outturn]
    over_value, under_value = pl.col("value"), pl.col("value_under")
    state = (
        pl.when(pl.col("state") != "value")
        .then(pl.col("state"))
        .when((pl.col("state_under") == "value") & (under_value == 0))
        .then(pl.lit("not_applicable"))
        .otherwise(pl.col("state_under"))
    )
    partial = pl.col("marks").str.contains("partial") | pl.col("marks_under").str.contains(
        "partial"
    )
    return parts.with_columns(
        indicator=pl.lit(indicator.id),
        value=pl.when(under_value != 0).then(times * over_value / under_value),
        numerator=over_value,
        denominator=under_value,
        state=state,
        conflict=pl.col("conflict") | pl.col("conflict_under"),
        marks=pl.when(partial).then(pl.lit("partial")).otherwise(pl.lit("")),
        said=pl.concat_list("said", "said_under"),
        related=pl.concat_list("said", "said_under")
        .list.eval(pl.element().struct.field("address"))
        .list.slice(1),
        raw=pl.lit(None, dtype=pl.String),
        label=pl.lit(indicator.title),
    ).select(columns)


def _in_order(ratios: list[Indicator]) -> list[Indicator]:
    """Ratios after those they rest on; the catalogue's reader has refused circles."""
    ids = {each.id for each in ratios}
    ordered: list[Indicator] = []
    while len(ordered) < len(ratios):
        done = {each.id for each in ordered}
        ordered += [
            each for each in ratios if each.id not in done and not (set(each.ratio) & ids) - done
        ]
    return ordered
