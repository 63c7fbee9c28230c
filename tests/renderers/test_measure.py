"""How wide text is, and where it breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.renderers.measure import cut, longest_word, width_of, wrapped


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("Visits", 6), ("é", 1), ("e\u0301", 1), ("児童", 4), ("£–▲", 3)]
)
def test_a_mark_takes_no_column_and_a_wide_character_two(text: str, width: int) -> None:
    assert width_of(text) == width


@pytest.mark.parametrize(
    ("text", "width", "hanging", "lines"),
    [
        ("", 10, 0, [""]),
        ("one two three", 20, 0, ["one two three"]),
        ("one two three", 7, 0, ["one two", "three"]),
        ("one two three", 7, 2, ["one two", "  three"]),
        ("one  two", 20, 0, ["one two"]),
        ("abcdefghijkl", 5, 0, ["abcde", "fghij", "kl"]),
        ("abcdefghijkl mn", 5, 0, ["abcde", "fghij", "kl mn"]),
        ("abcdefghi j", 8, 2, ["abcdef", "  ghi j"]),
        ("Assessment/Team", 12, 0, ["Assessment/", "Team"]),
        ("a/bcdefghijkl", 8, 0, ["a/bcdefg", "hijkl"]),
        ("20 000 5", 7, 0, ["20 000", "5"]),
    ],
)
def test_a_text_breaks_at_blanks_and_only_too_long_a_word_inside(
    text: str, width: int, hanging: int, lines: list[str]
) -> None:
    assert wrapped(text, width=width, hanging=hanging) == lines


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(8, 40), st.integers(0, 4)
)
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int, hanging: int) -> None:
    lines = wrapped(text, width=width, hanging=hanging)
    assert all(width_of(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(2, 40))
def test_cutting_keeps_every_character(text: str, width: int) -> None:
    pieces = cut(text, width=width)
    assert "".join(pieces) == text
    assert all(width_of(piece) <= width for piece in pieces)


def test_a_mark_is_not_cut_from_its_letter() -> None:
    assert cut("abe\u0301", width=3) == ["abe\u0301"]
    assert cut("abce\u0301", width=3) == ["abc", "e\u0301"]


def test_the_longest_word_of_nothing_is_nought() -> None:
    assert longest_word("") == 0
    assert longest_word("a bcd ef") == 3
