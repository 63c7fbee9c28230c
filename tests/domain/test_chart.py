"""What a chart says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.chart import SpcChart, SpcPoint, named, signal
from tests.charted import CONCERN, HIGH, IMPROVEMENT, a_chart, a_period, starting

VISITS = "SPC chart of Visits, April 2021 to October 2021: 7 points."


@pytest.mark.parametrize(
    ("chart", "alt"),
    [
        (
            a_chart(limits=(76.71, 62.53, 90.9), suffix="%"),
            f"{VISITS} October 2021: 60%, no signal. Mean 76.7%, limits 62.5% to 90.9%.",
        ),
        (
            a_chart(limits=(76.71, 62.53, 90.9), signals={6: CONCERN}, trial_limits=True),
            f"{VISITS} October 2021: 60, concern. Mean 76.7, trial limits 62.5 to 90.9. "
            "Signals: concern October 2021.",
        ),
        (
            a_chart(
                limits=(76.7, 62.5, 90.9),
                signals={0: IMPROVEMENT, 4: CONCERN, 5: CONCERN},
                target=100.0,
            ),
            f"{VISITS} October 2021: 60, no signal. Mean 76.7, limits 62.5 to 90.9. Target 100. "
            "Signals: concern at 2 points, the last September 2021; improvement April 2021.",
        ),
        (
            a_chart([1, None, None, 2], limits=(1.5, 0, 3), starts=starting(m2021_07="front door")),
            "SPC chart of Visits, April 2021 to July 2021: 2 points, 2 missing. July 2021: 2, no "
            "signal. Mean 1.5, limits 0.0 to 3.0. Limits begin anew with July 2021: front door.",
        ),
        (
            a_chart([42.44], decimals=2, limits=(42.44, None, None), first="2021-Q3"),
            "SPC chart of Visits, Q3 2021/22: 1 point. Q3 2021/22: 42.44, no signal. "
            "Mean 42.44, no limits.",
        ),
        (
            a_chart([1500, None], limits=(None, None, None), first="2020/21"),
            "SPC chart of Visits, 2020/21 to 2021/22: 1 point, 1 missing. 2020/21: 1,500, "
            "no signal.",
        ),
        (
            a_chart([1, 2, 3], starts=starting(m2021_05="", m2021_06="b"), limits=(2, 1, 3)),
            "SPC chart of Visits, April 2021 to June 2021: 3 points. June 2021: 3, no signal. "
            "Mean 2.0, limits 1.0 to 3.0. Limits begin anew with May 2021. "
            "Limits begin anew with June 2021: b.",
        ),
    ],
)
def test_the_words_for_a_chart_follow_from_its_figures(chart: SpcChart, alt: str) -> None:
    assert chart.alt == alt


def test_a_chart_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a point with a figure"):
        SpcChart("Visits", (SpcPoint(a_period("2021-04"), None),))
    with pytest.raises(ValueError, match="a point with a figure"):
        SpcChart("Visits", ())


def test_the_latest_point_is_the_newest_that_has_a_figure() -> None:
    assert a_chart([1, 2, None]).latest.period == a_period("2021-05")


def test_a_group_begins_where_it_is_said_but_not_at_the_first_point() -> None:
    chart = a_chart([1] * 6, starts=starting(m2021_04="at once", m2021_07="b", m2021_09="c"))
    assert chart.groups == (range(3), range(3, 5), range(5, 6))
    assert a_chart([1] * 3).groups == (range(3),)


@pytest.mark.parametrize(
    ("value", "decimals", "suffix", "figure", "limit", "aim"),
    [
        (84.85, 0, "%", "85%", "84.9%", "84.9%"),
        (1400.0, 0, "", "1,400", "1,400.0", "1,400"),
        (53.125, 2, "", "53.13", "53.13", "53.13"),
        (100.0, 1, "%", "100.0%", "100.0%", "100%"),
        (-0.5, 0, "", "-1", "-0.5", "-0.5"),
        (0.0, 0, "", "0", "0.0", "0"),
    ],
)
def test_a_figure_is_shown_as_its_indicator_a_limit_with_a_decimal_a_target_with_none_to_spare(
    value: float, decimals: int, suffix: str, figure: str, limit: str, aim: str
) -> None:
    chart = a_chart(decimals=decimals, suffix=suffix)
    assert (chart.figure(value), chart.limit(value), chart.aim(value)) == (figure, limit, aim)


@pytest.mark.parametrize(
    ("value", "point_type", "shows"),
    [
        (1.0, CONCERN, "concern"),
        (1.0, HIGH, "unusually high"),
        (1.0, "common_cause", "no signal"),
        (1.0, None, "no signal"),
        (None, None, ""),
    ],
)
def test_a_point_shows_what_its_type_says_and_nothing_without_a_figure(
    value: float | None, point_type: str | None, shows: str
) -> None:
    assert signal(SpcPoint(a_period("2021-04"), value, point_type=point_type)) == shows


def test_a_quarter_is_named_so_that_it_can_stand_in_a_span() -> None:
    assert named(a_period("2021-Q3")) == "Q3 2021/22"
    assert named(a_period("2021-10")) == "October 2021"


@given(st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=30).filter(any))
def test_the_words_count_every_period(values: list[float | None]) -> None:
    missing = values.count(None)
    chart = a_chart(values)
    assert (f"{missing} missing" in chart.alt) == (missing > 0)
    assert chart.alt.endswith(".")
