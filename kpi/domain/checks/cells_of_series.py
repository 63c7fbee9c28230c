"""Wrong cells brought together series by series, where a whole series is wrong alike.

Two wrong cells are two slips, each with its own finding; three and more are one.
"""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import CELL_PLACE, SERIES
from kpi.domain.checks.wording import about, figure, listed, periods
from kpi.domain.findings import Row
from kpi.domain.observation import address_expr

MANY = 3
"""So many wrong cells of one series are told in one finding."""


def by_series(wrong: pl.LazyFrame) -> pl.LazyFrame:
    """One row a finding: the first cell's columns, `period` (null for several), `figures`.

    Args:
        wrong: Cells, each of them wrong: `SERIES`, `seq`, `row`, `period`, `value`, `raw`,
            `state` and `CELL_PLACE`.
    """
    series = [*SERIES, "seq"]
    is_many = pl.len().over(series) >= MANY
    return (
        wrong.sort("seq", "row")
        .with_columns(slip=pl.when(~is_many).then(pl.int_range(pl.len())))
        .group_by(*series, "slip", maintain_order=True)
        .agg(
            pl.col(*CELL_PLACE, "value", "raw", "state").first(),
            pl.col("period").first(),
            periods=pl.col("period").drop_nulls(),
            figures=pl.col("value"),
            figure_count=pl.len(),
            related=address_expr().slice(1),
            wrong=address_expr(),
        )
        .with_columns(period=pl.when(pl.col("figure_count") == 1).then("period"))
    )


def figures_said(row: Row, catalogue: Catalogue) -> str:
    """What a finding is about and its figures: `Visits, Sep-21: 130%`, `Visits: 1%, 2% and 3%`."""
    indicator = catalogue.by_id[row["indicator"]]
    said = listed(figure(each, indicator) for each in row["figures"] if each is not None)
    months = periods(row["periods"], indicator) if row["figure_count"] > 1 else ""
    return f"{about(row, catalogue)}: {said}" + (f" ({months})" if months else "")
