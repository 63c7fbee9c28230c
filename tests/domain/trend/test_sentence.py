"""A series in plain English: the rule by its name, since when, and what it means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpi.domain.catalogue import Indicator, Rebase, Spc, Target
from tests.builders import an_indicator
from tests.domain.trend.trends_of import Row, months, trend_of

STEADY = [50.0, 52.0, 49.0, 51.0, 50.0, 48.0, 51.0, 50.0, 52.0, 49.0, 51.0, 50.0, 49.0]
"""Thirteen points, so that nothing is said of too few."""

EVEN = (1.0,) * 12


def a_number(**fields: Any) -> Indicator:
    return an_indicator(**({"polarity": "low", "basis": "snapshot"} | fields))


def a_share(**fields: Any) -> Indicator:
    return a_number(**({"outturn": "percentage", "polarity": "high", "decimals": 0} | fields))


def sentence(indicator: Indicator, values: list[float], **fields: Any) -> str:
    return str(trend_of(indicator, months(values, **fields))["sentence"])


@pytest.mark.parametrize(
    ("indicator", "values", "expected"),
    [
        (
            a_number(), STEADY,
            "No sign of a real change: 49 in April 2021 lies within the limits of 45.1 to 55.3, "
            "and no rule fires.",
        ),
        (
            a_number(), [*STEADY, 70.0],
            "At 70 in May 2021, the number is above the upper limit of 56.7: a real change for the "
            "worse (rule: outside the limits).",
        ),
        (
            a_number(polarity="high"), [*STEADY, 70.0],
            "At 70 in May 2021, the number is above the upper limit of 56.7: a real change for the "
            "better (rule: outside the limits).",
        ),
        (
            a_number(polarity="none"), [*STEADY, 70.0],
            "At 70 in May 2021, the number is above the upper limit of 56.7: a real change "
            "upwards (rule: outside the limits).",
        ),
        (
            a_number(polarity="none"), [*STEADY, 30.0, 31.0],
            "At 31 in June 2021, the number is below the lower limit of 42.6, as it has been since "
            "May 2021: a real change downwards (rule: outside the limits).",
        ),
        (
            a_number(), [*STEADY, 48.0, 48.0, 47.0, 48.0, 47.0, 48.0],
            "At 48 in October 2021, the number has been below its mean of 49.4 at each of the last "
            "7 points, since April 2021: a real change for the better (rule: 7 points on one side "
            "of the mean).",
        ),
        (
            a_number(), [*STEADY, 55.0, 53.0, 55.0],
            "At 55 in July 2021, the number is one of two in the last three points close to the "
            "upper limit of 56.8: a real change for the worse (rule: 2 in 3 close to a limit).",
        ),
        (
            a_share(), [93.0, 91.0, 90.0, 88.0, 86.0, 83.0, 76.0],
            "The percentage has fallen at every one of the last 7 points, from 93% in April 2020 "
            "to 76% in October 2020, and is below the lower limit of 79.2%: a possible change for "
            "the worse (rules: 7 points falling, outside the limits). Trial limits: they rest on 7 "
            "points, and 13 settle them.",
        ),
        (
            a_number(), [float(value) for value in range(1, 15)],
            "The number has risen at every one of the last 14 points, from 1 in April 2020 to 14 "
            "in May 2021, and is above the upper limit of 10.2, as it has been since February "
            "2021, and has been above its mean of 7.5 at each of the last 7 points, since November "
            "2020: a real change for the worse (rules: 7 points rising, outside the limits, 7 "
            "points on one side of the mean).",
        ),
        (
            a_number(), [29.0] * 14,
            "No change: the number is 29 at every point.",
        ),
    ],
    ids=[
        "common cause", "above", "above is good", "above without a good way", "below for a while",
        "shift", "two in three", "trend and below", "all at once", "constant",
    ],
)  # fmt: skip
def test_what_happened_whether_it_is_real_and_by_which_rule(
    indicator: Indicator, values: list[float], expected: str
) -> None:
    assert sentence(indicator, values) == expected


@pytest.mark.parametrize(
    ("indicator", "values", "expected"),
    [
        (
            a_share(target=100), [93.0, 91.0, 90.0, 88.0, 86.0, 83.0, 76.0],
            "The target of 100% is above the upper limit of 94.3%: not reachable without a change "
            "in the process.",
        ),
        (
            a_number(target=40), STEADY,
            "The target of 40 is below the lower limit of 45.1: not reachable without a change in "
            "the process.",
        ),
        (
            a_number(target=60), STEADY,
            "The target of 60 is above the upper limit of 55.3: met as long as the process stays "
            "as it is.",
        ),
        (
            a_number(target=50), STEADY,
            "The target of 50 lies within the limits: chance decides whether a month meets it.",
        ),
        (
            a_number(basis="in-month", target=(Target(value=720, per="year"),)), STEADY,
            "The target of 720 a year, 60 a month, is above the upper limit of 55.3: met as long "
            "as the process stays as it is.",
        ),
        (a_share(target=100), [100.0] * 13, "The target of 100% is met at every point."),
    ],
)  # fmt: skip
def test_whether_the_target_can_be_relied_on(
    indicator: Indicator, values: list[float], expected: str
) -> None:
    assert expected in sentence(indicator, values)


@pytest.mark.parametrize("fields", [{"polarity": "none", "target": 40}, {}])
def test_nothing_is_said_of_a_target_that_is_not_judged(fields: dict[str, Any]) -> None:
    assert "target" not in sentence(a_number(**fields), STEADY)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "Only one point is held, 50 in April 2020: too few to say whether anything changed."),
        (2, "2 points are too few to be sure: a run takes 7, settled limits 13."),
        (6, "6 points are too few to be sure: a run takes 7, settled limits 13."),
        (7, "Trial limits: they rest on 7 points, and 13 settle them."),
        (12, "Trial limits: they rest on 12 points, and 13 settle them."),
    ],
)
def test_too_few_points_says_so(count: int, expected: str) -> None:
    assert expected in sentence(a_number(), STEADY[:count])


def test_thirteen_points_are_enough() -> None:
    assert "points" not in sentence(a_number(), STEADY).replace("no rule fires", "")


def test_limits_that_began_anew_rest_on_the_points_since() -> None:
    moved = a_number(spc=Spc(rebase=(Rebase(date(2021, 4, 1), "moved"),)))
    assert sentence(moved, STEADY) == (
        "Only one point is held since limits began anew, 49 in April 2021: too few to say whether "
        "anything changed."
    )


@pytest.mark.parametrize(
    ("count", "expected"),
    [(12, "57.5: a possible change for the worse"), (13, "57.1: a real change for the worse")],
)
def test_a_change_is_real_from_thirteen_points_on(count: int, expected: str) -> None:
    text = sentence(a_number(), [*STEADY[: count - 1], 70.0])
    assert f"is above the upper limit of {expected}" in text
    assert ("possible" in text) == ("13 settle them" in text)


def test_a_breach_that_shows_with_a_limits_decimals_is_not_just_one() -> None:
    assert "At 70 in May 2021, the number is above" in sentence(a_number(), [*STEADY, 70.0])


@pytest.mark.parametrize(
    ("indicator", "values", "expected"),
    [
        (a_share(target=53), STEADY, " but was not met at any of the 13 points."),
        (a_share(target=48), STEADY, " and was met at every one of the 13 points."),
        (a_share(target=52), STEADY, ": chance decides whether a month meets it."),
        (a_number(target=47), STEADY, " but was not met at any of the 13 points."),
        (a_number(target=52), STEADY, " and was met at every one of the 13 points."),
        (
            a_number(target=47, spc=Spc(rebase=(Rebase(date(2020, 4, 1), "first"),))), STEADY,
            " but was not met at any of the 13 points.",
        ),
        (
            a_number(target=47, spc=Spc(rebase=(Rebase(date(2020, 5, 1), "moved"),))),
            [40.0, *STEADY],
            " but was not met at any of the 13 points since limits began anew.",
        ),
        (
            a_number(basis="in-month", target=(Target(value=564, per="year", profile=EVEN),)),
            STEADY, ": chance decides whether a month meets it.",
        ),
    ],
)  # fmt: skip
def test_a_target_within_the_limits_that_was_never_or_always_met_says_so(
    indicator: Indicator, values: list[float], expected: str
) -> None:
    assert f" lies within the limits{expected}" in sentence(indicator, values)


def test_the_fallback_for_figures_that_hardly_move_is_said() -> None:
    assert sentence(a_number(), [27.0] * 5 + [29.0] * 2).endswith(
        "The figures hardly ever move, so outlying moves are not screened out: that would leave no "
        "room between the limits."
    )


def test_a_running_total_is_told_by_the_month_beside_the_whole() -> None:
    total = a_number(basis="year-to-date")
    text = sentence(total, [100.0, 190.0, 300.0, 600.0], first="2021-04")
    assert "300 in July 2021 (600 for the year so far)" in text
    assert "2021-07" not in text


def test_the_first_month_of_a_running_total_is_the_whole() -> None:
    assert "so far" not in sentence(a_number(basis="year-to-date"), [100.0], first="2021-04")


def test_a_signal_of_a_running_total_speaks_of_its_months() -> None:
    total = a_number(basis="year-to-date", outturn="rate", decimals=0)
    so_far = [10.0, 21.0, 31.0, 41.0, 52.0, 62.0, 72.0, 130.0]
    assert sentence(total, so_far, first="2021-04").startswith(
        "At 58 in November 2021 (130 for the year so far), the monthly rate is above"
    )


@pytest.mark.parametrize(
    ("target", "values", "expected"),
    [
        (80, [*STEADY, 70.0], "It is rated green all the same."),
        (10, [*STEADY, 30.0], "It is rated red all the same."),
        (80, [*STEADY, 30.0], ""),
        (10, [*STEADY, 70.0], ""),
        (80, STEADY, ""),
    ],
)
def test_a_rating_that_points_the_other_way_is_said(
    target: int, values: list[float], expected: str
) -> None:
    text = sentence(a_number(target=target), values)
    assert text.endswith(expected)
    assert ("all the same" in text) == bool(expected)


def test_an_annual_series_leads_with_its_recent_trend() -> None:
    counts = [(994, 40299), (1023, 41527), (1199, 42811), (1332, 44064), (1367, 44701)]
    rows: list[Row] = [
        {
            "period": f"{2014 + place}/{15 + place}",
            "value": 100 * x / n,
            "numerator": float(x),
            "denominator": float(n),
        }
        for place, (x, n) in enumerate(counts)
    ]
    text = trend_of(a_share(basis="annual", decimals=1), rows)["sentence"]
    assert text.startswith(
        "Over the latest five years: increasing and getting better (chi-square 47.9, significant "
        "above 9.55). The chart gives no sign of a real change: 3.1% in 2018/19 lies within"
    )


@pytest.mark.parametrize(
    ("indicator", "rows", "expected"),
    [
        (
            a_share(basis="rolling-12", polarity="low", decimals=1),
            months([15.0, *[14.5] * 11, 14.2]),
            "Rolling years overlap, so they are not charted. 14.2% against 15.0% in April 2020: "
            "0.8 points lower, better.",
        ),
        (
            a_share(basis="rolling-12", polarity="none"),
            months([15.0, *[14.0] * 11, 15.0]),
            "Rolling years overlap, so they are not charted. 15% against 15% in April 2020: the "
            "same.",
        ),
        (
            a_share(basis="rolling-12"), months([15.0]),
            "Rolling years overlap, so they are not charted. No figure of April 2019 is held to "
            "compare with.",
        ),
        (
            a_share(basis="year-to-date"), months([70.0], first="2021-05"),
            "A percentage of the year so far cannot be told apart by month without its counts, so "
            "it is not charted. No figure of May 2020 is held to compare with.",
        ),
        (
            a_number(basis="year-to-date"), months([100.0, None, 300.0]),
            "What June 2020 alone brought cannot be told, as the month before it is not known: 300 "
            "is of the year so far.",
        ),
        (
            a_number(),
            [*months([5.0, 6.0]), {"period": "2020-05", "value": 7.0}],
            "Two figures stand in one source for May 2020, 6 (report-1.csv!B3) and 7 "
            "(report-1.csv!B4): neither is judged.",
        ),
    ],
    ids=["rolling", "rolling alike", "rolling alone", "no counts", "gap", "conflict"],
)  # fmt: skip
def test_why_the_newest_figure_is_not_judged(
    indicator: Indicator, rows: list[Row], expected: str
) -> None:
    assert trend_of(indicator, rows)["sentence"] == expected


@pytest.mark.parametrize("basis", ["in-month", "year-to-date"])
def test_a_hidden_figure_is_not_told(basis: str) -> None:
    counts = a_number(basis=basis, suppress_below=6)
    values = [20.0, 31.0, 3.0] if basis == "in-month" else [20.0, 51.0, 54.0]
    text = trend_of(counts, months(values), hide_small=True)["sentence"]
    assert text == "The figure for June 2020 is suppressed: it rests on small numbers."


def test_limits_beyond_what_is_possible_are_not_shown() -> None:
    assert "63.8% to 100.0%" in sentence(a_share(), [100.0, 83.0, 88.0, 83.0, 74.0, 88.0, 89.0])
    assert "0.0 to 137.9" in sentence(a_number(), [12.0, 2.0, 28.0, 105.0, 22.0, 17.0])
    assert "-137.9 to" in sentence(a_number(), [-12.0, -2.0, -28.0, -105.0, -22.0, -17.0])


def test_a_figure_and_a_limit_that_print_alike_get_more_decimals() -> None:
    """With one decimal both would print as 53.7, so it is only just a breach."""
    text = sentence(a_number(decimals=1), [*[50.0, 51.0] * 7, 53.72])
    told = "At 53.72 in June 2021, the number is just above the upper limit of 53.70:"
    assert text.startswith(told)
