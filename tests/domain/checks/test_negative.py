from __future__ import annotations

import pytest

from kpi.domain.checks.negative import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import messages, months

COUNT = a_catalogue(an_indicator("children", short_title="Children"))

CASES = [
    pytest.param([5.0, 0.0, 4.0], [], id="zero is a count"),
    pytest.param([5.0, -3.0, 4.0], ["Children, May-21: -3, below zero"], id="below zero"),
    pytest.param([-3.0], ["Children, Apr-21: -3, below zero"], id="the only figure"),
    pytest.param([-3.0, 4.0, -2.0, 1.0], [], id="half of a variance's figures"),
    pytest.param(
        [-3.0, 4.0, 2.0, 1.0], ["Children, Apr-21: -3, below zero"], id="a quarter of them"
    ),
]


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_nobody_counts_fewer_than_none(figures: list[float], expected: list[str]) -> None:
    assert messages(CHECK, COUNT, months(figures, indicator="children")) == expected
