from __future__ import annotations

import pytest

from kpi.domain.catalogue import Compare
from kpi.domain.checks.shifted import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import (
    Figure,
    Row,
    a_target,
    comparators,
    found,
    messages,
    months,
    published,
)

SHARE = a_catalogue(
    an_indicator(
        "share", outturn="percentage", short_title="Share", compare=Compare(measure="Again")
    )
)
STATISTICS = published(
    ("Again", "own", "2019/20", 22.9),
    ("Again", "own", "2020/21", 28.0),
    ("Again", "neighbours", "2020/21", 21.8),
    ("Again", "region", "2020/21", 27.7),
    ("Again", "england", "2020/21", 22.7),
    units={"Again": "percentage"},
)


def a_row(*figures: Figure) -> list[Row]:
    """Target, 2019/20, 2020/21, neighbours, region and England of one printed row."""
    target, first, second, neighbours, region, england = figures
    return [
        *months([27.0, 28.0], indicator="share"),
        a_target(target, indicator="share"),
        *comparators(
            indicator="share",
            own=[("2019/20", first), ("2020/21", second)],
            neighbours=neighbours,
            region=region,
            england=england,
        ),
    ]


NA = "not_applicable"
LEFT = "Share: 23, 28, 22, 28 and 23 are the published figures of the next column: the row has "

CASES = [
    pytest.param((NA, 23.0, 28.0, 22.0, 28.0, 23.0), [], id="in their places"),
    pytest.param((23.0, 28.0, 22.0, 28.0, 23.0, NA), [LEFT + "slipped one to the left"], id="left"),
    pytest.param(
        (NA, NA, 23.0, 28.0, 22.0, 28.0),
        ["Share: 23, 28, 22 and 28 are the published figures of the next column: the row has "
         "slipped one to the right"],
        id="right",
    ),
    pytest.param((NA, 28.0, 22.0, NA, NA, NA), [], id="two may be chance"),
    pytest.param((NA, 28.0, 22.0, 28.0, NA, NA),
                 ["Share: 28, 22 and 28 are the published figures of the next column: the row has "
                  "slipped one to the left"], id="three are not"),
    pytest.param((NA, 40.0, 41.0, 42.0, 43.0, 44.0), [], id="strange figures have not slipped"),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "expected"), CASES)
def test_a_row_that_has_slipped_is_known_by_what_is_published(
    figures: tuple[Figure, ...], expected: list[str]
) -> None:
    assert messages(CHECK, SHARE, a_row(*figures), statistics=STATISTICS) == expected


def test_all_its_cells_are_wrong() -> None:
    rows = a_row(23.0, 28.0, 22.0, 28.0, 23.0, NA)
    (finding,) = found(CHECK, SHARE, rows, statistics=STATISTICS)
    assert finding["source_cell"] == "K2"
    assert finding["wrong"] == [f"report-1.csv!{column}2" for column in "KLMNO"]


def test_without_a_measure_nothing_is_known() -> None:
    unknown = a_catalogue(an_indicator("share", outturn="percentage"))
    rows = a_row(23.0, 28.0, 22.0, 28.0, 23.0, NA)
    assert messages(CHECK, unknown, rows, statistics=STATISTICS) == []
