"""Laws of the XmR chart, on short series with many ties, gaps and rebases."""

from __future__ import annotations

import random
from dataclasses import asdict, replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.statistics.spc import latest_verdicts, with_spc
from tests.domain.statistics.spc_oracle import Judged, Options, assurance_of, judged, points_of

# Quarters are exact in binary, so that no law fails on a rounding of its own making.
tied = st.one_of(st.integers(0, 3), st.integers(0, 12).map(lambda n: n / 4), st.just(40))
gap = st.none()
steady = st.lists(st.one_of(tied, tied, tied, gap), max_size=30)
runs = st.lists(
    st.tuples(st.integers(-2, 2), st.integers(1, 8), st.integers(0, 6)), max_size=5
).map(lambda parts: [start + step * i for step, length, start in parts for i in range(length)])
values = st.one_of(steady, runs)
options = st.builds(
    Options,
    improvement=st.sampled_from([1, -1, 0]),
    baseline=st.one_of(st.none(), st.integers(1, 14)),
    screen=st.booleans(),
    two_in_three=st.sampled_from(["older", "newer"]),
    rebases=st.sets(st.integers(0, 25), max_size=3).map(tuple),
    target=st.one_of(st.none(), st.integers(-5, 45)),
)

WORDS = ["group", "fallback", "rule", "point_type", "since"]
NUMBERS = ["mean", "lower_limit", "upper_limit"]


def _chart(points: pl.DataFrame) -> pl.DataFrame:
    return with_spc(points.lazy(), series=["series"]).collect()


def _verdicts(points: pl.DataFrame) -> pl.DataFrame:
    return latest_verdicts(points.lazy(), series=["series"]).collect()


def _words(chart: pl.DataFrame) -> list[tuple[object, ...]]:
    return chart.select("position", *WORDS).rows()


@given(values, options)
def test_a_chart_is_the_oracles(values: list[float | None], options: Options) -> None:
    chart = _chart(points_of(values, options)).select("position", "value", *WORDS, *NUMBERS)
    for point, expected in zip(chart.to_dicts(), judged(values, options), strict=True):
        wanted = asdict(expected)
        numbers = {name: wanted.pop(name) for name in NUMBERS}
        assert {name: point[name] for name in wanted} == wanted
        if numbers["lower_limit"] is None:
            assert point["lower_limit"] is point["upper_limit"] is None
            del numbers["lower_limit"], numbers["upper_limit"]
        assert {name: point[name] for name in numbers} == pytest.approx(
            numbers, rel=1e-9, abs=1e-12
        )


@given(st.lists(st.integers(0, 30).map(lambda n: n / 10), max_size=24))
def test_labels_of_decimals_are_the_oracles(values: list[float]) -> None:
    """A decimal figure that is not exact in binary is not on the wrong side of its mean."""
    rules = _chart(points_of(values))["rule"].to_list()
    assert rules == [point.rule for point in judged(values)]


@given(values, options)
def test_a_verdict_is_that_of_the_latest_point(
    values: list[float | None], options: Options
) -> None:
    chart = judged(values, options)
    verdicts = _verdicts(points_of(values, options)).to_dicts()
    assert len(verdicts) == bool(chart)
    for verdict in verdicts:
        latest: Judged = chart[-1]
        assert verdict["points"] == len(chart)
        assert verdict["variation"] == latest.point_type
        assert verdict["since"] == latest.since
        assert verdict["assurance"] == assurance_of(chart, options)
        assert verdict["trial_limits"] == (sum(p.group == latest.group for p in chart) < 13)


@given(values, options)
def test_mirrored_values_and_improvement_mirror_the_chart(
    values: list[float | None], options: Options
) -> None:
    """Fewer of what is unwelcome is as good as more of what is welcome."""
    mirrored = [None if value is None else -value for value in values]
    turned = replace(
        options,
        improvement=-options.improvement,
        target=None if options.target is None else -options.target,
    )
    ours = _verdicts(points_of(values, options))
    theirs = _verdicts(points_of(mirrored, turned))
    assert ours["assurance"].to_list() == theirs["assurance"].to_list()
    assert ours["since"].to_list() == theirs["since"].to_list()
    swapped = {
        "special_cause_neutral_high": "special_cause_neutral_low",
        "special_cause_neutral_low": "special_cause_neutral_high",
    }
    assert [swapped.get(word, word) for word in theirs["variation"]] == ours["variation"].to_list()


@given(values, options, st.integers(-64, 64))
def test_a_constant_added_changes_no_label(
    values: list[float | None], options: Options, added: int
) -> None:
    raised = [None if value is None else value + added for value in values]
    assert _words(_chart(points_of(values, options))) == _words(_chart(points_of(raised, options)))


@given(values, options, st.randoms(use_true_random=False))
def test_row_order_changes_nothing(
    values: list[float | None], options: Options, order: random.Random
) -> None:
    points = points_of(values, options)
    places = list(range(points.height))
    order.shuffle(places)
    assert _chart(points[places]).equals(_chart(points))


@given(st.lists(st.tuples(values, options), min_size=2, max_size=4))
def test_each_series_is_judged_by_itself(
    several: list[tuple[list[float | None], Options]],
) -> None:
    frames = [
        points_of(values, options, series=f"s{place}")
        for place, (values, options) in enumerate(several)
    ]
    together = _chart(pl.concat(frames))
    assert together.equals(pl.concat(_chart(frame) for frame in frames))
