from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Target
from kpi.domain.checks.fractions_throughout import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import messages, months


def shares(aim: float | None) -> Any:
    target = () if aim is None else (Target(value=aim),)
    indicator = an_indicator("share", outturn="percentage", short_title="Share", target=target)
    return a_catalogue(indicator)


@pytest.mark.parametrize(
    ("figures", "aim", "is_found"),
    [
        pytest.param([0.95, 0.96, 0.94], 90.0, True, id="its target is 90"),
        pytest.param([0.95], 90.0, True, id="one figure will do then"),
        pytest.param([0.95, 1.0, 0.0], 90.0, True, id="1 and 0 are fractions too"),
        pytest.param([0.95, 1.01, 0.94], 90.0, False, id="one lies above 1"),
        pytest.param([0.2, 0.3, 0.2], 0.5, False, id="the target is as small"),
        pytest.param([0.2, 0.3, 0.2], 90.0, False, id="20 is no size for 90"),
        pytest.param([0.23, 0.25, 0.24], 90.0, True, id="down to a quarter of it"),
        pytest.param([0.0, 1.0, 0.0], 90.0, False, id="no fraction among them"),
        pytest.param([0.95, 0.96, 0.94], None, True, id="without a target"),
        pytest.param([0.6, 0.7, 0.8], None, False, id="one decimal may be a small percentage"),
        pytest.param([0.25, 0.31, 0.42], None, False, id="below a half it may be one too"),
    ],
)
def test_a_row_of_fractions_is_told_by_its_target_or_its_size(
    figures: list[float], aim: float | None, is_found: bool
) -> None:
    found = messages(CHECK, shares(aim), months(figures, indicator="share"))
    assert len(found) == is_found
    assert all("reads like fractions" in each for each in found)


def test_a_percent_sign_makes_small_percentages_plain() -> None:
    rows = [row | {"raw": "0.95%"} for row in months([0.95, 0.96], indicator="share")]
    assert messages(CHECK, shares(90.0), rows) == []


def test_history_alone_is_no_finding() -> None:
    held = months([0.95, 0.96], indicator="share", is_subject=False)
    assert messages(CHECK, shares(90.0), held) == []
