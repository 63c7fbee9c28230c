from __future__ import annotations

import pytest

from kpi.domain.catalogue import Coherence
from kpi.domain.checks.same_as import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, messages


def both(
    one: float, other: float, *, allowance: float | None = None
) -> tuple[list[Row], Coherence]:
    rows = [
        {"indicator": "summary", "period": "2021-09", "value": one},
        {"indicator": "detail", "period": "2021-09", "value": other},
    ]
    return rows, Coherence("same_as", ("detail",), allowance=allowance)


CASES = [
    pytest.param(511.0, 511.0, None, 0, id="the same"),
    pytest.param(511.0, 512.0, None, 1, id="one more"),
    pytest.param(63.0, 63.4, None, 0, id="one is the other rounded"),
    pytest.param(63.0, 63.6, None, 1, id="it is not"),
    pytest.param(63.4, 63.5, None, 1, id="of two as exact neither is rounded"),
    pytest.param(511.0, 513.0, 2.0, 0, id="as much as is allowed"),
    pytest.param(511.0, 514.0, 2.0, 1, id="more than is allowed"),
]


@pytest.mark.parametrize(("one", "other", "allowance", "count"), CASES)
def test_twins_say_the_same(one: float, other: float, allowance: float | None, count: int) -> None:
    rows, rule = both(one, other, allowance=allowance)
    catalogue = a_catalogue(
        an_indicator("summary", short_title="Summary", coheres=(rule,)),
        an_indicator("detail", short_title="Detail"),
    )
    assert len(messages(CHECK, catalogue, rows)) == count


def test_both_figures_are_told() -> None:
    rows, rule = both(511.0, 514.0)
    catalogue = a_catalogue(
        an_indicator("summary", short_title="Summary", coheres=(rule,)),
        an_indicator("detail", short_title="Detail"),
    )
    assert messages(CHECK, catalogue, rows) == ["Summary, Sep-21: 511, where Detail is 514 (B3)"]
