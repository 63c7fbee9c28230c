"""What is no finding and yet worth a sentence: data not there yet, and what was allowed for."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.published_figures import candidates
from kpi.domain.checks.wording import listed
from kpi.domain.words import relative

_MANY = 12


def awaited_series(context: Context) -> pl.LazyFrame:
    """The own indicators for whose months there is nothing yet but TBC: `indicator`, `months`."""
    state = pl.col("state")
    return (
        context.own()
        .filter((pl.col("unit") == "") & (pl.col("period_months") < 12) & pl.col("is_subject"))
        .group_by("indicator")
        .agg(
            months=(state == "awaited").sum(),
            others=(~state.is_in(["awaited", "blank"])).sum(),
        )
        .filter((pl.col("months") > 0) & (pl.col("others") == 0))
        .select("indicator", "months")
    )


def rebased_rates(context: Context) -> pl.LazyFrame:
    """The typed rates taken for published ones of before the census: `indicator`, `share`.

    `share` is how far the farthest lies from what is published now.
    """
    if not context.has("typed"):
        return pl.LazyFrame(schema={"indicator": pl.String, "share": pl.Float64})
    cell = ["seq", "source_file", "source_sheet", "source_cell"]
    share = ((pl.col("value") - pl.col("published")) / pl.col("published")).abs()
    return (
        candidates(context)
        .filter("is_subject")
        .with_columns(share=share)
        .group_by("indicator", *cell)
        .agg(
            is_exact=pl.col("is_exact").any(),
            share=pl.col("share").filter("is_rebased").min(),
        )
        .filter(~pl.col("is_exact") & pl.col("share").is_not_null())
        .group_by("indicator")
        .agg(pl.col("share").max())
    )


def notes(awaited: pl.DataFrame, rebased: pl.DataFrame, catalogue: Catalogue) -> tuple[str, ...]:
    """The two as sentences, in the catalogue's order; none where there is nothing to say."""
    said = []
    if waiting := dict(awaited.iter_rows()):
        titles = (
            f"{each.short} ({_months(waiting[each.id])})"
            for each in catalogue.indicators
            if each.id in waiting
        )
        said.append(f"No data yet (TBC): {listed(titles, most=_MANY)}.")
    if shares := dict(rebased.iter_rows()):
        titles = (
            f"{each.short} (up to {relative(shares[each.id])})"
            for each in catalogue.indicators
            if each.id in shares
        )
        said.append(
            "Taken for right: rates of earlier years that differ from those published now, since "
            f"populations were rebased on the 2021 census: {listed(titles, most=_MANY)}."
        )
    return tuple(said)


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
