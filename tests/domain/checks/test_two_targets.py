from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Catalogue, Coherence, Target
from kpi.domain.checks.two_targets import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import a_target, found, messages, months, published

POPULATION = published(population={2019: 60000.0, 2020: 50000.0, 2021: 40000.0})


def catalogue(
    aim: float | None, count: float | None, *, allowance: float | None = None, **fields: Any
) -> Catalogue:
    rate: dict[str, Any] = {"basis": "year-to-date", "outturn": "rate", "short_title": "Rate"}
    return a_catalogue(
        an_indicator(
            "referrals",
            short_title="Referrals",
            target=() if count is None else (Target(value=count, per="month"),),
        ),
        an_indicator(
            "rate",
            target=() if aim is None else (Target(value=aim, per="year"),),
            coheres=(Coherence("target_of", ("referrals",), allowance=allowance),),
            **rate | fields,
        ),
    )


ROWS = months([300.0], indicator="referrals") + months([60.0], indicator="rate")

CASES = [
    pytest.param(720.0, 300.0, None, 0, id="300 a month of 50,000 are 720 a year"),
    pytest.param(706.0, 300.0, None, 0, id="within 2 per cent"),
    pytest.param(705.0, 300.0, None, 1, id="beyond 2 per cent"),
    pytest.param(705.0, 300.0, 5.0, 0, id="within the allowance"),
    pytest.param(None, 300.0, None, 0, id="no target of the rate"),
    pytest.param(705.0, None, None, 0, id="no target of the count"),
]


@pytest.mark.parametrize(("aim", "count", "allowance", "expected"), CASES)
def test_one_target_follows_from_the_other(
    aim: float | None, count: float | None, allowance: float | None, expected: int
) -> None:
    rule = catalogue(aim, count, allowance=allowance)
    said = messages(CHECK, rule, ROWS, up_to="2021-05", statistics=POPULATION)
    assert len(said) == expected


def test_the_working_is_told() -> None:
    said = messages(CHECK, catalogue(647.0, 300.0), ROWS, up_to="2021-05", statistics=POPULATION)
    assert said == [
        "Rate: the target is 647 a year, but 300 a month (Referrals) is 3,600 a year, 720 per "
        "10,000 of a population of 50,000"
    ]


def test_the_population_that_the_rates_imply_comes_first() -> None:
    """336 and 781 referrals at 65 and 152 are 51,213 to 51,635 children."""
    rule = catalogue(647.0, 300.0)
    with_rate = a_catalogue(
        rule.indicators[0],
        an_indicator(
            "rate",
            basis="year-to-date",
            outturn="rate",
            short_title="Rate",
            target=rule.indicators[1].target,
            coheres=(*rule.indicators[1].coheres, Coherence("rate_of", ("referrals",))),
        ),
    )
    rows = months([336.0, 445.0], indicator="referrals") + months([65.0, 152.0], indicator="rate")
    (said,) = messages(CHECK, with_rate, rows, up_to="2021-05", statistics=POPULATION)
    assert "700 per 10,000 of a population of 51,424" in said


def test_without_a_population_nothing_follows() -> None:
    assert messages(CHECK, catalogue(647.0, 300.0), ROWS) == []


def test_two_counts_need_none() -> None:
    counts = catalogue(3500.0, 300.0, outturn="number")
    assert messages(CHECK, counts, ROWS) == [
        "Rate: the target is 3,500 a year, but 300 a month (Referrals) is 3,600 a year"
    ]
    assert messages(CHECK, catalogue(3600.0, 300.0, outturn="number"), ROWS) == []


def test_a_typed_target_stands_in_where_the_catalogue_has_none() -> None:
    rows = [*ROWS, a_target(647.0, indicator="rate", target_per="year")]
    (finding,) = found(CHECK, catalogue(None, 300.0), rows, up_to="2021-05", statistics=POPULATION)
    assert finding["source_cell"] == "K2"


def test_an_indicator_that_the_sources_do_not_tell_of_is_left_alone() -> None:
    rows = [row | {"is_subject": False} for row in ROWS]
    said = messages(CHECK, catalogue(647.0, 300.0), rows, up_to="2021-05", statistics=POPULATION)
    assert said == []
