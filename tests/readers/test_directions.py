"""Which way a report itself says is good."""

from __future__ import annotations

import pytest

from kpi.readers.directions import is_of_direction, printed_direction


@pytest.mark.parametrize(
    ("heading", "asks"),
    [
        ("Good is", True),
        ("Polarity", True),
        ("High or low is good", True),
        ("Better is...", True),
        ("Direction of travel", False),
        ("Good practice", False),
        ("Target", False),
    ],
)
def test_a_column_asks_which_way_is_good(heading: str, asks: bool) -> None:
    assert is_of_direction(heading) == asks


@pytest.mark.parametrize(
    ("target", "way", "words"),
    [
        ("at least 95%", "high", "at least"),
        (">= 95%", "high", ">="),
        ("95% or above", "high", None),
        ("90%+", "high", "+"),
        ("no less than 95%", "high", "no less than"),
        ("not below 95%", "high", "not below"),
        ("at most 36", "low", "at most"),
        ("below 8%", "low", "below"),
        ("<8%", "low", "<"),
        ("no more than 20", "low", "no more than"),
        ("Reduce to 650", "low", "reduce"),
        ("Increase to 70%", "high", "increase"),
        ("95% by March 2026", None, None),
        ("450", None, None),
    ],
)
def test_a_targets_words_say_which_way_is_good(
    target: str, way: str | None, words: str | None
) -> None:
    said, why = printed_direction([], targets=[target], label="Visits")
    assert said == way
    assert words is None or why == f'the report says "{words}"'


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("High", "high"),
        ("Lower is better", "low"),
        ("L", "low"),
        ("↑", "high"),
        ("Aim to minimise", "low"),
        ("Plan is best", None),
        ("High or low", None),
        ("", None),
    ],
)
def test_a_column_of_its_own_says_which_way_is_good(text: str, way: str | None) -> None:
    assert printed_direction([("Good is", text)], targets=[], label="Visits")[0] == way


def test_the_column_beats_the_target_and_is_named() -> None:
    said = printed_direction([("Good is", "Low")], targets=["at least 5"], label="Visits")
    assert said == ("low", 'under "Good is" the report says "Low"')


def test_a_label_may_say_it() -> None:
    assert printed_direction([], targets=[], label="Visits (low is good)")[0] == "low"
