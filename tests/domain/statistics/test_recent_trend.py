from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi.domain.statistics.intervals import with_interval
from kpi.domain.statistics.recent_trend import recent_trends

GOLDEN = Path(__file__).parents[2] / "golden"
SCHEMA = {
    "indicator": pl.String,
    "period_end": pl.Date,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "interval_low": pl.Float64,
    "interval_high": pl.Float64,
    "outturn_type": pl.String,
    "polarity": pl.String,
    "marks": pl.String,
}
RISING = [(10, 100), (20, 100), (30, 100), (40, 100), (50, 100)]


def _shares(
    counts: Sequence[tuple[float | None, float | None]],
    *,
    last_year: int = 2022,
    polarity: str | None = "high",
) -> pl.DataFrame:
    first_year = last_year - len(counts) + 1
    rows = [
        {
            "indicator": "share",
            "period_end": date(first_year + i, 3, 31),
            "value": None if x is None or not n else 100 * x / n,
            "numerator": x,
            "denominator": n,
            "outturn_type": "percentage",
            "polarity": polarity,
            "marks": "",
        }
        for i, (x, n) in enumerate(counts)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rates(
    values: list[tuple[float | None, float | None, float | None]], *, polarity: str = "low"
) -> pl.DataFrame:
    rows = [
        {
            "indicator": "rate",
            "period_end": date(2018 + i, 3, 31),
            "value": value,
            "interval_low": low,
            "interval_high": high,
            "outturn_type": "rate",
            "polarity": polarity,
            "marks": "",
        }
        for i, (value, low, high) in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _tight(values: list[float]) -> list[tuple[float | None, float | None, float | None]]:
    return [(value, value - 1, value + 1) for value in values]


def _trend(annual: pl.DataFrame) -> dict[str, str | float | None]:
    trends = recent_trends(annual.lazy(), by=["indicator"]).collect()
    assert trends.height == 1
    return trends.row(0, named=True)


def _golden() -> pl.DataFrame:
    annual = pl.scan_csv(GOLDEN / "phe_trend_inputs.csv").with_columns(
        period_end=pl.date(pl.col("year"), 12, 31),
        outturn_type=pl.col("kind").replace({"proportion": "percentage", "other": "rate"}),
        interval_low=pl.col("lower95"),
        interval_high=pl.col("upper95"),
        polarity=pl.lit("none"),
        marks=pl.lit(""),
    )
    expected = pl.scan_csv(GOLDEN / "phe_trend.csv").rename({"chi_square": "expected"})
    trends = recent_trends(annual, by=["series_id"])
    return expected.join(trends, on="series_id", how="left", maintain_order="left").collect()


def test_labels_agree_with_the_golden_set() -> None:
    golden = _golden()
    assert golden["recent_trend"].to_list() == golden["trend"].to_list()
    assert golden.height == 60


def test_chi_squares_agree_with_the_golden_set() -> None:
    golden = _golden().drop_nulls("expected")
    tested = golden.filter(pl.col("recent_trend") != "Cannot be calculated")
    assert tested["chi_square"].to_list() == pytest.approx(tested["expected"].to_list(), rel=1e-6)
    assert tested.height >= 46


def test_reasons_agree_with_the_golden_set() -> None:
    golden = _golden().select("reason", "recent_trend_reason").unique().sort("reason")
    assert golden.rows() == [
        (
            "a proportion of 0 or 1 (logit undefined)",
            "a share of exactly 0 or 100 per cent in the latest five years",
        ),
        ("fewer than five points", "fewer than five annual values"),
        ("not significant at 99.8%", None),
        ("one point reverses the slope", "leaving out one year turns the slope round"),
        ("significant and no influential point", None),
    ]


def test_the_published_check_value_for_proportions() -> None:
    """Unit test of the trend calculator of ukhsa-collaboration/fingertips-open."""
    found = _trend(
        _shares([(994, 40299), (1023, 41527), (1199, 42811), (1332, 44064), (1367, 44701)])
    )
    assert found["chi_square"] == pytest.approx(47.897, abs=5e-4)
    assert found["recent_trend"] == "Increasing"


def test_the_published_check_value_for_values_with_intervals() -> None:
    """Unit test of the trend calculator of ukhsa-collaboration/fingertips-open."""
    found = _trend(
        _rates(
            [
                (24.67, 23.16, 26.25),
                (24.6, 23.15, 26.19),
                (28, 26.44, 29.64),
                (30.2, 28.63, 31.9),
                (30.6, 28.98, 32.25),
            ]
        )
    )
    assert found["chi_square"] == pytest.approx(46.7636, abs=5e-5)
    assert found["recent_trend"] == "Increasing"


@pytest.mark.parametrize(
    ("polarity", "rising", "falling"),
    [
        ("high", "Increasing and getting better", "Decreasing and getting worse"),
        ("low", "Increasing and getting worse", "Decreasing and getting better"),
        ("range", "Increasing", "Decreasing"),
        ("none", "Increasing", "Decreasing"),
        (None, "Increasing", "Decreasing"),
    ],
)
def test_polarity_says_what_a_movement_means(
    polarity: str | None, rising: str, falling: str
) -> None:
    up = _trend(_shares(RISING, polarity=polarity))
    down = _trend(_shares(RISING[::-1], polarity=polarity))
    assert (up["recent_trend"], up["recent_trend_judged"]) == ("Increasing", rising)
    assert (down["recent_trend"], down["recent_trend_judged"]) == ("Decreasing", falling)
    assert up["recent_trend_reason"] is None


@pytest.mark.parametrize(
    ("annual", "why"),
    [
        (_shares(RISING[:4]), "fewer than five annual values"),
        (_shares([(None, None)] * 6), "fewer than five annual values"),
        (
            _shares([(5, 100), (10, 100), (None, None), *RISING[1:]]),
            "one of the latest five years has no value",
        ),
        (
            _shares(RISING).with_columns(
                period_end=pl.when(pl.col("numerator") > 10)
                .then(pl.col("period_end"))
                .otherwise(pl.date(2010, 3, 31))
            ),
            "one of the latest five years has no value",
        ),
        (
            pl.concat([_shares(RISING), _shares([(51, 100)])]),
            "more than one value for one of the latest five years",
        ),
        (
            _shares(RISING).with_columns(
                marks=pl.when(pl.col("numerator") == 30).then(pl.lit("provisional break"))
            ),
            "a break in the series within the latest five years",
        ),
        (
            _shares([(0, 100), *RISING[1:]]),
            "a share of exactly 0 or 100 per cent in the latest five years",
        ),
        (
            _shares([*RISING[:4], (100, 100)]),
            "a share of exactly 0 or 100 per cent in the latest five years",
        ),
        (
            _shares(RISING).with_columns(numerator=pl.lit(None, dtype=pl.Float64)),
            "no usable numerator and denominator in one of the latest five years",
        ),
        (
            _shares([*RISING[:4], (120, 100)]),
            "no usable numerator and denominator in one of the latest five years",
        ),
        (
            _rates([*_tight([10, 20, 30, 40]), (50, None, None)]),
            "no interval in one of the latest five years",
        ),
        (
            _rates([*_tight([10, 20, 30, 40]), (50, 50, 50)]),
            "no interval in one of the latest five years",
        ),
        (
            _rates(_tight([10, 20, 30, 40, 50])).with_columns(
                outturn_type=pl.lit("number"), interval_low=None, interval_high=None
            ),
            "no interval in one of the latest five years",
        ),
    ],
)
def test_what_cannot_be_calculated_says_why(annual: pl.DataFrame, why: str) -> None:
    found = _trend(annual)
    assert found["recent_trend_reason"] == why
    assert found["recent_trend"] == found["recent_trend_judged"] == "Cannot be calculated"
    assert found["chi_square"] is None


def test_a_break_at_the_first_of_the_five_years_does_no_harm() -> None:
    marked = _shares([(90, 100), *RISING]).with_columns(
        marks=pl.when(pl.col("numerator") == 10).then(pl.lit("break"))
    )
    assert _trend(marked)["recent_trend"] == "Increasing"


def test_only_the_five_years_up_to_the_newest_value_count() -> None:
    longer = _shares([(0, 100), (99, 100), *RISING, (None, None)])
    assert _trend(longer) == _trend(_shares(RISING))


def test_values_that_are_all_equal_have_no_significant_change() -> None:
    for annual in (_shares([(30, 97)] * 5), _rates(_tight([98.7] * 5))):
        found = _trend(annual)
        assert found["recent_trend"] == "No significant change"
        assert found["chi_square"] == pytest.approx(0, abs=1e-12)
        assert found["recent_trend_reason"] is None


@pytest.mark.parametrize("flat", [10.0, 98.7, 0.1])
@pytest.mark.parametrize("place", [0, 1, 3, 4])
def test_one_year_alone_never_makes_a_trend(flat: float, place: int) -> None:
    values = [flat] * 5
    values[place] = flat + 70
    found = _trend(_rates(_tight(values)))
    assert isinstance(found["chi_square"], float)
    assert found["chi_square"] > 9.55
    assert found["recent_trend"] == "No significant change"
    assert found["recent_trend_reason"] == "leaving out one year turns the slope round"


def test_series_are_tested_each_for_itself_and_keep_their_order() -> None:
    annual = pl.concat([_rates(_tight([50, 40, 30, 20, 10])), _shares(RISING)])
    trends = recent_trends(annual.lazy(), by=["indicator"]).collect()
    assert trends.select("indicator", "recent_trend_judged").rows() == [
        ("rate", "Decreasing and getting better"),
        ("share", "Increasing and getting better"),
    ]


def test_no_rows_give_no_trends() -> None:
    trends = recent_trends(_shares([]).lazy(), by=["indicator"]).collect()
    assert trends.is_empty()
    assert trends.columns == [
        "indicator",
        "recent_trend",
        "recent_trend_judged",
        "chi_square",
        "recent_trend_reason",
    ]


def test_rates_with_counts_are_tested_by_their_own_intervals() -> None:
    counts = pl.LazyFrame({"numerator": [200, 240, 290, 340, 400], "denominator": [50_000] * 5})
    annual = counts.with_columns(
        indicator=pl.lit("rate"),
        period_end=pl.date(pl.int_range(2018, 2023), 3, 31),
        value=pl.col("numerator") / 5,
        outturn_type=pl.lit("rate"),
        polarity=pl.lit("low"),
        marks=pl.lit(None, dtype=pl.String),
    ).pipe(with_interval)
    assert _trend(annual.collect())["recent_trend_judged"] == "Increasing and getting worse"


COUNTS = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 400)).map(lambda c: (c[0], c[0] + c[1])),
    min_size=5,
    max_size=7,
)


@given(COUNTS)
def test_a_series_read_backwards_moves_the_other_way(counts: list[tuple[int, int]]) -> None:
    latest = counts[-5:]
    here, there = _trend(_shares(latest)), _trend(_shares(latest[::-1]))
    assert isinstance(here["chi_square"], float)
    assume(abs(here["chi_square"] - 9.549535706) > 1e-6)
    turned = {"Increasing": "Decreasing", "Decreasing": "Increasing"}
    label = str(here["recent_trend"])
    assert there["recent_trend"] == turned.get(label, label)
    assert there["chi_square"] == pytest.approx(here["chi_square"], rel=1e-9, abs=1e-9)


@given(COUNTS, st.integers(1950, 2090))
def test_neither_row_order_nor_the_calendar_changes_a_trend(
    counts: list[tuple[int, int]], last_year: int
) -> None:
    annual = _shares(counts)
    moved = _shares(counts, last_year=last_year).reverse()
    here, there = _trend(annual), _trend(moved)
    assert here["recent_trend"] == there["recent_trend"]
    assert here["chi_square"] == pytest.approx(there["chi_square"], rel=1e-9, abs=1e-9)
