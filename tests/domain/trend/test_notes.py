"""What else a reader of a trend must know, a note each."""

from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Indicator, Spc
from tests.builders import an_indicator
from tests.domain.trend.trends_of import Row, months, trend_of


def notes(rows: list[Row], indicator: Indicator | None = None, **options: Any) -> list[str]:
    return list(trend_of(indicator or an_indicator(), rows, **options)["notes"])


def total(**fields: Any) -> Indicator:
    return an_indicator(basis="year-to-date", **fields)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (months([5.0, 6.0, 7.0]), []),
        (
            months([5.0, None, None, 7.0]),
            [
                "2 months between the first point and the last hold no figure: passed over, and "
                "the points beside it are taken as neighbours."
            ],
        ),
        (
            [*months([5.0, None, 7.0]), {"period": "2020-05", "state": "awaited"}],
            [
                "1 month between the first point and the last holds no figure: passed over, and "
                "the points beside it are taken as neighbours."
            ],
        ),
        (
            [*months([5.0, 6.0, 7.0]), {"period": "2020-05", "value": 9.0}],
            [
                "May 2020 is left out: two figures stand in one source, 6 (report-1.csv!B3) and 9 "
                "(report-1.csv!B5)."
            ],
        ),
        (
            [*months([5.0, 6.0]), {"period": "2020-06", "value": 2.0, "marks": "partial"}],
            ["June 2020 is left out: only a part of it is covered."],
        ),
    ],
    ids=["whole", "gap", "awaited", "conflict", "partial"],
)
def test_what_is_no_point_is_named(rows: list[Row], expected: list[str]) -> None:
    assert notes(rows) == expected


def test_a_total_that_spans_two_months_is_named() -> None:
    assert notes(months([100.0, None, 300.0, 390.0]), total()) == [
        "June 2020 is left out: the month before it is not known, so the running total grew over "
        "more than one.",
        "1 month between the first point and the last holds no figure: passed over, and the points "
        "beside it are taken as neighbours.",
    ]


def test_of_many_periods_only_a_few_are_named() -> None:
    totals: list[float | None] = [
        None,
        20.0,
        None,
        40.0,
        None,
        60.0,
        None,
        80.0,
        None,
        100.0,
        110.0,
    ]
    spanning = notes(months(totals), total())[0]
    assert spanning.startswith("May 2020, July 2020, September 2020 and 2 more are left out")


@pytest.mark.parametrize(
    ("indicator", "rows", "expected"),
    [
        (
            an_indicator(spc=Spc(baseline=2)), months([5.0, 6.0, 7.0]),
            "Limits rest on the first 2 points of each group.",
        ),
        (
            an_indicator(outturn="percentage", spc=Spc(chart="p")),
            months([50.0, 60.0], denominator=20.0),
            "Limits are those of a p-chart, which allow for how many cases a point rests on.",
        ),
        (
            an_indicator(outturn="percentage", spc=Spc(chart="p")), months([50.0, 60.0]),
            "An XmR chart, as a p-chart needs a percentage and the cases of every point.",
        ),
        (
            an_indicator(outturn="percentage", small=20), months([50.0, 60.0], denominator=17.0),
            "The newest figure rests on 17 cases, fewer than 20: read it with care.",
        ),
        (
            an_indicator(basis="annual"), [{"period": "2020/21", "value": 5.0}],
            "Five-year trend: Cannot be calculated, as fewer than five annual values.",
        ),
    ],
    ids=["baseline", "p-chart", "no p-chart", "few cases", "few years"],
)  # fmt: skip
def test_how_it_was_judged_is_noted(indicator: Indicator, rows: list[Row], expected: str) -> None:
    assert notes(rows, indicator) == [expected]
