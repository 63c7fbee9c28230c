from __future__ import annotations

import polars as pl

from kpi.domain.catalogue import Compare
from kpi.domain.checks.notes import awaited_series, notes, rebased_rates
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, a_context, comparators, months, published

CATALOGUE = a_catalogue(
    an_indicator("plans", short_title="Plans"),
    an_indicator(
        "rate",
        outturn="rate",
        basis="snapshot",
        short_title="Rate",
        compare=Compare(measure="LAC"),
    ),
)
NONE: dict[str, dict[str, list[str]]] = {
    "awaited": {"indicator": [], "months": []},
    "rebased": {"indicator": [], "share": []},
}


def awaited(rows: list[Row]) -> list[tuple[str, int]]:
    return awaited_series(a_context(CATALOGUE, rows)).collect().rows()


def test_a_row_of_tbc_alone_has_no_data_yet() -> None:
    assert awaited(months(["awaited", "awaited", None], indicator="plans")) == [("plans", 2)]
    assert awaited(months(["awaited", 5.0], indicator="plans")) == []
    assert awaited(months([None], indicator="plans")) == []


def rebased(year: float) -> list[tuple[str, float]]:
    rows = [
        *months([95.0], indicator="rate"),
        *comparators(indicator="rate", own=[("2020/21", year)]),
    ]
    statistics = published(("LAC", "own", "2020/21", 100.0), units={"LAC": "rate"})
    return rebased_rates(a_context(CATALOGUE, rows, statistics=statistics)).collect().rows()


def test_a_rate_that_was_right_before_the_census_is_said_to_be() -> None:
    assert rebased(96.0) == [("rate", 0.04)]


def test_neither_an_exact_nor_a_wrong_rate_is() -> None:
    assert rebased(100.0) == []
    assert rebased(50.0) == []


def test_both_are_sentences_in_the_catalogues_order() -> None:
    waiting = pl.DataFrame({"indicator": ["rate", "plans"], "months": [2, 7]})
    shares = pl.DataFrame({"indicator": ["rate"], "share": [0.04]})
    assert notes(waiting, shares, CATALOGUE) == (
        "No data yet (TBC): Plans (7 months) and Rate (2 months).",
        "Taken for right: rates of earlier years that differ from those published now, since "
        "populations were rebased on the 2021 census: Rate (up to 4.0%).",
    )


def test_nothing_to_say() -> None:
    frames = {name: pl.DataFrame(columns) for name, columns in NONE.items()}
    assert notes(frames["awaited"], frames["rebased"], CATALOGUE) == ()
