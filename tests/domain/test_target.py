"""Which targets there are, which rate, and what an outturn is set against."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.domain.catalogue import Target
from kpi.domain.rag import with_rating
from kpi.domain.target import TARGETS, months_behind, target_frame, typed_target_frame
from tests.builders import a_catalogue, an_indicator

OUTTURN: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "value": pl.Float64(),
    "state": pl.String(),
    "marks": pl.String(),
    "denominator": pl.Float64(),
    "conflict": pl.Boolean(),
    "awaited_by_lag": pl.Boolean(),
    "period_end": pl.Date(),
    "period_months": pl.Int16(),
    "outturn_type": pl.String(),
    "basis": pl.String(),
    "year": pl.String(),
    "polarity": pl.String(),
    "tolerance": pl.Float64(),
    "tolerance_kind": pl.String(),
    "small": pl.Int64(),
}


def typed(*rows: dict[str, Any]) -> pl.DataFrame:
    """Targets that a sheet says; ids, values and states."""
    schema = {"indicator": pl.String(), "value": pl.Float64(), "state": pl.String(),
              "typed_per": pl.String(), "period_start": pl.Date(), "period_end": pl.Date(),
              "period_months": pl.Int8()}  # fmt: skip
    usual: dict[str, Any] = dict.fromkeys(schema)
    usual |= {"indicator": "contacts", "value": 300.0, "state": "value"}
    return pl.DataFrame([usual | row for row in rows], schema=schema)


def rated(target: tuple[Target, ...], **fields: Any) -> dict[str, Any]:
    """The rating of one outturn, 50 in October 2021, by these targets."""
    usual = {"indicator": "contacts", "value": 50.0, "state": "value", "marks": "",
             "denominator": None, "conflict": False, "awaited_by_lag": False,
             "period_end": date(2021, 10, 31), "period_months": 1, "outturn_type": "percentage",
             "basis": "in-month", "year": "financial", "polarity": "high", "tolerance": 5.0,
             "tolerance_kind": "points", "small": 0}  # fmt: skip
    outturns = pl.LazyFrame([usual | fields], schema=OUTTURN)
    catalogue = a_catalogue(an_indicator(outturn="percentage", target=target))
    return with_rating(outturns, target_frame(catalogue).lazy()).collect().row(0, named=True)


def test_a_catalogues_targets_are_none_of_them_typed() -> None:
    catalogue = a_catalogue(an_indicator(target=(Target(value=300.0), Target(value=310.0,
        begins=date(2022, 4, 1)))), an_indicator("other"))  # fmt: skip
    frame = target_frame(catalogue)
    assert frame.schema == TARGETS
    assert frame.select("indicator", "target_value", "target_typed").rows() == [
        ("contacts", 300.0, False),
        ("contacts", 310.0, False),
    ]
    assert frame["target_begins"].to_list() == [date(1, 1, 1), date(2022, 4, 1)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, [("contacts", 300.0, False, "month", True)]),
        ({"typed_per": "year"}, [("contacts", 300.0, False, "year", True)]),
        ({"value": None, "state": "awaited"}, [("contacts", None, True, "month", True)]),
        ({"value": None, "state": "not_applicable"}, []),
        ({"value": None, "state": "unreadable"}, []),
        ({"indicator": "aimed"}, []),
        ({"indicator": "aimed", "value": None, "state": "awaited"}, []),
    ],
)
def test_a_typed_target_counts_only_where_the_catalogue_has_none(
    row: dict[str, Any], expected: list[tuple[object, ...]]
) -> None:
    catalogue = a_catalogue(an_indicator(), an_indicator("aimed", target=5))
    frame = typed_target_frame(typed(row), catalogue)
    assert frame.schema == TARGETS
    names = ("indicator", "target_value", "target_awaited", "target_per", "target_typed")
    assert frame.select(names).rows() == expected


def test_a_typed_target_of_a_period_holds_in_it_alone() -> None:
    year = {"period_start": date(2021, 4, 1), "period_end": date(2022, 3, 31), "period_months": 12}
    april = {"period_start": date(2021, 4, 1), "period_end": date(2021, 4, 30), "period_months": 1}
    catalogue = a_catalogue(an_indicator(basis="snapshot"))
    both = typed(year, april | {"value": 20.0})
    names = ("target_value", "target_begins", "target_ends")
    assert typed_target_frame(both.head(1), catalogue).select(names).rows() == [
        (300.0, date(2021, 4, 1), date(2022, 3, 31))
    ]
    # Both begin on the same day: the month's is the nearer.
    assert typed_target_frame(both, catalogue).select(names).rows() == [
        (20.0, date(2021, 4, 1), date(2021, 4, 30))
    ]


@pytest.mark.parametrize(
    ("basis", "months", "per", "is_taken"),
    [
        ("in-month", 1, None, True),
        ("in-month", 12, "month", True),
        ("in-month", 12, None, False),  # 1,500 in the year, or a month of it?
        ("year-to-date", 12, None, True),
        ("year-to-date", 1, None, False),
        ("snapshot", 12, None, True),
        ("in-month", None, None, True),
    ],
)
def test_a_typed_target_that_could_be_a_months_or_a_years_is_not_taken(
    basis: str, months: int | None, per: str | None, is_taken: bool
) -> None:
    catalogue = a_catalogue(an_indicator(basis=basis))
    row = typed({"period_months": months, "typed_per": per})
    assert typed_target_frame(row, catalogue).height == is_taken


@pytest.mark.parametrize(
    ("target", "fields", "why"),
    [
        # A percentage is compared as it is, so only the missing aim can say so.
        ((), {}, "no_target"),
        ((Target(low=30.0, high=60.0),), {}, "no_target"),
        ((Target(value=40.0),), {"polarity": "range"}, "no_target"),
        # A profile that asks for nothing yet: the aim is there, the outturn has no terms.
        ((Target(value=40.0, per="year", profile=(0.0,) * 11 + (100.0,)),),
         {"outturn_type": "number"}, "no_target"),
        ((Target(value=40.0),), {"state": None, "value": None}, "no_outturn"),
        ((Target(value=40.0),), {"conflict": None, "awaited_by_lag": None}, None),
    ],
)  # fmt: skip
def test_without_an_aim_or_terms_for_it_nothing_is_rated(
    target: tuple[Target, ...], fields: dict[str, Any], why: str | None
) -> None:
    found = rated(target, **fields)
    assert found["why_unrated"] == why
    assert found["rag_status"] == (None if why else "green")


@pytest.mark.parametrize(
    ("begins", "ends", "target"),
    [(date(2021, 10, 31), None, 40.0), (date(2021, 11, 1), None, None),
     (None, date(2021, 10, 31), 40.0), (None, date(2021, 10, 30), None)],
)  # fmt: skip
def test_a_target_holds_for_a_period_whose_last_day_it_covers(
    begins: date | None, ends: date | None, target: float | None
) -> None:
    found = rated((Target(value=40.0, begins=begins, ends=ends),))
    assert found["target_value"] == target


@pytest.mark.parametrize(
    ("fields", "per", "compared"),
    [
        ({"outturn_type": "percentage"}, "year", 50.0),
        ({"outturn_type": "number", "basis": "snapshot"}, "year", 50.0),
        ({"outturn_type": "number"}, "point", 50.0),
        ({"outturn_type": "number"}, "year", 600.0),
        ({"outturn_type": "number"}, "quarter", 150.0),
    ],
)
def test_what_is_no_flow_is_compared_as_it_is(
    fields: dict[str, Any], per: Any, compared: float
) -> None:
    assert rated((Target(value=40.0, per=per),), **fields)["compared"] == compared


def test_a_profile_does_not_divide_what_is_no_part_of_a_year() -> None:
    """A rolling twelve months holds the whole of the year's target, whatever the month."""
    profile = (5.0,) * 4 + (10.0,) * 8
    found = rated((Target(value=900.0, per="year", profile=profile),),
                  outturn_type="number", basis="rolling-12", value=950.0)  # fmt: skip
    assert found["compared"] == 950.0


def test_as_far_from_both_edges_of_a_range_is_counted_from_the_lower() -> None:
    found = rated((Target(low=40.0, high=60.0),), polarity="range")
    assert (found["nearer_edge"], found["edge_distance"]) == (40.0, 10.0)


@pytest.mark.parametrize(
    ("basis", "months"),
    [("year-to-date", 7), ("in-month", 3), ("rolling-12", 12), ("annual", 12), ("snapshot", 12)],
)
def test_the_months_behind_an_outturn(basis: str, months: int) -> None:
    frame = pl.DataFrame({"basis": [basis], "months_elapsed": [7], "period_months": [3]})
    assert frame.select(months_behind()).item() == months
