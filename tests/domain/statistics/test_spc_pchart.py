"""Limits and labels of the p-chart, against the formulas told slowly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.statistics.spc import verdicts_of, with_spc
from kpi.domain.statistics.spc_pchart import with_p_chart
from tests.domain.statistics.spc_oracle import Group, Options, points_of

Counts = tuple[int | None, int | None]

audits = st.integers(1, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
missing = st.sampled_from([(None, 20), (5, None), (0, 0)])


def _points(counts: Sequence[Counts], options: Options | None = None) -> pl.LazyFrame:
    numerators, denominators = [x for x, _ in counts], [n for _, n in counts]
    return (
        points_of([None] * len(counts), options)
        .drop("value")
        .with_columns(
            numerator=pl.Series(numerators, dtype=pl.Int64),
            denominator=pl.Series(denominators, dtype=pl.Int64),
        )
        .lazy()
    )


def _chart(counts: Sequence[Counts], options: Options | None = None) -> pl.DataFrame:
    return with_p_chart(_points(counts, options), series=["series"]).collect()


def _standardised(counts: list[tuple[int, int]]) -> tuple[float, list[float], list[float]]:
    """The pooled share, each point's deviation, and how many of these it lies from it."""
    pooled = Fraction(sum(x for x, _ in counts), sum(n for _, n in counts))
    sigmas = [sqrt(pooled * (1 - pooled) / n) for _, n in counts]
    return (
        float(pooled),
        sigmas,
        [
            float(Fraction(x, n) - pooled) / (sigma or 1)
            for (x, n), sigma in zip(counts, sigmas, strict=True)
        ],
    )


@given(st.lists(st.one_of(audits, audits, audits, missing), max_size=24))
def test_limits_and_labels_are_laneys(counts: list[Counts]) -> None:
    chart = _chart(counts)
    held = [(x, n) for x, n in counts if x is not None and n]
    assert chart.height == len(held)
    if len(held) < 2:
        return
    pooled, sigmas, z = _standardised(held)
    sigma_z = sum(abs(b - a) for a, b in pairwise(z)) / (len(z) - 1) / 1.128
    for row, sigma, (x, n) in zip(chart.to_dicts(), sigmas, held, strict=True):
        spread = 3 * sigma * sigma_z
        expected = [100 * x / n, 100 * pooled, 100 * (pooled - spread), 100 * (pooled + spread)]
        given_back = [row[name] for name in ("value", "mean", "lower_limit", "upper_limit")]
        assert given_back == pytest.approx(expected, rel=1e-9, abs=1e-9)
    if sigma_z > 1e-9:
        group = Group(z, centre=0, limits=(-3 * sigma_z, 3 * sigma_z), inner=2 * sigma_z)
        assert chart["side"].to_list() == group.side
        assert chart["rule"].to_list() == [group.rule(i) for i in range(len(z))]


def test_limits_are_wider_where_cases_are_fewer() -> None:
    chart = _chart([(40, 50), (5, 10), (80, 100), (44, 50)])
    width = (chart["upper_limit"] - chart["lower_limit"]).to_list()
    assert width[1] > width[0] == width[3] > width[2]


def test_a_share_equal_to_the_pooled_one_lies_on_the_mean() -> None:
    """7 of 10 is not 70 of 100 in binary arithmetic done carelessly."""
    chart = _chart([(7, 10), (21, 30), (693, 990), (70, 100)])
    assert chart["side"].to_list() == [0, 0, 0, 0]
    assert set(chart["rule"]) == {"Common Cause"}


@pytest.mark.parametrize("numerator_of", [lambda _: 0, lambda of: of])
def test_all_none_or_all_of_the_cases_give_limits_at_the_mean(numerator_of: object) -> None:
    assert callable(numerator_of)
    chart = _chart([(numerator_of(of), of) for of in (10, 20, 30, 15)])
    for limit in ("lower_limit", "upper_limit"):
        assert chart[limit].to_list() == chart["mean"].to_list()
    assert set(chart["rule"]) == {"Common Cause"}


def test_the_first_case_after_a_baseline_without_any_lies_outside() -> None:
    chart = _chart([(0, 10)] * 12 + [(1, 10)], Options(baseline=12))
    assert chart["rule"].to_list() == ["Common Cause"] * 12 + ["Above UCL"]


def test_rules_count_standard_deviations() -> None:
    """Baseline 45 and 55 of 100: limits 26.6 from the mean, inner lines 17.7."""
    counts = [(x, 100) for x in (45, 55, 50, 77, 50, 76, 50, 50, 68, 51, 68, 50, 67, 51, 67)]
    labels = _chart(counts, Options(baseline=2))["rule"].to_list()
    flagged = {place: label for place, label in enumerate(labels) if label != "Common Cause"}
    assert flagged == {3: "Above UCL", 8: "2 in 3 Above CL", 10: "2 in 3 Above CL"}


def test_more_cases_than_there_are_do_not_make_limits_that_are_no_numbers() -> None:
    chart = _chart([(12, 10), (11, 10), (10, 10)])
    assert chart["lower_limit"].is_finite().all()
    assert chart["mean"].to_list() == pytest.approx([110.0] * 3)


def test_one_point_has_a_mean_and_no_limits() -> None:
    chart = _chart([(9, 10)])
    assert chart.select("value", "mean", "lower_limit", "upper_limit", "rule").rows() == [
        (90.0, 90.0, None, None, "Common Cause")
    ]


def test_points_without_both_counts_are_dropped_and_a_rebase_on_them_moves_on() -> None:
    chart = _chart([(1, 10), (None, 10), (0, 0), (1, -5), (3, 10)], Options(rebases=(2,)))
    assert chart.select("position", "group").rows() == [(0, 0), (4, 1)]


def test_each_group_pools_its_own_baseline() -> None:
    counts = [(1, 10), (3, 10), (9, 10), (6, 10), (8, 10), (1, 10)]
    chart = _chart(counts, Options(baseline=2, rebases=(3,)))
    assert chart["mean"].to_list() == [20.0] * 3 + [70.0] * 3


def test_the_columns_are_those_of_the_xmr_chart() -> None:
    chart, xmr = _chart([(1, 2)]), with_spc(points_of([1]).lazy(), series=["series"]).collect()
    assert dict(xmr.schema).items() <= dict(chart.schema).items()


def test_a_verdict_has_the_limits_of_the_latest_point() -> None:
    counts = [(40, 50), (45, 50), (38, 50), (9, 10)]
    judged = with_p_chart(_points(counts, Options(target=75)), series=["series"])
    verdict = verdicts_of(judged, series=["series"]).collect().row(0, named=True)
    assert verdict["upper_limit"] == judged.collect()["upper_limit"][-1]
    assert (verdict["points"], verdict["assurance"]) == (4, "inconsistent")


def test_both_engines_give_the_same_bits() -> None:
    frame = _points([((n * 37) % 23, 23 + n) for n in range(60)])
    in_memory, streaming = (
        with_p_chart(frame, series=["series"]).collect(engine=engine)
        for engine in ("in-memory", "streaming")
    )
    assert in_memory.equals(streaming)
