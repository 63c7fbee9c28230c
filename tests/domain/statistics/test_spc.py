"""Means, limits, groups and verdicts of the XmR chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.domain.statistics.spc import assurance, latest_verdicts, verdicts_of, with_spc
from tests.domain.statistics.spc_oracle import Options, points_of


def _chart(values: Sequence[float | None], options: Options | None = None) -> pl.DataFrame:
    return with_spc(points_of(values, options).lazy(), series=["series"]).collect()


def _verdict(values: Sequence[float | None], options: Options | None = None) -> dict[str, Any]:
    points = points_of(values, options)
    return latest_verdicts(points.lazy(), series=["series"]).collect().row(0, named=True)


def _limits(values: Sequence[float | None], options: Options | None = None) -> tuple[Any, ...]:
    return _chart(values, options).select("mean", "lower_limit", "upper_limit").row(-1)


@pytest.mark.parametrize(
    ("values", "options", "limits"),
    [
        pytest.param([7], None, (7, None, None), id="one point"),
        pytest.param([95, 105], None, (100, 73.4, 126.6), id="two points"),
        pytest.param([98.7] * 13, None, (98.7, 98.7, 98.7), id="constant"),
        pytest.param([98.7] * 13, Options(screen=False), (98.7, 98.7, 98.7), id="unscreened"),
        pytest.param([95, None, 105], None, (100, 73.4, 126.6), id="a gap closes"),
        pytest.param([95, 105, 400], Options(baseline=2), (100, 73.4, 126.6), id="baseline"),
        pytest.param([1, 3], Options(baseline=12), (2, -3.32, 7.32), id="baseline too long"),
        pytest.param([4, 9], Options(baseline=1), (4, None, None), id="baseline of one"),
        pytest.param(
            [0, 2, 0, 2, 0, 42, 40, 42, 40, 42],
            None,
            (21, 15.68, 26.32),
            id="an outlying range is screened out, the mean keeps its points",
        ),
        pytest.param(
            [0, 2, 0, 2, 0, 42, 40, 42, 40, 42],
            Options(screen=False),
            (21, 21 - 2.66 * 58 / 9, 21 + 2.66 * 58 / 9),
            id="unless screening is off",
        ),
    ],
)
def test_mean_and_limits(
    values: Sequence[float | None], options: Options | None, limits: tuple[float | None, ...]
) -> None:
    assert [None if x is None else round(x, 9) for x in _limits(values, options)] == [
        None if x is None else round(x, 9) for x in limits
    ]


@pytest.mark.parametrize("value", [98.7, 0.1, 1e-300, 1 / 3, 123456789.123])
@pytest.mark.parametrize("count", [3, 13, 60])
def test_every_point_of_a_constant_series_lies_on_its_mean(value: float, count: int) -> None:
    chart = _chart([value] * count)
    assert set(chart["side"]) == {0}
    assert set(chart["rule"]) == {"Common Cause"}
    assert not chart["fallback"].any()


def test_a_point_on_the_mean_of_decimals_is_on_neither_side() -> None:
    """0.1, 0.2 and 0.3 do not add up to 0.6 in binary."""
    assert _chart([0.1, 0.2, 0.3])["side"].to_list() == [-1, 0, 1]


def test_a_large_number_beside_small_ones_does_not_blur_the_mean() -> None:
    assert _limits([1e15, 0.3, -1e15, 0.3])[0] == 0.15


def test_a_single_step_falls_back_on_all_ranges_and_says_so() -> None:
    chart = _chart([5.0] * 10 + [6.0] * 3)
    assert chart["fallback"].all()
    assert chart["upper_limit"][0] == pytest.approx(68 / 13 + 2.66 / 12)


def test_without_screening_a_single_step_is_no_fallback() -> None:
    assert not _chart([5.0] * 10 + [6.0] * 3, Options(screen=False))["fallback"].any()


def test_a_group_falls_back_by_itself() -> None:
    values = [5.0] * 10 + [6.0] * 3 + [1.0, 2.0, 3.0]
    chart = _chart(values, Options(rebases=(13,)))
    assert chart["fallback"].to_list() == [True] * 13 + [False] * 3


def test_points_after_a_constant_baseline_lie_outside_it() -> None:
    chart = _chart([5.0] * 12 + [6.0, 5.0], Options(baseline=12))
    assert chart["rule"].to_list() == ["Common Cause"] * 12 + ["Above UCL", "Common Cause"]
    assert not chart["fallback"].any()


@pytest.mark.parametrize(
    ("rebases", "groups"),
    [
        ((), [0, 0, 0, 0, 0]),
        ((0,), [1, 1, 1, 1, 1]),
        ((4,), [0, 0, 0, 1, 1]),
        ((1, 5), [0, 1, 1, 1, 2]),
        ((2,), [0, 0, 1, 1, 1]),
    ],
)
def test_a_rebase_begins_a_group_and_on_a_gap_the_next_point_does(
    rebases: tuple[int, ...], groups: list[int]
) -> None:
    chart = _chart([1, 2, None, 3, 4, 5], Options(rebases=rebases))
    assert chart["group"].to_list() == groups


def test_each_group_has_its_own_mean_limits_and_baseline() -> None:
    chart = _chart([1, 3, 50, 10, 30, 99], Options(baseline=2, rebases=(3,)))
    assert chart["mean"].to_list() == [2, 2, 2, 20, 20, 20]
    assert chart["group_points"].to_list() == [3] * 6


@pytest.mark.parametrize(("count", "is_trial"), [(12, True), (13, False)])
def test_limits_of_fewer_than_thirteen_points_are_trial_limits(count: int, is_trial: bool) -> None:
    assert _verdict([float(n % 3) for n in range(count)])["trial_limits"] is is_trial


def test_trial_limits_look_at_the_last_group_and_points_at_all() -> None:
    verdict = _verdict([float(n % 3) for n in range(30)], Options(rebases=(20,)))
    assert (verdict["points"], verdict["trial_limits"]) == (30, True)


def test_a_verdict_of_one_point_has_a_mean_no_limits_and_common_cause() -> None:
    verdict = _verdict([None, 12.0, None], Options(target=10))
    assert verdict == {
        "series": "s",
        "position": 1,
        "value": 12.0,
        "points": 1,
        "mean": 12.0,
        "lower_limit": None,
        "upper_limit": None,
        "variation": "common_cause",
        "rule": "Common Cause",
        "since": None,
        "trial_limits": True,
        "fallback": False,
        "assurance": None,
    }


def test_a_series_without_a_value_has_no_verdict() -> None:
    points = points_of([None, None]).lazy()
    assert latest_verdicts(points, series=["series"]).collect().is_empty()


def test_no_points_give_an_empty_chart() -> None:
    assert _chart([]).is_empty()


@pytest.mark.parametrize(
    ("target", "improvement", "expected"),
    [
        (11, 1, "consistent_fail"),
        (11, -1, "consistent_pass"),
        (-1, 1, "consistent_pass"),
        (-1, -1, "consistent_fail"),
        (10, 1, "inconsistent"),
        (0, -1, "inconsistent"),
        (5, 1, "inconsistent"),
        (11, 0, None),
        (None, 1, None),
    ],
)
def test_assurance_sets_the_target_against_limits_of_0_and_10(
    target: float | None, improvement: int, expected: str | None
) -> None:
    limits = pl.DataFrame(
        {
            "lower_limit": [0.0],
            "upper_limit": [10.0],
            "target": pl.Series([target], dtype=pl.Float64),
            "improvement": pl.Series([improvement], dtype=pl.Int8),
        }
    )
    assert limits.select(assurance()).item() == expected


def test_dates_order_a_series_and_say_since_when() -> None:
    months = [date(2021, month, 1) for month in range(1, 11)]
    points = points_of([20, 1, 20, 1, 2, 3, 4, 5, 6, 7]).with_columns(position=pl.Series(months))
    verdict = latest_verdicts(points.lazy().reverse(), series=["series"]).collect()
    assert verdict["since"].item() == date(2021, 4, 1)
    assert verdict["position"].item() == date(2021, 10, 1)


def test_several_columns_tell_series_apart_and_others_ride_along() -> None:
    one = points_of([1, 2, 3]).with_columns(unit=pl.lit("Team 1"), source_cell=pl.lit("B2"))
    two = points_of([7, 8, 9]).with_columns(unit=pl.lit("Team 2"), source_cell=pl.lit("B3"))
    chart = with_spc(pl.concat([two, one]).lazy(), series=["series", "unit"]).collect()
    assert chart.select("unit", "mean", "source_cell").unique().sort("unit").rows() == [
        ("Team 1", 2.0, "B2"),
        ("Team 2", 8.0, "B3"),
    ]


def test_a_null_key_is_a_series_of_its_own() -> None:
    keyless = points_of([1, 2]).with_columns(series=pl.lit(None, pl.String))
    chart = with_spc(pl.concat([points_of([7, 8]), keyless]).lazy(), series=["series"]).collect()
    assert chart.select("series", "mean").unique(maintain_order=True).rows() == [
        (None, 1.5),
        ("s", 7.5),
    ]


def test_both_engines_give_the_same_bits() -> None:
    values = [((n * 7919) % 1000) / 10 for n in range(60)]
    frame = pl.concat(
        points_of(values[n:], Options(rebases=(n,)), series=f"s{n}") for n in range(50)
    ).lazy()
    in_memory, streaming = (
        with_spc(frame, series=["series"]).collect(engine=engine)
        for engine in ("in-memory", "streaming")
    )
    assert in_memory.equals(streaming)


def test_a_chart_once_judged_gives_the_same_verdicts() -> None:
    points = points_of([1, 5, 2, 6, 3, 40]).lazy()
    judged = with_spc(points, series=["series"]).sort("value")
    assert (
        verdicts_of(judged, series=["series"])
        .collect()
        .equals(latest_verdicts(points, series=["series"]).collect())
    )


def test_only_named_columns_are_added() -> None:
    added = set(_chart([1, 2]).columns) - set(points_of([1, 2]).columns)
    assert added == {
        *("group", "mean", "lower_limit", "upper_limit", "fallback", "side", "outside", "close"),
        *("rule", "point_type", "since", "group_points", "trial_limits", "points", "is_latest"),
    }
