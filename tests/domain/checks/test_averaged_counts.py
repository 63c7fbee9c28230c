from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from kpi.domain.catalogue import Compare
from kpi.domain.checks.averaged_counts import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, comparators, found, messages, months, published

CLA = a_catalogue(
    an_indicator("cla", basis="snapshot", short_title="CLA", compare=Compare(measure="LACnum")),
    an_indicator(
        "share", outturn="percentage", short_title="Share", compare=Compare(measure="Again")
    ),
)
PLAIN = "CLA: 615 is an average of counts; places differ in size"


def a_row(neighbours: float | str | None, *, indicator: str = "cla", line: int = 2) -> list[Row]:
    rows = months([494.0, 498.0], indicator=indicator)
    rows = [row | {"source_cell": f"{row['source_cell'][0]}{line}"} for row in rows]
    return rows + comparators(indicator=indicator, neighbours=neighbours, line=line)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(a_row(615.0), [PLAIN], id="a count"),
        pytest.param(a_row("not_applicable"), [], id="N/A"),
        pytest.param(a_row(22.0, indicator="share"), [], id="shares may be averaged"),
        pytest.param(a_row(16.4), [], id="a decimal makes it a number that may be"),
    ],
)
def test_counts_of_places_are_not_averaged(rows: list[Row], expected: list[str]) -> None:
    assert messages(CHECK, CLA, rows) == expected


@pytest.mark.parametrize(("england", "count"), [(249.0, 0), (996.0, 0), (997.0, 1), (80850.0, 1)])
def test_a_row_whose_england_is_of_its_own_size_counts_no_places_people(
    england: float, count: int
) -> None:
    rows = months([494.0, 498.0], indicator="cla")
    rows += comparators(indicator="cla", neighbours=615.0, england=england)
    assert len(messages(CHECK, CLA, rows)) == count


def test_numbers_that_do_not_grow_with_the_place_may_be() -> None:
    known = published(units={"LACnum": "number"})
    is_average = replace(known, measures=known.measures.with_columns(is_count=pl.lit(value=False)))
    assert messages(CHECK, CLA, a_row(16.0), statistics=known) == [PLAIN.replace("615", "16")]
    assert messages(CHECK, CLA, a_row(16.0), statistics=is_average) == []


VALUES = [
    ("LACnum", "neighbours", "2019/20", 615.1),
    ("LACnum", "neighbours", "2020/21", 639.9),
    ("Again", "neighbours", "2019/20", 25.5),
    ("Again", "neighbours", "2020/21", 21.8),
]
UNITS = {"Again": "percentage"}
WHICH = (
    "CLA: 615 is an average of counts, the mean of 10 neighbours (model 2021-04), year ending "
    "March 2020; places differ in size"
)


def test_what_is_published_tells_the_year() -> None:
    statistics = published(*VALUES, units=UNITS)
    assert messages(CHECK, CLA, a_row(615.0), statistics=statistics) == [WHICH]


def test_a_year_behind_the_others_of_the_column_is_told() -> None:
    rows = [*a_row(615.0), *a_row(22.0, indicator="share", line=5)]
    (finding,) = found(CHECK, CLA, rows, statistics=published(*VALUES, units=UNITS))
    assert finding["message"] == (
        f"{WHICH}, and 22 for Share (L5) is of the year ending March 2021"
    )
    assert finding["related"] == ["report-1.csv!L5"]


def test_the_same_year_is_not() -> None:
    rows = [*a_row(640.0), *a_row(22.0, indicator="share", line=5)]
    (said,) = messages(CHECK, CLA, rows, statistics=published(*VALUES, units=UNITS))
    assert said.endswith("year ending March 2021; places differ in size")


def test_cells_found_wrong_before_are_left_alone() -> None:
    assert messages(CHECK, CLA, a_row(615.0), wrong=["report-1.csv!L2"]) == []
