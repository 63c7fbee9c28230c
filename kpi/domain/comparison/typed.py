"""Which held figures are comparators that a report has typed in beside its own months.

A report prints the figures of several places, or months and years, in one row; a tidy
file and a published one give each place a row of its own. So the row that a figure
stands in tells whether it was typed in for comparison or is that place's own figure.

Typed figures are sometimes another indicator's, put into the wrong row. What shows that
is said here, so that nothing is made of them; telling the author is the checks' business.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.observation import STATISTICAL_NEIGHBOURS

_ENOUGH = 3
"""So many equal figures beside two indicators are no chance."""

_ROW = ("batch", "source_sheet", "source_row")


def with_typed(held: pl.LazyFrame, observations: pl.LazyFrame) -> pl.LazyFrame:
    """The held rows with `is_typed`.

    True for figures of `Statistical neighbours`, those whose year is not stated, and those
    whose row in its source holds several areas, or periods of several lengths.

    Args:
        held: Held figures.
        observations: The stored rows that they come from.
    """
    row = pl.col("source_cell").str.extract(r"(\d+)$")
    rows = (
        observations.filter(pl.col("role") == "outturn")
        .with_columns(source_row=row)
        .drop_nulls("source_row")
        .group_by(_ROW)
        .agg(
            is_of_report=(pl.col("area").n_unique() > 1) | (pl.col("period_months").n_unique() > 1)
        )
    )
    return (
        held.with_columns(source_row=row)
        .join(rows, on=_ROW, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            is_typed=pl.col("is_of_report").fill_null(value=False)
            | (pl.col("area") == STATISTICAL_NEIGHBOURS)
            | pl.col("period").is_null()
        )
        .drop("source_row", "is_of_report")
    )


def typed_faults(typed: pl.LazyFrame, own: pl.LazyFrame, *, titles: pl.LazyFrame) -> pl.LazyFrame:
    """The indicators beside which figures are typed that cannot be theirs, and why.

    Two things show it: the same figures, at least three, stand beside another indicator;
    or a count of England or a region is less than the authority's own.

    Args:
        typed: The typed figures, those of earlier own years among them: `indicator`,
            `name`, `period`, `value`, `kind`, `is_count`.
        own: The outturns: `indicator`, `area`, `unit`, `outturn`.
        titles: `indicator`, `short_title`.

    Returns:
        `indicator`, `fault` (in words); no row for an indicator without.
    """
    sets = (
        typed.sort("indicator", "name", "period")
        .group_by("indicator", maintain_order=True)
        .agg(said=pl.struct("name", "period", "value"))
        .filter(pl.col("said").list.len() >= _ENOUGH)
    )
    twice = (
        sets.join(sets.join(titles, on="indicator"), on="said", suffix="_other")
        .filter(pl.col("indicator") != pl.col("indicator_other"))
        .unique("indicator", keep="first", maintain_order=True)
        .select(
            "indicator",
            fault=pl.format("the same figures are typed beside {}", "short_title"),
        )
    )
    return pl.concat([twice, _too_few(typed, own)]).unique(
        "indicator", keep="first", maintain_order=True
    )


def without_faulty(
    comparators: pl.LazyFrame, *, own: pl.LazyFrame, faults: pl.LazyFrame
) -> pl.LazyFrame:
    """The comparators, those typed beside an indicator with a fault being unlike.

    Args:
        comparators: Columns of `kpi.domain.comparison.comparators.COMPARATOR`.
        own: `own`, `indicator`.
        faults: What `typed_faults` gives.
    """
    of_outturns = own.select("own", "indicator").join(faults, on="indicator").drop("indicator")
    is_faulty = (pl.col("origin") == "typed") & pl.col("fault").is_not_null()
    return (
        comparators.join(of_outturns, on="own", how="left")
        .with_columns(
            alike=pl.when(~is_faulty).then("alike"),
            unlike=pl.when(is_faulty).then("fault").otherwise("unlike"),
        )
        .drop("fault")
    )


def _too_few(typed: pl.LazyFrame, own: pl.LazyFrame) -> pl.LazyFrame:
    """The counts of which a whole region or England is said to have fewer than one authority."""
    ours = own.filter(pl.col("unit") == "").select("indicator", "area", "outturn")
    return (
        typed.filter(pl.col("is_count") & pl.col("kind").is_in(["england", "region"]))
        .join(ours, on="indicator")
        .filter(pl.col("value") < pl.col("outturn"))
        .sort("indicator", "kind")
        .unique("indicator", keep="first", maintain_order=True)
        .select(
            "indicator",
            fault=pl.format(
                "the typed figures are no counts: {} cannot have fewer than {}", "name", "area"
            ),
        )
    )
