from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Catalogue, Coherence
from kpi.domain.checks.statutory import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import comparators, found, messages, months, published


def catalogue(allowance: float | None = None, **fields: Any) -> Catalogue:
    rule = Coherence("statutory", ("NumRef",), allowance=allowance)
    return a_catalogue(
        an_indicator("referrals", short_title="Referrals", coheres=(rule,), **fields)
    )


RETURNED = published(months_of={"NumRef": {"2021-04": 300.0, "2021-05": 400.0, "2021-06": 20.0}})

CASES = [
    pytest.param([300.0, 400.0, 20.0], None, None, id="as returned"),
    pytest.param([315.0, 420.0, 20.0], None, None, id="5 per cent more"),
    pytest.param([316.0, 400.0, 20.0], None, "Referrals, Apr-21: 316 here, 300 in DfE's published "
                 "months (5.3% above)", id="more than that"),
    pytest.param([316.0, 400.0, 20.0], 10.0, None, id="within the allowance"),
    pytest.param([300.0, 400.0, 22.0], None, None, id="2 cases are never told"),
    pytest.param([360.0, 440.0, 24.0], None, "Referrals, Apr-21 to Jun-21: 824 here, 720 in DfE's "
                 "published months (10% to 20% above in each of 3 months)", id="every month"),
    pytest.param([360.0, 400.0, 16.0], None, "Referrals, Apr-21 and Jun-21: 376 here, 320 in DfE's "
                 "published months (20% below to 20% above, in 2 of 3 months)", id="both ways"),
    pytest.param([250.0, 400.0, 20.0, 90.0], None, "Referrals, Apr-21: 250 here, 300 in DfE's "
                 "published months (17% below)", id="a month that is not published"),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "allowance", "expected"), CASES)
def test_own_months_are_those_of_the_return(
    figures: list[float], allowance: float | None, expected: str | None
) -> None:
    rows = months(figures, indicator="referrals")
    said = messages(CHECK, catalogue(allowance), rows, statistics=RETURNED)
    assert said == ([expected] if expected else [])


def test_each_year_is_a_finding() -> None:
    statistics = published(months_of={"NumRef": {"2021-03": 100.0, "2021-04": 100.0}})
    rows = months([200.0, 200.0], indicator="referrals", since="2021-03")
    assert len(messages(CHECK, catalogue(), rows, statistics=statistics)) == 2


@pytest.mark.parametrize("fields", [{"outturn": "rate"}, {"basis": "snapshot"}])
def test_only_counts_of_the_month_are_returned_by_month(fields: dict[str, Any]) -> None:
    rows = months([900.0], indicator="referrals")
    assert messages(CHECK, catalogue(**fields), rows, statistics=RETURNED) == []


def test_without_the_rule_nothing_is_compared() -> None:
    plain = a_catalogue(an_indicator("referrals"))
    rows = months([900.0], indicator="referrals")
    assert messages(CHECK, plain, rows, statistics=RETURNED) == []


def test_only_the_months_that_differ_are_named() -> None:
    rows = months([360.0, 400.0, 24.0], indicator="referrals")
    (finding,) = found(CHECK, catalogue(), rows, statistics=RETURNED)
    assert finding["periods"] == ["2021-04", "2021-06"]
    assert (finding["source_cell"], finding["related"]) == ("C2", ["report-1.csv!E2"])


YEAR = published(
    ("LACnum", "own", "2020/21", 500.0),
    ("LAC", "own", "2020/21", 100.0),
    ("LAC", "own", "2022/23", 100.0),
    units={"LACnum": "number", "LAC": "rate"},
)


def stock(measure: str, **fields: Any) -> Catalogue:
    rule = Coherence("statutory", (measure,))
    given = {"basis": "snapshot", "short_title": "CLA"} | fields
    return a_catalogue(an_indicator("cla", coheres=(rule,), **given))


YEAR_ENDS = [
    pytest.param(stock("LACnum"), "2021-03", 525.0, 0, id="5 per cent more"),
    pytest.param(stock("LACnum"), "2021-03", 526.0, 1, id="more than that"),
    pytest.param(stock("LACnum"), "2021-02", 600.0, 0, id="not the year's end"),
    pytest.param(stock("LACnum"), "2020-03", 600.0, 0, id="a year that is not published"),
    pytest.param(stock("LACnum"), "2020/21", 600.0, 1, id="a whole year"),
    pytest.param(stock("LACnum", basis="in-month"), "2021-03", 40.0, 0, id="a month is no year"),
    pytest.param(stock("LAC", outturn="rate"), "2021-03", 110.0, 0, id="a rebased rate"),
    pytest.param(stock("LAC", outturn="rate"), "2021-03", 111.0, 1, id="not by so much"),
    pytest.param(stock("LAC", outturn="rate"), "2023-03", 106.0, 1, id="later rates are not"),
    pytest.param(stock("LAC"), "2021-03", 600.0, 0, id="a measure in another unit"),
]


@pytest.mark.parametrize(("rules", "period", "figure", "count"), YEAR_ENDS)
def test_the_years_end_is_that_of_the_return(
    rules: Catalogue, period: str, figure: float, count: int
) -> None:
    rows = [{"indicator": "cla", "period": period, "value": figure}]
    assert len(messages(CHECK, rules, rows, statistics=YEAR, up_to="2023-10")) == count


def test_both_figures_are_told() -> None:
    rows = months([600.0], indicator="cla", since="2021-03")
    assert messages(CHECK, stock("LACnum"), rows, statistics=YEAR) == [
        "CLA, Mar-21: 600 here, 500 published for the year (20% above)"
    ]


def test_a_year_typed_beside_months_is_another_check() -> None:
    rows = [
        *months([500.0], indicator="cla"),
        *comparators(indicator="cla", own=[("2020/21", 600.0)]),
    ]
    assert messages(CHECK, stock("LACnum"), rows, statistics=YEAR) == []
