"""From a row of a trend to its chart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpi.domain.catalogue import Indicator, Rebase, Spc, Version
from kpi.domain.chart import SpcChart, SpcPoint
from kpi.domain.trend.chart import spc_chart
from tests.builders import an_indicator
from tests.charted import CONCERN, a_period, starting


def a_point(period: str, value: float, **fields: Any) -> dict[str, Any]:
    return {
        "period": period,
        "value": value,
        "mean": 50.0,
        "lower_limit": 40.0,
        "upper_limit": 60.0,
        "point_type": "common_cause",
        "adjusted": None,
        "group": 0,
    } | fields


def a_row(*series: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "series": list(series),
        "area": "Southampton",
        "unit": "",
        "target_of_period": None,
        "trial_limits": False,
    } | fields


def charted(*series: dict[str, Any], indicator: Indicator | None = None, **fields: Any) -> SpcChart:
    chart = spc_chart(
        a_row(*series, **fields), indicator or an_indicator(), authority="Southampton"
    )
    assert chart is not None
    return chart


def test_a_point_keeps_its_figure_its_lines_and_its_type() -> None:
    chart = charted(
        a_point("2021-10", 70.0, point_type=CONCERN), target_of_period=45.0, trial_limits=True
    )
    assert chart.points == (SpcPoint(a_period("2021-10"), 70.0, 50.0, 40.0, 60.0, CONCERN),)
    assert (chart.title, chart.target, chart.trial_limits) == ("contacts", 45.0, True)


def test_every_missing_period_has_a_place_of_its_own() -> None:
    chart = charted(a_point("2021-11", 1.0), a_point("2022-02", 2.0), a_point("2022-03", 3.0))
    assert [(str(point.period), point.value) for point in chart.points] == [
        ("2021-11", 1.0),
        ("2021-12", None),
        ("2022-01", None),
        ("2022-02", 2.0),
        ("2022-03", 3.0),
    ]


@pytest.mark.parametrize(("first", "last"), [("2021-Q4", "2022-Q2"), ("2020/21", "2022/23")])
def test_quarters_and_years_step_in_their_own_length(first: str, last: str) -> None:
    assert len(charted(a_point(first, 1.0), a_point(last, 2.0)).points) == 3


def test_a_series_of_no_points_has_no_chart() -> None:
    assert spc_chart(a_row(), an_indicator(), authority="Southampton") is None


@pytest.mark.parametrize(
    ("outturn", "values", "limits"),
    [
        ("percentage", (97.0, 99.0), (0.0, 100.0)),
        ("number", (97.0, 99.0), (0.0, 109.0)),
        ("number", (-1.0, 99.0), (-8.0, 109.0)),
    ],
)
def test_limits_are_shown_only_where_a_figure_can_be(
    outturn: str, values: tuple[float, float], limits: tuple[float, float]
) -> None:
    months = ("2021-09", "2021-10")
    series = [
        a_point(month, value, lower_limit=-8.0, upper_limit=109.0)
        for month, value in zip(months, values, strict=True)
    ]
    chart = charted(*series, indicator=an_indicator(outturn=outturn))
    assert (chart.latest.lower, chart.latest.upper) == limits


def test_a_percentage_has_its_sign_and_the_catalogues_decimals() -> None:
    chart = charted(a_point("2021-10", 63.45), indicator=an_indicator(outturn="percentage"))
    assert chart.figure(63.45) == "63.5%"


def test_a_group_starts_with_the_reasons_dated_since_the_point_before() -> None:
    indicator = an_indicator(
        spc=Spc(
            rebase=(Rebase(date(2021, 6, 1), "front door"), Rebase(date(2021, 9, 10), "new team"))
        ),
        version=(
            Version(date(2021, 9, 1), "all ages", comparable=False),
            Version(date(2021, 10, 1), "a word", comparable=True),
        ),
    )
    chart = charted(
        a_point("2021-05", 1.0),
        a_point("2021-07", 1.0, group=1),  # June is missing, so July begins it
        a_point("2021-08", 1.0, group=1),
        a_point("2021-09", 1.0, group=2),
        a_point("2021-10", 1.0, group=2),
        indicator=indicator,
    )
    assert chart.starts == starting(m2021_07="front door", m2021_09="all ages; new team")


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"unit": "Team 2"}, "contacts, Team 2"),
        ({"area": "Hampshire"}, "contacts (Hampshire)"),
    ],
)
def test_the_title_says_whose_figures_they_are(fields: dict[str, Any], title: str) -> None:
    assert charted(a_point("2021-10", 1.0), **fields).title == title


def test_of_a_running_total_each_period_alone_is_drawn_and_the_title_says_so() -> None:
    indicator = an_indicator(basis="year-to-date")
    assert charted(a_point("2021-10", 1.0), indicator=indicator).title == (
        "contacts, each month alone"
    )


def test_where_figures_are_adjusted_these_are_drawn_and_the_title_says_so() -> None:
    chart = charted(a_point("2021-10", 70.0, adjusted=64.0))
    assert chart.latest.value == 64.0
    assert chart.title == "contacts, without the time of year"
