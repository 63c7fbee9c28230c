"""Small numbers are hidden before anything is derived from them (design.md, section 10)."""

from __future__ import annotations

from typing import Any

import pytest

from kpi.domain.catalogue import Catalogue
from kpi.domain.scorecard import figures
from tests.builders import a_catalogue, an_indicator, observations

COUNT = an_indicator("uasc", suppress_below=6)
SHARE = an_indicator("share", outturn="percentage", suppress_below=6)
RATE = an_indicator("rate", outturn="rate", suppress_below=6)
OPEN = an_indicator("audits")


def shown(*rows: dict[str, Any], catalogue: Catalogue, hide: bool = True) -> list[dict[str, Any]]:
    stored = observations(*({"period": "2021-10"} | row for row in rows)).lazy()
    return figures(stored, catalogue, hide_small=hide).collect().to_dicts()


@pytest.mark.parametrize(
    ("value", "is_hidden"), [(0.0, False), (1.0, True), (5.0, True), (6.0, False), (-3.0, True)]
)
def test_counts_of_one_to_five_are_hidden_and_zero_is_shown(value: float, is_hidden: bool) -> None:
    row = shown({"indicator": "uasc", "value": value}, catalogue=a_catalogue(COUNT))[0]
    assert (row["value"] is None, row["state"] == "suppressed") == (is_hidden, is_hidden)
    assert row["raw"] == ("c" if is_hidden else f"{value:g}")


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "is_hidden"),
    [
        (50.0, 20.0, 40.0, False),
        (7.5, 3.0, 40.0, True),
        (92.5, 37.0, 40.0, True),  # three are not in it
        (100.0, 4.0, 4.0, True),
        (0.0, 0.0, 40.0, False),
        (100.0, 40.0, 40.0, False),
        (50.0, None, 4.0, True),
        (50.0, None, 40.0, False),
        (7.5, None, 40.0, True),  # 7.5 % of 40 are 3
        (50.0, None, None, False),
    ],
)
def test_percentages_follow_their_base(
    value: float, numerator: float | None, denominator: float | None, is_hidden: bool
) -> None:
    row = shown(
        {"indicator": "share", "value": value, "numerator": numerator, "denominator": denominator},
        catalogue=a_catalogue(SHARE),
    )[0]
    assert (row["value"] is None) == is_hidden
    if is_hidden:
        assert (row["numerator"], row["denominator"]) == (None, None)


@pytest.mark.parametrize(("numerator", "is_hidden"), [(3.0, True), (30.0, False), (None, False)])
def test_rates_follow_their_numerator(numerator: float | None, is_hidden: bool) -> None:
    row = shown(
        {"indicator": "rate", "value": 0.6, "numerator": numerator, "denominator": 5e4},
        catalogue=a_catalogue(RATE),
    )[0]
    assert (row["value"] is None) == is_hidden


def test_nothing_is_hidden_without_a_threshold_or_when_not_asked() -> None:
    assert (
        shown({"indicator": "audits", "value": 2.0}, catalogue=a_catalogue(OPEN))[0]["value"] == 2
    )
    internal = shown({"indicator": "uasc", "value": 2.0}, catalogue=a_catalogue(COUNT), hide=False)
    assert internal[0]["value"] == 2


def test_a_conflict_over_small_figures_names_neither() -> None:
    row = shown(
        {"indicator": "uasc", "value": 3.0},
        {"indicator": "uasc", "value": 9.0},
        catalogue=a_catalogue(COUNT),
    )[0]
    assert (row["state"], row["conflict"], row["said"]) == ("suppressed", False, [])


def test_a_ratio_of_a_hidden_count_is_hidden_too() -> None:
    ratio = an_indicator("share-of-cla", outturn="percentage", ratio=("uasc", "cla"))
    rows = shown(
        {"indicator": "uasc", "value": 3.0},
        {"indicator": "cla", "value": 530.0},
        catalogue=a_catalogue(COUNT, an_indicator("cla"), ratio),
    )
    found = {row["indicator"]: (row["value"], row["state"]) for row in rows}
    assert found["share-of-cla"] == (None, "suppressed")


def test_a_ratios_own_threshold_hides_its_small_numerator() -> None:
    ratio = an_indicator(
        "share-of-cla", outturn="percentage", ratio=("uasc", "cla"), suppress_below=6
    )
    rows = shown(
        {"indicator": "uasc", "value": 3.0},
        {"indicator": "cla", "value": 530.0},
        catalogue=a_catalogue(an_indicator("uasc"), an_indicator("cla"), ratio),
    )
    assert [row["state"] for row in rows] == ["value", "value", "suppressed"]
