from __future__ import annotations

from datetime import date

import pytest

from kpi.domain.checks.future import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import messages, months

TWO = a_catalogue(
    an_indicator("contacts", short_title="Contacts"), an_indicator("plans", short_title="Plans")
)

CASES = [
    pytest.param("2021-11", date(2021, 10, 31), 1, id="begins tomorrow"),
    pytest.param("2021-11", date(2021, 11, 1), 0, id="has begun today"),
    pytest.param("2021-10", date(2021, 11, 9), 0, id="is over"),
]


@pytest.mark.parametrize(("period", "today", "count"), CASES)
def test_a_period_that_has_not_begun_has_no_figures(period: str, today: date, count: int) -> None:
    rows = months([5.0], since=period)
    said = messages(CHECK, TWO, rows, today=today, up_to="2021-10")
    assert said == ["Contacts: figures for Nov-21, which has not begun on 2021-10-31"] * count


def test_a_column_is_one_finding() -> None:
    rows = [*months([5.0], since="2061-10"), *months([6.0], indicator="plans", since="2061-10")]
    assert messages(CHECK, TWO, rows) == [
        "Contacts and Plans: figures for Oct-61, which has not begun on 2021-11-09"
    ]


def test_an_empty_or_awaited_cell_is_no_figure() -> None:
    assert messages(CHECK, TWO, months([None, "awaited"], since="2022-01")) == []
