from __future__ import annotations

import math
import random
from pathlib import Path
from statistics import quantiles

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.statistics.quantiles import (
    quartile_cuts,
    with_quartile,
    with_rank,
    with_rank_quantile,
)

GOLDEN = Path(__file__).parents[2] / "golden"
VALUES = st.lists(
    st.one_of(st.none(), st.integers(-20, 20).map(lambda n: n / 4)), min_size=1, max_size=30
)


def _areas(values: list[float | None], *, polarity: str | None = "high") -> pl.LazyFrame:
    return pl.LazyFrame(
        {"set": ["s"] * len(values), "area": range(len(values)), "value": values},
        schema_overrides={"value": pl.Float64},
    ).with_columns(polarity=pl.lit(polarity, dtype=pl.String))


def _ranks(values: list[float | None], *, polarity: str | None = "high") -> list[int | None]:
    ranked = _areas(values, polarity=polarity).pipe(with_rank, by=["set"])
    return ranked.collect()["rank"].to_list()


def _quartiles(values: list[float | None], *, polarity: str | None = "high") -> str:
    placed = _areas(values, polarity=polarity).pipe(with_quartile, by=["set"])
    return "".join(letter or "-" for letter in placed.collect()["quartile"])


@pytest.mark.parametrize(
    ("values", "polarity", "expected"),
    [
        ([10, 30, 20], "high", [3, 1, 2]),
        ([10, 30, 20], "low", [1, 3, 2]),
        ([30, 30, 20, 10], "high", [1, 1, 3, 4]),
        ([10, 20, 20, 30], "high", [4, 2, 2, 1]),
        ([10, None, 20], "high", [2, None, 1]),
        ([10, math.nan, 20], "high", [2, None, 1]),
        ([5, 5, 5], "low", [1, 1, 1]),
        ([0.0, -0.0], "low", [1, 1]),
        ([-5, 5], "low", [1, 2]),
        ([7], "high", [1]),
        ([None], "high", [None]),
        ([10, 20], "none", [None, None]),
        ([10, 20], "range", [None, None]),
        ([10, 20], None, [None, None]),
        ([0.3, 0.1 + 0.2, 0.2], "high", [1, 1, 3]),
        ([100.0000001, 100.0000002], "high", [1, 1]),
        ([100.000001, 100.000002], "high", [2, 1]),
    ],
)
def test_rank_1_is_best_by_polarity_and_ties_share_the_lowest_number(
    values: list[float | None], polarity: str | None, expected: list[int | None]
) -> None:
    assert _ranks(values, polarity=polarity) == expected


@pytest.mark.parametrize("polarity", ["high", "none"])
def test_of_areas_counts_the_values_whatever_the_polarity(polarity: str) -> None:
    ranked = _areas([1, None, 3, 3], polarity=polarity).pipe(with_rank, by=["set"]).collect()
    assert ranked["of_areas"].to_list() == [3, 3, 3, 3]


def test_each_group_is_ranked_by_its_own_polarity() -> None:
    areas = pl.LazyFrame(
        {
            "indicator": ["a", "b", "c", "a", "b", "c"],
            "polarity": ["high", "low", "none"] * 2,
            "value": [1.0, 1.0, 1.0, 2.0, 2.0, 2.0],
        }
    )
    ranked = areas.pipe(with_rank, by=["indicator"]).collect()
    assert ranked["rank"].to_list() == [2, 1, None, 1, 2, None]
    assert ranked["of_areas"].to_list() == [2] * 6


@pytest.mark.parametrize(
    ("values", "polarity", "expected"),
    [
        # Cuts 1.75, 2.5, 3.25.
        ([1, 2, 3, 4], "high", "DCBA"),
        ([1, 2, 3, 4], "low", "ABCD"),
        # Cuts 2, 3, 4: the values on them belong below.
        ([1, 2, 3, 4, 5], "high", "DDCBA"),
        ([1, 2, 3, 4, 5], "low", "AABCD"),
        ([5, 1, 4, 2, 3], "low", "DACAB"),
        ([1, 2, 3], "high", "---"),
        ([1, 2, 3, None], "high", "----"),
        ([1, None, 2, 3, 4], "high", "D-CBA"),
        ([1, math.nan, 2, 3, 4], "high", "D-CBA"),
        ([6, 6, 6, 6], "low", "AAAA"),
        ([6, 6, 6, 6], "high", "DDDD"),
        ([1, 1, 1, 1, 9], "low", "AAAAD"),
        ([1, 2, 3, 4], "none", "----"),
        ([1, 2, 3, 4], "range", "----"),
        ([1, 2, 3, 4], None, "----"),
        ([-4, -3, -2, -1], "low", "ABCD"),
        # A tenth and two tenths make a value on the cut, not beyond it: cuts 0.2, 0.3, 0.4.
        ([0.1, 0.2, 0.1 + 0.2, 0.4, 0.5], "low", "AABCD"),
    ],
)
def test_a_value_on_a_cut_belongs_to_the_band_of_lower_values(
    values: list[float | None], polarity: str | None, expected: str
) -> None:
    assert _quartiles(values, polarity=polarity) == expected


@given(st.floats(-1e9, 1e9), st.integers(4, 12))
def test_a_cut_between_equal_values_is_exactly_that_value(value: float, areas: int) -> None:
    assert _quartiles([value] * areas, polarity="low") == "A" * areas


def test_each_group_has_its_own_cuts_and_polarity() -> None:
    areas = pl.LazyFrame(
        {
            "indicator": ["a"] * 4 + ["b"] * 4,
            "polarity": ["high"] * 4 + ["low"] * 4,
            "value": [1.0, 2.0, 3.0, 4.0, 100.0, 200.0, 300.0, 400.0],
        }
    )
    placed = areas.pipe(with_quartile, by=["indicator"]).collect()
    assert "".join(placed["quartile"]) == "DCBAABCD"


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60))
def test_cut_points_are_those_of_a_spreadsheets_percentile_inc(values: list[float]) -> None:
    frame = pl.DataFrame({"value": values})
    first, second, third = quartile_cuts(pl.col("value"))
    found = frame.select(first=first, second=second, third=third).row(0)
    expected = quantiles(values, n=4, method="inclusive")
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_rank_quantiles_agree_with_the_published_package() -> None:
    golden = pl.scan_csv(GOLDEN / "phe_quantile.csv")
    golden = golden.rename({"quantile": "expected"}).with_columns(pl.col("invert").cast(pl.Boolean))
    found = golden.pipe(
        with_rank_quantile,
        by=["set_id"],
        groups=pl.col("nquantiles"),
        highest_first=pl.col("invert"),
    ).collect()
    assert found["quantile"].to_list() == found["expected"].to_list()
    assert found.height > 200


@pytest.mark.parametrize(
    ("values", "groups", "highest_first", "expected"),
    [
        ([1, 1, 1, 1, 2, 3], 4, True, [2, 2, 2, 2, 1, 1]),
        ([1, 2, 3], 4, True, [None, None, None]),
        ([1, 2, 3, None], 4, True, [None, None, None, None]),
        ([1, 2, 3, 4, None], 4, True, [4, 3, 2, 1, None]),
        ([1, 2, 3, 4], 4, False, [1, 2, 3, 4]),
        ([5, 5, 5, 5], 4, True, [1, 1, 1, 1]),
        ([None, None], 1, True, [None, None]),
    ],
)
def test_rank_quantiles_share_out_areas_and_keep_ties_together(
    values: list[float | None],
    groups: int,
    highest_first: bool,
    expected: list[int | None],
) -> None:
    placed = _areas(values).pipe(
        with_rank_quantile, by=["set"], groups=groups, highest_first=highest_first
    )
    assert placed.collect()["quantile"].to_list() == expected


@given(VALUES, st.sampled_from(["high", "low"]), st.randoms())
def test_neither_rank_nor_quartile_depends_on_row_order(
    values: list[float | None], polarity: str, chance: random.Random
) -> None:
    def placed(areas: pl.LazyFrame) -> pl.DataFrame:
        areas = areas.pipe(with_rank, by=["set"]).pipe(with_quartile, by=["set"])
        areas = areas.pipe(with_rank_quantile, by=["set"], groups=5)
        return areas.collect().sort("area")

    areas = _areas(values, polarity=polarity).collect()
    order = list(range(len(values)))
    chance.shuffle(order)
    assert placed(areas[order].lazy()).equals(placed(areas.lazy()))


@given(VALUES, st.sampled_from(["high", "low"]))
def test_equal_outturns_share_a_rank_and_a_quartile(
    values: list[float | None], polarity: str
) -> None:
    areas = _areas(values, polarity=polarity).pipe(with_rank, by=["set"])
    placed = areas.pipe(with_quartile, by=["set"]).collect()
    for column in ("rank", "quartile"):
        pairs = placed.select("value", column).unique()
        assert pairs["value"].n_unique() == pairs.height


@given(VALUES)
def test_the_best_ranks_1_and_the_rank_counts_the_better_ones(values: list[float | None]) -> None:
    known = [value for value in values if value is not None]
    expected = [
        None if value is None else 1 + sum(other > value for other in known) for value in values
    ]
    assert _ranks(values) == expected


@given(VALUES)
def test_negating_values_and_turning_polarity_keeps_the_rank(values: list[float | None]) -> None:
    negated = [None if value is None else -value for value in values]
    assert _ranks(values, polarity="high") == _ranks(negated, polarity="low")


@given(VALUES)
def test_a_better_rank_never_has_a_worse_quartile(values: list[float | None]) -> None:
    areas = _areas(values).pipe(with_rank, by=["set"]).pipe(with_quartile, by=["set"])
    placed = areas.collect().drop_nulls("quartile").sort("rank")
    assert placed["quartile"].is_sorted()
