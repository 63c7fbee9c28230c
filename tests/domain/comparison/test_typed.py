from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kpi.domain.comparison.typed import typed_faults, with_typed, without_faulty
from kpi.domain.held import counted_outturns, with_held
from tests.builders import observations
from tests.domain.comparison.comparison_frames import comparators, outturns

TITLES = pl.LazyFrame({"indicator": ["visits", "cla"], "short_title": ["Visits", "CLA rate"]})


def _typed(*rows: dict[str, Any]) -> list[bool]:
    stored = observations(*({"value": 1.0} | row for row in rows)).lazy()
    held = stored.pipe(counted_outturns).pipe(with_held).pipe(with_typed, stored)
    return (
        held.sort("row" if "row" in held.collect_schema() else "source_cell")
        .collect()["is_typed"]
        .to_list()
    )


def test_a_reports_row_holds_its_months_and_what_is_typed_beside_them() -> None:
    assert _typed(
        {"period": "2021-10", "source_cell": "B2"},
        {"period": "2020/21", "source_cell": "C2"},
        {"period": None, "area": "England", "source_cell": "D2"},
    ) == [True, True, True]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [
                {"period": "2020/21", "area": "England", "source_cell": "D2"},
                {"period": "2020/21", "source_cell": "D3"},
                {"period": "2021-10", "source_cell": "D4"},
            ],
            id="a tidy file's rows",
        ),
        pytest.param(
            [
                {"period": "2021-09", "area": "England", "source_cell": "D2"},
                {"period": "2021-10", "area": "England", "source_cell": "E2"},
            ],
            id="months across, a row a place",
        ),
        pytest.param(
            [
                {"period": "2020/21", "area": "England", "source_cell": None},
                {"period": "2021-10", "source_cell": None},
            ],
            id="corrected by hand",
        ),
    ],
)
def test_a_row_of_one_place_holds_its_own_figures(rows: list[dict[str, Any]]) -> None:
    assert not any(_typed(*rows))


def test_an_average_of_neighbours_is_always_typed() -> None:
    assert _typed({"period": "2020/21", "area": "Statistical neighbours"}) == [True]


def _faults(*rows: tuple[str, str, float], own: float = 50.0, is_count: bool = False) -> list[str]:
    kinds = {"England": "england", "South East": "region"}
    typed = pl.LazyFrame(
        [
            {
                "indicator": indicator,
                "name": name,
                "period": None,
                "value": value,
                "kind": kinds.get(name, "neighbours"),
                "is_count": is_count,
            }
            for indicator, name, value in rows
        ],
        schema_overrides={"period": pl.String},
    )
    found = typed_faults(typed, outturns({"outturn": own}), titles=TITLES).collect()
    return found.filter(pl.col("indicator") == "visits")["fault"].to_list()


NAMES = ("Statistical neighbours", "South East", "England")


def test_figures_typed_beside_two_indicators_belong_to_one_at_most() -> None:
    rows = [
        (each, *pair)
        for each in ("visits", "cla")
        for pair in zip(NAMES, (97.0, 53.0, 67.0), strict=True)
    ]
    assert _faults(*rows) == ["the same figures are typed beside CLA rate"]


def test_two_equal_figures_may_be_chance() -> None:
    rows = [
        (each, *pair)
        for each in ("visits", "cla")
        for pair in zip(NAMES[1:], (53.0, 67.0), strict=True)
    ]
    assert _faults(*rows) == []


def test_one_figure_that_differs_makes_the_set_another() -> None:
    rows = [("visits", *pair) for pair in zip(NAMES, (97.0, 53.0, 67.0), strict=True)]
    rows += [("cla", *pair) for pair in zip(NAMES, (97.0, 53.0, 68.0), strict=True)]
    assert _faults(*rows) == []


def test_england_cannot_have_fewer_than_one_of_its_councils() -> None:
    """60 children accommodated beside `16, 11, 13, 11`, which are percentages."""
    rows = [("visits", *pair) for pair in zip(NAMES, (11.0, 13.0, 11.0), strict=True)]
    assert _faults(*rows, own=60.0, is_count=True) == [
        "the typed figures are no counts: England cannot have fewer than Southampton"
    ]


def test_a_percentage_may_be_lower_in_england() -> None:
    rows = [("visits", *pair) for pair in zip(NAMES, (11.0, 13.0, 11.0), strict=True)]
    assert _faults(*rows, own=60.0) == []


def test_nothing_is_made_of_faulty_figures_and_published_ones_stay() -> None:
    both = comparators({"value": 1.0, "origin": "typed"}, {"value": 2.0})
    faults = pl.LazyFrame({"indicator": ["visits"], "fault": ["copied"]})
    found = both.pipe(without_faulty, own=outturns({}), faults=faults).collect()
    assert found.select("alike", "unlike").rows() == [(None, "copied"), (2.0, None)]
