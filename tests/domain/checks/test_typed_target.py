from __future__ import annotations

from datetime import date

import pytest

from kpi.domain.catalogue import Per, Target
from kpi.domain.checks.typed_target import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import a_target, messages, months

A_MONTH = a_catalogue(
    an_indicator("contacts", short_title="Contacts", target=(Target(value=300.0, per="month"),))
)
SHARE = a_catalogue(
    an_indicator("contacts", outturn="percentage", short_title="Contacts", target=90.0)
)
NEWER = a_catalogue(
    an_indicator(
        "contacts",
        short_title="Contacts",
        target=(
            Target(value=1.0, ends=date(2021, 9, 30)),
            Target(value=2.0, begins=date(2021, 10, 1)),
        ),
    )
)

CASES = [
    pytest.param(300.0, None, [], id="the same"),
    pytest.param(300.00000000001, None, [], id="noise of the arithmetic"),
    pytest.param(3600.0, "year", [], id="the same for the year"),
    pytest.param(
        301.0,
        None,
        ["Contacts: the target typed is 301, the catalogue's 300 a month"],
        id="another",
    ),
    pytest.param(
        300.0,
        "year",
        ["Contacts: the target typed is 300 a year, the catalogue's 300 a month"],
        id="the same number for another period",
    ),
    pytest.param("awaited", None, [], id="TBC contradicts nothing"),
    pytest.param("not_applicable", None, [], id="N/A contradicts nothing"),
]


@pytest.mark.parametrize(("typed", "per", "expected"), CASES)
def test_a_typed_target_is_the_catalogues(
    typed: float | str, per: Per | None, expected: list[str]
) -> None:
    rows = [*months([1.0]), a_target(typed, target_per=per)]
    assert messages(CHECK, A_MONTH, rows) == expected


def test_a_percentage_may_be_typed_with_or_without_its_sign() -> None:
    assert messages(CHECK, SHARE, [a_target(90.0, raw="90%")]) == []
    assert messages(CHECK, SHARE, [a_target(95.0, raw="95%")]) == [
        "Contacts: the target typed is 95%, the catalogue's 90%"
    ]


def test_it_is_held_against_the_one_of_the_chosen_period() -> None:
    assert messages(CHECK, NEWER, [a_target(2.0)], up_to="2021-10") == []
    assert messages(CHECK, NEWER, [a_target(1.0)], up_to="2021-09") == []
    assert len(messages(CHECK, NEWER, [a_target(1.0)], up_to="2021-10")) == 1


def a_years(typed: float, period: str) -> list[str]:
    rows = [*months([1.0]), a_target(typed, period=period)]
    return messages(CHECK, A_MONTH, rows, up_to="2021-10")


def test_the_target_of_a_year_that_is_not_over_speaks_of_its_months() -> None:
    assert a_years(300.0, "2021/22") == []
    assert len(a_years(301.0, "2021/22")) == 1
    assert a_years(301.0, "2022/23") == []


def test_an_earlier_years_contradicts_only_a_target_that_says_since_when() -> None:
    assert a_years(280.0, "2020/21") == []
    since = Target(value=300.0, per="month", begins=date(2020, 4, 1))
    catalogue = a_catalogue(an_indicator("contacts", target=(since,)))
    assert len(messages(CHECK, catalogue, [a_target(280.0, period="2020/21")])) == 1


@pytest.mark.parametrize(
    "target",
    [
        pytest.param((), id="none"),
        pytest.param((Target(awaited=True),), id="awaited"),
        pytest.param((Target(low=1.0, high=2.0),), id="a range"),
    ],
)
def test_where_the_catalogue_has_no_single_aim_nothing_differs(target: tuple[Target, ...]) -> None:
    catalogue = a_catalogue(an_indicator("contacts", target=target))
    assert messages(CHECK, catalogue, [a_target(5.0)]) == []
