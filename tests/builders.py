"""Valid frames from the few values a test cares about."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from kpi.domain.catalogue import Catalogue, Indicator, Target
from kpi.domain.observation import STORED
from kpi.domain.period import YearKind, parse_period


def an_indicator(id: str = "contacts", **fields: Any) -> Indicator:  # noqa: A002
    """An in-month number called after its id, unless told otherwise."""
    given: dict[str, Any] = {"title": id, "outturn": "number", "basis": "in-month"} | fields
    if isinstance(given.get("target"), int | float):
        given["target"] = (Target(value=float(given["target"])),)
    return Indicator(id=id, **given)


def a_catalogue(*indicators: Indicator, **fields: Any) -> Catalogue:
    """A catalogue of these indicators for an authority called Southampton."""
    given: dict[str, Any] = {"authority": "Southampton", "version": 1} | fields
    return Catalogue(path=Path("indicators.toml"), sha256="0" * 64, indicators=indicators, **given)


def observations(*rows: dict[str, Any], year: YearKind = "financial") -> pl.DataFrame:
    """Stored rows; each names what matters, most often `period` and `value`.

    Left out: indicator `contacts`, the authority Southampton as a whole, one batch, a
    cell that counts the rows from B2.
    """
    return pl.DataFrame(
        [_stored(row, place=place, year=year) for place, row in enumerate(rows)],
        schema=STORED,
        orient="row",
    )


def _stored(row: dict[str, Any], *, place: int, year: YearKind) -> dict[str, Any]:
    period = parse_period(row["period"], year=year) if row.get("period") else None
    seq = row.get("seq", 1)
    value = row.get("value")
    return {
        "indicator": "contacts",
        "area": "Southampton",
        "unit": "",
        "role": "outturn",
        "value": value,
        "state": "value" if value is not None else "blank",
        "marks": "",
        "raw": "" if value is None else f"{value:g}",
        "label": "Contacts",
        "source_file": f"report-{seq}.csv",
        "source_cell": f"B{place + 2}",
        "batch": hashlib.sha256(str(seq).encode()).hexdigest(),
        "seq": seq,
        "row": place,
        "ingested_at": datetime(2021, 11, 1, 9, seq, tzinfo=UTC),
        "report_end": date(2021, 10, 31),
        "older": False,
        **row,
        "period": None if period is None else str(period),
        "period_start": None if period is None else period.start,
        "period_end": None if period is None else period.end,
        "period_months": None if period is None else period.months,
    }
