from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.comparison.benchmark import position, two_level_verdict, verdict, with_verdict
from kpi.domain.statistics.intervals import rate_interval, wilson_interval

GOLDEN = Path(__file__).parents[2] / "golden"
POLARITIES = {"high_is_good": "high", "low_is_good": "low", "no_judgement": "none"}


def _compared(
    low: float | None,
    high: float | None,
    comparator: float | None,
    *,
    polarity: str | None = "high",
    value: float | None = 50.0,
    numerator: float | None = 5,
) -> dict[str, str | None]:
    frame = pl.LazyFrame(
        {
            "value": [value],
            "numerator": [numerator],
            "denominator": [10],
            "interval_low": [low],
            "interval_high": [high],
            "comparator_value": [comparator],
            "polarity": [polarity],
        },
        schema_overrides={
            "value": pl.Float64,
            "numerator": pl.Float64,
            "interval_low": pl.Float64,
            "interval_high": pl.Float64,
            "comparator_value": pl.Float64,
            "polarity": pl.String,
        },
    )
    return frame.pipe(with_verdict).collect().row(0, named=True)


@pytest.mark.parametrize(("name", "level"), [("95", 95.0), ("99_8", 99.8)])
def test_words_agree_with_the_golden_set(name: str, level: float) -> None:
    golden = pl.scan_csv(GOLDEN / "phe_benchmark.csv").with_columns(
        polarity=pl.col("polarity").replace_strict(POLARITIES)
    )
    x, n, k = pl.col("numerator"), pl.col("denominator"), pl.col("multiplier")
    share = wilson_interval(x, denominator=n, level=level)
    rate = rate_interval(x, denominator=n, level=level, multiplier=k)
    is_share = pl.col("kind") == "proportion"
    where = position(
        pl.when(is_share).then(share.low).otherwise(rate.low),
        high=pl.when(is_share).then(share.high).otherwise(rate.high),
        comparator=pl.col("benchmark_value"),
    )
    found = golden.with_columns(
        where=where, words=verdict(where, polarity=pl.col("polarity"))
    ).collect()
    assert found["where"].to_list() == found[f"position{name}"].to_list()
    assert found["words"].to_list() == found[f"outcome{name}"].to_list()
    assert found.height == 150


@pytest.mark.parametrize(
    ("polarity", "below", "above"),
    [
        ("high", "worse", "better"),
        ("low", "better", "worse"),
        ("range", "lower", "higher"),
        ("none", "lower", "higher"),
        (None, "lower", "higher"),
    ],
)
def test_polarity_turns_a_position_into_a_judgement(
    polarity: str | None, below: str, above: str
) -> None:
    assert _compared(40, 60, 61, polarity=polarity)["verdict"] == below
    assert _compared(40, 60, 39, polarity=polarity)["verdict"] == above
    assert _compared(40, 60, 50, polarity=polarity)["verdict"] == "similar"


@pytest.mark.parametrize(
    ("comparator", "expected"),
    [
        (60.0, "similar"),
        (40.0, "similar"),
        (60.0000000001, "similar"),
        (39.9999999999, "similar"),
        (60.000001, "worse"),
        (39.999999, "better"),
    ],
)
def test_touching_counts_as_similar_to_nine_digits(comparator: float, expected: str) -> None:
    assert _compared(40, 60, comparator)["verdict"] == expected


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"value": None}, "no outturn"),
        ({"value": None, "comparator": None}, "no outturn"),
        ({"comparator": None}, "the comparator has no value"),
        (
            {"low": None, "high": None, "numerator": None},
            "no numerator and denominator, so no interval",
        ),
        ({"low": None, "high": None}, "its numerator and denominator give no interval"),
    ],
)
def test_what_is_not_compared_says_why(changes: dict[str, float | None], why: str) -> None:
    asked: dict[str, float | None] = {"low": 40, "high": 60, "comparator": 50} | changes
    limits = asked.pop("low"), asked.pop("high"), asked.pop("comparator")
    row = _compared(*limits, value=asked.get("value", 50.0), numerator=asked.get("numerator", 5))
    assert (row["verdict"], row["why_not_compared"]) == ("not_compared", why)


def test_what_is_compared_has_no_reason() -> None:
    assert _compared(40, 60, 50)["why_not_compared"] is None


@pytest.mark.parametrize(
    ("at_95", "at_99_8", "expected"),
    [
        ("similar", "similar", "similar"),
        ("better", "similar", "better"),
        ("better", "better", "best"),
        ("worse", "similar", "worse"),
        ("worse", "worse", "worst"),
        ("higher", "similar", "higher"),
        ("higher", "higher", "highest"),
        ("lower", "lower", "lowest"),
        ("not_compared", "not_compared", "not_compared"),
    ],
)
def test_beyond_the_wider_interval_is_the_extreme(at_95: str, at_99_8: str, expected: str) -> None:
    frame = pl.LazyFrame({"inner": [at_95], "outer": [at_99_8]})
    words = two_level_verdict(pl.col("inner"), at_99_8=pl.col("outer"))
    assert frame.select(words=words).collect().item() == expected


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.sampled_from(["high", "low"]))
def test_better_and_worse_swap_when_polarity_swaps(
    one: float, other: float, comparator: float, polarity: str
) -> None:
    low, high = sorted((one, other))
    swapped = {"better": "worse", "worse": "better", "similar": "similar"}
    verdict_here = _compared(low, high, comparator, polarity=polarity)["verdict"]
    opposite = "low" if polarity == "high" else "high"
    verdict_there = _compared(low, high, comparator, polarity=opposite)["verdict"]
    assert verdict_here is not None
    assert swapped[verdict_here] == verdict_there


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(-100, 100))
def test_mirroring_the_numbers_mirrors_the_position(
    one: float, other: float, comparator: float
) -> None:
    low, high = sorted((one, other))
    mirrored = {"better": "worse", "worse": "better", "similar": "similar"}
    here = _compared(low, high, comparator)["verdict"]
    assert here is not None
    assert _compared(-high, -low, -comparator)["verdict"] == mirrored[here]
