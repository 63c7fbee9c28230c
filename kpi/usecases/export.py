"""`kpi export`: tidy tables for Power BI, Excel, DuckDB and Spark, under stable names.

One flat shape for Parquet, CSV and the workbook: `kpi.usecases.export_columns` says which
columns there are and what they mean. All tables are of one look at the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from kpi import __version__
from kpi.domain.catalogue import Catalogue
from kpi.domain.period import parse_period
from kpi.domain.scorecard import Place, figures
from kpi.domain.unnested import unnested
from kpi.store import Snapshot
from kpi.usecases.compare import compare
from kpi.usecases.export_columns import DTYPES, TABLES, described
from kpi.usecases.places import chosen_place
from kpi.usecases.project import (
    Choice,
    Project,
    chosen_indicators,
    require_observations,
)
from kpi.usecases.rag import rag
from kpi.usecases.trend import trend

_A_LINE_EACH = {"comparators": "comparator"}
_BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that is exported.

    Attributes:
        tables: The tables of figures by name, with the columns of `TABLES`.
        about: What all of it is of, one row a fact: `name`, `value`.
        columns: What each column means: `table`, `column`, `type`, `meaning`.
        authority: Whose figures.
        as_of: When the newest of them came in.
        small_numbers: Whether small ones are hidden, in a sentence.
    """

    tables: dict[str, pl.DataFrame]
    about: pl.DataFrame
    columns: pl.DataFrame
    authority: str
    as_of: datetime
    small_numbers: str


def export(
    project: Project, choice: Choice, *, hide_small: bool = False, internal: bool = False
) -> Export:
    """The figures that count, and what is said of them.

    Args:
        project: Catalogue and store.
        choice: Which part of it; without an area, the observations are those of every area.
        hide_small: Whether small numbers are suppressed.
        internal: Whether they are kept on purpose, which every row then states.

    Returns:
        `observations` (every period held), `ratings`, `trends` and `comparisons` as `kpi rag`,
        `kpi trend` and `kpi compare` answer, and the `trend_points` of the charts.

    Raises:
        RequestError: Nothing is held, or what was asked for is unknown.
    """
    catalogue = project.catalogue
    snapshot = project.store.snapshot(as_of=choice.as_of)
    require_observations(project, snapshot, as_of=choice.as_of)
    ratings, trends, comparisons = (
        command(project, choice, hide_small=hide_small, snapshot=snapshot)
        for command in (rag, trend, compare)
    )
    found = {
        "observations": observations(snapshot, catalogue, choice, hide_small=hide_small),
        "ratings": ratings.rows,
        "trends": trends.rows.drop("series"),
        "trend_points": _points(trends.rows),
        "comparisons": comparisons.rows,
    }
    small_numbers = _small_numbers(catalogue, internal=internal)
    return Export(
        {
            name: _tidy(rows, catalogue, table=name, internal=internal)
            for name, rows in found.items()
        },
        _about(project, snapshot, choice, period=ratings.period, small_numbers=small_numbers),
        described(),
        catalogue.authority,
        snapshot.batches[-1].ingested_at if snapshot.as_of is None else snapshot.as_of,
        small_numbers,
    )


def observations(
    snapshot: Snapshot, catalogue: Catalogue, choice: Choice, *, hide_small: bool
) -> pl.DataFrame:
    """Every figure that counts, one row an indicator, area, unit and period.

    A conflict has no value; blank cells are left out. What is to be hidden is decided by all
    that is held of the area, whatever part of it is asked for.

    Args:
        snapshot: What is held.
        catalogue: Gives the linked counts, the ratios and the limits.
        choice: Which part of it; without an area every area, and without a unit every unit.
        hide_small: Whether small numbers are suppressed.
    """
    ids = [each.id for each in chosen_indicators(catalogue, choice)]
    asked = chosen_place(catalogue, choice, snapshot.observations)
    everywhere = choice.area is None
    unit = None if everywhere and choice.unit is None else asked.unit
    place = Place(None if everywhere else asked.area, unit)
    return (
        snapshot.observations.filter(Place(place.area, None).filter())
        .pipe(figures, catalogue, hide_small=hide_small)
        .filter(place.filter() & pl.col("indicator").is_in(ids) & (pl.col("state") != "blank"))
        .sort("indicator", "area", "unit", "period_end", "period_months", nulls_last=True)
        .collect()
        .join(_outturn_types(catalogue), on="indicator", how="left", maintain_order="left")
    )


def _outturn_types(catalogue: Catalogue) -> pl.DataFrame:
    types = {each.id: each.outturn for each in catalogue.indicators}
    return pl.DataFrame({"indicator": list(types), "outturn_type": list(types.values())})


def _points(trends: pl.DataFrame) -> pl.DataFrame:
    """One row a point of a chart."""
    return (
        trends.select("indicator", "area", "unit", "series")
        .explode("series")
        .drop_nulls("series")
        .unnest("series")
    )


def _tidy(rows: pl.DataFrame, catalogue: Catalogue, *, table: str, internal: bool) -> pl.DataFrame:
    """The rows flat, with the table's columns in their order and types."""
    flat = _flat(rows)
    if "period_start" not in flat.columns:
        flat = flat.join(
            _days(flat, catalogue),
            on=["indicator", "period"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
    return flat.with_columns(internal=pl.lit(internal)).select(
        pl.col(each.name).cast(DTYPES[each.type]) for each in TABLES[table]
    )


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """A line for each comparator, a column for each field, a text for each list of texts."""
    frame = rows
    for name, prefix in _A_LINE_EACH.items():
        if name in frame.columns:
            inner = frame.schema[name].inner  # type: ignore[attr-defined]
            # An empty list would take its whole row with it.
            nothing = pl.concat_list(pl.lit(None, dtype=inner))
            filled = pl.when(pl.col(name).list.len() > 0).then(pl.col(name)).otherwise(nothing)
            frame = frame.with_columns(filled).explode(name).rename({name: prefix})
    frame = unnested(frame)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    return frame.with_columns(
        pl.when(pl.col(name).list.len() > 0).then(pl.col(name).list.join(_BETWEEN))
        for name in texts
    )


def _days(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """First and last day of each period of each indicator."""
    keys = rows.select("indicator", "period").unique(maintain_order=True)
    periods = [
        parse_period(period, year=catalogue.by_id[id_].year) if period else None
        for id_, period in keys.iter_rows()
    ]
    return keys.with_columns(
        pl.Series("period_start", [each and each.start for each in periods], dtype=pl.Date),
        pl.Series("period_end", [each and each.end for each in periods], dtype=pl.Date),
    )


def _small_numbers(catalogue: Catalogue, *, internal: bool) -> str:
    if internal:
        return "Small numbers are kept on purpose (--internal): not for publication."
    if not any(each.suppress_below for each in catalogue.indicators):
        return "The catalogue asks for no small numbers to be hidden (suppress_below)."
    return "Small numbers, and whatever would give them away, are hidden: state `suppressed`."


def _about(
    project: Project, snapshot: Snapshot, choice: Choice, *, period: str | None, small_numbers: str
) -> pl.DataFrame:
    """What the tables are of, one row a fact, those that were not asked for left out."""
    asked = {
        "theme": choice.theme,
        "indicator": _BETWEEN.join(choice.indicators),
        "area": choice.area,
        "unit": choice.unit,
    }
    facts = {
        "authority": project.catalogue.authority,
        "period": period,
        "as_of": snapshot.as_of and snapshot.as_of.isoformat(timespec="microseconds"),
        "revision": str(snapshot.batches[-1].seq),
        "catalogue_sha256": project.catalogue.sha256,
        "small_numbers": small_numbers,
        **{f"only_{name}": said for name, said in asked.items() if said},
        "written_by": f"kpi {__version__}, schema 1",
    }
    return pl.DataFrame(
        {"name": list(facts), "value": list(facts.values())},
        schema={"name": pl.String, "value": pl.String},
    )
