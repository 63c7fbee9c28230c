from __future__ import annotations

import pytest

from kpi.domain.checks.impossible_percentage import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import comparators, found, messages, months

VISITS = a_catalogue(an_indicator("visits", outturn="percentage", short_title="Visits"))
COUNT = a_catalogue(an_indicator("visits", outturn="number"))

CASES = [
    pytest.param([0.0, 100.0], [], id="both ends are possible"),
    pytest.param([99.0, 100.00000000001], [], id="noise of the arithmetic is none"),
    pytest.param([99.0, 100.1], ["Visits, May-21: 100.1%, which no share can be"], id="above 100"),
    pytest.param([-0.1, 99.0], ["Visits, Apr-21: -0.1%, which no share can be"], id="below 0"),
    pytest.param([99.0, "suppressed", None], [], id="no figure is no finding"),
    pytest.param(
        [130.0, 99.0, 140.0],
        [
            "Visits, Apr-21: 130%, which no share can be",
            "Visits, Jun-21: 140%, which no share can be",
        ],
        id="two slips are two findings",
    ),
    pytest.param(
        [130.0, 120.0, 140.0],
        ["Visits: 130%, 120% and 140% (Apr-21 to Jun-21), which no share can be"],
        id="a whole series is one finding",
    ),
]


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_percentages_lie_between_0_and_100(
    figures: list[float | None], expected: list[str]
) -> None:
    assert messages(CHECK, VISITS, months(figures, indicator="visits")) == expected


def test_a_count_may_be_anything() -> None:
    assert messages(CHECK, COUNT, months([130.0], indicator="visits")) == []


def test_comparators_are_looked_at_too() -> None:
    rows = [*months([90.0], indicator="visits"), *comparators(indicator="visits", england=505.0)]
    assert messages(CHECK, VISITS, rows) == ["Visits (England): 505%, which no share can be"]


def test_rows_that_are_not_asked_about_give_no_finding() -> None:
    assert messages(CHECK, VISITS, months([130.0], indicator="visits", is_subject=False)) == []


def test_each_cell_of_a_series_is_named_as_wrong() -> None:
    (finding,) = found(CHECK, VISITS, months([130.0, 120.0, 140.0], indicator="visits"))
    assert finding["wrong"] == ["report-1.csv!C2", "report-1.csv!D2", "report-1.csv!E2"]
    assert finding["related"] == finding["wrong"][1:]
    assert finding["period"] is None
    assert finding["periods"] == ["2021-04", "2021-05", "2021-06"]


def test_only_what_counts_is_looked_at() -> None:
    """A later batch that corrects the figure leaves nothing to find."""
    first = months([130.0], indicator="visits", seq=1)
    second = months([13.0], indicator="visits", seq=2)
    assert messages(CHECK, VISITS, [*first, *second]) == []
    assert messages(CHECK, VISITS, [*second, *months([130.0], indicator="visits", seq=3)]) != []
