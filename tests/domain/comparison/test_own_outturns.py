from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.domain.catalogue import Version
from kpi.domain.comparison.own_outturns import (
    newest_keys,
    own_outturns,
    with_counts_to_date,
    with_redefinition,
)
from kpi.domain.held import counted_outturns, with_held
from kpi.domain.period import Period
from kpi.domain.scorecard import Place
from tests.builders import a_catalogue, an_indicator, observations

OCTOBER = Period.of_month(2021, 10)


def held(*rows: dict[str, Any], typed: bool = False) -> pl.LazyFrame:
    """Held figures of these stored rows."""
    stored = observations(*rows).lazy()
    return stored.pipe(counted_outturns).pipe(with_held).with_columns(is_typed=pl.lit(typed))


@pytest.mark.parametrize(
    ("rows", "period"),
    [
        pytest.param(["2021-08", "2021-09"], "2021-09", id="the newest"),
        pytest.param(["2021-10", "2021-11"], "2021-10", id="by the chosen period"),
        pytest.param(["2020/21", "2021-03"], "2021-03", id="a month before a year that ends alike"),
        pytest.param(["2021-11"], None, id="none by then"),
    ],
)
def test_the_newest_value_by_the_chosen_period_is_compared(
    rows: list[str], period: str | None
) -> None:
    figures = held(*({"period": said, "value": 1.0} for said in rows))
    keys = newest_keys(figures, place=Place("Southampton"), up_to=OCTOBER).collect()
    assert keys["period"].to_list() == ([period] if period else [])


@pytest.mark.parametrize(
    "newer",
    [
        {"value": None, "state": "awaited"},
        {"value": None, "state": "suppressed"},
        {"value": 2.0, "marks": "provisional partial"},
    ],
)
def test_what_has_no_whole_value_is_not_the_newest(newer: dict[str, Any]) -> None:
    figures = held({"period": "2021-08", "value": 1.0}, {"period": "2021-09"} | newer)
    keys = newest_keys(figures, place=Place("Southampton"), up_to=OCTOBER).collect()
    assert keys["period"].to_list() == ["2021-08"]


@pytest.mark.parametrize(("area", "count"), [("England", 1), (None, 0)])
def test_a_typed_comparator_is_an_outturn_only_where_its_area_is_asked_for(
    area: str | None, count: int
) -> None:
    figures = held({"period": "2020/21", "value": 1.0, "area": "England"}, typed=True)
    assert newest_keys(figures, place=Place(area), up_to=OCTOBER).collect().height == count


def test_an_average_of_neighbours_is_no_areas_outturn() -> None:
    figures = held({"period": "2020/21", "value": 1.0, "area": "Statistical neighbours"})
    assert newest_keys(figures, place=Place(None), up_to=OCTOBER).collect().is_empty()


def test_a_conflict_has_no_outturn_and_says_why() -> None:
    figures = held({"period": "2021-10", "value": 1.0}, {"period": "2021-10", "value": 2.0})
    keys = newest_keys(figures, place=Place("Southampton"), up_to=OCTOBER)
    found = own_outturns(figures, keys).collect()
    assert found.select("outturn", "why_no_outturn").row(0) == (
        None,
        "two different outturns stand in one source",
    )


MONTHS = ("2021-04", "2021-05", "2021-06")


def _counts_to_date(*months: dict[str, Any], own: dict[str, Any] | None = None) -> float | None:
    catalogue = a_catalogue(
        an_indicator("rate", outturn="rate", basis="year-to-date", numerator="contacts"),
        an_indicator("contacts"),
    )
    rate = {"indicator": "rate", "period": "2021-06", "value": 30.0} | (own or {})
    figures = held(rate, *months)
    outturns = figures.filter(pl.col("indicator") == "rate").with_columns(year=pl.lit("financial"))
    found = outturns.pipe(with_counts_to_date, figures, catalogue).collect()
    counted: float | None = found["numerator"].item()
    return counted


def _months(*values: float | None) -> list[dict[str, Any]]:
    return [
        {"period": period, "value": value} for period, value in zip(MONTHS, values, strict=True)
    ]


@pytest.mark.parametrize(
    ("months", "counted"),
    [
        pytest.param(_months(10.0, 20.0, 30.0), 60.0, id="all months since April"),
        pytest.param(_months(10.0, None, 30.0), None, id="a month is missing"),
        pytest.param(
            [{"period": "2021-03", "value": 99.0}, *_months(10.0, 20.0, 30.0)],
            60.0,
            id="March is of the year before",
        ),
        pytest.param(
            [*_months(10.0, 20.0, 30.0), {"period": "2021-07", "value": 99.0}],
            60.0,
            id="a later month is not yet in it",
        ),
        pytest.param(
            [each | {"unit": "Team 1"} for each in _months(10.0, 20.0, 30.0)],
            None,
            id="another unit's months",
        ),
    ],
)
def test_a_year_to_date_rests_on_every_month_since_the_year_began(
    months: list[dict[str, Any]], counted: float | None
) -> None:
    assert _counts_to_date(*months) == counted


def test_a_count_that_was_given_stays() -> None:
    assert _counts_to_date(*_months(10.0, 20.0, 30.0), own={"numerator": 5.0}) == 5.0


@pytest.mark.parametrize(
    ("versions", "redefined_on"),
    [
        pytest.param((), None, id="no change"),
        pytest.param(
            (Version(date(2021, 4, 1), "a", comparable=False),), date(2021, 4, 1), id="a change"
        ),
        pytest.param((Version(date(2021, 4, 1), "a"),), None, id="a change that bars nothing"),
        pytest.param(
            (Version(date(2021, 11, 1), "a", comparable=False),), None, id="a change to come"
        ),
        pytest.param(
            (
                Version(date(2021, 4, 1), "a", comparable=False),
                Version(date(2021, 7, 1), "b", comparable=False),
            ),
            date(2021, 7, 1),
            id="the latest counts",
        ),
    ],
)
def test_the_definition_holds_since_its_latest_change(
    versions: tuple[Version, ...], redefined_on: date | None
) -> None:
    figures = held({"period": "2021-10", "value": 1.0})
    found = figures.pipe(with_redefinition, [an_indicator("contacts", version=versions)])
    assert found.collect()["redefined_on"].item() == redefined_on
