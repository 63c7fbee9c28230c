from __future__ import annotations

import pytest

from kpi.domain.catalogue import Catalogue, Coherence
from kpi.domain.checks.stock_and_flow import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages, months


def catalogue(allowance: float | None = None) -> Catalogue:
    rule = Coherence("flow_of", ("begun", "ended"), allowance=allowance)
    return a_catalogue(
        an_indicator("plans", basis="snapshot", short_title="Plans", coheres=(rule,)),
        an_indicator("begun", short_title="Begun"),
        an_indicator("ended", short_title="Ended"),
    )


def flow(stocks: list[float | None], begun: float, ended: float) -> list[Row]:
    count = len(stocks)
    return [
        *months(stocks, indicator="plans"),
        *months([begun] * count, indicator="begun", line=3),
        *months([ended] * count, indicator="ended", line=4),
    ]


CASES = [
    pytest.param(400.0, 405.0, None, 0, id="exactly"),
    pytest.param(400.0, 414.0, None, 0, id="9 more, where 2 per cent of 475 are 9.5"),
    pytest.param(400.0, 415.0, None, 1, id="10 more"),
    pytest.param(400.0, 409.0, 1.0, 0, id="4 more, where 1 per cent is 4.75"),
    pytest.param(400.0, 410.0, 1.0, 1, id="5 more"),
    pytest.param(400.0, 406.0, 0.0, 1, id="1 more, where nothing is allowed"),
]


@pytest.mark.parametrize(("last", "stock", "allowance", "count"), CASES)
def test_a_stock_is_the_last_and_what_came_of_it(
    last: float, stock: float, allowance: float | None, count: int
) -> None:
    assert len(messages(CHECK, catalogue(allowance), flow([last, stock], 40.0, 35.0))) == count


@pytest.mark.parametrize(("stock", "count"), [(6.0, 0), (7.0, 1)])
def test_one_case_is_never_told(stock: float, count: int) -> None:
    assert len(messages(CHECK, catalogue(), flow([5.0, stock], 3.0, 3.0))) == count


def test_three_breaks_of_a_series_are_one_finding() -> None:
    stocks: list[float | None] = [400.0, 450.0, 455.0, 460.0, 430.0, 435.0, 480.0, 485.0]
    (finding,) = found(CHECK, catalogue(), flow(stocks, 40.0, 35.0))
    assert finding["message"] == (
        "Plans: 3 of 6 are not the one before + Begun - Ended: May-21 (45 more), Aug-21 (35 "
        "fewer) and Oct-21 (40 more)"
    )
    assert finding["source_cell"] == "D2"
    assert finding["period"] is None
    assert finding["periods"] == ["2021-05", "2021-08", "2021-10"]
    assert finding["related"][:2] == ["report-1.csv!G2", "report-1.csv!I2"]
    assert finding["hint"] == "Were starts or ends entered late, or the earlier stocks mended?"


def test_a_rule_that_hardly_ever_holds_is_itself_doubted() -> None:
    stocks: list[float | None] = [400.0, 450.0, 400.0, 450.0, 455.0]
    (finding,) = found(CHECK, catalogue(), flow(stocks, 40.0, 35.0))
    assert finding["message"].startswith("Plans: 3 of 4 are not")
    assert "take `flow_of` out" in finding["hint"]


def test_the_working_is_told() -> None:
    (finding,) = found(CHECK, catalogue(), flow([419.0, 385.0], 40.0, 45.0))
    assert finding["message"] == (
        "Plans, May-21: 385, where 419 before + 40 (Begun) - 45 (Ended) is 414 (29 fewer, 7.5%)"
    )
    assert finding["source_cell"] == "D2"
    assert finding["related"] == ["report-1.csv!C2", "report-1.csv!D3", "report-1.csv!D4"]


def test_over_a_gap_nothing_is_known() -> None:
    assert messages(CHECK, catalogue(), flow([400.0, None, 900.0], 40.0, 35.0)) == []


def test_years_follow_each_other_too() -> None:
    rows = [
        {"indicator": name, "period": period, "value": value}
        for period in ("2019/20", "2020/21")
        for name, value in (("plans", 400.0), ("begun", 500.0), ("ended", 300.0))
    ]
    (said,) = messages(CHECK, catalogue(), rows)
    assert said.startswith("Plans, 2020/21: 400, where 400 before + 500 (Begun) - 300 (Ended)")
