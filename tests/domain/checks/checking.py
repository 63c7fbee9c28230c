"""Findings of one check on a few figures: what a test cares about, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.context import (
    LABELS,
    NEIGHBOURS_CODE,
    Context,
    Published,
    context_of,
)
from kpi.domain.checks.restated import RESTATED
from kpi.domain.findings import Check
from kpi.domain.observation import ENGLAND, STATISTICAL_NEIGHBOURS
from kpi.domain.period import Period, parse_period
from tests.builders import observations

TODAY = date(2021, 11, 9)

Row = dict[str, Any]
Figure = float | str | None


def months(
    figures: Sequence[Figure],
    *,
    indicator: str = "contacts",
    since: str = "2021-04",
    line: int = 2,
    **fields: Any,
) -> list[Row]:
    """A printed row of months from C2 on: numbers, states, or null for a blank cell."""
    first = parse_period(since)
    assert first is not None
    return [
        {
            "indicator": indicator,
            "period": str(first.shifted(place)),
            "source_cell": f"{chr(ord('C') + place)}{line}",
            **said(each),
            **fields,
        }
        for place, each in enumerate(figures)
    ]


def said(figure: Figure) -> Row:
    """A cell's value and state; a text is its state, or what stands in it unreadably."""
    if isinstance(figure, str):
        states = ("awaited", "not_applicable", "suppressed", "blank")
        if figure in states:
            return {"state": figure, "raw": {"awaited": "TBC"}.get(figure, figure)}
        return {"state": "unreadable", "raw": figure}
    return {"value": figure}


def comparators(
    *,
    indicator: str = "contacts",
    own: Sequence[tuple[str, Figure]] = (),
    neighbours: Figure = "not_applicable",
    region: Figure = "not_applicable",
    england: Figure = "not_applicable",
    line: int = 2,
    **fields: Any,
) -> list[Row]:
    """What is typed beside a row's months: earlier own years from L on, then other places."""
    areas = ((STATISTICAL_NEIGHBOURS, neighbours), ("South East", region), (ENGLAND, england))
    cells: list[tuple[str, str | None, Figure]]
    cells = [("Southampton", year, figure) for year, figure in own]
    cells += [(area, None, figure) for area, figure in areas]
    return [
        {
            "indicator": indicator,
            "area": area,
            "period": period,
            "source_cell": f"{chr(ord('L') + place)}{line}",
            **said(figure),
            **fields,
        }
        for place, (area, period, figure) in enumerate(cells)
    ]


def a_target(figure: Figure, *, indicator: str = "contacts", **fields: Any) -> Row:
    """A typed target at K2."""
    return {
        "indicator": indicator,
        "role": "target",
        "period": None,
        "source_cell": "K2",
        **said(figure),
        **fields,
    }


def published(
    *values: tuple[str, str, str, float],
    units: dict[str, str] | None = None,
    months_of: dict[str, dict[str, float]] | None = None,
    population: dict[int, float] | None = None,
) -> Published:
    """Statistics: measure, area's code (`own`, `region`, `england`, `neighbours`), year, value."""
    codes = {"own": "852", "region": "989", "england": "970", "neighbours": NEIGHBOURS_CODE}
    kinds = units or {}
    measures = sorted({measure for measure, *_ in values} | set(kinds))
    rows = [
        (
            measure,
            codes[area],
            _end(year),
            value,
            "mean of 10 neighbours (model 2021-04)" if area == "neighbours" else None,
            area == "neighbours",
        )
        for measure, area, year, value in values
    ]
    of_months = [
        (measure, _end(month), value)
        for measure, each in (months_of or {}).items()
        for month, value in each.items()
    ]
    return Published(
        code="852",
        areas=pl.LazyFrame(
            {"area": ["Southampton", "South East", ENGLAND], "area_code": ["852", "989", "970"]}
        ),
        values=pl.LazyFrame(
            rows,
            schema={
                "measure": pl.String,
                "area_code": pl.String,
                "period_end": pl.Date,
                "value": pl.Float64,
                "average": pl.String,
                "is_own_list": pl.Boolean,
            },
            orient="row",
        ),
        measures=pl.LazyFrame(
            {
                "measure": measures,
                "measure_title": measures,
                "unit_type": [kinds.get(each, "number") for each in measures],
                "unit_per": [10000.0 for _ in measures],
                "is_count": [kinds.get(each, "number") == "number" for each in measures],
            },
            schema={
                "measure": pl.String,
                "measure_title": pl.String,
                "unit_type": pl.String,
                "unit_per": pl.Float64,
                "is_count": pl.Boolean,
            },
        ),
        months=pl.LazyFrame(
            of_months,
            schema={"measure": pl.String, "period_end": pl.Date, "month_value": pl.Float64},
            orient="row",
        ),
        population=pl.LazyFrame(
            {
                "mid_year": list(population or {}),
                "population": list((population or {}).values()),
            },
            schema={"mid_year": pl.Int32, "population": pl.Float64},
        ),
    )


NOTHING_PUBLISHED = published()


def a_context(
    catalogue: Catalogue,
    rows: Sequence[Row],
    *,
    up_to: str = "2021-10",
    today: date = TODAY,
    statistics: Published = NOTHING_PUBLISHED,
    restated: Sequence[Row] = (),
    labels: Sequence[Row] = (),
    wrong: Sequence[str] = (),
) -> Context:
    """What checks look at, of rows as `tests.builders.observations` takes them.

    `is_subject` may be given with a row; else findings may be about it.
    """
    period = parse_period(up_to)
    assert isinstance(period, Period)
    plain = [{key: each for key, each in row.items() if key != "is_subject"} for row in rows]
    frame = observations(*plain).with_columns(
        is_subject=pl.Series([row.get("is_subject", True) for row in rows], dtype=pl.Boolean)
    )
    context = context_of(
        frame.lazy(),
        catalogue=catalogue,
        today=today,
        up_to=period,
        restated=pl.LazyFrame(list(restated), schema=RESTATED, orient="row"),
        labels=pl.LazyFrame(list(labels), schema=LABELS, orient="row"),
        published=statistics,
    )
    doubted = pl.DataFrame({"wrong": [list(wrong)]}, schema={"wrong": pl.List(pl.String)})
    return context.doubting([doubted])


def found(check: Check, catalogue: Catalogue, rows: Sequence[Row], **given: Any) -> list[Row]:
    """A check's findings, in the order of their cells."""
    findings = check.find(a_context(catalogue, rows, **given)).collect()
    return sorted(findings.to_dicts(), key=lambda row: (row["source_cell"] or "", row["message"]))


def messages(check: Check, catalogue: Catalogue, rows: Sequence[Row], **given: Any) -> list[str]:
    """What the findings say."""
    return [row["message"] for row in found(check, catalogue, rows, **given)]


def _end(said: str) -> date:
    period = parse_period(said)
    assert period is not None
    return period.end
