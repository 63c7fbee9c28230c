from __future__ import annotations

import pytest

from kpi.domain.checks.part_over_whole import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import messages

VISITS = a_catalogue(
    an_indicator("visits", outturn="percentage", short_title="Visits"),
    an_indicator("rate", outturn="rate"),
)

CASES = [
    pytest.param(9.0, 10.0, 0, id="a part"),
    pytest.param(10.0, 10.0, 0, id="the whole"),
    pytest.param(11.0, 10.0, 1, id="more than the whole"),
    pytest.param(11.0, None, 0, id="no denominator"),
    pytest.param(None, 10.0, 0, id="no numerator"),
]


@pytest.mark.parametrize(("part", "whole", "count"), CASES)
def test_no_part_is_larger_than_its_whole(
    part: float | None, whole: float | None, count: int
) -> None:
    row = {"indicator": "visits", "period": "2021-09", "value": 90.0}
    said = messages(CHECK, VISITS, [row | {"numerator": part, "denominator": whole}])
    assert said == ["Visits, Sep-21: 11 of 10 cases, more than there are"] * count


def test_a_rate_may_count_more_events_than_people() -> None:
    row = {"indicator": "rate", "period": "2021-09", "value": 11000.0}
    assert messages(CHECK, VISITS, [row | {"numerator": 11.0, "denominator": 10.0}]) == []
