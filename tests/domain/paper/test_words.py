"""What a paper says of an indicator: only news, and where rating and trend disagree."""

from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.paper.words import (
    analysis,
    comparison,
    disagreement,
    headline,
    in_brief,
    is_headline,
)
from kpi.domain.titles import place_title
from tests.builders import a_catalogue, an_indicator

CONCERN, IMPROVEMENT = "special_cause_concern", "special_cause_improvement"
VISITS = an_indicator("visits", outturn="percentage", decimals=0)


def a_row(**fields: Any) -> dict[str, Any]:
    """A green row without a signal and without anything beside it."""
    return {
        "period": "2021-10",
        "trend_period": "2021-10",
        "rag_status": "green",
        "variation": "common_cause",
        "trial_limits": False,
        "sentence": "A sentence.",
        "run_rate": None,
        "comparators": [],
        "compare_outturn": 60.0,
        "rank": None,
        "of_areas": None,
        "quartile": None,
    } | fields


def beside(name: str, value: float, verdict: str, **fields: Any) -> dict[str, Any]:
    """A comparator of 2020/21 in the outturn's own terms."""
    kind = {"England": "england", "South East": "region"}.get(name, "neighbours")
    return {
        "name": name,
        "kind": kind,
        "period": "2020/21",
        "value_compared": value,
        "outturn_compared": 60.0,
        "verdict": verdict,
        "gap_words": "",
    } | fields


ENGLAND = beside("England", 70.0, "worse", gap_words="39 more of 388 would be level with England")
REGION = beside("South East", 72.0, "worse")
NEIGHBOURS = beside("Statistical neighbours", 62.0, "similar")
OWN = beside("Southampton 2019/20", 55.0, "better", kind="own year", period="2019/20")


@pytest.mark.parametrize(
    ("status", "variation", "said"),
    [
        ("green", CONCERN, "it is GREEN, yet there is a real change for the worse"),
        ("blue", CONCERN, "it is BLUE, yet there is a real change for the worse"),
        ("red", IMPROVEMENT, "it is RED, yet there is a real change for the better"),
        ("amber", IMPROVEMENT, "it is AMBER, yet there is a real change for the better"),
        ("red", CONCERN, ""),
        ("green", IMPROVEMENT, ""),
        (None, CONCERN, ""),
        ("red", "common_cause", ""),
        ("red", "special_cause_neutral_high", ""),
        ("red", None, ""),
    ],
)
def test_rating_and_trend_disagree_where_they_point_different_ways(
    status: str | None, variation: str | None, said: str
) -> None:
    found = disagreement(a_row(rag_status=status, variation=variation))
    assert found == (f"Rating and trend disagree: {said}." if said else "")


def test_on_trial_limits_rating_and_a_possible_change_disagree() -> None:
    assert disagreement(a_row(variation=CONCERN, trial_limits=True)) == (
        "Rating and trend disagree: it is GREEN, yet there is a possible change for the worse."
    )


def test_rating_and_trend_of_different_periods_do_not_disagree() -> None:
    row = a_row(rag_status="red", variation=IMPROVEMENT, trend_period="2021-09")
    assert disagreement(row) == ""


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({}, False),
        ({"variation": CONCERN}, True),
        ({"variation": "special_cause_neutral_low"}, True),
        ({"rag_status": "red"}, True),
        ({"rag_status": "amber"}, True),
        ({"rag_status": None}, False),
        ({"rag_status": "red", "variation": None, "sentence": None}, False),
    ],
)
def test_the_trend_is_told_of_signals_and_of_what_is_off_target(
    fields: dict[str, Any], is_said: bool
) -> None:
    assert ("A sentence." in analysis(a_row(**fields), VISITS)) is is_said


def test_a_comparison_names_who_is_better_and_what_would_close_the_gap() -> None:
    row = a_row(
        comparators=[NEIGHBOURS, REGION, ENGLAND, OWN], rank=120, of_areas=150, quartile="D"
    )
    assert comparison(row, VISITS) == (
        "Worse than South East (72%) and England (70%) in 2020/21; better than its own 2019/20 "
        "(55%); similar to its neighbours (62%) in 2020/21. Rank 120 of 150 authorities, quartile "
        "D. 39 more of 388 would be level with England."
    )


def test_periods_that_differ_are_named_each() -> None:
    late = beside("England", 70.0, "worse", period="2019/20")
    nowhen = beside("South East", 72.0, "worse", period=None)
    assert comparison(a_row(comparators=[nowhen, late]), VISITS) == (
        "Worse than South East (72%, year not stated) and England (70%, 2019/20)."
    )


def test_a_running_total_is_compared_at_its_pace() -> None:
    rate = an_indicator("rate", outturn="rate", basis="year-to-date", decimals=0)
    row = a_row(compare_outturn=35.0, comparators=[ENGLAND | {"gap_words": ""}])
    assert comparison(row, rate) == (
        "At this pace, 60 for the year: worse than England (70) in 2020/21."
    )


@pytest.mark.parametrize(
    ("quartile", "said"),
    [
        ("D", "Set beside England (70%) in 2020/21, it is 60%. Rank 140 of 150 authorities, "),
        ("A", "Set beside England (70%) in 2020/21, it is 60%. Rank 140 of 150 authorities, "),
        ("B", ""),
        (None, ""),
    ],
)
def test_without_a_verdict_only_the_outermost_quarters_are_told(
    quartile: str | None, said: str
) -> None:
    row = a_row(
        comparators=[ENGLAND | {"verdict": "not_compared"}],
        rank=140,
        of_areas=150,
        quartile=quartile,
    )
    assert comparison(row, VISITS) == (f"{said}quartile {quartile}." if said else "")


def test_other_authorities_and_incomparable_figures_are_not_told() -> None:
    other = ENGLAND | {"kind": "place", "name": "Bath"}
    unknown = ENGLAND | {"value_compared": None}
    assert comparison(a_row(comparators=[other, unknown]), VISITS) == ""


@pytest.mark.parametrize("comparators", [None, []])
def test_nothing_is_told_where_nothing_stands_beside(comparators: list[Any] | None) -> None:
    assert comparison(a_row(comparators=comparators), VISITS) == ""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"rag_status": "red"}, False),
        ({"variation": CONCERN}, True),
        ({"comparators": [ENGLAND]}, True),
        ({"run_rate": {"average": 5.0, "achievable": False}}, True),
        ({"run_rate": {"average": 5.0, "achievable": True}}, False),
        ({"run_rate": {"average": None, "achievable": False}}, False),
        ({"run_rate": {"average": 5.0, "achievable": None}}, False),
    ],
)
def test_headlines_are_signals_gaps_and_targets_out_of_reach(
    fields: dict[str, Any], expected: bool
) -> None:
    assert is_headline(a_row(**fields), VISITS) is expected


@pytest.mark.parametrize(
    ("sentence", "brief"),
    [
        (
            "No sign of a real change: 59 in October 2021 (392 for the year so far) lies within "
            "the limits of 27.5 to 82.1, and no rule fires. The target lies within them.",
            "No sign of a real change. The target lies within them.",
        ),
        (
            "Over the latest five years: no significant change. The chart gives no sign of a "
            "real change: 5 in 2021 lies within the limits of 1.0 to 9.0, and no rule fires.",
            "Over the latest five years: no significant change. The chart gives no sign of a "
            "real change.",
        ),
        (
            "It fell. 6 points are too few to be sure: a run takes 7, settled limits 13.",
            "It fell.",
        ),
        ("It fell. It is rated green all the same.", "It fell."),
        (
            "No change: the number is 5 at every point.",
            "No change: the number is 5 at every point.",
        ),
    ],
)
def test_a_sentence_in_brief_leaves_out_what_is_said_once(sentence: str, brief: str) -> None:
    assert in_brief(sentence) == brief


@pytest.mark.parametrize(
    ("area", "unit", "title"),
    [
        ("Southampton", "", "Visits"),
        ("Southampton", "Team 1", "Visits, Team 1"),
        ("England", "", "Visits (England)"),
    ],
)
def test_a_title_names_the_place_where_it_is_another(area: str, unit: str, title: str) -> None:
    catalogue = a_catalogue(an_indicator("visits", short_title="Visits"))
    row = {"indicator": "visits", "area": area, "unit": unit}
    assert place_title(row, catalogue) == title


def test_counts_of_other_places_are_told_as_what_their_rates_would_give_here() -> None:
    """Else a board reads that the whole region has fewer children than the council."""
    others = [
        each | {"verdict": "not_compared", "made_alike": True} for each in (NEIGHBOURS, REGION)
    ]
    row = a_row(comparators=others, rank=140, of_areas=150, quartile="D")
    assert comparison(row, an_indicator("children", outturn="number")) == (
        "At the 2020/21 rates of its neighbours and South East it would be 62 and 72; it is 60. "
        "Rank 140 of 150 authorities, quartile D."
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        (
            {"rag_status": "red", "variation": IMPROVEMENT, "sentence": "It fell."},
            "Rating and trend disagree: it is RED, yet there is a real change for the better.",
        ),
        (
            {
                "rag_status": "red",
                "variation": CONCERN,
                "sentence": "It rose by 2.5%: a real change (rule: a run). Far.",
            },
            "It rose by 2.5%: a real change.",
        ),
        ({"rag_status": "red", "variation": CONCERN, "sentence": "It rose."}, "It rose."),
        (
            {"sentence": "No. To end the year at 9, at most 1: not achievable, as the best is 2."},
            "To end the year at 9, at most 1: not achievable.",
        ),
        (
            {"comparators": [ENGLAND, REGION, NEIGHBOURS], "rank": 7, "of_areas": 9},
            "Worse than England and South East. Rank 7 of 9 authorities.",
        ),
        ({"comparators": [OWN]}, ""),
    ],
)
def test_two_pages_have_a_line_or_two_of_each_row(fields: dict[str, Any], said: str) -> None:
    assert headline(a_row(**fields), VISITS) == said


@pytest.mark.parametrize(
    ("period", "across", "said"),
    [
        ("2021-03", ("2021-09", "2021-10"), "The newest figure is 60%, of Mar-21."),
        ("2021-09", ("2021-09", "2021-10"), ""),
        ("2021-10", ("2021-09", "2021-10"), ""),
        ("2021-03", (), ""),
        (None, ("2021-10",), ""),
    ],
)
def test_the_newest_figure_is_told_where_no_column_shows_it(
    period: str | None, across: tuple[str, ...], said: str
) -> None:
    row = a_row(trend_period=period, trend_outturn=60.0)
    assert analysis(row, VISITS, across=across) == said
