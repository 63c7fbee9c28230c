"""Projects with a catalogue file and tidy reports, ingested one after another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from kpi.usecases.ingest import IngestOptions, ingest
from kpi.usecases.project import Choice, Project, open_project
from kpi.usecases.report import Report, ReportOptions, report

TODAY = date(2021, 11, 9)
FIRST = datetime(2021, 10, 8, 9, tzinfo=UTC)

HEADER = """
[catalogue]
version = 1
authority = "Southampton"
[theme.demand]
title = "Demand"
[theme.practice]
title = "Practice"
"""

CONTACTS = """
[indicator.contacts]
title = "Contacts in the month"
short_title = "Contacts"
theme = "demand"
outturn = "number"
basis = "in-month"
polarity = "low"
target = 100
tolerance = 10
"""

VISITS = """
[indicator.visits]
title = "Visits in time"
theme = "practice"
outturn = "percentage"
basis = "snapshot"
polarity = "high"
target = 90
tolerance = 5
tolerance_kind = "points"
decimals = 0
"""

Figures = Mapping[str, Mapping[str, float]]
"""By indicator and period."""


def a_project(folder: Path, *reports: Figures, catalogue: str = "") -> Project:
    """A project in a folder, each report a tidy file ingested a month after the one before."""
    path = folder / "indicators.toml"
    path.write_text(HEADER + (catalogue or CONTACTS + VISITS), encoding="utf-8")
    project = open_project(path)
    for number, figures in enumerate(reports, start=1):
        take_in(project, figures, name=f"report-{number}.csv", month=number - 1)
    return project


def take_in(project: Project, figures: Figures, *, name: str, month: int = 0) -> None:
    """Ingests a tidy file of these figures."""
    lines = ["indicator,period,value"]
    lines += [
        f"{id_},{period},{value:g}"
        for id_, of_indicator in figures.items()
        for period, value in of_indicator.items()
    ]
    path = project.catalogue.path.parent / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ingest(project, [path], IngestOptions(), now=FIRST + timedelta(days=30 * month))


def months(*values: float, first: str = "2021-04") -> dict[str, float]:
    """Figures of one month after another."""
    year, month = map(int, first.split("-"))
    return {
        f"{year + (month - 1 + at) // 12}-{(month - 1 + at) % 12 + 1:02d}": value
        for at, value in enumerate(values)
    }


def made(project: Project, *, period: str | None = None, **options: object) -> Report:
    """The report of a project, small numbers hidden unless told otherwise."""
    given = ReportOptions(**({"hide_small": True} | options))  # type: ignore[arg-type]
    return report(project, Choice(period=period), given, today=TODAY)


def sentences(made: Report, kind: str) -> list[str]:
    """What the report says of one kind of change."""
    changes = made.paper.changes
    return changes.filter(pl.col("kind") == kind)["sentence"].to_list()
