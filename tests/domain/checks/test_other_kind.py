from __future__ import annotations

import pytest

from kpi.domain.catalogue import Compare
from kpi.domain.checks.other_kind import CHECK
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

SECTION_20 = a_catalogue(
    an_indicator("s20", basis="snapshot", short_title="Section 20"),
    an_indicator(
        "moves", outturn="percentage", short_title="Moves", compare=Compare(measure="Placements")
    ),
)


def a_row(*figures: Figure, own: float = 60.0, indicator: str = "s20") -> list[Row]:
    first, neighbours, region, england = figures
    return months([39.0, own], indicator=indicator) + comparators(
        indicator=indicator,
        own=[("2019/20", first)],
        neighbours=neighbours,
        region=region,
        england=england,
    )


CASES = [
    pytest.param((16.0, 11.0, 13.0, 11.0), 1, id="shares beside a count"),
    pytest.param((16.0, 11.0, 400.0, 9000.0), 0, id="counts"),
    pytest.param((16.0, 11.0, 60.0, 60.0), 0, id="as many as here"),
    pytest.param((16.0, 11.0, 59.0, 9000.0), 1, id="one fewer in the region"),
    pytest.param((16.0, 11.0, None, None), 0, id="neither region nor England"),
    pytest.param((58.0, 57.0, 55.0, 30.0), 0, id="days: of the same size everywhere"),
    pytest.param((58.0, 57.0, 55.0, 29.0), 1, id="less than half of what is here"),
    pytest.param((16.4, 11.0, 13.0, 11.0), 0, id="an average may be lower elsewhere"),
]


@pytest.mark.parametrize(("figures", "count"), CASES)
def test_no_region_has_fewer_than_one_authority(figures: tuple[Figure, ...], count: int) -> None:
    assert len(messages(CHECK, SECTION_20, a_row(*figures))) == count


def test_shares_and_rates_may_be_lower_elsewhere() -> None:
    assert messages(CHECK, SECTION_20, a_row(16.0, 11.0, 13.0, 11.0, indicator="moves")) == []


MOVES = [
    ("Placements", "own", "2019/20", 16.0),
    ("Placements", "neighbours", "2019/20", 11.3),
    ("Placements", "region", "2019/20", 13.0),
    ("Placements", "england", "2019/20", 11.0),
]
OWN_TEXT = (
    "Section 20: the comparators 16, 11, 13 and 11 are no such counts: England cannot have 11 "
    "where Southampton has 60"
)


@pytest.mark.parametrize(
    ("values", "whose"),
    [
        pytest.param(
            MOVES, "; they are those published for Moves, year ending March 2020", id="they fit"
        ),
        pytest.param(MOVES[:3], "", id="England's is not known"),
        pytest.param(
            [*MOVES[:3], ("Placements", "england", "2019/20", 12.0)], "", id="one differs"
        ),
    ],
)
def test_what_is_published_tells_whose_they_are(
    values: list[tuple[str, str, str, float]], whose: str
) -> None:
    statistics = published(*values, units={"Placements": "percentage"})
    said = messages(CHECK, SECTION_20, a_row(16.0, 11.0, 13.0, 11.0), statistics=statistics)
    assert said == [OWN_TEXT + whose]


def test_a_measure_that_no_indicator_names_goes_by_its_title() -> None:
    values = [("Adopted", *rest) for _, *rest in MOVES]
    statistics = published(*values, units={"Adopted": "percentage"})  # type: ignore[arg-type]
    (said,) = messages(CHECK, SECTION_20, a_row(16.0, 11.0, 13.0, 11.0), statistics=statistics)
    assert said.endswith("they are published as `Adopted`, year ending March 2020")


def test_a_measure_in_the_rows_own_unit_is_no_other_kind() -> None:
    statistics = published(*MOVES, units={"Placements": "number"})
    said = messages(CHECK, SECTION_20, a_row(16.0, 11.0, 13.0, 11.0), statistics=statistics)
    assert said == [OWN_TEXT]


def test_comparators_found_wrong_before_are_left_alone() -> None:
    wrong = [f"report-1.csv!{column}2" for column in "LMNO"]
    assert messages(CHECK, SECTION_20, a_row(16.0, 11.0, 13.0, 11.0), wrong=wrong) == []


def test_all_cells_are_named_wrong() -> None:
    (finding,) = found(CHECK, SECTION_20, a_row(16.0, 11.0, 13.0, 11.0))
    assert finding["wrong"] == [f"report-1.csv!{column}2" for column in "LMNO"]
    assert finding["related"][-1] == "report-1.csv!D2"
