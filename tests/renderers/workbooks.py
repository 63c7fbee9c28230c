"""Papers for workbooks, and workbooks opened again."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kpi.domain.catalogue import Indicator, Theme
from kpi.domain.paper.contents import CHANGE, Chapter, Named, Paper, Place
from kpi.domain.period import Period
from kpi.readers.source import SourceReading, read_source
from kpi.renderers.workbook import render_workbook
from kpi.usecases.project import Project
from kpi.usecases.report_rows import places_of
from tests.builders import a_catalogue, an_indicator
from tests.usecases.report_projects import a_project, months

MONTHS = tuple(Period.of_month(2021, month) for month in (8, 9, 10))
AS_OF = datetime(2021, 11, 9, 9, 30, 15, 123456, tzinfo=UTC)
Observation = tuple[str, str, str, str | None, float | None, str]
"""Indicator, area, unit, period, value and state."""

PLACES = {"neighbours": "Statistical neighbours", "region": "South East", "england": "England"}


def a_figure(period: str, value: float | None = None, **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "period": period,
        "outturn": value,
        "state": "value" if value is not None else None,
        "marks": "",
        "conflict": False,
        "restated": False,
        "source": None,
    }
    return given | fields


def a_comparator(kind: str, period: str | None, value: float, **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "kind": kind,
        "name": PLACES.get(kind, f"Southampton {period}"),
        "period": period,
        "value": value,
        "value_compared": value,
        "outturn_compared": 60.0,
        "origin": "typed",
        "difference": 60.0 - value,
        "verdict": "similar",
        "why_not_compared": None,
        "made_alike": False,
        "working": "as it is",
        "method": None,
        "n": None,
    }
    return given | fields


def a_row(indicator: str = "visits", **fields: Any) -> dict[str, Any]:
    """Visits, red at 60% against 90%."""
    given: dict[str, Any] = {
        "indicator": indicator,
        "area": "Southampton",
        "unit": "",
        "theme": "practice",
        "title": indicator,
        "short_title": indicator,
        "period": "2021-10",
        "outturn": 60.0,
        "rag_status": "red",
        "previous_status": "green",
        "why_unrated": None,
        "reason": "60%, against at least 90%: 30 points below.",
        "target": 90.0,
        "target_low": None,
        "target_words": "at least 90%",
        "target_value_compared": 60.0,
        "distance_to_target": -30.0,
        "direction_of_travel": "worse",
        "trend_period": "2021-10",
        "variation": "special_cause_concern",
        "sparkline": "█▄▁",
        "compare_period": "2021-10",
        "compare_outturn": 60.0,
        "figures": [
            a_figure("2021-08", 80.0),
            a_figure("2021-09", 70.5),
            a_figure("2021-10", 60.0),
        ],
        "comparators": [a_comparator("england", "2020/21", 70.0)],
        "analysis": "A real change.",
        "is_headline": True,
        "findings": [],
    }
    return given | fields


VISITS_ROW = an_indicator("visits", outturn="percentage", theme="practice", owner="Head of visits")
CONTACTS_ROW = an_indicator("contacts", theme="practice")


def a_paper(
    *rows: dict[str, Any],
    indicators: tuple[Indicator, ...] = (VISITS_ROW, CONTACTS_ROW),
    theme: str = "Practice",
    **fields: Any,
) -> Paper:
    """A paper of these rows of one theme, by default one row."""
    catalogue = a_catalogue(*indicators, themes=(Theme("practice", theme),))
    given: dict[str, Any] = {
        "catalogue": catalogue,
        "period": MONTHS[-1],
        "as_of": AS_OF,
        "revision": 2,
        "periods": MONTHS,
        "places": (),
        "rows": pl.DataFrame(list(rows) or [a_row()], infer_schema_length=None),
        "charts": {},
        "changes": pl.DataFrame(schema=CHANGE),
        "change_notes": ("Nothing changed.",),
        "chapters": (Chapter("practice", theme),),
        "notes": ("A note on the data.",),
        "definitions": (Named("visits", "Visits in time. Owner: Head of visits."),),
        "methods": (Named("Rating", "By rule."),),
        "counts": {"red": 1, "worse": 0, "moved worse": 1, "moved better": 0}
        | {"concern": 1, "improvement": 0},
    }
    given["places"] = places_of(given["rows"])
    given["rows"] = given["rows"].with_columns(
        beside=pl.Series(
            [[_beside(row, place) for place in given["places"]] for row in rows or [a_row()]],
            dtype=pl.List(pl.Int64),
        )
    )
    return Paper(**(given | fields))


def _beside(row: dict[str, Any], place: Place) -> int | None:
    """Which of a row's comparators stands in a column, as in a paper."""
    said = ((each["kind"], each["value_compared"], each["period"]) for each in row["comparators"])
    for at, (kind, value, period) in enumerate(said):
        is_its_year = place.kind != "own year" or period == place.period
        if kind == place.kind and value is not None and is_its_year:
            return at
    return None


def opened(paper: Paper) -> Workbook:
    return load_workbook(BytesIO(render_workbook(paper)))


def table_of(sheet: Worksheet) -> list[list[Any]]:
    """The rows of cells of a sheet's table, its heading first."""
    (table,) = sheet.tables.values()
    return [list(row) for row in sheet[table.ref]]


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    """A table's rows, each cell by its heading."""
    heading, *rows = table_of(sheet)
    return [dict(zip([cell.value for cell in heading], row, strict=True)) for row in rows]


def values(sheet: Worksheet) -> list[dict[str, Any]]:
    return [{name: cell.value for name, cell in row.items()} for row in records(sheet)]


def read_back(paper: Paper, places: tuple[str, ...] = ()) -> SourceReading:
    """What `kpi ingest` reads of the paper's workbook with the same catalogue."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "report.xlsx")
        path.write_bytes(render_workbook(paper))
        return read_source(
            path, catalogue=paper.catalogue, places=("Leeds", *places), region="South East"
        )


def outturns(reading: SourceReading) -> set[Observation]:
    columns = ("indicator", "area", "unit", "period", "value", "state")
    return set(reading.observations.filter(role="outturn").select(columns).iter_rows())


def a_commented_project(tmp_path: Path) -> Project:
    """Two reports, the second restating the first, with commentary beside them."""
    contacts = months(90, 95, 92, 98, 96, 104, 130)
    made = a_project(
        tmp_path,
        {"contacts": months(90, 95, 92, 98, 96, 99), "visits": months(91, 92.5, 90, 93)},
        {"contacts": contacts, "visits": months(91, 92.5, 90, 93, 91, 92, 89.25)},
    )
    folder = tmp_path / "commentary"
    folder.mkdir()
    (folder / "2021-10.toml").write_text(
        'author = "A. Officer"\ndate = 2021-11-08\n[theme.practice]\nanalysis = "=1+1"\n'
        'actions = ["@Visit more"]\n',
        encoding="utf-8",
    )
    return made
