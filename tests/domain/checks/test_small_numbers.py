from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Catalogue
from kpi.domain.checks.small_numbers import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import found, messages, months


def catalogue(**fields: Any) -> Catalogue:
    return a_catalogue(an_indicator("cases", short_title="Cases", **fields))


CASES = [
    pytest.param([0.0, 6.0], [], id="none, and six"),
    pytest.param([1.0], ["Cases, Apr-21: 1; one case can be told from so few"], id="one"),
    pytest.param(
        [5.0, 9.0, 2.0], ["Cases, Apr-21 and Jun-21: 5 and 2; one case can be told from so few"],
        id="a series is one finding",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_counts_from_1_to_5_go_out_unhidden(figures: list[float], expected: list[str]) -> None:
    assert messages(CHECK, catalogue(), months(figures, indicator="cases")) == expected


@pytest.mark.parametrize(
    ("figures", "count"),
    [
        pytest.param([4.2, 3.0, 3.9], 0, id="days"),
        pytest.param([-14.0, 3.0, 22.0, -5.0], 0, id="a variance"),
        pytest.param([-14.0, 3.0, 22.0, 5.0], 1, id="one slip makes no variance"),
        pytest.param([1.5, 3.0, 22.0, 5.0], 1, id="nor days"),
    ],
)
def test_days_and_variances_count_nobody(figures: list[float], count: int) -> None:
    assert len(messages(CHECK, catalogue(), months(figures, indicator="cases"))) == count


@pytest.mark.parametrize(
    ("limit", "figure", "count"),
    [
        pytest.param(6.0, 5.0, 0, id="hidden"),
        pytest.param(5.0, 5.0, 1, id="the limit itself is shown"),
        pytest.param(5.0, 4.0, 0, id="below it nothing is"),
        pytest.param(10.0, 3.0, 0, id="a higher limit hides as well"),
    ],
)
def test_what_the_catalogue_hides_is_none(limit: float, figure: float, count: int) -> None:
    rows = months([figure], indicator="cases")
    assert len(messages(CHECK, catalogue(suppress_below=limit), rows)) == count


AUDITS = a_catalogue(
    an_indicator("cases", short_title="Cases audited"),
    an_indicator("good", outturn="percentage", short_title="Good", denominator="cases"),
    an_indicator(
        "poor", outturn="percentage", short_title="Poor", denominator="cases", suppress_below=6
    ),
)


def test_shares_that_rest_on_it_are_part_of_the_finding() -> None:
    rows = months([12.0, 2.0], indicator="cases") + months([33.0, 50.0], indicator="good", line=3)
    (finding,) = found(CHECK, AUDITS, rows)
    assert finding["message"] == (
        "Cases audited, May-21: 2, on which Good rests; one case can be told from so few"
    )
    assert (finding["source_cell"], finding["related"]) == ("D2", ["report-1.csv!D3"])


def test_hidden_shares_are_not() -> None:
    rows = months([2.0], indicator="cases") + months([50.0], indicator="poor")
    assert messages(CHECK, AUDITS, rows) == [
        "Cases audited, Apr-21: 2; one case can be told from so few"
    ]


SHARE = a_catalogue(an_indicator("cases", outturn="percentage", short_title="Share"))


@pytest.mark.parametrize(
    ("part", "whole", "count"),
    [
        pytest.param(2.0, 50.0, 1, id="a small part"),
        pytest.param(0.0, 4.0, 1, id="a small whole"),
        pytest.param(6.0, 50.0, 0, id="neither"),
        pytest.param(None, None, 0, id="not known"),
    ],
)
def test_shares_with_counts_of_their_own(
    part: float | None, whole: float | None, count: int
) -> None:
    rows = months([4.0], indicator="cases", numerator=part, denominator=whole)
    assert len(messages(CHECK, SHARE, rows)) == count


def test_other_areas_are_not_ours_to_hide() -> None:
    assert messages(CHECK, catalogue(), months([1.0], indicator="cases", area="Portsmouth")) == []


def test_units_are() -> None:
    assert messages(CHECK, catalogue(), months([1.0], indicator="cases", unit="Team 1")) == [
        "Cases (Team 1), Apr-21: 1; one case can be told from so few"
    ]
