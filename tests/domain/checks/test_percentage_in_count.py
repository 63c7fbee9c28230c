from __future__ import annotations

import pytest

from kpi.domain.checks.percentage_in_count import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import found, messages, months

PLANS = a_catalogue(
    an_indicator("plans", short_title="Plans"),
    an_indicator("rate", outturn="rate", basis="snapshot"),
)

CASES = [
    pytest.param(["85"], [], id="a count"),
    pytest.param(["85%"], ["Plans, Apr-21: `85%`, in a row of type number"], id="a percentage"),
    pytest.param(
        ["85%", "86%", "87%"],
        ["Plans: `85%` and 2 more (Apr-21 to Jun-21), in a row of type number"],
        id="a whole row is one finding",
    ),
]


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_a_percent_sign_has_no_place_among_counts(typed: list[str], expected: list[str]) -> None:
    rows = months([float(each.rstrip("%")) for each in typed], indicator="plans")
    rows = [row | {"raw": raw} for row, raw in zip(rows, typed, strict=True)]
    assert messages(CHECK, PLANS, rows) == expected


def test_nor_among_rates() -> None:
    rows = months([85.0], indicator="rate", raw="85%")
    assert messages(CHECK, PLANS, rows) == ["rate, Apr-21: `85%`, in a row of type rate"]


def test_among_percentages_it_is_at_home() -> None:
    visits = a_catalogue(an_indicator("plans", outturn="percentage"))
    assert found(CHECK, visits, months([85.0], indicator="plans", raw="85%")) == []
