from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kpi.domain.comparison.standing import (
    fields,
    neighbour_league,
    place_funnels,
    standings,
    unit_funnels,
)
from tests.domain.comparison.comparison_frames import outturns, places

LISTS = pl.LazyFrame({"la_code": ["852", "852"], "neighbour_code": ["1", "3"]})


def _field(own: dict[str, Any], *values: float, **given: Any) -> pl.LazyFrame:
    """An outturn among authorities 1, 2, 3 … with these values, and England with 0."""
    rows = [
        {"area_code": str(number), "value": value} | given
        for number, value in enumerate(values, start=1)
    ]
    england = {"area_code": "970", "area_kind": "england", "value": 0.0}
    return fields(outturns(own), places(*rows, england))


@pytest.mark.parametrize(
    ("polarity", "outturn", "rank", "quartile"),
    [
        ("low", 1.0, 1, "A"),
        ("low", 5.0, 1, "A"),
        ("low", 20.0, 2, "A"),
        ("low", 30.0, 3, "B"),
        ("low", 31.0, 4, "C"),
        ("low", 99.0, 5, "D"),
        ("high", 99.0, 1, "A"),
        ("high", 1.0, 5, "D"),
        ("none", 20.0, None, None),
        ("range", 20.0, None, None),
    ],
)
def test_the_outturn_is_ranked_among_the_other_authorities(
    polarity: str, outturn: float, rank: int | None, quartile: str | None
) -> None:
    """Four others hold 5, 20, 30 and 40.

    Rank 1 is best, ties share the lowest number, and a value on a cut belongs to the band
    of lower values: 20 is the first cut of 5, 20, 20, 30, 40.
    """
    own = {"outturn": outturn, "polarity": polarity}
    found = standings(_field(own, 5.0, 20.0, 30.0, 40.0)).collect().row(0, named=True)
    assert (found["rank"], found["of_areas"]) == (rank, 5)
    assert found["quartile"] == quartile


def test_its_own_published_value_gives_way_to_the_outturn() -> None:
    own = {"outturn": 50.0, "area_code": "2"}
    field = _field(own, 5.0, 20.0, 30.0).collect()
    assert sorted(field["value_compared"]) == [5.0, 30.0, 50.0]
    assert standings(field.lazy()).collect()["of_areas"].item() == 3


def test_the_field_is_of_one_period_the_newest_by_then() -> None:
    values = places(
        {"area_code": "1", "value": 1.0, "period": "2019/20"},
        {"area_code": "2", "value": 2.0, "period": "2020/21"},
        {"area_code": "3", "value": 3.0, "period": "2021/22"},
    )
    field = fields(outturns({}), values).collect()
    assert field.filter(~pl.col("is_own"))["area_code"].to_list() == ["2"]
    assert field["field_period"].unique().to_list() == ["2020/21"]


@pytest.mark.parametrize(("own", "found"), [("2021-03", ["1"]), ("2020/21", ["2"])])
def test_of_periods_that_end_alike_the_field_is_of_the_outturns_length(
    own: str, found: list[str]
) -> None:
    values = places(
        {"area_code": "1", "value": 1.0, "period": "2021-03", "origin": "ingested"},
        {"area_code": "2", "value": 2.0, "period": "2020/21"},
    )
    field = fields(outturns({"period": own}), values).collect()
    assert field.filter(~pl.col("is_own"))["area_code"].to_list() == found


def test_england_is_not_ranked_among_authorities() -> None:
    assert _field({"area_code": "970", "area": "England"}, 5.0, 20.0).collect().is_empty()


def test_a_year_to_date_is_ranked_at_its_pace() -> None:
    own = {"outturn": 7.0, "outturn_type": "rate", "basis": "year-to-date"}
    field = _field(own, 10.0, 15.0).collect()
    assert field.filter("is_own")["value_compared"].to_list() == [12.0]


def test_a_count_is_ranked_by_its_rate() -> None:
    """100 of 1,000 children lies above 0.05 a child, whatever the count there."""
    own = {"outturn": 100.0, "outturn_type": "number", "own_population": 1000.0}
    field = _field(own, 900.0, alike=0.05, is_per_person=True)
    assert standings(field).collect()["rank"].item() == 2


@pytest.mark.parametrize(
    "own",
    [
        pytest.param({"outturn": None}, id="no outturn"),
        pytest.param({"unit": "Team 1"}, id="a part of an authority"),
        pytest.param({"period": "2015-10"}, id="no value of others by then"),
        pytest.param({"indicator": "other"}, id="no value of others"),
    ],
)
def test_some_outturns_have_no_field(own: dict[str, Any]) -> None:
    assert _field(own, 5.0, 20.0).collect().is_empty()


def test_the_league_is_of_the_neighbours_best_first() -> None:
    league = neighbour_league(_field({"outturn": 25.0}, 5.0, 20.0, 30.0), neighbours=LISTS)
    found = league.collect()
    assert found["value_compared"].to_list() == [5.0, 25.0, 30.0]
    assert found.filter("is_own").select("rank_of_neighbours", "of_neighbours").row(0) == (2, 3)


def test_a_league_without_polarity_has_the_highest_first_and_no_ranks() -> None:
    own = {"outturn": 25.0, "polarity": "none"}
    found = neighbour_league(_field(own, 5.0, 20.0, 30.0), neighbours=LISTS).collect()
    assert found["value_compared"].to_list() == [30.0, 25.0, 5.0]
    assert found["rank_of_neighbours"].to_list() == [None] * 3


def test_an_outturn_without_neighbours_has_no_league() -> None:
    assert neighbour_league(_field({}, 5.0), neighbours=LISTS.head(0)).collect().is_empty()


def test_a_place_lies_in_the_funnel_round_the_pooled_value() -> None:
    """80 of 100 beside 50 of 100 pools at 65: the limits are 65 -/+ 1.96 and 3.09 sd of 4.77."""
    own = {"outturn": 80.0, "numerator": 80.0, "denominator": 100.0}
    field = _field(own, 50.0, numerator=50.0, denominator=100.0)
    found = place_funnels(field).collect().row(0, named=True)
    assert found["lower_95"] == pytest.approx(65 - 1.959964 * 4.769696)
    assert found["upper_99_8"] == pytest.approx(65 + 3.090232 * 4.769696)
    assert found["significance"] == "High (0.001)"


def test_a_funnel_of_a_year_to_date_is_in_its_own_terms() -> None:
    """At seven of twelve months the reference is seven twelfths of the year's."""
    own = {"outturn": 70.0, "outturn_type": "rate", "basis": "year-to-date"}
    own |= {"numerator": 700.0, "denominator": 100_000.0}
    field = _field(own, 120.0, numerator=1200.0, denominator=100_000.0)
    found = place_funnels(field).collect().row(0, named=True)
    assert found["lower_95"] < 70.0 < found["upper_95"]
    assert found["significance"] == "Not significant"


def test_without_counts_there_is_no_significance() -> None:
    assert place_funnels(_field({}, 50.0)).collect()["significance"].item() is None


def test_units_lie_in_the_funnel_of_all_units_of_one_period() -> None:
    teams = [
        {"unit": unit, "outturn": share, "denominator": 100.0}
        for unit, share in (("Team 1", 20.0), ("Team 2", 50.0), ("Team 3", 80.0))
    ]
    alone = {"unit": "Team 4", "outturn": 1.0, "denominator": 100.0, "period": "2021-09"}
    whole = {"unit": "", "outturn": 1.0, "denominator": 100.0}
    found = unit_funnels(outturns(*teams, alone, whole)).collect().sort("own")
    assert found.select("own", "significance").rows() == [
        (0, "Low (0.001)"),
        (1, "Not significant"),
        (2, "High (0.001)"),
    ]
