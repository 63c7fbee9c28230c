"""Axes of a chart's picture, and labels that keep out of each other's way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.chart import SpcChart
from kpi.renderers.chart_scale import broken, period_ticks, spread, value_scale, width_of_text
from tests.charted import KINDS, a_chart, a_period


@pytest.mark.parametrize(
    ("chart", "ticks"),
    [
        (a_chart([76, 84], limits=(80, 71, 92)), (70, 75, 80, 85, 90, 95)),
        (a_chart([98, 99], suffix="%", limits=(98, 96, 100)), (96, 97, 98, 99, 100)),
        (a_chart([0.5, 0.7], limits=(0.6, 0.41, 0.79)), (0.4, 0.5, 0.6, 0.7, 0.8)),
        (a_chart([-3, 4], limits=(0, -9, 9)), (-10, -5, 0, 5, 10)),
        # A figure at the edge gets room above; nought and a hundred per cent are the end.
        (a_chart([10, 20], limits=(15, 11, 19)), (8, 10, 12, 14, 16, 18, 20, 22)),
        (a_chart([0, 4], limits=(2, 0, 4)), (0, 1, 2, 3, 4, 5)),
        (a_chart([96, 100], suffix="%", limits=(98, 97, 99)), (95, 96, 97, 98, 99, 100)),
        # One value only.
        (a_chart([37] * 4, limits=(37, 37, 37)), (32, 34, 36, 38, 40, 42)),
        (a_chart([100] * 4, suffix="%", limits=(100, 100, 100)), (80, 85, 90, 95, 100)),
        (a_chart([0, 0], limits=(0, 0, 0)), (0, 1, 2, 3, 4)),
        (a_chart([-10, -10], limits=(-10, -10, -10)), (-11, -10.5, -10, -9.5, -9)),
    ],
)
def test_the_axis_holds_all_in_round_steps(chart: SpcChart, ticks: tuple[float, ...]) -> None:
    assert value_scale(chart).ticks == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("target", "is_held"), [(100, True), (65, True), (40, True), (39, False), (140, False)]
)
def test_a_target_far_away_does_not_flatten_the_series(target: float, is_held: bool) -> None:
    chart = a_chart([80, 85], limits=(82, 70, 90), target=target)
    assert value_scale(chart).holds(target) == is_held


def test_a_steady_series_shows_a_target_that_is_not_far_off() -> None:
    steady = {"limits": (100, 100, 100)}
    near, far = (a_chart([100, 100], target=target, **steady) for target in (60, 20))
    assert value_scale(near).holds(60)
    assert not value_scale(far).holds(20)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0.41, 0.79], ["-1.0", "-0.5", "0.0", "0.5", "1.0", "1.5", "2.0"]),
        ([1000, 3900], ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]),
        ([1, 10], ["0.0", "2.5", "5.0", "7.5", "10.0", "12.5"]),
    ],
)
def test_ticks_have_the_decimals_that_tell_them_apart(
    values: list[float], labels: list[str]
) -> None:
    scale = value_scale(a_chart(values))
    assert [scale.label(tick) for tick in scale.ticks] == labels


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=20),
    st.none() | st.floats(-1e12, 1e12),
)
def test_every_figure_and_limit_lies_on_an_axis_of_a_few_steps(
    values: list[float], target: float | None
) -> None:
    chart = a_chart(values, target=target)
    scale = value_scale(chart)
    assert all(scale.holds(value) for value in values)
    assert 3 <= scale.steps <= 9


@pytest.mark.parametrize(
    ("first", "count", "labels"),
    [
        ("2021-04", 3, ["Apr 2021", "May", "Jun"]),
        ("2021-11", 4, ["Nov 2021", "Dec", "Jan 2022", "Feb"]),
        ("2021-12", 3, ["Dec 2021", "Jan 2022", "Feb"]),
        ("2020-04", 24, ["Apr 2020", "Jul", "Oct", "Jan 2021", "Apr", "Jul", "Oct", "Jan 2022"]),
        ("2019-04", 36, ["Apr 2019", "Jul", "Oct", "Jan 2020", "Apr", "Jul", "Oct", "Jan 2021",
                         "Apr", "Jul", "Oct", "Jan 2022"]),
        ("2020-04", 42, ["Apr 2020", "Jul", "Oct", "Jan 2021", "Apr", "Jul", "Oct", "Jan 2022",
                         "Apr", "Jul", "Oct", "Jan 2023", "Apr", "Jul"]),
        ("2020-04", 60, ["Apr 2020", "Oct", "Apr 2021", "Oct", "Apr 2022", "Oct", "Apr 2023", "Oct",
                         "Apr 2024", "Oct"]),
        ("2020-05", 2, ["May 2020", "Jun"]),
        ("2020-Q4", 3, ["Q4 2020/21", "Q1 2021/22", "Q2"]),
        ("2010-Q1", 40, ["Q1 2010/11", "Q1 2012/13", "Q1 2014/15", "Q1 2016/17", "Q1 2018/19"]),
        ("2015/16", 3, ["2015/16", "2016/17", "2017/18"]),
    ],
)  # fmt: skip
def test_periods_are_labelled_as_room_allows_and_years_where_they_begin(
    first: str, count: int, labels: list[str]
) -> None:
    periods = [a_period(first).shifted(at) for at in range(count)]
    ticks = period_ticks(periods, width=460)
    assert [f"{tick.label} {tick.year}".strip() for tick in ticks] == labels


def test_a_year_that_has_no_room_beside_the_next_is_left_away() -> None:
    periods = [a_period("2021-12").shifted(at) for at in range(16)]
    assert [tick.year for tick in period_ticks(periods, width=320)][:2] == ["2022", ""]


def test_a_series_that_no_round_step_meets_is_labelled_at_its_first_period() -> None:
    periods = [a_period("2021-05").shifted(at) for at in range(2)]
    assert [tick.at for tick in period_ticks(periods, width=10)] == [0]


@given(st.lists(st.floats(0, 220), max_size=8))
def test_spread_places_keep_their_order_and_their_distance(wanted: list[float]) -> None:
    places = spread(sorted(wanted), gap=15, low=0, high=220)
    assert all(second - first >= 15 - 1e-6 for first, second in pairwise(places))
    assert all(-1e-6 <= place <= 220 + 1e-6 for place in places)


def test_places_that_do_not_collide_stay_where_they_are_wanted() -> None:
    assert spread([10, 30, 200], gap=15, low=0, high=220) == [10, 30, 200]


def test_a_text_is_broken_between_words_and_within_one_only_where_it_must() -> None:
    assert broken("one two three", size=12, width=60) == ["one two", "three"]
    assert "".join(broken("W" * 40, size=12, width=60)) == "W" * 40
    assert broken("", size=12, width=60) == []


@given(st.text(max_size=80))
def test_a_broken_text_loses_no_word_and_fits(text: str) -> None:
    lines = broken(text, size=12, width=100)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of_text(line, size=12) <= 100 for line in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_chart_has_a_label_on_both_axes(kind: str) -> None:
    chart = KINDS[kind]
    assert value_scale(chart).ticks
    assert period_ticks([point.period for point in chart.points], width=460)
