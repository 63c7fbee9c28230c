from __future__ import annotations

import pytest

from kpi.domain.checks.fraction import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import messages, months

SHARE = a_catalogue(an_indicator("share", outturn="percentage", short_title="Share"))
MAY = ["Share, May-21: 0.27%, a fraction among percentages"]

CASES = [
    pytest.param([27.0, 0.27, 26.0], MAY, id="0.27 among 27s"),
    pytest.param([27.0, 27.0, 26.0], [], id="27 among 27s"),
    pytest.param([27.0, 0.27], [], id="one other tells nothing"),
    pytest.param([2.7, 0.27, 2.6], [], id="small shares stand well among small ones"),
    pytest.param([90.0, 0.27, 91.0], [], id="27 would not lie among 90s"),
    pytest.param([54.0, 0.27, 54.0], MAY, id="down to half of the smallest"),
    pytest.param([55.0, 0.27, 55.0], [], id="not below it"),
    pytest.param([13.5, 0.27, 13.5], MAY, id="up to twice the largest"),
    pytest.param([13.4, 0.27, 13.4], [], id="not above it"),
    pytest.param([27.0, 0.0, 26.0], [], id="0 is 0"),
    pytest.param([100.0, 1.0, 98.0], [], id="1 has no more decimals than they"),
    pytest.param([35.2, 0.4, 33.1], [], id="0.4 beside 35.2 is 0.4"),
    pytest.param(
        [35.0, 0.4, 33.0], ["Share, May-21: 0.4%, a fraction among percentages"], id="0.4"
    ),
]


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_a_fraction_is_told_by_its_row(figures: list[float], expected: list[str]) -> None:
    assert messages(CHECK, SHARE, months(figures, indicator="share")) == expected


def test_history_tells_it_too() -> None:
    """A file's one figure is a fraction among those that are held."""
    held = months([27.0, 26.0], indicator="share", is_subject=False)
    new = months([0.28], indicator="share", since="2021-06", seq=2)
    assert messages(CHECK, SHARE, [*held, *new]) == [
        "Share, Jun-21: 0.28%, a fraction among percentages"
    ]
