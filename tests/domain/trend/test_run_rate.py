"""What a target asks for from now on, and how that is said."""

from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Indicator, Target
from tests.builders import an_indicator
from tests.domain.trend.trends_of import Row, months, trend_of, trends_of

SEED = [336.0, 445.0, 342.0, 355.0, 291.0, 426.0, 387.0]
SEED_RATES = [64.0, 152.0, 219.0, 288.0, 345.0, 428.0, 503.0]


def aimed(value: float, *, per: Any = "year", polarity: str = "low", **fields: Any) -> Indicator:
    return an_indicator(polarity=polarity, target=(Target(value=value, per=per),), **fields)


def seed_rate() -> Row:
    """The seed's referral rate, 647 its target, with the monthly count it rests on."""
    rate = aimed(647, id="rate", basis="year-to-date", outturn="rate", numerator="referrals",
                 decimals=0)  # fmt: skip
    rows = [
        *months(SEED_RATES, first="2021-04", indicator="rate"),
        *months(SEED, first="2021-04", indicator="referrals"),
    ]
    return trends_of(rate, an_indicator("referrals"), rows=rows)[0]


def test_referrals_need_147_a_month_for_five_months_against_369_so_far_to_meet_647() -> None:
    """Field.md, 2.7: by the population that 2,582 referrals for 503 per 10,000 imply."""
    run_rate = seed_rate()["run_rate"]
    population = 2582 * 10_000 / 503
    assert run_rate["needed"] == pytest.approx((647 * population / 10_000 - 2582) / 5)
    assert int(run_rate["needed"]) == 147
    assert run_rate["average"] == pytest.approx(2582 / 7)
    assert run_rate["change_percent"] == pytest.approx(-59.92, abs=0.01)
    assert run_rate["achievable"] is False


def test_what_is_needed_is_said_with_its_working() -> None:
    row = seed_rate()
    assert (
        "To end the year at 647, at most 147 cases a month for the 5 months left, against 369 so "
        "far (60% fewer): not achievable, as the best month on record is 291, in August 2021."
    ) in row["sentence"]
    assert row["notes"] == [
        "Run-rate: 647 a year is 3,321 for the year at the population of 51,332 that rate and "
        "count imply; less 2,582 in 7 months that leaves 739 for 5 months, 147.8 a month; no "
        "season is allowed for."
    ]


@pytest.mark.parametrize(
    ("indicator", "values", "expected"),
    [
        (aimed(1200), [90.0, 110.0], (100.0, 100.0, 0.0, True)),
        (aimed(100, per="month"), [90.0, 110.0], (100.0, 100.0, 0.0, True)),
        (aimed(300, per="quarter"), [90.0, 110.0], (100.0, 100.0, 0.0, True)),
        (aimed(1200), [130.0, 120.0], (95.0, 125.0, -24.0, False)),
        (aimed(1200), [130.0, 95.0], (97.5, 112.5, -40 / 3, True)),
        (aimed(100), [90.0, 110.0], (0.0, 100.0, -100.0, False)),
        (aimed(1200, polarity="high"), [90.0, 60.0], (105.0, 75.0, 40.0, False)),
        (aimed(1200, polarity="high"), [60.0, 110.0], (103.0, 85.0, 21.18, True)),
        (aimed(100, polarity="high"), [90.0, 110.0], (0.0, 100.0, -100.0, True)),
        (aimed(0), [0.0, 0.0], (0.0, 0.0, None, True)),
        (aimed(1200, basis="year-to-date"), [90.0, 200.0], (100.0, 100.0, 0.0, True)),
    ],
    ids=[
        "on course", "a month's target", "a quarter's target", "better than ever", "seen before",
        "passed already", "high: better than ever", "high: seen before", "high: met already",
        "nothing so far", "a running total",
    ],
)  # fmt: skip
def test_needed_average_change_and_whether_it_has_been_done(
    indicator: Indicator, values: list[float], expected: tuple[float, float, float | None, bool]
) -> None:
    run_rate = trend_of(indicator, months(values))["run_rate"]
    assert (run_rate["needed"], run_rate["average"]) == pytest.approx(expected[:2])
    assert run_rate["change_percent"] == (
        None if expected[2] is None else pytest.approx(expected[2], abs=0.01)
    )
    assert run_rate["achievable"] is expected[3]


def test_the_best_month_on_record_may_be_of_an_earlier_year() -> None:
    values = [80.0, *[130.0] * 11, 130.0, 120.0]
    run_rate = trend_of(aimed(1200), months(values))["run_rate"]
    assert run_rate["achievable"] is True


def test_quarters_are_spread_over_their_months() -> None:
    quarters = [{"period": f"2021-Q{n}", "value": v} for n, v in ((1, 280.0), (2, 320.0))]
    row = trend_of(aimed(1200), quarters)
    assert (row["run_rate"]["needed"], row["run_rate"]["average"]) == (100.0, 100.0)
    assert "for the 6 months left" in row["sentence"]


def test_a_rate_without_its_count_stays_a_rate() -> None:
    rate = aimed(647, basis="year-to-date", outturn="rate")
    run_rate = trend_of(rate, months(SEED_RATES, first="2021-04"))["run_rate"]
    assert run_rate["needed"] == pytest.approx((647 - 503) / 5)
    assert run_rate["average"] == pytest.approx(503 / 7)


@pytest.mark.parametrize(
    ("indicator", "rows"),
    [
        (an_indicator(polarity="low"), months([5.0])),
        (aimed(5, polarity="none"), months([5.0])),
        (aimed(5, basis="snapshot"), months([5.0])),
        (aimed(5, per="point"), months([5.0])),
        (aimed(60), months([5.0] * 12)),
        (aimed(60), months([5.0, None, 5.0])),
        (aimed(60), months([5.0], first="2020-05")),
        (aimed(60, outturn="percentage"), months([5.0])),
        (an_indicator(polarity="low", target=(Target(awaited=True),)), months([5.0])),
    ],
    ids=[
        "no target", "no polarity", "a stock", "a target of no period", "the year is over",
        "a month is missing", "the year's first month is missing", "cases not known", "awaited",
    ],
)  # fmt: skip
def test_nothing_is_said_where_nothing_can_be(indicator: Indicator, rows: list[Row]) -> None:
    assert trend_of(indicator, rows)["run_rate"] is None


def test_a_missing_month_does_not_matter_to_a_running_total() -> None:
    row = trend_of(aimed(1200, basis="year-to-date"), months([90.0, None, 300.0]))
    assert row["run_rate"]["average"] == 100.0


@pytest.mark.parametrize(
    ("polarity", "target", "values", "needed", "achievable", "words"),
    [
        (
            "high", 100.0, [100.0, 89.0], 42.68, True,
            "To meet the target next month takes 43 more of 388 cases.",
        ),
        (
            "high", 100.0, [93.0, 89.0], 42.68, False,
            "To meet the target next month takes 43 more of 388 cases, better than any month on "
            "record (the best is 93% in April 2020).",
        ),
        (
            "low", 8.0, [7.0, 12.0], 15.52, True,
            "To meet the target next month takes 16 fewer of 388 cases.",
        ),
        ("high", 80.0, [100.0, 89.0], 0.0, True, ""),
    ],
)  # fmt: skip
def test_a_percentage_is_told_in_cases_of_the_next_month(
    polarity: str, target: float, values: list[float], needed: float, achievable: bool, words: str
) -> None:
    share = aimed(target, per=None, polarity=polarity, outturn="percentage", basis="snapshot",
                  decimals=0)  # fmt: skip
    row = trend_of(share, months(values, denominator=388.0))
    assert row["run_rate"] == {
        "needed": pytest.approx(needed),
        "average": None,
        "change_percent": None,
        "achievable": achievable,
    }
    assert words in row["sentence"]
    assert ("To meet" in row["sentence"]) == (needed > 0)


@pytest.mark.parametrize(
    ("indicator", "values", "words"),
    [
        (
            aimed(1200), [90.0, 100.0],
            "To end the year at 1,200, at most 101 a month for the 10 months left, against 95 so "
            "far (6.3% more): on course.",
        ),
        (
            aimed(100, per="month", polarity="high"), [90.0, 104.0],
            "To average 100 a month over the year, at least 101 a month for the 10 months left, "
            "against 97 so far (3.7% more): achievable, as the best month on record is 104, in "
            "May 2020.",
        ),
        (
            aimed(1200), [100.0] * 11,
            "To end the year at 1,200, at most 100 a month in the last month of the year, against "
            "100 so far: on course.",
        ),
        (
            aimed(100), [90.0, 110.0],
            "The year's target is passed already, with 200 so far: not achievable.",
        ),
        (
            aimed(100, polarity="high"), [90.0, 110.0],
            "The year's target is met already, with 200 so far.",
        ),
    ],
)  # fmt: skip
def test_what_is_needed_in_words(indicator: Indicator, values: list[float], words: str) -> None:
    assert words in trend_of(indicator, months(values))["sentence"]


def test_what_is_printed_keeps_the_target_when_kept_to() -> None:
    """As many as must be met are rounded up, as many as must not be passed down."""
    low = trend_of(aimed(1203), months([100.0]))["sentence"]
    high = trend_of(aimed(1203, polarity="high"), months([100.0]))["sentence"]
    assert "at most 100 a month" in low
    assert "at least 101 a month" in high


def test_without_a_month_on_record_nobody_knows_whether_it_can_be_done() -> None:
    row = trend_of(aimed(1200, basis="year-to-date"), months([330.0], first="2020-06"))
    assert row["run_rate"]["achievable"] is None
    assert "no month on record says whether that can be done" in row["sentence"]
