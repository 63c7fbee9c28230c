from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.statistics.intervals import (
    by_outturn_type,
    with_interval,
    with_rate_interval,
    with_wilson_interval,
)

GOLDEN = Path(__file__).parents[2] / "golden"
LEVELS = {"95": 95.0, "99_8": 99.8}


def _limits(frame: pl.LazyFrame) -> tuple[float | None, float | None, str | None]:
    row = frame.collect().row(0, named=True)
    return row["interval_low"], row["interval_high"], row["interval_method"]


def _counts(numerator: float | None, denominator: float | None) -> pl.LazyFrame:
    return pl.LazyFrame(
        {"numerator": [numerator], "denominator": [denominator]},
        schema={"numerator": pl.Float64, "denominator": pl.Float64},
    )


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_limits_agree_with_the_published_package_to_nine_digits(kind: str, name: str) -> None:
    golden = pl.scan_csv(GOLDEN / f"phe_{kind}.csv")
    step = with_wilson_interval if kind == "proportion" else with_rate_interval
    found = step(golden, level=LEVELS[name], multiplier=pl.col("multiplier")).collect()
    for ours, theirs in (("interval_low", f"lower{name}"), ("interval_high", f"upper{name}")):
        assert found[ours].to_list() == pytest.approx(found[theirs].to_list(), rel=1e-9, abs=1e-12)
    assert found["interval_method"].to_list() == found["method"].to_list()
    assert found.height >= 150


def test_the_golden_intervals_of_the_comparison_set_agree_too() -> None:
    golden = pl.scan_csv(GOLDEN / "phe_benchmark.csv").with_columns(
        outturn_type=pl.col("kind").replace({"proportion": "percentage"}), level=pl.lit(99.8)
    )
    found = with_interval(golden, level=pl.col("level"), per=pl.col("multiplier")).collect()
    for ours, theirs in (("interval_low", "lower99_8"), ("interval_high", "upper99_8")):
        assert found[ours].to_list() == pytest.approx(found[theirs].to_list(), rel=1e-9, abs=1e-12)
    assert found["interval_method"].to_list() == found["method"].to_list()


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3.
        (81, 263, 25.53, 36.62),
        (15, 148, 6.24, 16.05),
        (0, 20, 0, 16.11),
        (1, 29, 0.61, 17.18),
    ],
)
def test_wilson_gives_the_worked_figures_of_newcombe(
    numerator: float, denominator: float, low: float, high: float
) -> None:
    found = _limits(_counts(numerator, denominator).pipe(with_wilson_interval))
    assert found[:2] == pytest.approx((low, high), abs=0.006)


@pytest.mark.parametrize("denominator", [1, 7, 20, 263, 1_000_003])
@pytest.mark.parametrize("level", [95.0, 99.8])
def test_none_of_them_has_a_lower_limit_of_exactly_0_and_all_an_upper_of_exactly_100(
    denominator: int, level: float
) -> None:
    none = _limits(_counts(0, denominator).pipe(with_wilson_interval, level=level))
    every = _limits(_counts(denominator, denominator).pipe(with_wilson_interval, level=level))
    assert none[0] == 0
    assert every[1] == 100
    assert every[0] == pytest.approx(100 - (none[1] or 0))


@pytest.mark.parametrize(
    ("numerator", "method"),
    [(0, "Exact"), (9, "Exact"), (9.5, "Exact"), (10, "Byars"), (10.5, "Byars"), (400, "Byars")],
)
def test_the_numerator_alone_chooses_between_exact_and_byars(numerator: float, method: str) -> None:
    assert _limits(_counts(numerator, 1).pipe(with_rate_interval))[2] == method


def test_for_no_events_and_one_the_exact_limits_are_simple_logarithms() -> None:
    """The chance of no events is exp(-mean); 2.5 per cent of it lies in each tail."""
    none = _limits(_counts(0, 1).pipe(with_rate_interval, multiplier=1.0))
    assert none[:2] == pytest.approx((0, -math.log(0.025)), rel=1e-12)
    one = _limits(_counts(1, 1).pipe(with_rate_interval, multiplier=1.0))
    assert one[0] == pytest.approx(-math.log(0.975), rel=1e-12)


def test_exact_limits_at_nine_and_a_half_events_lie_between_those_of_nine_and_ten() -> None:
    frame = pl.LazyFrame({"numerator": [9.0, 9.5, 9.99], "denominator": [1.0, 1.0, 1.0]})
    found = frame.pipe(with_rate_interval, multiplier=1.0).collect()
    assert found["interval_low"].is_sorted()
    assert found["interval_high"].is_sorted()


IMPOSSIBLE = [
    (None, 10),
    (3, None),
    (None, None),
    (3, 0),
    (0, 0),
    (3, -5),
    (-1, 10),
    (math.nan, 10),
    (3, math.nan),
    (math.inf, 10),
    (3, math.inf),
]


@pytest.mark.parametrize(("numerator", "denominator"), [*IMPOSSIBLE, (11, 10)])
def test_a_share_of_missing_or_impossible_counts_has_no_interval(
    numerator: float | None, denominator: float | None
) -> None:
    found = _counts(numerator, denominator).pipe(with_wilson_interval)
    assert _limits(found) == (None, None, None)


@pytest.mark.parametrize(("numerator", "denominator"), IMPOSSIBLE)
def test_a_rate_of_missing_or_impossible_counts_has_no_interval(
    numerator: float | None, denominator: float | None
) -> None:
    found = _counts(numerator, denominator).pipe(with_rate_interval)
    assert _limits(found) == (None, None, None)


def test_a_rate_may_have_more_events_than_population() -> None:
    found = _limits(_counts(30, 10).pipe(with_rate_interval, multiplier=1.0))
    assert found[:2] == pytest.approx((2.02, 4.28), abs=0.01)


def test_a_bad_row_leaves_its_neighbours_alone() -> None:
    frame = pl.LazyFrame({"numerator": [81, 5, 81], "denominator": [263, 0, 263]})
    found = frame.pipe(with_wilson_interval).collect()
    assert found["interval_method"].to_list() == ["Wilson", None, "Wilson"]


def test_each_row_takes_its_own_level() -> None:
    frame = pl.LazyFrame(
        {"numerator": [8, 8, 8], "denominator": [20, 20, 20], "level": [95.0, 99.8, None]}
    )
    for step in (with_wilson_interval, with_rate_interval):
        found = step(frame, level=pl.col("level")).collect()
        low, high = found["interval_low"].to_list(), found["interval_high"].to_list()
        alone = [step(frame.head(1), level=level).collect() for level in (95.0, 99.8)]
        assert low == [*(one["interval_low"].item() for one in alone), None]
        assert high == [*(one["interval_high"].item() for one in alone), None]
        assert found["interval_method"].to_list()[2] is None


def test_the_outturn_type_chooses_the_interval_and_a_number_has_none() -> None:
    frame = pl.LazyFrame(
        {
            "outturn_type": ["percentage", "rate", "rate", "number", None],
            "numerator": [12, 12, 4, 12, 12],
            "denominator": [40, 40, 40, 40, 40],
            "per": [None, 10_000.0, 1_000.0, None, None],
        }
    )
    found = frame.pipe(with_interval, per=pl.col("per")).collect()
    assert found["interval_method"].to_list() == ["Wilson", "Byars", "Exact", None, None]
    assert found["interval_low"].null_count() == 2
    rates = frame.slice(1, 2).pipe(with_rate_interval, multiplier=pl.col("per")).collect()
    assert found["interval_low"].to_list()[1:3] == rates["interval_low"].to_list()


def test_a_number_takes_neither_of_two_choices() -> None:
    frame = pl.LazyFrame({"outturn_type": ["percentage", "rate", "number"]})
    chosen = by_outturn_type(percentage=pl.lit("p"), rate=pl.lit("r"))
    assert frame.select(chosen=chosen).collect()["chosen"].to_list() == ["p", "r", None]


def test_an_empty_frame_keeps_the_added_columns() -> None:
    frame = pl.LazyFrame(
        schema={"outturn_type": pl.String, "numerator": pl.Float64, "denominator": pl.Float64}
    )
    found = frame.pipe(with_interval).collect()
    assert found.columns[-3:] == ["interval_low", "interval_high", "interval_method"]


@given(
    denominator=st.integers(1, 10_000_000),
    part=st.floats(0, 1),
    level=st.sampled_from([95.0, 99.8]),
)
def test_an_interval_contains_its_own_value_and_stays_possible(
    denominator: int, part: float, level: float
) -> None:
    numerator = round(part * denominator)
    counts = _counts(numerator, denominator)
    share = numerator / denominator
    low, high, _ = _limits(counts.pipe(with_wilson_interval, level=level, multiplier=1.0))
    assert low is not None
    assert high is not None
    assert 0 <= low <= share <= high <= 1
    low, high, _ = _limits(counts.pipe(with_rate_interval, level=level, multiplier=1.0))
    assert low is not None
    assert high is not None
    assert 0 <= low <= share <= high


@given(numerator=st.integers(0, 500), more=st.integers(0, 500))
def test_the_wider_level_gives_the_wider_interval(numerator: int, more: int) -> None:
    frame = _counts(numerator, numerator + more + 1)
    for step in (with_wilson_interval, with_rate_interval):
        inner, outer = (_limits(step(frame, level=level)) for level in (95.0, 99.8))
        assert outer[0] is not None
        assert outer[1] is not None
        assert outer[0] <= (inner[0] or 0)
        assert (inner[1] or 0) <= outer[1]
