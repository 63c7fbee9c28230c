"""Figures for periods that have not begun."""

from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import Context
from kpi.domain.checks.wording import listed, when
from kpi.domain.findings import Check, Row, Said, worded
from kpi.domain.observation import address_expr


def find_future(context: Context) -> pl.LazyFrame:
    """Each period that begins after today for which a source gives figures, with their number.

    A period that has begun is no future: its figure may be one to date.
    """
    catalogue = context.catalogue
    found = (
        context.future.filter(pl.col("is_subject") & (pl.col("state") == "value"))
        .sort("seq", "row")
        .group_by("seq", "source_file", "source_sheet", "period", maintain_order=True)
        .agg(
            pl.col("indicator", "area", "unit", "value", "state", "source_cell").first(),
            ids=pl.col("indicator").unique(maintain_order=True),
            related=address_expr().slice(1),
        )
    )
    return worded(found, say=lambda row: _say(row, catalogue, context))


def _say(row: Row, catalogue: Catalogue, context: Context) -> Said:
    titles = listed((catalogue.by_id[each].short for each in row["ids"]), most=3)
    period = when(row["period"], catalogue.by_id[row["indicator"]])
    return Said(
        f"{titles}: figures for {period}, which has not begun on {context.today.isoformat()}",
        "Check the year in the heading.",
    )


CHECK = Check(
    code="KPI212",
    title="future period",
    severity="warning",
    meaning="There are figures for a period that begins after today.",
    why="The heading's year is mistyped, or the figures are forecasts. A rating would take them "
    "for outturns.",
    advice="Correct the heading. Forecasts belong into another sheet.",
    example="board.csv!J2 – Contacts: figures for Oct-22, which has not begun on 2021-11-09",
    find=find_future,
)
