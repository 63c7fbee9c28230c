from __future__ import annotations

import pytest

from kpi.domain.catalogue import Coherence
from kpi.domain.checks.subset import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages

UASC = a_catalogue(
    an_indicator("cla", short_title="CLA"),
    an_indicator("uasc", short_title="UASC", coheres=(Coherence("subset_of", ("cla",)),)),
)


def both(part: float | None, whole: float | None, **fields: str) -> list[Row]:
    return [
        {"indicator": "uasc", "period": "2021-09", "value": part} | fields,
        {"indicator": "cla", "period": "2021-09", "value": whole},
    ]


CASES = [
    pytest.param(25.0, 514.0, 0, id="fewer"),
    pytest.param(514.0, 514.0, 0, id="all"),
    pytest.param(515.0, 514.0, 1, id="more"),
    pytest.param(515.0, None, 0, id="the whole is not known"),
    pytest.param(None, 514.0, 0, id="the part is not known"),
]


@pytest.mark.parametrize(("part", "whole", "count"), CASES)
def test_a_part_is_not_more_than_its_whole(
    part: float | None, whole: float | None, count: int
) -> None:
    said = messages(CHECK, UASC, both(part, whole))
    assert said == ["UASC, Sep-21: 515, more than the 514 of CLA (B3)"] * count


def test_another_place_or_period_has_another_whole() -> None:
    assert messages(CHECK, UASC, both(515.0, 514.0, unit="Team 1")) == []
    assert messages(CHECK, UASC, both(515.0, 514.0, period="2021-08")) == []


def test_the_whole_is_related() -> None:
    (finding,) = found(CHECK, UASC, both(515.0, 514.0))
    assert finding["related"] == ["report-1.csv!B3"]


ROUNDED = [
    pytest.param("number", 162.0, 161.9, 0, id="rounding of either"),
    pytest.param("number", 162.1, 161.8, 1, id="more than rounding makes"),
    pytest.param("percentage", 64.0, 63.6, 0, id="a rounded share"),
    pytest.param("percentage", 65.0, 63.6, 1, id="a larger share"),
    pytest.param("number", 515.0, 514.0, 1, id="counts are exact"),
]


@pytest.mark.parametrize(("outturn", "part", "whole", "count"), ROUNDED)
def test_what_is_rounded_may_be_more_by_its_rounding(
    outturn: str, part: float, whole: float, count: int
) -> None:
    catalogue = a_catalogue(
        an_indicator("cla", outturn=outturn),
        an_indicator("uasc", outturn=outturn, coheres=(Coherence("subset_of", ("cla",)),)),
    )
    assert len(messages(CHECK, catalogue, both(part, whole))) == count
