"""Outturns, places and comparators from the few values a test of comparing cares about."""

from __future__ import annotations

from typing import Any

import polars as pl

from kpi.domain.comparison.comparators import COMPARATOR, PLACES
from kpi.domain.comparison.verdicts import OWN, compared, with_own_counts, with_own_interval
from kpi.domain.period import parse_period

UNIT_ALIKE: dict[str, pl.DataType] = {
    "outturn_type": pl.String(),
    "per": pl.Float64(),
    "method": pl.String(),
    "is_average": pl.Boolean(),
    "population": pl.Float64(),
    "mid_year": pl.Int32(),
    "alike": pl.Float64(),
    "is_per_person": pl.Boolean(),
    "unlike": pl.String(),
}


def span(said: str) -> dict[str, Any]:
    """The columns of a period."""
    period = parse_period(said)
    assert period is not None
    return {
        "period": str(period),
        "period_start": period.start,
        "period_end": period.end,
        "period_months": period.months,
    }


def outturns(*rows: dict[str, Any]) -> pl.LazyFrame:
    """Outturns with their counts and intervals; most often `period` and `outturn` are given.

    Left out: a snapshot percentage of which low is good, of a whole authority, 852.
    """
    given = [_outturn(row, number=number) for number, row in enumerate(rows)]
    return (
        pl.LazyFrame(given, schema=OWN, orient="row").pipe(with_own_counts).pipe(with_own_interval)
    )


def comparators(*rows: dict[str, Any]) -> pl.LazyFrame:
    """Comparators of the first outturn; most often `period` (null: not stated) and `value`.

    Left out: England's published value, in the outturn's unit.
    """
    return pl.LazyFrame([_comparator(row) for row in rows], schema=COMPARATOR, orient="row")


def places(*rows: dict[str, Any]) -> pl.LazyFrame:
    """Values of places in the outturn's unit; most often `area_code`, `period` and `value`."""
    schema = {**PLACES, **UNIT_ALIKE}
    return pl.LazyFrame([_place(row) for row in rows], schema=schema, orient="row")


def one_compared(own: dict[str, Any], comparator: dict[str, Any]) -> dict[str, Any]:
    """One outturn beside one comparator, as the comparison has it."""
    ours = outturns(own)
    return comparators(comparator).pipe(compared, own=ours).collect().row(0, named=True)


def _outturn(row: dict[str, Any], *, number: int) -> dict[str, Any]:
    return {
        "own": number,
        "indicator": "visits",
        "area": "Southampton",
        "unit": "",
        "area_code": "852",
        "outturn": 50.0,
        "numerator": None,
        "denominator": None,
        "own_population": None,
        "own_mid_year": 2021,
        "why_no_outturn": None,
        "redefined_on": None,
        "outturn_type": "percentage",
        "per": 10000.0,
        "basis": "snapshot",
        "year": "financial",
        "polarity": "low",
        "method": "mean",
        "level": 95.0,
        "is_average": False,
        **row,
        **span(row.get("period", "2021-10")),
    }


def _comparator(row: dict[str, Any]) -> dict[str, Any]:
    said = row.get("period", "2020/21")
    period = span(said) if said else {"period": None, "period_end": None, "period_months": None}
    origin = row.get("origin", "published")
    months = period["period_months"]
    return {
        "own": 0,
        "kind": "england",
        "name": "England",
        "comparator_code": "970",
        "origin": origin,
        "comparator_period": period["period"],
        "at": period["period_end"],
        "comparator_months": months,
        "speaks_of": 12 if origin == "published" or months is None else months,
        "value": row.get("value"),
        "alike": row.get("value"),
        "n": None,
        "of": None,
        "method": None,
        "is_per_person": False,
        "unlike": None,
        "population": None,
        "mid_year": None,
        **{name: value for name, value in row.items() if name != "period"},
    }


def _place(row: dict[str, Any]) -> dict[str, Any]:
    period = span(row.get("period", "2020/21"))
    return {
        "indicator": "visits",
        "area_code": "970",
        "area_name": row.get("area_code", "England"),
        "area_kind": "authority",
        "origin": "published",
        "numerator": None,
        "denominator": None,
        "unit_type": "percentage",
        "unit_per": None,
        "is_count": False,
        "outturn_type": "percentage",
        "per": 10000.0,
        "method": "mean",
        "is_average": False,
        "population": None,
        "mid_year": None,
        "alike": row.get("value"),
        "is_per_person": False,
        "unlike": None,
        **row,
        "period": period["period"],
        "period_end": period["period_end"],
        "period_months": period["period_months"],
    }
