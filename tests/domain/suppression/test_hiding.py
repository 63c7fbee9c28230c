"""Small numbers are hidden before anything is derived from them (design.md, section 10)."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kpi.domain.catalogue import Catalogue, Published
from kpi.domain.scorecard import figures
from kpi.domain.suppression.hiding import is_small, is_small_change, unprotected, with_suppression
from tests.builders import a_catalogue, an_indicator, observations

COUNT = an_indicator("uasc", suppress_below=6)
SHARE = an_indicator("share", outturn="percentage", suppress_below=6)
RATE = an_indicator("rate", outturn="rate", suppress_below=6)
CASELOAD = an_indicator("caseload", ratio=("cases", "workers"), suppress_below=6)
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
        (0.0, 0.0, 4.0, True),
        (0.0, 0.0, 40.0, False),
        (100.0, 40.0, 40.0, False),
        (50.0, None, 4.0, True),
        (50.0, None, 40.0, False),
        (7.5, None, 40.0, True),  # 7.5 % of 40 are 3
        (15.0, None, 40.0, False),  # 6
        (85.0, None, 40.0, False),
        (5.4, None, 100.0, True),
        (5.5, None, 100.0, False),  # half a case counts as one: six
        (87.5, None, 40.0, True),  # 35, so that five are not in it
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


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "is_hidden"),
    [
        (0.6, 3.0, 5e4, True),
        (6.0, 30.0, 5e4, False),
        (0.6, None, 5e4, True),  # 0.6 per 10,000 of 50,000 are three
        (6.0, None, 5e4, False),
        (0.6, None, None, False),
        (0.6, 30.0, 4.0, False),  # a population is no small count of cases
    ],
)
def test_rates_follow_their_numerator_known_or_implied(
    value: float, numerator: float | None, denominator: float | None, is_hidden: bool
) -> None:
    row = shown(
        {"indicator": "rate", "value": value, "numerator": numerator, "denominator": denominator},
        catalogue=a_catalogue(RATE),
    )[0]
    assert (row["value"] is None) == is_hidden


def test_a_rate_per_thousand_implies_its_numerator_by_the_thousand() -> None:
    rate = an_indicator("rate", outturn="rate", per=1000, suppress_below=6)
    row = {"indicator": "rate", "value": 0.6, "denominator": 5e4}
    assert shown(row, catalogue=a_catalogue(rate))[0]["value"] == 0.6


def test_nothing_is_hidden_without_a_threshold_or_when_not_asked() -> None:
    assert (
        shown({"indicator": "audits", "value": 2.0}, catalogue=a_catalogue(OPEN))[0]["value"] == 2
    )
    internal = shown({"indicator": "uasc", "value": 2.0}, catalogue=a_catalogue(COUNT), hide=False)
    assert internal[0]["value"] == 2


def test_without_limits_the_rows_are_given_back_untouched() -> None:
    held = pl.LazyFrame({"indicator": ["audits"]})
    assert with_suppression(held, a_catalogue(OPEN)) is held


@pytest.mark.parametrize(
    ("said", "is_hidden"),
    [((3.0, 9.0), True), ((0.0, 3.0), True), ((1.0, 9.0), True), ((8.0, 9.0), False)],
)
def test_a_conflict_over_a_small_figure_names_neither(
    said: tuple[float, float], is_hidden: bool
) -> None:
    row = shown(
        *({"indicator": "uasc", "value": value} for value in said), catalogue=a_catalogue(COUNT)
    )[0]
    if is_hidden:
        assert (row["state"], row["conflict"], row["said"]) == ("suppressed", False, [])
    else:
        assert (row["state"], row["conflict"], len(row["said"])) == ("value", True, 2)


@pytest.mark.parametrize(
    ("shares", "is_hidden"),
    [
        ((7.5, 50.0), True),
        ((50.0, 92.5), True),
        ((50.0, 100.0), False),
        ((0.0, 7.5), True),
        ((13.75, 50.0), False),
    ],  # half a case counts as one: six
)
def test_a_conflict_over_shares_is_counted_in_cases(
    shares: tuple[float, float], is_hidden: bool
) -> None:
    share = an_indicator("share", outturn="percentage", suppress_below=6, denominator="cases")
    rows = shown(
        *({"indicator": "share", "value": value} for value in shares),
        {"indicator": "cases", "value": 40.0},
        catalogue=a_catalogue(share, an_indicator("cases")),
    )
    found = {row["indicator"]: row["state"] for row in rows}
    assert found == {"share": "suppressed" if is_hidden else "value", "cases": "value"}


@pytest.mark.parametrize(("low", "state"), [(0.6, "suppressed"), (1.2, "value")])
def test_a_conflict_over_rates_is_counted_in_cases(low: float, state: str) -> None:
    """0.6 per 10,000 of 50,000 are three."""
    rows = shown(
        *({"indicator": "rate", "value": value, "denominator": 5e4} for value in (low, 6.0)),
        catalogue=a_catalogue(RATE),
    )
    assert rows[0]["state"] == state


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ((7.5, 3.0, 40.0), (50.0, 20.0, 40.0), "suppressed"),
        ((50.0, None, 40.0), (7.5, None, 40.0), "suppressed"),
        ((50.0, 20.0, 40.0), (92.5, 37.0, 40.0), "suppressed"),  # three are not in it
        ((50.0, None, None), (25.0, 1.0, 4.0), "suppressed"),
        ((100.0, None, 4.0), (50.0, None, None), "suppressed"),
        ((50.0, 20.0, 40.0), (75.0, 30.0, 40.0), "value"),
        ((50.0, 20.0, None), (75.0, None, None), "value"),
        ((50.0, 3.0, None), (75.0, None, None), "suppressed"),
        ((50.0, None, None), (75.0, None, None), "value"),
        ((0.0, 0.0, 40.0), (50.0, 20.0, 40.0), "value"),
    ],
)
def test_a_conflict_over_shares_is_judged_by_the_counts_beside_each(
    first: tuple[float | None, ...], second: tuple[float | None, ...], state: str
) -> None:
    names = ("value", "numerator", "denominator")
    rows = [
        {"indicator": "share"} | dict(zip(names, said, strict=True)) for said in (first, second)
    ]
    row = shown(*rows, catalogue=a_catalogue(SHARE))[0]
    assert (row["state"], row["conflict"]) == (state, state == "value")


def test_figures_that_agree_are_no_conflict_to_be_hidden() -> None:
    twice = [{"indicator": "uasc", "value": 9.0}] * 2
    assert shown(*twice, catalogue=a_catalogue(COUNT))[0]["value"] == 9


def test_a_ratio_of_a_hidden_count_is_hidden_too() -> None:
    ratio = an_indicator("share-of-cla", outturn="percentage", ratio=("uasc", "cla"))
    rows = shown(
        {"indicator": "uasc", "value": 3.0},
        {"indicator": "cla", "value": 530.0},
        catalogue=a_catalogue(COUNT, an_indicator("cla"), ratio),
    )
    found = {row["indicator"]: (row["value"], row["state"]) for row in rows}
    assert found["share-of-cla"] == (None, "suppressed")


def test_a_ratios_own_limit_hides_the_numerator_that_would_give_it_back() -> None:
    ratio = an_indicator(
        "share-of-cla", outturn="percentage", ratio=("uasc", "cla"), suppress_below=6
    )
    rows = shown(
        {"indicator": "uasc", "value": 3.0},
        {"indicator": "cla", "value": 530.0},
        catalogue=a_catalogue(an_indicator("uasc"), an_indicator("cla"), ratio),
    )
    assert [row["state"] for row in rows] == ["suppressed", "value", "suppressed"]


@pytest.mark.parametrize(("cases", "is_hidden"), [(45.0, False), (90.0, False), (4.0, True)])
def test_a_number_that_is_a_ratio_is_small_by_its_numerator(cases: float, is_hidden: bool) -> None:
    rows = shown(
        {"indicator": "cases", "value": cases},
        {"indicator": "workers", "value": 10.0},
        catalogue=a_catalogue(an_indicator("cases"), an_indicator("workers"), CASELOAD),
    )
    assert (rows[2]["state"] == "suppressed") == is_hidden


def test_the_rows_keep_their_order_and_columns() -> None:
    rows = [{"indicator": "uasc", "value": value, "unit": unit} for value, unit in
            ((9.0, "B"), (2.0, ""), (7.0, "A"))]  # fmt: skip
    catalogue = a_catalogue(COUNT)
    hidden, bare = shown(*rows, catalogue=catalogue), shown(*rows, catalogue=catalogue, hide=False)
    assert [row["unit"] for row in hidden] == ["B", "", "A"]
    assert [*hidden[0]] == [*bare[0]]


def test_what_no_source_says_is_not_made_up() -> None:
    rows = [
        {"indicator": "uasc", "period": "2021-09"},
        {"indicator": "uasc", "state": "awaited", "raw": "TBC"},
        {"indicator": "uasc", "period": "2021-08", "state": "suppressed", "raw": "<5"},
    ]
    found = shown(*rows, catalogue=a_catalogue(COUNT))
    assert [(row["state"], row["raw"]) for row in found] == [
        ("blank", ""),
        ("awaited", "TBC"),
        ("suppressed", "<5"),
    ]


@pytest.mark.parametrize(
    ("count", "limit", "expected"),
    [
        (0.0, 6.0, False),
        (1.0, 6.0, True),
        (5.0, 6.0, True),
        (6.0, 6.0, False),
        (-5.0, 6.0, True),
        (-6.0, 6.0, False),
        (3.0, 0.0, False),
        (None, 6.0, False),
    ],
)
def test_a_count_is_small_above_zero_and_below_the_limit(
    count: float | None, limit: float, expected: bool
) -> None:
    frame = pl.DataFrame(
        {"count": [count], "limit": [limit]}, schema_overrides={"count": pl.Float64}
    )
    assert frame.select(is_small(pl.col("count"), pl.col("limit"))).item() is expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (20.0, 40.0, False),
        (20.0, 23.0, True),
        (23.0, 20.0, True),
        (20.0, 20.0, False),
        (3.0, 40.0, True),
        (40.0, 3.0, True),
        (0.0, 40.0, False),
        (20.0, 26.0, False),
        (20.0, None, False),
        (3.0, None, True),
        (None, 5.0, True),
    ],
)
def test_a_change_is_small_by_either_figure_or_their_difference(
    old: float | None, new: float | None, expected: bool
) -> None:
    frame = pl.DataFrame(
        {"old": [old], "new": [new]}, schema={"old": pl.Float64, "new": pl.Float64}
    )
    found = frame.select(is_small_change(pl.col("old"), pl.col("new"), pl.lit(6.0)))
    assert found.item() is expected


def test_shares_that_name_no_base_cannot_be_protected() -> None:
    share = {"outturn": "percentage", "suppress_below": 6}
    catalogue = a_catalogue(
        an_indicator("bare", **share),
        an_indicator("worded", denominator="Children who came into care", **share),
        an_indicator("linked", denominator="counted", **share),
        an_indicator("derived", ratio=("counted", "counted"), **share),
        an_indicator("published", published=Published(denominator="base"), **share),
        an_indicator("published-bare", published=Published(value="share"), **share),
        an_indicator("unlimited", outturn="percentage"),
        an_indicator("counted", suppress_below=6),
    )
    assert unprotected(catalogue) == ("bare", "published-bare")
