from __future__ import annotations

import pytest

from kpi.domain.checks.jump import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import found, messages, months

CLA = a_catalogue(an_indicator("cla", basis="snapshot", short_title="CLA"))
SHARE = a_catalogue(an_indicator("cla", basis="snapshot", outturn="percentage", short_title="CLA"))

SCAN = [494.0, 298.0, 501.0, 507.0, 507.0, 511.0, 530.0]
"""The looked-after children of one report, as its scanner read them: 298 stands for 498."""

SPIKE = "CLA, May-21: 298 after 494 (-40%) and before 501 (-41%); 498 differs by one digit"

SPIKES = [
    pytest.param(SCAN, [SPIKE], id="298 between 494 and 501"),
    pytest.param([494.0, 498.0, *SCAN[2:]], [], id="498 between them"),
    pytest.param(SCAN[:6], [SPIKE], id="six months bear it"),
    pytest.param(SCAN[:5], [], id="five do not"),
    pytest.param([12.0, 2.0, 28.0, 105.0, 22.0, 17.0], [], id="small counts leap about"),
    pytest.param([27.0, 27.0, 27.0, 33.0, 27.0, 27.0, 27.0], [], id="6 of 27 is chance"),
    pytest.param([300.0, 340.0, 290.0, 240.0, 295.0, 345.0, 310.0], [], id="no more than usual"),
    pytest.param([500.0, 501.0, 400.0, 600.0, 601.0, 602.0, 603.0], [], id="the sides disagree"),
    pytest.param(
        [500.0, 500.0, 400.0, 500.0, 500.0, 500.0, 500.0],
        [],
        id="a fifth of 500 lies within five square roots of it",
    ),
]


@pytest.mark.parametrize(("figures", "expected"), SPIKES)
def test_a_spike_stands_alone_between_two_months(figures: list[float], expected: list[str]) -> None:
    assert messages(CHECK, CLA, months(figures, indicator="cla")) == expected


@pytest.mark.parametrize(("middle", "count"), [(388.0, 1), (388.5, 0)])
def test_a_spike_of_counts_is_beyond_chance(middle: float, count: int) -> None:
    """Five square roots of 500 are 111.8."""
    figures = [500.0, 500.0, middle, 500.0, 500.0, 500.0, 500.0]
    assert len(messages(CHECK, CLA, months(figures, indicator="cla"))) == count


@pytest.mark.parametrize(("middle", "count"), [(60.0, 1), (68.0, 0), (75.0, 0)])
def test_a_spike_of_shares_is_more_than_a_case_or_two(middle: float, count: int) -> None:
    """A run of 100% has no steps, and of eight cases two are 25 points."""
    figures = [100.0, 100.0, middle, 100.0, 100.0, 100.0, 100.0]
    assert len(messages(CHECK, SHARE, months(figures, indicator="cla"))) == count


@pytest.mark.parametrize(("newest", "count"), [(60.0, 1), (59.9, 0)])
def test_a_leap_of_shares_has_ten_points(newest: float, count: int) -> None:
    figures = [50.0, 51.0, 50.0, 51.0, 50.0, 51.0, 50.0, newest]
    rows = months(figures, indicator="cla", since="2021-03")
    assert len(messages(CHECK, SHARE, rows)) == count


@pytest.mark.parametrize(
    ("middle", "denominator", "count"),
    [
        pytest.param(66.7, None, 0, id="two of three, for all that is known"),
        pytest.param(66.7, 300.0, 1, id="of three hundred"),
        pytest.param(66.7, 3.0, 0, id="of three"),
        pytest.param(65.0, None, 1, id="no share of so few"),
        pytest.param(0.0, None, 1, id="none, perhaps typed for nothing known"),
    ],
)
def test_a_share_of_two_or_three_cases_leaps_by_chance(
    middle: float, denominator: float | None, count: int
) -> None:
    rows = months([100.0, 100.0, middle, 100.0, 100.0, 100.0, 100.0], indicator="cla")
    rows[2]["denominator"] = denominator
    assert len(messages(CHECK, SHARE, rows)) == count


def test_a_gap_has_no_sides() -> None:
    assert (
        messages(CHECK, CLA, months([494.0, 298.0, None, *SCAN[3:], 531.0], indicator="cla")) == []
    )


def test_a_month_that_stands_out_each_year_is_the_season() -> None:
    year = [500.0, 501.0, 502.0, 503.0, 250.0, 505.0, 506.0, 507.0, 508.0, 509.0, 510.0, 511.0]
    rows = months([*year, *year], indicator="cla", since="2019-11")
    assert messages(CHECK, CLA, rows) == []
    assert len(messages(CHECK, CLA, rows[:12])) == 1


def test_of_two_figures_the_one_that_stands_alone_is_told() -> None:
    rows = months(SCAN, indicator="cla") + months([498.0], indicator="cla", since="2021-05")
    rows[-1]["source_cell"] = "D9"
    (finding,) = found(CHECK, CLA, rows)
    assert finding["message"] == (
        "CLA, May-21: 298 after 494 (-40%) and before 501 (-41%); the other cell has 498"
    )
    assert (finding["source_cell"], finding["value"]) == ("D2", 298.0)


IN_MONTH = a_catalogue(an_indicator("cla", short_title="CLA"))


@pytest.mark.parametrize(
    ("figures", "count"),
    [
        pytest.param([20.0, 20.0, 28.0, 105.0, 22.0, 17.0], 0, id="a campaign fills a month"),
        pytest.param(SCAN, 1, id="a digit's slip does too, and looks like one"),
        pytest.param([494.0, 250.0, *SCAN[2:]], 0, id="250 is not one digit away from 498"),
    ],
)
def test_what_is_counted_within_a_month_must_look_like_a_slip(
    figures: list[float], count: int
) -> None:
    assert len(messages(CHECK, IN_MONTH, months(figures, indicator="cla"))) == count


STEADY = [500.0, 504.0, 499.0, 503.0, 500.0, 505.0, 501.0]

LEAPS = [
    pytest.param([*STEADY, 700.0], 1, id="larger than any step before it"),
    pytest.param([*STEADY, 510.0], 0, id="as large as they are"),
    pytest.param([*STEADY[:6], 700.0], 0, id="seven months do not bear it"),
    pytest.param([*STEADY, 599.0], 0, id="less than a fifth"),
    pytest.param([*STEADY, 700.0, 702.0], 0, id="the month after has made it a level"),
    pytest.param([300.0, 420.0, 310.0, 430.0, 290.0, 410.0, 300.0, 450.0], 0, id="steps like it"),
    pytest.param([300.0, 900.0, 880.0, 895.0, 900.0, 885.0, 890.0, 299.0], 0, id="as it once was"),
]


@pytest.mark.parametrize(("figures", "count"), LEAPS)
def test_the_newest_figure_leaps(figures: list[float], count: int) -> None:
    since = f"2021-{11 - len(figures):02d}"
    said = messages(CHECK, CLA, months(figures, indicator="cla", since=since))
    leap = "CLA, Oct-21: 700 after 501 (+40%), more than any earlier step bears out"
    assert said == [leap] * count


def test_a_running_total_is_judged_month_by_month() -> None:
    """Each month's own figure is about 100, but for October's 300."""
    total = [100.0, 201.0, 300.0, 401.0, 500.0, 601.0, 700.0, 801.0, 900.0, 1200.0]
    rows = months(total, indicator="cla", since="2021-01")
    calendar = a_catalogue(
        an_indicator("cla", basis="year-to-date", year="calendar", short_title="CLA")
    )
    assert messages(CHECK, calendar, rows) == [
        "CLA, Oct-21: 300 in the month after 99 (+203%), more than any earlier step bears out"
    ]


def test_an_earlier_leap_is_history() -> None:
    rows = months([*STEADY, 700.0], indicator="cla", since="2021-02")
    assert messages(CHECK, CLA, rows) == []
    assert len(messages(CHECK, CLA, rows, up_to="2021-09")) == 1
