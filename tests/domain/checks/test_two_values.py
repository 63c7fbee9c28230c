from __future__ import annotations

import pytest

from kpi.domain.catalogue import Coherence
from kpi.domain.checks.two_values import CHECK
from tests.builders import a_catalogue, an_indicator
from tests.domain.checks.checking import Row, found, messages, months

CLA = a_catalogue(
    an_indicator("cla", basis="snapshot", short_title="CLA"),
    an_indicator(
        "cla-rate",
        basis="snapshot",
        outturn="rate",
        short_title="CLA rate",
        coheres=(Coherence("rate_of", ("cla",)),),
    ),
)
COUNTS = [494.0, 498.0, 501.0, 507.0, 507.0]
RATES = [95.0, 96.0, 96.0, 97.0, 97.0]


def twice(one: float, other: float, **fields: Row) -> list[Row]:
    row = {"indicator": "cla", "period": "2021-09"}
    return [
        row | {"value": one, "source_cell": "H6", **fields.get("first", {})},
        row | {"value": other, "source_cell": "H3", **fields.get("second", {})},
    ]


CASES = [
    pytest.param(511.0, 511.0, [], id="the same twice"),
    pytest.param(511.0, 511.00000000001, [], id="noise of the arithmetic"),
    pytest.param(511.0, 514.0, ["CLA, Sep-21: 511 and 514 at H3"], id="two figures"),
]


@pytest.mark.parametrize(("one", "other", "expected"), CASES)
def test_one_source_gives_one_figure(one: float, other: float, expected: list[str]) -> None:
    assert messages(CHECK, CLA, twice(one, other)) == expected


def test_a_state_beside_a_figure_is_no_contradiction() -> None:
    rows = twice(511.0, 514.0, second={"value": None, "state": "not_applicable"})
    assert messages(CHECK, CLA, rows) == []


def test_a_later_source_settles_it() -> None:
    rows = [*twice(511.0, 514.0), *twice(514.0, 514.0, first={"seq": 2}, second={"seq": 2})]
    assert messages(CHECK, CLA, rows) == []


def with_rates(rate: float) -> list[Row]:
    """Five months that share a population, and the two figures' own rate."""
    rows = months(COUNTS, indicator="cla", source_sheet=None)
    rows += months([*RATES, rate], indicator="cla-rate", source_sheet=None)
    return rows


@pytest.mark.parametrize(
    ("rate", "fits"),
    [
        pytest.param(99.0, "; only 514 fits the CLA rate of 99 (H2)", id="one fits"),
        pytest.param(98.0, "; only 511 fits the CLA rate of 98 (H2)", id="the other fits"),
        pytest.param(90.0, "; neither fits the CLA rate of 90 (H2)", id="neither fits"),
        pytest.param(
            98.5, "; neither fits the CLA rate of 98.5 (H2)", id="a finer rate tells more"
        ),
    ],
)
def test_the_rate_beside_it_tells_which_is_right(rate: float, fits: str) -> None:
    """511 and 514 at 52,000 to 52,147 children are 98.0 to 98.3 and 98.6 to 98.8."""
    said = messages(CHECK, CLA, [*with_rates(rate), *twice(511.0, 514.0)])
    assert said == [f"CLA, Sep-21: 511 and 514 at H3{fits}"]


def test_one_pair_alone_tells_nothing() -> None:
    rows = [*with_rates(99.0)[:1], *with_rates(99.0)[-1:], *twice(511.0, 514.0)]
    assert messages(CHECK, CLA, rows) == ["CLA, Sep-21: 511 and 514 at H3"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("source_sheet", 'Mend the source, or choose: --prefer "Demand" or --prefer "Care".'),
        ("source_theme", 'Mend the source, or choose: --prefer "Demand" or --prefer "Care".'),
        ("label", "Mend the source, or choose: --prefer H6 or --prefer H3."),
    ],
)
def test_the_hint_names_what_tells_them_apart(name: str, hint: str) -> None:
    rows = twice(511.0, 514.0, first={name: "Demand"}, second={name: "Care"})
    (finding,) = found(CHECK, CLA, rows)
    assert finding["hint"] == hint


def test_both_cells_and_the_rate_are_named() -> None:
    (finding,) = found(CHECK, CLA, [*with_rates(99.0), *twice(511.0, 514.0)])
    assert finding["source_cell"] == "H6"
    assert finding["related"] == ["report-1.csv!H3", "report-1.csv!H2"]
    assert finding["value"] is None
