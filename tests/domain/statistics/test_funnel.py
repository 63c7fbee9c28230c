from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.statistics.funnel import (
    pooled_reference,
    rate_limits,
    rate_significance,
    share_limits,
    share_significance,
    with_funnel,
    with_pooled_reference,
)

GOLDEN = Path(__file__).parents[2] / "golden"
LIMITS = ["lower_95", "upper_95", "lower_99_8", "upper_99_8"]


def _areas(
    outturn_type: str, counts: list[tuple[float | None, float | None]], reference: float | None
) -> pl.LazyFrame:
    return pl.LazyFrame(
        counts,
        schema={"numerator": pl.Float64, "denominator": pl.Float64},
        orient="row",
    ).with_columns(outturn_type=pl.lit(outturn_type), reference=pl.lit(reference, dtype=pl.Float64))


@pytest.mark.parametrize(
    ("statistic", "tolerance"), [("proportion", 1e-9), ("rate", 1e-4), ("ratio", 1e-4)]
)
@pytest.mark.parametrize(("sigmas", "level"), [("2s", 95.0), ("3s", 99.8)])
def test_limits_agree_with_the_published_package(
    statistic: str, tolerance: float, sigmas: str, level: float
) -> None:
    golden = pl.scan_csv(GOLDEN / "phe_funnel_limits.csv").filter(pl.col("statistic") == statistic)
    limits = share_limits if statistic == "proportion" else rate_limits
    low, high = limits(pl.col("x"), reference=pl.col("baseline"), level=level)
    found = golden.with_columns(low=low, high=high).collect()
    for ours, theirs in (("low", f"lower_{sigmas}_limit"), ("high", f"upper_{sigmas}_limit")):
        assert found[ours].to_list() == pytest.approx(
            found[theirs].to_list(), rel=tolerance, abs=1e-9
        )
    assert found.height == 200


@pytest.mark.parametrize("statistic", ["proportion", "rate", "ratio"])
def test_significance_agrees_with_the_published_package(statistic: str) -> None:
    x, n, k = pl.col("numerator"), pl.col("denominator"), pl.col("multiplier")
    pooled = pooled_reference(x, denominator=n, multiplier=k.first()).over("set_id")
    words = {
        "proportion": share_significance(x, denominator=n, reference=pooled, multiplier=k),
        "rate": rate_significance(x, denominator=n, reference=pooled, multiplier=k),
        "ratio": rate_significance(x, denominator=n, reference=pl.lit(100.0), multiplier=k),
    }
    golden = pl.scan_csv(GOLDEN / "phe_funnel_significance.csv")
    golden = golden.filter(pl.col("statistic") == statistic)
    found = golden.with_columns(words=words[statistic]).collect()
    assert found["words"].to_list() == found["significance"].to_list()
    assert found.height > 30


def test_the_pooled_reference_is_of_sums_and_leaves_out_rows_without_both_counts() -> None:
    areas = pl.LazyFrame(
        {
            "set": ["a", "a", "a", "a", "b", "c"],
            "outturn_type": ["percentage"] * 4 + ["rate", "rate"],
            "numerator": [1.0, 3.0, None, 50.0, 2.0, None],
            "denominator": [10.0, 10.0, 500.0, None, 1000.0, None],
        }
    )
    found = areas.pipe(with_pooled_reference, by=["set"]).collect()["reference"].to_list()
    assert found == [20.0, 20.0, 20.0, 20.0, 20.0, None]


def test_limits_of_a_share_are_clipped_to_what_is_possible() -> None:
    found = _areas("percentage", [(1, 2)], 95.0).pipe(with_funnel).collect()
    assert found["upper_95"].item() == 100
    found = _areas("percentage", [(1, 2)], 5.0).pipe(with_funnel).collect()
    assert found["lower_99_8"].item() == 0


def test_a_share_on_a_limit_is_not_significant() -> None:
    at_reference = _areas("percentage", [(40, 40), (0, 40)], 100.0).pipe(with_funnel).collect()
    assert at_reference["significance"].to_list() == ["Not significant", "Low (0.001)"]


def test_no_events_have_no_upper_limit_but_may_be_significantly_few() -> None:
    row = _areas("rate", [(0, 100_000)], 5.0).pipe(with_funnel).collect().row(0, named=True)
    assert [row[limit] for limit in LIMITS] == [0, None, 0, None]
    assert row["significance"] == "Low (0.001)"


@pytest.mark.parametrize(
    ("outturn_type", "numerator", "denominator"),
    [
        ("percentage", None, 10),
        ("percentage", 3, None),
        ("percentage", 3, 0),
        ("rate", None, 10),
        ("rate", 3, None),
        ("rate", 3, 0),
        ("rate", -3, 10),
        ("number", 3, 10),
    ],
)
def test_counts_that_are_missing_or_impossible_have_no_significance(
    outturn_type: str, numerator: float | None, denominator: float | None
) -> None:
    areas = _areas(outturn_type, [(numerator, denominator)], 20.0)
    assert areas.pipe(with_funnel).collect()["significance"].item() is None


def test_a_share_above_one_has_no_significance() -> None:
    areas = _areas("percentage", [(11, 10)], 20.0)
    assert areas.pipe(with_funnel).collect()["significance"].item() is None


@pytest.mark.parametrize("outturn_type", ["percentage", "rate", "number"])
def test_without_a_reference_all_is_null(outturn_type: str) -> None:
    row = _areas(outturn_type, [(3, 10)], None).pipe(with_funnel).collect().row(0, named=True)
    assert [row[name] for name in (*LIMITS, "significance")] == [None] * 5


def test_an_impossible_population_has_no_limits() -> None:
    for outturn_type in ("percentage", "rate"):
        row = _areas(outturn_type, [(3, 0)], 20.0).pipe(with_funnel).collect().row(0, named=True)
        assert [row[limit] for limit in LIMITS] == [None] * 4


@given(st.integers(1, 5000), st.floats(0.5, 99.5))
def test_the_outer_limits_enclose_the_inner_ones_and_the_reference(
    count: int, reference: float
) -> None:
    for outturn_type in ("percentage", "rate"):
        areas = _areas(outturn_type, [(count, count)], reference)
        row = areas.pipe(with_funnel).collect().row(0, named=True)
        limits = [
            row["lower_99_8"],
            row["lower_95"],
            reference,
            row["upper_95"],
            row["upper_99_8"],
        ]
        assert limits == sorted(limits)


@given(st.integers(10, 3000), st.floats(0.2, 5))
def test_a_rate_is_significant_as_its_limits_say_outside_the_reach_of_byars_approximation(
    count: int, ratio: float
) -> None:
    """The words use Byar's interval and the limits the exact one: near a limit they may differ."""
    areas = _areas("rate", [(count, 10_000)], count / ratio).pipe(with_funnel).collect()
    row = areas.row(0, named=True)
    words = row["significance"]
    if count > row["upper_99_8"] * 1.01:
        assert words == "High (0.001)"
    elif count < row["lower_99_8"] * 0.99:
        assert words == "Low (0.001)"
    elif row["lower_95"] * 1.01 < count < row["upper_95"] * 0.99:
        assert words == "Not significant"
