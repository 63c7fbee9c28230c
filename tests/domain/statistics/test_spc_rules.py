"""Which label a point bears, and since when: small charts worked by hand.

Each is judged on a baseline of its first two points, so that mean and limits are round
numbers; a third, on the mean, keeps these out of the shifts and windows that follow.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kpi.domain.statistics.spc import with_spc
from tests.domain.statistics.spc_oracle import Options, points_of

UP, DOWN = "7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"
ABOVE, BELOW = "7 Points Above CL", "7 Points Below CL"
TWO_ABOVE, TWO_BELOW = "2 in 3 Above CL", "2 in 3 Below CL"
UCL, LCL = "Above UCL", "Below LCL"
NONE = "Common Cause"

# Mean 100, average range 10: limits 73.4 and 126.6, inner lines 82.27 and 117.73.
BASE = [95, 105]
CHART = [
    pytest.param([126.6], [NONE], id="a point on the limit is inside"),
    pytest.param([126.7, 73.3], [UCL, LCL], id="a point beyond a limit"),
    pytest.param([97, 98, 99, 101, 102, 103], [NONE] * 6, id="six that rise are no trend"),
    pytest.param([103, 102, 101, 99, 98, 97, 96], [DOWN] * 7, id="seven that fall are a trend"),
    pytest.param([97, 98, 99, 100, 101, 102, 103], [UP] * 7, id="a trend crosses the mean"),
    pytest.param(
        [97, 98, 99, 99, 101, 102, 103], [NONE] * 7, id="an equal neighbour breaks a trend"
    ),
    pytest.param([101, 102] * 3, [NONE] * 6, id="six on one side are no shift"),
    pytest.param([101, 102] * 3 + [101], [ABOVE] * 7, id="seven on one side are a shift"),
    pytest.param(
        [99, 98, 99, 100, 99, 98, 99, 98], [NONE] * 8, id="a point on the mean breaks a shift"
    ),
    pytest.param([118, 101, 118], [TWO_ABOVE, NONE, TWO_ABOVE], id="the third is not flagged"),
    pytest.param([82, 82, 99], [TWO_BELOW, TWO_BELOW, NONE], id="two close points below"),
    pytest.param([118, 99, 118], [NONE] * 3, id="all three must lie on one side"),
    pytest.param([118, 118], [NONE] * 2, id="the two before a third"),
    pytest.param([117, 117, 101], [NONE] * 3, id="points within the inner line are not close"),
    pytest.param([130, 118, 101], [UCL, NONE, NONE], id="a point outside is not close"),
    pytest.param([94, 96, 98, 100, 102, 104, 130], [UP] * 6 + [UCL], id="outside beats a trend"),
    pytest.param(
        [101, 101, 102, 103, 104, 105, 118, 119],
        [ABOVE] + [UP] * 7,
        id="a trend beats 2 in 3 and a shift",
    ),
    pytest.param(
        [101, 102, 101, 102, 118, 101, 118],
        [ABOVE] * 4 + [TWO_ABOVE, ABOVE, TWO_ABOVE],
        id="2 in 3 beats a shift",
    ),
    pytest.param(
        [100, 101, 102, 103, 104, 105, 106, 105, 104, 103, 102, 101, 99],
        [UP] * 6 + [DOWN] * 7,
        id="the peak of two trends takes the later",
    ),
    pytest.param(
        [100, 101, 102, 103, 104, 105, 106, 106, 105, 104, 103, 102, 101, 99],
        [UP] * 7 + [DOWN] * 7,
        id="trends joined by a tie keep their own ends",
    ),
]


def _labels(values: Sequence[float], options: Options) -> list[str]:
    chart = with_spc(points_of(values, options).lazy(), series=["series"]).collect()
    return chart["rule"].to_list()


@pytest.mark.parametrize(("values", "labels"), CHART)
def test_label(values: list[float], labels: list[str]) -> None:
    chart = _labels([*BASE, 100, *values], Options(baseline=2))
    assert chart == [NONE] * 3 + labels


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([130, 118, 101], [UCL, TWO_ABOVE, NONE]),
        ([130, 131, 101], [UCL, UCL, NONE]),
        ([130, 70, 101], [UCL, LCL, NONE]),
        ([130, 101, 101], [UCL, NONE, NONE]),
    ],
)
def test_the_newer_rule_counts_points_outside_as_close(
    values: list[float], labels: list[str]
) -> None:
    chart = _labels([*BASE, 100, *values], Options(baseline=2, two_in_three="newer"))
    assert chart == [NONE] * 3 + labels


@pytest.mark.parametrize(
    ("values", "since"),
    [
        pytest.param([101], None, id="common cause has no beginning"),
        pytest.param([101, 130], 4, id="a single point outside"),
        pytest.param([130, 131, 130], 3, id="points outside on end"),
        pytest.param([70, 130], 4, id="the other limit is another signal"),
        pytest.param([101, 130, 102, 103, 102, 101, 102], 3, id="a shift through a point outside"),
        pytest.param([101, 102, 103, 104, 105, 106, 107], 2, id="a trend from its first point"),
        pytest.param([118, 118, 101, 118], 3, id="windows that overlap"),
        pytest.param([118, 118, 101, 101, 118, 118, 101, 118], 7, id="windows with a break"),
        pytest.param([101, 118, 118], 4, id="from the first that is flagged"),
    ],
)
def test_a_signal_is_dated_from_where_its_run_began(values: list[float], since: int | None) -> None:
    points = points_of([*BASE, 100, *values], Options(baseline=2))
    chart = with_spc(points.lazy(), series=["series"]).collect()
    assert chart["since"].to_list()[-1] == since


@pytest.mark.parametrize("place", range(1, 10))
def test_no_run_crosses_the_start_of_a_group(place: int) -> None:
    labels = _labels([float(n) for n in range(10)], Options(rebases=(place,)))
    assert (UP in labels[:place]) == (place >= 7)
    assert (UP in labels[place:]) == (10 - place >= 7)


def test_no_shift_crosses_the_start_of_a_group() -> None:
    values = [*BASE, 101, 102, 101, 102, 101, 105, 95]
    assert ABOVE in _labels(values, Options(baseline=2))
    assert ABOVE not in _labels(values, Options(baseline=2, rebases=(7,)))


def test_no_window_crosses_the_start_of_a_group() -> None:
    values = [*BASE, 100, 118, 118, 105, 95]
    assert TWO_ABOVE in _labels(values, Options(baseline=2))
    assert TWO_ABOVE not in _labels(values, Options(baseline=2, rebases=(5,)))


@pytest.mark.parametrize(
    ("improvement", "high", "low"),
    [
        (1, "special_cause_improvement", "special_cause_concern"),
        (-1, "special_cause_concern", "special_cause_improvement"),
        (0, "special_cause_neutral_high", "special_cause_neutral_low"),
    ],
)
def test_the_point_type_is_the_labels_sense_and_which_way_is_good(
    improvement: int, high: str, low: str
) -> None:
    points = points_of([*BASE, 100, 130, 70], Options(improvement, baseline=2))
    chart = with_spc(points.lazy(), series=["series"]).collect()
    assert chart["point_type"].to_list() == ["common_cause"] * 3 + [high, low]


def test_a_rise_below_the_mean_is_an_improvement_where_high_is_good() -> None:
    points = points_of([*BASE, 100, 80, 81, 82, 83, 84, 85, 86], Options(1, baseline=2))
    chart = with_spc(points.lazy(), series=["series"]).collect()
    assert chart["point_type"].to_list()[-1] == "special_cause_improvement"
