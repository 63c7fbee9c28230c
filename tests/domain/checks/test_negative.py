from __future__ import annotations

import pytest

from kpi.domain.catalogue import Coherence
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


VARIANCE = [
    pytest.param([464.0, 60.0, 132.0, 75.0, 357.0, 269.0, 599.0, -302.0], [], id="a variance"),
    pytest.param([214.0, -530.0, 378.0, 285.0, -63.0, 286.0, 342.0, -379.0], [], id="often"),
    pytest.param(
        [464.0, 460.0, 432.0, 475.0, 457.0, 469.0, 499.0, -402.0],
        ["Children, Nov-21: -402, below zero"],
        id="a count with a dash before it",
    ),
    pytest.param(
        [1.0, 0.0, 3.0, 1.0, 0.0, 2.0, 1.0, -2.0],
        ["Children, Nov-21: -2, below zero"],
        id="small counts step as chance has it",
    ),
]


@pytest.mark.parametrize(("figures", "expected"), VARIANCE)
def test_what_crosses_zero_as_it_comes_is_no_count(
    figures: list[float], expected: list[str]
) -> None:
    rows = months(figures, indicator="children")
    assert messages(CHECK, COUNT, rows, up_to="2021-11") == expected


def test_what_others_rest_on_is_a_count_however_it_steps() -> None:
    children = an_indicator("children", short_title="Children")
    figures = [464.0, 60.0, 132.0, 75.0, 357.0, 269.0, 599.0, -302.0]
    for other in (
        an_indicator("share", outturn="percentage", denominator="children"),
        an_indicator("part", coheres=(Coherence("subset_of", ("children",)),)),
    ):
        rows = months(figures, indicator="children")
        said = messages(CHECK, a_catalogue(children, other), rows, up_to="2021-11")
        assert said == ["Children, Nov-21: -302, below zero"]


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_nobody_counts_fewer_than_none(figures: list[float], expected: list[str]) -> None:
    assert messages(CHECK, COUNT, months(figures, indicator="children")) == expected
