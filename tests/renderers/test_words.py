"""Numbers, states and dates as readers see them, and the sanitiser."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.domain.observation import State
from kpi.renderers import words


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (1978, 0, "1,978"),
        (1234567.5, 0, "1,234,568"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "-1"),
        (-2.5, 0, "-3"),
        (84.85, 1, "84.9"),
        (63.45, 1, "63.5"),
        (1.005, 2, "1.01"),
        (-0.04, 1, "0.0"),
        (-0.0, 0, "0"),
        (0.0, 1, "0.0"),
        (104, 1, "104.0"),
        (None, 1, "–"),
        (math.nan, 0, "–"),
        (math.inf, 0, "–"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero(
    value: float | None, decimals: int, shown: str
) -> None:
    assert words.number(value, decimals=decimals) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (4, 0, "+4"),
        (-24, 0, "-24"),
        (0, 0, "0"),
        (0.4, 0, "0"),
        (-0.4, 0, "0"),
        (0.04, 2, "+0.04"),
        (1578.4, 0, "+1,578"),
        (None, 0, "–"),
    ],
)
def test_a_sign_stands_only_before_what_is_not_zero_as_shown(
    value: float | None, decimals: int, shown: str
) -> None:
    assert words.signed(value, decimals=decimals) == shown


@given(
    st.decimals(-(10**6), 10**6, places=3, allow_nan=False).map(float),
    st.integers(min_value=0, max_value=3),
)
def test_a_shown_number_is_within_half_a_step_and_odd_in_its_sign(
    value: float, decimals: int
) -> None:
    shown = words.number(value, decimals=decimals)
    step = Decimal(1).scaleb(-decimals)
    assert abs(Decimal(shown.replace(",", "")) - Decimal(repr(value))) <= step / 2
    assert words.number(-value, decimals=decimals).lstrip("-") == shown.lstrip("-")
    assert not (shown.startswith("-") and not shown.strip("-0.,"))


@pytest.mark.parametrize(
    ("value", "kind", "state", "shown"),
    [
        (63.45, "percentage", "value", "63.5%"),
        (1978.0, "number", "value", "1,978.0"),
        (503, "rate", "value", "503.0"),
        (0, "percentage", "value", "0.0%"),
        (None, "percentage", "awaited", "TBC"),
        (None, "number", "suppressed", "[c]"),
        (None, "number", "value", "–"),
        (None, "number", "something new", "–"),
    ],
)
def test_an_outturn_has_its_unit_or_the_mark_of_why_there_is_none(
    value: float | None, kind: str, state: str, shown: str
) -> None:
    assert words.outturn(value, outturn_type=kind, decimals=1, state=state) == shown


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (-40, "percentage", "-40 pts"),
        (4.4, "percentage", "+4 pts"),
        (0, "percentage", "0 pts"),
        (578, "number", "+578"),
        (None, "percentage", "–"),
    ],
)
def test_a_difference_of_percentages_is_in_points(
    value: float | None, kind: str, shown: str
) -> None:
    assert words.difference(value, outturn_type=kind, decimals=0) == shown


def test_a_relative_change_is_in_per_cent() -> None:
    assert [words.relative(each) for each in (16.8, -3.2, 0, None)] == ["+17%", "-3%", "0%", "–"]


def test_every_state_without_a_value_has_words_and_a_mark() -> None:
    states = {state for state in get_args(State) if state != "value"}
    assert set(words.STATE_WORDS) == set(words.STATE_MARKS) == states
    assert words.state_words("value") == ""
    assert words.state_words("suppressed") == "suppressed [c]"


def test_a_count_has_a_noun_in_its_number() -> None:
    assert words.counted(1, "figure") == "1 figure"
    assert words.counted(1200, "figure") == "1,200 figures"
    assert words.counted(0, "entry", "entries") == "0 entries"


def test_a_day_is_said_without_leading_noughts() -> None:
    assert words.day(date(2021, 11, 9)) == "9 Nov 2021"


def test_a_moment_is_said_in_utc_whatever_its_offset() -> None:
    summer = datetime(2021, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert words.moment(summer) == "30 Jun 2021, 23:30 UTC"
    assert words.moment(datetime(2021, 7, 1, 0, 30)) == "1 Jul 2021, 00:30 UTC"


def test_an_iso_moment_ends_in_z_and_always_has_microseconds() -> None:
    assert words.iso_moment(datetime(2021, 7, 1, tzinfo=UTC)) == "2021-07-01T00:00:00.000000Z"
    late = datetime(2021, 7, 1, 0, 0, 0, 7, tzinfo=timezone(timedelta(hours=-1)))
    assert words.iso_moment(late) == "2021-07-01T01:00:00.000007Z"
