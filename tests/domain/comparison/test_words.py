from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.comparison.words import (
    behind_words,
    comparator_working,
    gap_sentence,
    is_made_alike,
    standing_working,
)
from tests.builders import an_indicator
from tests.domain.comparison.comparison_frames import one_compared

COUNT = {"outturn_type": "number", "basis": "in-month"}
TO_DATE = {"outturn_type": "rate", "basis": "year-to-date"}


def _indicator(own: dict[str, Any]) -> Any:
    return an_indicator(
        "visits",
        outturn=own.get("outturn_type", "percentage"),
        basis=own.get("basis", "snapshot"),
        decimals=0,
    )


@pytest.mark.parametrize(
    ("own", "comparator", "working", "made_alike"),
    [
        pytest.param(
            {"outturn": 24.0, "basis": "in-month"}, {"value": 22.7}, "as it is", False, id="alike"
        ),
        pytest.param(
            TO_DATE | {"outturn": 503.0},
            {"value": 507.1},
            "503 after 7 months of 12 is 862 for the year (12 x 503 / 7)",
            True,
            id="annualised",
        ),
        pytest.param(
            TO_DATE | {"outturn": 64.0, "period": "2021-04"},
            {"value": 507.1},
            "64 after 1 month of 12 is 768 for the year (12 x 64)",
            True,
            id="annualised in April",
        ),
        pytest.param(
            COUNT | {"outturn": 387.0},
            {"value": 4092.0, "kind": "own year"},
            "4,092 is 341 a month (4,092 / 12)",
            True,
            id="divided",
        ),
        pytest.param(
            COUNT | {"outturn": 1161.0, "period": "2021-Q2"},
            {"value": 4092.0, "kind": "own year"},
            "4,092 is 1,023 a quarter (3 x 4,092 / 12)",
            True,
            id="divided for a quarter",
        ),
        pytest.param(
            {"outturn": 12.0},
            {"value": 9.0},
            "at the end of the month against 31 March 2021",
            False,
            id="a point in time",
        ),
        pytest.param(
            {"outturn": 24.0, "basis": "in-month"},
            {"kind": "neighbours", "n": 9, "of": 10, "method": "median", "value": 21.8},
            "the median of 9 of 10 neighbours",
            False,
            id="an average",
        ),
        pytest.param(
            TO_DATE | {"outturn": 392.0},
            {"value": 518.0, "origin": "typed", "period": None},
            "392 after 7 months of 12 is 672 for the year (12 x 392 / 7); "
            "its year is not stated, taken to be a whole one",
            True,
            id="no year",
        ),
        pytest.param(
            COUNT | {"outturn": 387.0, "own_population": 49_388.0},
            {"value": 597_760.0, "alike": 0.05071, "is_per_person": True, "mid_year": 2020},
            "597,760 is 507.1 per 10,000 children aged 0 to 17 (mid-2020); at that rate "
            "Southampton's 49,388 children (mid-2021) would have 209 a month",
            True,
            id="a count by the other's rate",
        ),
        pytest.param(
            {"outturn": None, "why_no_outturn": "hidden"}, {"value": 9.0}, "", False, id="none"
        ),
        pytest.param({}, {"value": 9.0, "alike": None}, "", False, id="not alike"),
    ],
)
def test_the_working_is_shown(
    own: dict[str, Any], comparator: dict[str, Any], working: str, made_alike: bool
) -> None:
    row = one_compared(own, comparator)
    assert comparator_working(row, _indicator(own)) == working
    assert is_made_alike(row) == made_alike


@pytest.mark.parametrize(
    ("own", "comparator", "sentence"),
    [
        pytest.param(
            {"outturn": 24.0, "denominator": 387.0, "basis": "in-month"},
            {"value": 21.8},
            "9 fewer of 387 a month would be level with England in 2020/21",
            id="of a month's cases",
        ),
        pytest.param(
            {"outturn": 90.0, "denominator": 200.0},
            {"value": 95.0},
            "10 more of 200 would be level with England in 2020/21",
            id="more of those there are",
        ),
        pytest.param(
            TO_DATE | {"outturn": 503.0, "denominator": 51_332.0},
            {"value": 647.0},
            "92 fewer a month would be level with England in 2020/21",
            id="of a rate",
        ),
        pytest.param(
            COUNT | {"outturn": 387.0},
            {"value": 4092.0, "kind": "own year", "name": "Southampton 2020/21"},
            "46 fewer a month would be level with Southampton 2020/21",
            id="a year that is in the name",
        ),
        pytest.param(
            {"outturn": 90.0, "denominator": 200.0},
            {"value": 95.0, "period": "2021-09", "origin": "ingested"},
            "10 more of 200 would be level with England in September 2021",
            id="a month in words",
        ),
        pytest.param(
            {"outturn": 90.0, "denominator": 200.0}, {"value": 90.1}, "", id="less than one"
        ),
        pytest.param({"outturn": 90.0}, {"value": 95.0}, "", id="of unknown cases"),
    ],
)
def test_what_closes_the_gap_is_said(
    own: dict[str, Any], comparator: dict[str, Any], sentence: str
) -> None:
    assert gap_sentence(one_compared(own, comparator), _indicator(own)) == sentence


@pytest.mark.parametrize(
    ("behind", "months", "words"),
    [
        (1, 12, "1 year behind"),
        (2, 12, "2 years behind"),
        (1, 1, "1 month behind"),
        (2, 3, "2 quarters behind"),
        (0, 12, ""),
        (None, None, ""),
    ],
)
def test_how_far_behind_is_said(behind: int | None, months: int | None, words: str) -> None:
    assert behind_words({"periods_behind": behind, "comparator_months": months}) == words


STANDING = {
    "interval_low": 20.04,
    "interval_high": 28.53,
    "interval_method": "Wilson",
    "level": 95.0,
    "numerator": 93.0,
    "denominator": 387.0,
    "rank": 112,
    "of_areas": 149,
    "field_period": "2020/21",
    "period": "2021-10",
    "area": "Southampton",
}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(
            {},
            "20.0% to 28.5%: Wilson's interval at 95% of 93 of 387; ranked among 149 authorities "
            "by their 2020/21, Southampton by its October 2021",
            id="interval and rank",
        ),
        pytest.param(
            {"interval_low": None},
            "ranked among 149 authorities by their 2020/21, Southampton by its October 2021",
            id="rank only",
        ),
        pytest.param(
            {"rank": None},
            "20.0% to 28.5%: Wilson's interval at 95% of 93 of 387",
            id="interval only",
        ),
        pytest.param(
            {"interval_low": None, "period": "2020/21"},
            "ranked among 149 authorities by their 2020/21",
            id="all of one year",
        ),
        pytest.param({"interval_low": None, "rank": None, "of_areas": None}, "", id="neither"),
    ],
)
def test_what_interval_and_rank_rest_on_is_said(given: dict[str, Any], words: str) -> None:
    assert standing_working(STANDING | given, _indicator({})) == words
