from __future__ import annotations

import pytest

from kpi.domain.checks.units import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages

COUNT = a_catalogue(an_indicator("contacts", short_title="Contacts"))
SHARE = a_catalogue(an_indicator("contacts", outturn="percentage"))


def teams(whole: float, *figures: float, period: str = "2021-09", parent: str = "") -> list[Row]:
    path = f"{parent}/" if parent else ""
    rows = [{"period": period, "value": whole, "unit": parent}]
    return rows + [
        {"period": period, "value": figure, "unit": f"{path}Team {place}"}
        for place, figure in enumerate(figures)
    ]


CASES = [
    pytest.param(teams(426.0, 200.0, 226.0), 0, id="they sum to it"),
    pytest.param(teams(426.0, 200.0, 219.0), 1, id="they fall short"),
    pytest.param(teams(426.0, 200.0, 227.0), 1, id="they exceed it"),
    pytest.param(teams(426.0, 200.0), 0, id="one unit is not all"),
    pytest.param(teams(426.0, 100.0, 113.0), 1, id="half of it is most of it"),
    pytest.param(teams(426.0, 100.0, 112.0), 0, id="less is a part that was meant as one"),
    pytest.param(teams(426.0, 300.0, 300.0), 1, id="more than all is never right"),
]


@pytest.mark.parametrize(("rows", "count"), CASES)
def test_units_add_up_to_the_whole(rows: list[Row], count: int) -> None:
    assert len(messages(CHECK, COUNT, rows)) == count


def test_the_sum_is_told() -> None:
    (finding,) = found(CHECK, COUNT, teams(426.0, 200.0, 219.0))
    assert finding["message"] == "Contacts, Sep-21: 426, where its 2 units sum to 419 (7 fewer)"
    assert finding["related"] == ["report-1.csv!B3", "report-1.csv!B4"]


def periods(*sums: float) -> list[Row]:
    return [
        row
        for place, each in enumerate(sums)
        for row in teams(100.0, 40.0, each - 40.0, period=f"2021-{4 + place:02d}")
    ]


@pytest.mark.parametrize(
    ("sums", "count"),
    [
        pytest.param((90.0, 90.0), 2, id="in two periods nobody knows"),
        pytest.param((90.0, 91.0, 92.0), 0, id="in three it is how they are"),
        pytest.param((90.0, 100.0, 100.0), 1, id="unless they do in another"),
        pytest.param((90.0, 91.0, 101.0), 1, id="more than the whole is told all the same"),
    ],
)
def test_units_that_never_add_up_are_not_all_of_it(sums: tuple[float, ...], count: int) -> None:
    assert len(messages(CHECK, COUNT, periods(*sums))) == count


def test_teams_belong_to_their_service() -> None:
    rows = teams(426.0, 200.0, 219.0, parent="Assessment")
    assert messages(CHECK, COUNT, rows) == [
        "Contacts (Assessment), Sep-21: 426, where its 2 units sum to 419 (7 fewer)"
    ]


def test_shares_are_never_summed() -> None:
    assert messages(CHECK, SHARE, teams(60.0, 55.0, 65.0)) == []
