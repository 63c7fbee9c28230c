from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.trend.sparkline import BARS, SHOWN, sparklines


def line(values: list[float]) -> str:
    points = pl.LazyFrame({"series": ["a"] * len(values), "value": values})
    return str(sparklines(points, by=["series"]).collect()["sparkline"].item())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([93, 91, 90, 88, 86, 83, 76], "█▇▇▆▅▄▁"),
        ([0, 7], "▁█"),
        ([0, 1, 2, 3, 4, 5, 6, 7], BARS),
        ([5], "▄"),
        ([5, 5, 5], "▄▄▄"),
        ([-10, 0, 10], "▁▅█"),
    ],
)
def test_the_lowest_point_has_the_lowest_bar_and_the_highest_the_highest(
    values: list[float], expected: str
) -> None:
    assert line([float(value) for value in values]) == expected


def test_only_the_latest_points_are_drawn_and_scaled() -> None:
    assert line([1000.0, *map(float, range(12))]) == line(list(map(float, range(12))))
    assert len(line(list(map(float, range(40))))) == SHOWN


def test_each_series_has_its_own_scale() -> None:
    points = pl.LazyFrame({"series": ["a", "b", "a", "b"], "value": [1.0, 100.0, 2.0, 50.0]})
    lines = sparklines(points, by=["series"]).collect()
    assert lines.rows() == [("a", "▁█"), ("b", "█▁")]


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=SHOWN))
def test_a_higher_point_never_has_a_lower_bar(values: list[int]) -> None:
    bars = [BARS.index(bar) for bar in line([float(value) for value in values])]
    assert len(bars) == len(values)
    for one, bar in zip(values, bars, strict=True):
        assert all(bar <= other for two, other in zip(values, bars, strict=True) if two > one)
