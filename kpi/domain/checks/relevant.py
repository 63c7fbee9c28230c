"""The stored rows that checks need: the own ones, and of other areas those worth a look.

A store may hold every authority's published figures. They are not this report's to check,
but for what is typed in beside own months, and for what no reader could have meant.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.held import SIGNIFICANT_DIGITS
from kpi.domain.observation import KEY

_PRINTED = ("seq", "source_sheet", "source_row")


def relevant_rows(
    observations: pl.LazyFrame, catalogue: Catalogue, *, bulk: Collection[int] = ()
) -> pl.LazyFrame:
    """The rows of the authority; of other areas, printed beside its months or plainly odd.

    Odd is what is unreadable, a percentage outside 0 to 100 or in a row of counts, a
    numerator over its denominator, and a figure that one source gives twice and
    differently; with it comes every row of the same key.

    Args:
        observations: Stored rows, nothing that was taken back.
        catalogue: What is measured.
        bulk: Numbers of the batches that are too large to look for figures given twice,
            which only published files of every authority are.
    """
    is_own = pl.col("area") == catalogue.authority
    own = observations.filter(is_own).collect()
    others = observations.filter(~is_own)
    elsewhere = pl.concat([_beside(own, others), _odd(others, catalogue, bulk=bulk)])
    return pl.concat([own, elsewhere.unique(maintain_order=True)]).lazy()


def own_rows(observations: pl.LazyFrame, catalogue: Catalogue) -> pl.LazyFrame:
    """The rows of the authority: the history that a file's own figures are judged by."""
    return observations.filter(pl.col("area") == catalogue.authority)


def _beside(own: pl.DataFrame, others: pl.LazyFrame) -> pl.DataFrame:
    """The rows of other areas that stand in one printed row with own months."""
    row = pl.col("source_cell").str.extract(r"(\d+)$")
    printed = (
        own.filter((pl.col("role") == "outturn") & (pl.col("period_months") < 12))
        .with_columns(source_row=row)
        .group_by(*_PRINTED, "indicator")
        .agg(cells=pl.col("source_cell").n_unique())
        .filter(pl.col("cells") > 1)
        .select(_PRINTED)
        .unique()
    )
    return (
        others.filter(pl.col("seq").is_in(printed["seq"].unique().to_list()))
        .with_columns(source_row=row)
        .join(printed.lazy(), on=_PRINTED, how="semi", nulls_equal=True)
        .drop("source_row")
        .collect()
    )


def _odd(others: pl.LazyFrame, catalogue: Catalogue, *, bulk: Collection[int]) -> pl.DataFrame:
    value = pl.col("value")
    shares = [each.id for each in catalogue.indicators if each.outturn == "percentage"]
    is_share = pl.col("indicator").is_in(shares)
    is_odd = (
        (pl.col("state") == "unreadable")
        | (is_share & ((value < 0) | (value > 100)))
        | (~is_share & pl.col("raw").str.contains("%", literal=True))
        | (is_share & (pl.col("numerator") > pl.col("denominator")))
    )
    odd, twice = pl.collect_all(
        [
            others.filter(is_odd).select(KEY).unique(),
            _twice(others.filter(~pl.col("seq").is_in([*bulk]))),
        ]
    )
    keys = pl.concat([odd, twice]).unique()
    if keys.is_empty():
        return others.head(0).collect()
    return (
        others.filter(pl.col("indicator").is_in(keys["indicator"].unique().to_list()))
        .join(keys.lazy(), on=KEY, how="semi", nulls_equal=True)
        .collect()
    )


def _twice(others: pl.LazyFrame) -> pl.LazyFrame:
    """The keys of which one source gives two figures."""
    key = [*KEY, "seq"]
    # Looking at hashes first costs a quarter; what they let through is looked at itself.
    return (
        others.filter((pl.col("role") == "outturn") & pl.col("value").is_not_null())
        .select(*key, "value")
        .filter(pl.struct(key).hash().is_duplicated())
        .group_by(key)
        .agg(figures=pl.col("value").round_sig_figs(SIGNIFICANT_DIGITS).n_unique())
        .filter(pl.col("figures") > 1)
        .select(KEY)
    )
