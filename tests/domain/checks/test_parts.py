from __future__ import annotations

import pytest

from kpi.domain.catalogue import Catalogue, Coherence
from kpi.domain.checks.parts import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages

PARTS = ("good", "fair", "poor")


def catalogue(*, total: float | str = 100.0, allowance: float | None = None) -> Catalogue:
    rule = Coherence("parts_of", PARTS, total=total, allowance=allowance)
    share = {"outturn": "percentage"}
    return a_catalogue(
        an_indicator("good", short_title="Good", coheres=(rule,), **share),
        an_indicator("fair", short_title="Fair", **share),
        an_indicator("poor", short_title="Poor", **share),
        an_indicator("all", short_title="All"),
    )


def shares(*figures: float | None, **fields: float) -> list[Row]:
    rows = zip(PARTS, figures, strict=True)
    said = [{"indicator": each, "period": "2021-07", "value": figure} for each, figure in rows]
    return [*said, {"indicator": "all", "period": "2021-07", "value": fields.get("all", 0.0)}]


CASES = [
    pytest.param((33.0, 42.0, 25.0), 0, id="exactly"),
    pytest.param((33.0, 42.0, 26.0), 0, id="off by 1"),
    pytest.param((33.0, 42.0, 26.5), 1, id="a finer figure rounds less: off by 1.5, allowed 1.05"),
    pytest.param((33.0, 42.0, 27.0), 1, id="off by 2, where three roundings make 1.5"),
    pytest.param((33.3, 33.3, 33.3), 0, id="three thirds"),
    pytest.param((33.3, 33.3, 33.2), 1, id="off by 0.2, where three roundings make 0.15"),
    pytest.param((33.0, None, 26.0), 0, id="a part is missing"),
    pytest.param((0.0, 0.0, 0.0), 0, id="nothing to divide"),
]


@pytest.mark.parametrize(("figures", "count"), CASES)
def test_parts_make_up_their_whole(figures: tuple[float | None, ...], count: int) -> None:
    assert len(messages(CHECK, catalogue(), shares(*figures))) == count


@pytest.mark.parametrize(("poor", "count"), [(26.5, 0), (26.6, 1)])
def test_an_allowance_takes_the_place_of_the_rounding(poor: float, count: int) -> None:
    assert len(messages(CHECK, catalogue(allowance=1.5), shares(33.0, 42.0, poor))) == count


def test_the_sum_is_told() -> None:
    (finding,) = found(CHECK, catalogue(), shares(66.0, 30.0, 14.0))
    assert finding["message"] == ("Good, Jul-21: with Fair, Poor: 66 + 30 + 14 = 110%, not 100%")
    assert finding["related"] == ["report-1.csv!B3", "report-1.csv!B4"]


def test_the_whole_may_be_another_indicator() -> None:
    assert messages(CHECK, catalogue(total="all"), shares(3.0, 4.0, 5.0, all=12.0)) == []
    assert messages(CHECK, catalogue(total="all"), shares(3.0, 4.0, 5.0, all=20.0)) == [
        "Good, Jul-21: with Fair, Poor: 3 + 4 + 5 = 12%, not 20%"
    ]


def test_other_areas_are_left_alone() -> None:
    rows = [row | {"area": "Portsmouth"} for row in shares(66.0, 30.0, 14.0)]
    assert messages(CHECK, catalogue(), rows) == []


def test_units_are_looked_at_each_by_itself() -> None:
    rows = [row | {"unit": "Team 1"} for row in shares(66.0, 30.0, 14.0)]
    (said,) = messages(CHECK, catalogue(), rows)
    assert said.startswith("Good (Team 1), Jul-21: ")
