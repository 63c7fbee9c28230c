from __future__ import annotations

import pytest

from kpi.domain.checks.printed_twice import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages, months

CLA = a_catalogue(an_indicator("cla", basis="snapshot", short_title="CLA"))


def printed(theme: str | None, *figures: float, row: int = 2) -> list[Row]:
    return [
        each | {"source_cell": f"{each['source_cell'][0]}{row}"}
        for each in months(figures, indicator="cla", source_theme=theme)
    ]


CASES = [
    pytest.param("Demand", "Care", 1, id="two themes"),
    pytest.param("Demand", "Demand", 0, id="one theme"),
    pytest.param("Demand", None, 0, id="no second theme"),
]


@pytest.mark.parametrize(("one", "other", "count"), CASES)
def test_a_row_under_two_themes_is_printed_twice(
    one: str | None, other: str | None, count: int
) -> None:
    rows = [*printed(one, 494.0, 498.0), *printed(other, 494.0, 498.0, row=9)]
    said = "CLA: the row is printed under `Demand` and `Care`, with the same figures"
    assert messages(CHECK, CLA, rows) == [said] * count


def test_once_they_differ_the_other_check_tells() -> None:
    rows = [*printed("Demand", 494.0, 511.0), *printed("Care", 494.0, 514.0, row=9)]
    assert messages(CHECK, CLA, rows) == []


def test_two_sources_may_print_the_same() -> None:
    rows = [*printed("Demand", 494.0), *(each | {"seq": 2} for each in printed("Care", 494.0))]
    assert messages(CHECK, CLA, rows) == []


def test_the_finding_stands_at_the_first_row() -> None:
    (finding,) = found(CHECK, CLA, [*printed("Demand", 494.0), *printed("Care", 494.0, row=9)])
    assert (finding["source_cell"], finding["related"]) == ("C2", ["report-1.csv!C9"])
