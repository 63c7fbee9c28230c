from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Compare
from kpi.domain.checks.pasted import CHECK
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

TWO = a_catalogue(
    an_indicator("visits", outturn="percentage", basis="snapshot", short_title="Visits"),
    an_indicator("rate", outturn="rate", basis="snapshot", short_title="Rate"),
)
MONTHS = {"visits": [82.0, 60.0], "rate": [95.0, 104.0]}


def a_row(indicator: str, line: int, *figures: Figure, **fields: Any) -> list[Row]:
    """A printed row: its months and, from L on, 2019/20, 2020/21, neighbours, region, England."""
    first, second, neighbours, region, england = figures
    said = months(MONTHS[indicator], indicator=indicator, **fields)
    said = [row | {"source_cell": f"{row['source_cell'][0]}{line}"} for row in said]
    return said + comparators(
        indicator=indicator,
        line=line,
        own=[("2019/20", first), ("2020/21", second)],
        neighbours=neighbours,
        region=region,
        england=england,
        **fields,
    )


SAME: tuple[Figure, ...] = (95.0, "awaited", 97.0, 53.0, 67.0)
NONE: tuple[Figure, ...] = ("not_applicable",) * 5

CASES = [
    pytest.param(SAME, SAME, 1, id="the same, TBC included"),
    pytest.param(SAME, (95.0, 96.0, 97.0, 53.0, 67.0), 0, id="one more is known"),
    pytest.param(SAME, (95.0, "awaited", 97.0, 53.0, 68.0), 0, id="one differs"),
    pytest.param(NONE, NONE, 0, id="no figures"),
    pytest.param((95.0, None, 97.0, None, None), (95.0, None, 97.0, None, None), 0, id="two"),
    pytest.param((95.0, None, 97.0, 53.0, None), (95.0, None, 97.0, 53.0, None), 1, id="three"),
    pytest.param((90.0, 90.0, 90.0, 91.0, 90.0), (90.0, 90.0, 90.0, 91.0, 90.0), 0, id="alike"),
]


@pytest.mark.parametrize(("visits", "rate", "count"), CASES)
def test_no_two_rows_have_the_same_comparators(
    visits: tuple[Figure, ...], rate: tuple[Figure, ...], count: int
) -> None:
    rows = [*a_row("visits", 2, *visits), *a_row("rate", 7, *rate)]
    assert len(messages(CHECK, TWO, rows)) == count


def test_they_are_the_row_whose_months_are_like_them() -> None:
    """95 is near to 95 and 104 per 10,000, not to 82% and 60%."""
    (finding,) = found(CHECK, TWO, [*a_row("visits", 2, *SAME), *a_row("rate", 7, *SAME)])
    assert finding["message"] == (
        "Visits: the comparators 95, TBC, 97, 53 and 67 are those of Rate (L7:P7)"
    )
    assert finding["source_cell"] == "L2"
    assert finding["wrong"] == [f"report-1.csv!{column}2" for column in "LMNOP"]
    assert finding["related"][-1] == "report-1.csv!P7"


def test_what_is_published_tells_it_surer() -> None:
    """Here the published shares are those of visits, though the rate's months are nearer."""
    named = a_catalogue(
        an_indicator(
            "visits",
            outturn="percentage",
            basis="snapshot",
            short_title="Visits",
            compare=Compare(measure="Visited"),
        ),
        TWO.indicators[1],
    )
    statistics = published(
        ("Visited", "own", "2019/20", 95.2),
        ("Visited", "region", "2020/21", 53.0),
        units={"Visited": "percentage"},
    )
    rows = [*a_row("visits", 2, *SAME), *a_row("rate", 7, *SAME)]
    (said,) = messages(CHECK, named, rows, statistics=statistics)
    assert said.startswith("Rate: the comparators 95, TBC, 97, 53 and 67 are those of Visits")


def test_one_row_printed_twice_has_the_same_of_course() -> None:
    rows = [*a_row("rate", 2, *SAME), *a_row("rate", 7, *SAME)]
    assert messages(CHECK, TWO, rows) == []


def test_two_reports_may_have_the_same() -> None:
    rows = [*a_row("visits", 2, *SAME), *a_row("rate", 7, *SAME, seq=2)]
    assert messages(CHECK, TWO, rows) == []
