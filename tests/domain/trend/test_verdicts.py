"""Each series with what its chart, its last period and its last year say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from kpi.domain.catalogue import Indicator, Spc, Target, Version
from tests.builders import an_indicator
from tests.domain.trend.trends_of import Row, months, trend_of, trends_of

HEALTH = [93.0, 91.0, 90.0, 88.0, 86.0, 83.0, 76.0]
RECENT = [(994, 40299), (1023, 41527), (1199, 42811), (1332, 44064), (1367, 44701)]
"""The published check values of the recent trend, oldest first."""


def a_share(**fields: Any) -> Indicator:
    given: dict[str, Any] = {"outturn": "percentage", "basis": "snapshot", "polarity": "high"}
    given["decimals"] = 0
    return an_indicator(**(given | fields))


def years(values: Sequence[tuple[float, float]], **fields: Any) -> list[Row]:
    return [
        {
            "period": f"{2014 + place}/{15 + place}",
            "value": 100 * x / n,
            "numerator": float(x),
            "denominator": float(n),
        }
        | fields
        for place, (x, n) in enumerate(values)
    ]


def test_health_assessments_are_of_concern_and_fail_their_target() -> None:
    row = trend_of(a_share(target=100), months(HEALTH, first="2021-04"))
    assert {
        name: row[name]
        for name in ("points", "variation", "assurance", "rule", "since", "trial_limits")
    } == {
        "points": 7,
        "variation": "special_cause_concern",
        "assurance": "consistent_fail",
        "rule": "Below LCL",
        "since": "2021-10",
        "trial_limits": True,
    }
    assert row["mean"] == pytest.approx(86.714285714)
    assert row["lower_limit"] == pytest.approx(79.177619048)
    assert row["upper_limit"] == pytest.approx(94.250952381)
    assert row["sparkline"] == "█▇▇▆▅▄▁"


def test_two_points_give_limits_and_one_gives_a_mean() -> None:
    one = trend_of(a_share(target=90), months([80.0]))
    two = trend_of(a_share(target=90), months([80.0, 82.0]))
    assert (one["mean"], one["lower_limit"], one["variation"]) == (80.0, None, "common_cause")
    assert (one["rule"], one["trial_limits"], one["assurance"]) == ("Common Cause", True, None)
    assert (two["mean"], two["lower_limit"]) == (81.0, pytest.approx(75.68))


def test_a_constant_series_has_its_limits_on_its_mean() -> None:
    row = trend_of(a_share(target=100), months([100.0] * 14))
    assert (row["mean"], row["lower_limit"], row["upper_limit"]) == (100.0, 100.0, 100.0)
    assert (row["variation"], row["assurance"]) == ("common_cause", "inconsistent")


@pytest.mark.parametrize("polarity", ["none", "range"])
def test_without_a_good_way_there_is_no_assurance_and_a_neutral_variation(polarity: str) -> None:
    target = (Target(low=90, high=95),) if polarity == "range" else (Target(value=90),)
    row = trend_of(a_share(polarity=polarity, target=target), months(HEALTH))
    assert row["assurance"] is None
    assert row["variation"] == "special_cause_neutral_low"


@pytest.mark.parametrize(
    ("basis", "outturn", "per", "expected"),
    [
        ("in-month", "number", "month", 120.0),
        ("in-month", "number", "quarter", 40.0),
        ("in-month", "number", "year", 10.0),
        ("in-month", "number", "point", 120.0),
        ("year-to-date", "rate", "year", 10.0),
        ("year-to-date", "number", "month", 120.0),
        ("snapshot", "number", "year", 120.0),
        ("in-month", "percentage", "year", 120.0),
        ("rolling-12", "number", "year", 120.0),
        ("rolling-12", "number", "month", 1440.0),
    ],
)
def test_assurance_uses_the_target_of_one_period(
    basis: str, outturn: str, per: Any, expected: float
) -> None:
    indicator = an_indicator(
        basis=basis, outturn=outturn, polarity="low", target=(Target(value=120, per=per),)
    )
    assert trend_of(indicator, months([9.0, 11.0]))["target_of_period"] == expected


def test_a_quarter_has_three_months_of_a_target() -> None:
    row = trend_of(
        an_indicator(polarity="low", target=120), [{"period": "2021-Q1", "value": 300.0}]
    )
    assert row["target_of_period"] == 360.0


def test_a_targets_profile_gives_each_month_its_share() -> None:
    profile = (0.5, 1.5, *[1.0] * 10)
    indicator = an_indicator(
        basis="year-to-date", polarity="low", target=(Target(value=1200, profile=profile),)
    )
    rows = months([50.0, 200.0], first="2021-04")
    assert trend_of(indicator, rows)["target_of_period"] == 150.0
    assert trend_of(indicator, rows[:1])["target_of_period"] == 50.0


def test_the_target_that_holds_in_the_judged_period_counts() -> None:
    targets = (Target(value=90), Target(value=80, begins=date(2020, 5, 1)))
    indicator = a_share(target=targets)
    assert trend_of(indicator, months([70.0]))["target_of_period"] == 90.0
    assert trend_of(indicator, months([70.0, 70.0]))["target_of_period"] == 80.0


@pytest.mark.parametrize(
    ("polarity", "values", "expected"),
    [
        ("high", [80.0, 82.0], "better"),
        ("high", [82.0, 80.0], "worse"),
        ("low", [80.0, 82.0], "worse"),
        ("low", [80.0, 80.0], "same"),
        ("none", [80.0, 82.0], "up"),
        ("none", [82.0, 80.0], "down"),
        ("none", [80.0, 80.0 + 1e-12], "same"),
        ("range", [95.0, 92.0], "better"),
        ("range", [70.0, 79.0], "better"),
        ("range", [88.0, 99.0], "worse"),
        ("range", [82.0, 88.0], "same"),
        ("high", [80.0, None, 82.0], None),
        ("high", [80.0], None),
    ],
)
def test_direction_of_travel_is_against_the_period_immediately_before(
    polarity: str, values: list[float | None], expected: str | None
) -> None:
    target = (Target(low=80, high=90),) if polarity == "range" else ()
    row = trend_of(a_share(polarity=polarity, target=target), months(values))
    assert row["direction_of_travel"] == expected


def test_a_range_without_a_target_moves_up_or_down() -> None:
    assert trend_of(a_share(polarity="range"), months([80.0, 82.0]))["direction_of_travel"] == "up"


def test_changes_are_on_the_last_month_and_on_the_same_month_last_year() -> None:
    values = [80.0, *[70.0] * 11, 85.0]
    row = trend_of(a_share(), months(values))
    assert (row["change_on_previous"], row["change_on_year"]) == (15.0, 5.0)
    assert (row["direction_of_travel"], row["direction_on_year"]) == ("better", "better")


def test_a_running_total_changes_by_what_each_month_brought() -> None:
    indicator = an_indicator(basis="year-to-date", polarity="low")
    so_far = [float(100 * place) for place in range(1, 13)]
    row = trend_of(indicator, months([*so_far, 90.0, 200.0], first="2020-04"))
    assert (row["outturn"], row["in_period"]) == (200.0, 110.0)
    assert (row["change_on_previous"], row["change_on_year"]) == (20.0, 10.0)
    assert [point["value"] for point in row["series"]] == [*[100.0] * 12, 90.0, 110.0]
    assert row["direction_of_travel"] == "worse"


def test_a_running_total_after_a_gap_is_not_judged() -> None:
    indicator = an_indicator(basis="year-to-date", polarity="low")
    row = trend_of(indicator, months([100.0, 190.0, None, 390.0]))
    assert (row["outturn"], row["in_period"], row["points"]) == (390.0, None, 2)
    assert (row["variation"], row["rule"]) == (None, None)
    assert row["mean"] == 95.0


def test_rolling_years_move_against_twelve_months_ago_only() -> None:
    turnover = an_indicator(outturn="percentage", basis="rolling-12", polarity="low", target=12)
    row = trend_of(turnover, months([15.0, *[14.5] * 11, 14.0], first="2020-10"))
    assert row["change_on_year"] == -1.0
    assert row["direction_on_year"] == "better"
    for name in (
        *("mean", "lower_limit", "upper_limit", "variation", "assurance", "rule"),
        *("change_on_previous", "direction_of_travel", "chart", "trial_limits"),
    ):
        assert row[name] is None
    assert row["points"] == len(row["series"]) == 13
    assert {point["rule"] for point in row["series"]} == {None}


def test_a_percentage_of_the_year_so_far_without_counts_is_not_charted() -> None:
    row = trend_of(a_share(basis="year-to-date"), months([70.0, 72.0], first="2021-04"))
    assert (row["outturn"], row["points"], row["mean"], row["series"]) == (72.0, 0, None, [])
    assert (row["variation"], row["change_on_previous"]) == (None, 2.0)


def test_the_first_month_of_a_percentage_to_date_does_not_move_on_the_year_before() -> None:
    row = trend_of(a_share(basis="year-to-date"), months([70.0, 72.0], first="2021-03"))
    assert row["change_on_previous"] is None


@pytest.mark.parametrize(("chart", "counted"), [("p", True), ("xmr", False)])
def test_a_p_chart_needs_the_cases_of_every_point(chart: str, counted: bool) -> None:
    cases: list[float | None] = [100.0, 20.0, 50.0 if counted else None]
    row = trend_of(a_share(spc=Spc(chart="p")), months([33.0, 35.0, 31.0], denominator=cases))
    assert row["chart"] == chart
    widths = {point["upper_limit"] for point in row["series"]}
    assert len(widths) == (3 if counted else 1)
    assert [point["value"] for point in row["series"]] == [33.0, 35.0, 31.0]


def test_a_number_has_no_p_chart() -> None:
    assert trend_of(an_indicator(spc=Spc(chart="p")), months([5.0, 6.0]))["chart"] == "xmr"


def test_charts_of_both_kinds_are_drawn_side_by_side() -> None:
    share = a_share(id="share", spc=Spc(chart="p"))
    rows = [
        *months([33.0, 35.0], indicator="share", denominator=100.0),
        *months([5.0, 6.0], indicator="contacts"),
    ]
    found = trends_of(share, an_indicator(), rows=rows)
    assert [row["chart"] for row in found] == ["p", "xmr"]
    assert [row["mean"] for row in found] == [pytest.approx(34.0), 5.5]


def test_an_annual_series_of_five_has_a_recent_trend() -> None:
    """The published check values: X2 = 47.897."""
    row = trend_of(a_share(basis="annual"), years(RECENT))
    assert row["recent_trend"] == "Increasing"
    assert row["chi_square"] == pytest.approx(47.897, abs=5e-4)


def test_a_rate_implies_the_population_behind_its_count() -> None:
    rates = [
        {"period": f"{2014 + place}/{15 + place}", "value": 10_000 * x / n, "numerator": float(x)}
        for place, (x, n) in enumerate(RECENT)
    ]
    row = trend_of(an_indicator(outturn="rate", basis="annual", polarity="low"), rates)
    assert row["recent_trend"] == "Increasing"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (years(RECENT)[1:], "Cannot be calculated"),
        ([row | {"numerator": None} for row in years(RECENT)], "Increasing"),
        (
            [row | {"numerator": None, "denominator": None} for row in years(RECENT)],
            "Cannot be calculated",
        ),
        (months([80.0] * 6), None),
    ],
    ids=["four years", "numerators implied", "no counts", "months"],
)
def test_a_recent_trend_needs_five_years_with_counts(rows: list[Row], expected: str | None) -> None:
    assert trend_of(a_share(basis="annual"), rows)["recent_trend"] == expected


def test_a_changed_definition_breaks_a_recent_trend() -> None:
    changed = Version(date(2016, 6, 1), "all visits count", comparable=False)
    row = trend_of(a_share(basis="annual", version=(changed,)), years(RECENT))
    assert row["recent_trend"] == "Cannot be calculated"


def test_rolling_years_have_no_recent_trend() -> None:
    assert trend_of(a_share(basis="rolling-12"), years(RECENT))["recent_trend"] is None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (months([80.0, 91.0]), "green"),
        (months([80.0, 70.0]), "red"),
        ([*months([80.0, 91.0]), {"period": "2020-05", "value": 92.0}], None),
    ],
)
def test_the_rating_is_that_of_the_judged_period(rows: list[Row], expected: str | None) -> None:
    assert trend_of(a_share(target=90), rows)["rag_status"] == expected


def test_a_conflict_in_the_newest_period_leaves_it_unjudged() -> None:
    rows = [*months([80.0, 91.0, 92.0]), {"period": "2020-06", "value": 95.0}]
    row = trend_of(a_share(target=90), rows)
    assert (row["period"], row["outturn"], row["state"]) == ("2020-06", None, "value")
    assert (row["variation"], row["rule"], row["points"]) == (None, None, 2)
    assert row["direction_of_travel"] is None


def test_a_series_ends_at_the_chosen_period() -> None:
    row = trend_of(a_share(), months(HEALTH, first="2021-04"), up_to="2021-06")
    assert (row["period"], row["points"]) == ("2021-06", 3)


def test_a_small_newest_figure_is_hidden_and_nothing_derived_from_it() -> None:
    counts = an_indicator(polarity="high", suppress_below=6, target=120)
    row = trend_of(counts, months([10.0, 11.0, 10.0, 3.0]), hide_small=True)
    assert (row["period"], row["state"], row["outturn"]) == ("2020-07", "suppressed", None)
    for name in ("variation", "rule", "change_on_previous", "rag_status", "run_rate"):
        assert row[name] is None
    assert [point["value"] for point in row["series"]] == [10.0, 11.0, 10.0]
    assert row["mean"] == pytest.approx(31 / 3)


def test_rows_stand_in_the_catalogues_order() -> None:
    rows = [*months([5.0], indicator="b"), *months([5.0], indicator="a")]
    found = trends_of(an_indicator("b"), an_indicator("a"), rows=rows)
    assert [row["indicator"] for row in found] == ["b", "a"]


def test_no_observation_gives_no_row() -> None:
    assert trends_of(an_indicator(), rows=[]) == []
    assert trends_of(an_indicator(), rows=[{"period": "2021-04", "state": "awaited"}]) == []
