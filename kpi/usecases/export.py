"""`kpi export`: tidy tables for Power BI, Excel, DuckDB and Spark, under stable names."""

from __future__ import annotations

import polars as pl

from kpi.domain.answer import Answer
from kpi.domain.outturn import ratio_parts
from kpi.domain.scorecard import figures
from kpi.usecases.compare import compare
from kpi.usecases.project import (
    Choice,
    Project,
    chosen_indicators,
    chosen_place,
    require_observations,
)
from kpi.usecases.rag import rag
from kpi.usecases.trend import trend

OBSERVATIONS = (
    *("indicator", "area", "unit", "period", "period_start", "period_end", "value"),
    *("numerator", "denominator", "state", "marks", "source_file", "source_sheet", "source_cell"),
)
"""Columns of the exported observations: a tidy file that `kpi ingest` reads back."""


def export(project: Project, choice: Choice, *, hide_small: bool = False) -> dict[str, Answer]:
    """The figures that count, and what is said of them, by the name of their table.

    Args:
        project: Catalogue and store.
        choice: Which part of it; without an area, every area.
        hide_small: Whether small numbers are suppressed.

    Returns:
        `observations` (every period held), `ratings`, `trends` and `comparisons`, the last
        three as `kpi rag`, `kpi trend` and `kpi compare` answer.

    Raises:
        RequestError: Nothing is held, or what was asked for is unknown.
    """
    return {
        "observations": observations(project, choice, hide_small=hide_small),
        "ratings": rag(project, choice, hide_small=hide_small),
        "trends": trend(project, choice, hide_small=hide_small),
        "comparisons": compare(project, choice, hide_small=hide_small),
    }


def observations(project: Project, choice: Choice, *, hide_small: bool) -> Answer:
    """Every figure that counts, one row an indicator, area, unit and period.

    A conflict has no value; blank cells are left out.
    """
    catalogue = project.catalogue
    snapshot = project.store.snapshot(as_of=choice.as_of)
    require_observations(project, snapshot)
    ids = {each.id for each in chosen_indicators(catalogue, choice)}
    place = chosen_place(catalogue, choice)
    if choice.area is None:
        place = chosen_place(catalogue, Choice(area="all", unit=choice.unit, by_unit=True))
    wanted = ratio_parts(catalogue, ids)
    rows = (
        snapshot.observations.filter(place.filter() & pl.col("indicator").is_in(list(wanted)))
        .pipe(figures, catalogue, hide_small=hide_small)
        .filter(pl.col("indicator").is_in(list(ids)) & (pl.col("state") != "blank"))
        .sort("indicator", "area", "unit", "period_end", "period_months")
        .select(OBSERVATIONS)
        .collect()
    )
    return Answer(
        command="export",
        authority=catalogue.authority,
        period=None,
        as_of=snapshot.as_of,
        catalogue_sha256=catalogue.sha256,
        rows=rows,
        counts={"observations": rows.height},
    )
