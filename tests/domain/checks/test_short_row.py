from __future__ import annotations

import pytest

from kpi.domain.checks.short_row import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import comparators, found, messages, months

SHARE = a_catalogue(an_indicator("share", outturn="percentage", short_title="Share"))
SIX = ["91%", "87%", "89%", "94%", "86%", "90%", "85"]


def refused(figures: list[str]) -> list[dict[str, object]]:
    rows = months([], indicator="share")
    return rows + [
        row | {"state": "unreadable", "raw": raw, "value": None}
        for row, raw in zip(months([1.0] * len(figures), indicator="share"), figures, strict=True)
    ]


CASES = [
    pytest.param(
        [*SIX],
        "Share: the row has another width than its heading, so none of its figures is placed: "
        "`91%`, `87%`, `89%`, `94%`, `86%`, `90%` and `85`; by their signs, 6 values for 7 months",
        id="six values for seven months, told by their signs",
    ),
    pytest.param(
        ["91", "87", ""],
        "Share: the row has fewer cells than its heading, so none of its figures is placed: "
        "`91` and `87`",
        id="a cell is missing at the end",
    ),
    pytest.param(
        ["91", "TBC", "87"],
        "Share: the row has another width than its heading, so none of its figures is placed: "
        "`91`, `TBC` and `87`",
        id="words for a reason slip too",
    ),
    pytest.param(
        ["91", "s7", "87"],
        "Share: the row has another width than its heading, so none of its figures is placed: "
        "`91`, `s7` and `87`",
        id="a slip among them is one of them",
    ),
]


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_a_row_of_another_width_is_not_placed(figures: list[str], expected: str) -> None:
    assert messages(CHECK, SHARE, refused(figures)) == [expected]


def test_its_cells_are_one_finding() -> None:
    (finding,) = found(CHECK, SHARE, refused(["91", "87", "85"]))
    assert finding["source_cell"] == "C2"
    assert finding["related"] == ["report-1.csv!D2", "report-1.csv!E2"]
    assert finding["periods"] == ["2021-04", "2021-05", "2021-06"]


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param(["s01", "s02"], id="texts alone are slips"),
        pytest.param(["91"], id="one cell is no row"),
    ],
)
def test_other_unreadable_cells_are_not(figures: list[str]) -> None:
    assert messages(CHECK, SHARE, refused(figures)) == []


def test_a_row_with_a_figure_is_placed() -> None:
    rows = [*refused(["91", "87"]), *comparators(indicator="share", england=60.0)]
    assert messages(CHECK, SHARE, rows) == []
