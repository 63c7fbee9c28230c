from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kpi.domain.comparison.comparators import (
    area_comparators,
    left_out,
    neighbour_averages,
    neighbour_comparators,
    one_each,
    own_year_comparators,
    typed_comparators,
)
from kpi.domain.comparison.like_with_like import A_COUNT
from kpi.domain.comparison.verdicts import compared
from tests.domain.comparison.comparison_frames import outturns, places, span

ENGLAND = pl.LazyFrame(
    {"own": [0], "kind": ["england"], "comparator_code": ["970"]},
    schema_overrides={"own": pl.UInt32},
)
NEIGHBOURS = pl.LazyFrame(
    {
        "la_code": ["852"] * 3,
        "neighbour_code": ["1", "2", "3"],
        "neighbour_name": ["First", "Second", "Third"],
        "rank": [1, 2, 3],
    }
)


@pytest.mark.parametrize(
    ("own", "held", "found"),
    [
        pytest.param("2021-10", ["2019/20", "2020/21"], "2020/21", id="the newest before"),
        pytest.param("2021-10", ["2020/21", "2021/22"], "2020/21", id="never a later one"),
        pytest.param("2021-10", ["2020/21", "2021-10"], "2021-10", id="the same where held"),
        pytest.param("2020/21", ["2019/20", "2020/21", "2021/22"], "2020/21", id="the same year"),
        pytest.param("2021-03", ["2019/20", "2020/21"], "2020/21", id="one that ends that day"),
        pytest.param("2015-10", ["2020/21"], None, id="none by then"),
    ],
)
def test_a_place_is_of_the_same_period_or_the_newest_before(
    own: str, held: list[str], found: str | None
) -> None:
    values = places(*({"area_kind": "england", "period": period, "value": 1.0} for period in held))
    said = outturns({"period": own}).pipe(area_comparators, values, wanted=ENGLAND).collect()
    assert said["comparator_period"].to_list() == ([found] if found else [])


def test_a_place_is_named_and_has_neither_count_nor_method() -> None:
    values = places({"area_name": "England", "area_kind": "england", "value": 22.7})
    said = outturns({}).pipe(area_comparators, values, wanted=ENGLAND).collect()
    assert said.select("name", "value", "n", "of", "method").row(0) == (
        "England",
        22.7,
        None,
        None,
        None,
    )


def test_of_two_origins_the_published_one_counts() -> None:
    both = places(
        {"origin": "ingested", "value": 1.0},
        {"origin": "published", "value": 2.0},
    )
    kept = both.pipe(one_each, by=["indicator", "area_code", "period"]).collect()
    assert kept["value"].to_list() == [2.0]


@pytest.mark.parametrize(
    ("own", "found"), [("2021-03", "2021-03"), ("2020/21", "2020/21"), ("2021-04", "2021-03")]
)
def test_of_a_month_and_a_year_that_end_alike_the_one_of_its_length_counts(
    own: str, found: str
) -> None:
    both = places(
        {"area_kind": "england", "origin": "ingested", "period": "2021-03", "value": 1.0},
        {"area_kind": "england", "period": "2020/21", "value": 2.0},
    )
    said = outturns({"period": own}).pipe(area_comparators, both, wanted=ENGLAND).collect()
    assert said["comparator_period"].to_list() == [found]


def test_months_and_years_that_end_alike_are_averaged_apart() -> None:
    held = places(
        {"area_code": "1", "period": "2021-03", "value": 1.0},
        {"area_code": "1", "period": "2020/21", "value": 12.0},
        {"area_code": "2", "period": "2020/21", "value": 24.0},
    )
    found = neighbour_averages(held, NEIGHBOURS).collect().sort("period_months")
    assert found.select("alike", "n").rows() == [(1.0, 1), (18.0, 2)]


def _neighbours(*values: tuple[str, float | None], **given: Any) -> dict[str, Any] | None:
    held = places(
        *(
            {"area_code": code, "value": value} | given
            for code, value in values
            if value is not None
        )
    )
    own = outturns({"own_population": 1000.0} | {k: given[k] for k in given if k == "outturn_type"})
    found = own.pipe(neighbour_comparators, neighbour_averages(held, NEIGHBOURS)).collect()
    return found.row(0, named=True) if found.height else None


@pytest.mark.parametrize(
    ("method", "values", "average", "n"),
    [
        ("mean", [1.0, 2.0, 6.0], 3.0, 3),
        ("median", [1.0, 2.0, 6.0], 2.0, 3),
        ("mean", [1.0, None, 6.0], 3.5, 2),
        ("median", [1.0, None, 6.0], 3.5, 2),
        ("mean", [0.0, None, None], 0.0, 1),
    ],
)
def test_neighbours_are_averaged_over_those_that_have_a_value(
    method: str, values: list[float | None], average: float, n: int
) -> None:
    found = _neighbours(*zip("123", values, strict=True), method=method)
    assert found is not None
    assert (found["value"], found["n"], found["of"]) == (average, n, 3)
    assert (found["method"], found["name"]) == (method, "Statistical neighbours")


def test_without_any_neighbours_value_there_is_no_average() -> None:
    assert _neighbours(("4", 5.0)) is None


def test_regions_are_no_neighbours() -> None:
    assert _neighbours(("1", 5.0), area_kind="region") is None


def test_counts_are_averaged_as_rates_and_become_a_count_again() -> None:
    """Two neighbours with 10 and 30 per 1,000 make 20 for a place of 1,000."""
    held = places(
        {"area_code": "1", "value": 10.0, "alike": 0.01, "is_per_person": True},
        {"area_code": "2", "value": 3000.0, "alike": 0.03, "is_per_person": True},
    )
    own = outturns({"own_population": 1000.0, "outturn_type": "number"})
    found = own.pipe(neighbour_comparators, neighbour_averages(held, NEIGHBOURS)).collect()
    assert found["value"].to_list() == pytest.approx([20.0])


def test_one_ingested_value_makes_the_average_ingested() -> None:
    held = places(
        {"area_code": "1", "value": 1.0},
        {"area_code": "2", "value": 1.0, "origin": "ingested"},
    )
    assert neighbour_averages(held, NEIGHBOURS).collect()["origin"].to_list() == ["ingested"]


def test_the_neighbours_period_is_the_newest_of_which_any_has_a_value() -> None:
    held = places(
        {"area_code": "1", "value": 1.0, "period": "2019/20"},
        {"area_code": "2", "value": 1.0, "period": "2019/20"},
        {"area_code": "1", "value": 1.0, "period": "2020/21"},
    )
    found = outturns({}).pipe(neighbour_comparators, neighbour_averages(held, NEIGHBOURS)).collect()
    assert found.select("comparator_period", "n").row(0) == ("2020/21", 1)


def test_neighbours_without_a_value_are_named() -> None:
    held = places(
        {"area_code": "2", "value": 1.0},
        {"area_code": "1", "value": 1.0, "period": "2019/20"},
    )
    own = outturns({})
    judged = own.pipe(neighbour_comparators, neighbour_averages(held, NEIGHBOURS)).pipe(
        compared, own=own
    )
    assert left_out(judged, held, neighbours=NEIGHBOURS).collect()["left_out"].to_list() == [
        ["First", "Third"]
    ]


def _years(*rows: dict[str, Any], own: str = "2021-10") -> list[tuple[str, float]]:
    years = places(*({"area_code": "852"} | row for row in rows)).with_columns(
        area=pl.lit("Southampton"), unit=pl.lit("")
    )
    found = outturns({"period": own}).pipe(own_year_comparators, years).collect()
    return sorted(found.select("name", "value").rows(), reverse=True)


def test_the_two_newest_years_that_ended_before_are_compared() -> None:
    years = ["2018/19", "2019/20", "2020/21", "2021/22"]
    assert _years(*({"period": year, "value": float(year[:4])} for year in years)) == [
        ("Southampton 2020/21", 2020.0),
        ("Southampton 2019/20", 2019.0),
    ]


def test_the_year_a_month_lies_in_is_no_earlier_year() -> None:
    """March 2021 is a part of 2020/21, though both end on one day."""
    assert _years({"period": "2020/21", "value": 1.0}, own="2021-03") == []


def test_an_own_count_stays_a_count() -> None:
    years = {"period": "2020/21", "value": 4092.0, "alike": 0.08, "is_per_person": True}
    count = {"is_count": True, "outturn_type": "number", "unit_type": "number"}
    frame = places(years | count | {"area_code": "852"}).with_columns(
        area=pl.lit("Southampton"), unit=pl.lit("")
    )
    found = outturns({}).pipe(own_year_comparators, frame).collect()
    assert found.select("alike", "is_per_person").row(0) == (4092.0, False)


def _typed(*rows: dict[str, Any]) -> pl.DataFrame:
    columns = {"indicator": "visits", "kind": "england", "name": "England", "is_count": False}
    none = {"period": None, "period_end": None, "period_months": None}
    typed = pl.LazyFrame(
        [columns | (span(row["period"]) if row.get("period") else none) | row for row in rows],
        schema={
            "indicator": pl.String,
            "kind": pl.String,
            "name": pl.String,
            "is_count": pl.Boolean,
            "period": pl.String,
            "period_end": pl.Date,
            "period_months": pl.Int8,
            "value": pl.Float64,
        },
    )
    return outturns({}).pipe(typed_comparators, typed).collect()


def test_a_typed_figure_with_a_year_counts_before_one_without() -> None:
    found = _typed({"value": 1.0}, {"value": 2.0, "period": "2020/21"}, {"value": 3.0})
    assert found.select("value", "comparator_period", "origin").rows() == [
        (2.0, "2020/21", "typed")
    ]


def test_a_later_typed_figure_is_not_used() -> None:
    assert _typed({"value": 2.0, "period": "2021/22"}).is_empty()


def test_a_typed_figure_without_a_year_speaks_of_a_year() -> None:
    assert _typed({"value": 1.0}).select("comparator_period", "speaks_of").row(0) == (None, 12)


def test_typed_counts_of_other_places_are_set_beside_and_not_judged() -> None:
    found = _typed({"value": 615.0, "is_count": True, "name": "Statistical neighbours"})
    assert found.select("value", "alike", "unlike").row(0) == (615.0, 615.0, A_COUNT)


def test_an_area_is_never_its_own_comparator() -> None:
    assert _typed({"value": 1.0, "name": "Southampton", "kind": "place"}).is_empty()
