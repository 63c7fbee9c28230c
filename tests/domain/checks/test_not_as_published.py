from __future__ import annotations

import pytest

from kpi.domain.catalogue import Catalogue, Coherence, Compare
from kpi.domain.checks.not_as_published import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import (
    Figure,
    Row,
    comparators,
    found,
    messages,
    months,
    published,
)

UNITS = {"LAC": "rate", "Again": "percentage", "LACnum": "number"}


def catalogue(outturn: str, measure: str) -> Catalogue:
    return a_catalogue(
        an_indicator(
            "cla",
            outturn=outturn,
            basis="snapshot",
            short_title="CLA",
            compare=Compare(measure=measure),
        )
    )


COUNT, RATE, SHARE = (
    catalogue("number", "LACnum"),
    catalogue("rate", "LAC"),
    catalogue("percentage", "Again"),
)


def a_row(year: Figure = None, period: str = "2020/21", **places: Figure) -> list[Row]:
    own = [(period, year)] if year is not None else []
    return [
        *months([494.0, 498.0], indicator="cla"),
        *comparators(indicator="cla", own=own, **places),  # type: ignore[arg-type]
    ]


OWN = [
    pytest.param(COUNT, "LACnum", 498.0, 498.0, [], id="the published figure"),
    pytest.param(
        COUNT,
        "LACnum",
        495.0,
        498.0,
        ["CLA, Southampton 2020/21: 495 where the published figure is 498"],
        id="another",
    ),
    pytest.param(SHARE, "Again", 28.0, 28.4, [], id="rounded"),
    pytest.param(SHARE, "Again", 28.0, 28.5, [], id="half is either"),
    pytest.param(
        SHARE,
        "Again",
        28.0,
        28.6,
        ["CLA, Southampton 2020/21: 28% where the published figure is 28.6%"],
        id="not rounded so",
    ),
    pytest.param(SHARE, "Again", 28.4, 28.0, [], id="the published figure may be the rounded one"),
    pytest.param(RATE, "LAC", 95.0, 100.0, [], id="a rebased rate"),
    pytest.param(RATE, "LAC", 90.0, 100.0, [], id="up to a tenth"),
    pytest.param(
        RATE,
        "LAC",
        89.0,
        100.0,
        ["CLA, Southampton 2020/21: 89 where the published figure is 100"],
        id="and no more",
    ),
]


@pytest.mark.parametrize(("rules", "measure", "typed", "value", "expected"), OWN)
def test_an_earlier_year_is_as_published(
    rules: Catalogue, measure: str, typed: float, value: float, expected: list[str]
) -> None:
    statistics = published((measure, "own", "2020/21", value), units=UNITS)
    assert messages(CHECK, rules, a_row(typed), statistics=statistics) == expected


def test_after_the_census_rates_are_no_longer_rebased() -> None:
    statistics = published(("LAC", "own", "2022/23", 100.0), units=UNITS)
    rows = a_row(95.0, "2022/23")
    assert len(messages(CHECK, RATE, rows, statistics=statistics, up_to="2023-10")) == 1


def test_an_unpublished_year_is_as_it_is() -> None:
    statistics = published(("LACnum", "own", "2019/20", 486.0), units=UNITS)
    assert messages(CHECK, COUNT, a_row(495.0), statistics=statistics) == []


YEARS = [
    ("Again", "england", "2019/20", 22.6),
    ("Again", "england", "2020/21", 24.7),
    ("Again", "england", "2015/16", 30.0),
    ("Again", "england", "2021/22", 40.0),
]


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        pytest.param(25.0, 0, id="the newest year"),
        pytest.param(23.0, 0, id="the year before"),
        pytest.param(30.0, 1, id="five years ago is too long"),
        pytest.param(40.0, 1, id="a year that had not ended"),
        pytest.param(27.0, 1, id="no year"),
    ],
)
def test_without_a_year_any_recent_one_will_do(typed: float, count: int) -> None:
    statistics = published(*YEARS, units=UNITS)
    assert len(messages(CHECK, SHARE, a_row(england=typed), statistics=statistics)) == count


def test_the_published_years_are_told() -> None:
    said = messages(CHECK, SHARE, a_row(england=27.0), statistics=published(*YEARS, units=UNITS))
    assert said == [
        "CLA, England: 27% is published for none of the recent years: 24.7% (year ending March "
        "2021) and 22.6% (year ending March 2020)"
    ]


@pytest.mark.parametrize(("typed", "count"), [(22.0, 0), (23.9, 0), (24.0, 1), (19.6, 1)])
def test_neighbours_may_be_another_list(typed: float, count: int) -> None:
    """Within a tenth of a known average, 21.8, it is an average of some such list."""
    statistics = published(("Again", "neighbours", "2020/21", 21.8), units=UNITS)
    assert len(messages(CHECK, SHARE, a_row(neighbours=typed), statistics=statistics)) == count


def test_cells_found_wrong_before_are_left_alone() -> None:
    """A row that has slipped by a column, or has another's figures, is told by that alone."""
    statistics = published(("LACnum", "own", "2020/21", 498.0), units=UNITS)
    rows = a_row(495.0)
    assert messages(CHECK, COUNT, rows, statistics=statistics, wrong=["report-1.csv!L2"]) == []


def test_a_measure_in_another_unit_tells_nothing() -> None:
    statistics = published(("LAC", "own", "2020/21", 100.0), units={"LAC": "percentage"})
    assert messages(CHECK, RATE, a_row(50.0), statistics=statistics) == []


def test_the_measure_of_a_statutory_rule_comes_first() -> None:
    rules = a_catalogue(
        an_indicator(
            "cla",
            basis="snapshot",
            short_title="CLA",
            compare=Compare(measure="Other"),
            coheres=(Coherence("statutory", ("LACnum",)),),
        )
    )
    statistics = published(
        ("LACnum", "own", "2020/21", 498.0), ("Other", "own", "2020/21", 495.0), units=UNITS
    )
    assert len(messages(CHECK, rules, a_row(495.0), statistics=statistics)) == 1


def test_months_of_its_own_are_not_compared_with_years() -> None:
    (finding,) = found(
        CHECK,
        COUNT,
        a_row(495.0),
        statistics=published(("LACnum", "own", "2020/21", 498.0), units=UNITS),
    )
    assert finding["source_cell"] == "L2"
