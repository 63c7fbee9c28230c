"""Projects whose stores hold what a test of comparing asks for, and looks at the answer."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from kpi.domain.answer import Answer
from kpi.domain.catalogue import Catalogue, Compare, Indicator
from kpi.store import Store
from kpi.store.writing import APPENDED
from kpi.usecases.project import Project
from tests.builders import an_indicator, observations

SOUTHAMPTON = {"la_code": "852", "neighbours": "2021-04"}
OCTOBER = datetime(2021, 11, 9, tzinfo=UTC)


def a_percentage(id: str = "re-referrals", **fields: Any) -> Indicator:  # noqa: A002
    """Re-referrals: a percentage of which low is good, published as `ReReferral`."""
    given = {"outturn": "percentage", "polarity": "low", "compare": Compare("ReReferral")}
    return an_indicator(id, **(given | fields))


def a_project(folder: Path, *rows: dict[str, Any], catalogue: Catalogue) -> Project:
    """A project whose store holds these rows, all of one source."""
    store = Store(folder / ".kpi")
    frame = observations(*({"indicator": "re-referrals"} | row for row in rows))
    with store.writing(now=OCTOBER) as writer:
        writer.append(
            frame.select(APPENDED),
            kind="ingest",
            batch=hashlib.sha256(b"report").hexdigest(),
            file="report.csv",
        )
    return Project(catalogue, store)


def a_reports_row(indicator: str, line: int, **figures: float | None) -> list[dict[str, Any]]:
    """A report's row: months by their name, earlier years, and other places without a year."""
    names = {
        "sn": ("Statistical neighbours", None),
        "se": ("South East", None),
        "england": ("England", None),
        "last": ("Southampton", "2020/21"),
        "before": ("Southampton", "2019/20"),
    }
    months = {"apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10}
    cells = []
    for column, (name, value) in enumerate(figures.items()):
        area, period = names.get(name, ("Southampton", f"2021-{months.get(name, 1):02d}"))
        cell = f"{chr(ord('D') + column)}{line}"
        cells.append(
            {"indicator": indicator, "area": area, "period": period, "value": value}
            | {"source_cell": cell}
        )
    return cells


def one(answer: Answer, indicator: str = "re-referrals") -> dict[str, Any]:
    """The row of an indicator."""
    return answer.rows.filter(pl.col("indicator") == indicator).row(0, named=True)


def beside(answer: Answer, indicator: str = "re-referrals") -> dict[str, dict[str, Any]]:
    """The comparators of an indicator, by name."""
    return {each["name"]: each for each in one(answer, indicator)["comparators"]}


def texts(answer: Answer) -> str:
    """All messages, a line each."""
    return "\n".join(message.text for message in answer.messages)
