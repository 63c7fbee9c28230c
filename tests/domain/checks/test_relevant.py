from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.checks.relevant import own_rows, relevant_rows
from tests.builders import a_catalogue, an_indicator, observations
from tests.domain.checks.checking import comparators, months

CATALOGUE = a_catalogue(an_indicator("contacts"), an_indicator("share", outturn="percentage"))


def kept(*rows: dict[str, Any]) -> list[str]:
    """The areas of the rows that are kept, in order."""
    frame = observations(*rows).lazy()
    return relevant_rows(frame, CATALOGUE).collect()["area"].to_list()


ELSEWHERE = {"area": "Portsmouth", "period": "2021-04", "value": 5.0}

OTHERS = [
    pytest.param([ELSEWHERE], 0, id="nothing odd"),
    pytest.param([ELSEWHERE | {"state": "unreadable", "value": None}], 1, id="unreadable"),
    pytest.param([ELSEWHERE | {"raw": "5%"}], 1, id="a percentage among counts"),
    pytest.param([ELSEWHERE | {"indicator": "share", "raw": "5%"}], 0, id="among percentages"),
    pytest.param([ELSEWHERE | {"indicator": "share", "value": 101.0}], 1, id="above 100"),
    pytest.param([ELSEWHERE | {"indicator": "share", "value": -1.0}], 1, id="below 0"),
    pytest.param([ELSEWHERE, ELSEWHERE | {"value": 6.0}], 2, id="two figures of one source"),
    pytest.param([ELSEWHERE, ELSEWHERE], 0, id="the same twice"),
    pytest.param([ELSEWHERE, ELSEWHERE | {"value": 6.0, "seq": 2}], 0, id="of two sources"),
    pytest.param(
        [ELSEWHERE | {"indicator": "share", "numerator": 3.0, "denominator": 2.0}], 1, id="3 of 2"
    ),
]


@pytest.mark.parametrize(("rows", "count"), OTHERS)
def test_of_other_areas_only_what_is_odd_is_kept(rows: list[dict[str, Any]], count: int) -> None:
    assert kept(*rows) == ["Portsmouth"] * count


def test_with_an_odd_cell_comes_what_has_taken_its_place() -> None:
    odd = ELSEWHERE | {"indicator": "share", "value": 101.0}
    assert len(kept(odd, odd | {"value": 10.0, "seq": 2})) == 2


def test_own_rows_are_kept_all() -> None:
    assert kept(*months([1.0, None, "s01"])) == ["Southampton"] * 3


def test_comparators_beside_own_months_are_kept() -> None:
    assert "England" in kept(*months([1.0, 2.0]), *comparators(england=5.0))
    assert kept(*months([1.0, 2.0]), *comparators(england=5.0, line=9)) == ["Southampton"] * 2


def test_of_the_store_beside_a_file_only_the_own_history_counts() -> None:
    frame = observations(*months([1.0]), ELSEWHERE).lazy()
    assert own_rows(frame, CATALOGUE).collect()["area"].to_list() == ["Southampton"]
